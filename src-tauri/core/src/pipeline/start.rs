//! Feeds by the kind of their source.

use super::feed::Feed;
use super::settings::PipelineSettings;
use crate::clock::SharedClock;
use crate::config::{IngestSettings, Secret, Settings};
use crate::decode::ProjectPolicy;
use crate::error::{Error, ErrorKind};
use crate::limits::{Counters, RedisCounters};
use crate::model::{Directory, Project, ProjectId, ProjectRules};
use crate::source::{
    DemoOptions, DemoSource, FileSource, KafkaSettings, KafkaSource, demo_projects,
};
use crate::store::{IngestStore, QueryStore, Store, TriageStore};
use chrono::{DateTime, Utc};
use std::path::Path;
use std::sync::Arc;

impl Feed {
    /// Reads a cluster until stopped.
    ///
    /// # Errors
    /// Settings that cannot be used. A cluster that cannot be reached is no error: the feed says so and keeps
    /// trying.
    pub fn kafka(
        store: Arc<Store>,
        clock: &SharedClock,
        pipeline: &PipelineSettings,
        kafka: KafkaSettings,
        password: Option<Secret>,
    ) -> Result<Self, Error> {
        let connection = kafka.profile.name.clone();
        Self::start(&connection, store, clock, pipeline, |seat| {
            let password = password.map(|password| password.reveal().to_owned());
            KafkaSource::start(kafka, password, seat.intake, seat.positions, seat.stop)
        })
    }

    /// Feeds the records of a file, `-` for standard input, and ends.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn file(
        store: Arc<Store>,
        clock: &SharedClock,
        pipeline: &PipelineSettings,
        path: &Path,
    ) -> Result<Self, Error> {
        // Whoever chose a file wants all of it.
        let pipeline = PipelineSettings {
            burst_guard: false,
            ..pipeline.clone()
        };
        Self::start(
            &path.display().to_string(),
            store,
            clock,
            &pipeline,
            |seat| FileSource::start(path, seat.intake, seat.positions, seat.stop),
        )
    }

    /// Runs on generated records: an in-process broker, a producer, and the consumer that reads any cluster.
    ///
    /// # Errors
    /// When the store does not answer, or the system gives no further thread.
    pub async fn demo(
        store: Arc<Store>,
        clock: &SharedClock,
        pipeline: &PipelineSettings,
        options: DemoOptions,
    ) -> Result<Self, Error> {
        let names: Vec<_> = demo_projects()
            .into_iter()
            .map(|(id, slug)| Project {
                id: ProjectId(id),
                slug: slug.to_owned(),
                rules: ProjectRules::default(),
            })
            .collect();
        store.name_projects(&names).await?;
        let demo_clock = Arc::clone(clock);
        Self::start("demo", store, clock, pipeline, |seat| {
            let demo =
                DemoSource::start(options, demo_clock, seat.intake, seat.positions, seat.stop)?;
            Ok(demo.source)
        })
    }
}

impl PipelineSettings {
    /// The pipeline as the settings want it. Gives the projects that they name their names and rules, and makes the
    /// people that they name, if any, those the store knows.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn from_settings(
        settings: &Settings,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let ingest = &settings.ingest;
        if !ingest.projects.is_empty() {
            let named = ingest.projects.iter();
            let projects: Vec<_> = named.map(|(slug, project)| project.project(slug)).collect();
            store.name_projects(&projects).await?;
        }
        let directory = settings.directory();
        if directory != Directory::default() {
            store.set_directory(&directory).await?;
        }
        let projects = if ingest.create_projects {
            ProjectPolicy::CreateUnknown
        } else {
            ProjectPolicy::Known(Arc::new(
                store
                    .projects()
                    .await?
                    .into_iter()
                    .map(|project| project.id)
                    .collect(),
            ))
        };
        Ok(Self {
            projects,
            features: ingest.feature_set(),
            prune_status_changes: ingest.prune_status_changes,
            burst_guard: ingest.burst_guard,
            directory: Arc::new(store.directory().await?),
            counters: Arc::new(counters(ingest, store, now).await?),
            ..Self::default()
        })
    }
}

/// The counters as the settings want them: in this process, going on where the store says they stood, in Redis, or
/// none.
async fn counters(
    ingest: &IngestSettings,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Counters, Error> {
    if !ingest.limits {
        return Ok(Counters::Off);
    }
    let settings = ingest.clone();
    let shared = tokio::task::spawn_blocking(move || RedisCounters::of_settings(&settings))
        .await
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))??;
    if let Some(redis) = shared {
        return Ok(Counters::Redis(redis));
    }
    let counters = Counters::default();
    counters.restore(store.counters(now).await?, now);
    Ok(counters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PersonSettings, ProjectSettings};
    use crate::store::Access;

    #[tokio::test]
    async fn the_store_learns_what_the_settings_name_and_forgets_nobody_without_them() {
        let store = Store::open("sqlite::memory:", Access::ReadWrite)
            .await
            .unwrap();
        let mut settings = Settings::default();
        let rules = ProjectSettings {
            resolve_age_hours: Some(48),
            ..ProjectSettings::numbered(4)
        };
        settings
            .ingest
            .projects
            .insert("checkout".to_owned(), rules);
        let ana = PersonSettings {
            id: 7,
            email: None,
            assigns_itself: false,
        };
        settings.people.users.insert("ana".to_owned(), ana);
        PipelineSettings::from_settings(&settings, &store, DateTime::UNIX_EPOCH)
            .await
            .unwrap();

        let expected = [rules.project("checkout")];
        assert_eq!(store.projects().await.unwrap(), expected);
        assert_eq!(store.directory().await.unwrap(), settings.directory());
        assert_eq!(settings.directory().users[0].id, 7);

        PipelineSettings::from_settings(&Settings::default(), &store, DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        assert_eq!(store.projects().await.unwrap(), expected);
        assert_eq!(store.directory().await.unwrap(), settings.directory());
        store.close().await;
    }
}

//! The settings and their layers: defaults, then `picket.toml`, then `PICKET_*` variables, then flags.

use super::people::numbers_problem;
use super::secrets::{self, Secret};
use super::{ConnectionProfile, PeopleSettings, ProjectSettings};
use crate::error::{Error, ErrorKind};
use crate::model::Directory;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::{Figment, Metadata, Source};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use url::Url;

/// Everything that can be set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address of the store; empty for the file in the data folder.
    pub store: String,
    /// How records are taken in.
    pub ingest: IngestSettings,
    /// Whom issues can be handed to.
    pub people: PeopleSettings,
    /// What happens to issues that people act on.
    pub triage: TriageSettings,
    /// Saved connections by name.
    pub connections: BTreeMap<String, ConnectionProfile>,
}

/// What happens to issues that people act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriageSettings {
    /// Seconds after which the data of a deleted issue goes for good. Until then a delete can be taken back.
    pub purge_delay_secs: u32,
    /// Whether issues that are no errors can be deleted without being asked for it by name.
    pub allow_non_error_delete: bool,
    /// Whether issues can be resolved in the release that is being prepared.
    pub allow_upcoming_release: bool,
    /// Days after which what people did can no longer be taken back.
    pub journal_days: u32,
    /// How many changes of single issues the journal keeps, about; of more the oldest go.
    pub journal_changes: u64,
}

impl Default for TriageSettings {
    fn default() -> Self {
        Self {
            purge_delay_secs: 3600,
            allow_non_error_delete: false,
            allow_upcoming_release: false,
            journal_days: 90,
            journal_changes: 1_000_000,
        }
    }
}

/// How records are taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestSettings {
    /// Whether a record of a project that the store does not know creates it. When off, such records become dead
    /// letters.
    pub create_projects: bool,
    /// Features that are on. Group types that are not released need theirs, such as
    /// `organizations:replay-click-dead-ingest`; `projects:first-event-severity-new-escalation` lets new errors that
    /// come faster than others of their project escalate.
    pub features: Vec<String>,
    /// Names of projects, which producers only number: `checkout = 4`, or with rules for its issues
    /// `checkout = { id = 4, resolve_age_hours = 24 }`. A name is lower-case letters, digits, `-` and `_`; it begins
    /// the short ids of the project's issues.
    pub projects: BTreeMap<String, ProjectSettings>,
    /// Whether of several status changes for one fingerprint in a batch only the last is carried out, after the
    /// occurrences of the batch (occurrences spec, section 2.3).
    pub prune_status_changes: bool,
    /// Whether a feed stops by itself when many of its records cannot be processed.
    pub burst_guard: bool,
    /// Whether noise reduction and creation quotas limit which issues are opened. When off, every new fingerprint
    /// opens one.
    pub limits: bool,
    /// Where the counters of noise reduction and quotas are kept: empty for this process, or the address of a Redis
    /// that several writers share, `redis://…`, `rediss://…`, or a reference to such an address, `env:NAME` or
    /// `keyring:NAME`.
    pub counters: String,
    /// How long a batch waits for the counters in Redis, in milliseconds, before it goes on without limits.
    pub counters_deadline_ms: u32,
}

impl Default for IngestSettings {
    fn default() -> Self {
        Self {
            create_projects: true,
            features: Vec::new(),
            projects: BTreeMap::new(),
            prune_status_changes: true,
            burst_guard: true,
            limits: true,
            counters: String::new(),
            counters_deadline_ms: 50,
        }
    }
}

impl IngestSettings {
    /// The features that are on, each once.
    #[must_use]
    pub fn feature_set(&self) -> Arc<BTreeSet<String>> {
        Arc::new(self.features.iter().cloned().collect())
    }

    /// Address of the Redis that keeps the counters; nothing where this process keeps them. It is a secret because it
    /// can hold a password. Blocking: it may ask the keyring.
    ///
    /// # Errors
    /// When what `counters` refers to is not there or is no address of a Redis.
    pub fn counters_url(&self) -> Result<Option<Secret>, Error> {
        let address = if is_reference(&self.counters) {
            let referred = secrets::resolve(&self.counters).map_err(|error| Error {
                message: format!("`ingest.counters` cannot be used. {}", error.message),
                ..error
            })?;
            let Some(address) = referred else {
                return Ok(None);
            };
            address
        } else if self.counters.is_empty() {
            return Ok(None);
        } else {
            Secret::new(self.counters.clone())
        };
        if is_redis(address.reveal()) {
            return Ok(Some(address));
        }
        // The address is not shown: what a reference points to may be a password.
        Err(Error::new(
            ErrorKind::InvalidInput,
            "What `ingest.counters` leads to is not the address of a Redis. Put redis://host:port or \
             rediss://host:port there.",
        ))
    }

    fn problem(&self) -> Option<(String, String)> {
        for (name, project) in &self.projects {
            let key = format!("ingest.projects.{name}");
            if !is_slug(name) {
                let problem = format!(
                    "names a project “{name}”; use lower-case letters, digits, - and _ instead"
                );
                return Some((key, problem));
            }
            if project.resolve_age_hours == Some(0) {
                let problem = "is 0; write 1 or more hours, or leave it out to resolve nothing \
                               by age";
                return Some((format!("{key}.resolve_age_hours"), problem.to_owned()));
            }
        }
        if self.counters_deadline_ms == 0 {
            let problem = "is 0; write 1 or more milliseconds, such as 50";
            return Some(("ingest.counters_deadline_ms".to_owned(), problem.to_owned()));
        }
        let projects = self
            .projects
            .iter()
            .map(|(name, project)| (name, project.id));
        numbers_problem("ingest.projects", "", projects).or_else(|| {
            let counters = self.counters.as_str();
            let is_right = counters.is_empty() || is_reference(counters) || is_redis(counters);
            (!is_right).then(|| {
                let problem = "is no address of a Redis: write redis://host:port, \
                               rediss://host:port, env:NAME or keyring:NAME, or leave it empty to \
                               count in this process";
                ("ingest.counters".to_owned(), problem.to_owned())
            })
        })
    }
}

impl Settings {
    /// Reads all layers but the flags. A missing file is an empty one.
    ///
    /// # Errors
    /// A file that cannot be read or understood, naming the key and where it was set.
    pub fn load(file: &Path) -> Result<Self, Error> {
        let mut settings: Self = layers(file)
            .extract()
            .map_err(|error| invalid(file, &error))?;
        let problem = settings
            .ingest
            .problem()
            .or_else(|| settings.people.problem(&settings.ingest.projects));
        if let Some((key, problem)) = problem {
            let origin = Self::origin(file, &key);
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{key}` (set by {origin}) {problem}. Correct it and start again."),
            ));
        }
        for (name, connection) in &mut settings.connections {
            connection.name.clone_from(name);
        }
        Ok(settings)
    }

    /// Everybody the settings name: the user who acts in this program first, the others by number; teams by number.
    #[must_use]
    pub fn directory(&self) -> Directory {
        self.people.directory(&self.ingest.projects)
    }

    /// Where a value comes from, in words: the file, a variable, or the defaults.
    #[must_use]
    pub fn origin(file: &Path, key: &str) -> String {
        let metadata = layers(file).find_metadata(key).cloned();
        match metadata {
            Some(metadata) if metadata.name.contains("environment") => {
                "an environment variable".to_owned()
            }
            Some(Metadata {
                source: Some(Source::File(file)),
                ..
            }) => file.display().to_string(),
            _ => "default".to_owned(),
        }
    }
}

fn is_slug(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn is_reference(text: &str) -> bool {
    text.starts_with("env:") || text.starts_with("keyring:")
}

fn is_redis(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "redis" | "rediss") && url.host_str().is_some_and(|h| !h.is_empty())
    })
}

fn layers(file: &Path) -> Figment {
    // `PICKET_INGEST__CREATE_PROJECTS=false` sets `ingest.create_projects`.
    let variables = Env::prefixed("PICKET_")
        .only(&[
            "STORE",
            "INGEST__CREATE_PROJECTS",
            "INGEST__FEATURES",
            "INGEST__PRUNE_STATUS_CHANGES",
            "INGEST__BURST_GUARD",
            "INGEST__COUNTERS",
            "INGEST__COUNTERS_DEADLINE_MS",
            "INGEST__LIMITS",
            "PEOPLE__ME",
            "TRIAGE__PURGE_DELAY_SECS",
            "TRIAGE__ALLOW_NON_ERROR_DELETE",
            "TRIAGE__ALLOW_UPCOMING_RELEASE",
        ])
        .split("__");
    let defaults = Figment::from(Serialized::defaults(Settings::default()));
    let with_file = if file.exists() {
        defaults.merge(Toml::file_exact(file))
    } else {
        defaults
    };
    with_file.merge(variables)
}

fn invalid(file: &Path, error: &figment::Error) -> Error {
    let key = error.path.join(".");
    let place = match error
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.source.as_ref())
    {
        Some(source) => source.to_string(),
        None => file.display().to_string(),
    };
    let what = if key.is_empty() {
        "cannot be read".to_owned()
    } else {
        format!("has a wrong value for `{key}`")
    };
    Error::new(
        ErrorKind::InvalidInput,
        format!(
            "{place} {what}: {}. Correct it and start again.",
            error.kind
        ),
    )
}

//! What a bundle says becomes rows of a store.

use super::form::{NewIssue, NewOccurrence, Person};
use super::{BundleError, BundleHead, Part};
use crate::model::{Assignee, Directory, IssueId, Project, ProjectId, ProjectRules, Team, User};
use crate::store::{
    Access, Actions, BatchState, Effects, EventWrite, HashWrite, IngestStore,
    IssueEnvironmentWrite, IssueHash, IssueReleaseWrite, IssueWrite, LoadPlan, OccurrenceWrite,
    QueryStore, ReleaseWrite, Slot, Store, StoreError, TriageStore, ViewStore,
};
use crate::view::{IssueOrder, SavedView};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc::Receiver;

/// Issues that are stored at once.
const CHUNK: usize = 500;
/// In milliseconds. No bundle is older.
const YEAR_2000: i64 = 946_684_800_000;
/// Where occurrences come from, as far as this store knows; their offset is their line.
const SOURCE: &str = "bundle";

/// Issues by the id they had, with the one they have.
type Known = HashMap<String, IssueId>;

/// Stores what is read in a new store in memory; nothing where nothing is read. Where storing fails, the reader ends
/// with its next part.
pub(super) async fn all(
    mut read: Receiver<Part>,
    now: DateTime<Utc>,
) -> Result<Option<Store>, BundleError> {
    // Only once there is something: most of what is no bundle ends before.
    let Some(mut part) = read.recv().await else {
        return Ok(None);
    };
    let store = Store::open("sqlite::memory:", Access::ReadWrite).await?;
    let mut known = Known::default();
    loop {
        store_part(&store, part, &mut known, now).await?;
        match read.recv().await {
            Some(next) => part = next,
            None => return Ok(Some(store)),
        }
    }
}

async fn store_part(
    store: &Store,
    part: Part,
    known: &mut Known,
    now: DateTime<Utc>,
) -> Result<(), BundleError> {
    match part {
        Part::Issues(all, people) => {
            store.set_directory(&directory(people)).await?;
            issues(store, all, known, now).await?;
        }
        Part::Occurrences(some) => occurrences(store, some, known, now).await?,
    }
    Ok(())
}

/// Saves the views of a bundle in place of those of a new store, and answers the one to show first.
///
/// What the window keeps of a view goes by its id, beyond the store it is in. So these have ids that no other store
/// gives: the time the bundle was made, whatever a bundle says of that.
pub(super) async fn views(store: &Store, head: &BundleHead) -> Result<SavedView, StoreError> {
    for view in store.saved_views().await? {
        store.delete_view(view.id.parse().unwrap_or(0)).await?;
    }
    let all = SavedView {
        id: String::new(),
        name: "All of it".to_owned(),
        query: String::new(),
        sort: IssueOrder::default(),
        grouping: None,
        columns: None,
        density: None,
        follow: false,
        icon: None,
        position: 1,
        pinned: true,
    };
    let id = head
        .made
        .timestamp_millis()
        .max(YEAR_2000)
        .saturating_mul(2);
    let all = store.save_view(Some(id), &all).await?;
    let Some(view) = &head.view else {
        return Ok(all);
    };
    let as_made = SavedView {
        name: "As exported".to_owned(),
        query: view.query.clone(),
        sort: view.sort,
        grouping: view.grouping,
        columns: view.columns.clone(),
        position: 0,
        ..all
    };
    store.save_view(Some(id + 1), &as_made).await
}

fn directory(people: Vec<Person>) -> Directory {
    let mut directory = Directory::default();
    for Person { who, name, email } in people {
        match who {
            Assignee::User(id) => directory.users.push(User {
                id,
                username: name,
                email,
                is_member: true,
                assigns_itself: false,
            }),
            Assignee::Team(id) => directory.teams.push(Team {
                id,
                slug: name,
                ..Team::default()
            }),
        }
    }
    directory.users.sort_by_key(|user| user.id);
    directory.teams.sort_by_key(|team| team.id);
    directory
}

/// Stores issues under the numbers they had: those that follow each other at once, as the store numbers them.
async fn issues(
    store: &Store,
    mut all: Vec<NewIssue>,
    known: &mut Known,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let projects: BTreeMap<ProjectId, &str> = all
        .iter()
        .map(|issue| (issue.state.issue.project_id, issue.slug.as_str()))
        .collect();
    let projects: Vec<Project> = projects
        .into_iter()
        .map(|(id, slug)| Project {
            id,
            slug: slug.to_owned(),
            rules: ProjectRules::default(),
        })
        .collect();
    store.name_projects(&projects).await?;
    let place = |issue: &NewIssue| (issue.state.issue.project_id, issue.number);
    all.sort_by_key(place);
    let follows = |a: &NewIssue, b: &NewIssue| {
        let (project, number) = place(a);
        place(b) == (project, number + 1)
    };
    for run in all.chunk_by(follows) {
        for part in run.chunks(CHUNK) {
            in_a_row(store, part, known, now).await?;
        }
    }
    Ok(())
}

/// Stores issues of one project whose numbers follow each other.
async fn in_a_row(
    store: &Store,
    part: &[NewIssue],
    known: &mut Known,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(first) = part.first() else {
        return Ok(());
    };
    let project = first.state.issue.project_id;
    store
        .set_short_id_counter(project, first.number - 1)
        .await?;
    let plan = LoadPlan {
        now: Some(now),
        projects: vec![project],
        ..LoadPlan::default()
    };
    let open = |_: BatchState| Effects {
        issues: part
            .iter()
            .map(|issue| IssueWrite {
                state: Box::new(issue.state.clone()),
                new_hash: issue.hashes.first().copied(),
                hours: Vec::new(),
            })
            .collect(),
        now: Some(now),
        ..Effects::default()
    };
    store.apply(&plan, &open).await?;

    let mut more = Vec::new();
    for issue in part {
        let found = store.issue_by_short_id(&issue.slug, issue.number).await?;
        let id = found.ok_or_else(|| StoreError::Corrupt(format!("no issue {}", issue.number)))?;
        known.insert(issue.id.clone(), id);
        more.extend(issue.hashes.iter().skip(1).map(|&hash| HashWrite {
            project,
            hash: IssueHash {
                hash,
                is_split: false,
            },
            issue: Some(id),
        }));
    }
    if !more.is_empty() {
        let lead = |_: BatchState| Effects {
            actions: Actions {
                hashes: more.clone(),
                ..Actions::default()
            },
            now: Some(now),
            ..Effects::default()
        };
        store.apply(&plan, &lead).await?;
    }
    Ok(())
}

async fn occurrences(
    store: &Store,
    some: Vec<NewOccurrence>,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ids: BTreeSet<IssueId> = some
        .iter()
        .filter_map(|one| known.get(&one.issue).copied())
        .collect();
    let releases: BTreeSet<(ProjectId, String)> = some
        .iter()
        .filter_map(|one| Some((one.project, one.release.clone()?)))
        .collect();
    let plan = LoadPlan {
        now: Some(now),
        issues: ids.into_iter().collect(),
        releases: releases.into_iter().collect(),
        ..LoadPlan::default()
    };
    let place = |state: BatchState| placed(&some, known, &state, now);
    store.ingest(SOURCE, &[], &plan, &place).await?;
    Ok(())
}

/// An issue in a release and an environment.
type InRelease = (Slot, String, String);

/// Occurrences in the issues they belong to, which stay as they are.
fn placed(
    some: &[NewOccurrence],
    known: &Known,
    state: &BatchState,
    now: DateTime<Utc>,
) -> Effects {
    let topic: Arc<str> = Arc::from(SOURCE);
    let mut effects = Effects {
        now: Some(now),
        ..Effects::default()
    };
    let mut slots: HashMap<IssueId, Slot> = HashMap::new();
    let mut hours: Vec<BTreeMap<i32, u32>> = Vec::new();
    let (mut places, mut bodies) = (HashSet::new(), HashSet::new());
    let mut seen: BTreeMap<InRelease, (DateTime<Utc>, DateTime<Utc>)> = BTreeMap::new();
    let mut releases: BTreeMap<(ProjectId, String), DateTime<Utc>> = BTreeMap::new();
    for one in some {
        let Some((id, issue)) = known
            .get(&one.issue)
            .and_then(|id| Some((*id, state.issues.get(id)?)))
        else {
            continue;
        };
        let slot = *slots.entry(id).or_insert_with(|| {
            effects.issues.push(IssueWrite {
                state: issue.clone(),
                new_hash: None,
                hours: Vec::new(),
            });
            hours.push(BTreeMap::new());
            Slot(effects.issues.len() - 1)
        });
        let hour = i32::try_from(one.time.timestamp().div_euclid(3600)).unwrap_or(0);
        *hours[slot.0].entry(hour).or_default() += 1;
        let is_known = state
            .issue_environments
            .contains(&(id, one.environment.clone()));
        if places.insert((slot, one.environment.clone())) && !is_known {
            effects
                .environments
                .push((one.project, one.environment.clone()));
            effects.issue_environments.push(IssueEnvironmentWrite {
                slot,
                environment: one.environment.clone(),
                first_release: one.release.clone(),
                first_seen: one.time,
            });
        }
        if let Some(release) = &one.release {
            let added = releases.entry((one.project, release.clone()));
            let added = added.or_insert(one.time);
            *added = (*added).max(one.time);
            let before = (id, release.clone(), one.environment.clone());
            let last = state.issue_releases.get(&before).copied();
            let last = last.map_or(one.time, |last| last.max(one.time));
            let (first, newest) = seen
                .entry((slot, release.clone(), one.environment.clone()))
                .or_insert((one.time, last));
            *first = (*first).min(one.time);
            *newest = (*newest).max(last);
        }
        if let Some((event_type, event_time, body)) = &one.event
            && bodies.insert((one.project, one.event_id))
        {
            effects.events.push(EventWrite {
                project_id: one.project,
                event_id: one.event_id,
                event_type: event_type.clone(),
                event_time: *event_time,
                body: body.clone(),
            });
        }
        effects.occurrences.push(OccurrenceWrite {
            id: one.id,
            project_id: one.project,
            event_id: one.event_id,
            slot: Some(slot),
            event_time: one.time,
            environment: one.environment.clone(),
            release: one.release.clone(),
            user: one.user.clone(),
            payload: Arc::clone(&one.record),
            light_tags: one.light_tags.clone(),
            facts: Arc::clone(&one.facts),
            topic: Arc::clone(&topic),
            partition: 0,
            offset: i64::try_from(one.line).unwrap_or(i64::MAX),
            key: None,
        });
    }
    for (issue, hours) in effects.issues.iter_mut().zip(hours) {
        issue.hours = hours.into_iter().collect();
    }
    effects.issue_releases = seen
        .into_iter()
        .map(
            |((slot, release, environment), (first_seen, last_seen))| IssueReleaseWrite {
                slot,
                release,
                environment,
                first_seen,
                last_seen,
            },
        )
        .collect();
    effects.releases = releases
        .into_iter()
        .map(|((project_id, version), date_added)| ReleaseWrite {
            project_id,
            version,
            date_added,
            new_groups: 0,
            new_issues: Vec::new(),
        })
        .collect();
    effects
}

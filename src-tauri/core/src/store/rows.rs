//! The rows one batch writes, worked out once for both backends: ids put in, texts made storable, keys distinct.
//! Those beside the issues are in [`super::state_rows`].

use super::beside_rows::BesideRows;
use super::column::{Stamp, hour_of, storable};
use super::content::ContentRow;
use super::records::NO_PRIORITY;
use super::search_rows::term_bits;
use super::short_ids::Numbering;
use super::stands::assigned;
use super::state_rows::StateRows;
use super::{Effects, Ending, IssueWrite, Slot, StoreError};
use crate::model::{GroupHash, IssueId, Priority, SearchText, Substatus};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// How many issues a batch opens, by project.
pub(super) fn new_issues(effects: &Effects) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for write in effects
        .issues
        .iter()
        .filter(|write| write.state.issue.id.is_none())
    {
        *counts.entry(write.state.issue.project_id.0).or_default() += 1;
    }
    counts
}

/// The source that the rows of a transaction name. One without a source, as people and the clock run them, has no
/// records to store.
pub(super) fn source_of(source_id: Option<i64>, effects: &Effects) -> Result<i64, StoreError> {
    match source_id {
        Some(id) => Ok(id),
        // No row will carry it.
        None if effects.occurrences.is_empty() && effects.dead_letters.is_empty() => Ok(0),
        None => Err(StoreError::Corrupt(
            "a transaction without a source was to store records".to_owned(),
        )),
    }
}

/// The identity of each issue of [`Effects::issues`], in its order.
#[derive(Debug)]
pub(super) struct Identities(Vec<Identity>);

#[derive(Debug, Clone, Copy)]
struct Identity {
    id: IssueId,
    is_new: bool,
}

impl Identities {
    /// Gives `fresh_ids` to the new issues, in order of appearance.
    pub(super) fn give(
        effects: &Effects,
        mut fresh_ids: impl Iterator<Item = i64>,
    ) -> Result<Self, StoreError> {
        let missing =
            || StoreError::Corrupt("the store gave fewer ids than it was asked for".to_owned());
        let identities = effects.issues.iter().map(|write| {
            let (id, is_new) = match write.state.issue.id {
                Some(id) => (id, false),
                None => (IssueId(fresh_ids.next().ok_or_else(missing)?), true),
            };
            Ok(Identity { id, is_new })
        });
        identities.collect::<Result<_, _>>().map(Self)
    }

    /// Ids in the order of [`Effects::issues`].
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|identity| identity.id.0)
    }

    fn id(&self, slot: Slot) -> Result<i64, StoreError> {
        let identity = self.0.get(slot.0);
        identity.map(|identity| identity.id.0).ok_or_else(|| {
            StoreError::Corrupt(format!(
                "a row names issue {} of a batch that has {}",
                slot.0,
                self.0.len()
            ))
        })
    }
}

/// Everything a batch writes beside offsets, dead letters, ids, the revision and issues that are
/// [restated](super::stands::restated).
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub opened: Vec<IssueRow<'a>>,
    pub touched: Vec<IssueRow<'a>>,
    /// What issues say that are new, or say something else than before.
    pub contents: Vec<ContentRow<'a>>,
    pub hashes: Vec<HashRow>,
    pub buckets: Vec<BucketRow>,
    pub events: Vec<EventRow<'a>>,
    pub occurrences: Vec<OccurrenceRow<'a>>,
    pub environments: Vec<(i64, Cow<'a, str>)>,
    pub releases: Vec<ReleaseRow<'a>>,
    pub release_environments: Vec<ReleaseEnvironmentRow<'a>>,
    pub issue_environments: Vec<IssueEnvironmentRow<'a>>,
    pub issue_releases: Vec<IssueReleaseRow<'a>>,
    pub states: StateRows<'a>,
    pub beside: BesideRows<'a>,
    pub outcomes: Vec<OutcomeRow>,
    pub stored_at: Stamp,
}

#[derive(Debug)]
pub(super) struct IssueRow<'a> {
    pub id: i64,
    pub project_id: i64,
    /// 0 for an issue that has its number already, and for a new one until it is [numbered](Rows::number).
    pub short_id: i64,
    pub group_type: i32,
    pub status: i16,
    pub substatus: Option<i16>,
    pub priority: i16,
    pub level: i16,
    /// Title, subtitle, message and culprit.
    pub text: SearchText,
    pub first_seen: Stamp,
    pub last_seen: Stamp,
    pub active_at: Stamp,
    pub times_seen: i64,
    pub score: i64,
    pub first_release: Option<Cow<'a, str>>,
    pub resolved_at: Option<Stamp>,
    pub priority_locked_at: Option<Stamp>,
    pub assigned_user: Option<i64>,
    pub assigned_team: Option<i64>,
    /// Whether it stands as it was loaded.
    pub stands: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct HashRow {
    pub project_id: i64,
    pub hash: Uuid,
    pub issue_id: i64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct BucketRow {
    pub issue_id: i64,
    pub hour: i32,
    pub count: i64,
}

#[derive(Debug)]
pub(super) struct EventRow<'a> {
    pub project_id: i64,
    pub event_id: Uuid,
    pub event_type: Cow<'a, str>,
    pub event_time: Stamp,
    pub json_bytes: i64,
    pub body: &'a [u8],
}

#[derive(Debug)]
pub(super) struct OccurrenceRow<'a> {
    pub project_id: i64,
    pub id: Uuid,
    pub event_id: Uuid,
    pub issue_id: Option<i64>,
    pub event_time: Stamp,
    pub environment: Cow<'a, str>,
    pub release: Option<Cow<'a, str>>,
    pub user_key: Option<Cow<'a, str>>,
    pub light_tags: Option<String>,
    pub term_bits: Option<i64>,
    pub payload: &'a [u8],
    pub topic: &'a str,
    pub partition: i32,
    pub record_offset: i64,
    pub record_key: Option<&'a [u8]>,
}

#[derive(Debug)]
pub(super) struct ReleaseRow<'a> {
    pub project_id: i64,
    pub version: Cow<'a, str>,
    pub date_added: Stamp,
    pub new_groups: i64,
}

#[derive(Debug)]
pub(super) struct ReleaseEnvironmentRow<'a> {
    pub project_id: i64,
    pub version: Cow<'a, str>,
    pub environment: Cow<'a, str>,
    pub new_issues: i64,
}

#[derive(Debug)]
pub(super) struct IssueEnvironmentRow<'a> {
    pub issue_id: i64,
    pub environment: Cow<'a, str>,
    pub first_release: Option<Cow<'a, str>>,
    pub first_seen: Stamp,
}

#[derive(Debug)]
pub(super) struct IssueReleaseRow<'a> {
    pub issue_id: i64,
    pub release: Cow<'a, str>,
    pub environment: Cow<'a, str>,
    pub first_seen: Stamp,
    pub last_seen: Stamp,
}

#[derive(Debug)]
pub(super) struct DeadLetterRow<'a> {
    pub topic: &'a str,
    pub partition: i32,
    pub record_offset: i64,
    pub reason: &'static str,
    pub detail: Cow<'a, str>,
    pub payload_bytes: i64,
    pub payload: Arc<[u8]>,
    pub record_key: Option<&'a [u8]>,
    pub headers: String,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct OutcomeRow {
    pub hour: i32,
    pub project_id: i64,
    pub outcome: &'static str,
    pub reason: &'static str,
    pub quantity: i64,
}

impl<'a> Rows<'a> {
    /// The issues that are written, but for those that are restated.
    pub fn issues(&self) -> impl Iterator<Item = i64> {
        let whole = self.opened.iter().chain(&self.touched);
        whole.map(|row| row.id)
    }

    pub(super) fn of(effects: &'a Effects, identities: &Identities) -> Result<Self, StoreError> {
        let now = effects.now.unwrap_or_default();
        let mut rows = Self {
            opened: Vec::new(),
            touched: Vec::new(),
            contents: Vec::new(),
            hashes: Vec::new(),
            buckets: Vec::new(),
            events: events(effects),
            occurrences: occurrences(effects, identities)?,
            environments: environments(effects),
            releases: Vec::new(),
            release_environments: Vec::new(),
            issue_environments: issue_environments(effects, identities)?,
            issue_releases: issue_releases(effects, identities)?,
            states: StateRows::of(effects, identities)?,
            beside: BesideRows::of(effects, identities),
            outcomes: outcomes(effects, hour_of(now)),
            stored_at: Stamp::of(now),
        };
        rows.push_issues(effects, identities)?;
        rows.push_releases(effects);
        Ok(rows)
    }

    /// Gives the next numbers of their projects to the new issues, in order of appearance.
    pub(super) fn number(&mut self, numberings: &mut BTreeMap<i64, Numbering>) {
        for issue in &mut self.opened {
            issue.short_id = numberings.entry(issue.project_id).or_default().next();
        }
    }

    fn push_issues(
        &mut self,
        effects: &'a Effects,
        identities: &Identities,
    ) -> Result<(), StoreError> {
        let mut buckets: BTreeMap<(i64, i32), i64> = BTreeMap::new();
        let mut hashes: BTreeMap<(i64, GroupHash), i64> = BTreeMap::new();
        for (write, identity) in effects.issues.iter().zip(&identities.0) {
            let id = identity.id.0;
            if let Some(hash) = write.new_hash {
                hashes.insert((write.state.issue.project_id.0, hash), id);
            }
            for &(hour, count) in &write.hours {
                *buckets.entry((id, hour)).or_default() += i64::from(count);
            }
            if write.is_restated() {
                continue;
            }
            let content = ContentRow::of(identity.id, &write.state.issue)?;
            let row = issue_row(write, *identity, content.text());
            if identity.is_new {
                self.opened.push(row);
            } else {
                self.touched.push(row);
            }
            if !content.is(write.state.loaded_content) {
                self.contents.push(content);
            }
        }
        self.buckets = buckets
            .into_iter()
            .map(|((issue_id, hour), count)| BucketRow {
                issue_id,
                hour,
                count,
            })
            .collect();
        self.hashes = hashes
            .into_iter()
            .map(|((project_id, hash), issue_id)| HashRow {
                project_id,
                hash: hash.0,
                issue_id,
            })
            .collect();
        Ok(())
    }

    fn push_releases(&mut self, effects: &'a Effects) {
        let mut releases: BTreeMap<(i64, Cow<'a, str>), ReleaseRow<'a>> = BTreeMap::new();
        let mut environments: BTreeMap<(i64, Cow<'a, str>, Cow<'a, str>), i64> = BTreeMap::new();
        for write in &effects.releases {
            let project_id = write.project_id.0;
            let version = storable(&write.version);
            let row = releases
                .entry((project_id, version.clone()))
                .or_insert_with(|| ReleaseRow {
                    project_id,
                    version: version.clone(),
                    date_added: Stamp::of(write.date_added),
                    new_groups: 0,
                });
            row.new_groups += i64::from(write.new_groups);
            for (environment, count) in &write.new_issues {
                let key = (project_id, version.clone(), storable(environment));
                *environments.entry(key).or_default() += i64::from(*count);
            }
        }
        self.releases = releases.into_values().collect();
        self.release_environments = environments
            .into_iter()
            .map(
                |((project_id, version, environment), new_issues)| ReleaseEnvironmentRow {
                    project_id,
                    version,
                    environment,
                    new_issues,
                },
            )
            .collect();
    }
}

fn issue_row(write: &IssueWrite, identity: Identity, text: SearchText) -> IssueRow<'_> {
    let issue = &write.state.issue;
    let (assigned_user, assigned_team) = assigned(issue);
    IssueRow {
        id: identity.id.0,
        project_id: issue.project_id.0,
        short_id: 0,
        group_type: i32::from(issue.group_type),
        status: issue.status.number(),
        substatus: issue.substatus.map(Substatus::number),
        priority: issue.priority.map_or(NO_PRIORITY, Priority::number),
        level: issue.level.number(),
        text,
        first_seen: Stamp::of(issue.first_seen),
        last_seen: Stamp::of(issue.last_seen),
        active_at: Stamp::of(issue.active_at),
        times_seen: issue.times_seen,
        score: issue.score(),
        first_release: issue.first_release.as_deref().map(storable),
        resolved_at: issue.resolved_at.map(Stamp::of),
        priority_locked_at: issue.priority_locked_at.map(Stamp::of),
        assigned_user,
        assigned_team,
        stands: write.state.stands_as_loaded(),
    }
}

fn events(effects: &Effects) -> Vec<EventRow<'_>> {
    let mut rows: BTreeMap<(Uuid, i64), EventRow<'_>> = BTreeMap::new();
    for event in &effects.events {
        let row = EventRow {
            project_id: event.project_id.0,
            event_id: event.event_id.0,
            event_type: storable(&event.event_type),
            event_time: Stamp::of(event.event_time),
            json_bytes: length(event.body.json_bytes),
            body: &event.body.compressed,
        };
        rows.insert((row.event_id, row.project_id), row);
    }
    rows.into_values().collect()
}

fn occurrences<'a>(
    effects: &'a Effects,
    identities: &Identities,
) -> Result<Vec<OccurrenceRow<'a>>, StoreError> {
    let mut rows = Vec::with_capacity(effects.occurrences.len());
    for write in &effects.occurrences {
        let environment = storable(&write.environment);
        let release = write.release.as_deref().map(storable);
        let user_key = write.user.as_deref().map(storable);
        let term_bits = term_bits(
            &write.facts,
            &environment,
            release.as_deref(),
            user_key.as_deref(),
        );
        rows.push(OccurrenceRow {
            project_id: write.project_id.0,
            id: write.id.0,
            event_id: write.event_id.0,
            issue_id: write.slot.map(|slot| identities.id(slot)).transpose()?,
            event_time: Stamp::of(write.event_time),
            environment,
            release,
            user_key,
            light_tags: if write.light_tags.is_empty() {
                None
            } else {
                Some(json(&write.light_tags)?)
            },
            term_bits,
            payload: &write.payload,
            topic: &write.topic,
            partition: write.partition,
            record_offset: write.offset,
            record_key: write.key.as_deref(),
        });
    }
    Ok(rows)
}

fn environments(effects: &Effects) -> Vec<(i64, Cow<'_, str>)> {
    let mut rows: Vec<_> = effects
        .environments
        .iter()
        .map(|(project, name)| (project.0, storable(name)))
        .collect();
    rows.sort();
    rows.dedup();
    rows
}

fn issue_environments<'a>(
    effects: &'a Effects,
    identities: &Identities,
) -> Result<Vec<IssueEnvironmentRow<'a>>, StoreError> {
    let mut rows = BTreeMap::new();
    for write in &effects.issue_environments {
        let issue_id = identities.id(write.slot)?;
        let environment = storable(&write.environment);
        rows.entry((issue_id, environment.clone()))
            .or_insert_with(|| IssueEnvironmentRow {
                issue_id,
                environment,
                first_release: write.first_release.as_deref().map(storable),
                first_seen: Stamp::of(write.first_seen),
            });
    }
    Ok(rows.into_values().collect())
}

fn issue_releases<'a>(
    effects: &'a Effects,
    identities: &Identities,
) -> Result<Vec<IssueReleaseRow<'a>>, StoreError> {
    let mut rows: BTreeMap<_, IssueReleaseRow<'a>> = BTreeMap::new();
    for write in &effects.issue_releases {
        let row = IssueReleaseRow {
            issue_id: identities.id(write.slot)?,
            release: storable(&write.release),
            environment: storable(&write.environment),
            first_seen: Stamp::of(write.first_seen),
            last_seen: Stamp::of(write.last_seen),
        };
        match rows.entry((row.issue_id, row.release.clone(), row.environment.clone())) {
            Entry::Vacant(free) => {
                free.insert(row);
            }
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.first_seen = known.first_seen.min(row.first_seen);
                known.last_seen = known.last_seen.max(row.last_seen);
            }
        }
    }
    Ok(rows.into_values().collect())
}

/// The records set aside. They are written before the rows of [`Rows`], see the order of locks on PostgreSQL.
pub(super) fn dead_letters(effects: &Effects) -> Result<Vec<DeadLetterRow<'_>>, StoreError> {
    let mut rows = BTreeMap::new();
    for write in &effects.dead_letters {
        let headers: Vec<(&str, String)> = write
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), BASE64.encode(value)))
            .collect();
        let row = DeadLetterRow {
            topic: &write.topic,
            partition: write.partition,
            record_offset: write.offset,
            reason: write.reason.as_str(),
            detail: storable(&write.detail),
            payload_bytes: length(write.payload.len()),
            payload: super::assemble::compressed(&write.payload),
            record_key: write.key.as_deref(),
            headers: json(&headers)?,
        };
        rows.insert((row.topic, row.partition, row.record_offset), row);
    }
    Ok(rows.into_values().collect())
}

fn outcomes(effects: &Effects, hour: i32) -> Vec<OutcomeRow> {
    let mut quantities: BTreeMap<(i64, &'static str, &'static str), i64> = BTreeMap::new();
    for &(project, ending, count) in &effects.outcomes {
        let (outcome, reason) = words(ending);
        *quantities.entry((project.0, outcome, reason)).or_default() += i64::from(count);
    }
    quantities
        .into_iter()
        .map(|((project_id, outcome, reason), quantity)| OutcomeRow {
            hour,
            project_id,
            outcome,
            reason,
            quantity,
        })
        .collect()
}

/// Outcome and reason as they are stored.
fn words(ending: Ending) -> (&'static str, &'static str) {
    match ending {
        Ending::Created => ("accepted", "created"),
        Ending::Updated => ("accepted", "updated"),
        Ending::StatusChanged => ("accepted", "status_changed"),
        Ending::Unchanged => ("accepted", "unchanged"),
        Ending::Dropped(reason) => (DROPPED, reason.as_str()),
        Ending::DeadLettered(reason) => ("dead_lettered", reason.as_str()),
    }
}

const DROPPED: &str = "dropped";

/// The outcome of records that the broker deleted before they were read.
pub(super) fn gap_outcome(hour: i32, records: i64) -> OutcomeRow {
    OutcomeRow {
        hour,
        project_id: 0,
        outcome: DROPPED,
        reason: "offset_gap",
        quantity: records,
    }
}

pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Corrupt(format!("a value that is no JSON: {error}")))
}

/// The rows of a statement that answers all of them as one JSON text. SQLite works on a thread of its own, and to hand over
/// thousands of rows one by one takes longer than to find them. `what` they are is said where they cannot be read.
pub(super) fn rows_of<T: serde::de::DeserializeOwned>(
    text: &str,
    what: &str,
) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{what}: {error}")))
}

fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

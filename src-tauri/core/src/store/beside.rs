//! What is loaded with an issue: the rows beside it, and what has to be counted for it.

use super::column::Stamp;
use super::{BatchState, LoadPlan, StoreError};
use crate::model::{
    Forecast, InboxDetails, InboxEntry, InboxReason, IssueId, IssueState, IssueStatus, Kept,
    Resolution, ResolutionKind, ResolutionStatus, Sightings, Snooze, StoredActivity, Substatus,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The columns of [`BesideRecord`], from the tables called `n` (inbox), `s` (snooze), `f` (forecast) and `r`
/// (resolution), each of which may have no row.
macro_rules! beside_columns {
    () => {
        "n.reason AS inbox_reason, n.details AS inbox_details, n.since AS inbox_since, \
         s.issue_id IS NOT NULL AS is_snoozed, s.until, s.count AS snooze_count, s.\"window\" AS snooze_window, \
         s.user_count, s.user_window, s.times_seen, s.users_seen, s.actor, f.limits, f.made_at, \
         r.issue_id IS NOT NULL AS is_resolved"
    };
}
pub(super) use beside_columns;

/// The rows beside an issue that has any, but for its resolution.
#[derive(Debug, FromRow)]
pub(super) struct BesideRecord {
    pub issue_id: i64,
    pub inbox_reason: Option<i16>,
    pub inbox_details: Option<String>,
    pub inbox_since: Option<Stamp>,
    pub is_snoozed: bool,
    pub until: Option<Stamp>,
    pub snooze_count: Option<i64>,
    pub snooze_window: Option<i64>,
    pub user_count: Option<i64>,
    pub user_window: Option<i64>,
    pub times_seen: Option<i64>,
    pub users_seen: Option<i64>,
    pub actor: Option<i64>,
    pub limits: Option<String>,
    pub made_at: Option<Stamp>,
    /// Whether there is a resolution.
    pub is_resolved: bool,
}

impl BesideRecord {
    /// Puts the rows beside their issue.
    pub(super) fn put(
        self,
        issues: &mut HashMap<IssueId, Box<IssueState>>,
    ) -> Result<(), StoreError> {
        let id = IssueId(self.issue_id);
        let Some(issue) = issues.get_mut(&id) else {
            return Ok(());
        };
        issue.inbox = Kept::loaded(self.inbox()?);
        issue.forecast = Kept::loaded(self.forecast()?);
        issue.snooze = Kept::loaded(self.is_snoozed.then(|| Snooze {
            until: self.until.map(|until| until.0),
            count: self.snooze_count,
            window: self.snooze_window,
            user_count: self.user_count,
            user_window: self.user_window,
            times_seen: self.times_seen,
            users_seen: self.users_seen,
            actor: self.actor,
        }));
        Ok(())
    }

    fn inbox(&self) -> Result<Option<InboxEntry>, StoreError> {
        let (Some(reason), Some(since)) = (self.inbox_reason, self.inbox_since) else {
            return Ok(None);
        };
        let details = match &self.inbox_details {
            Some(text) => InboxDetails::from_json(&json(text, self.issue_id, "inbox details")?),
            None => None,
        };
        Ok(Some(InboxEntry {
            reason: InboxReason::from_number(reason)
                .ok_or_else(|| odd(self.issue_id, "inbox reason"))?,
            details,
            since: since.0,
        }))
    }

    fn forecast(&self) -> Result<Option<Forecast>, StoreError> {
        let (Some(limits), Some(made_at)) = (&self.limits, self.made_at) else {
            return Ok(None);
        };
        Ok(Some(Forecast {
            values: json(limits, self.issue_id, "forecast")?,
            made_at: made_at.0,
        }))
    }
}

/// An issue's resolution, with what the store knows of the releases and the activity it names.
#[derive(Debug, FromRow)]
pub(super) struct ResolutionRecord {
    pub issue_id: i64,
    pub id: String,
    pub kind: Option<i16>,
    pub status: i16,
    pub release: String,
    pub current_release_version: Option<String>,
    pub release_added: Option<Stamp>,
    pub current_added: Option<Stamp>,
    pub activity_id: Option<i64>,
    pub activity_data: Option<String>,
}

impl ResolutionRecord {
    /// Puts the resolution beside its issue, and the releases it names into the state.
    pub(super) fn put(self, state: &mut BatchState) -> Result<(), StoreError> {
        let Some(issue) = state.issues.get_mut(&IssueId(self.issue_id)) else {
            return Ok(());
        };
        let named = [
            (Some(&self.release), self.release_added),
            (self.current_release_version.as_ref(), self.current_added),
        ];
        for (version, added) in named {
            if let (Some(version), Some(added)) = (version, added) {
                let release = (issue.issue.project_id, version.clone());
                state.releases.insert(release, added.0);
            }
        }
        let kind = match self.kind {
            Some(number) => Some(
                ResolutionKind::from_number(number)
                    .ok_or_else(|| odd(self.issue_id, "kind of resolution"))?,
            ),
            None => None,
        };
        let announced = match (self.activity_id, &self.activity_data) {
            (Some(id), Some(data)) => Some(StoredActivity {
                id,
                data: json(data, self.issue_id, "activity")?,
            }),
            _ => None,
        };
        issue.resolution = Kept::loaded(Some(Resolution {
            id: self.id,
            kind,
            status: ResolutionStatus::from_number(self.status)
                .ok_or_else(|| odd(self.issue_id, "status of resolution"))?,
            release: self.release,
            // Releases are never deleted. One that is missing all the same counts as older than every other.
            release_added: self.release_added.map_or(DateTime::UNIX_EPOCH, |at| at.0),
            current_release_version: self.current_release_version,
            announced,
        }));
        Ok(())
    }
}

fn odd(issue: i64, what: &str) -> StoreError {
    StoreError::Corrupt(format!("issue {issue} has an unknown {what}"))
}

fn json<T: serde::de::DeserializeOwned>(
    text: &str,
    issue: i64,
    what: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Corrupt(format!("the {what} of issue {issue}: {error}")))
}

/// How far back the counts for a forecast go (group-states spec, section 6).
const WEEK: TimeDelta = TimeDelta::hours(168);

/// How long a forecast is of use.
const FORECAST_AGE: TimeDelta = TimeDelta::days(14);

/// What has to be counted, for which issues, and what came of it.
#[derive(Debug)]
pub(super) struct Counting {
    now: DateTime<Utc>,
    /// Issue and earliest event time of each count that ends now, now included.
    spans: Vec<(IssueId, DateTime<Utc>, Span)>,
    weeks: BTreeSet<IssueId>,
    users: BTreeSet<IssueId>,
    counted: BTreeMap<IssueId, Sightings>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Hour,
    Window,
}

impl Counting {
    /// Works out what the loaded issues need. The rows beside them are loaded.
    pub(super) fn of(plan: &LoadPlan, state: &BatchState) -> Self {
        let now = plan.now.unwrap_or_default();
        let counted_hashes = plan
            .counted_hashes
            .iter()
            .filter_map(|hash| state.hashes.get(hash));
        let wanted: BTreeSet<_> = plan.counted_issues.iter().chain(counted_hashes).collect();
        let named: BTreeSet<_> = plan.issues.iter().collect();
        let mut counting = Self {
            now,
            spans: Vec::new(),
            weeks: BTreeSet::new(),
            users: BTreeSet::new(),
            counted: BTreeMap::new(),
        };
        for (&id, state) in &state.issues {
            let is_wanted = wanted.contains(&id);
            let is_watched = state.issue.status == IssueStatus::Ignored
                && state.issue.substatus == Some(Substatus::UntilEscalating);
            let needs_forecast = named.contains(&id) || !has_forecast(state, now);
            if is_wanted || (is_watched && needs_forecast) {
                counting.weeks.insert(id);
            }
            if is_wanted || is_watched || state.snooze.get().is_some() {
                counting.add(id, state.snooze.get());
            }
            if is_wanted && plan.counts_users {
                counting.users.insert(id);
            }
        }
        // Whoever archives an issue until more users see it records how many there are.
        let archived = plan.counted_issues.iter();
        counting
            .users
            .extend(archived.filter(|id| state.issues.contains_key(id)));
        counting
    }

    fn add(&mut self, id: IssueId, snooze: Option<&Snooze>) {
        self.counted.insert(id, Sightings::default());
        self.spans.push((id, hour_start(self.now), Span::Hour));
        if let Some(minutes) = snooze.and_then(|snooze| snooze.window) {
            // A window that reaches back beyond all times takes in every occurrence there can be.
            let since = TimeDelta::try_minutes(minutes)
                .and_then(|window| self.now.checked_sub_signed(window));
            let since = since.unwrap_or_default().max(DateTime::UNIX_EPOCH);
            self.spans.push((id, since, Span::Window));
        }
        if snooze.is_some_and(|snooze| snooze.user_count.is_some()) {
            self.users.insert(id);
        }
    }

    /// Processing time: the end of every count.
    pub(super) fn now(&self) -> Stamp {
        Stamp::of(self.now)
    }

    /// Where the counts per hour begin.
    pub(super) fn week_start(&self) -> Stamp {
        Stamp::of(self.now.checked_sub_signed(WEEK).unwrap_or(self.now))
    }

    /// Issue and earliest event time of each count up to now.
    pub(super) fn spans(&self) -> impl Iterator<Item = (i64, Stamp)> {
        self.spans
            .iter()
            .map(|&(id, since, _)| (id.0, Stamp::of(since)))
    }

    /// Issues whose occurrences are counted per hour.
    pub(super) fn weeks(&self) -> Vec<i64> {
        self.weeks.iter().map(|id| id.0).collect()
    }

    /// Issues whose users are wanted.
    pub(super) fn users(&self) -> Vec<i64> {
        self.users.iter().map(|id| id.0).collect()
    }

    /// Takes the count of the span at this place of [`Self::spans`].
    pub(super) fn add_span(&mut self, place: i64, count: i64) {
        let span = usize::try_from(place)
            .ok()
            .and_then(|place| self.spans.get(place));
        let Some(&(id, _, span)) = span else { return };
        let Some(sightings) = self.counted.get_mut(&id) else {
            return;
        };
        match span {
            Span::Hour => sightings.this_hour = whole(count),
            Span::Window => sightings.in_window = whole(count),
        }
    }

    /// Takes the count of an hour, by its start.
    pub(super) fn add_hour(&mut self, issue: i64, start: Stamp, count: i64) {
        if let Some(sightings) = self.counted.get_mut(&IssueId(issue)) {
            sightings.week.insert(start.0, whole(count));
        }
    }

    /// Takes a user with the newest time.
    pub(super) fn add_user(&mut self, issue: i64, user: String, seen: Stamp) {
        if let Some(sightings) = self.counted.get_mut(&IssueId(issue)) {
            sightings.users.insert(user, seen.0);
        }
    }

    /// Puts the counts to their issues.
    pub(super) fn put(self, state: &mut BatchState) {
        for (id, sightings) in self.counted {
            if let Some(issue) = state.issues.get_mut(&id) {
                issue.sightings = Some(sightings);
            }
        }
    }
}

fn has_forecast(state: &IssueState, now: DateTime<Utc>) -> bool {
    let forecast = state.forecast.get();
    forecast.is_some_and(|forecast| now - forecast.made_at < FORECAST_AGE)
}

/// The start of the clock hour (UTC) of a time.
fn hour_start(time: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = time.timestamp().div_euclid(3600) * 3600;
    DateTime::from_timestamp(seconds, 0).unwrap_or(time)
}

fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

//! How an issue stands, from the rows beside it: for its head.

use super::StoreError;
use super::assemble::{count, millis, word};
use super::column::Stamp;
use crate::model::{self, Assignee, InboxReason, IssueStatus, Substatus};
use crate::triage;
use crate::view::{
    Count, InboxEntry, IssueResolution, IssueSnooze, Millis, ResolutionKind, ResolutionStatus,
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// The columns of [`StandingRecord`] and the tables they come from, the issue called `i`.
macro_rules! standing_select {
    () => {
        "SELECT i.resolved_at, i.priority_locked_at, n.reason AS inbox_reason, n.since AS inbox_since, \
         r.kind AS resolution_kind, r.status AS resolution_status, r.release AS resolution_release, \
         s.issue_id AS snooze_of, s.until AS snooze_until, s.count AS snooze_count, \
         s.window AS snooze_window, s.user_count AS snooze_user_count, \
         s.user_window AS snooze_user_window, f.limits AS forecast_limits, f.made_at AS forecast_made_at \
         FROM issue AS i \
         LEFT JOIN issue_inbox AS n ON n.issue_id = i.id \
         LEFT JOIN issue_resolution AS r ON r.issue_id = i.id \
         LEFT JOIN issue_snooze AS s ON s.issue_id = i.id \
         LEFT JOIN issue_forecast AS f ON f.issue_id = i.id"
    };
}
pub(super) use standing_select;

/// What the head of an issue shows of its state beside its list row.
#[derive(Debug, FromRow)]
pub(super) struct StandingRecord {
    pub resolved_at: Option<Stamp>,
    pub priority_locked_at: Option<Stamp>,
    pub inbox_reason: Option<i16>,
    pub inbox_since: Option<Stamp>,
    pub resolution_kind: Option<i16>,
    pub resolution_status: Option<i16>,
    pub resolution_release: Option<String>,
    pub snooze_of: Option<i64>,
    pub snooze_until: Option<Stamp>,
    pub snooze_count: Option<i64>,
    pub snooze_window: Option<i64>,
    pub snooze_user_count: Option<i64>,
    pub snooze_user_window: Option<i64>,
    pub forecast_limits: Option<String>,
    pub forecast_made_at: Option<Stamp>,
}

impl StandingRecord {
    pub(super) fn resolved_at(&self) -> Option<Millis> {
        self.resolved_at.map(|at| millis(at.0))
    }

    pub(super) fn resolution(&self) -> Option<IssueResolution> {
        let release = self.resolution_release.clone();
        resolution(self.resolution_kind, self.resolution_status, release)
    }

    pub(super) fn snooze(&self) -> Option<IssueSnooze> {
        self.snooze_of?;
        Some(IssueSnooze {
            until: self.snooze_until.map(|until| millis(until.0)),
            count: self.snooze_count.map(count),
            window_minutes: self.snooze_window.map(count),
            user_count: self.snooze_user_count.map(count),
            user_window_minutes: self.snooze_user_window.map(count),
        })
    }

    pub(super) fn inbox(&self) -> Option<InboxEntry> {
        Some(InboxEntry {
            reason: inbox_word(self.inbox_reason?),
            since: millis(self.inbox_since?.0),
        })
    }

    /// The limit of today for an issue that is archived until it escalates.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the stored forecast is no list of a number a day.
    pub(super) fn forecast(
        &self,
        status: i16,
        substatus: Option<i16>,
        now: DateTime<Utc>,
    ) -> Result<Option<Count>, StoreError> {
        let is_watched = status == IssueStatus::Ignored.number()
            && substatus == Some(Substatus::UntilEscalating.number());
        let (Some(limits), Some(made_at), true) =
            (&self.forecast_limits, self.forecast_made_at, is_watched)
        else {
            return Ok(None);
        };
        let corrupt =
            |problem: String| StoreError::Corrupt(format!("a stored forecast: {problem}"));
        let limits: Vec<u64> =
            serde_json::from_str(limits).map_err(|error| corrupt(error.to_string()))?;
        let limits = limits
            .try_into()
            .map_err(|limits: Vec<u64>| corrupt(format!("it has {} days", limits.len())))?;
        let limit = triage::forecast_for(&limits, made_at.0, now);
        Ok(Some(count(i64::try_from(limit).unwrap_or(i64::MAX))))
    }
}

/// The word for a reason to lie in the inbox.
pub(super) fn inbox_word(number: i16) -> String {
    word(
        InboxReason::from_number(number).map(InboxReason::as_str),
        number,
    )
}

/// Who an issue is handed to, from its two columns.
pub(super) fn assignee_text(user: Option<i64>, team: Option<i64>) -> Option<String> {
    let assignee = user.map(Assignee::User).or(team.map(Assignee::Team))?;
    Some(assignee.to_string())
}

/// The release an issue counts as resolved in, from the columns of its `issue_resolution`. What an older or a newer
/// program stored in words that are not known is left out: a guess would mislead.
pub(super) fn resolution(
    kind: Option<i16>,
    status: Option<i16>,
    release: Option<String>,
) -> Option<IssueResolution> {
    let kind = match kind.map(model::ResolutionKind::from_number) {
        Some(Some(model::ResolutionKind::InRelease)) => ResolutionKind::InRelease,
        // A row without a kind waits for the next release, as one for an upcoming release does.
        Some(Some(
            model::ResolutionKind::InNextRelease | model::ResolutionKind::InUpcomingRelease,
        ))
        | None => ResolutionKind::InNextRelease,
        Some(None) => return None,
    };
    let status = match model::ResolutionStatus::from_number(status?)? {
        model::ResolutionStatus::Pending => ResolutionStatus::Pending,
        model::ResolutionStatus::Resolved => ResolutionStatus::Resolved,
    };
    Some(IssueResolution {
        release,
        kind,
        status,
    })
}

//! Who asks for what, and under which rules.

use super::BulkError;
use crate::config::TriageSettings;
use crate::model::{Directory, IssueId, ProjectId};
use crate::store::{ActionStore, IssueHead};
use crate::triage::Cause;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

/// The issues of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The selected projects in their order; none for all there are.
    pub projects: &'a [ProjectId],
    /// The issues.
    pub ids: &'a [IssueId],
}

/// What is allowed, and how long a delete can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// From a delete until its data goes.
    pub purge_delay: TimeDelta,
    /// Whether issues that are no errors can be deleted and merged. A window asks before, so it says yes.
    pub allow_non_error: bool,
    /// Whether issues can be resolved in the release that is being prepared.
    pub allow_upcoming_release: bool,
}

impl Default for Rules {
    fn default() -> Self {
        (&TriageSettings::default()).into()
    }
}

impl From<&TriageSettings> for Rules {
    fn from(settings: &TriageSettings) -> Self {
        Self {
            purge_delay: TimeDelta::seconds(settings.purge_delay_secs.into()),
            allow_non_error: settings.allow_non_error_delete,
            allow_upcoming_release: settings.allow_upcoming_release,
        }
    }
}

/// How issues came to be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The search that they were selected by; nothing where they were picked.
    pub query: Option<&'a str>,
    /// Whether it is done along with something else, and nobody asked for it.
    pub is_automatic: bool,
}

/// Who asks, when, and under which rules.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Processing time.
    pub now: DateTime<Utc>,
    /// The member who acts.
    pub actor: Option<i64>,
    /// Who there is.
    pub directory: &'a Directory,
    /// What is allowed.
    pub rules: Rules,
    /// How the issues came to be asked for.
    pub origin: Origin<'a>,
}

impl Context<'_> {
    /// What the clock shows by now, where it showed the processing time at `started`.
    pub(super) fn by_now(&self, started: Instant) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(started.elapsed()).unwrap_or(TimeDelta::MAX);
        self.now.checked_add_signed(passed).unwrap_or(self.now)
    }

    pub(super) fn cause(&self) -> Cause {
        Cause {
            now: self.now,
            actor: self.actor,
        }
    }
}

/// The issues a request is about: those of the selected projects that are not being deleted or merged, each once.
pub(super) async fn in_scope(
    store: &impl ActionStore,
    scope: Scope<'_>,
) -> Result<Vec<IssueHead>, BulkError> {
    let mut named = HashSet::new();
    let ids: Vec<IssueId> = scope
        .ids
        .iter()
        .copied()
        .filter(|id| named.insert(*id))
        .collect();
    // Neighbours share pages, and each is read once.
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let mut known = HashMap::with_capacity(ids.len());
    for pair in sorted.chunks(2 * HEADS) {
        let (front, back) = pair.split_at(pair.len().min(HEADS));
        let (front, back) = if back.is_empty() {
            (store.issue_heads(front).await?, Vec::new())
        } else {
            // Over two connections at once.
            try_join(store.issue_heads(front), store.issue_heads(back)).await?
        };
        let heads = front.into_iter().chain(back);
        known.extend(heads.map(|head| (head.id, head)));
    }
    let heads = ids.iter().filter_map(|id| known.remove(id));
    let is_selected = |head: &IssueHead| {
        (scope.projects.is_empty() || scope.projects.contains(&head.project))
            && !head.status.is_hidden()
    };
    Ok(heads.filter(is_selected).collect())
}

/// Heads that one statement reads.
const HEADS: usize = 5_000;

/// The selected projects; where none is named, those of the issues, in their order.
pub(super) fn selected(scope: Scope<'_>, heads: &[IssueHead]) -> Vec<ProjectId> {
    if !scope.projects.is_empty() {
        return scope.projects.to_vec();
    }
    let mut projects = Vec::new();
    for head in heads {
        if !projects.contains(&head.project) {
            projects.push(head.project);
        }
    }
    projects
}

//! One transaction of an action: some issues, all of what was asked for, and what to note of it.

use super::request::Context;
use super::transact::transact_turn;
use crate::model::{Assignee, IssueId, IssueState, ProjectId, TransactionId};
use crate::store::{
    Actions, Ahead, BatchState, BesidePlan, Effects, IssueWrite, JobStep, JournalIssueWrite,
    JournalKind, JournalWrite, LoadPlan, ProjectState, StoreError, TriageStore, Turn, Wanted,
};
use crate::triage::{
    Image, IssueChange, ProjectReleases, Refusal, Surroundings, change_issue, images,
};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Why an issue was left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Skip {
    /// There was nothing to change.
    #[error("it is so already")]
    Unchanged,
    /// It cannot be changed so.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is no error, and those were not asked for.
    #[error("it is no error; only errors are deleted unless you say otherwise")]
    NoError,
    /// It was discarded before.
    #[error("it was discarded before")]
    Discarded,
}

/// What became of the issues of one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Those that changed.
    pub changed: Vec<IssueId>,
    /// Those that were left as they were.
    pub skipped: Vec<(IssueId, Skip)>,
    /// Revision of the store after it.
    pub revision: i64,
}

/// What is asked for, the same for every transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub changes: &'a [IssueChange],
    pub context: &'a Context<'a>,
    pub transaction: TransactionId,
    pub kind: JournalKind,
    pub title: &'a str,
    /// Whether the request names one issue only.
    pub alone: bool,
    /// What the links of shared issues are made of.
    pub secret: &'a str,
}

/// The issues of one transaction, and of the one that will probably come after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub ids: &'a [IssueId],
    pub next: &'a [IssueId],
}

/// What a transaction writes, but for its step of the job, and what becomes of its issues.
pub(super) type Decided = (Effects, Outcome);

/// What is done with issues, however many transactions it takes.
pub(super) trait PartAction: Sync {
    /// What to know of the issues of one transaction.
    fn plan(&self, ids: &[IssueId]) -> LoadPlan;

    /// What becomes of these issues, of which this is known.
    fn decide(&self, state: BatchState, ids: &[IssueId]) -> Decided;
}

/// Does it with the issues of one transaction. Nothing is written where a change is refused for a reason that has nothing
/// to do with the issue. `ahead` is what was decided of them while the transaction before was written, and becomes what
/// is decided of the next.
pub(super) async fn apply(
    store: &impl TriageStore,
    action: &impl PartAction,
    part: Part<'_>,
    step: Option<JobStep>,
    ahead: &mut Option<Ahead<Decided>>,
) -> Result<Outcome, StoreError> {
    let plan = action.plan(part.ids);
    let next = (!part.next.is_empty()).then(|| action.plan(part.next));
    let this_work = |state| action.decide(state, part.ids);
    let next_work = |state| action.decide(state, part.next);
    let turn = Turn {
        this: Wanted {
            plan: &plan,
            work: &this_work,
        },
        ahead: ahead.take(),
        next: next.as_ref().map(|plan| Wanted {
            plan,
            work: &next_work,
        }),
    };
    let with_step = |(mut effects, outcome): Decided| {
        if refusal_of_request(&outcome.skipped).is_none() {
            effects.actions.job = step.map(|step| JobStep {
                skipped: step.skipped + outcome.skipped.len() as u64,
                ..step
            });
        }
        (effects, outcome)
    };
    let (mut outcome, revision, next) = transact_turn(store, turn, with_step).await?;
    *ahead = next;
    outcome.revision = revision;
    Ok(outcome)
}

/// The first refusal that is about the request, where there is one: nothing is written then.
pub(super) fn refusal_of_request(skipped: &[(IssueId, Skip)]) -> Option<Refusal> {
    skipped.iter().find_map(|(_, skip)| match skip {
        Skip::Refused(refusal) => is_about_the_request(*refusal).then_some(*refusal),
        _ => None,
    })
}

/// Whether a refusal is about the request, and not about one issue.
fn is_about_the_request(refusal: Refusal) -> bool {
    match refusal {
        Refusal::Gone | Refusal::TooManyLabels => false,
        Refusal::UnknownRelease
        | Refusal::UnknownAssignee
        | Refusal::NobodyActs
        | Refusal::NoReleases => true,
    }
}

impl PartAction for Asked<'_> {
    fn plan(&self, ids: &[IssueId]) -> LoadPlan {
        let mut issues = ids.to_vec();
        issues.sort_unstable();
        let any = |is: fn(&IssueChange) -> bool| self.changes.iter().any(is);
        let counts_users = any(|change| {
            matches!(change, IssueChange::ArchiveUntil(until) | IssueChange::ArchiveForeverUntil(until)
                if until.records_users())
        });
        let counts_sightings =
            counts_users || any(|change| *change == IssueChange::ArchiveUntilEscalating);
        LoadPlan {
            now: Some(self.context.now),
            counted_issues: if counts_sightings {
                issues.clone()
            } else {
                Vec::new()
            },
            counts_users,
            issues,
            // A review may give an issue the priority back that its data says it had at first.
            without_content: !any(|change| *change == IssueChange::MarkReviewed),
            all_releases: any(is_about_releases),
            beside: BesidePlan {
                people: self.people(),
                shares: any(|change| matches!(change, IssueChange::SetPublic(_))),
                labels: any(|change| matches!(change, IssueChange::ChangeLabels { .. })),
                links: any(|change| matches!(change, IssueChange::ResolveInCommit { .. })),
                ..BesidePlan::default()
            },
            ..LoadPlan::default()
        }
    }

    fn decide(&self, mut state: BatchState, ids: &[IssueId]) -> Decided {
        let mut outcome = Outcome::default();
        let mut journal = Vec::new();
        let mut issues = Vec::new();
        let surroundings = Around::of(&state);
        let loaded = ids.iter().map(|id| (*id, state.issues.remove(id)));
        let loaded: Vec<(IssueId, Option<Box<IssueState>>)> = loaded.collect();
        // Each by itself: what becomes of one has nothing to do with the others.
        let decided = loaded
            .into_par_iter()
            .map(|(id, issue)| (id, self.restate(issue, &state.projects, &surroundings)));
        for (id, decided) in decided.collect::<Vec<_>>() {
            match decided {
                Ok((write, (before, after))) => {
                    if !after.is_empty() {
                        journal.push(JournalIssueWrite {
                            issue: id,
                            before,
                            after,
                        });
                    }
                    outcome.changed.push(id);
                    issues.push(write);
                }
                Err(skip) => outcome.skipped.push((id, skip)),
            }
        }
        if refusal_of_request(&outcome.skipped).is_some() {
            let only_skipped = Outcome {
                changed: Vec::new(),
                ..outcome
            };
            return (Effects::default(), only_skipped);
        }
        let effects = Effects {
            now: Some(self.context.now),
            issues,
            actions: Actions {
                journal: (!journal.is_empty()).then(|| self.journal(journal)),
                ..Actions::default()
            },
            ..Effects::default()
        };
        (effects, outcome)
    }
}

impl Asked<'_> {
    /// Members whose rows may change.
    pub(super) fn people(&self) -> Vec<i64> {
        let mut people = BTreeSet::new();
        for change in self.changes {
            match change {
                IssueChange::Resolve
                | IssueChange::ResolveInRelease(_)
                | IssueChange::ResolveInNextRelease
                | IssueChange::ResolveInUpcomingRelease
                | IssueChange::ResolveInCommit { .. }
                | IssueChange::SetSeen(_)
                | IssueChange::SetBookmark(_)
                | IssueChange::SetSubscribed(_) => people.extend(self.context.actor),
                IssueChange::Assign(Some(assignee)) => {
                    people.extend(self.context.directory.people_of(*assignee));
                }
                IssueChange::Assign(None)
                | IssueChange::ArchiveForever
                | IssueChange::ArchiveForeverUntil(_)
                | IssueChange::ArchiveUntilEscalating
                | IssueChange::ArchiveUntil(_)
                | IssueChange::Unresolve
                | IssueChange::UnresolveAs(_)
                | IssueChange::SetPriority(_)
                | IssueChange::MarkReviewed
                | IssueChange::AddToInbox
                | IssueChange::SetPublic(_)
                | IssueChange::ChangeLabels { .. }
                | IssueChange::Note(_)
                | IssueChange::Delete => {}
            }
        }
        people.into_iter().collect()
    }

    /// An issue with all changes, and as it was and is, as far as it changed.
    fn restate(
        &self,
        loaded: Option<Box<IssueState>>,
        projects: &HashMap<ProjectId, ProjectState>,
        around: &Around,
    ) -> Result<(IssueWrite, (Image, Image)), Skip> {
        let mut issue = loaded.ok_or(Refusal::Gone)?;
        let before = issue.clone();
        if !self.change(&mut issue, projects, around)? {
            return Err(Skip::Unchanged);
        }
        let images = images(&before, &issue);
        Ok((restated(issue), images))
    }

    pub(super) fn journal(&self, issues: Vec<JournalIssueWrite>) -> JournalWrite {
        JournalWrite {
            transaction: self.transaction,
            kind: self.kind,
            title: self.title.to_owned(),
            actor: self.context.actor,
            undoes: None,
            undo_until: None,
            query: self.context.origin.query.map(ToOwned::to_owned),
            is_automatic: self.context.origin.is_automatic,
            issues,
        }
    }

    /// Carries out all changes, or none of them.
    pub(super) fn change(
        &self,
        issue: &mut IssueState,
        projects: &HashMap<ProjectId, ProjectState>,
        around: &Around,
    ) -> Result<bool, Refusal> {
        let unknown = ProjectState::default();
        let project = issue.issue.project_id;
        let releases = projects.get(&project).unwrap_or(&unknown);
        let none = BTreeMap::new();
        let seen_in = issue.issue.id.and_then(|id| around.seen_in.get(&id));
        let seen_in: Vec<(&str, DateTime<Utc>)> = seen_in
            .unwrap_or(&none)
            .iter()
            .map(|(version, seen)| (version.as_str(), *seen))
            .collect();
        let surroundings = Surroundings {
            cause: self.context.cause(),
            directory: self.context.directory,
            releases: ProjectReleases {
                project,
                newest: &releases.newest_releases,
                added: &around.added,
            },
            seen_in: &seen_in,
            alone: self.alone,
            secret: self.secret,
        };
        let mut changed = false;
        for change in self.changes {
            changed |= change_issue(issue, change, &surroundings)?;
        }
        Ok(changed)
    }
}

/// What the loaded issues have to do with releases.
pub(super) struct Around {
    /// When releases were added.
    added: HashMap<(ProjectId, String), DateTime<Utc>>,
    /// Releases the issues were seen in, with the latest time in any environment.
    seen_in: HashMap<IssueId, BTreeMap<String, DateTime<Utc>>>,
}

impl Around {
    pub(super) fn of(state: &BatchState) -> Self {
        let of_project = |(&project, known): (&ProjectId, &ProjectState)| {
            let releases = known.newest_releases.clone().into_iter();
            releases.map(move |(version, added)| ((project, version), added))
        };
        let mut seen_in: HashMap<IssueId, BTreeMap<String, DateTime<Utc>>> = HashMap::new();
        for ((issue, release, _), last_seen) in &state.issue_releases {
            let latest = seen_in
                .entry(*issue)
                .or_default()
                .entry(release.clone())
                .or_insert(*last_seen);
            *latest = (*latest).max(*last_seen);
        }
        Self {
            added: state.projects.iter().flat_map(of_project).collect(),
            seen_in,
        }
    }
}

/// An issue of which only how it stands is written.
pub(super) fn restated(state: impl Into<Box<IssueState>>) -> IssueWrite {
    let mut state = state.into();
    state.keeps_content = true;
    written(state)
}

/// A known issue to write back.
pub(super) fn written(state: impl Into<Box<IssueState>>) -> IssueWrite {
    IssueWrite {
        state: state.into(),
        new_hash: None,
        hours: Vec::new(),
    }
}

fn is_about_releases(change: &IssueChange) -> bool {
    matches!(
        change,
        IssueChange::ResolveInRelease(_)
            | IssueChange::ResolveInNextRelease
            | IssueChange::ResolveInUpcomingRelease
            | IssueChange::ResolveInCommit { .. }
    )
}

/// The assignee an update names; nothing for nobody.
pub(super) fn assignee_of(
    identifier: &str,
    context: &Context<'_>,
    projects: &[ProjectId],
) -> Option<Option<Assignee>> {
    if identifier.is_empty() {
        return Some(None);
    }
    let assignee = context.directory.assignee(identifier)?;
    let belongs = |project: &ProjectId| context.directory.belongs_to(assignee, *project);
    projects.iter().all(belongs).then_some(Some(assignee))
}

//! Bulk update: checked as a whole, then carried out in the order of search spec, section 11.

use super::action::Action;
use super::answer;
use super::body::{StatusWord, UpdateBody};
use super::chunk::{self, Skip, assignee_of};
use super::prepared::{Prepared, What, arranged};
use super::request::{Context, Scope, in_scope};
use super::wording::LabelsBody;
use super::{BadRequest, BulkError, delete, job, merge};
use crate::model::{Assignee, IssueId, ProjectId, Substatus, TransactionId};
use crate::store::{ActionStore, IssueHead, QueryStore};
use crate::triage::IssueChange;
use serde_json::{Map, Value};

/// The most issues one request may name by their ids.
pub const MOST_BY_ID: usize = 1_000;

/// The member of a body that names a release.
const IN_RELEASE: &str = "statusDetails.inRelease";
/// The one that names a commit.
const IN_COMMIT: &str = "statusDetails.inCommit";

/// What an update answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The members of the answer; empty where nothing was in scope, which is success without content.
    pub members: Map<String, Value>,
    /// Issues that changed.
    pub changed: Vec<IssueId>,
    /// Issues that were left as they were.
    pub skipped: Vec<(IssueId, Skip)>,
    /// The entry in the journal.
    pub journal: Option<i64>,
    /// Revision of the store afterwards; nothing where it did not change.
    pub revision: Option<i64>,
}

/// An update that was checked.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// With the newest release in the place of `latest`.
    pub body: UpdateBody,
    pub assignee: Option<Assignee>,
    /// What is done before issues are merged, and after.
    pub before_merge: Vec<IssueChange>,
    pub after_merge: Vec<IssueChange>,
}

impl Checked {
    /// All changes in their order.
    pub(super) fn changes(&self) -> Vec<IssueChange> {
        let changes = self.before_merge.iter().chain(&self.after_merge);
        changes.cloned().collect()
    }
}

/// Carries out an update of issues that are named by their ids, as one request that answers what search spec, section 11
/// says.
///
/// # Errors
/// [`BadRequest`], and nothing has changed; or the store failed, and what was committed until then stays.
pub async fn update(
    store: &(impl ActionStore + QueryStore),
    scope: Scope<'_>,
    body: &Value,
    context: &Context<'_>,
) -> Result<Answer, BulkError> {
    let heads = in_scope(store, scope).await?;
    if heads.is_empty() {
        return Ok(Answer::default());
    }
    let body = UpdateBody::read(body)?;
    if body.discard {
        let deleted = delete::discard(store, scope, context).await?;
        let discarded = Map::from_iter([("discard".to_owned(), Value::Bool(true))]);
        return Ok(deleted.into_answer(discarded));
    }
    let ids: Vec<IssueId> = heads.iter().map(|head| head.id).collect();
    let action = Action::from(body);
    let heads = arranged(scope, &action, heads);
    let prepared = Prepared::of(store, scope, &action, heads, context).await?;
    let secret = TransactionId::random().to_string();
    let report = job::at_once(store, &prepared, &secret, context).await?;
    let members = match (&prepared.what, &report.detail) {
        (_, Some(detail)) => Map::from_iter([("detail".to_owned(), Value::from(detail.clone()))]),
        (What::Update(checked), None) => {
            answer::of_update(checked, &ids, &report, &secret, context)
        }
        (What::Remove(_), None) => Map::new(),
    };
    Ok(Answer {
        members,
        changed: report.issues,
        skipped: report.skipped,
        journal: report.journal,
        revision: report.revision,
    })
}

/// A refusal that says something about the request is one of the request.
pub(super) fn refuse_whole(skipped: &[(IssueId, Skip)]) -> Result<(), BadRequest> {
    match chunk::refusal_of_request(skipped) {
        Some(refusal) => Err(BadRequest::new(parameter_of(refusal), refusal.to_string())),
        None => Ok(()),
    }
}

fn parameter_of(refusal: crate::triage::Refusal) -> &'static str {
    use crate::triage::Refusal;
    match refusal {
        Refusal::UnknownRelease => IN_RELEASE,
        Refusal::NoReleases => "statusDetails.inNextRelease",
        Refusal::UnknownAssignee => "assignedTo",
        Refusal::TooManyLabels => "labels",
        Refusal::NobodyActs => "people.me",
        Refusal::Gone => "id",
    }
}

/// Checks everything that can be checked before an issue is looked at closely.
pub(super) async fn check(
    store: &impl QueryStore,
    mut body: UpdateBody,
    projects: &[ProjectId],
    heads: &[IssueHead],
    context: &Context<'_>,
) -> Result<Checked, BulkError> {
    let is_personal =
        body.has_seen.is_some() || body.is_bookmarked.is_some() || body.is_subscribed.is_some();
    if is_personal && context.actor.is_none() {
        let problem = crate::triage::Refusal::NobodyActs.to_string();
        return Err(BadRequest::new("people.me", problem).into());
    }
    let assignee = match &body.assigned_to {
        None => None,
        Some(identifier) => {
            let found = assignee_of(identifier, context, projects);
            found.ok_or_else(|| {
                let problem = format!(
                    "is “{identifier}”, who is no member or team of every selected project"
                );
                BadRequest::new("assignedTo", problem)
            })?
        }
    };
    check_releases(store, &mut body, projects, context).await?;
    if body.merge && heads.len() > 1 {
        merge::check(heads, context)?;
        if let Some(into) = body.merge_into
            && !heads.iter().any(|head| head.id == into)
        {
            let problem = "is into an issue that is none of them, or is gone";
            return Err(BadRequest::new("merge", problem).into());
        }
    }
    let before_merge = changes(&body, assignee);
    let after_merge = match body.inbox {
        Some(true) => vec![IssueChange::AddToInbox],
        Some(false) => vec![IssueChange::MarkReviewed],
        None => Vec::new(),
    };
    Ok(Checked {
        body,
        assignee,
        before_merge,
        after_merge,
    })
}

async fn check_releases(
    store: &impl QueryStore,
    body: &mut UpdateBody,
    projects: &[ProjectId],
    context: &Context<'_>,
) -> Result<(), BulkError> {
    let resolves = matches!(
        body.effective_status(),
        Some(StatusWord::Resolved | StatusWord::ResolvedInNextRelease)
    );
    let details = &mut body.details;
    let in_next = details.in_next_release || body.status == Some(StatusWord::ResolvedInNextRelease);
    let parameter = match (in_next, details.in_upcoming_release, &details.in_release) {
        _ if !resolves => return Ok(()),
        (true, ..) => "statusDetails.inNextRelease",
        (_, true, _) => "statusDetails.inUpcomingRelease",
        (.., Some(_)) => IN_RELEASE,
        (.., None) if details.in_commit.is_some() => IN_COMMIT,
        (.., None) => return Ok(()),
    };
    if details.in_upcoming_release && !in_next && !context.rules.allow_upcoming_release {
        let problem = "is switched off; set `triage.allow_upcoming_release`";
        return Err(BadRequest::new(parameter, problem).into());
    }
    let [project] = projects else {
        let problem = "is about one project; select one project at a time";
        return Err(BadRequest::new(parameter, problem).into());
    };
    if parameter == IN_COMMIT {
        // A commit can be in no release yet.
        return Ok(());
    }
    let newest = store.project_releases(*project).await?;
    let Some(newest) = newest.first() else {
        let problem = crate::triage::Refusal::NoReleases.to_string();
        return Err(BadRequest::new(parameter, problem).into());
    };
    match details.in_release.as_deref() {
        Some("latest") => details.in_release = Some(newest.clone()),
        Some(version)
            if parameter == IN_RELEASE && !store.has_release(*project, version).await? =>
        {
            let problem = crate::triage::Refusal::UnknownRelease.to_string();
            return Err(BadRequest::new(parameter, problem).into());
        }
        _ => {}
    }
    Ok(())
}

/// What is done to each issue before some are merged, in order.
fn changes(body: &UpdateBody, assignee: Option<Assignee>) -> Vec<IssueChange> {
    let mut changes = Vec::new();
    changes.extend(body.priority.map(IssueChange::SetPriority));
    changes.extend(
        body.effective_status()
            .map(|status| status_change(status, body)),
    );
    if body.assigned_to.is_some() {
        changes.push(IssueChange::Assign(assignee));
    }
    changes.extend(body.has_seen.map(IssueChange::SetSeen));
    changes.extend(body.is_bookmarked.map(IssueChange::SetBookmark));
    changes.extend(body.is_subscribed.map(IssueChange::SetSubscribed));
    changes.extend(body.is_public.map(IssueChange::SetPublic));
    changes.extend(body.labels.as_ref().map(LabelsBody::change));
    changes.extend(body.note.clone().map(IssueChange::Note));
    changes
}

fn status_change(status: StatusWord, body: &UpdateBody) -> IssueChange {
    let details = &body.details;
    let until = details.ignore;
    match status {
        StatusWord::ResolvedInNextRelease => IssueChange::ResolveInNextRelease,
        StatusWord::Resolved if details.in_next_release => IssueChange::ResolveInNextRelease,
        StatusWord::Resolved if details.in_upcoming_release => {
            IssueChange::ResolveInUpcomingRelease
        }
        StatusWord::Resolved => match (&details.in_release, &details.in_commit) {
            (Some(version), _) => IssueChange::ResolveInRelease(version.clone()),
            (None, Some((repository, commit))) => IssueChange::ResolveInCommit {
                repository: repository.clone(),
                commit: commit.clone(),
            },
            (None, None) => IssueChange::Resolve,
        },
        StatusWord::Unresolved => match body.substatus {
            Some(substatus) => IssueChange::UnresolveAs(substatus),
            None => IssueChange::Unresolve,
        },
        StatusWord::Ignored => match body.substatus {
            Some(Substatus::UntilEscalating) => IssueChange::ArchiveUntilEscalating,
            Some(Substatus::Forever) if until.is_empty() => IssueChange::ArchiveForever,
            Some(Substatus::Forever) => IssueChange::ArchiveForeverUntil(until),
            None if until.is_empty() => IssueChange::ArchiveForever,
            _ => IssueChange::ArchiveUntil(until),
        },
    }
}

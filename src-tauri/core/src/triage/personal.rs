//! What the members have with an issue, and its link for others (search spec, section 11).

use super::actions::{Refusal, Surroundings};
use super::steps::{Cause, log};
use crate::model::{
    ActivityKind, Assignee, GroupHash, IssueId, IssueState, Share, Subscription, SubscriptionReason,
};
use serde_json::Value;

fn actor(cause: Cause) -> Result<i64, Refusal> {
    cause.actor.ok_or(Refusal::NobodyActs)
}

/// A member hears of an issue from now on. Who said that they do not want to is left alone.
pub(super) fn subscribe(
    state: &mut IssueState,
    member: i64,
    reason: SubscriptionReason,
    cause: Cause,
) {
    let personal = state.people.entry(member).or_default();
    if personal.subscription.get().is_none() {
        personal.subscription.set(Subscription {
            active: true,
            reason: Some(reason),
            at: cause.now,
        });
    }
}

/// Who acts has looked at it, or has not. Whoever is no member of a project has seen none of its issues.
pub(super) fn see(
    state: &mut IssueState,
    seen: bool,
    around: &Surroundings<'_>,
) -> Result<(), Refusal> {
    let actor = actor(around.cause)?;
    let directory = around.directory;
    let project = state.issue.project_id;
    let belongs = || directory.belongs_to(Assignee::User(actor), project);
    if !seen {
        let personal = state.people.entry(actor).or_default();
        personal.seen.clear();
    } else if directory.user(actor).is_none() || belongs() {
        let personal = state.people.entry(actor).or_default();
        personal.seen.set(around.cause.now);
    }
    Ok(())
}

/// A bookmark brings a subscription along, and takes any away with it.
pub(super) fn bookmark(state: &mut IssueState, on: bool, cause: Cause) -> Result<(), Refusal> {
    let actor = actor(cause)?;
    let personal = state.people.entry(actor).or_default();
    if !on {
        personal.bookmark.clear();
        personal.subscription.clear();
    } else if personal.bookmark.get().is_none() {
        personal.bookmark.set(cause.now);
        subscribe(state, actor, SubscriptionReason::Bookmark, cause);
    }
    Ok(())
}

/// Who acts says whether they want to hear of it.
pub(super) fn set_subscribed(
    state: &mut IssueState,
    on: bool,
    cause: Cause,
) -> Result<(), Refusal> {
    let personal = state.people.entry(actor(cause)?).or_default();
    let stands = |known: &Subscription| known.active == on && known.reason.is_none();
    if !personal.subscription.get().is_some_and(stands) {
        personal.subscription.set(Subscription {
            active: on,
            reason: None,
            at: cause.now,
        });
    }
    Ok(())
}

/// Ends the link it has, and gives it another one where it is to have one.
pub(super) fn share(state: &mut IssueState, public: bool, around: &Surroundings<'_>) {
    let cause = around.cause;
    if state.share.clear().is_some() {
        log(state, ActivityKind::SetPrivate, Value::Null, cause);
    }
    if public {
        state.share.set(Share {
            id: share_id(state.issue.id.unwrap_or(IssueId(0)), around.secret),
            actor: cause.actor,
            at: cause.now,
        });
        log(state, ActivityKind::SetPublic, Value::Null, cause);
    }
}

/// The link an issue gets: the same for one request however often it is decided, and known to nobody who does not know
/// the secret.
#[must_use]
pub fn share_id(issue: IssueId, secret: &str) -> String {
    GroupHash::of(&format!("{secret}:{issue}")).to_string()
}

//! The rows of members, links for others and links elsewhere that one transaction writes.

use super::column::{Stamp, storable};
use super::rows::Identities;
use super::{Effects, StoreError};
use crate::model::{
    IssueId, IssueState, Kept, Label, Link, LinkKey, LinkKind, Note, Personal, Share, Subscription,
    SubscriptionReason,
};
use serde_json::Value;
use sqlx::FromRow;
use std::borrow::Cow;
use std::collections::HashMap;

/// Rows of issue and member that are put, and those that go.
#[derive(Debug)]
pub(super) struct Members<R> {
    pub put: Vec<R>,
    pub gone: Vec<(i64, i64)>,
}

impl<R> Default for Members<R> {
    fn default() -> Self {
        Self {
            put: Vec::new(),
            gone: Vec::new(),
        }
    }
}

impl<R> Members<R> {
    /// Takes in a row where it has changed.
    fn take<T>(
        &mut self,
        issue_id: i64,
        user_id: i64,
        kept: &Kept<T>,
        row: impl Fn(i64, i64, &T) -> R,
    ) {
        if !kept.is_changed() {
            return;
        }
        match kept.get() {
            Some(value) => self.put.push(row(issue_id, user_id, value)),
            None => self.gone.push((issue_id, user_id)),
        }
    }
}

#[derive(Debug, FromRow)]
pub(super) struct SinceRow {
    pub issue_id: i64,
    pub user_id: i64,
    pub at: Stamp,
}

#[derive(Debug, FromRow)]
pub(super) struct SubscriptionRow {
    pub issue_id: i64,
    pub user_id: i64,
    pub active: bool,
    pub reason: Option<String>,
    pub at: Stamp,
}

#[derive(Debug, FromRow)]
pub(super) struct ShareRow {
    pub issue_id: i64,
    pub share_id: String,
    pub actor: Option<i64>,
    pub at: Stamp,
}

/// What a link leads to: its issue, its kind, source and target.
pub(super) type LinkKeyRow<'a> = (i64, &'static str, Cow<'a, str>, Cow<'a, str>);

#[derive(Debug)]
pub(super) struct LinkRow<'a> {
    pub key: LinkKeyRow<'a>,
    pub actor: Option<i64>,
    pub added_at: Stamp,
}

/// A stored note: its issue, its ident, who wrote it, its data, when.
pub(super) type NoteRecord = (i64, String, Option<i64>, String, Stamp);

/// A stored link: its issue, its kind, source and target, who linked it, when.
pub(super) type LinkRecord = (i64, String, String, String, Option<i64>, Stamp);

/// What a transaction writes of them. Empty lists run no statement.
#[derive(Debug, Default)]
pub(super) struct BesideRows<'a> {
    pub seen: Members<SinceRow>,
    pub bookmarks: Members<SinceRow>,
    pub subscriptions: Members<SubscriptionRow>,
    pub shares: Vec<ShareRow>,
    /// Issues whose link for others ends.
    pub unshared: Vec<i64>,
    pub links: Vec<LinkRow<'a>>,
    /// Those that go.
    pub unlinked: Vec<LinkKeyRow<'a>>,
    /// Issue and label.
    pub labels: Vec<(i64, &'a str)>,
    /// The same of those that go.
    pub unlabelled: Vec<(i64, &'a str)>,
    /// Issue and ident of notes that go. New ones are activities.
    pub unwritten: Vec<(i64, &'a str)>,
}

impl<'a> BesideRows<'a> {
    pub(super) fn of(effects: &'a Effects, identities: &Identities) -> Self {
        let mut rows = Self::default();
        for (id, write) in identities.ids().zip(&effects.issues) {
            rows.push(id, &write.state);
        }
        rows
    }

    fn push(&mut self, id: i64, state: &'a IssueState) {
        let since = |issue_id, user_id, at: &chrono::DateTime<chrono::Utc>| SinceRow {
            issue_id,
            user_id,
            at: Stamp::of(*at),
        };
        for (&user, personal) in &state.people {
            self.seen.take(id, user, &personal.seen, since);
            self.bookmarks.take(id, user, &personal.bookmark, since);
            self.subscriptions
                .take(id, user, &personal.subscription, subscription_row);
        }
        if state.share.is_changed() {
            match state.share.get() {
                Some(share) => self.shares.push(ShareRow {
                    issue_id: id,
                    share_id: share.id.clone(),
                    actor: share.actor,
                    at: Stamp::of(share.at),
                }),
                None => self.unshared.push(id),
            }
        }
        let of_issue = |label: &'a Label| (id, label.as_str());
        self.labels.extend(state.labels.added().map(of_issue));
        self.unlabelled.extend(state.labels.removed().map(of_issue));
        let gone = |(_, note): &(&String, &Kept<Note>)| note.is_changed() && note.get().is_none();
        let notes = state.notes.iter().filter(gone);
        self.unwritten
            .extend(notes.map(|(ident, _)| (id, ident.as_str())));
        for (to, link) in state.links.iter().filter(|(_, link)| link.is_changed()) {
            let (source, target) = (storable(&to.source), storable(&to.target));
            let key = (id, to.kind.as_str(), source, target);
            match link.get() {
                Some(link) => self.links.push(LinkRow {
                    key,
                    actor: link.actor,
                    added_at: Stamp::of(link.at),
                }),
                None => self.unlinked.push(key),
            }
        }
    }
}

fn subscription_row(issue_id: i64, user_id: i64, subscription: &Subscription) -> SubscriptionRow {
    SubscriptionRow {
        issue_id,
        user_id,
        active: subscription.active,
        reason: subscription.reason.map(|reason| reason.as_str().to_owned()),
        at: Stamp::of(subscription.at),
    }
}

/// What was loaded, on its way to the issues.
#[derive(Debug, Default)]
pub(super) struct LoadedBeside {
    pub seen: Vec<SinceRow>,
    pub bookmarks: Vec<SinceRow>,
    pub subscriptions: Vec<SubscriptionRow>,
    pub shares: Vec<ShareRow>,
    /// Issue and label.
    pub labels: Vec<(i64, String)>,
    pub links: Vec<LinkRecord>,
    pub notes: Vec<NoteRecord>,
}

impl LoadedBeside {
    /// # Errors
    /// [`StoreError::Corrupt`] for a reason, a label, a link or a note that is none.
    pub(super) fn put(
        self,
        issues: &mut HashMap<IssueId, Box<IssueState>>,
    ) -> Result<(), StoreError> {
        for row in self.seen {
            if let Some(personal) = personal(issues, row.issue_id, row.user_id) {
                personal.seen = Kept::loaded(Some(row.at.0));
            }
        }
        for row in self.bookmarks {
            if let Some(personal) = personal(issues, row.issue_id, row.user_id) {
                personal.bookmark = Kept::loaded(Some(row.at.0));
            }
        }
        for row in self.subscriptions {
            let reason = match row.reason.as_deref() {
                Some(word) => Some(SubscriptionReason::from_word(word).ok_or_else(|| {
                    StoreError::Corrupt(format!(
                        "issue {} has a subscription with the unknown reason “{word}”",
                        row.issue_id
                    ))
                })?),
                None => None,
            };
            if let Some(personal) = personal(issues, row.issue_id, row.user_id) {
                personal.subscription = Kept::loaded(Some(Subscription {
                    active: row.active,
                    reason,
                    at: row.at.0,
                }));
            }
        }
        for row in self.shares {
            if let Some(state) = issues.get_mut(&IssueId(row.issue_id)) {
                state.share = Kept::loaded(Some(Share {
                    id: row.share_id,
                    actor: row.actor,
                    at: row.at.0,
                }));
            }
        }
        for (issue, text) in self.labels {
            let label = Label::read(&text).map_err(|problem| {
                StoreError::Corrupt(format!("a label of issue {issue} {problem}"))
            })?;
            if let Some(state) = issues.get_mut(&IssueId(issue)) {
                state.labels.load(label);
            }
        }
        for (issue, kind, source, target, actor, at) in self.links {
            let kind = LinkKind::from_word(&kind).ok_or_else(|| {
                let problem = format!("issue {issue} has a link of the unknown kind “{kind}”");
                StoreError::Corrupt(problem)
            })?;
            let key = LinkKey {
                kind,
                source,
                target,
            };
            if let Some(state) = issues.get_mut(&IssueId(issue)) {
                let link = Link { actor, at: at.0 };
                state.links.insert(key, Kept::loaded(Some(link)));
            }
        }
        for (issue, ident, actor, data, at) in self.notes {
            let data: Value = serde_json::from_str(&data).map_err(|error| {
                StoreError::Corrupt(format!("a note of issue {issue}: {error}"))
            })?;
            let note = Note {
                text: data["text"].as_str().unwrap_or_default().to_owned(),
                actor,
                at: at.0,
            };
            if let Some(state) = issues.get_mut(&IssueId(issue)) {
                state.notes.insert(ident, Kept::loaded(Some(note)));
            }
        }
        Ok(())
    }
}

fn personal(
    issues: &mut HashMap<IssueId, Box<IssueState>>,
    issue: i64,
    user: i64,
) -> Option<&mut Personal> {
    let state = issues.get_mut(&IssueId(issue))?;
    Some(state.people.entry(user).or_default())
}

//! Several issues become one, and several again (search spec, section 11).
//!
//! A merged issue keeps its own row and its counts, hidden, so that it comes back as it was. What the store moves row by
//! row (occurrences, activities, links, owners) it notes itself.

use super::image::Image;
use super::steps::{Cause, log, set_status};
use crate::model::{ActivityKind, IssueId, IssueState, IssueStatus};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Under this key the image of an issue that others were merged into says what that did beside the members of a state.
const KEY: &str = "merge";
/// Under this key the image of a merged issue says which issue it became part of.
pub const INTO: &str = "merged_into";

/// Whether an image is of a merge.
pub(super) fn is_of_merge(image: &Image) -> bool {
    image.contains_key(KEY) || image.contains_key(INTO)
}

/// An environment an issue was seen in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinEnvironment {
    /// Its name.
    pub environment: String,
    /// Release of the event that was first seen there.
    pub first_release: Option<String>,
    /// When.
    pub first_seen: DateTime<Utc>,
}

/// A release an issue was seen in, in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinRelease {
    /// Its version.
    pub release: String,
    /// Name of the environment.
    pub environment: String,
    /// First event time.
    pub first_seen: DateTime<Utc>,
    /// Last event time.
    pub last_seen: DateTime<Utc>,
}

/// Where an issue was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kin {
    /// Environments.
    pub environments: Vec<KinEnvironment>,
    /// Releases.
    pub releases: Vec<KinRelease>,
}

/// Beside the state, what a merge makes of the issue that stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Rows that are new or differ.
    pub put: Kin,
    /// What to note of it: as it was, and as it is.
    pub images: (Image, Image),
}

/// Beside the state, what taking a merge back makes of the issue that stayed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unmerged {
    /// Rows that are as they were before again.
    pub put: Kin,
    /// Rows that are there through the merge alone.
    pub gone: Kin,
}

/// What the image of an issue that others were merged into says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stayed {
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    #[serde(flatten)]
    kin: Kin,
}

/// The issue that stays: the one that was seen most, of equal ones the newest.
#[must_use]
pub fn parent_of<'a>(issues: impl IntoIterator<Item = &'a IssueState>) -> Option<IssueId> {
    let key = |state: &&IssueState| (state.issue.times_seen, state.issue.id);
    issues.into_iter().max_by_key(key)?.issue.id
}

/// Makes `children` part of `parent`. `kin` are where the children were seen, in their order.
pub fn merge<'a>(
    parent: &mut IssueState,
    parent_kin: &Kin,
    children: impl ExactSizeIterator<Item = &'a mut IssueState>,
    kin: &[Kin],
    cause: Cause,
) -> Merged {
    let (first_seen, last_seen) = (parent.issue.first_seen, parent.issue.last_seen);
    let mut ids = Vec::with_capacity(children.len());
    for child in children {
        take_over(parent, child);
        set_status(child, IssueStatus::PendingMerge, None);
        child.inbox.clear();
        ids.push(child.issue.id.map_or(0, |id| id.0));
    }
    let issues: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "id": id.to_string() }))
        .collect();
    log(
        parent,
        ActivityKind::Merge,
        json!({ "issues": issues }),
        cause,
    );

    let (was, put) = joined(parent_kin, kin);
    let stayed = |first_seen, last_seen, kin: &Kin| Stayed {
        first_seen,
        last_seen,
        kin: kin.clone(),
    };
    let before = stayed(first_seen, last_seen, &was);
    let after = stayed(parent.issue.first_seen, parent.issue.last_seen, &put);
    Merged {
        images: (image(&json!(before)), image(&json!(after))),
        put,
    }
}

fn image(value: &Value) -> Image {
    Image::from_iter([(KEY.to_owned(), value.clone())])
}

fn take_over(parent: &mut IssueState, child: &IssueState) {
    let (issue, other) = (&mut parent.issue, &child.issue);
    issue.times_seen = issue.times_seen.saturating_add(other.times_seen);
    issue.first_seen = issue.first_seen.min(other.first_seen);
    issue.last_seen = issue.last_seen.max(other.last_seen);
    issue.assignee = issue.assignee.or(other.assignee);
    for label in child.labels.iter() {
        parent.labels.add(label.clone());
    }
    for (&member, theirs) in &child.people {
        let ours = parent.people.entry(member).or_default();
        if let (None, Some(since)) = (ours.bookmark.get(), theirs.bookmark.get()) {
            ours.bookmark.set(*since);
        }
        if let (None, Some(known)) = (ours.subscription.get(), theirs.subscription.get()) {
            ours.subscription.set(*known);
        }
    }
}

/// Rows of the parent that the children's change: as they were, and as they become, with the new ones.
fn joined(parent: &Kin, children: &[Kin]) -> (Kin, Kin) {
    let own: BTreeMap<&str, &KinEnvironment> = parent
        .environments
        .iter()
        .map(|row| (row.environment.as_str(), row))
        .collect();
    let mut environments: BTreeMap<&str, KinEnvironment> = BTreeMap::new();
    for row in children.iter().flat_map(|kin| &kin.environments) {
        let key = row.environment.as_str();
        let known = environments.get(key).or(own.get(key).copied());
        if known.is_none_or(|known| row.first_seen < known.first_seen) {
            environments.insert(key, row.clone());
        }
    }

    let own_releases: BTreeMap<(&str, &str), &KinRelease> = parent
        .releases
        .iter()
        .map(|row| (release_key(row), row))
        .collect();
    let mut releases: BTreeMap<(&str, &str), KinRelease> = BTreeMap::new();
    for row in children.iter().flat_map(|kin| &kin.releases) {
        let key = release_key(row);
        let known = releases.get(&key).or(own_releases.get(&key).copied());
        let mut joined = row.clone();
        if let Some(known) = known {
            joined.first_seen = known.first_seen.min(row.first_seen);
            joined.last_seen = known.last_seen.max(row.last_seen);
        }
        if known != Some(&joined) {
            releases.insert(key, joined);
        }
    }
    let was = Kin {
        environments: environments
            .keys()
            .filter_map(|key| own.get(key).copied().cloned())
            .collect(),
        releases: releases
            .keys()
            .filter_map(|key| own_releases.get(key).copied().cloned())
            .collect(),
    };
    let put = Kin {
        environments: environments.into_values().collect(),
        releases: releases.into_values().collect(),
    };
    (was, put)
}

fn release_key(row: &KinRelease) -> (&str, &str) {
    (&row.release, &row.environment)
}

/// Takes a merge back at the issue that stayed: what `children` had seen is counted off, and what has not changed since
/// is as it was. Nothing where the images are none of a merge. The children themselves come back by their images.
pub fn unmerge<'a>(
    parent: &mut IssueState,
    kin: &Kin,
    (before, after): (&Image, &Image),
    children: impl IntoIterator<Item = &'a IssueState>,
    cause: Cause,
) -> Option<Unmerged> {
    let before = Stayed::deserialize(before.get(KEY)?).ok()?;
    let after = Stayed::deserialize(after.get(KEY)?).ok()?;
    let mut ids = Vec::new();
    for child in children {
        parent.issue.times_seen -= child.issue.times_seen;
        ids.push(json!({ "id": child.issue.id.map_or(0, |id| id.0).to_string() }));
    }
    if parent.issue.first_seen == after.first_seen {
        parent.issue.first_seen = before.first_seen;
    }
    if parent.issue.last_seen == after.last_seen {
        parent.issue.last_seen = before.last_seen;
    }
    log(
        parent,
        ActivityKind::Unmerge,
        json!({ "issues": ids }),
        cause,
    );

    let mut unmerged = Unmerged::default();
    for row in after.kin.environments {
        if !kin.environments.contains(&row) {
            continue;
        }
        let old = before.kin.environments.iter();
        match old.clone().find(|old| old.environment == row.environment) {
            Some(old) => unmerged.put.environments.push(old.clone()),
            None => unmerged.gone.environments.push(row),
        }
    }
    for row in after.kin.releases {
        if !kin.releases.contains(&row) {
            continue;
        }
        let mut old = before.kin.releases.iter();
        match old.find(|old| release_key(old) == release_key(&row)) {
            Some(old) => unmerged.put.releases.push(old.clone()),
            None => unmerged.gone.releases.push(row),
        }
    }
    Some(unmerged)
}

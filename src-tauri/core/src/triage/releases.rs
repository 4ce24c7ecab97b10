//! The releases of a project, as far as a transaction needs them.

use super::release_order::{RELEASES_LOOKED_AT, uses_semver};
use crate::model::{IssueState, ProjectId, ResolutionKind, ResolutionStatus};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashMap;

/// Releases of one project.
#[derive(Debug, Clone, Copy)]
pub struct ProjectReleases<'a> {
    /// The project.
    pub project: ProjectId,
    /// Newest first; at least the newest [`RELEASES_LOOKED_AT`], if there are as many.
    pub newest: &'a [(String, DateTime<Utc>)],
    /// When single releases were added, of all projects.
    pub added: &'a HashMap<(ProjectId, String), DateTime<Utc>>,
}

impl ProjectReleases<'_> {
    /// When a release was added; nothing where it does not exist.
    #[must_use]
    pub fn added(&self, version: &str) -> Option<DateTime<Utc>> {
        self.added.get(&(self.project, version.to_owned())).copied()
    }

    /// The newest release that is named after a commit: by its id alone, or by a version that ends with it.
    #[must_use]
    pub fn of_commit(&self, commit: &str) -> Option<(&str, DateTime<Utc>)> {
        let is_of = |version: &str| match version.strip_suffix(commit) {
            Some(rest) => rest.is_empty() || rest.ends_with(['@', '+', '-']),
            None => false,
        };
        let named = |(version, _): &&(String, DateTime<Utc>)| !commit.is_empty() && is_of(version);
        let (version, added) = self.newest.iter().find(named)?;
        Some((version, *added))
    }

    /// Versions of the newest releases, newest first.
    #[must_use]
    pub fn sample(&self) -> Vec<&str> {
        let newest = self.newest.iter().take(RELEASES_LOOKED_AT);
        newest.map(|(version, _)| version.as_str()).collect()
    }

    /// Whether the project uses semver, `compared` being the release in question.
    #[must_use]
    pub fn use_semver(&self, compared: &str) -> bool {
        uses_semver(&self.sample(), compared)
    }
}

/// A release was added: an issue that was resolved in the next release of its project is now resolved in this one
/// (group-states spec, section 5). True where that was so.
pub fn repoint(state: &mut IssueState, version: &str, added: DateTime<Utc>) -> bool {
    let Some(resolution) = state.resolution.get() else {
        return false;
    };
    let waits = resolution.status == ResolutionStatus::Pending
        && resolution.kind != Some(ResolutionKind::InRelease)
        && resolution.release_added < added;
    if !waits {
        return false;
    }
    let mut resolution = resolution.clone();
    resolution.kind = Some(ResolutionKind::InRelease);
    resolution.status = ResolutionStatus::Resolved;
    version.clone_into(&mut resolution.release);
    resolution.release_added = added;
    if let Some(announced) = &mut resolution.announced {
        announced.data = json!({ "version": version });
        correct(&mut state.corrected, announced.clone());
    }
    state.resolution.set(resolution);
    true
}

/// Notes new data of a stored activity; the latest counts.
pub(super) fn correct(
    corrected: &mut Vec<crate::model::StoredActivity>,
    activity: crate::model::StoredActivity,
) {
    corrected.retain(|earlier| earlier.id != activity.id);
    corrected.push(activity);
}

//! From a search text to something a store can answer.

use super::error::FindError;
use crate::model::{Directory, Project};
use crate::query::{Node, SearchConfig, parse};
use crate::search::window::{Bounds, TimeWindow};
use crate::search::{Known, Needs, Plan, Revisions, Search, convert};
use crate::store::SearchStore;
use chrono::{DateTime, Utc};

/// Where and for whom is searched.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The selected projects.
    pub projects: Vec<Project>,
    /// The selected environments; nothing where none was selected.
    pub environments: Option<Vec<String>>,
    /// People and teams.
    pub directory: Directory,
    /// Who searches.
    pub me: Option<i64>,
}

/// A search text that was understood.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// In normal form.
    pub tree: Node,
    /// Converted.
    pub search: Search,
}

/// Reads and converts a search text.
///
/// # Errors
/// [`FindError::Query`] with every problem of the text, or the first thing it names that does not exist.
pub async fn prepare(
    store: &impl SearchStore,
    text: &str,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<Prepared, FindError> {
    let query = parse(text, &SearchConfig::issues(), now).map_err(FindError::Query)?;
    let tree = query.tree();
    let needs = Needs::of(&tree);
    let projects = project_ids(scope);
    let known = Known {
        projects: scope.projects.clone(),
        environments: scope.environments.clone(),
        directory: scope.directory.clone(),
        me: scope.me,
        short_ids: store.issues_of_short_ids(&needs.short_ids).await?,
        releases: if needs.releases {
            store.known_releases(&projects).await?
        } else {
            Vec::new()
        },
    };
    let search = convert(&tree, &known).map_err(FindError::query)?;
    Ok(Prepared { tree, search })
}

pub(super) fn project_ids(scope: &Scope) -> Vec<i64> {
    scope.projects.iter().map(|project| project.id.0).collect()
}

impl Prepared {
    /// The bounds of a request, narrowed by those of the text.
    #[must_use]
    pub fn bounds(&self, requested: Bounds) -> Bounds {
        requested.and(self.search.bounds)
    }

    /// What a store answers the window: issues whenever they were seen, unless the text sets bounds. Nothing where
    /// those exclude each other.
    #[must_use]
    pub fn unlimited_plan(&self) -> Option<Plan> {
        Some(Plan {
            condition: self.search.condition.clone(),
            window: TimeWindow::unlimited(self.bounds(Bounds::default()))?,
            shows_feedback: self.search.shows_feedback,
            ..Plan::everything()
        })
    }

    /// What a store answers; nothing where the window is empty.
    #[must_use]
    pub fn plan(&self, scope: &Scope, requested: Bounds, now: DateTime<Utc>) -> Option<Plan> {
        Some(Plan {
            projects: Some(project_ids(scope)),
            environments: scope.environments.clone(),
            condition: self.search.condition.clone(),
            window: TimeWindow::of_events(self.bounds(requested), now, None)?,
            retention: None,
            shows_feedback: self.search.shows_feedback,
            revisions: Revisions::default(),
        })
    }
}

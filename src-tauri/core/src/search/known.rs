//! What a search names and only the store knows: projects, people, releases, short ids.

use crate::model::{Directory, Project};
use crate::query::{Key, Node, Value};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

/// What has to be read before a search can be converted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Short ids: slug in lower case, and number.
    pub short_ids: BTreeSet<(String, i64)>,
    /// Releases of the selected projects.
    pub releases: bool,
}

impl Needs {
    /// What `tree` needs.
    #[must_use]
    pub fn of(tree: &Node) -> Self {
        let mut needs = Self::default();
        for filter in tree.filters() {
            let Key::Name(key) = &filter.key else {
                continue;
            };
            let values = filter.value.each().iter().filter_map(Value::as_text);
            match key.as_str() {
                "issue" => needs
                    .short_ids
                    .extend(values.filter_map(|value| crate::model::parse_short_id(&value.text))),
                "release" | "first_release" | "regressed_in_release" => {
                    needs.releases |= values.into_iter().any(|value| value.text == LATEST);
                }
                "release.version" | "release.package" | "release.build" | "release.stage" => {
                    needs.releases = true;
                }
                _ => {}
            }
        }
        needs
    }
}

/// The word for the newest release of each project.
pub const LATEST: &str = "latest";

/// A release of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRelease {
    /// Project.
    pub project: i64,
    /// Version.
    pub version: String,
    /// When the store learnt of it.
    pub added: DateTime<Utc>,
    /// The environments it was seen in.
    pub environments: Vec<String>,
}

/// What the store knows of what a search names.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The selected projects.
    pub projects: Vec<Project>,
    /// The selected environments; nothing where none was selected.
    pub environments: Option<Vec<String>>,
    /// People and teams.
    pub directory: Directory,
    /// Who searches.
    pub me: Option<i64>,
    /// Issues of short ids.
    pub short_ids: HashMap<(String, i64), i64>,
    /// Releases of the selected projects, newest first, of equal ones the greater text first.
    pub releases: Vec<KnownRelease>,
}

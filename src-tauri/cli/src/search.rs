//! From arguments to a request for issues, and from a refusal to words.

use crate::context::Context;
use crate::refusal::Refusal;
use anyhow::{Result, bail};
use picket_core::engine::find::{Asker, FindError, ListRequest};
use picket_core::model::{Directory, IssueId, Project, parse_short_id};
use picket_core::query::nearest;
use picket_core::store::{ActionStore, QueryStore, SearchStore, Store, TriageStore};
use std::collections::{BTreeSet, HashSet};

/// Who asks on this command line, and what the store has.
pub struct Searcher<'a> {
    store: &'a Store,
    directory: Directory,
    me: Option<i64>,
    projects: Vec<Project>,
}

impl<'a> Searcher<'a> {
    pub async fn new(context: &Context, store: &'a Store) -> Result<Self> {
        let projects = store.projects().await.map_err(picket_core::Error::from)?;
        let mut directory = context.settings.directory();
        if directory.users.is_empty() && directory.teams.is_empty() {
            // Settings that name nobody leave it to whoever fills the store.
            let known = store.directory().await;
            directory = known.map_err(picket_core::Error::from)?;
        }
        Ok(Self {
            store,
            directory,
            me: context.settings.people.me(),
            projects,
        })
    }

    pub fn store(&self) -> &Store {
        self.store
    }

    pub fn asker(&self) -> Asker<'_> {
        Asker {
            directory: &self.directory,
            me: self.me,
        }
    }

    /// The request with its projects: those of these slugs or numbers.
    pub fn within(&self, mut request: ListRequest, projects: &[String]) -> Result<ListRequest> {
        for name in projects {
            let slug = name.trim().to_lowercase();
            let number: Option<i64> = slug.parse().ok();
            let project = self
                .projects
                .iter()
                .find(|project| project.slug.to_lowercase() == slug)
                .or_else(|| {
                    let has_number = |project: &&Project| Some(project.id.0) == number;
                    self.projects.iter().find(has_number)
                });
            match project {
                Some(project) => request.project.push(project.id.0),
                None => bail!("{}", self.no_project(name)),
            }
        }
        Ok(request)
    }

    /// Issues by id or short id.
    pub async fn issues(&self, names: &[String]) -> Result<Vec<IssueId>> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            let found = match (name.trim().parse::<IssueId>(), parse_short_id(name)) {
                (Ok(id), _) => Some(id),
                (Err(_), Some(short_id)) => {
                    let wanted = BTreeSet::from([short_id]);
                    let found = self.store.issues_of_short_ids(&wanted).await;
                    let found = found.map_err(picket_core::Error::from)?;
                    found.into_values().next().map(IssueId)
                }
                (Err(_), None) => None,
            };
            let Some(id) = found else {
                bail!(no_issue(name))
            };
            ids.push(id);
        }
        Ok(ids)
    }

    /// As [`Self::issues`], and each is there: what is left out without a word is taken for something that was found.
    pub async fn known_issues(&self, names: &[String]) -> Result<Vec<IssueId>> {
        let ids = self.issues(names).await?;
        let heads = self.store.issue_heads(&ids).await;
        let heads = heads.map_err(picket_core::Error::from)?;
        let shown = heads.iter().filter(|head| !head.status.is_hidden());
        let known: HashSet<IssueId> = shown.map(|head| head.id).collect();
        match ids.iter().zip(names).find(|(id, _)| !known.contains(id)) {
            Some((_, name)) => bail!(no_issue(name)),
            None => Ok(ids),
        }
    }

    /// What a refused request is told.
    pub async fn refusal(&self, request: &ListRequest, error: FindError) -> anyhow::Error {
        match error {
            FindError::Query(problems) => Refusal::new(request.text(), problems).into(),
            FindError::Environment(name) => {
                let ids: Vec<i64> = self.projects.iter().map(|project| project.id.0).collect();
                match self.store.known_environments(&ids).await {
                    Ok(known) => {
                        let known: Vec<&str> = known.iter().map(String::as_str).collect();
                        anyhow::anyhow!("{}", unknown("environment", &name, &known))
                    }
                    Err(error) => picket_core::Error::from(error).into(),
                }
            }
            other => picket_core::Error::from(other).into(),
        }
    }

    fn no_project(&self, name: &str) -> String {
        let slugs: Vec<&str> = self
            .projects
            .iter()
            .map(|project| project.slug.as_str())
            .collect();
        unknown("project", name, &slugs)
    }
}

/// Says that there is no issue of a name.
pub fn no_issue(name: &str) -> String {
    format!(
        "There is no issue {name}. Take an id or a short id such as SHOP-1A from picketctl issues."
    )
}

/// Names that are listed; beyond them, how many more there are is said.
const MOST_NAMES: usize = 20;

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!(
            "There is no {what} “{name}”: the store has none yet. Ingest records first."
        );
    }
    let meant = nearest(name, known.iter().copied());
    let meant = meant.map_or_else(String::new, |known| format!(" Did you mean {known}?"));
    let mut names = known[..known.len().min(MOST_NAMES)].join(", ");
    if let Some(more) = known.len().checked_sub(MOST_NAMES + 1) {
        names.push_str(&format!(" and {} more", more + 1));
    }
    format!("There is no {what} “{name}”.{meant} There are: {names}.")
}

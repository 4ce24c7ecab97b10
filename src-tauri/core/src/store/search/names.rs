//! What only the store knows of the things a search names.

use super::ask::Ask;
use super::sql::Dialect;
use crate::search::KnownRelease;
use crate::store::StoreError;
use crate::store::column::Stamp;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The issues of short ids (slug in lower case, number). Those pending deletion or merge have none. For each of them the
/// projects, which are few, and `issue` by its unique (project_id, short_id).
pub(in crate::store) async fn short_ids(
    ask: &mut impl Ask,
    wanted: &BTreeSet<(String, i64)>,
) -> Result<HashMap<(String, i64), i64>, StoreError> {
    let wanted: Vec<_> = wanted.iter().collect();
    let mut found = HashMap::new();
    for wanted in wanted.chunks(SHORT_IDS_AT_ONCE) {
        let mut sql = ask.statement();
        sql.push("WITH w(slug, number) AS (VALUES ");
        for (place, (slug, number)) in wanted.iter().enumerate() {
            sql.push(if place > 0 { ", (" } else { "(" })
                .word(slug)
                .push_either(", ", "::text, ")
                .integer(*number)
                .push_either(")", "::bigint)");
        }
        sql.push(") SELECT p.slug, i.short_id, i.id FROM w ")
            // Left to itself, SQLite reads all issues to find their projects.
            .push_either("CROSS JOIN", "JOIN")
            .push(" project AS p ON lower(p.slug) = w.slug ")
            .push_either("CROSS JOIN", "JOIN")
            .push(" issue AS i ON i.project_id = p.id AND i.short_id = w.number WHERE i.status NOT IN (3, 4, 5)");
        let rows: Vec<(String, i64, i64)> = ask.ask(sql).await?;
        let rows = rows.into_iter();
        found.extend(rows.map(|(slug, number, id)| ((slug.to_lowercase(), number), id)));
    }
    Ok(found)
}

/// A statement takes a limited number of values.
const SHORT_IDS_AT_ONCE: usize = 500;

/// Releases of these projects, newest first, of equal age the greater text first. `project_release_by_age`.
pub(in crate::store) async fn releases(
    ask: &mut impl Ask,
    projects: &[i64],
) -> Result<Vec<KnownRelease>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT r.project_id, r.version, r.date_added FROM project_release AS r WHERE r.project_id IN ")
        .integers(projects.iter().copied());
    let rows: Vec<(i64, String, Stamp)> = ask.ask(sql).await?;
    let mut sql = ask.statement();
    sql.push("SELECT r.project_id, r.version, r.environment FROM project_release_environment AS r WHERE r.project_id IN ")
        .integers(projects.iter().copied());
    let seen: Vec<(i64, String, String)> = ask.ask(sql).await?;
    let mut environments: HashMap<(i64, String), Vec<String>> = HashMap::new();
    for (project, version, environment) in seen {
        environments
            .entry((project, version))
            .or_default()
            .push(environment);
    }
    let mut releases: Vec<_> = rows
        .into_iter()
        .map(|(project, version, added)| KnownRelease {
            project,
            environments: environments
                .remove(&(project, version.clone()))
                .unwrap_or_default(),
            version,
            added: added.0,
        })
        .collect();
    releases.sort_by(|a, b| (b.added, &b.version).cmp(&(a.added, &a.version)));
    Ok(releases)
}

/// Issues with an event of this id in one of these projects, ascending. `occurrence_event_fts`, which holds the first
/// half of the id, or `occurrence_by_event`.
pub(in crate::store) async fn issues_of_event(
    ask: &mut impl Ask,
    event: Uuid,
    projects: &[i64],
) -> Result<Vec<i64>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT DISTINCT i.id FROM ");
    match ask.dialect() {
        Dialect::Sqlite => {
            let mut half = event.simple().to_string();
            half.truncate(12);
            sql.push("occurrence_event_fts(")
                .word(&half)
                .push(") AS q CROSS JOIN occurrence AS o ON o.seq = q.rowid");
        }
        Dialect::Postgres => {
            sql.push("occurrence AS o");
        }
    }
    sql.push(" JOIN issue AS i ON i.id = o.issue_id WHERE o.event_id = ")
        .uuid(event)
        .push(" AND i.status NOT IN (3, 4, 5) AND i.project_id IN ")
        .integers(projects.iter().copied())
        .push(" ORDER BY i.id");
    let rows: Vec<(i64,)> = ask.ask(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Environments of these projects.
pub(in crate::store) async fn environments(
    ask: &mut impl Ask,
    projects: &[i64],
) -> Result<BTreeSet<String>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT DISTINCT e.name FROM project_environment AS e WHERE e.project_id IN ")
        .integers(projects.iter().copied());
    let rows: Vec<(String,)> = ask.ask(sql).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Those of these issues that belong to one of these projects and can be found.
pub(in crate::store) async fn issues_in_projects(
    ask: &mut impl Ask,
    issues: &[i64],
    projects: &[i64],
) -> Result<BTreeSet<i64>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id FROM issue AS i WHERE i.status NOT IN (3, 4, 5) AND i.id IN ")
        .integers(issues.iter().copied())
        .push(" AND i.project_id IN ")
        .integers(projects.iter().copied());
    let rows: Vec<(i64,)> = ask.ask(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

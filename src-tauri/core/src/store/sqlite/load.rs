//! What a batch reads before it is folded.

use super::hot;
use super::statement::{integer_uuid_pairs, integers, texts};
use crate::model::{GroupHash, IssueId, IssueState, ProjectId};
use crate::store::column::{Stamp, storable};
use crate::store::records::IssueStateRecord;
use crate::store::short_ids::Numbering;
use crate::store::{BatchState, LoadPlan, StoreError, StoredOffset};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

const SOURCE: &str = "SELECT id FROM source WHERE name = ?1";
const ADD_SOURCE: &str = "INSERT INTO source (name) VALUES (?1) RETURNING id";
const OFFSETS: &str = "SELECT topic, partition, next_offset FROM consumer_offset WHERE source_id = ?1 ORDER BY topic, partition";
/// ?1: `[project, …]`.
const ADD_PROJECTS: &str = "
    INSERT INTO project (id, slug) SELECT value, 'project-' || value FROM json_each(?1) WHERE true
    ON CONFLICT DO NOTHING";
/// ?1: `[project, …]`. The highest number is found at the end of the unique (project_id, short_id).
const COUNTERS: &str = "
    SELECT wanted.value, coalesce(c.last_number, 0),
        coalesce((SELECT max(i.short_id) FROM issue AS i WHERE i.project_id = wanted.value), 0)
    FROM json_each(?1) AS wanted LEFT JOIN short_id_counter AS c ON c.project_id = wanted.value";
/// ?1: project, ?2: counter, ?3: the last number that can be tried.
const TAKEN: &str =
    "SELECT short_id FROM issue WHERE project_id = ?1 AND short_id > ?2 AND short_id <= ?3";

/// Number of the source with this name, if it has one.
pub(super) async fn known_source(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(SOURCE)
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

/// Number of the source with this name, which it now has.
pub(super) async fn source(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<i64, StoreError> {
    match known_source(connection, name).await? {
        Some(id) => Ok(id),
        None => Ok(sqlx::query_scalar(ADD_SOURCE)
            .bind(name)
            .fetch_one(connection)
            .await?),
    }
}

pub(super) async fn offsets(
    connection: &mut SqliteConnection,
    source_id: i64,
) -> Result<Vec<StoredOffset>, StoreError> {
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(OFFSETS)
        .bind(source_id)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(topic, partition, next_offset)| StoredOffset {
            topic,
            partition,
            next_offset,
        })
        .collect())
}

/// Creates the projects of the plan that are missing, and reads what it names.
pub(super) async fn state(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
) -> Result<BatchState, StoreError> {
    let mut state = BatchState::default();
    if !plan.projects.is_empty() {
        let projects = integers(plan.projects.iter().map(|project| project.0));
        sqlx::query(ADD_PROJECTS)
            .bind(projects)
            .execute(&mut *connection)
            .await?;
    }
    if !plan.hashes.is_empty() {
        let hashes = integer_uuid_pairs(
            plan.hashes
                .iter()
                .map(|(project, hash)| (project.0, hash.0)),
        );
        let rows: Vec<(i64, Uuid, i64)> = sqlx::query_as(hot::HASHES)
            .bind(hashes)
            .fetch_all(&mut *connection)
            .await?;
        for (project, hash, issue) in rows {
            state
                .hashes
                .insert((ProjectId(project), GroupHash(hash)), IssueId(issue));
        }
    }
    if !plan.releases.is_empty() {
        let versions: Vec<_> = plan
            .releases
            .iter()
            .map(|(project, version)| (project.0, storable(version)))
            .collect();
        let versions = serde_json::to_string(&versions)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let rows: Vec<(i64, String, Stamp)> = sqlx::query_as(hot::RELEASES)
            .bind(versions)
            .fetch_all(&mut *connection)
            .await?;
        state.releases = rows
            .into_iter()
            .map(|(project, version, added)| ((ProjectId(project), version), added.0))
            .collect();
    }
    if !state.hashes.is_empty() {
        read_issues(connection, plan, &mut state).await?;
    }
    Ok(state)
}

async fn read_issues(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let ids = integers(
        state
            .hashes
            .values()
            .map(|id| id.0)
            .collect::<std::collections::BTreeSet<_>>(),
    );
    let rows: Vec<IssueStateRecord> = sqlx::query_as(hot::ISSUES)
        .bind(&ids)
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let (id, issue) = row.into_issue()?;
        state.issues.insert(id, IssueState::new(issue));
    }
    // A hash that leads to an issue that is gone leads nowhere.
    state.hashes.retain(|_, id| state.issues.contains_key(id));

    let rows: Vec<(i64, String)> = sqlx::query_as(hot::ISSUE_ENVIRONMENTS)
        .bind(&ids)
        .fetch_all(&mut *connection)
        .await?;
    state.issue_environments = rows
        .into_iter()
        .map(|(id, environment)| (IssueId(id), environment))
        .collect();

    if !plan.releases.is_empty() {
        let versions: Vec<_> = plan
            .releases
            .iter()
            .map(|(_, version)| storable(version))
            .collect();
        let versions = texts(&versions.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
        let rows: Vec<(i64, String, String, Stamp)> = sqlx::query_as(hot::ISSUE_RELEASES)
            .bind(&ids)
            .bind(versions)
            .fetch_all(&mut *connection)
            .await?;
        state.issue_releases = rows
            .into_iter()
            .map(|(id, release, environment, last_seen)| {
                ((IssueId(id), release, environment), last_seen.0)
            })
            .collect();
    }
    Ok(())
}

/// The numbering of each project that opens issues. The write lock keeps it from changing.
pub(super) async fn numberings(
    connection: &mut SqliteConnection,
    wanted: &BTreeMap<i64, usize>,
) -> Result<BTreeMap<i64, Numbering>, StoreError> {
    let projects = integers(wanted.keys().copied());
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(COUNTERS)
        .bind(projects)
        .fetch_all(&mut *connection)
        .await?;
    let mut numberings = BTreeMap::new();
    for (project, counter, highest) in rows {
        let mut numbering = Numbering {
            counter,
            highest,
            ..Numbering::default()
        };
        if highest > counter {
            let count = wanted.get(&project).copied().unwrap_or_default();
            let last = counter.saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
            let taken: Vec<i64> = sqlx::query_scalar(TAKEN)
                .bind(project)
                .bind(counter)
                .bind(last)
                .fetch_all(&mut *connection)
                .await?;
            numbering.taken = taken.into_iter().collect();
        }
        numberings.insert(project, numbering);
    }
    Ok(numberings)
}

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[SOURCE, ADD_SOURCE, OFFSETS, ADD_PROJECTS, COUNTERS, TAKEN];

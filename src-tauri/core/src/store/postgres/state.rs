//! The state a transaction starts from, locked until its end.

use super::{hot, load_beside};
use crate::model::{ActivityKind, IssueId, ProjectId};
use crate::store::action_rows::put_hashes;
use crate::store::beside::{BesideRecord, Counting, ResolutionRecord};
use crate::store::column::{Stamp, storable};
use crate::store::content::ContentRecord;
use crate::store::loading::{self, ProjectRecord};
use crate::store::records::IssueStateRecord;
use crate::store::{BatchState, LoadPlan, StoreError};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// $1: projects.
const ADD_PROJECTS: &str = "
    INSERT INTO project (id, slug) SELECT DISTINCT w.id, 'project-' || w.id FROM unnest($1::bigint[]) AS w (id) ORDER BY 1
    ON CONFLICT DO NOTHING";
/// $1: issues, $2: projects. Locks the projects of both.
///
/// Whoever creates a release settles the issues that wait for it, and whoever lets an issue wait looks at the releases
/// there are. Neither may miss what the other is about to write.
const LOCK_PROJECTS: &str = "
    SELECT p.id FROM project AS p
    WHERE p.id = ANY(ARRAY(SELECT i.project_id FROM issue AS i WHERE i.id = ANY($1)) || $2::bigint[])
    ORDER BY p.id FOR NO KEY UPDATE";
/// As [`LOCK_PROJECTS`] against those that let issues wait, but not against others that create releases. $1: projects.
const SHARE_PROJECTS: &str =
    "SELECT p.id FROM project AS p WHERE p.id = ANY($1) ORDER BY p.id FOR SHARE";
/// $1: sorted keys of releases that are about to be created. Whoever comes second with one waits here for the first
/// one's commit, and then finds it.
const LOCK_NEW_RELEASES: &str = "
    SELECT count(pg_advisory_xact_lock('project_release'::regclass::oid::integer, k.key))
    FROM unnest($1::integer[]) AS k (key)";
/// $1: issues. `grouphash_by_issue`.
const HASHES_OF_ISSUES: &str = "SELECT project_id, hash FROM grouphash WHERE issue_id = ANY($1)";
/// $1: issues. `issue_release` by the first part of its key.
const ALL_ISSUE_RELEASES: &str =
    "SELECT issue_id, release, environment, last_seen FROM issue_release WHERE issue_id = ANY($1)";
/// $1: dead letters. Sorted as they are written.
const LOCK_NEW_DEAD_LETTERS: &str = "
    SELECT id FROM dead_letter WHERE id = ANY($1) AND state = 'new'
    ORDER BY source_id, topic, partition, record_offset FOR UPDATE";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    ADD_PROJECTS,
    LOCK_PROJECTS,
    SHARE_PROJECTS,
    LOCK_NEW_RELEASES,
    HASHES_OF_ISSUES,
    ALL_ISSUE_RELEASES,
    LOCK_NEW_DEAD_LETTERS,
];

/// Keys of hash rows, a list a column.
#[derive(Debug, Default)]
pub(super) struct HashKeys {
    pub projects: Vec<i64>,
    pub hashes: Vec<Uuid>,
}

impl HashKeys {
    fn push(&mut self, project: i64, hash: Uuid) {
        self.projects.push(project);
        self.hashes.push(hash);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

/// Creates the projects of the plan that are missing, and reads and locks what it names. Answers the hashes it has
/// claimed as well.
pub(super) async fn state(
    connection: &mut PgConnection,
    plan: &LoadPlan,
) -> Result<(BatchState, HashKeys), StoreError> {
    let mut state = BatchState::default();
    planned_projects(connection, plan, &mut state).await?;
    releases(connection, plan, &mut state).await?;
    lock_projects(connection, plan, &mut state).await?;
    let claimed = hashes(connection, plan, &mut state).await?;
    // After the hashes: a message that comes twice at once waits there for itself.
    recent_messages(connection, plan, &mut state).await?;
    let waiting = waiting_issues(connection, plan, &state).await?;
    let ids = loading::wanted_issues(plan, &state, waiting);
    if !ids.is_empty() {
        issues(connection, plan, &ids, &mut state).await?;
    }
    if !plan.dead_letters.is_empty() {
        let letters: Vec<i64> = sqlx::query_scalar(LOCK_NEW_DEAD_LETTERS)
            .bind(&plan.dead_letters)
            .fetch_all(connection)
            .await?;
        state.dead_letters = letters.into_iter().collect();
    }
    Ok((state, claimed))
}

async fn planned_projects(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let wanted: Vec<i64> = plan.projects.iter().map(|project| project.0).collect();
    projects(connection, &wanted, state).await?;
    let missing = loading::unknown_projects(wanted.iter().copied(), state);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<i64> = missing.into_iter().collect();
    sqlx::query(ADD_PROJECTS)
        .bind(&missing)
        .execute(&mut *connection)
        .await?;
    for &project in &missing {
        state
            .projects
            .insert(ProjectId(project), Default::default());
    }
    // Another writer may have been first, with other rules.
    projects(connection, &missing, state).await
}

/// Loads the rules of projects, where there are any to load.
async fn projects(
    connection: &mut PgConnection,
    wanted: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let rows: Vec<ProjectRecord> = sqlx::query_as(hot::PROJECT_RULES)
        .bind(wanted)
        .fetch_all(connection)
        .await?;
    loading::put_projects(rows, state);
    Ok(())
}

async fn releases(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if plan.releases.is_empty() {
        return Ok(());
    }
    let projects: Vec<i64> = plan.releases.iter().map(|(project, _)| project.0).collect();
    let rows: Vec<(i64, String, Stamp)> = sqlx::query_as(hot::RELEASES)
        .bind(projects)
        .bind(versions(plan))
        .fetch_all(connection)
        .await?;
    loading::put_releases(rows, state);
    Ok(())
}

fn versions(plan: &LoadPlan) -> Vec<String> {
    plan.releases
        .iter()
        .map(|(_, version)| storable(version).into_owned())
        .collect()
}

/// Locks the projects in which a release is created or in which it matters that none is.
async fn lock_projects(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let new = loading::new_releases(plan, state);
    let creating: Vec<i64> = new.iter().map(|(project, _)| project.0).collect();
    if plan.all_releases {
        let choosing: Vec<i64> = plan.issues.iter().map(|id| id.0).collect();
        sqlx::query(LOCK_PROJECTS)
            .bind(choosing)
            .bind(&creating)
            .execute(&mut *connection)
            .await?;
    } else if !new.is_empty() {
        let keys: BTreeSet<i32> = new.iter().map(lock_key).collect();
        sqlx::query(SHARE_PROJECTS)
            .bind(&creating)
            .execute(&mut *connection)
            .await?;
        sqlx::query(LOCK_NEW_RELEASES)
            .bind(keys.into_iter().collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
    }
    if new.is_empty() {
        Ok(())
    } else {
        // Whoever held the lock before may have created them.
        releases(connection, plan, state).await
    }
}

/// The key under which a release is locked. The server has room for some thousands of locks in all, and a batch may name
/// as many releases: so there are 256 keys, and releases with the same one wait for each other in vain.
fn lock_key((project, version): &&(ProjectId, String)) -> i32 {
    let hash = xxh3_64_with_seed(version.as_bytes(), project.0.cast_unsigned());
    i32::from(hash.to_le_bytes()[0])
}

/// Claims the planned hashes and, where the plan asks for them, those that lead to the planned issues, in one go: whoever takes the hashes of an issue
/// away must have locked them before the issue.
async fn hashes(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<HashKeys, StoreError> {
    let mut planned = HashKeys::default();
    let mut claimed = HashKeys::default();
    for (project, hash) in &plan.hashes {
        planned.push(project.0, hash.0);
        claimed.push(project.0, hash.0);
    }
    if plan.beside.hashes && !plan.issues.is_empty() {
        let issues: Vec<i64> = plan.issues.iter().map(|id| id.0).collect();
        let rows: Vec<(i64, Uuid)> = sqlx::query_as(HASHES_OF_ISSUES)
            .bind(issues)
            .fetch_all(&mut *connection)
            .await?;
        for (project, hash) in rows {
            claimed.push(project, hash);
        }
    }
    if claimed.is_empty() {
        return Ok(claimed);
    }
    sqlx::query(hot::CLAIM_HASHES)
        .bind(&claimed.projects)
        .bind(&claimed.hashes)
        .execute(&mut *connection)
        .await?;
    if !planned.is_empty() {
        let rows: Vec<(i64, Uuid, Option<i64>, Option<i64>)> = sqlx::query_as(hot::HASHES)
            .bind(planned.projects)
            .bind(planned.hashes)
            .fetch_all(connection)
            .await?;
        put_hashes(rows, state);
    }
    Ok(claimed)
}

async fn recent_messages(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if plan.messages.is_empty() {
        return Ok(());
    }
    let mut uuids = (Vec::new(), Vec::new(), Vec::new());
    let mut all = (Vec::new(), Vec::new(), Vec::new());
    for (place, (project, message)) in (0_i64..).zip(&plan.messages) {
        if let (32, Ok(id)) = (message.len(), Uuid::try_parse(message)) {
            uuids.0.push(place);
            uuids.1.push(project.0);
            uuids.2.push(id);
        }
        all.0.push(place);
        all.1.push(project.0);
        all.2.push(storable(message).into_owned());
    }
    let places: Vec<i64> = sqlx::query_scalar(hot::RECENT_MESSAGES)
        .bind(uuids.0)
        .bind(uuids.1)
        .bind(uuids.2)
        .bind(all.0)
        .bind(all.1)
        .bind(all.2)
        .bind(loading::duplicates_since(plan))
        .fetch_all(connection)
        .await?;
    loading::put_recent_messages(places, plan, state);
    Ok(())
}

/// Issues that wait for a release the batch creates.
async fn waiting_issues(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &BatchState,
) -> Result<Vec<i64>, StoreError> {
    let projects = loading::projects_with_new_releases(plan, state);
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar(hot::WAITING_ISSUES)
        .bind(projects.into_iter().collect::<Vec<_>>())
        .fetch_all(connection)
        .await?)
}

async fn issues(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    ids: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let rows: Vec<IssueStateRecord> = sqlx::query_as(hot::LOCK_ISSUES)
        .bind(ids)
        .fetch_all(&mut *connection)
        .await?;
    loading::put_issues(rows, plan, state)?;
    // A hash that leads to an issue that is gone leads nowhere.
    state.hashes.retain(|_, id| state.issues.contains_key(id));
    if state.issues.is_empty() {
        return Ok(());
    }

    if !plan.without_content {
        let contents: Vec<ContentRecord> = sqlx::query_as(hot::CONTENTS)
            .bind(ids)
            .fetch_all(&mut *connection)
            .await?;
        for content in contents {
            content.put(&mut state.issues)?;
        }
        let rows: Vec<(i64, String)> = sqlx::query_as(hot::ISSUE_ENVIRONMENTS)
            .bind(ids)
            .fetch_all(&mut *connection)
            .await?;
        state.issue_environments = rows
            .into_iter()
            .map(|(id, environment)| (IssueId(id), environment))
            .collect();
    }
    issue_releases(connection, plan, ids, state).await?;

    let projects_of_issues = loading::unknown_projects_of_issues(state);
    projects(connection, &projects_of_issues, state).await?;
    beside(connection, plan, ids, state).await?;
    load_beside::beside(connection, plan, state).await?;
    count_sightings(connection, Counting::of(plan, state), state).await
}

async fn issue_releases(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    ids: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, String, Stamp)> = if plan.all_releases {
        sqlx::query_as(ALL_ISSUE_RELEASES)
            .bind(ids)
            .fetch_all(connection)
            .await?
    } else if plan.releases.is_empty() {
        return Ok(());
    } else {
        sqlx::query_as(hot::ISSUE_RELEASES)
            .bind(ids)
            .bind(versions(plan))
            .fetch_all(connection)
            .await?
    };
    loading::put_issue_releases(rows, state);
    Ok(())
}

/// The rows beside the issues, and the releases that say when an issue counts as resolved. Read after the issues were
/// locked, by a statement of its own: one that waits for a lock still sees the other tables as they were before.
async fn beside(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    ids: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let rows: Vec<BesideRecord> = sqlx::query_as(hot::BESIDE)
        .bind(ids)
        .fetch_all(&mut *connection)
        .await?;
    let resolved: Vec<i64> = rows
        .iter()
        .filter(|row| row.is_resolved)
        .map(|row| row.issue_id)
        .collect();
    for row in rows {
        row.put(&mut state.issues)?;
    }
    if !resolved.is_empty() {
        let rows: Vec<ResolutionRecord> = sqlx::query_as(hot::RESOLUTIONS)
            .bind(resolved)
            .bind(ActivityKind::SetResolvedInRelease.number())
            .fetch_all(&mut *connection)
            .await?;
        for row in rows {
            row.put(state)?;
        }
    }
    let projects = loading::projects_with_releases(plan, state);
    if projects.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, String, Stamp)> = sqlx::query_as(hot::NEWEST_RELEASES)
        .bind(projects.into_iter().collect::<Vec<_>>())
        .bind(loading::most_releases(plan))
        .fetch_all(connection)
        .await?;
    loading::put_newest_releases(rows, state);
    Ok(())
}

async fn count_sightings(
    connection: &mut PgConnection,
    mut counting: Counting,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let (issues, since): (Vec<i64>, Vec<Stamp>) = counting.spans().unzip();
    if issues.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as(hot::SIGHTINGS_SINCE)
        .bind(issues)
        .bind(since)
        .bind(counting.now())
        .fetch_all(&mut *connection)
        .await?;
    for (place, count) in rows {
        counting.add_span(place - 1, count);
    }
    let weeks = counting.weeks();
    if !weeks.is_empty() {
        let rows: Vec<(i64, Stamp, i64)> = sqlx::query_as(hot::SIGHTINGS_BY_HOUR)
            .bind(weeks)
            .bind(counting.week_start())
            .bind(counting.now())
            .fetch_all(&mut *connection)
            .await?;
        for (issue, hour, count) in rows {
            counting.add_hour(issue, hour, count);
        }
    }
    let users = counting.users();
    if !users.is_empty() {
        let rows: Vec<(i64, String, Stamp)> = sqlx::query_as(hot::USERS)
            .bind(users)
            .bind(counting.now())
            .fetch_all(connection)
            .await?;
        for (issue, user, seen) in rows {
            counting.add_user(issue, user, seen);
        }
    }
    counting.put(state);
    Ok(())
}

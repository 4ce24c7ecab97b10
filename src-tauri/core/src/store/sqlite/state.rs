//! The state a transaction starts from.

use super::statement::{integer_pairs, integer_text_pairs, integer_uuid_pairs, integers, texts};
use super::{hot, load_beside};
use crate::model::{ActivityKind, IssueId, ProjectId};
use crate::store::action_rows::put_hashes;
use crate::store::beside::{BesideRecord, Counting, ResolutionRecord};
use crate::store::column::{Stamp, storable};
use crate::store::content::ContentRecord;
use crate::store::loading::{self, ProjectRecord};
use crate::store::records::IssueStateRecord;
use crate::store::rows::rows_of;
use crate::store::{BatchState, LoadPlan, StoreError};
use sqlx::SqliteConnection;

/// ?1: `[project, …]`.
const ADD_PROJECTS: &str = "
    INSERT INTO project (id, slug) SELECT value, 'project-' || value FROM json_each(?1) WHERE true
    ON CONFLICT DO NOTHING";
/// `issue_release` by the first part of its key. ?1: `[issue, …]`.
const ALL_ISSUE_RELEASES: &str = "
    SELECT r.issue_id, r.release, r.environment, r.last_seen
    FROM json_each(?1) AS w CROSS JOIN issue_release AS r ON r.issue_id = w.value";
/// ?1: `[dead letter, …]`.
const NEW_DEAD_LETTERS: &str = "
    SELECT d.id FROM json_each(?1) AS w CROSS JOIN dead_letter AS d ON d.id = w.value WHERE d.state = 'new'";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD_PROJECTS, ALL_ISSUE_RELEASES, NEW_DEAD_LETTERS];

/// Creates the projects of the plan that are missing, and reads what it names.
pub(super) async fn state(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
) -> Result<BatchState, StoreError> {
    let mut state = BatchState::default();
    planned_projects(connection, plan, &mut state).await?;
    hashes(connection, plan, &mut state).await?;
    releases(connection, plan, &mut state).await?;
    recent_messages(connection, plan, &mut state).await?;
    let waiting = waiting_issues(connection, plan, &state).await?;
    let ids = loading::wanted_issues(plan, &state, waiting);
    if !ids.is_empty() {
        issues(connection, plan, &ids, &mut state).await?;
    }
    if !plan.dead_letters.is_empty() {
        let letters: Vec<i64> = sqlx::query_scalar(NEW_DEAD_LETTERS)
            .bind(integers(plan.dead_letters.iter().copied()))
            .fetch_all(connection)
            .await?;
        state.dead_letters = letters.into_iter().collect();
    }
    Ok(state)
}

async fn planned_projects(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let wanted: Vec<i64> = plan.projects.iter().map(|project| project.0).collect();
    projects(connection, &wanted, state).await?;
    let missing = loading::unknown_projects(wanted.iter().copied(), state);
    if missing.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_PROJECTS)
        .bind(integers(missing.iter().copied()))
        .execute(&mut *connection)
        .await?;
    for project in missing {
        state
            .projects
            .insert(ProjectId(project), Default::default());
    }
    Ok(())
}

/// Loads the rules of projects, where there are any to load.
async fn projects(
    connection: &mut SqliteConnection,
    wanted: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let rows: Vec<ProjectRecord> = sqlx::query_as(hot::PROJECT_RULES)
        .bind(integers(wanted.iter().copied()))
        .fetch_all(connection)
        .await?;
    loading::put_projects(rows, state);
    Ok(())
}

async fn hashes(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if plan.hashes.is_empty() {
        return Ok(());
    }
    let wanted = plan
        .hashes
        .iter()
        .map(|(project, hash)| (project.0, hash.0));
    let rows: Vec<(i64, uuid::Uuid, Option<i64>, Option<i64>)> = sqlx::query_as(hot::HASHES)
        .bind(integer_uuid_pairs(wanted))
        .fetch_all(connection)
        .await?;
    put_hashes(rows, state);
    Ok(())
}

async fn releases(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if plan.releases.is_empty() {
        return Ok(());
    }
    let wanted = plan.releases.iter();
    let wanted =
        integer_text_pairs(wanted.map(|(project, version)| (project.0, storable(version))))?;
    let rows: Vec<(i64, String, Stamp)> = sqlx::query_as(hot::RELEASES)
        .bind(wanted)
        .fetch_all(connection)
        .await?;
    loading::put_releases(rows, state);
    Ok(())
}

async fn recent_messages(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    if plan.messages.is_empty() {
        return Ok(());
    }
    let wanted = plan.messages.iter();
    let wanted =
        integer_text_pairs(wanted.map(|(project, message)| (project.0, storable(message))))?;
    let places: Vec<i64> = sqlx::query_scalar(hot::RECENT_MESSAGES)
        .bind(wanted)
        .bind(loading::duplicates_since(plan))
        .fetch_all(connection)
        .await?;
    loading::put_recent_messages(places, plan, state);
    Ok(())
}

/// Issues that wait for a release the batch creates.
async fn waiting_issues(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &BatchState,
) -> Result<Vec<i64>, StoreError> {
    let projects = loading::projects_with_new_releases(plan, state);
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar(hot::WAITING_ISSUES)
        .bind(integers(projects))
        .fetch_all(connection)
        .await?)
}

async fn issues(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    wanted: &[i64],
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let ids = integers(wanted.iter().copied());
    let rows: String = sqlx::query_scalar(hot::ISSUES)
        .bind(&ids)
        .fetch_one(&mut *connection)
        .await?;
    loading::put_issues(
        rows_of::<IssueStateRecord>(&rows, "rows of issues")?,
        plan,
        state,
    )?;
    // A hash that leads to an issue that is gone leads nowhere.
    state.hashes.retain(|_, id| state.issues.contains_key(id));
    if state.issues.is_empty() {
        return Ok(());
    }

    if !plan.without_content {
        let contents: Vec<ContentRecord> = sqlx::query_as(hot::CONTENTS)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
        for content in contents {
            content.put(&mut state.issues)?;
        }
        let rows: Vec<(i64, String)> = sqlx::query_as(hot::ISSUE_ENVIRONMENTS)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
        state.issue_environments = rows
            .into_iter()
            .map(|(id, environment)| (IssueId(id), environment))
            .collect();
    }
    issue_releases(connection, plan, &ids, state).await?;

    let projects_of_issues = loading::unknown_projects_of_issues(state);
    projects(connection, &projects_of_issues, state).await?;
    beside(connection, plan, &ids, state).await?;
    load_beside::beside(connection, plan, state).await?;
    count_sightings(connection, Counting::of(plan, state), state).await
}

async fn issue_releases(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    ids: &str,
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
        let versions = plan.releases.iter().map(|(_, version)| storable(version));
        let versions: Vec<_> = versions.collect();
        let versions = texts(&versions.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
        sqlx::query_as(hot::ISSUE_RELEASES)
            .bind(ids)
            .bind(versions)
            .fetch_all(connection)
            .await?
    };
    loading::put_issue_releases(rows, state);
    Ok(())
}

/// The rows beside the issues, and the releases that say when an issue counts as resolved.
async fn beside(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    ids: &str,
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
            .bind(integers(resolved))
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
        .bind(integers(projects))
        .bind(loading::most_releases(plan).unwrap_or(-1))
        .fetch_all(connection)
        .await?;
    loading::put_newest_releases(rows, state);
    Ok(())
}

async fn count_sightings(
    connection: &mut SqliteConnection,
    mut counting: Counting,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let spans: Vec<_> = counting
        .spans()
        .map(|(issue, since)| (issue, since.0.timestamp_micros()))
        .collect();
    if spans.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as(hot::SIGHTINGS_SINCE)
        .bind(integer_pairs(spans))
        .bind(counting.now())
        .fetch_all(&mut *connection)
        .await?;
    for (place, count) in rows {
        counting.add_span(place, count);
    }
    let weeks = counting.weeks();
    if !weeks.is_empty() {
        let rows: Vec<(i64, Stamp, i64)> = sqlx::query_as(hot::SIGHTINGS_BY_HOUR)
            .bind(integers(weeks))
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
            .bind(integers(users))
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

//! What a batch writes of the issues themselves.

use super::hot;
use super::write::column;
use crate::store::StoreError;
use crate::store::alike::Run;
use crate::store::content::ContentRow;
use crate::store::rows::{IssueRow, Rows};
use crate::store::stands::{StandRow, stand_runs};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres};

/// The issues themselves, marked with the revision, but for those that are [restated](restate). Their texts are there.
pub(super) async fn rows(
    connection: &mut PgConnection,
    rows: &Rows<'_>,
    revision: i64,
) -> Result<(), StoreError> {
    insert_issues(connection, &rows.opened, revision).await?;
    update_issues(connection, &rows.touched, revision).await?;
    put_contents(connection, &rows.contents).await
}

async fn put_contents(
    connection: &mut PgConnection,
    rows: &[ContentRow<'_>],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(hot::PUT_CONTENTS)
        .bind(column(rows, |content| content.issue_id))
        .bind(column(rows, |content| content.platform.as_ref()))
        .bind(column(rows, |content| content.message.as_ref()))
        .bind(column(rows, |content| content.culprit.as_ref()))
        .bind(column(rows, |content| content.title.as_ref()))
        .bind(column(rows, |content| content.subtitle.as_ref()))
        .bind(column(rows, |content| content.data.as_str()))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_issues(
    connection: &mut PgConnection,
    rows: &[IssueRow<'_>],
    revision: i64,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    changing(hot::INSERT_ISSUES, rows, revision)
        .bind(column(rows, |issue| issue.project_id))
        .bind(column(rows, |issue| issue.short_id))
        .bind(column(rows, |issue| issue.group_type))
        .execute(connection)
        .await?;
    Ok(())
}

async fn update_issues(
    connection: &mut PgConnection,
    rows: &[IssueRow<'_>],
    revision: i64,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    changing(hot::UPDATE_ISSUES, rows, revision)
        .execute(connection)
        .await?;
    Ok(())
}

/// A statement with the ids of issues and what of them can change as $1 to $16, and the revision as $17.
fn changing<'q>(
    statement: &'static str,
    rows: &'q [IssueRow<'_>],
    revision: i64,
) -> Query<'q, Postgres, PgArguments> {
    sqlx::query(statement)
        .bind(column(rows, |issue| issue.id))
        .bind(column(rows, |issue| issue.status))
        .bind(column(rows, |issue| issue.substatus))
        .bind(column(rows, |issue| issue.priority))
        .bind(column(rows, |issue| issue.level))
        .bind(column(rows, |issue| issue.first_seen))
        .bind(column(rows, |issue| issue.last_seen))
        .bind(column(rows, |issue| issue.active_at))
        .bind(column(rows, |issue| issue.times_seen))
        .bind(column(rows, |issue| issue.score))
        .bind(column(rows, |issue| issue.first_release.as_deref()))
        .bind(column(rows, |issue| issue.resolved_at))
        .bind(column(rows, |issue| issue.priority_locked_at))
        .bind(column(rows, |issue| issue.assigned_user))
        .bind(column(rows, |issue| issue.assigned_team))
        .bind(column(rows, |issue| issue.text.hash))
        .bind(revision)
}

/// How issues stand that changed in nothing else, marked with the revision.
pub(super) async fn restate(
    connection: &mut PgConnection,
    rows: &[StandRow],
    revision: i64,
) -> Result<(), StoreError> {
    for run in stand_runs(rows) {
        let (first, alike) = match run {
            Run::Alike(first, alike) => (first, alike),
            Run::Others(others) => {
                restate_others(connection, others, revision).await?;
                continue;
            }
        };
        let standing = first.standing();
        let (status, substatus) = standing.status.unzip();
        let (user, team) = standing.assignee.unwrap_or_default();
        sqlx::query(hot::RESTATE_ALIKE)
            .bind(column(alike, |row| row.id))
            .bind(status)
            .bind(substatus.flatten())
            .bind(standing.priority)
            .bind(standing.resolved_at.is_some())
            .bind(standing.resolved_at.flatten())
            .bind(standing.priority_locked_at.is_some())
            .bind(standing.priority_locked_at.flatten())
            .bind(standing.assignee.is_some())
            .bind(user)
            .bind(team)
            .bind(revision)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn restate_others(
    connection: &mut PgConnection,
    rows: &[StandRow],
    revision: i64,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(hot::RESTATE_ISSUES)
        .bind(column(rows, |issue| issue.id))
        .bind(column(rows, |issue| issue.status))
        .bind(column(rows, |issue| issue.substatus))
        .bind(column(rows, |issue| issue.priority))
        .bind(column(rows, |issue| issue.resolved_at))
        .bind(column(rows, |issue| issue.priority_locked_at))
        .bind(column(rows, |issue| issue.assigned_user))
        .bind(column(rows, |issue| issue.assigned_team))
        .bind(revision)
        .execute(connection)
        .await?;
    Ok(())
}

//! What a batch writes of the issues themselves.

use super::hot;
use super::statement::{Row, integers};
use crate::store::StoreError;
use crate::store::alike::Run;
use crate::store::content::ContentRow;
use crate::store::rows::{IssueRow, Rows};
use crate::store::stands::{StandRow, stand_runs};
use sqlx::SqliteConnection;

/// The issues themselves, marked with the revision, but for those that are [restated](restate). Their texts are there.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    rows: &Rows<'_>,
    revision: i64,
) -> Result<(), StoreError> {
    hot::INSERT_ISSUES
        .run(connection, &rows.opened, |row, issue| {
            changing(row, issue, revision);
            row.push_bind(issue.project_id)
                .push_bind(issue.short_id)
                .push_bind(issue.group_type);
        })
        .await?;
    let (touched, changed): (Vec<_>, Vec<_>) = rows.touched.iter().partition(|issue| issue.stands);
    hot::TOUCH_ISSUES
        .run(connection, &touched, |row, issue| {
            row.push_bind(issue.id)
                .push_bind(issue.level)
                .push_bind(issue.last_seen)
                .push_bind(issue.active_at)
                .push_bind(issue.times_seen)
                .push_bind(issue.score)
                .push_bind(issue.first_release.as_deref())
                .push_bind(issue.text.hash)
                .push_bind(revision);
        })
        .await?;
    hot::UPDATE_ISSUES
        .run(connection, &changed, |row, issue| {
            changing(row, issue, revision);
        })
        .await?;
    contents(connection, &rows.contents).await
}

/// An issue's id and what of it can change: columns 1 to 17 of [`hot::INSERT_ISSUES`] and [`hot::UPDATE_ISSUES`].
fn changing(row: &mut Row, issue: &IssueRow<'_>, revision: i64) {
    row.push_bind(issue.id)
        .push_bind(issue.status)
        .push_bind(issue.substatus)
        .push_bind(issue.priority)
        .push_bind(issue.level)
        .push_bind(issue.first_seen)
        .push_bind(issue.last_seen)
        .push_bind(issue.active_at)
        .push_bind(issue.times_seen)
        .push_bind(issue.score)
        .push_bind(issue.first_release.as_deref())
        .push_bind(issue.resolved_at)
        .push_bind(issue.priority_locked_at)
        .push_bind(issue.assigned_user)
        .push_bind(issue.assigned_team)
        .push_bind(issue.text.hash)
        .push_bind(revision);
}

/// What issues say.
async fn contents(
    connection: &mut SqliteConnection,
    rows: &[ContentRow<'_>],
) -> Result<(), StoreError> {
    hot::PUT_CONTENTS
        .run(connection, rows, |row, content| {
            row.push_bind(content.issue_id)
                .push_bind(content.platform.as_ref())
                .push_bind(content.message.as_ref())
                .push_bind(content.culprit.as_ref())
                .push_bind(content.title.as_ref())
                .push_bind(content.subtitle.as_ref())
                .push_bind(content.data.as_str());
        })
        .await
}

/// How issues stand that changed in nothing else, marked with the revision.
pub(super) async fn restate(
    connection: &mut SqliteConnection,
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
            .bind(integers(alike.iter().map(|row| row.id)))
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
    connection: &mut SqliteConnection,
    rows: &[StandRow],
    revision: i64,
) -> Result<(), StoreError> {
    hot::RESTATE_ISSUES
        .run(connection, rows, |row, issue| {
            row.push_bind(issue.id)
                .push_bind(issue.status)
                .push_bind(issue.substatus)
                .push_bind(issue.priority)
                .push_bind(issue.resolved_at)
                .push_bind(issue.priority_locked_at)
                .push_bind(issue.assigned_user)
                .push_bind(issue.assigned_team)
                .push_bind(revision);
        })
        .await
}

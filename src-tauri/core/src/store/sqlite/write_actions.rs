//! Writing what an action leaves beside the issues: journal, fingerprints, deletions, audit log.

use super::statement::{MultiRow, integers};
use super::write_merge;
use crate::model::{IssueId, TransactionId};
use crate::store::action_rows::{ImageRow, SPLIT, tombstone_rows};
use crate::store::column::{Stamp, storable};
use crate::store::{
    Actions, AuditWrite, DeletionWrite, HashWrite, JobStep, JournalWrite, StoreError,
};
use sqlx::SqliteConnection;

/// `journal` by its unique transaction_id. ?1: transaction, ?2: time, ?3: actor, ?4: kind, ?5: title, ?6: issues,
/// ?7: the entry it takes back, ?8: end of taking it back, ?9: query, ?10: whether it is done along with something else.
const PUT_ENTRY: &str = "
    INSERT INTO journal (transaction_id, at, actor, kind, title, issues, undoes, undo_until, query, automatic)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (transaction_id) DO UPDATE SET
        issues = issues + excluded.issues,
        undo_until = max(coalesce(undo_until, excluded.undo_until), coalesce(excluded.undo_until, undo_until))
    RETURNING id";
const ADD_ENTRY_ISSUES: MultiRow = MultiRow {
    head: "INSERT OR FAIL INTO journal_issue (journal_id, issue_id, before, after)",
    tail: "ON CONFLICT (journal_id, issue_id) DO NOTHING",
};
/// `journal_issue` by its key. ?1: entry, ?2: `[issue, …]`, ?3: the entry that takes them back.
const MARK_UNDONE: &str = "
    UPDATE journal_issue SET undone_by = ?3
    WHERE journal_id = ?1 AND issue_id IN (SELECT value FROM json_each(?2)) AND undone_by IS NULL";
/// `journal` by its key. ?1: entry, ?2: how many more.
const COUNT_UNDONE: &str = "UPDATE journal SET undone = undone + ?2 WHERE id = ?1";
/// `job` by its key. ?1: job, ?2: done, ?3: skipped, ?4: time, ?5: entry, ?6: done before.
const STEP_JOB: &str = "
    UPDATE job SET done = ?2, skipped = ?3, touched_at = ?4, journal_id = coalesce(?5, journal_id)
    WHERE id = ?1 AND state = 'running' AND done = ?6";
const PUT_HASHES: MultiRow = MultiRow {
    head: "INSERT INTO grouphash (project_id, hash, issue_id, state)",
    tail: "ON CONFLICT (project_id, hash) DO UPDATE SET
        issue_id = excluded.issue_id, state = excluded.state, tombstone_id = NULL",
};
const ADD_TOMBSTONES: MultiRow = MultiRow {
    head: "INSERT INTO tombstone (previous_issue_id, project_id, level, message, culprit, data, actor, at)",
    tail: "ON CONFLICT (previous_issue_id) DO NOTHING",
};
/// `grouphash_by_issue` and `tombstone` by its unique previous_issue_id. ?1: `[issue, …]`.
const BURY_HASHES: &str = "
    UPDATE grouphash SET issue_id = NULL,
        tombstone_id = (SELECT t.id FROM tombstone AS t WHERE t.previous_issue_id = grouphash.issue_id)
    WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `tombstone` by its unique previous_issue_id. ?1: `[issue, …]`.
const DROP_TOMBSTONES: &str =
    "DELETE FROM tombstone WHERE previous_issue_id IN (SELECT value FROM json_each(?1))";
/// `deletion_job` by its unique transaction_id. ?1: project, ?2: transaction, ?3: kind, ?4: actor, ?5: time, ?6: end,
/// ?7: the transaction of its entry. One that has begun gets no more issues: they would go at once.
const PUT_DELETION: &str = "
    INSERT INTO deletion_job (project_id, transaction_id, kind, actor, created_at, due_at, attempts, entry_transaction)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)
    ON CONFLICT (transaction_id) DO UPDATE SET due_at = max(due_at, excluded.due_at) WHERE attempts = 0
    RETURNING id";
/// `deletion_job_issue` by its key. ?1: job, ?2: `[issue, …]`.
const ADD_DELETION_ISSUES: &str = "
    INSERT INTO deletion_job_issue (job_id, position, issue_id)
    SELECT ?1, w.key + (SELECT coalesce(max(p.position) + 1, 0) FROM deletion_job_issue AS p WHERE p.job_id = ?1),
        w.value
    FROM json_each(?2) AS w";
/// `deletion_job_issue_by_issue`. ?1: `[issue, …]`.
const DROP_DELETION_ISSUES: &str =
    "DELETE FROM deletion_job_issue WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `project` by its key. ?1: time, ?2: actor, ?3: issue, ?4: project, ?5: transaction, ?6: event.
const ADD_AUDIT: MultiRow = MultiRow {
    head: "INSERT INTO audit (at, actor, issue_id, transaction_id, event, project)
        SELECT w.column1, w.column2, w.column3, w.column4, w.column5, coalesce(p.slug, 'project-' || w.column6) FROM (",
    tail: ") AS w LEFT JOIN project AS p ON p.id = w.column6",
};

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    PUT_ENTRY,
    MARK_UNDONE,
    COUNT_UNDONE,
    STEP_JOB,
    BURY_HASHES,
    DROP_TOMBSTONES,
    PUT_DELETION,
    ADD_DELETION_ISSUES,
    DROP_DELETION_ISSUES,
];
/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (ADD_ENTRY_ISSUES, 4),
    (PUT_HASHES, 4),
    (ADD_TOMBSTONES, 8),
    (ADD_AUDIT, 6),
];

/// Everything in [`Actions`]. `images` are those of the journal, `now` is the time of the transaction.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    actions: &Actions,
    images: &[ImageRow],
    now: Stamp,
) -> Result<(), StoreError> {
    let entry = match &actions.journal {
        Some(write) => Some(journal(connection, write, images, now).await?),
        None => None,
    };
    if let (Some((undone, issues)), Some(by)) = (&actions.undone, entry) {
        mark_undone(connection, *undone, issues, by).await?;
    }
    if let Some(step) = &actions.job {
        job(connection, step, entry).await?;
    }
    tombstones(connection, actions, now).await?;
    hashes(connection, &actions.hashes).await?;
    for_issues(connection, DROP_TOMBSTONES, &actions.exhumed).await?;
    for write in &actions.deletions {
        deletion(connection, write, now).await?;
    }
    for_issues(connection, DROP_DELETION_ISSUES, &actions.undeleted).await?;
    audit(connection, &actions.audit, now).await?;
    if let Some(write) = &actions.merge {
        let entry = entry.ok_or_else(write_merge::without_entry)?;
        write_merge::merge(connection, write, entry).await?;
    }
    if let Some(write) = &actions.unmerge {
        write_merge::unmerge(connection, write).await?;
    }
    Ok(())
}

async fn journal(
    connection: &mut SqliteConnection,
    write: &JournalWrite,
    images: &[ImageRow],
    now: Stamp,
) -> Result<i64, StoreError> {
    let entry: i64 = sqlx::query_scalar(PUT_ENTRY)
        .bind(write.transaction.to_string())
        .bind(now)
        .bind(write.actor)
        .bind(write.kind.as_str())
        .bind(storable(&write.title).into_owned())
        .bind(i64::try_from(images.len()).unwrap_or(i64::MAX))
        .bind(write.undoes)
        .bind(write.undo_until.map(Stamp::of))
        .bind(
            write
                .query
                .as_deref()
                .map(|query| storable(query).into_owned()),
        )
        .bind(write.is_automatic)
        .fetch_one(&mut *connection)
        .await?;
    ADD_ENTRY_ISSUES
        .run(connection, images, |row, issue| {
            row.push_bind(entry)
                .push_bind(issue.issue_id)
                .push_bind(issue.before.as_str())
                .push_bind(issue.after.as_str());
        })
        .await?;
    Ok(entry)
}

async fn mark_undone(
    connection: &mut SqliteConnection,
    entry: i64,
    issues: &[IssueId],
    by: i64,
) -> Result<(), StoreError> {
    let marked = sqlx::query(MARK_UNDONE)
        .bind(entry)
        .bind(integers(issues.iter().map(|id| id.0)))
        .bind(by)
        .execute(&mut *connection)
        .await?;
    sqlx::query(COUNT_UNDONE)
        .bind(entry)
        .bind(i64::try_from(marked.rows_affected()).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
    Ok(())
}

async fn job(
    connection: &mut SqliteConnection,
    step: &JobStep,
    entry: Option<i64>,
) -> Result<(), StoreError> {
    let stepped = sqlx::query(STEP_JOB)
        .bind(step.job)
        .bind(i64::try_from(step.done).unwrap_or(i64::MAX))
        .bind(i64::try_from(step.skipped).unwrap_or(i64::MAX))
        .bind(Stamp::of(step.at))
        .bind(entry)
        .bind(i64::try_from(step.from).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
    if stepped.rows_affected() == 0 {
        return Err(StoreError::JobTaken { job: step.job });
    }
    Ok(())
}

async fn tombstones(
    connection: &mut SqliteConnection,
    actions: &Actions,
    now: Stamp,
) -> Result<(), StoreError> {
    let rows = tombstone_rows(actions)?;
    ADD_TOMBSTONES
        .run(connection, &rows, |row, tombstone| {
            row.push_bind(tombstone.issue_id)
                .push_bind(tombstone.project_id)
                .push_bind(tombstone.level)
                .push_bind(tombstone.message.as_str())
                .push_bind(tombstone.culprit.as_str())
                .push_bind(tombstone.data.as_str())
                .push_bind(tombstone.actor)
                .push_bind(now);
        })
        .await?;
    let issues: Vec<IssueId> = actions.tombstones.iter().map(|row| row.issue).collect();
    for_issues(connection, BURY_HASHES, &issues).await
}

async fn hashes(connection: &mut SqliteConnection, writes: &[HashWrite]) -> Result<(), StoreError> {
    PUT_HASHES
        .run(connection, writes, |row, write| {
            row.push_bind(write.project.0)
                .push_bind(write.hash.hash.0)
                .push_bind(write.issue.map(|id| id.0))
                .push_bind(write.hash.is_split.then_some(SPLIT));
        })
        .await
}

async fn deletion(
    connection: &mut SqliteConnection,
    write: &DeletionWrite,
    now: Stamp,
) -> Result<(), StoreError> {
    let put = |transaction: TransactionId| {
        sqlx::query_scalar(PUT_DELETION)
            .bind(write.project.0)
            .bind(transaction.to_string())
            .bind(write.kind.as_str())
            .bind(write.actor)
            .bind(now)
            .bind(Stamp::of(write.due_at))
            .bind(write.entry.to_string())
    };
    let known: Option<i64> = put(write.transaction)
        .fetch_optional(&mut *connection)
        .await?;
    let job = match known {
        Some(job) => job,
        None => {
            put(TransactionId::random())
                .fetch_one(&mut *connection)
                .await?
        }
    };
    sqlx::query(ADD_DELETION_ISSUES)
        .bind(job)
        .bind(integers(write.issues.iter().map(|id| id.0)))
        .execute(connection)
        .await?;
    Ok(())
}

async fn audit(
    connection: &mut SqliteConnection,
    writes: &[AuditWrite],
    now: Stamp,
) -> Result<(), StoreError> {
    ADD_AUDIT
        .run(connection, writes, |row, write| {
            row.push_bind(now)
                .push_bind(write.actor)
                .push_bind(write.issue.0)
                .push_bind(write.transaction.to_string())
                .push_bind(write.event)
                .push_bind(write.project.0);
        })
        .await
}

/// Runs a statement for a list of issues, where there are any.
async fn for_issues(
    connection: &mut SqliteConnection,
    statement: &'static str,
    issues: &[IssueId],
) -> Result<(), StoreError> {
    if !issues.is_empty() {
        sqlx::query(statement)
            .bind(integers(issues.iter().map(|id| id.0)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

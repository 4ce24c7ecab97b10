//! Writing what an action leaves beside the issues: journal, fingerprints, deletions, audit log.

use super::write::column;
use super::write_merge;
use crate::model::{IssueId, TransactionId};
use crate::store::action_rows::{ImageRow, SPLIT, tombstone_rows};
use crate::store::column::{Stamp, storable};
use crate::store::{
    Actions, AuditWrite, DeletionWrite, HashWrite, JobStep, JournalWrite, StoreError,
};
use sqlx::PgConnection;

/// `journal` by its unique transaction_id. $1: transaction, $2: time, $3: actor, $4: kind, $5: title, $6: issues,
/// $7: the entry it takes back, $8: end of taking it back, $9: query, $10: whether it is done along with something else.
const PUT_ENTRY: &str = "
    INSERT INTO journal AS j (transaction_id, at, actor, kind, title, issues, undoes, undo_until, query, automatic)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (transaction_id) DO UPDATE SET
        issues = j.issues + excluded.issues, undo_until = greatest(j.undo_until, excluded.undo_until)
    RETURNING id";
/// $1: entry, $2 to $4: a list a column.
const ADD_ENTRY_ISSUES: &str = "
    INSERT INTO journal_issue (journal_id, issue_id, before, after)
    SELECT $1, w.* FROM unnest($2::bigint[], $3::text[], $4::text[]) AS w
    ON CONFLICT (journal_id, issue_id) DO NOTHING";
/// `journal_issue` by its key. $1: entry, $2: issues, $3: the entry that takes them back.
const MARK_UNDONE: &str = "
    UPDATE journal_issue SET undone_by = $3
    WHERE journal_id = $1 AND issue_id = ANY($2) AND undone_by IS NULL";
/// `journal` by its key. $1: entry, $2: how many more.
const COUNT_UNDONE: &str = "UPDATE journal SET undone = undone + $2 WHERE id = $1";
/// `job` by its key. $1: job, $2: done, $3: skipped, $4: time, $5: entry, $6: done before.
const STEP_JOB: &str = "
    UPDATE job SET done = $2, skipped = $3, touched_at = $4, journal_id = coalesce($5, journal_id)
    WHERE id = $1 AND state = 'running' AND done = $6";
/// $1 to $4: a list a column. The rows are locked.
const PUT_HASHES: &str = "
    INSERT INTO grouphash (project_id, hash, issue_id, state)
    SELECT w.* FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::text[]) AS w (project_id, hash, issue_id, state)
    ORDER BY 1, 2
    ON CONFLICT (project_id, hash) DO UPDATE SET
        issue_id = excluded.issue_id, state = excluded.state, tombstone_id = NULL";
/// $1 to $7: a list a column, $8: time.
const ADD_TOMBSTONES: &str = "
    INSERT INTO tombstone (previous_issue_id, project_id, level, message, culprit, data, actor, at)
    SELECT w.*, $8 FROM unnest(
        $1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[]) AS w
    ON CONFLICT (previous_issue_id) DO NOTHING";
/// `grouphash_by_issue` and `tombstone` by its unique previous_issue_id. $1: issues.
const BURY_HASHES: &str = "
    UPDATE grouphash AS h SET issue_id = NULL, tombstone_id = t.id FROM tombstone AS t
    WHERE h.issue_id = ANY($1) AND t.previous_issue_id = ANY($1) AND t.previous_issue_id = h.issue_id";
/// `tombstone` by its unique previous_issue_id. $1: issues.
const DROP_TOMBSTONES: &str = "DELETE FROM tombstone WHERE previous_issue_id = ANY($1)";
/// `deletion_job` by its unique transaction_id. $1: project, $2: transaction, $3: kind, $4: actor, $5: time, $6: end,
/// $7: the transaction of its entry. One that has begun gets no more issues: they would go at once.
const PUT_DELETION: &str = "
    INSERT INTO deletion_job AS j (project_id, transaction_id, kind, actor, created_at, due_at, attempts, entry_transaction)
    VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
    ON CONFLICT (transaction_id) DO UPDATE SET due_at = greatest(j.due_at, excluded.due_at) WHERE j.attempts = 0
    RETURNING id";
/// `deletion_job_issue` by its key. $1: job, $2: issues.
const ADD_DELETION_ISSUES: &str = "
    INSERT INTO deletion_job_issue (job_id, position, issue_id)
    SELECT $1, w.place - 1 + (
        SELECT coalesce(max(p.position) + 1, 0) FROM deletion_job_issue AS p WHERE p.job_id = $1), w.issue_id
    FROM unnest($2::bigint[]) WITH ORDINALITY AS w (issue_id, place)";
/// `deletion_job_issue_by_issue`. $1: issues.
const DROP_DELETION_ISSUES: &str = "DELETE FROM deletion_job_issue WHERE issue_id = ANY($1)";
/// `project` by its key. $1: time, $2: actors, $3: issues, $4: transactions, $5: events, $6: projects.
const ADD_AUDIT: &str = "
    INSERT INTO audit (at, actor, issue_id, transaction_id, event, project)
    SELECT $1, w.actor, w.issue_id, w.transaction_id, w.event, coalesce(
        (SELECT p.slug FROM project AS p WHERE p.id = w.project_id), 'project-' || w.project_id)
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
        WITH ORDINALITY AS w (actor, issue_id, transaction_id, event, project_id, place)
    ORDER BY w.place";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    MARK_UNDONE,
    COUNT_UNDONE,
    STEP_JOB,
    BURY_HASHES,
    DROP_TOMBSTONES,
    ADD_DELETION_ISSUES,
    DROP_DELETION_ISSUES,
    ADD_AUDIT,
];
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    PUT_ENTRY,
    ADD_ENTRY_ISSUES,
    PUT_HASHES,
    ADD_TOMBSTONES,
    PUT_DELETION,
];

/// Everything in [`Actions`]. `images` are those of the journal, `now` is the time of the transaction.
pub(super) async fn rows(
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
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
    sqlx::query(ADD_ENTRY_ISSUES)
        .bind(entry)
        .bind(column(images, |row| row.issue_id))
        .bind(column(images, |row| row.before.as_str()))
        .bind(column(images, |row| row.after.as_str()))
        .execute(connection)
        .await?;
    Ok(entry)
}

async fn mark_undone(
    connection: &mut PgConnection,
    entry: i64,
    issues: &[IssueId],
    by: i64,
) -> Result<(), StoreError> {
    let marked = sqlx::query(MARK_UNDONE)
        .bind(entry)
        .bind(column(issues, |id| id.0))
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
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
    actions: &Actions,
    now: Stamp,
) -> Result<(), StoreError> {
    let rows = tombstone_rows(actions)?;
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_TOMBSTONES)
        .bind(column(&rows, |row| row.issue_id))
        .bind(column(&rows, |row| row.project_id))
        .bind(column(&rows, |row| row.level))
        .bind(column(&rows, |row| row.message.as_str()))
        .bind(column(&rows, |row| row.culprit.as_str()))
        .bind(column(&rows, |row| row.data.as_str()))
        .bind(column(&rows, |row| row.actor))
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let issues: Vec<IssueId> = actions.tombstones.iter().map(|row| row.issue).collect();
    for_issues(connection, BURY_HASHES, &issues).await
}

async fn hashes(connection: &mut PgConnection, writes: &[HashWrite]) -> Result<(), StoreError> {
    if !writes.is_empty() {
        sqlx::query(PUT_HASHES)
            .bind(column(writes, |write| write.project.0))
            .bind(column(writes, |write| write.hash.hash.0))
            .bind(column(writes, |write| write.issue.map(|id| id.0)))
            .bind(column(writes, |write| write.hash.is_split.then_some(SPLIT)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn deletion(
    connection: &mut PgConnection,
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
        .bind(column(&write.issues, |id| id.0))
        .execute(connection)
        .await?;
    Ok(())
}

async fn audit(
    connection: &mut PgConnection,
    writes: &[AuditWrite],
    now: Stamp,
) -> Result<(), StoreError> {
    if !writes.is_empty() {
        sqlx::query(ADD_AUDIT)
            .bind(now)
            .bind(column(writes, |write| write.actor))
            .bind(column(writes, |write| write.issue.0))
            .bind(column(writes, |write| write.transaction.to_string()))
            .bind(column(writes, |write| write.event))
            .bind(column(writes, |write| write.project.0))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Runs a statement for a list of issues, where there are any.
async fn for_issues(
    connection: &mut PgConnection,
    statement: &'static str,
    issues: &[IssueId],
) -> Result<(), StoreError> {
    if !issues.is_empty() {
        sqlx::query(statement)
            .bind(column(issues, |id| id.0))
            .execute(connection)
            .await?;
    }
    Ok(())
}

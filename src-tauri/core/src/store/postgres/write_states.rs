//! Writing the rows beside the issues: each table in one statement, from one list a column.

use super::write::column;
use crate::store::StoreError;
use crate::store::column::Stamp;
use crate::store::state_rows::{CounterRow, StateRows};
use sqlx::PgConnection;

/// `grouphash_by_issue`. $1: issues.
const GIVE_UP_HASHES: &str = "
    DELETE FROM grouphash WHERE issue_id = ANY($1) AND state IS DISTINCT FROM 'split'";
/// `grouphash_by_issue`. $1: issues.
const DETACH_HASHES: &str = "UPDATE grouphash SET issue_id = NULL WHERE issue_id = ANY($1)";
/// $1: issues.
const DROP_INBOX: &str = "DELETE FROM issue_inbox WHERE issue_id = ANY($1)";
/// $1: issues.
const DROP_SNOOZES: &str = "DELETE FROM issue_snooze WHERE issue_id = ANY($1)";
/// $1: issues.
const DROP_RESOLUTIONS: &str = "DELETE FROM issue_resolution WHERE issue_id = ANY($1)";
/// $1: issues.
const DROP_FORECASTS: &str = "DELETE FROM issue_forecast WHERE issue_id = ANY($1)";
/// $1: dead letters.
const REPLAYED: &str =
    "UPDATE dead_letter SET state = 'replayed', attempts = attempts + 1 WHERE id = ANY($1)";

/// $1 to $4: a list a column.
const PUT_INBOX: &str = "
    INSERT INTO issue_inbox (issue_id, reason, details, since)
    SELECT w.* FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::timestamptz[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET
        reason = excluded.reason, details = excluded.details, since = excluded.since";
/// $1 to $9: a list a column.
const PUT_SNOOZES: &str = r#"
    INSERT INTO issue_snooze (
        issue_id, until, count, "window", user_count, user_window, times_seen, users_seen, actor)
    SELECT w.* FROM unnest(
        $1::bigint[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET
        until = excluded.until, count = excluded.count, "window" = excluded."window",
        user_count = excluded.user_count, user_window = excluded.user_window, times_seen = excluded.times_seen,
        users_seen = excluded.users_seen, actor = excluded.actor"#;
/// $1 to $7: a list a column.
const PUT_RESOLUTIONS: &str = "
    INSERT INTO issue_resolution (issue_id, project_id, id, kind, status, release, current_release_version)
    SELECT w.* FROM unnest(
        $1::bigint[], $2::bigint[], $3::text[], $4::smallint[], $5::smallint[], $6::text[], $7::text[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET
        project_id = excluded.project_id, id = excluded.id, kind = excluded.kind, status = excluded.status,
        release = excluded.release, current_release_version = excluded.current_release_version";
/// $1 to $3: a list a column.
const PUT_FORECASTS: &str = "
    INSERT INTO issue_forecast (issue_id, limits, made_at)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET limits = excluded.limits, made_at = excluded.made_at";
/// $1 to $6: a list a column. Ids are given in the order of the lists.
const ADD_ACTIVITIES: &str = "
    INSERT INTO activity (issue_id, kind, actor, ident, data, at)
    SELECT w.issue_id, w.kind, w.actor, w.ident, w.data, w.at
    FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
        WITH ORDINALITY AS w (issue_id, kind, actor, ident, data, at, place)
    ORDER BY w.place";
/// $1: activities, $2: data.
const CORRECT_ACTIVITIES: &str = "
    UPDATE activity AS a SET data = w.data FROM unnest($1::bigint[], $2::text[]) AS w (id, data) WHERE a.id = w.id";
/// $1 to $5: a list a column. Ids are given in the order of the lists.
const ADD_HISTORY: &str = "
    INSERT INTO issue_history (issue_id, kind, actor, release, at)
    SELECT w.issue_id, w.kind, w.actor, w.release, w.at
    FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::timestamptz[])
        WITH ORDINALITY AS w (issue_id, kind, actor, release, at, place)
    ORDER BY w.place
    RETURNING id";
/// `issue_history` by its key, `issue_history_by_kind` for each row. $1: the new rows, $2: kind, $3: its opposites. Most
/// rows have no row to point to, and are not written again.
const LINK_HISTORY: &str = "
    UPDATE issue_history AS h SET previous_id = l.previous_id, previous_at = l.previous_at
    FROM (
        SELECT n.id, p.id AS previous_id, p.at AS previous_at FROM issue_history AS n CROSS JOIN LATERAL (
            SELECT o.id, o.at FROM issue_history AS o
            WHERE o.issue_id = n.issue_id AND o.kind = ANY($3) AND o.id < n.id ORDER BY o.id DESC LIMIT 1) AS p
        WHERE n.id = ANY($1) AND n.kind = $2) AS l
    WHERE h.id = l.id";
/// $1: projects, $2: messages, $3: time.
const PUT_MARKS: &str = "
    INSERT INTO message_mark (project_id, message_id, marked_at)
    SELECT w.project_id, w.message_id, $3 FROM unnest($1::bigint[], $2::text[]) AS w (project_id, message_id)
    ORDER BY 1, 2
    ON CONFLICT (project_id, message_id) DO UPDATE SET marked_at = excluded.marked_at";
/// $1: keys, $2: what to add, $3: ends, $4: now. One statement, so that all writers lock the counters in the same
/// order.
const ADD_TO_COUNTERS: &str = "
    INSERT INTO counter AS c (key, count, expires_at)
    SELECT w.* FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS w (key, count, expires_at) ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN c.expires_at <= $4 THEN 0 ELSE c.count END + excluded.count,
        expires_at = CASE WHEN c.expires_at <= $4 THEN excluded.expires_at
            ELSE greatest(c.expires_at, excluded.expires_at) END";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    GIVE_UP_HASHES,
    DETACH_HASHES,
    DROP_INBOX,
    DROP_SNOOZES,
    DROP_RESOLUTIONS,
    DROP_FORECASTS,
    REPLAYED,
    PUT_INBOX,
    PUT_SNOOZES,
    PUT_RESOLUTIONS,
    PUT_FORECASTS,
    ADD_ACTIVITIES,
    CORRECT_ACTIVITIES,
    ADD_HISTORY,
    LINK_HISTORY,
    PUT_MARKS,
    ADD_TO_COUNTERS,
];

/// Everything in [`StateRows`] but the hashes and the counters. `now` is the time of the batch.
pub(super) async fn rows(
    connection: &mut PgConnection,
    rows: &StateRows<'_>,
    now: Stamp,
) -> Result<(), StoreError> {
    inbox(connection, rows).await?;
    snoozes(connection, rows).await?;
    resolutions(connection, rows).await?;
    forecasts(connection, rows).await?;
    activities(connection, rows).await?;
    history(connection, rows).await?;
    if !rows.marks.is_empty() {
        sqlx::query(PUT_MARKS)
            .bind(column(&rows.marks, |(project, _)| *project))
            .bind(column(&rows.marks, |(_, message)| message.as_ref()))
            .bind(now)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Frees the hashes of issues, before others are linked to them.
pub(super) async fn give_up_hashes(
    connection: &mut PgConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    for_ids(connection, GIVE_UP_HASHES, &rows.without_hashes).await?;
    for_ids(connection, DETACH_HASHES, &rows.without_hashes).await
}

/// Marks dead letters as tried again with success.
pub(super) async fn replayed(
    connection: &mut PgConnection,
    letters: &[i64],
) -> Result<(), StoreError> {
    for_ids(connection, REPLAYED, letters).await
}

/// Runs a statement for a list of ids, where there are any.
async fn for_ids(
    connection: &mut PgConnection,
    statement: &'static str,
    ids: &[i64],
) -> Result<(), StoreError> {
    if !ids.is_empty() {
        sqlx::query(statement).bind(ids).execute(connection).await?;
    }
    Ok(())
}

async fn inbox(connection: &mut PgConnection, rows: &StateRows<'_>) -> Result<(), StoreError> {
    let list = &rows.inbox.put;
    if !list.is_empty() {
        sqlx::query(PUT_INBOX)
            .bind(column(list, |entry| entry.issue_id))
            .bind(column(list, |entry| entry.reason))
            .bind(column(list, |entry| entry.details.as_deref()))
            .bind(column(list, |entry| entry.since))
            .execute(&mut *connection)
            .await?;
    }
    for_ids(connection, DROP_INBOX, &rows.inbox.gone).await
}

async fn snoozes(connection: &mut PgConnection, rows: &StateRows<'_>) -> Result<(), StoreError> {
    let list = &rows.snoozes.put;
    if !list.is_empty() {
        sqlx::query(PUT_SNOOZES)
            .bind(column(list, |snooze| snooze.issue_id))
            .bind(column(list, |snooze| snooze.until))
            .bind(column(list, |snooze| snooze.count))
            .bind(column(list, |snooze| snooze.window))
            .bind(column(list, |snooze| snooze.user_count))
            .bind(column(list, |snooze| snooze.user_window))
            .bind(column(list, |snooze| snooze.times_seen))
            .bind(column(list, |snooze| snooze.users_seen))
            .bind(column(list, |snooze| snooze.actor))
            .execute(&mut *connection)
            .await?;
    }
    for_ids(connection, DROP_SNOOZES, &rows.snoozes.gone).await
}

async fn resolutions(
    connection: &mut PgConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    let list = &rows.resolutions.put;
    if !list.is_empty() {
        sqlx::query(PUT_RESOLUTIONS)
            .bind(column(list, |resolution| resolution.issue_id))
            .bind(column(list, |resolution| resolution.project_id))
            .bind(column(list, |resolution| resolution.id.as_ref()))
            .bind(column(list, |resolution| resolution.kind))
            .bind(column(list, |resolution| resolution.status))
            .bind(column(list, |resolution| resolution.release.as_ref()))
            .bind(column(list, |resolution| {
                resolution.current_release_version.as_deref()
            }))
            .execute(&mut *connection)
            .await?;
    }
    for_ids(connection, DROP_RESOLUTIONS, &rows.resolutions.gone).await
}

async fn forecasts(connection: &mut PgConnection, rows: &StateRows<'_>) -> Result<(), StoreError> {
    let list = &rows.forecasts.put;
    if !list.is_empty() {
        sqlx::query(PUT_FORECASTS)
            .bind(column(list, |forecast| forecast.issue_id))
            .bind(column(list, |forecast| forecast.limits.as_str()))
            .bind(column(list, |forecast| forecast.made_at))
            .execute(&mut *connection)
            .await?;
    }
    for_ids(connection, DROP_FORECASTS, &rows.forecasts.gone).await
}

async fn activities(connection: &mut PgConnection, rows: &StateRows<'_>) -> Result<(), StoreError> {
    let list = &rows.activities;
    if !list.is_empty() {
        sqlx::query(ADD_ACTIVITIES)
            .bind(column(list, |activity| activity.issue_id))
            .bind(column(list, |activity| activity.kind))
            .bind(column(list, |activity| activity.actor))
            .bind(column(list, |activity| activity.ident.as_deref()))
            .bind(column(list, |activity| activity.data.as_str()))
            .bind(column(list, |activity| activity.at))
            .execute(&mut *connection)
            .await?;
    }
    if !rows.corrections.is_empty() {
        sqlx::query(CORRECT_ACTIVITIES)
            .bind(column(&rows.corrections, |(id, _)| *id))
            .bind(column(&rows.corrections, |(_, data)| data.as_str()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn history(connection: &mut PgConnection, rows: &StateRows<'_>) -> Result<(), StoreError> {
    let list = &rows.history;
    if list.is_empty() {
        return Ok(());
    }
    let added: Vec<i64> = sqlx::query_scalar(ADD_HISTORY)
        .bind(column(list, |line| line.issue_id))
        .bind(column(list, |line| line.kind))
        .bind(column(list, |line| line.actor))
        .bind(column(list, |line| line.release.as_deref()))
        .bind(column(list, |line| line.at))
        .fetch_all(&mut *connection)
        .await?;
    for kind in rows.kinds_to_link() {
        sqlx::query(LINK_HISTORY)
            .bind(&added)
            .bind(kind.number())
            .bind(column(kind.opposites(), |kind| kind.number()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What limits have counted, at the time `now`.
pub(super) async fn counters(
    connection: &mut PgConnection,
    rows: &[CounterRow<'_>],
    now: Stamp,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_TO_COUNTERS)
        .bind(column(rows, |row| row.key.as_ref()))
        .bind(column(rows, |row| row.add))
        .bind(column(rows, |row| row.expires_at))
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

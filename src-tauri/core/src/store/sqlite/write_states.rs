//! Writing the rows beside the issues.

use super::statement::{MultiRow, integers, texts};
use crate::store::StoreError;
use crate::store::alike::{Run, runs};
use crate::store::column::Stamp;
use crate::store::state_rows::{ActivityRow, CounterRow, HistoryRow, StateRows};
use sqlx::SqliteConnection;

/// `grouphash_by_issue`. ?1: `[issue, …]`.
const GIVE_UP_HASHES: &str = "
    DELETE FROM grouphash WHERE issue_id IN (SELECT value FROM json_each(?1)) AND state IS NOT 'split'";
/// `grouphash_by_issue`. ?1: `[issue, …]`.
const DETACH_HASHES: &str =
    "UPDATE grouphash SET issue_id = NULL WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// ?1: `[issue, …]`.
const DROP_INBOX: &str =
    "DELETE FROM issue_inbox WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// ?1: `[issue, …]`.
const DROP_SNOOZES: &str =
    "DELETE FROM issue_snooze WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// ?1: `[issue, …]`.
const DROP_RESOLUTIONS: &str =
    "DELETE FROM issue_resolution WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// ?1: `[issue, …]`.
const DROP_FORECASTS: &str =
    "DELETE FROM issue_forecast WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// Activities that differ only in their issue. ?1: `[issue, …]`, ?2: kind, ?3: actor, ?4: ident, ?5: data, ?6: time.
const ADD_ALIKE_ACTIVITIES: &str = "
    INSERT OR FAIL INTO activity (issue_id, kind, actor, ident, data, at)
    SELECT w.value, ?2, ?3, ?4, ?5, ?6 FROM json_each(?1) AS w";
/// Lines of history that differ only in their issue. ?1: `[issue, …]`, ?2: kind, ?3: actor, ?4: release, ?5: time.
const ADD_ALIKE_HISTORY: &str = "
    INSERT OR FAIL INTO issue_history (issue_id, kind, actor, release, at)
    SELECT w.value, ?2, ?3, ?4, ?5 FROM json_each(?1) AS w";
const LAST_HISTORY: &str = "SELECT coalesce(max(id), 0) FROM issue_history";
/// `issue_history` by its key, `issue_history_by_kind` for each row, once for all kinds: an issue has few rows. ?1: the
/// last row that was there before, ?2: kind, ?3: `[opposite kind, …]`. Most rows have no row to point to, and are not
/// written again.
const LINK_HISTORY: &str = "
    UPDATE OR FAIL issue_history AS h SET previous_id = r.previous_id, previous_at = r.previous_at
    FROM (
        SELECT n.id, max(p.id) AS previous_id, p.at AS previous_at FROM issue_history AS n
        CROSS JOIN issue_history AS p
            ON p.issue_id = n.issue_id AND +p.kind IN (SELECT value FROM json_each(?3)) AND p.id < n.id
        WHERE n.id > ?1 AND n.kind = ?2 GROUP BY n.id) AS r
    WHERE h.id = r.id";
/// ?1: `[dead letter, …]`.
const REPLAYED: &str = "
    UPDATE dead_letter SET state = 'replayed', attempts = attempts + 1
    WHERE id IN (SELECT value FROM json_each(?1))";
/// ?1: `[key, …]`, ?2: now. A counter that begins anew is a new one.
const DROP_EXPIRED_COUNTERS: &str =
    "DELETE FROM counter WHERE key IN (SELECT value FROM json_each(?1)) AND expires_at <= ?2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    GIVE_UP_HASHES,
    DETACH_HASHES,
    DROP_INBOX,
    DROP_SNOOZES,
    DROP_RESOLUTIONS,
    DROP_FORECASTS,
    ADD_ALIKE_ACTIVITIES,
    ADD_ALIKE_HISTORY,
    LAST_HISTORY,
    LINK_HISTORY,
    REPLAYED,
    DROP_EXPIRED_COUNTERS,
];

const PUT_INBOX: MultiRow = MultiRow {
    head: "INSERT INTO issue_inbox (issue_id, reason, details, since)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET
        reason = excluded.reason, details = excluded.details, since = excluded.since",
};
const PUT_SNOOZES: MultiRow = MultiRow {
    head: "INSERT INTO issue_snooze (
        issue_id, until, count, window, user_count, user_window, times_seen, users_seen, actor)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET
        until = excluded.until, count = excluded.count, window = excluded.window,
        user_count = excluded.user_count, user_window = excluded.user_window, times_seen = excluded.times_seen,
        users_seen = excluded.users_seen, actor = excluded.actor",
};
const PUT_RESOLUTIONS: MultiRow = MultiRow {
    head: "INSERT INTO issue_resolution (
        issue_id, project_id, id, kind, status, release, current_release_version)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET
        project_id = excluded.project_id, id = excluded.id, kind = excluded.kind, status = excluded.status,
        release = excluded.release, current_release_version = excluded.current_release_version",
};
const PUT_FORECASTS: MultiRow = MultiRow {
    head: "INSERT INTO issue_forecast (issue_id, limits, made_at)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET limits = excluded.limits, made_at = excluded.made_at",
};
const ADD_ACTIVITIES: MultiRow = MultiRow {
    head: "INSERT OR FAIL INTO activity (issue_id, kind, actor, ident, data, at)",
    tail: "",
};
const CORRECT_ACTIVITIES: MultiRow = MultiRow {
    head: "UPDATE activity SET data = v.column2 FROM (",
    tail: ") AS v WHERE activity.id = v.column1",
};
const ADD_HISTORY: MultiRow = MultiRow {
    head: "INSERT OR FAIL INTO issue_history (issue_id, kind, actor, release, at)",
    tail: "",
};
const PUT_MARKS: MultiRow = MultiRow {
    head: "INSERT INTO message_mark (project_id, message_id, marked_at)",
    tail: "ON CONFLICT (project_id, message_id) DO UPDATE SET marked_at = excluded.marked_at",
};
const ADD_TO_COUNTERS: MultiRow = MultiRow {
    head: "INSERT INTO counter (key, count, expires_at)",
    tail: "ON CONFLICT (key) DO UPDATE SET
        count = count + excluded.count, expires_at = max(expires_at, excluded.expires_at)",
};

/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (PUT_INBOX, 4),
    (PUT_SNOOZES, 9),
    (PUT_RESOLUTIONS, 7),
    (PUT_FORECASTS, 3),
    (ADD_ACTIVITIES, 6),
    (CORRECT_ACTIVITIES, 2),
    (ADD_HISTORY, 5),
    (PUT_MARKS, 3),
    (ADD_TO_COUNTERS, 3),
];

/// Everything in [`StateRows`] but the hashes and the counters. `now` is the time of the batch.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
    now: Stamp,
) -> Result<(), StoreError> {
    inbox_and_snoozes(connection, rows).await?;
    resolutions_and_forecasts(connection, rows).await?;
    activities(connection, rows).await?;
    history(connection, rows).await?;
    PUT_MARKS
        .run(connection, &rows.marks, |row, (project, message)| {
            row.push_bind(*project)
                .push_bind(message.as_ref())
                .push_bind(now);
        })
        .await
}

/// Frees the hashes of issues, before others are linked to them.
pub(super) async fn give_up_hashes(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    for_ids(connection, GIVE_UP_HASHES, &rows.without_hashes).await?;
    for_ids(connection, DETACH_HASHES, &rows.without_hashes).await
}

/// Marks dead letters as tried again with success.
pub(super) async fn replayed(
    connection: &mut SqliteConnection,
    letters: &[i64],
) -> Result<(), StoreError> {
    for_ids(connection, REPLAYED, letters).await
}

/// Runs a statement for a list of ids, where there are any.
async fn for_ids(
    connection: &mut SqliteConnection,
    statement: &'static str,
    ids: &[i64],
) -> Result<(), StoreError> {
    if !ids.is_empty() {
        sqlx::query(statement)
            .bind(integers(ids.iter().copied()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn inbox_and_snoozes(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    PUT_INBOX
        .run(connection, &rows.inbox.put, |row, entry| {
            row.push_bind(entry.issue_id)
                .push_bind(entry.reason)
                .push_bind(entry.details.as_deref())
                .push_bind(entry.since);
        })
        .await?;
    for_ids(connection, DROP_INBOX, &rows.inbox.gone).await?;
    PUT_SNOOZES
        .run(connection, &rows.snoozes.put, |row, snooze| {
            row.push_bind(snooze.issue_id)
                .push_bind(snooze.until)
                .push_bind(snooze.count)
                .push_bind(snooze.window)
                .push_bind(snooze.user_count)
                .push_bind(snooze.user_window)
                .push_bind(snooze.times_seen)
                .push_bind(snooze.users_seen)
                .push_bind(snooze.actor);
        })
        .await?;
    for_ids(connection, DROP_SNOOZES, &rows.snoozes.gone).await
}

async fn resolutions_and_forecasts(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    PUT_RESOLUTIONS
        .run(connection, &rows.resolutions.put, |row, resolution| {
            row.push_bind(resolution.issue_id)
                .push_bind(resolution.project_id)
                .push_bind(resolution.id.as_ref())
                .push_bind(resolution.kind)
                .push_bind(resolution.status)
                .push_bind(resolution.release.as_ref())
                .push_bind(resolution.current_release_version.as_deref());
        })
        .await?;
    for_ids(connection, DROP_RESOLUTIONS, &rows.resolutions.gone).await?;
    PUT_FORECASTS
        .run(connection, &rows.forecasts.put, |row, forecast| {
            row.push_bind(forecast.issue_id)
                .push_bind(forecast.limits.as_str())
                .push_bind(forecast.made_at);
        })
        .await?;
    for_ids(connection, DROP_FORECASTS, &rows.forecasts.gone).await
}

async fn activities(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    for run in runs(&rows.activities, ActivityRow::is_like) {
        match run {
            Run::Alike(activity, alike) => {
                sqlx::query(ADD_ALIKE_ACTIVITIES)
                    .bind(integers(alike.iter().map(|row| row.issue_id)))
                    .bind(activity.kind)
                    .bind(activity.actor)
                    .bind(activity.ident.as_deref().map(str::to_owned))
                    .bind(activity.data.clone())
                    .bind(activity.at)
                    .execute(&mut *connection)
                    .await?;
            }
            Run::Others(others) => add_activities(connection, others).await?,
        }
    }
    CORRECT_ACTIVITIES
        .run(connection, &rows.corrections, |row, (id, data)| {
            row.push_bind(*id).push_bind(data.as_str());
        })
        .await
}

async fn add_activities(
    connection: &mut SqliteConnection,
    rows: &[ActivityRow<'_>],
) -> Result<(), StoreError> {
    ADD_ACTIVITIES
        .run(connection, rows, |row, activity| {
            row.push_bind(activity.issue_id)
                .push_bind(activity.kind)
                .push_bind(activity.actor)
                .push_bind(activity.ident.as_deref())
                .push_bind(activity.data.as_str())
                .push_bind(activity.at);
        })
        .await
}

async fn history(
    connection: &mut SqliteConnection,
    rows: &StateRows<'_>,
) -> Result<(), StoreError> {
    if rows.history.is_empty() {
        return Ok(());
    }
    let last: i64 = sqlx::query_scalar(LAST_HISTORY)
        .fetch_one(&mut *connection)
        .await?;
    for run in runs(&rows.history, HistoryRow::is_like) {
        match run {
            Run::Alike(line, alike) => {
                sqlx::query(ADD_ALIKE_HISTORY)
                    .bind(integers(alike.iter().map(|row| row.issue_id)))
                    .bind(line.kind)
                    .bind(line.actor)
                    .bind(line.release.as_deref().map(str::to_owned))
                    .bind(line.at)
                    .execute(&mut *connection)
                    .await?;
            }
            Run::Others(others) => add_history(connection, others).await?,
        }
    }
    for kind in rows.kinds_to_link() {
        let opposites = kind.opposites().iter().map(|kind| kind.number().into());
        sqlx::query(LINK_HISTORY)
            .bind(last)
            .bind(kind.number())
            .bind(integers(opposites))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn add_history(
    connection: &mut SqliteConnection,
    rows: &[HistoryRow<'_>],
) -> Result<(), StoreError> {
    ADD_HISTORY
        .run(connection, rows, |row, line| {
            row.push_bind(line.issue_id)
                .push_bind(line.kind)
                .push_bind(line.actor)
                .push_bind(line.release.as_deref())
                .push_bind(line.at);
        })
        .await
}

/// What limits have counted, at the time `now`.
pub(super) async fn counters(
    connection: &mut SqliteConnection,
    rows: &[CounterRow<'_>],
    now: Stamp,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_ref()).collect();
    sqlx::query(DROP_EXPIRED_COUNTERS)
        .bind(texts(&keys)?)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    ADD_TO_COUNTERS
        .run(connection, rows, |row, counter| {
            row.push_bind(counter.key.as_ref())
                .push_bind(counter.add)
                .push_bind(counter.expires_at);
        })
        .await
}

//! Moving the rows of merged issues, and moving them back.

use super::write::column;
use super::write_search;
use crate::store::column::{Stamp, storable};
use crate::store::{MergeWrite, StoreError, UnmergeWrite};
use crate::triage::Kin;
use sqlx::PgConnection;

/// `occurrence_by_issue`. $1: entry, $2: children.
const NOTE_OCCURRENCES: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT $1, 'occurrence', r.issue_id, r.seq FROM occurrence AS r WHERE r.issue_id = ANY($2)";
/// `activity_by_issue`. As [`NOTE_OCCURRENCES`].
const NOTE_ACTIVITIES: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT $1, 'activity', r.issue_id, r.id FROM activity AS r WHERE r.issue_id = ANY($2)";
/// `issue_owner_by_issue`. As [`NOTE_OCCURRENCES`].
const NOTE_OWNERS: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT $1, 'owner', r.issue_id, r.id FROM issue_owner AS r WHERE r.issue_id = ANY($2)";
/// `issue_link` by its unique (issue_id, kind, source, target). Of equal links one moves, and none where the parent has
/// it. As [`NOTE_OCCURRENCES`]; $3: parent.
const NOTE_LINKS: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT $1, 'link', l.issue_id, l.id FROM issue_link AS l WHERE l.issue_id = ANY($2)
    AND NOT EXISTS (
        SELECT 1 FROM issue_link AS k WHERE k.issue_id = $3
            AND k.kind = l.kind AND k.source = l.source AND k.target = l.target)
    AND NOT EXISTS (
        SELECT 1 FROM issue_link AS k WHERE k.issue_id = ANY($2)
            AND k.kind = l.kind AND k.source = l.source AND k.target = l.target AND k.id < l.id)";
/// `journal_move` and `occurrence` by their keys. $1: entry, $2: parent.
const MOVE_OCCURRENCES: &str = "
    UPDATE occurrence AS r SET issue_id = $2 FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'occurrence' AND r.seq = m.row_id";
/// `journal_move` and `activity` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_ACTIVITIES: &str = "
    UPDATE activity AS r SET issue_id = $2 FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'activity' AND r.id = m.row_id";
/// `journal_move` and `issue_owner` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_OWNERS: &str = "
    UPDATE issue_owner AS r SET issue_id = $2 FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'owner' AND r.id = m.row_id";
/// `journal_move` and `issue_link` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_LINKS: &str = "
    UPDATE issue_link AS r SET issue_id = $2 FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'link' AND r.id = m.row_id";
/// `issue_bucket` by its key. $1: parent, $2: children. The children keep theirs, to be taken off again.
const ADD_BUCKETS: &str = "
    INSERT INTO issue_bucket AS p (issue_id, hour, count)
    SELECT $1, b.hour, sum(b.count)::bigint FROM issue_bucket AS b WHERE b.issue_id = ANY($2) GROUP BY b.hour
    ON CONFLICT (issue_id, hour) DO UPDATE SET count = p.count + excluded.count";
/// `issue_redirect` by its key. $1: parent, $2: children.
const REDIRECT: &str = "
    INSERT INTO issue_redirect (old_id, new_id) SELECT w.id, $1 FROM unnest($2::bigint[]) AS w (id)
    ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id";

/// `journal_move` and `occurrence` by their keys. $1: entry, $2: parent. What has gone elsewhere since stays there.
const RETURN_OCCURRENCES: &str = "
    UPDATE occurrence AS r SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'occurrence' AND r.seq = m.row_id AND r.issue_id = $2";
/// `journal_move` and `activity` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_ACTIVITIES: &str = "
    UPDATE activity AS r SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'activity' AND r.id = m.row_id AND r.issue_id = $2";
/// `journal_move` and `issue_owner` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_OWNERS: &str = "
    UPDATE issue_owner AS r SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'owner' AND r.id = m.row_id AND r.issue_id = $2";
/// `journal_move` and `issue_link` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_LINKS: &str = "
    UPDATE issue_link AS r SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = $1 AND m.what = 'link' AND r.id = m.row_id AND r.issue_id = $2";
/// `journal_move` by the first part of its key. $1: entry.
const FORGET_MOVES: &str = "DELETE FROM journal_move WHERE journal_id = $1";
/// `issue_bucket` by its key. $1: parent, $2: children.
const TAKE_BUCKETS_OFF: &str = "
    UPDATE issue_bucket AS p SET count = p.count - (
        SELECT coalesce(sum(b.count), 0)::bigint FROM issue_bucket AS b WHERE b.issue_id = ANY($2) AND b.hour = p.hour)
    WHERE p.issue_id = $1";
/// `issue_bucket` by the first part of its key. $1: parent.
const DROP_EMPTY_BUCKETS: &str = "DELETE FROM issue_bucket WHERE issue_id = $1 AND count <= 0";
/// `issue_redirect` by its key. $1: children.
const DROP_REDIRECTS: &str = "DELETE FROM issue_redirect WHERE old_id = ANY($1)";
/// `issue_environment` by its key. $1: issue, $2: environments.
const DROP_ENVIRONMENTS: &str =
    "DELETE FROM issue_environment WHERE issue_id = $1 AND environment = ANY($2)";
/// `issue_release` by its key. $1: issue, $2: releases, $3: environments.
const DROP_RELEASES: &str = "
    DELETE FROM issue_release AS r USING unnest($2::text[], $3::text[]) AS w (release, environment)
    WHERE r.issue_id = $1 AND r.release = w.release AND r.environment = w.environment";
/// $1: issue, $2 to $4: a list a column.
const PUT_ENVIRONMENTS: &str = "
    INSERT INTO issue_environment (issue_id, environment, first_release, first_seen)
    SELECT $1, w.* FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS w
    ON CONFLICT (issue_id, environment) DO UPDATE SET
        first_release = excluded.first_release, first_seen = excluded.first_seen";
/// $1: issue, $2 to $5: a list a column.
const PUT_RELEASES: &str = "
    INSERT INTO issue_release (issue_id, release, environment, first_seen, last_seen)
    SELECT $1, w.* FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS w
    ON CONFLICT (issue_id, release, environment) DO UPDATE SET
        first_seen = excluded.first_seen, last_seen = excluded.last_seen";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    NOTE_OCCURRENCES,
    NOTE_ACTIVITIES,
    NOTE_OWNERS,
    NOTE_LINKS,
    MOVE_OCCURRENCES,
    MOVE_ACTIVITIES,
    MOVE_OWNERS,
    MOVE_LINKS,
    ADD_BUCKETS,
    RETURN_OCCURRENCES,
    RETURN_ACTIVITIES,
    RETURN_OWNERS,
    RETURN_LINKS,
    FORGET_MOVES,
    TAKE_BUCKETS_OFF,
    DROP_EMPTY_BUCKETS,
    DROP_REDIRECTS,
    DROP_ENVIRONMENTS,
    DROP_RELEASES,
];
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[REDIRECT, PUT_ENVIRONMENTS, PUT_RELEASES];

pub(super) fn without_entry() -> StoreError {
    StoreError::Defect("a merge without an entry in the journal could not be taken back".to_owned())
}

/// Moves the rows of the children to their parent, and notes under `entry` where they came from.
pub(super) async fn merge(
    connection: &mut PgConnection,
    write: &MergeWrite,
    entry: i64,
) -> Result<(), StoreError> {
    let children = column(&write.children, |id| id.0);
    for statement in [NOTE_OCCURRENCES, NOTE_ACTIVITIES, NOTE_OWNERS] {
        sqlx::query(statement)
            .bind(entry)
            .bind(&children)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(NOTE_LINKS)
        .bind(entry)
        .bind(&children)
        .bind(write.parent.0)
        .execute(&mut *connection)
        .await?;
    for statement in [MOVE_OCCURRENCES, MOVE_ACTIVITIES, MOVE_OWNERS, MOVE_LINKS] {
        sqlx::query(statement)
            .bind(entry)
            .bind(write.parent.0)
            .execute(&mut *connection)
            .await?;
    }
    for statement in [ADD_BUCKETS, REDIRECT] {
        sqlx::query(statement)
            .bind(write.parent.0)
            .bind(&children)
            .execute(&mut *connection)
            .await?;
    }
    for child in &write.children {
        write_search::move_search_rows(connection, child.0, write.parent.0).await?;
    }
    put(connection, write.parent.0, &write.put).await
}

/// Moves them back, as far as they are still there.
pub(super) async fn unmerge(
    connection: &mut PgConnection,
    write: &UnmergeWrite,
) -> Result<(), StoreError> {
    let parent = write.parent.0;
    let children = column(&write.children, |id| id.0);
    for statement in [
        RETURN_OCCURRENCES,
        RETURN_ACTIVITIES,
        RETURN_OWNERS,
        RETURN_LINKS,
    ] {
        sqlx::query(statement)
            .bind(write.entry)
            .bind(parent)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(FORGET_MOVES)
        .bind(write.entry)
        .execute(&mut *connection)
        .await?;
    sqlx::query(TAKE_BUCKETS_OFF)
        .bind(parent)
        .bind(&children)
        .execute(&mut *connection)
        .await?;
    sqlx::query(DROP_EMPTY_BUCKETS)
        .bind(parent)
        .execute(&mut *connection)
        .await?;
    sqlx::query(DROP_REDIRECTS)
        .bind(&children)
        .execute(&mut *connection)
        .await?;
    for child in &write.children {
        write_search::move_search_rows(connection, parent, child.0).await?;
    }
    put(connection, parent, &write.put).await?;
    drop_kin(connection, parent, &write.gone).await
}

async fn put(connection: &mut PgConnection, issue: i64, kin: &Kin) -> Result<(), StoreError> {
    let rows = &kin.environments;
    if !rows.is_empty() {
        sqlx::query(PUT_ENVIRONMENTS)
            .bind(issue)
            .bind(column(rows, |row| storable(&row.environment)))
            .bind(column(rows, |row| row.first_release.as_deref()))
            .bind(column(rows, |row| Stamp::of(row.first_seen)))
            .execute(&mut *connection)
            .await?;
    }
    let rows = &kin.releases;
    if !rows.is_empty() {
        sqlx::query(PUT_RELEASES)
            .bind(issue)
            .bind(column(rows, |row| storable(&row.release)))
            .bind(column(rows, |row| storable(&row.environment)))
            .bind(column(rows, |row| Stamp::of(row.first_seen)))
            .bind(column(rows, |row| Stamp::of(row.last_seen)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn drop_kin(connection: &mut PgConnection, issue: i64, kin: &Kin) -> Result<(), StoreError> {
    let rows = &kin.environments;
    if !rows.is_empty() {
        sqlx::query(DROP_ENVIRONMENTS)
            .bind(issue)
            .bind(column(rows, |row| row.environment.as_str()))
            .execute(&mut *connection)
            .await?;
    }
    let rows = &kin.releases;
    if !rows.is_empty() {
        sqlx::query(DROP_RELEASES)
            .bind(issue)
            .bind(column(rows, |row| row.release.as_str()))
            .bind(column(rows, |row| row.environment.as_str()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

//! Moving the rows of merged issues, and moving them back.

use super::statement::{MultiRow, integer_text_pairs, integers};
use super::write_search;
use crate::store::column::{Stamp, storable};
use crate::store::{MergeWrite, StoreError, UnmergeWrite};
use crate::triage::Kin;
use sqlx::SqliteConnection;
use std::borrow::Cow;

/// `occurrence_by_issue`. ?1: entry, ?2: `[child, …]`.
const NOTE_OCCURRENCES: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT ?1, 'occurrence', o.issue_id, o.seq FROM json_each(?2) AS w CROSS JOIN occurrence AS o ON o.issue_id = w.value";
/// `activity_by_issue`. As [`NOTE_OCCURRENCES`].
const NOTE_ACTIVITIES: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT ?1, 'activity', a.issue_id, a.id FROM json_each(?2) AS w CROSS JOIN activity AS a ON a.issue_id = w.value";
/// `issue_owner_by_issue`. As [`NOTE_OCCURRENCES`].
const NOTE_OWNERS: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT ?1, 'owner', o.issue_id, o.id FROM json_each(?2) AS w CROSS JOIN issue_owner AS o ON o.issue_id = w.value";
/// `issue_link` by its unique (issue_id, kind, source, target). Of equal links one moves, and none where the parent has
/// it. As [`NOTE_OCCURRENCES`]; ?3: parent.
const NOTE_LINKS: &str = "
    INSERT INTO journal_move (journal_id, what, issue_id, row_id)
    SELECT ?1, 'link', l.issue_id, l.id FROM json_each(?2) AS w CROSS JOIN issue_link AS l ON l.issue_id = w.value
    WHERE NOT EXISTS (
        SELECT 1 FROM issue_link AS k WHERE k.issue_id = ?3
            AND k.kind = l.kind AND k.source = l.source AND k.target = l.target)
    AND NOT EXISTS (
        SELECT 1 FROM json_each(?2) AS x CROSS JOIN issue_link AS k ON k.issue_id = x.value
            AND k.kind = l.kind AND k.source = l.source AND k.target = l.target AND k.id < l.id)";
/// `journal_move` and `occurrence` by their keys. ?1: entry, ?2: parent.
const MOVE_OCCURRENCES: &str = "
    UPDATE occurrence SET issue_id = ?2
    WHERE seq IN (SELECT row_id FROM journal_move WHERE journal_id = ?1 AND what = 'occurrence')";
/// `journal_move` and `activity` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_ACTIVITIES: &str = "
    UPDATE activity SET issue_id = ?2
    WHERE id IN (SELECT row_id FROM journal_move WHERE journal_id = ?1 AND what = 'activity')";
/// `journal_move` and `issue_owner` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_OWNERS: &str = "
    UPDATE issue_owner SET issue_id = ?2
    WHERE id IN (SELECT row_id FROM journal_move WHERE journal_id = ?1 AND what = 'owner')";
/// `journal_move` and `issue_link` by their keys. As [`MOVE_OCCURRENCES`].
const MOVE_LINKS: &str = "
    UPDATE issue_link SET issue_id = ?2
    WHERE id IN (SELECT row_id FROM journal_move WHERE journal_id = ?1 AND what = 'link')";
/// `issue_bucket` by its key. ?1: parent, ?2: `[child, …]`. The children keep theirs, to be taken off again.
const ADD_BUCKETS: &str = "
    INSERT INTO issue_bucket (issue_id, hour, count)
    SELECT ?1, b.hour, sum(b.count) FROM json_each(?2) AS w CROSS JOIN issue_bucket AS b ON b.issue_id = w.value
    WHERE TRUE GROUP BY b.hour
    ON CONFLICT (issue_id, hour) DO UPDATE SET count = count + excluded.count";
/// `issue_redirect` by its key. ?1: parent, ?2: `[child, …]`.
const REDIRECT: &str = "
    INSERT INTO issue_redirect (old_id, new_id) SELECT w.value, ?1 FROM json_each(?2) AS w WHERE TRUE
    ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id";

/// `journal_move` and `occurrence` by their keys. ?1: entry, ?2: parent. What has gone elsewhere since stays there.
const RETURN_OCCURRENCES: &str = "
    UPDATE occurrence SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = ?1 AND m.what = 'occurrence' AND occurrence.seq = m.row_id AND +occurrence.issue_id = ?2";
/// `journal_move` and `activity` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_ACTIVITIES: &str = "
    UPDATE activity SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = ?1 AND m.what = 'activity' AND activity.id = m.row_id AND +activity.issue_id = ?2";
/// `journal_move` and `issue_owner` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_OWNERS: &str = "
    UPDATE issue_owner SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = ?1 AND m.what = 'owner' AND issue_owner.id = m.row_id AND +issue_owner.issue_id = ?2";
/// `journal_move` and `issue_link` by their keys. As [`RETURN_OCCURRENCES`].
const RETURN_LINKS: &str = "
    UPDATE issue_link SET issue_id = m.issue_id FROM journal_move AS m
    WHERE m.journal_id = ?1 AND m.what = 'link' AND issue_link.id = m.row_id AND +issue_link.issue_id = ?2";
/// `journal_move` by the first part of its key. ?1: entry.
const FORGET_MOVES: &str = "DELETE FROM journal_move WHERE journal_id = ?1";
/// `issue_bucket` by its key. ?1: parent, ?2: `[child, …]`.
const TAKE_BUCKETS_OFF: &str = "
    UPDATE issue_bucket SET count = count - (
        SELECT coalesce(sum(b.count), 0) FROM json_each(?2) AS w
        CROSS JOIN issue_bucket AS b ON b.issue_id = w.value AND b.hour = issue_bucket.hour)
    WHERE issue_id = ?1";
/// `issue_bucket` by the first part of its key. ?1: parent.
const DROP_EMPTY_BUCKETS: &str = "DELETE FROM issue_bucket WHERE issue_id = ?1 AND count <= 0";
/// `issue_redirect` by its key. ?1: `[child, …]`.
const DROP_REDIRECTS: &str =
    "DELETE FROM issue_redirect WHERE old_id IN (SELECT value FROM json_each(?1))";
/// `issue_environment` by its key. ?1: `[[issue, environment], …]`.
const DROP_ENVIRONMENTS: &str = "
    DELETE FROM issue_environment
    WHERE (issue_id, environment) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
/// `issue_release` by its key. ?1: issue, ?2: release, ?3: environment.
const DROP_RELEASE: &str =
    "DELETE FROM issue_release WHERE issue_id = ?1 AND release = ?2 AND environment = ?3";

const PUT_ENVIRONMENTS: MultiRow = MultiRow {
    head: "INSERT INTO issue_environment (issue_id, environment, first_release, first_seen)",
    tail: "ON CONFLICT (issue_id, environment) DO UPDATE SET
        first_release = excluded.first_release, first_seen = excluded.first_seen",
};
const PUT_RELEASES: MultiRow = MultiRow {
    head: "INSERT INTO issue_release (issue_id, release, environment, first_seen, last_seen)",
    tail: "ON CONFLICT (issue_id, release, environment) DO UPDATE SET
        first_seen = excluded.first_seen, last_seen = excluded.last_seen",
};

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
    REDIRECT,
    RETURN_OCCURRENCES,
    RETURN_ACTIVITIES,
    RETURN_OWNERS,
    RETURN_LINKS,
    FORGET_MOVES,
    TAKE_BUCKETS_OFF,
    DROP_EMPTY_BUCKETS,
    DROP_REDIRECTS,
    DROP_ENVIRONMENTS,
    DROP_RELEASE,
];
/// It groups by what no index is sorted by.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD_BUCKETS];
/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[(PUT_ENVIRONMENTS, 4), (PUT_RELEASES, 5)];

pub(super) fn without_entry() -> StoreError {
    StoreError::Defect("a merge without an entry in the journal could not be taken back".to_owned())
}

/// Moves the rows of the children to their parent, and notes under `entry` where they came from.
pub(super) async fn merge(
    connection: &mut SqliteConnection,
    write: &MergeWrite,
    entry: i64,
) -> Result<(), StoreError> {
    let children = integers(write.children.iter().map(|id| id.0));
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
    connection: &mut SqliteConnection,
    write: &UnmergeWrite,
) -> Result<(), StoreError> {
    let parent = write.parent.0;
    let children = integers(write.children.iter().map(|id| id.0));
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

async fn put(connection: &mut SqliteConnection, issue: i64, kin: &Kin) -> Result<(), StoreError> {
    PUT_ENVIRONMENTS
        .run(connection, &kin.environments, |row, environment| {
            row.push_bind(issue)
                .push_bind(storable(&environment.environment).into_owned())
                .push_bind(environment.first_release.clone())
                .push_bind(Stamp::of(environment.first_seen));
        })
        .await?;
    PUT_RELEASES
        .run(connection, &kin.releases, |row, release| {
            row.push_bind(issue)
                .push_bind(storable(&release.release).into_owned())
                .push_bind(storable(&release.environment).into_owned())
                .push_bind(Stamp::of(release.first_seen))
                .push_bind(Stamp::of(release.last_seen));
        })
        .await
}

async fn drop_kin(
    connection: &mut SqliteConnection,
    issue: i64,
    kin: &Kin,
) -> Result<(), StoreError> {
    if !kin.environments.is_empty() {
        let names = kin.environments.iter().map(|row| row.environment.as_str());
        let pairs = integer_text_pairs(names.map(|name| (issue, Cow::Borrowed(name))))?;
        sqlx::query(DROP_ENVIRONMENTS)
            .bind(pairs)
            .execute(&mut *connection)
            .await?;
    }
    for row in &kin.releases {
        sqlx::query(DROP_RELEASE)
            .bind(issue)
            .bind(&row.release)
            .bind(&row.environment)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

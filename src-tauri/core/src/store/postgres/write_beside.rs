//! Writing the rows of members, links for others and links elsewhere: each table in one statement.

use super::write::column;
use crate::store::StoreError;
use crate::store::beside_rows::{BesideRows, SinceRow};
use sqlx::PgConnection;

/// $1 to $3: a list a column.
const PUT_SEEN: &str = "
    INSERT INTO issue_seen (issue_id, user_id, seen_at)
    SELECT w.* FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS w (issue_id, user_id, at) ORDER BY 1, 2
    ON CONFLICT (issue_id, user_id) DO UPDATE SET seen_at = excluded.seen_at";
/// $1 to $3: a list a column.
const PUT_BOOKMARKS: &str = "
    INSERT INTO issue_bookmark (issue_id, user_id, at)
    SELECT w.* FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS w (issue_id, user_id, at) ORDER BY 1, 2
    ON CONFLICT (issue_id, user_id) DO UPDATE SET at = excluded.at";
/// $1 to $5: a list a column.
const PUT_SUBSCRIPTIONS: &str = "
    INSERT INTO issue_subscription (issue_id, user_id, active, reason, at)
    SELECT w.* FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::text[], $5::timestamptz[]) AS w
        (issue_id, user_id, active, reason, at) ORDER BY 1, 2
    ON CONFLICT (issue_id, user_id) DO UPDATE SET
        active = excluded.active, reason = excluded.reason, at = excluded.at";
/// $1 to $4: a list a column.
const PUT_SHARES: &str = "
    INSERT INTO issue_share (issue_id, share_id, actor, at)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET
        share_id = excluded.share_id, actor = excluded.actor, at = excluded.at";
/// $1 to $6: a list a column.
const ADD_LINKS: &str = "
    INSERT INTO issue_link (issue_id, kind, source, target, actor, added_at)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) AS w
    ON CONFLICT (issue_id, kind, source, target) DO NOTHING";
/// $1, $2: a list a column.
const ADD_LABELS: &str = "
    INSERT INTO issue_label (issue_id, label)
    SELECT w.* FROM unnest($1::bigint[], $2::text[]) AS w (issue_id, label) ORDER BY 1, 2
    ON CONFLICT (issue_id, label) DO NOTHING";
/// `issue_seen` by its key. $1: issues, $2: members.
const DROP_SEEN: &str = "
    DELETE FROM issue_seen AS s USING unnest($1::bigint[], $2::bigint[]) AS w (issue_id, user_id)
    WHERE s.issue_id = w.issue_id AND s.user_id = w.user_id";
/// `issue_bookmark` by its key. As [`DROP_SEEN`].
const DROP_BOOKMARKS: &str = "
    DELETE FROM issue_bookmark AS s USING unnest($1::bigint[], $2::bigint[]) AS w (issue_id, user_id)
    WHERE s.issue_id = w.issue_id AND s.user_id = w.user_id";
/// `issue_subscription` by its key. As [`DROP_SEEN`].
const DROP_SUBSCRIPTIONS: &str = "
    DELETE FROM issue_subscription AS s USING unnest($1::bigint[], $2::bigint[]) AS w (issue_id, user_id)
    WHERE s.issue_id = w.issue_id AND s.user_id = w.user_id";
/// `issue_share` by its key. $1: issues.
const DROP_SHARES: &str = "DELETE FROM issue_share WHERE issue_id = ANY($1)";
/// `issue_link` by its unique key. $1 to $4: issues, and a kind, a source and a target of each.
const DROP_LINKS: &str = "
    DELETE FROM issue_link AS l USING unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS w
        (issue_id, kind, source, target)
    WHERE l.issue_id = w.issue_id AND l.kind = w.kind AND l.source = w.source AND l.target = w.target";
/// `issue_label` by its key. $1: issues, $2: a label of each.
const DROP_LABELS: &str = "
    DELETE FROM issue_label AS l USING unnest($1::bigint[], $2::text[]) AS w (issue_id, label)
    WHERE l.issue_id = w.issue_id AND l.label = w.label";
/// `activity_by_ident`. $1: issues, $2: an ident for each. 8 is the number of a note.
const DROP_NOTES: &str = "
    DELETE FROM activity AS a USING unnest($1::bigint[], $2::text[]) AS w (issue_id, ident)
    WHERE a.issue_id = w.issue_id AND a.ident = w.ident AND a.kind = 8";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DROP_SEEN,
    DROP_BOOKMARKS,
    DROP_SUBSCRIPTIONS,
    DROP_SHARES,
    DROP_LINKS,
    DROP_LABELS,
    DROP_NOTES,
];
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    PUT_SEEN,
    PUT_BOOKMARKS,
    PUT_SUBSCRIPTIONS,
    PUT_SHARES,
    ADD_LINKS,
    ADD_LABELS,
];

pub(super) async fn rows(
    connection: &mut PgConnection,
    rows: &BesideRows<'_>,
) -> Result<(), StoreError> {
    since(connection, PUT_SEEN, &rows.seen.put).await?;
    drop_pairs(connection, DROP_SEEN, &rows.seen.gone).await?;
    since(connection, PUT_BOOKMARKS, &rows.bookmarks.put).await?;
    drop_pairs(connection, DROP_BOOKMARKS, &rows.bookmarks.gone).await?;
    let list = &rows.subscriptions.put;
    if !list.is_empty() {
        sqlx::query(PUT_SUBSCRIPTIONS)
            .bind(column(list, |row| row.issue_id))
            .bind(column(list, |row| row.user_id))
            .bind(column(list, |row| row.active))
            .bind(column(list, |row| row.reason.as_deref()))
            .bind(column(list, |row| row.at))
            .execute(&mut *connection)
            .await?;
    }
    drop_pairs(connection, DROP_SUBSCRIPTIONS, &rows.subscriptions.gone).await?;
    shares(connection, rows).await?;
    links(connection, rows).await?;
    texts(connection, ADD_LABELS, &rows.labels).await?;
    texts(connection, DROP_LABELS, &rows.unlabelled).await?;
    texts(connection, DROP_NOTES, &rows.unwritten).await
}

/// Runs a statement for issues and a text of each, where there are any.
async fn texts(
    connection: &mut PgConnection,
    statement: &'static str,
    pairs: &[(i64, &str)],
) -> Result<(), StoreError> {
    if !pairs.is_empty() {
        sqlx::query(statement)
            .bind(column(pairs, |(issue, _)| *issue))
            .bind(column(pairs, |(_, text)| *text))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn links(connection: &mut PgConnection, rows: &BesideRows<'_>) -> Result<(), StoreError> {
    let list = &rows.links;
    if !list.is_empty() {
        sqlx::query(ADD_LINKS)
            .bind(column(list, |row| row.key.0))
            .bind(column(list, |row| row.key.1))
            .bind(column(list, |row| row.key.2.as_ref()))
            .bind(column(list, |row| row.key.3.as_ref()))
            .bind(column(list, |row| row.actor))
            .bind(column(list, |row| row.added_at))
            .execute(&mut *connection)
            .await?;
    }
    let list = &rows.unlinked;
    if !list.is_empty() {
        sqlx::query(DROP_LINKS)
            .bind(column(list, |key| key.0))
            .bind(column(list, |key| key.1))
            .bind(column(list, |key| key.2.as_ref()))
            .bind(column(list, |key| key.3.as_ref()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn shares(connection: &mut PgConnection, rows: &BesideRows<'_>) -> Result<(), StoreError> {
    let list = &rows.shares;
    if !list.is_empty() {
        sqlx::query(PUT_SHARES)
            .bind(column(list, |row| row.issue_id))
            .bind(column(list, |row| row.share_id.as_str()))
            .bind(column(list, |row| row.actor))
            .bind(column(list, |row| row.at))
            .execute(&mut *connection)
            .await?;
    }
    if !rows.unshared.is_empty() {
        sqlx::query(DROP_SHARES)
            .bind(&rows.unshared)
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn since(
    connection: &mut PgConnection,
    statement: &'static str,
    rows: &[SinceRow],
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        sqlx::query(statement)
            .bind(column(rows, |row| row.issue_id))
            .bind(column(rows, |row| row.user_id))
            .bind(column(rows, |row| row.at))
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn drop_pairs(
    connection: &mut PgConnection,
    statement: &'static str,
    pairs: &[(i64, i64)],
) -> Result<(), StoreError> {
    if !pairs.is_empty() {
        sqlx::query(statement)
            .bind(column(pairs, |(issue, _)| *issue))
            .bind(column(pairs, |(_, member)| *member))
            .execute(connection)
            .await?;
    }
    Ok(())
}

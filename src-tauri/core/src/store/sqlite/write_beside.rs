//! Writing the rows of members, links for others and links elsewhere.

use super::statement::{MultiRow, integer_pairs, integer_text_pairs, integers};
use crate::store::StoreError;
use crate::store::beside_rows::{BesideRows, SinceRow};
use crate::store::rows::json;
use sqlx::SqliteConnection;
use std::borrow::Cow;

const PUT_SEEN: MultiRow = MultiRow {
    head: "INSERT INTO issue_seen (issue_id, user_id, seen_at)",
    tail: "ON CONFLICT (issue_id, user_id) DO UPDATE SET seen_at = excluded.seen_at",
};
const PUT_BOOKMARKS: MultiRow = MultiRow {
    head: "INSERT INTO issue_bookmark (issue_id, user_id, at)",
    tail: "ON CONFLICT (issue_id, user_id) DO UPDATE SET at = excluded.at",
};
const PUT_SUBSCRIPTIONS: MultiRow = MultiRow {
    head: "INSERT INTO issue_subscription (issue_id, user_id, active, reason, at)",
    tail: "ON CONFLICT (issue_id, user_id) DO UPDATE SET
        active = excluded.active, reason = excluded.reason, at = excluded.at",
};
const PUT_SHARES: MultiRow = MultiRow {
    head: "INSERT INTO issue_share (issue_id, share_id, actor, at)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET
        share_id = excluded.share_id, actor = excluded.actor, at = excluded.at",
};
const ADD_LINKS: MultiRow = MultiRow {
    head: "INSERT INTO issue_link (issue_id, kind, source, target, actor, added_at)",
    tail: "ON CONFLICT (issue_id, kind, source, target) DO NOTHING",
};
const ADD_LABELS: MultiRow = MultiRow {
    head: "INSERT INTO issue_label (issue_id, label)",
    tail: "ON CONFLICT (issue_id, label) DO NOTHING",
};
/// `issue_seen` by its key. ?1: `[[issue, member], …]`.
const DROP_SEEN: &str = "
    DELETE FROM issue_seen WHERE (issue_id, user_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
/// `issue_bookmark` by its key. As [`DROP_SEEN`].
const DROP_BOOKMARKS: &str = "
    DELETE FROM issue_bookmark WHERE (issue_id, user_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
/// `issue_subscription` by its key. As [`DROP_SEEN`].
const DROP_SUBSCRIPTIONS: &str = "
    DELETE FROM issue_subscription
    WHERE (issue_id, user_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
/// `issue_share` by its key. ?1: `[issue, …]`.
const DROP_SHARES: &str =
    "DELETE FROM issue_share WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `issue_link` by its unique key. ?1: `[[issue, kind, source, target], …]`.
const DROP_LINKS: &str = "
    DELETE FROM issue_link WHERE (issue_id, kind, source, target) IN (
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1))";
/// `issue_label` by its key. ?1: `[[issue, label], …]`.
const DROP_LABELS: &str = "
    DELETE FROM issue_label WHERE (issue_id, label) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
/// `activity_by_ident`. ?1: `[[issue, ident], …]`. 8 is the number of a note.
const DROP_NOTES: &str = "
    DELETE FROM activity WHERE id IN (
        SELECT a.id FROM json_each(?1) AS w CROSS JOIN activity AS a
            ON a.issue_id = w.value ->> 0 AND a.ident = w.value ->> 1 AND a.kind = 8)";

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
/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (PUT_SEEN, 3),
    (PUT_BOOKMARKS, 3),
    (PUT_SUBSCRIPTIONS, 5),
    (PUT_SHARES, 4),
    (ADD_LINKS, 6),
    (ADD_LABELS, 2),
];

pub(super) async fn rows(
    connection: &mut SqliteConnection,
    rows: &BesideRows<'_>,
) -> Result<(), StoreError> {
    since(connection, PUT_SEEN, &rows.seen.put).await?;
    drop_pairs(connection, DROP_SEEN, &rows.seen.gone).await?;
    since(connection, PUT_BOOKMARKS, &rows.bookmarks.put).await?;
    drop_pairs(connection, DROP_BOOKMARKS, &rows.bookmarks.gone).await?;
    PUT_SUBSCRIPTIONS
        .run(connection, &rows.subscriptions.put, |row, subscription| {
            row.push_bind(subscription.issue_id)
                .push_bind(subscription.user_id)
                .push_bind(subscription.active)
                .push_bind(subscription.reason.as_deref())
                .push_bind(subscription.at);
        })
        .await?;
    drop_pairs(connection, DROP_SUBSCRIPTIONS, &rows.subscriptions.gone).await?;
    PUT_SHARES
        .run(connection, &rows.shares, |row, share| {
            row.push_bind(share.issue_id)
                .push_bind(share.share_id.as_str())
                .push_bind(share.actor)
                .push_bind(share.at);
        })
        .await?;
    if !rows.unshared.is_empty() {
        sqlx::query(DROP_SHARES)
            .bind(integers(rows.unshared.iter().copied()))
            .execute(&mut *connection)
            .await?;
    }
    ADD_LINKS
        .run(connection, &rows.links, |row, link| {
            let (issue, kind, source, target) = &link.key;
            row.push_bind(*issue)
                .push_bind(*kind)
                .push_bind(source.as_ref())
                .push_bind(target.as_ref())
                .push_bind(link.actor)
                .push_bind(link.added_at);
        })
        .await?;
    if !rows.unlinked.is_empty() {
        sqlx::query(DROP_LINKS)
            .bind(json(&rows.unlinked)?)
            .execute(&mut *connection)
            .await?;
    }
    ADD_LABELS
        .run(connection, &rows.labels, |row, (issue, label)| {
            row.push_bind(*issue).push_bind(*label);
        })
        .await?;
    drop_texts(connection, DROP_LABELS, &rows.unlabelled).await?;
    drop_texts(connection, DROP_NOTES, &rows.unwritten).await
}

async fn drop_texts(
    connection: &mut SqliteConnection,
    statement: &'static str,
    pairs: &[(i64, &str)],
) -> Result<(), StoreError> {
    if !pairs.is_empty() {
        let pairs = pairs.iter().map(|(issue, text)| (*issue, Cow::from(*text)));
        sqlx::query(statement)
            .bind(integer_text_pairs(pairs)?)
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn since(
    connection: &mut SqliteConnection,
    statement: MultiRow,
    rows: &[SinceRow],
) -> Result<(), StoreError> {
    statement
        .run(connection, rows, |row, since| {
            row.push_bind(since.issue_id)
                .push_bind(since.user_id)
                .push_bind(since.at);
        })
        .await
}

async fn drop_pairs(
    connection: &mut SqliteConnection,
    statement: &'static str,
    pairs: &[(i64, i64)],
) -> Result<(), StoreError> {
    if !pairs.is_empty() {
        sqlx::query(statement)
            .bind(integer_pairs(pairs.iter().copied()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

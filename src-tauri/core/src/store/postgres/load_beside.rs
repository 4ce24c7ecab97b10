//! What stands beside the issues of a plan and only actions ask for.

use super::write::column;
use crate::model::IssueId;
use crate::store::action_rows::{
    KinEnvironmentRecord, KinReleaseRecord, put_issue_hashes, put_kin,
};
use crate::store::beside_rows::LoadedBeside;
use crate::store::{BatchState, LoadPlan, StoreError};
use sqlx::PgConnection;
use uuid::Uuid;

/// `issue_seen` by its key. $1: issues, $2: whether all members are wanted, $3: members.
const SEEN: &str = "
    SELECT s.issue_id, s.user_id, s.seen_at AS at FROM issue_seen AS s
    WHERE s.issue_id = ANY($1) AND ($2 OR s.user_id = ANY($3))";
/// `issue_bookmark` by its key. As [`SEEN`].
const BOOKMARKS: &str = "
    SELECT b.issue_id, b.user_id, b.at FROM issue_bookmark AS b
    WHERE b.issue_id = ANY($1) AND ($2 OR b.user_id = ANY($3))";
/// `issue_subscription` by its key. As [`SEEN`].
const SUBSCRIPTIONS: &str = "
    SELECT s.issue_id, s.user_id, s.active, s.reason, s.at FROM issue_subscription AS s
    WHERE s.issue_id = ANY($1) AND ($2 OR s.user_id = ANY($3))";
/// `issue_share` by its key. $1: issues.
const SHARES: &str =
    "SELECT issue_id, share_id, actor, at FROM issue_share WHERE issue_id = ANY($1)";
/// `issue_label` by the first part of its key. $1: issues.
const LABELS: &str = "SELECT issue_id, label FROM issue_label WHERE issue_id = ANY($1)";
/// `issue_link` by the first part of its unique key. $1: issues.
const LINKS: &str = "
    SELECT l.issue_id, l.kind, l.source, l.target, l.actor, l.added_at
    FROM issue_link AS l WHERE l.issue_id = ANY($1)";
/// `activity_by_ident`. $1: issues, $2: an ident for each. 8 is the number of a note.
const NOTES: &str = "
    SELECT a.issue_id, a.ident, a.actor, a.data, a.at
    FROM unnest($1::bigint[], $2::text[]) AS w (issue_id, ident)
    JOIN activity AS a ON a.issue_id = w.issue_id AND a.ident = w.ident AND a.kind = 8";
/// `grouphash_by_issue`. $1: issues.
const HASHES_OF_ISSUES: &str =
    "SELECT issue_id, hash, state FROM grouphash WHERE issue_id = ANY($1)";
/// `tombstone` by its unique previous_issue_id. $1: issues.
const WITH_TOMBSTONE: &str =
    "SELECT previous_issue_id FROM tombstone WHERE previous_issue_id = ANY($1)";
/// `issue_environment` by the first part of its key. $1: issues.
const ENVIRONMENTS: &str = "
    SELECT issue_id, environment, first_release, first_seen FROM issue_environment WHERE issue_id = ANY($1)";
/// `issue_release` by the first part of its key. $1: issues.
const RELEASES: &str = "
    SELECT issue_id, release, environment, first_seen, last_seen FROM issue_release WHERE issue_id = ANY($1)";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    SEEN,
    BOOKMARKS,
    SUBSCRIPTIONS,
    SHARES,
    LABELS,
    LINKS,
    NOTES,
    HASHES_OF_ISSUES,
    WITH_TOMBSTONE,
    ENVIRONMENTS,
    RELEASES,
];

/// Reads what the plan wants of it. The issues are loaded and locked.
pub(super) async fn beside(
    connection: &mut PgConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let wanted = &plan.beside;
    let ids: Vec<i64> = plan.issues.iter().map(|id| id.0).collect();
    let mut loaded = LoadedBeside::default();
    if wanted.everybody || !wanted.people.is_empty() {
        loaded.seen = sqlx::query_as(SEEN)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&wanted.people)
            .fetch_all(&mut *connection)
            .await?;
        loaded.bookmarks = sqlx::query_as(BOOKMARKS)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&wanted.people)
            .fetch_all(&mut *connection)
            .await?;
        loaded.subscriptions = sqlx::query_as(SUBSCRIPTIONS)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&wanted.people)
            .fetch_all(&mut *connection)
            .await?;
    }
    if wanted.shares {
        loaded.shares = sqlx::query_as(SHARES)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
    }
    if wanted.labels {
        loaded.labels = sqlx::query_as(LABELS)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
    }
    if wanted.links {
        loaded.links = sqlx::query_as(LINKS)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
    }
    if !wanted.notes.is_empty() {
        loaded.notes = sqlx::query_as(NOTES)
            .bind(column(&wanted.notes, |(issue, _)| issue.0))
            .bind(column(&wanted.notes, |(_, ident)| ident.as_str()))
            .fetch_all(&mut *connection)
            .await?;
    }
    loaded.put(&mut state.issues)?;
    if wanted.hashes {
        let rows: Vec<(i64, Uuid, Option<String>)> = sqlx::query_as(HASHES_OF_ISSUES)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
        put_issue_hashes(rows, state);
        let rows: Vec<i64> = sqlx::query_scalar(WITH_TOMBSTONE)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
        state.with_tombstone = rows.into_iter().map(IssueId).collect();
    }
    if wanted.kin {
        let environments: Vec<KinEnvironmentRecord> = sqlx::query_as(ENVIRONMENTS)
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
        let releases: Vec<KinReleaseRecord> = sqlx::query_as(RELEASES)
            .bind(&ids)
            .fetch_all(connection)
            .await?;
        put_kin(environments, releases, state);
    }
    Ok(())
}

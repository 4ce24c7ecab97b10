//! What stands beside the issues of a plan and only actions ask for.

use super::statement::{integer_text_pairs, integers};
use crate::model::IssueId;
use crate::store::action_rows::{
    KinEnvironmentRecord, KinReleaseRecord, put_issue_hashes, put_kin,
};
use crate::store::beside_rows::LoadedBeside;
use crate::store::{BatchState, LoadPlan, StoreError};
use sqlx::SqliteConnection;
use std::borrow::Cow;
use uuid::Uuid;

/// `issue_seen` by its key. ?1: `[issue, …]`, ?2: whether all members are wanted, ?3: `[member, …]`.
const SEEN: &str = "
    SELECT s.issue_id, s.user_id, s.seen_at AS at FROM json_each(?1) AS w
    CROSS JOIN issue_seen AS s ON s.issue_id = w.value
    WHERE ?2 OR s.user_id IN (SELECT value FROM json_each(?3))";
/// `issue_bookmark` by its key. As [`SEEN`].
const BOOKMARKS: &str = "
    SELECT b.issue_id, b.user_id, b.at FROM json_each(?1) AS w
    CROSS JOIN issue_bookmark AS b ON b.issue_id = w.value
    WHERE ?2 OR b.user_id IN (SELECT value FROM json_each(?3))";
/// `issue_subscription` by its key. As [`SEEN`].
const SUBSCRIPTIONS: &str = "
    SELECT s.issue_id, s.user_id, s.active, s.reason, s.at FROM json_each(?1) AS w
    CROSS JOIN issue_subscription AS s ON s.issue_id = w.value
    WHERE ?2 OR s.user_id IN (SELECT value FROM json_each(?3))";
/// `issue_share` by its key. ?1: `[issue, …]`.
const SHARES: &str = "
    SELECT s.issue_id, s.share_id, s.actor, s.at
    FROM json_each(?1) AS w CROSS JOIN issue_share AS s ON s.issue_id = w.value";
/// `issue_label` by the first part of its key. ?1: `[issue, …]`.
const LABELS: &str = "
    SELECT l.issue_id, l.label FROM json_each(?1) AS w CROSS JOIN issue_label AS l ON l.issue_id = w.value";
/// `issue_link` by the first part of its unique key. ?1: `[issue, …]`.
const LINKS: &str = "
    SELECT l.issue_id, l.kind, l.source, l.target, l.actor, l.added_at
    FROM json_each(?1) AS w CROSS JOIN issue_link AS l ON l.issue_id = w.value";
/// `activity_by_ident`. ?1: `[[issue, ident], …]`. 8 is the number of a note.
const NOTES: &str = "
    SELECT a.issue_id, a.ident, a.actor, a.data, a.at FROM json_each(?1) AS w
    CROSS JOIN activity AS a ON a.issue_id = w.value ->> 0 AND a.ident = w.value ->> 1 AND a.kind = 8";
/// `grouphash_by_issue`. ?1: `[issue, …]`.
const HASHES_OF_ISSUES: &str = "
    SELECT h.issue_id, h.hash, h.state
    FROM json_each(?1) AS w CROSS JOIN grouphash AS h ON h.issue_id = w.value";
/// `tombstone` by its unique previous_issue_id. ?1: `[issue, …]`.
const WITH_TOMBSTONE: &str = "
    SELECT t.previous_issue_id
    FROM json_each(?1) AS w CROSS JOIN tombstone AS t ON t.previous_issue_id = w.value";
/// `issue_environment` by the first part of its key. ?1: `[issue, …]`.
const ENVIRONMENTS: &str = "
    SELECT e.issue_id, e.environment, e.first_release, e.first_seen
    FROM json_each(?1) AS w CROSS JOIN issue_environment AS e ON e.issue_id = w.value";
/// `issue_release` by the first part of its key. ?1: `[issue, …]`.
const RELEASES: &str = "
    SELECT r.issue_id, r.release, r.environment, r.first_seen, r.last_seen
    FROM json_each(?1) AS w CROSS JOIN issue_release AS r ON r.issue_id = w.value";

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

/// Reads what the plan wants of it. The issues are loaded.
pub(super) async fn beside(
    connection: &mut SqliteConnection,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    let wanted = &plan.beside;
    let ids = integers(plan.issues.iter().map(|id| id.0));
    let mut loaded = LoadedBeside::default();
    if wanted.everybody || !wanted.people.is_empty() {
        let people = integers(wanted.people.iter().copied());
        loaded.seen = sqlx::query_as(SEEN)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&people)
            .fetch_all(&mut *connection)
            .await?;
        loaded.bookmarks = sqlx::query_as(BOOKMARKS)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&people)
            .fetch_all(&mut *connection)
            .await?;
        loaded.subscriptions = sqlx::query_as(SUBSCRIPTIONS)
            .bind(&ids)
            .bind(wanted.everybody)
            .bind(&people)
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
        let notes = wanted.notes.iter();
        let pairs = notes.map(|(issue, ident)| (issue.0, Cow::from(ident)));
        loaded.notes = sqlx::query_as(NOTES)
            .bind(integer_text_pairs(pairs)?)
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

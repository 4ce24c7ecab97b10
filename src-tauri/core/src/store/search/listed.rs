//! What a listed issue shows beside its numbers.

use super::ask::Ask;
use super::effective::{StatusRecord, status_columns};
use super::sql::Sql;
use crate::model::IssueId;
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::collections::HashMap;

/// An issue and the rows beside it, as far as a list shows them (search spec, section 8.4).
#[derive(Debug, FromRow)]
pub(in crate::store) struct ListedRecord {
    pub id: i64,
    pub project_id: i64,
    pub slug: String,
    pub short_id: i64,
    pub group_type: i32,
    #[sqlx(flatten)]
    pub status: StatusRecord,
    pub substatus: Option<i16>,
    pub priority: i16,
    pub priority_locked_at: Option<Stamp>,
    pub level: i16,
    pub platform: String,
    pub culprit: String,
    pub title: String,
    pub data: String,
    pub active_at: Stamp,
    pub first_release: Option<String>,
    pub assigned_user: Option<i64>,
    pub assigned_team: Option<i64>,
    pub inbox_reason: Option<i16>,
    pub inbox_details: Option<String>,
    pub inbox_since: Option<Stamp>,
    pub snooze_user_count: Option<i64>,
    pub snooze_user_window: Option<i64>,
    pub snooze_users_seen: Option<i64>,
    pub snooze_actor: Option<i64>,
    pub resolution_of: Option<i64>,
    pub resolution_kind: Option<i16>,
    pub resolution_release: Option<String>,
    /// Who said so, by the activity that announced it.
    pub resolution_actor: Option<i64>,
    /// The data of the activity, where the issue was last resolved in a commit.
    pub resolved_in_commit: Option<String>,
    pub share_id: Option<String>,
    pub is_bookmarked: i64,
    pub is_subscribed: i64,
    pub subscription_reason: Option<String>,
    pub seen_at: Option<Stamp>,
    pub comments: i64,
    pub logger: Option<String>,
    pub is_unhandled: i64,
}

impl ListedRecord {
    /// Whether it is archived until more users have it, whenever that is: how many it has by now says how many remain.
    pub fn waits_for_users(&self) -> bool {
        self.snooze_user_count.is_some() && self.snooze_user_window.unwrap_or(0) == 0
    }
}

/// The records of some issues, in no order. `issue` and the tables beside it by their keys, `activity_by_issue`. What was
/// noted after an issue was resolved is about a resolution that was taken back, or of an issue that was merged into it.
/// `me`: who asks.
pub(in crate::store) async fn listed(
    ask: &mut impl Ask,
    issues: &[IssueId],
    me: Option<i64>,
) -> Result<Vec<ListedRecord>, StoreError> {
    let me = me.unwrap_or(0);
    let mut sql = ask.statement();
    sql.push(
        "SELECT i.id, i.project_id, coalesce(p.slug, '') AS slug, i.short_id, i.group_type, i.substatus, \
         i.priority, i.priority_locked_at, i.level, c.platform, c.culprit, c.title, c.data, i.active_at, \
         i.first_release, i.assigned_user, i.assigned_team, \
         n.reason AS inbox_reason, n.details AS inbox_details, n.since AS inbox_since, \
         CAST(s.user_count AS BIGINT) AS snooze_user_count, CAST(s.user_window AS BIGINT) AS snooze_user_window, \
         CAST(s.users_seen AS BIGINT) AS snooze_users_seen, s.actor AS snooze_actor, ",
    )
    .push(status_columns!())
    .push(
        ", r.issue_id AS resolution_of, r.kind AS resolution_kind, \
         r.release AS resolution_release, \
         (SELECT a.actor FROM activity AS a WHERE a.issue_id = r.issue_id AND a.kind IN (13, 16) \
         AND (i.resolved_at IS NULL OR a.at <= i.resolved_at) ORDER BY a.id DESC LIMIT 1) AS resolution_actor, \
         CASE WHEN i.status = 1 AND r.issue_id IS NULL THEN (SELECT CASE WHEN a.kind = 16 THEN a.data END \
         FROM activity AS a WHERE a.issue_id = i.id AND a.kind IN (1, 13, 15, 16) \
         AND (i.resolved_at IS NULL OR a.at <= i.resolved_at) ORDER BY a.id DESC LIMIT 1) END \
         AS resolved_in_commit, \
         (SELECT u.reason FROM issue_subscription AS u WHERE u.issue_id = i.id AND u.user_id = ",
    )
    .integer(me)
    .push(
        ") AS subscription_reason, h.share_id, \
         (SELECT count(*) FROM issue_bookmark AS b WHERE b.issue_id = i.id AND b.user_id = ",
    )
    .integer(me)
    .push(") AS is_bookmarked, (SELECT count(*) FROM issue_subscription AS u WHERE u.issue_id = i.id AND u.user_id = ")
    .integer(me)
    .push(" AND u.active = ")
    .push_either("1", "true")
    .push(") AS is_subscribed, v.seen_at, (SELECT count(*) FROM activity AS a WHERE a.issue_id = i.id AND a.kind = 8) AS comments, ");
    newest_fact(
        &mut sql,
        "json_extract(f.facts, '$.\"logger\"')",
        "(f.facts ->> 'logger')",
    );
    sql.push(" AS logger, ");
    is_unhandled(&mut sql);
    sql.push(
        " AS is_unhandled FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id LEFT JOIN project AS p ON p.id = i.project_id \
         LEFT JOIN issue_inbox AS n ON n.issue_id = i.id LEFT JOIN issue_snooze AS s ON s.issue_id = i.id \
         LEFT JOIN issue_resolution AS r ON r.issue_id = i.id LEFT JOIN issue_share AS h ON h.issue_id = i.id \
         LEFT JOIN issue_seen AS v ON v.issue_id = i.id AND v.user_id = ",
    )
    .integer(me)
    .push(" WHERE i.id")
    .one_of(issues.iter().map(|id| id.0).collect());
    ask.ask(sql).await
}

/// Whether the newest event of the issue was unhandled: 1 or 0.
pub(super) fn is_unhandled(sql: &mut Sql) {
    sql.push("CAST(coalesce(");
    newest_fact(
        sql,
        "json_extract(f.facts, '$.\"error.handled\"') = 0",
        "((f.facts ->> 'error.handled') = 'false')::integer",
    );
    sql.push(", 0) AS BIGINT)");
}

/// The stored event of an occurrence, which is `o`: `event` by its unique (event_id, project_id).
pub(super) const BODY: &str =
    "(SELECT e.body FROM event AS e WHERE e.event_id = o.event_id AND e.project_id = o.project_id)";

/// Something of the newest event of the issue. `occurrence_by_issue` from its end.
pub(super) fn newest_fact(sql: &mut Sql, sqlite: &'static str, postgres: &'static str) {
    sql.push("(SELECT ").push_either(sqlite, postgres).push(
        " FROM occurrence AS o LEFT JOIN event_fact AS f ON f.seq = o.seq WHERE o.issue_id = i.id \
             ORDER BY o.event_time DESC, o.seq DESC LIMIT 1)",
    );
}

/// An owner: issue, kind, member, team, and since when.
pub(in crate::store) type OwnerRecord = (i64, String, Option<i64>, Option<i64>, Stamp);

/// Whom some issues are suggested to. `issue_owner_by_issue`.
pub(in crate::store) async fn owners(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<Vec<OwnerRecord>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT w.issue_id, w.kind, w.user_id, w.team_id, w.added_at FROM issue_owner AS w WHERE w.issue_id IN ")
        .integers(issues.iter().map(|id| id.0))
        .push(" ORDER BY w.issue_id, w.id");
    ask.ask(sql).await
}

/// How often issues were seen, and when first: with environments, when first in one of them.
pub(in crate::store) async fn row_numbers(
    ask: &mut impl Ask,
    issues: &[IssueId],
    environments: Option<&[String]>,
) -> Result<HashMap<IssueId, (i64, DateTime<Utc>)>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, i.times_seen, ");
    match environments {
        None => {
            sql.push("i.first_seen");
        }
        Some(environments) => {
            sql.push(
                "coalesce((SELECT min(e.first_seen) FROM issue_environment AS e \
                 WHERE e.issue_id = i.id AND e.environment IN ",
            )
            .words(environments.iter().map(String::as_str))
            .push("), i.first_seen)");
        }
    }
    sql.push(" FROM issue AS i WHERE i.id")
        .one_of(issues.iter().map(|id| id.0).collect());
    let rows: Vec<(i64, i64, Stamp)> = ask.ask(sql).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, seen, first)| (IssueId(id), (seen, first.0)))
        .collect())
}

/// What `me` has with some issues: a bookmark, and having seen it since it was last opened. Both tables by their keys.
pub(in crate::store) async fn marks(
    ask: &mut impl Ask,
    issues: &[IssueId],
    me: i64,
) -> Result<HashMap<IssueId, (bool, bool)>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, b.user_id, CASE WHEN v.seen_at > i.active_at THEN v.user_id END FROM issue AS i ")
        .push("LEFT JOIN issue_bookmark AS b ON b.issue_id = i.id AND b.user_id = ")
        .integer(me)
        .push(" LEFT JOIN issue_seen AS v ON v.issue_id = i.id AND v.user_id = ")
        .integer(me)
        .push(" WHERE i.id")
        .one_of(issues.iter().map(|id| id.0).collect());
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = ask.ask(sql).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, bookmark, seen)| (IssueId(id), (bookmark.is_some(), seen.is_some())))
        .collect())
}

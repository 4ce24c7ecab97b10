//! Lists of issues, the head of one, and what happened to it.

use super::{PostgresStore, hot};
use crate::model::IssueId;
use crate::store::activities::{self, ActivityRecord, FirstSeenRecord, activity_columns};
use crate::store::assemble::{self, DETAIL_HOURS, TREND_HOURS};
use crate::store::column::hour_of;
use crate::store::records::{BucketRecord, IssueExtras, IssueListRecord};
use crate::store::standing::standing_select;
use crate::store::{ROWS_CAP, StoreError};
use crate::view::{Activity, IssueDetail, IssueRow};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) const REVISION: &str = "SELECT revision FROM store_state WHERE id = 1";
/// $1: slug, $2: number. The unique (project_id, short_id).
const BY_SHORT_ID: &str = "
    SELECT i.id FROM project AS p JOIN issue AS i ON i.project_id = p.id AND i.short_id = $2 AND i.status <= 2 WHERE p.slug = $1";
/// $1: issue.
const ENVIRONMENTS: &str = r#"SELECT environment FROM issue_environment WHERE issue_id = $1 ORDER BY environment COLLATE "C""#;
/// $1: issue. `grouphash_by_issue`.
const HASHES: &str = "SELECT hash FROM grouphash WHERE issue_id = $1 ORDER BY hash";

/// `issue` and the tables beside it by their keys. $1: issue.
const STANDING: &str = concat!(standing_select!(), " WHERE i.id = $1");
/// `issue` by its key. $1: issue.
const FIRST_SEEN: &str = "SELECT i.first_seen, c.data FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id WHERE i.id = $1 AND i.status <= 2";
/// `activity_by_issue`, from its end; `member` by its key. $1: issue, $2: limit.
const ACTIVITIES: &str = concat!(
    "SELECT ",
    activity_columns!(),
    " FROM activity AS a LEFT JOIN member AS m ON m.id = a.actor \
      WHERE a.issue_id = $1 ORDER BY a.id DESC LIMIT $2"
);

/// `activity_notes`, from its end; `member` by its key. $1: issue.
const NOTES: &str = concat!(
    "SELECT ",
    activity_columns!(),
    " FROM activity AS a LEFT JOIN member AS m ON m.id = a.actor \
      WHERE a.issue_id = $1 AND a.kind = 8 ORDER BY a.at DESC, a.id DESC"
);

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[REVISION, BY_SHORT_ID, ENVIRONMENTS, HASHES];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[STANDING, FIRST_SEEN, ACTIVITIES, NOTES];

impl PostgresStore {
    pub(in crate::store) async fn issue_rows(
        &self,
        ids: &[IssueId],
        now: DateTime<Utc>,
    ) -> Result<Vec<IssueRow>, StoreError> {
        let ids = ids.get(..ROWS_CAP).unwrap_or(ids);
        let wanted: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let last_hour = hour_of(now);
        let mut tx = self.begin_read().await?;
        let records = sqlx::query_as(hot::LIST_ROWS)
            .bind(&wanted)
            .fetch_all(&mut *tx)
            .await?;
        let buckets = buckets(&mut tx, &wanted, last_hour, TREND_HOURS).await?;
        Ok(assemble::issue_rows(ids, records, &buckets, last_hour))
    }

    pub(in crate::store) async fn issue_detail(
        &self,
        id: IssueId,
        now: DateTime<Utc>,
    ) -> Result<Option<IssueDetail>, StoreError> {
        let wanted = [id.0];
        let last_hour = hour_of(now);
        let mut tx = self.begin_read().await?;
        let record: Option<IssueListRecord> = sqlx::query_as(hot::LIST_ROWS)
            .bind(wanted)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(record) = record else {
            return Ok(None);
        };
        let extras = IssueExtras {
            hours: buckets(&mut tx, &wanted, last_hour, DETAIL_HOURS).await?,
            stored_occurrences: sqlx::query_scalar(hot::OCCURRENCES_OF_ISSUE)
                .bind(id.0)
                .fetch_one(&mut *tx)
                .await?,
            last_release: sqlx::query_scalar(hot::LAST_RELEASE)
                .bind(id.0)
                .fetch_optional(&mut *tx)
                .await?,
            environments: sqlx::query_scalar(ENVIRONMENTS)
                .bind(id.0)
                .fetch_all(&mut *tx)
                .await?,
            hashes: sqlx::query_scalar::<_, Uuid>(HASHES)
                .bind(id.0)
                .fetch_all(&mut *tx)
                .await?,
            standing: sqlx::query_as(STANDING)
                .bind(id.0)
                .fetch_one(&mut *tx)
                .await?,
        };
        assemble::issue_detail(record, extras, last_hour, now).map(Some)
    }

    pub(in crate::store) async fn activities(
        &self,
        issue: IssueId,
        limit: u32,
    ) -> Result<Vec<Activity>, StoreError> {
        let mut tx = self.begin_read().await?;
        let first_seen: Option<FirstSeenRecord> = sqlx::query_as(FIRST_SEEN)
            .bind(issue.0)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(first_seen) = first_seen else {
            return Ok(Vec::new());
        };
        let read: Vec<ActivityRecord> = sqlx::query_as(ACTIVITIES)
            .bind(issue.0)
            .bind(activities::to_read(limit))
            .fetch_all(&mut *tx)
            .await?;
        activities::list(read, first_seen, limit)
    }

    pub(in crate::store) async fn notes(
        &self,
        issue: IssueId,
    ) -> Result<Vec<Activity>, StoreError> {
        let read: Vec<ActivityRecord> = sqlx::query_as(NOTES)
            .bind(issue.0)
            .fetch_all(&self.pool)
            .await?;
        activities::notes(read)
    }

    pub(in crate::store) async fn issue_by_short_id(
        &self,
        slug: &str,
        number: i64,
    ) -> Result<Option<IssueId>, StoreError> {
        let id: Option<i64> = sqlx::query_scalar(BY_SHORT_ID)
            .bind(slug.to_lowercase())
            .bind(number)
            .fetch_optional(&self.pool)
            .await?;
        Ok(id.map(IssueId))
    }
}

async fn buckets(
    connection: &mut PgConnection,
    issues: &[i64],
    last_hour: i32,
    hours: i32,
) -> Result<Vec<BucketRecord>, StoreError> {
    let first_hour = last_hour.saturating_sub(hours - 1);
    Ok(sqlx::query_as(hot::BUCKETS)
        .bind(issues)
        .bind(first_hour)
        .bind(last_hour)
        .fetch_all(connection)
        .await?)
}

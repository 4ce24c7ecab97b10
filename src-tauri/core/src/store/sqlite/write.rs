//! What a batch writes.

use super::statement::MultiRow;
use super::{hot, write_beside, write_states};
use crate::store::column::Stamp;
use crate::store::rows::{DeadLetterRow, OutcomeRow, Rows};
use crate::store::short_ids::Numbering;
use crate::store::{StoreError, StoredOffset};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

const NEXT_REVISION: &str =
    "UPDATE store_state SET revision = revision + 1 WHERE id = 1 RETURNING revision";
/// The end of `occurrence`.
const LAST_OCCURRENCE: &str = "SELECT coalesce(max(seq), 0) FROM occurrence";
const TAKE_ISSUE_IDS: &str = "UPDATE store_state SET last_issue_id = last_issue_id + ?1 WHERE id = 1 RETURNING last_issue_id";

const SET_OFFSETS: MultiRow = MultiRow {
    head: "INSERT INTO consumer_offset (source_id, topic, partition, next_offset)",
    tail: "ON CONFLICT (source_id, topic, partition) DO UPDATE SET next_offset = excluded.next_offset",
};
const SET_COUNTERS: MultiRow = MultiRow {
    head: "INSERT INTO short_id_counter (project_id, last_number)",
    tail: "ON CONFLICT (project_id) DO UPDATE SET last_number = excluded.last_number",
};
const ADD_ENVIRONMENTS: MultiRow = MultiRow {
    head: "INSERT INTO project_environment (project_id, name)",
    tail: "ON CONFLICT (project_id, name) DO NOTHING",
};
const ADD_TO_RELEASES: MultiRow = MultiRow {
    head: "INSERT INTO project_release (project_id, version, date_added, new_groups)",
    tail: "ON CONFLICT (project_id, version) DO UPDATE SET new_groups = new_groups + excluded.new_groups",
};
const ADD_TO_RELEASE_ENVIRONMENTS: MultiRow = MultiRow {
    head: "INSERT INTO project_release_environment (project_id, version, environment, new_issues)",
    tail: "ON CONFLICT (project_id, version, environment) DO UPDATE SET new_issues = new_issues + excluded.new_issues",
};
const LINK_HASHES: MultiRow = MultiRow {
    head: "INSERT INTO grouphash (project_id, hash, issue_id)",
    tail: "ON CONFLICT (project_id, hash) DO UPDATE SET issue_id = excluded.issue_id",
};
const ADD_ISSUE_ENVIRONMENTS: MultiRow = MultiRow {
    head: "INSERT INTO issue_environment (issue_id, environment, first_release, first_seen)",
    tail: "ON CONFLICT (issue_id, environment) DO NOTHING",
};
const PUT_ISSUE_RELEASES: MultiRow = MultiRow {
    head: "INSERT INTO issue_release (issue_id, release, environment, first_seen, last_seen)",
    tail: "ON CONFLICT (issue_id, release, environment) DO UPDATE SET last_seen = excluded.last_seen",
};
/// A record that was set aside before and now is again has been tried once more.
const PUT_DEAD_LETTERS: MultiRow = MultiRow {
    head: "INSERT INTO dead_letter (
        source_id, topic, partition, record_offset, reason, detail, payload_bytes, payload, record_key, headers,
        attempts, state, stored_at)",
    tail: "ON CONFLICT (source_id, topic, partition, record_offset) DO UPDATE SET
        reason = excluded.reason, detail = excluded.detail, payload_bytes = excluded.payload_bytes,
        payload = excluded.payload, record_key = excluded.record_key, headers = excluded.headers,
        attempts = attempts + 1, state = excluded.state, stored_at = excluded.stored_at",
};
const ADD_TO_OUTCOMES: MultiRow = MultiRow {
    head: "INSERT INTO outcome_bucket (hour, project_id, outcome, reason, quantity)",
    tail: "ON CONFLICT (hour, project_id, outcome, reason) DO UPDATE SET quantity = quantity + excluded.quantity",
};

/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (SET_OFFSETS, 4),
    (SET_COUNTERS, 2),
    (ADD_ENVIRONMENTS, 2),
    (ADD_TO_RELEASES, 4),
    (ADD_TO_RELEASE_ENVIRONMENTS, 4),
    (LINK_HASHES, 3),
    (ADD_ISSUE_ENVIRONMENTS, 4),
    (PUT_ISSUE_RELEASES, 5),
    (PUT_DEAD_LETTERS, 13),
    (ADD_TO_OUTCOMES, 5),
];
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[NEXT_REVISION, LAST_OCCURRENCE, TAKE_ISSUE_IDS];

/// The revision of this transaction. Counted in the last moment, so that it is the order of commits.
pub(super) async fn next_revision(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(NEXT_REVISION)
        .fetch_one(connection)
        .await?)
}

/// Ids for `count` new issues.
pub(super) async fn take_issue_ids(
    connection: &mut SqliteConnection,
    count: usize,
) -> Result<impl Iterator<Item = i64> + use<>, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let last: i64 = if count == 0 {
        0
    } else {
        sqlx::query_scalar(TAKE_ISSUE_IDS)
            .bind(count)
            .fetch_one(connection)
            .await?
    };
    Ok(last - count + 1..=last)
}

pub(super) async fn offsets(
    connection: &mut SqliteConnection,
    source_id: i64,
    offsets: &[StoredOffset],
) -> Result<(), StoreError> {
    SET_OFFSETS
        .run(connection, offsets, |row, offset| {
            row.push_bind(source_id)
                .push_bind(offset.topic.as_str())
                .push_bind(offset.partition)
                .push_bind(offset.next_offset);
        })
        .await
}

pub(super) async fn counters(
    connection: &mut SqliteConnection,
    numberings: &BTreeMap<i64, Numbering>,
) -> Result<(), StoreError> {
    let counters: Vec<_> = numberings
        .iter()
        .map(|(&project, numbering)| (project, numbering.counter))
        .collect();
    SET_COUNTERS
        .run(connection, &counters, |row, &(project, counter)| {
            row.push_bind(project).push_bind(counter);
        })
        .await
}

/// Everything but offsets, dead letters, the issues themselves and what batches share. Answers the number of the first
/// occurrence where all of them are new, so that they are numbered one after another.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    source_id: i64,
    rows: &Rows<'_>,
) -> Result<Option<Vec<i64>>, StoreError> {
    write_states::give_up_hashes(connection, &rows.states).await?;
    LINK_HASHES
        .run(connection, &rows.hashes, |row, hash| {
            row.push_bind(hash.project_id)
                .push_bind(hash.hash)
                .push_bind(hash.issue_id);
        })
        .await?;
    hot::PUT_EVENTS
        .run(connection, &rows.events, |row, event| {
            row.push_bind(event.project_id)
                .push_bind(event.event_id)
                .push_bind(event.event_type.as_ref())
                .push_bind(event.event_time)
                .push_bind(event.json_bytes)
                .push_bind(event.body);
        })
        .await?;
    let before = last_occurrence(connection).await?;
    occurrences(connection, source_id, rows).await?;
    let added = before + 1..=last_occurrence(connection).await?;
    issue_rows(connection, rows).await?;
    write_states::rows(connection, &rows.states, rows.stored_at).await?;
    write_beside::rows(connection, &rows.beside).await?;
    let seqs: Vec<i64> = added.collect();
    Ok((seqs.len() == rows.occurrences.len()).then_some(seqs))
}

async fn last_occurrence(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(LAST_OCCURRENCE)
        .fetch_one(connection)
        .await?)
}

/// Rows that most batches add to: those of projects and releases, outcomes, and counters of limits.
pub(super) async fn shared_rows(
    connection: &mut SqliteConnection,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    project_rows(connection, rows).await?;
    outcomes(connection, &rows.outcomes).await?;
    write_states::counters(connection, &rows.states.counters, rows.stored_at).await
}

async fn project_rows(
    connection: &mut SqliteConnection,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    ADD_ENVIRONMENTS
        .run(connection, &rows.environments, |row, (project, name)| {
            row.push_bind(*project).push_bind(name.as_ref());
        })
        .await?;
    ADD_TO_RELEASES
        .run(connection, &rows.releases, |row, release| {
            row.push_bind(release.project_id)
                .push_bind(release.version.as_ref())
                .push_bind(release.date_added)
                .push_bind(release.new_groups);
        })
        .await?;
    ADD_TO_RELEASE_ENVIRONMENTS
        .run(connection, &rows.release_environments, |row, release| {
            row.push_bind(release.project_id)
                .push_bind(release.version.as_ref())
                .push_bind(release.environment.as_ref())
                .push_bind(release.new_issues);
        })
        .await
}

async fn occurrences(
    connection: &mut SqliteConnection,
    source_id: i64,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    hot::PUT_OCCURRENCES
        .run(connection, &rows.occurrences, |row, occurrence| {
            row.push_bind(occurrence.project_id)
                .push_bind(occurrence.id)
                .push_bind(occurrence.event_id)
                .push_bind(occurrence.issue_id)
                .push_bind(occurrence.event_time)
                .push_bind(occurrence.environment.as_ref())
                .push_bind(occurrence.release.as_deref())
                .push_bind(occurrence.user_key.as_deref())
                .push_bind(occurrence.light_tags.as_deref())
                .push_bind(occurrence.term_bits)
                .push_bind(occurrence.payload)
                .push_bind(source_id)
                .push_bind(occurrence.topic)
                .push_bind(occurrence.partition)
                .push_bind(occurrence.record_offset)
                .push_bind(occurrence.record_key)
                .push_bind(rows.stored_at);
        })
        .await
}

async fn issue_rows(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), StoreError> {
    hot::ADD_TO_BUCKETS
        .run(connection, &rows.buckets, |row, bucket| {
            row.push_bind(bucket.issue_id)
                .push_bind(bucket.hour)
                .push_bind(bucket.count);
        })
        .await?;
    ADD_ISSUE_ENVIRONMENTS
        .run(connection, &rows.issue_environments, |row, environment| {
            row.push_bind(environment.issue_id)
                .push_bind(environment.environment.as_ref())
                .push_bind(environment.first_release.as_deref())
                .push_bind(environment.first_seen);
        })
        .await?;
    PUT_ISSUE_RELEASES
        .run(connection, &rows.issue_releases, |row, release| {
            row.push_bind(release.issue_id)
                .push_bind(release.release.as_ref())
                .push_bind(release.environment.as_ref())
                .push_bind(release.first_seen)
                .push_bind(release.last_seen);
        })
        .await
}

pub(super) async fn dead_letters(
    connection: &mut SqliteConnection,
    source_id: i64,
    letters: &[DeadLetterRow<'_>],
    stored_at: Stamp,
) -> Result<(), StoreError> {
    PUT_DEAD_LETTERS
        .run(connection, letters, |row, letter| {
            row.push_bind(source_id)
                .push_bind(letter.topic)
                .push_bind(letter.partition)
                .push_bind(letter.record_offset)
                .push_bind(letter.reason)
                .push_bind(letter.detail.as_ref())
                .push_bind(letter.payload_bytes)
                .push_bind(&*letter.payload)
                .push_bind(letter.record_key)
                .push_bind(letter.headers.as_str())
                .push_bind(1)
                .push_bind("new")
                .push_bind(stored_at);
        })
        .await
}

pub(super) async fn outcomes(
    connection: &mut SqliteConnection,
    rows: &[OutcomeRow],
) -> Result<(), StoreError> {
    ADD_TO_OUTCOMES
        .run(connection, rows, |row, outcome| {
            row.push_bind(outcome.hour)
                .push_bind(outcome.project_id)
                .push_bind(outcome.outcome)
                .push_bind(outcome.reason)
                .push_bind(outcome.quantity);
        })
        .await
}

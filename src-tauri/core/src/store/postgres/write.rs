//! What a batch writes: each table in one statement, from one list a column.

use super::state::HashKeys;
use super::{hot, write_beside, write_states};
use crate::store::column::Stamp;
use crate::store::rows::{DeadLetterRow, OutcomeRow, ReleaseRow, Rows};
use crate::store::short_ids::Numbering;
use crate::store::{StoreError, StoredOffset};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const NEXT_REVISION: &str =
    "UPDATE store_state SET revision = revision + 1 WHERE id = 1 RETURNING revision";
/// $1: how many.
const TAKE_ISSUE_IDS: &str = "SELECT nextval('issue_id') FROM generate_series(1, $1::bigint)";
/// $1: source, $2: topics, $3: partitions, $4: next offsets. The rows are locked.
const SET_OFFSETS: &str = "
    UPDATE consumer_offset AS o SET next_offset = w.next_offset
    FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS w (topic, partition, next_offset)
    WHERE o.source_id = $1 AND o.topic = w.topic AND o.partition = w.partition";
/// $1: projects, $2: counters. The rows are locked.
const SET_COUNTERS: &str = "
    UPDATE short_id_counter AS c SET last_number = w.last_number
    FROM unnest($1::bigint[], $2::bigint[]) AS w (project_id, last_number) WHERE c.project_id = w.project_id";
/// $1: projects, $2: names.
const ADD_ENVIRONMENTS: &str = "
    INSERT INTO project_environment (project_id, name)
    SELECT w.* FROM unnest($1::bigint[], $2::text[]) AS w (project_id, name) ORDER BY 1, 2
    ON CONFLICT (project_id, name) DO NOTHING";
/// $1: projects, $2: versions, $3: times.
const ADD_RELEASES: &str = "
    INSERT INTO project_release (project_id, version, date_added, new_groups)
    SELECT w.*, 0 FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS w (project_id, version, date_added)
    ORDER BY 1, 2
    ON CONFLICT (project_id, version) DO NOTHING";
/// $1: projects, $2: versions, $3: times, $4: new groups.
const ADD_TO_RELEASES: &str = "
    INSERT INTO project_release AS r (project_id, version, date_added, new_groups)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[]) AS w
        (project_id, version, date_added, new_groups)
    ORDER BY 1, 2
    ON CONFLICT (project_id, version) DO UPDATE SET new_groups = r.new_groups + excluded.new_groups";
/// $1: projects, $2: versions, $3: environments, $4: new issues.
const ADD_TO_RELEASE_ENVIRONMENTS: &str = "
    INSERT INTO project_release_environment AS r (project_id, version, environment, new_issues)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) AS w
        (project_id, version, environment, new_issues)
    ORDER BY 1, 2, 3
    ON CONFLICT (project_id, version, environment) DO UPDATE SET new_issues = r.new_issues + excluded.new_issues";
/// $1: projects, $2: hashes, $3: issues.
const LINK_HASHES: &str = "
    INSERT INTO grouphash (project_id, hash, issue_id)
    SELECT w.* FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS w (project_id, hash, issue_id) ORDER BY 1, 2
    ON CONFLICT (project_id, hash) DO UPDATE SET issue_id = excluded.issue_id";
/// $1: projects, $2: hashes. What was claimed and then not needed.
const DROP_FREE_HASHES: &str = "
    DELETE FROM grouphash AS h USING unnest($1::bigint[], $2::uuid[]) AS w (project_id, hash)
    WHERE h.project_id = w.project_id AND h.hash = w.hash AND h.issue_id IS NULL AND h.tombstone_id IS NULL
        AND h.state IS NULL";
/// $1: issues, $2: environments, $3: releases, $4: times.
const ADD_ISSUE_ENVIRONMENTS: &str = "
    INSERT INTO issue_environment (issue_id, environment, first_release, first_seen)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) AS w
        (issue_id, environment, first_release, first_seen)
    ORDER BY 1, 2
    ON CONFLICT (issue_id, environment) DO NOTHING";
/// $1: issues, $2: releases, $3: environments, $4 and $5: first and last time.
const PUT_ISSUE_RELEASES: &str = "
    INSERT INTO issue_release (issue_id, release, environment, first_seen, last_seen)
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS w
        (issue_id, release, environment, first_seen, last_seen)
    ORDER BY 1, 2, 3
    ON CONFLICT (issue_id, release, environment) DO UPDATE SET last_seen = excluded.last_seen";
/// $1 to $9: a list a column; $10: source, $11: time of storing. A record that was set aside before and now is again
/// has been tried once more.
const PUT_DEAD_LETTERS: &str = "
    INSERT INTO dead_letter AS d (
        topic, partition, record_offset, reason, detail, payload_bytes, payload, record_key, headers, source_id,
        stored_at, attempts, state)
    SELECT w.*, $10, $11, 1, 'new'
    FROM unnest(
        $1::text[], $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bytea[], $8::bytea[],
        $9::text[]
    ) AS w (topic, partition, record_offset, reason, detail, payload_bytes, payload, record_key, headers)
    ORDER BY 1, 2, 3
    ON CONFLICT (source_id, topic, partition, record_offset) DO UPDATE SET
        reason = excluded.reason, detail = excluded.detail, payload_bytes = excluded.payload_bytes,
        payload = excluded.payload, record_key = excluded.record_key, headers = excluded.headers,
        attempts = d.attempts + 1, state = excluded.state, stored_at = excluded.stored_at";
/// $1: hours, $2: projects, $3: outcomes, $4: reasons, $5: quantities.
const ADD_TO_OUTCOMES: &str = "
    INSERT INTO outcome_bucket AS b (hour, project_id, outcome, reason, quantity)
    SELECT w.* FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS w
        (hour, project_id, outcome, reason, quantity)
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (hour, project_id, outcome, reason) DO UPDATE SET quantity = b.quantity + excluded.quantity";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    NEXT_REVISION,
    TAKE_ISSUE_IDS,
    SET_OFFSETS,
    SET_COUNTERS,
    ADD_ENVIRONMENTS,
    ADD_RELEASES,
    ADD_TO_RELEASES,
    ADD_TO_RELEASE_ENVIRONMENTS,
    LINK_HASHES,
    DROP_FREE_HASHES,
    ADD_ISSUE_ENVIRONMENTS,
    PUT_ISSUE_RELEASES,
    PUT_DEAD_LETTERS,
    ADD_TO_OUTCOMES,
];

/// One column of a list of rows.
pub(super) fn column<'r, R, T>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// The revision of this transaction. Its row stays locked until the commit, so revisions become visible in order:
/// whoever has seen one has seen all before it. Counted late, because writers wait for each other here.
pub(super) async fn next_revision(connection: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(NEXT_REVISION)
        .fetch_one(connection)
        .await?)
}

/// Ids for `count` new issues.
pub(super) async fn take_issue_ids(
    connection: &mut PgConnection,
    count: usize,
) -> Result<impl Iterator<Item = i64> + use<>, StoreError> {
    let ids: Vec<i64> = if count == 0 {
        Vec::new()
    } else {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        sqlx::query_scalar(TAKE_ISSUE_IDS)
            .bind(count)
            .fetch_all(connection)
            .await?
    };
    Ok(ids.into_iter())
}

pub(super) async fn offsets(
    connection: &mut PgConnection,
    source_id: i64,
    offsets: &[StoredOffset],
) -> Result<(), StoreError> {
    if offsets.is_empty() {
        return Ok(());
    }
    sqlx::query(SET_OFFSETS)
        .bind(source_id)
        .bind(column(offsets, |offset| offset.topic.as_str()))
        .bind(column(offsets, |offset| offset.partition))
        .bind(column(offsets, |offset| offset.next_offset))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn counters(
    connection: &mut PgConnection,
    numberings: &BTreeMap<i64, Numbering>,
) -> Result<(), StoreError> {
    if numberings.is_empty() {
        return Ok(());
    }
    sqlx::query(SET_COUNTERS)
        .bind(numberings.keys().copied().collect::<Vec<_>>())
        .bind(
            numberings
                .values()
                .map(|numbering| numbering.counter)
                .collect::<Vec<_>>(),
        )
        .execute(connection)
        .await?;
    Ok(())
}

/// Everything but offsets, dead letters, the issues themselves and what batches share. Answers the numbers of the
/// occurrences, in their order.
pub(super) async fn rows(
    connection: &mut PgConnection,
    source_id: i64,
    rows: &Rows<'_>,
) -> Result<Vec<i64>, StoreError> {
    write_states::give_up_hashes(connection, &rows.states).await?;
    if !rows.hashes.is_empty() {
        sqlx::query(LINK_HASHES)
            .bind(column(&rows.hashes, |hash| hash.project_id))
            .bind(column(&rows.hashes, |hash| hash.hash))
            .bind(column(&rows.hashes, |hash| hash.issue_id))
            .execute(&mut *connection)
            .await?;
    }
    if !rows.events.is_empty() {
        sqlx::query(hot::PUT_EVENTS)
            .bind(column(&rows.events, |event| event.project_id))
            .bind(column(&rows.events, |event| event.event_id))
            .bind(column(&rows.events, |event| event.event_type.as_ref()))
            .bind(column(&rows.events, |event| event.event_time))
            .bind(column(&rows.events, |event| event.json_bytes))
            .bind(column(&rows.events, |event| event.body))
            .execute(&mut *connection)
            .await?;
    }
    let seqs = occurrences(connection, source_id, rows).await?;
    issue_rows(connection, rows).await?;
    write_states::rows(connection, &rows.states, rows.stored_at).await?;
    write_beside::rows(connection, &rows.beside).await?;
    Ok(seqs)
}

/// Rows that most batches add to: those of projects and releases, outcomes, and counters of limits.
pub(super) async fn shared_rows(
    connection: &mut PgConnection,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    project_rows(connection, rows).await?;
    outcomes(connection, &rows.outcomes).await?;
    write_states::counters(connection, &rows.states.counters, rows.stored_at).await
}

/// Removes those of the claimed hashes that have no issue after all.
pub(super) async fn drop_free_hashes(
    connection: &mut PgConnection,
    claimed: &HashKeys,
) -> Result<(), StoreError> {
    if claimed.is_empty() {
        return Ok(());
    }
    sqlx::query(DROP_FREE_HASHES)
        .bind(&claimed.projects)
        .bind(&claimed.hashes)
        .execute(connection)
        .await?;
    Ok(())
}

async fn project_rows(connection: &mut PgConnection, rows: &Rows<'_>) -> Result<(), StoreError> {
    if !rows.environments.is_empty() {
        sqlx::query(ADD_ENVIRONMENTS)
            .bind(column(&rows.environments, |(project, _)| *project))
            .bind(column(&rows.environments, |(_, name)| name.as_ref()))
            .execute(&mut *connection)
            .await?;
    }
    releases(connection, &rows.releases).await?;
    if !rows.release_environments.is_empty() {
        sqlx::query(ADD_TO_RELEASE_ENVIRONMENTS)
            .bind(column(&rows.release_environments, |release| {
                release.project_id
            }))
            .bind(column(&rows.release_environments, |release| {
                release.version.as_ref()
            }))
            .bind(column(&rows.release_environments, |release| {
                release.environment.as_ref()
            }))
            .bind(column(&rows.release_environments, |release| {
                release.new_issues
            }))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Most batches only name releases that exist. Only those that count something into one lock its row.
async fn releases(
    connection: &mut PgConnection,
    rows: &[ReleaseRow<'_>],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_RELEASES)
        .bind(column(rows, |release| release.project_id))
        .bind(column(rows, |release| release.version.as_ref()))
        .bind(column(rows, |release| release.date_added))
        .execute(&mut *connection)
        .await?;
    let counted: Vec<_> = rows
        .iter()
        .filter(|release| release.new_groups > 0)
        .collect();
    if counted.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_TO_RELEASES)
        .bind(column(&counted, |release| release.project_id))
        .bind(column(&counted, |release| release.version.as_ref()))
        .bind(column(&counted, |release| release.date_added))
        .bind(column(&counted, |release| release.new_groups))
        .execute(connection)
        .await?;
    Ok(())
}

async fn occurrences(
    connection: &mut PgConnection,
    source_id: i64,
    rows: &Rows<'_>,
) -> Result<Vec<i64>, StoreError> {
    let list = &rows.occurrences;
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let numbered: Vec<(i64, Uuid, i64)> = sqlx::query_as(hot::PUT_OCCURRENCES)
        .bind(column(list, |occurrence| occurrence.project_id))
        .bind(column(list, |occurrence| occurrence.id))
        .bind(column(list, |occurrence| occurrence.event_id))
        .bind(column(list, |occurrence| occurrence.issue_id))
        .bind(column(list, |occurrence| occurrence.event_time))
        .bind(column(list, |occurrence| occurrence.environment.as_ref()))
        .bind(column(list, |occurrence| occurrence.release.as_deref()))
        .bind(column(list, |occurrence| occurrence.user_key.as_deref()))
        .bind(column(list, |occurrence| occurrence.light_tags.as_deref()))
        .bind(column(list, |occurrence| occurrence.term_bits))
        .bind(column(list, |occurrence| occurrence.payload))
        .bind(column(list, |occurrence| occurrence.topic))
        .bind(column(list, |occurrence| occurrence.partition))
        .bind(column(list, |occurrence| occurrence.record_offset))
        .bind(column(list, |occurrence| occurrence.record_key))
        .bind(source_id)
        .bind(rows.stored_at)
        .fetch_all(connection)
        .await?;
    let seqs: HashMap<(i64, Uuid), i64> = numbered
        .into_iter()
        .map(|(project, id, seq)| ((project, id), seq))
        .collect();
    let seqs: Option<Vec<i64>> = list
        .iter()
        .map(|occurrence| seqs.get(&(occurrence.project_id, occurrence.id)).copied())
        .collect();
    seqs.ok_or_else(|| {
        StoreError::Corrupt("the store did not number an occurrence it was given".to_owned())
    })
}

async fn issue_rows(connection: &mut PgConnection, rows: &Rows<'_>) -> Result<(), StoreError> {
    if !rows.buckets.is_empty() {
        sqlx::query(hot::ADD_TO_BUCKETS)
            .bind(column(&rows.buckets, |bucket| bucket.issue_id))
            .bind(column(&rows.buckets, |bucket| bucket.hour))
            .bind(column(&rows.buckets, |bucket| bucket.count))
            .execute(&mut *connection)
            .await?;
    }
    if !rows.issue_environments.is_empty() {
        let list = &rows.issue_environments;
        sqlx::query(ADD_ISSUE_ENVIRONMENTS)
            .bind(column(list, |environment| environment.issue_id))
            .bind(column(list, |environment| environment.environment.as_ref()))
            .bind(column(list, |environment| {
                environment.first_release.as_deref()
            }))
            .bind(column(list, |environment| environment.first_seen))
            .execute(&mut *connection)
            .await?;
    }
    if !rows.issue_releases.is_empty() {
        let list = &rows.issue_releases;
        sqlx::query(PUT_ISSUE_RELEASES)
            .bind(column(list, |release| release.issue_id))
            .bind(column(list, |release| release.release.as_ref()))
            .bind(column(list, |release| release.environment.as_ref()))
            .bind(column(list, |release| release.first_seen))
            .bind(column(list, |release| release.last_seen))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn dead_letters(
    connection: &mut PgConnection,
    source_id: i64,
    list: &[DeadLetterRow<'_>],
    stored_at: Stamp,
) -> Result<(), StoreError> {
    if list.is_empty() {
        return Ok(());
    }
    sqlx::query(PUT_DEAD_LETTERS)
        .bind(column(list, |letter| letter.topic))
        .bind(column(list, |letter| letter.partition))
        .bind(column(list, |letter| letter.record_offset))
        .bind(column(list, |letter| letter.reason))
        .bind(column(list, |letter| letter.detail.as_ref()))
        .bind(column(list, |letter| letter.payload_bytes))
        .bind(column(list, |letter| &*letter.payload))
        .bind(column(list, |letter| letter.record_key))
        .bind(column(list, |letter| letter.headers.as_str()))
        .bind(source_id)
        .bind(stored_at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn outcomes(
    connection: &mut PgConnection,
    rows: &[OutcomeRow],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(ADD_TO_OUTCOMES)
        .bind(column(rows, |outcome| outcome.hour))
        .bind(column(rows, |outcome| outcome.project_id))
        .bind(column(rows, |outcome| outcome.outcome))
        .bind(column(rows, |outcome| outcome.reason))
        .bind(column(rows, |outcome| outcome.quantity))
        .execute(connection)
        .await?;
    Ok(())
}

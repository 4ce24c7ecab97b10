//! The statements every batch and every list runs. The index or key that serves a statement is named above it, and a
//! test asks PostgreSQL whether that is so.
//!
//! A batch comes with thousands of keys. For as many the planner prefers to read all of a table that is not much larger,
//! and to hash it; it cannot where the rows are looked up by `LATERAL` with a `LIMIT`, or in the list of columns.

use crate::store::beside::beside_columns;
use crate::store::records::{issue_list_columns, issue_state_columns, occurrence_columns};

/// `grouphash` by its key. $1: projects, $2: hashes.
///
/// Inserts the hashes that are new and locks the others as they are. Whoever comes second with a new hash waits here
/// for the first one's commit, and then finds its issue.
pub(super) const CLAIM_HASHES: &str = "
    INSERT INTO grouphash (project_id, hash, issue_id)
    SELECT DISTINCT w.project_id, w.hash, NULL::bigint FROM unnest($1::bigint[], $2::uuid[]) AS w (project_id, hash)
    ORDER BY 1, 2
    ON CONFLICT (project_id, hash) DO UPDATE SET issue_id = NULL WHERE FALSE";

/// `grouphash` by its key. $1: projects, $2: hashes.
pub(super) const HASHES: &str = "
    SELECT w.project_id, w.hash, h.issue_id, h.tombstone_id
    FROM unnest($1::bigint[], $2::uuid[]) AS w (project_id, hash)
    CROSS JOIN LATERAL (
        SELECT g.issue_id, g.tombstone_id FROM grouphash AS g
        WHERE g.project_id = w.project_id AND g.hash = w.hash LIMIT 1) AS h
    WHERE h.issue_id IS NOT NULL OR h.tombstone_id IS NOT NULL";

/// `issue` by its key. $1: ids.
pub(super) const LOCK_ISSUES: &str = concat!(
    "SELECT ",
    issue_state_columns!(),
    " FROM issue AS i WHERE i.id = ANY($1) ORDER BY i.id FOR UPDATE"
);

/// `issue_content` by its key. Read after [`LOCK_ISSUES`]: only whoever holds an issue changes what it says, and a
/// statement that began before the lock was had would see what was said then. $1: ids.
pub(super) const CONTENTS: &str =
    "SELECT issue_id, platform, message, culprit, data FROM issue_content WHERE issue_id = ANY($1)";

/// `issue_environment` by the first part of its key. $1: issues.
pub(super) const ISSUE_ENVIRONMENTS: &str =
    "SELECT issue_id, environment FROM issue_environment WHERE issue_id = ANY($1)";

/// `issue_release` by the first two parts of its key. $1: issues, $2: versions.
pub(super) const ISSUE_RELEASES: &str = "
    SELECT issue_id, release, environment, last_seen FROM issue_release
    WHERE issue_id = ANY($1) AND release = ANY($2)";

/// `project_release` by its key. $1: projects, $2: versions.
pub(super) const RELEASES: &str = "
    SELECT r.project_id, r.version, r.date_added
    FROM unnest($1::bigint[], $2::text[]) AS w (project_id, version)
    JOIN project_release AS r ON r.project_id = w.project_id AND r.version = w.version";

/// The rows beside issues, each table by its key. $1: issues, which are locked. Issues without any are left out.
pub(super) const BESIDE: &str = concat!(
    "SELECT w.issue_id, ",
    beside_columns!(),
    " FROM unnest($1::bigint[]) AS w (issue_id) LEFT JOIN issue_inbox AS n ON n.issue_id = w.issue_id \
      LEFT JOIN issue_snooze AS s ON s.issue_id = w.issue_id LEFT JOIN issue_forecast AS f ON f.issue_id = w.issue_id \
      LEFT JOIN issue_resolution AS r ON r.issue_id = w.issue_id \
      WHERE coalesce(n.issue_id, s.issue_id, f.issue_id, r.issue_id) IS NOT NULL"
);

/// `issue_resolution` and `project_release` by their keys, `activity_by_ident`. $1: issues, $2: kind of the activity
/// that announces a resolution.
pub(super) const RESOLUTIONS: &str = "
    SELECT r.issue_id, r.id, r.kind, r.status, r.release, r.current_release_version,
        released.date_added AS release_added, current.date_added AS current_added, a.id AS activity_id,
        a.data AS activity_data
    FROM issue_resolution AS r
    LEFT JOIN project_release AS released ON released.project_id = r.project_id AND released.version = r.release
    LEFT JOIN project_release AS current
        ON current.project_id = r.project_id AND current.version = r.current_release_version
    LEFT JOIN LATERAL (
        SELECT l.id, l.data FROM activity AS l WHERE l.issue_id = r.issue_id AND l.ident = r.id AND l.kind = $2
        ORDER BY l.id DESC LIMIT 1) AS a ON TRUE
    WHERE r.issue_id = ANY($1)";

/// `issue_resolution_pending`. $1: projects.
pub(super) const WAITING_ISSUES: &str =
    "SELECT issue_id FROM issue_resolution WHERE project_id = ANY($1) AND status = 0";

/// `project` and `escalation_threshold` by their keys. $1: projects.
pub(super) const PROJECT_RULES: &str = "
    SELECT p.id, p.resolve_age_hours, p.feedback_in_inbox, t.events_per_hour, t.measured_at
    FROM project AS p LEFT JOIN escalation_threshold AS t ON t.project_id = p.id
    WHERE p.id = ANY($1)";

/// `project_release_by_age`. $1: projects, $2: how many of each; NULL for all.
pub(super) const NEWEST_RELEASES: &str = r#"
    SELECT w.project_id, r.version, r.date_added
    FROM unnest($1::bigint[]) AS w (project_id) CROSS JOIN LATERAL (
        SELECT n.version, n.date_added FROM project_release AS n WHERE n.project_id = w.project_id
        ORDER BY n.date_added DESC, n.version COLLATE "C" DESC LIMIT $2) AS r"#;

/// `occurrence` by its unique (id, project_id), `message_mark` by its key. $1: places, $2: projects, $3: messages that
/// are UUIDs; $4 to $6: the same of all messages; $7: time.
pub(super) const RECENT_MESSAGES: &str = "
    SELECT w.place FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS w (place, project_id, id)
    CROSS JOIN LATERAL (
        SELECT o.stored_at FROM occurrence AS o WHERE o.id = w.id AND o.project_id = w.project_id LIMIT 1) AS o
    WHERE o.stored_at > $7
    UNION ALL
    SELECT w.place FROM unnest($4::bigint[], $5::bigint[], $6::text[]) AS w (place, project_id, id)
    CROSS JOIN LATERAL (
        SELECT m.marked_at FROM message_mark AS m WHERE m.project_id = w.project_id AND m.message_id = w.id LIMIT 1) AS m
    WHERE m.marked_at > $7";

/// `occurrence_by_issue`, which holds all it needs. $1: issues, $2: first times, $3: last time. Answers places in the
/// lists, from 1.
pub(super) const SIGHTINGS_SINCE: &str = "
    SELECT w.place, (
        SELECT count(*) FROM occurrence AS o
        WHERE o.issue_id = w.issue_id AND o.event_time BETWEEN w.since AND $3)
    FROM unnest($1::bigint[], $2::timestamptz[]) WITH ORDINALITY AS w (issue_id, since, place)";

/// `occurrence_by_issue`, which holds all it needs. $1: issues, $2: first time, $3: time after the last one.
pub(super) const SIGHTINGS_BY_HOUR: &str = "
    SELECT o.issue_id, date_trunc('hour', o.event_time, 'UTC'), count(*) FROM occurrence AS o
    WHERE o.issue_id = ANY($1) AND o.event_time >= $2 AND o.event_time < $3
    GROUP BY 1, 2";

/// `occurrence_by_issue`, which holds all it needs. $1: issues, $2: last time.
pub(super) const USERS: &str = "
    SELECT o.issue_id, o.user_key, max(o.event_time) FROM occurrence AS o
    WHERE o.issue_id = ANY($1) AND o.event_time <= $2 AND o.user_key IS NOT NULL
    GROUP BY 1, 2";

/// The list indexes of `issue` are written along. $1 to $16 and $18 to $20: a list a column; $17:
/// revision.
pub(super) const INSERT_ISSUES: &str = "
    INSERT INTO issue (
        id, status, substatus, priority, level, first_seen, last_seen, active_at, times_seen, score, first_release,
        resolved_at, priority_locked_at, assigned_user, assigned_team, text_hash, project_id, short_id, group_type,
        revision, created_revision)
    SELECT w.*, $17, $17
    FROM unnest(
        $1::bigint[], $2::smallint[], $3::smallint[], $4::smallint[], $5::smallint[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::text[], $12::timestamptz[],
        $13::timestamptz[], $14::bigint[], $15::bigint[], $16::bigint[], $18::bigint[], $19::bigint[],
        $20::integer[]) AS w";

/// `issue` by its key, for each row; [`LOCK_ISSUES`] has locked them. $1 to $16: a list a column; $17: revision.
pub(super) const UPDATE_ISSUES: &str = "
    UPDATE issue AS i SET
        status = w.status, substatus = w.substatus, priority = w.priority, level = w.level,
        first_seen = w.first_seen, last_seen = w.last_seen, active_at = w.active_at, times_seen = w.times_seen,
        score = w.score, first_release = w.first_release, resolved_at = w.resolved_at,
        priority_locked_at = w.priority_locked_at, assigned_user = w.assigned_user,
        assigned_team = w.assigned_team, text_hash = w.text_hash, revision = $17
    FROM unnest(
        $1::bigint[], $2::smallint[], $3::smallint[], $4::smallint[], $5::smallint[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::text[], $12::timestamptz[],
        $13::timestamptz[], $14::bigint[], $15::bigint[], $16::bigint[]
    ) AS w (
        id, status, substatus, priority, level, first_seen, last_seen, active_at, times_seen, score, first_release,
        resolved_at, priority_locked_at, assigned_user, assigned_team, text_hash)
    WHERE i.id = w.id";

/// `issue_content` by its key, for each row; [`LOCK_ISSUES`] has locked the issues that are known. $1 to $7: a list a
/// column.
pub(super) const PUT_CONTENTS: &str = "
    INSERT INTO issue_content (issue_id, platform, message, culprit, title, subtitle, data)
    SELECT w.* FROM unnest(
        $1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS w
    ON CONFLICT (issue_id) DO UPDATE SET
        platform = excluded.platform, message = excluded.message, culprit = excluded.culprit, title = excluded.title,
        subtitle = excluded.subtitle, data = excluded.data";

/// `issue` by its key, for each row; [`LOCK_ISSUES`] has locked them: how issues stand, and nothing else of them.
/// $1 to $8: a list a column; $9: revision.
pub(super) const RESTATE_ISSUES: &str = "
    UPDATE issue AS i SET
        status = w.status, substatus = w.substatus, priority = w.priority, resolved_at = w.resolved_at,
        priority_locked_at = w.priority_locked_at, assigned_user = w.assigned_user, assigned_team = w.assigned_team,
        revision = $9
    FROM unnest(
        $1::bigint[], $2::smallint[], $3::smallint[], $4::smallint[], $5::timestamptz[], $6::timestamptz[],
        $7::bigint[], $8::bigint[]
    ) AS w (id, status, substatus, priority, resolved_at, priority_locked_at, assigned_user, assigned_team)
    WHERE i.id = w.id";

/// `issue` by its key; [`LOCK_ISSUES`] has locked them: how issues stand that stand alike. $1: issues, $2 and $3:
/// status or nothing where it stays, and its substatus, $4: priority or nothing where it stays; then each with whether it is written before it: $5 and $6: time of
/// resolving, $7 and $8: time of locking the priority, $9 to $11: user and team; $12: revision.
pub(super) const RESTATE_ALIKE: &str = "
    UPDATE issue SET
        status = coalesce($2, status), substatus = CASE WHEN $2 IS NULL THEN substatus ELSE $3 END,
        priority = coalesce($4, priority),
        resolved_at = CASE WHEN $5 THEN $6 ELSE resolved_at END,
        priority_locked_at = CASE WHEN $7 THEN $8 ELSE priority_locked_at END,
        assigned_user = CASE WHEN $9 THEN $10 ELSE assigned_user END,
        assigned_team = CASE WHEN $9 THEN $11 ELSE assigned_team END, revision = $12
    WHERE id = ANY($1)";

/// `issue_bucket` by its key. $1: issues, $2: hours, $3: what to add.
pub(super) const ADD_TO_BUCKETS: &str = "
    INSERT INTO issue_bucket AS b (issue_id, hour, count)
    SELECT w.* FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS w (issue_id, hour, count) ORDER BY 1, 2
    ON CONFLICT (issue_id, hour) DO UPDATE SET count = b.count + excluded.count";

/// `event` by its unique (event_id, project_id). $1 to $6: a list a column.
pub(super) const PUT_EVENTS: &str = "
    INSERT INTO event (project_id, event_id, event_type, event_time, json_bytes, body)
    SELECT w.*
    FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bytea[]) AS w
        (project_id, event_id, event_type, event_time, json_bytes, body)
    ORDER BY w.event_id, w.project_id
    ON CONFLICT (event_id, project_id) DO UPDATE SET
        event_type = excluded.event_type, event_time = excluded.event_time, json_bytes = excluded.json_bytes,
        body = excluded.body";

/// `occurrence` by its unique (id, project_id). $1 to $15: a list a column; $16: source, $17: time of storing.
///
/// The order of arrival is numbered before the rows are sorted by key. A replaced occurrence keeps its number. Answers the
/// numbers, with whose they are.
pub(super) const PUT_OCCURRENCES: &str = "
    INSERT INTO occurrence (
        seq, project_id, id, event_id, issue_id, event_time, environment, release, user_key, light_tags, term_bits,
        payload, topic, partition, record_offset, record_key, source_id, stored_at)
    SELECT numbered.*, $16, $17
    FROM (
        SELECT nextval('occurrence_seq'), w.*
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::bigint[], $11::bytea[], $12::text[], $13::integer[], $14::bigint[],
            $15::bytea[]
        ) AS w (
            project_id, id, event_id, issue_id, event_time, environment, release, user_key, light_tags, term_bits,
            payload, topic, partition, record_offset, record_key)
    ) AS numbered
    ORDER BY numbered.id, numbered.project_id
    ON CONFLICT (id, project_id) DO UPDATE SET
        event_id = excluded.event_id, issue_id = excluded.issue_id, event_time = excluded.event_time,
        environment = excluded.environment, release = excluded.release, user_key = excluded.user_key,
        light_tags = excluded.light_tags, term_bits = excluded.term_bits, payload = excluded.payload,
        source_id = excluded.source_id, topic = excluded.topic, partition = excluded.partition,
        record_offset = excluded.record_offset, record_key = excluded.record_key, stored_at = excluded.stored_at
    RETURNING project_id, id, seq";

/// `issue`, `issue_content`, `project`, `issue_inbox`, `issue_snooze` and `issue_resolution` by their keys. $1: ids.
pub(super) const LIST_ROWS: &str = concat!(
    "SELECT ",
    issue_list_columns!(),
    " FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id LEFT JOIN project AS p ON p.id = i.project_id \
      LEFT JOIN issue_inbox AS n ON n.issue_id = i.id LEFT JOIN issue_snooze AS z ON z.issue_id = i.id \
      LEFT JOIN issue_resolution AS v ON v.issue_id = i.id WHERE i.id = ANY($1) AND i.status <= 2"
);

/// `issue_bucket` over a range of its key. $1: issues, $2 and $3: first and last hour.
pub(super) const BUCKETS: &str = "SELECT issue_id, hour, count FROM issue_bucket WHERE issue_id = ANY($1) AND hour BETWEEN $2 AND $3";

/// `occurrence_by_issue`, from its end. $1: issue.
pub(super) const NEWEST_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id \
      WHERE o.issue_id = $1 AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) \
      ORDER BY o.event_time DESC, o.seq DESC LIMIT 1"
);

/// `occurrence_by_issue`, from its beginning. $1: issue.
pub(super) const OLDEST_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id \
      WHERE o.issue_id = $1 AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) \
      ORDER BY o.event_time, o.seq LIMIT 1"
);

/// `occurrence` by its unique (id, project_id). $1: issue, $2: id.
pub(super) const EXACT_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id WHERE o.issue_id = $1 AND o.id = $2 \
      AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) LIMIT 1"
);

/// `occurrence_by_issue`. $1: issue.
pub(super) const OCCURRENCES_OF_ISSUE: &str = "SELECT count(*) FROM occurrence WHERE issue_id = $1";

/// `occurrence_by_issue` up to a place in it. $1: issue, $2: event time, $3: seq.
pub(super) const OCCURRENCES_UP_TO: &str =
    "SELECT count(*) FROM occurrence WHERE issue_id = $1 AND (event_time, seq) <= ($2, $3)";

/// `occurrence_by_issue`. $1: issue, $2: event time, $3: seq.
pub(super) const OLDER_OCCURRENCE: &str = "
    SELECT id FROM occurrence WHERE issue_id = $1 AND (event_time, seq) < ($2, $3)
    ORDER BY event_time DESC, seq DESC LIMIT 1";

/// `occurrence_by_issue`. $1: issue, $2: event time, $3: seq.
pub(super) const NEWER_OCCURRENCE: &str = "
    SELECT id FROM occurrence WHERE issue_id = $1 AND (event_time, seq) > ($2, $3)
    ORDER BY event_time, seq LIMIT 1";

/// `occurrence_by_issue`, which includes the release. $1: issue.
pub(super) const LAST_RELEASE: &str = "
    SELECT release FROM occurrence WHERE issue_id = $1 AND release IS NOT NULL
    ORDER BY event_time DESC, seq DESC LIMIT 1";

/// `event` by its unique (event_id, project_id). $1: event, $2: project.
pub(super) const EVENT_BODY: &str =
    "SELECT body FROM event WHERE event_id = $1 AND project_id = $2";

/// `event` by its unique (event_id, project_id). $1: projects, $2: events.
pub(super) const EVENT_BODIES: &str = "
    SELECT e.project_id, e.event_id, e.body
    FROM unnest($1::bigint[], $2::uuid[]) AS w (project_id, event_id)
    JOIN event AS e ON e.event_id = w.event_id AND e.project_id = w.project_id";

#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] = &[
    HASHES,
    LOCK_ISSUES,
    CONTENTS,
    ISSUE_ENVIRONMENTS,
    ISSUE_RELEASES,
    RELEASES,
    BESIDE,
    RESOLUTIONS,
    WAITING_ISSUES,
    PROJECT_RULES,
    NEWEST_RELEASES,
    RECENT_MESSAGES,
    SIGHTINGS_SINCE,
    SIGHTINGS_BY_HOUR,
    USERS,
    UPDATE_ISSUES,
    RESTATE_ISSUES,
    RESTATE_ALIKE,
    LIST_ROWS,
    BUCKETS,
    NEWEST_OCCURRENCE,
    OLDEST_OCCURRENCE,
    EXACT_OCCURRENCE,
    OCCURRENCES_OF_ISSUE,
    OCCURRENCES_UP_TO,
    OLDER_OCCURRENCE,
    NEWER_OCCURRENCE,
    LAST_RELEASE,
    EVENT_BODY,
    EVENT_BODIES,
];

/// Those whose plan says nothing: PostgreSQL finds what an insert conflicts with by the index it names.
#[cfg(test)]
pub(super) const WRITES: &[&str] = &[
    CLAIM_HASHES,
    INSERT_ISSUES,
    ADD_TO_BUCKETS,
    PUT_EVENTS,
    PUT_OCCURRENCES,
];

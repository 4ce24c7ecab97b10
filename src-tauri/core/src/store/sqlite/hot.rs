//! The statements every batch and every list runs. The index or key that serves a statement is named above it, and a
//! test asks SQLite whether that is so.
//!
//! Statements that write many rows of a large table say `OR FAIL`: who runs one gives the whole transaction up where it
//! fails, so SQLite need not keep a copy of each page to take back the statement alone.

use super::statement::MultiRow;
use crate::store::beside::beside_columns;
use crate::store::records::{issue_list_columns, issue_state_columns, occurrence_columns};

/// `grouphash` by its key. ?1: `[[project, hash in hex], …]`.
pub(super) const HASHES: &str = "
    SELECT h.project_id, h.hash, h.issue_id, h.tombstone_id
    FROM json_each(?1) AS wanted
    CROSS JOIN grouphash AS h ON h.project_id = wanted.value ->> 0 AND h.hash = unhex(wanted.value ->> 1)
    WHERE h.issue_id IS NOT NULL OR h.tombstone_id IS NOT NULL";

/// `issue` by its key. ?1: `[id, …]`. Answers one text, for [`rows_of`](crate::store::rows::rows_of).
pub(super) const ISSUES: &str = concat!(
    "SELECT json_group_array(json_array(",
    issue_state_columns!(),
    ")) FROM json_each(?1) AS wanted CROSS JOIN issue AS i ON i.id = wanted.value"
);

/// `issue_content` by its key. ?1: `[id, …]`.
pub(super) const CONTENTS: &str = "
    SELECT c.issue_id, c.platform, c.message, c.culprit, c.data
    FROM json_each(?1) AS wanted CROSS JOIN issue_content AS c ON c.issue_id = wanted.value";

/// `issue_environment` by the first part of its key. ?1: `[issue, …]`.
pub(super) const ISSUE_ENVIRONMENTS: &str = "
    SELECT e.issue_id, e.environment
    FROM json_each(?1) AS wanted CROSS JOIN issue_environment AS e ON e.issue_id = wanted.value";

/// `issue_release` by the first two parts of its key. ?1: `[issue, …]`, ?2: `[version, …]`.
pub(super) const ISSUE_RELEASES: &str = "
    SELECT r.issue_id, r.release, r.environment, r.last_seen
    FROM json_each(?1) AS wanted
    CROSS JOIN issue_release AS r ON r.issue_id = wanted.value AND r.release IN (SELECT value FROM json_each(?2))";

/// `project_release` by its key. ?1: `[[project, version], …]`.
pub(super) const RELEASES: &str = "
    SELECT r.project_id, r.version, r.date_added
    FROM json_each(?1) AS wanted
    CROSS JOIN project_release AS r ON r.project_id = wanted.value ->> 0 AND r.version = wanted.value ->> 1";

/// The rows beside issues, each table by its key. ?1: `[issue, …]`. Issues without any are left out.
pub(super) const BESIDE: &str = concat!(
    "SELECT w.value AS issue_id, ",
    beside_columns!(),
    " FROM json_each(?1) AS w LEFT JOIN issue_inbox AS n ON n.issue_id = w.value \
      LEFT JOIN issue_snooze AS s ON s.issue_id = w.value LEFT JOIN issue_forecast AS f ON f.issue_id = w.value \
      LEFT JOIN issue_resolution AS r ON r.issue_id = w.value \
      WHERE coalesce(n.issue_id, s.issue_id, f.issue_id, r.issue_id) IS NOT NULL"
);

/// `issue_resolution` and `project_release` by their keys, `activity_by_ident`. ?1: `[issue, …]`, ?2: kind of the
/// activity that announces a resolution.
pub(super) const RESOLUTIONS: &str = "
    SELECT r.issue_id, r.id, r.kind, r.status, r.release, r.current_release_version,
        released.date_added AS release_added, current.date_added AS current_added, a.id AS activity_id,
        a.data AS activity_data
    FROM json_each(?1) AS w CROSS JOIN issue_resolution AS r ON r.issue_id = w.value
    LEFT JOIN project_release AS released ON released.project_id = r.project_id AND released.version = r.release
    LEFT JOIN project_release AS current
        ON current.project_id = r.project_id AND current.version = r.current_release_version
    LEFT JOIN activity AS a ON a.id = (
        SELECT l.id FROM activity AS l WHERE l.issue_id = r.issue_id AND l.ident = r.id AND l.kind = ?2
        ORDER BY l.id DESC LIMIT 1)";

/// `issue_resolution_pending`. ?1: `[project, …]`.
pub(super) const WAITING_ISSUES: &str = "
    SELECT r.issue_id FROM json_each(?1) AS w
    CROSS JOIN issue_resolution AS r ON r.project_id = w.value AND r.status = 0";

/// `project` and `escalation_threshold` by their keys. ?1: `[project, …]`.
pub(super) const PROJECT_RULES: &str = "
    SELECT p.id, p.resolve_age_hours, p.feedback_in_inbox, t.events_per_hour, t.measured_at
    FROM json_each(?1) AS w CROSS JOIN project AS p ON p.id = w.value
    LEFT JOIN escalation_threshold AS t ON t.project_id = p.id";

/// `project_release` by its key, the newest of a project by `project_release_by_age`. ?1: `[project, …]`, ?2: how many
/// of each; −1 for all.
pub(super) const NEWEST_RELEASES: &str = "
    SELECT r.project_id, r.version, r.date_added
    FROM json_each(?1) AS w CROSS JOIN project_release AS r ON r.project_id = w.value AND r.version IN (
        SELECT n.version FROM project_release AS n WHERE n.project_id = w.value
        ORDER BY n.date_added DESC, n.version DESC LIMIT ?2)";

/// `occurrence` by its unique (id, project_id), `message_mark` by its key. ?1: `[[project, message], …]`, ?2: time.
/// Answers places in the list. A message that is no UUID matches no occurrence.
pub(super) const RECENT_MESSAGES: &str = "
    SELECT w.key FROM json_each(?1) AS w
    CROSS JOIN occurrence AS o ON o.id = unhex(w.value ->> 1) AND o.project_id = w.value ->> 0 AND o.stored_at > ?2
    UNION ALL
    SELECT w.key FROM json_each(?1) AS w
    CROSS JOIN message_mark AS m
        ON m.project_id = w.value ->> 0 AND m.message_id = w.value ->> 1 AND m.marked_at > ?2";

/// `occurrence_by_issue`, which holds all it needs. ?1: `[[issue, first time], …]`, ?2: last time. Answers places in the
/// list.
pub(super) const SIGHTINGS_SINCE: &str = "
    SELECT w.key, (
        SELECT count(*) FROM occurrence AS o
        WHERE o.issue_id = w.value ->> 0 AND o.event_time BETWEEN w.value ->> 1 AND ?2)
    FROM json_each(?1) AS w";

/// `occurrence_by_issue`, which holds all it needs. ?1: `[issue, …]`, ?2: first time, ?3: time after the last one.
pub(super) const SIGHTINGS_BY_HOUR: &str = "
    SELECT o.issue_id, o.event_time / 3600000000 * 3600000000, count(*)
    FROM json_each(?1) AS w
    CROSS JOIN occurrence AS o ON o.issue_id = w.value AND o.event_time >= ?2 AND o.event_time < ?3
    GROUP BY 1, 2";

/// `occurrence_by_issue`, which holds all it needs. ?1: `[issue, …]`, ?2: last time.
pub(super) const USERS: &str = "
    SELECT o.issue_id, o.user_key, max(o.event_time)
    FROM json_each(?1) AS w CROSS JOIN occurrence AS o ON o.issue_id = w.value AND o.event_time <= ?2
    WHERE o.user_key IS NOT NULL
    GROUP BY 1, 2";

/// The list indexes of `issue` are written along.
pub(super) const INSERT_ISSUES: MultiRow = MultiRow {
    head: "INSERT OR FAIL INTO issue (
        id, status, substatus, priority, level, first_seen, last_seen, active_at, times_seen, score, first_release,
        resolved_at, priority_locked_at, assigned_user, assigned_team, text_hash, revision, project_id, short_id,
        group_type, created_revision)
        SELECT
            v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8, v.column9,
            v.column10, v.column11, v.column12, v.column13, v.column14, v.column15, v.column16, v.column17,
            v.column18, v.column19, v.column20, v.column17
        FROM (",
    tail: ") AS v",
};

/// `issue` by its key, for each row.
pub(super) const UPDATE_ISSUES: MultiRow = MultiRow {
    head: "UPDATE OR FAIL issue SET
        status = v.column2, substatus = v.column3, priority = v.column4, level = v.column5, first_seen = v.column6,
        last_seen = v.column7, active_at = v.column8, times_seen = v.column9, score = v.column10,
        first_release = v.column11, resolved_at = v.column12, priority_locked_at = v.column13,
        assigned_user = v.column14, assigned_team = v.column15, text_hash = v.column16, revision = v.column17
        FROM (",
    tail: ") AS v WHERE issue.id = v.column1",
};

/// As [`UPDATE_ISSUES`], for issues that stand as they stood and begin where they began. SQLite writes every index anew
/// that has a column of the statement, whether or not its value changes.
pub(super) const TOUCH_ISSUES: MultiRow = MultiRow {
    head: "UPDATE OR FAIL issue SET
        level = v.column2, last_seen = v.column3, active_at = v.column4, times_seen = v.column5, score = v.column6,
        first_release = v.column7, text_hash = v.column8, revision = v.column9
        FROM (",
    tail: UPDATE_ISSUES.tail,
};

/// `issue` by its key, for each row: how issues stand, and nothing else of them.
pub(super) const RESTATE_ISSUES: MultiRow = MultiRow {
    head: "UPDATE OR FAIL issue SET
        status = v.column2, substatus = v.column3, priority = v.column4, resolved_at = v.column5,
        priority_locked_at = v.column6, assigned_user = v.column7, assigned_team = v.column8, revision = v.column9
        FROM (",
    tail: ") AS v WHERE issue.id = v.column1",
};

/// `issue` by its key: how issues stand that stand alike. ?1: `[issue, …]`, ?2 and ?3: status or nothing where it stays,
/// and its substatus, ?4: priority or nothing where it stays; then each with whether it is written before it: ?5 and ?6:
/// time of resolving, ?7 and ?8: time of locking the priority, ?9 to ?11: user and team; ?12: revision.
pub(super) const RESTATE_ALIKE: &str = "
    UPDATE OR FAIL issue SET
        status = coalesce(?2, status), substatus = iif(?2 IS NULL, substatus, ?3),
        priority = coalesce(?4, priority), resolved_at = iif(?5, ?6, resolved_at),
        priority_locked_at = iif(?7, ?8, priority_locked_at), assigned_user = iif(?9, ?10, assigned_user),
        assigned_team = iif(?9, ?11, assigned_team), revision = ?12
    WHERE id IN (SELECT value FROM json_each(?1))";

/// `issue_content` by its key, for each row.
pub(super) const PUT_CONTENTS: MultiRow = MultiRow {
    head: "INSERT INTO issue_content (issue_id, platform, message, culprit, title, subtitle, data)",
    tail: "ON CONFLICT (issue_id) DO UPDATE SET
        platform = excluded.platform, message = excluded.message, culprit = excluded.culprit, title = excluded.title,
        subtitle = excluded.subtitle, data = excluded.data",
};

/// `issue_bucket` by its key.
pub(super) const ADD_TO_BUCKETS: MultiRow = MultiRow {
    head: "INSERT INTO issue_bucket (issue_id, hour, count)",
    tail: "ON CONFLICT (issue_id, hour) DO UPDATE SET count = count + excluded.count",
};

/// `event` by its unique (event_id, project_id).
pub(super) const PUT_EVENTS: MultiRow = MultiRow {
    head: "INSERT INTO event (project_id, event_id, event_type, event_time, json_bytes, body)",
    tail: "ON CONFLICT (event_id, project_id) DO UPDATE SET
        event_type = excluded.event_type, event_time = excluded.event_time, json_bytes = excluded.json_bytes,
        body = excluded.body",
};

/// `occurrence` by its unique (id, project_id); a replaced one keeps its place in the order of arrival.
pub(super) const PUT_OCCURRENCES: MultiRow = MultiRow {
    head: "INSERT INTO occurrence (
        project_id, id, event_id, issue_id, event_time, environment, release, user_key, light_tags, term_bits, payload,
        source_id, topic, partition, record_offset, record_key, stored_at)",
    tail: "ON CONFLICT (id, project_id) DO UPDATE SET
        event_id = excluded.event_id, issue_id = excluded.issue_id, event_time = excluded.event_time,
        environment = excluded.environment, release = excluded.release, user_key = excluded.user_key,
        light_tags = excluded.light_tags, term_bits = excluded.term_bits, payload = excluded.payload,
        source_id = excluded.source_id, topic = excluded.topic, partition = excluded.partition,
        record_offset = excluded.record_offset, record_key = excluded.record_key, stored_at = excluded.stored_at",
};

/// `issue`, `issue_content`, `project`, `issue_inbox`, `issue_snooze` and `issue_resolution` by their keys.
/// ?1: `[id, …]`.
pub(super) const LIST_ROWS: &str = concat!(
    "SELECT ",
    issue_list_columns!(),
    " FROM json_each(?1) AS wanted CROSS JOIN issue AS i ON i.id = wanted.value \
      CROSS JOIN issue_content AS c ON c.issue_id = i.id \
      LEFT JOIN project AS p ON p.id = i.project_id LEFT JOIN issue_inbox AS n ON n.issue_id = i.id \
      LEFT JOIN issue_snooze AS z ON z.issue_id = i.id LEFT JOIN issue_resolution AS v ON v.issue_id = i.id \
      WHERE i.status <= 2"
);

/// `issue_bucket` over a range of its key. ?1: `[issue, …]`, ?2 and ?3: first and last hour.
pub(super) const BUCKETS: &str = "
    SELECT b.issue_id, b.hour, b.count
    FROM json_each(?1) AS wanted
    CROSS JOIN issue_bucket AS b ON b.issue_id = wanted.value AND b.hour BETWEEN ?2 AND ?3";

/// `occurrence_by_issue`, from its end. ?1: issue.
pub(super) const NEWEST_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id \
      WHERE o.issue_id = ?1 AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) \
      ORDER BY o.event_time DESC, o.seq DESC LIMIT 1"
);

/// `occurrence_by_issue`, from its beginning. ?1: issue.
pub(super) const OLDEST_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id \
      WHERE o.issue_id = ?1 AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) \
      ORDER BY o.event_time, o.seq LIMIT 1"
);

/// `occurrence` by its unique (id, project_id). ?1: issue, ?2: id.
pub(super) const EXACT_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id WHERE +o.issue_id = ?1 AND o.id = ?2 \
      AND EXISTS (SELECT 1 FROM issue AS i WHERE i.id = o.issue_id AND i.status <= 2) LIMIT 1"
);

/// `occurrence_by_issue`. ?1: issue.
pub(super) const OCCURRENCES_OF_ISSUE: &str = "SELECT count(*) FROM occurrence WHERE issue_id = ?1";

/// `occurrence_by_issue` up to a place in it. ?1: issue, ?2: event time, ?3: seq.
pub(super) const OCCURRENCES_UP_TO: &str =
    "SELECT count(*) FROM occurrence WHERE issue_id = ?1 AND (event_time, seq) <= (?2, ?3)";

/// `occurrence_by_issue`. ?1: issue, ?2: event time, ?3: seq.
pub(super) const OLDER_OCCURRENCE: &str = "
    SELECT id FROM occurrence WHERE issue_id = ?1 AND (event_time, seq) < (?2, ?3)
    ORDER BY event_time DESC, seq DESC LIMIT 1";

/// `occurrence_by_issue`. ?1: issue, ?2: event time, ?3: seq.
pub(super) const NEWER_OCCURRENCE: &str = "
    SELECT id FROM occurrence WHERE issue_id = ?1 AND (event_time, seq) > (?2, ?3)
    ORDER BY event_time, seq LIMIT 1";

/// `occurrence_by_issue`, which holds the release. ?1: issue.
pub(super) const LAST_RELEASE: &str = "
    SELECT release FROM occurrence WHERE issue_id = ?1 AND release IS NOT NULL
    ORDER BY event_time DESC, seq DESC LIMIT 1";

/// `event` by its unique (event_id, project_id). ?1: event, ?2: project.
pub(super) const EVENT_BODY: &str =
    "SELECT body FROM event WHERE event_id = ?1 AND project_id = ?2";

/// `event` by its unique (event_id, project_id). ?1: `[[project, event in hex], …]`.
pub(super) const EVENT_BODIES: &str = "
    SELECT e.project_id, e.event_id, e.body
    FROM json_each(?1) AS wanted
    CROSS JOIN event AS e ON e.event_id = unhex(wanted.value ->> 1) AND e.project_id = wanted.value ->> 0";

#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] = &[
    HASHES,
    ISSUES,
    CONTENTS,
    RESTATE_ALIKE,
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

/// Those that group by what no index is sorted by. They read no more than the others, but they sort it.
#[cfg(test)]
pub(in crate::store) const GROUPED: &[&str] = &[SIGHTINGS_BY_HOUR, USERS];

/// With their numbers of columns.
#[cfg(test)]
pub(in crate::store) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (INSERT_ISSUES, 20),
    (UPDATE_ISSUES, 17),
    (TOUCH_ISSUES, 9),
    (PUT_CONTENTS, 7),
    (RESTATE_ISSUES, 9),
    (ADD_TO_BUCKETS, 3),
    (PUT_EVENTS, 6),
    (PUT_OCCURRENCES, 17),
];

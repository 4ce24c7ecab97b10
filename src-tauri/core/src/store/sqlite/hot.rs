//! The statements every batch and every list runs. The index or key that serves a statement is named above it, and a
//! test asks SQLite whether that is so.

use super::statement::MultiRow;
use crate::store::records::{issue_list_columns, issue_state_columns, occurrence_columns};

/// `grouphash` by its key. ?1: `[[project, hash in hex], …]`.
pub(super) const HASHES: &str = "
    SELECT h.project_id, h.hash, h.issue_id
    FROM json_each(?1) AS wanted
    CROSS JOIN grouphash AS h ON h.project_id = wanted.value ->> 0 AND h.hash = unhex(wanted.value ->> 1)
    WHERE h.issue_id IS NOT NULL";

/// `issue` by its key. ?1: `[id, …]`.
pub(super) const ISSUES: &str = concat!(
    "SELECT ",
    issue_state_columns!(),
    " FROM json_each(?1) AS wanted CROSS JOIN issue AS i ON i.id = wanted.value"
);

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

/// The list indexes of `issue` are written along.
pub(super) const INSERT_ISSUES: MultiRow = MultiRow {
    head: "INSERT INTO issue (
        id, project_id, short_id, group_type, status, substatus, priority, level, platform, message, culprit, title,
        subtitle, search_text, first_seen, last_seen, active_at, times_seen, score, first_release, data, revision,
        created_revision)",
    tail: "",
};

/// `issue` by its key, for each row.
pub(super) const UPDATE_ISSUES: MultiRow = MultiRow {
    head: "UPDATE issue SET
        status = v.column2, substatus = v.column3, priority = v.column4, level = v.column5, platform = v.column6,
        message = v.column7, culprit = v.column8, title = v.column9, subtitle = v.column10, search_text = v.column11,
        first_seen = v.column12, last_seen = v.column13, active_at = v.column14, times_seen = v.column15,
        score = v.column16, first_release = v.column17, data = v.column18, revision = v.column19
        FROM (",
    tail: ") AS v WHERE issue.id = v.column1",
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
        project_id, id, event_id, issue_id, event_time, environment, release, light_tags, payload, source_id, topic,
        partition, record_offset, record_key, stored_at)",
    tail: "ON CONFLICT (id, project_id) DO UPDATE SET
        event_id = excluded.event_id, issue_id = excluded.issue_id, event_time = excluded.event_time,
        environment = excluded.environment, release = excluded.release, light_tags = excluded.light_tags,
        payload = excluded.payload, source_id = excluded.source_id, topic = excluded.topic,
        partition = excluded.partition, record_offset = excluded.record_offset, record_key = excluded.record_key,
        stored_at = excluded.stored_at",
};

/// A condition follows. `issue` over the index of the sort, in its order; free text also reads the table.
pub(super) const SNAPSHOT: &str = "SELECT i.id FROM issue AS i WHERE ";

/// Ends [`SNAPSHOT`], with `issue_by_last_seen`; a limit follows.
pub(super) const BY_LAST_SEEN: &str = " ORDER BY i.last_seen DESC, i.id DESC LIMIT ";

/// Ends [`SNAPSHOT`], with `issue_by_first_seen`; a limit follows.
pub(super) const BY_FIRST_SEEN: &str = " ORDER BY i.first_seen DESC, i.id DESC LIMIT ";

/// Ends [`SNAPSHOT`], with `issue_by_times_seen`; a limit follows.
pub(super) const BY_TIMES_SEEN: &str = " ORDER BY i.times_seen DESC, i.id DESC LIMIT ";

/// A condition follows. `issue` over any list index.
pub(super) const COUNT: &str = "SELECT count(*) FROM issue AS i WHERE ";

/// A revision, [`WRITTEN_SINCE_2`], a revision and a condition follow. `issue_by_revision`.
pub(super) const WRITTEN_SINCE_1: &str =
    "SELECT count(*), count(*) FILTER (WHERE i.created_revision > ";

/// The middle of [`WRITTEN_SINCE_1`].
pub(super) const WRITTEN_SINCE_2: &str = ") FROM issue AS i WHERE i.revision > ";

/// `issue`, `project` and `issue_inbox` by their keys. ?1: `[id, …]`.
pub(super) const LIST_ROWS: &str = concat!(
    "SELECT ",
    issue_list_columns!(),
    " FROM json_each(?1) AS wanted CROSS JOIN issue AS i ON i.id = wanted.value \
      LEFT JOIN project AS p ON p.id = i.project_id LEFT JOIN issue_inbox AS n ON n.issue_id = i.id"
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
      WHERE o.issue_id = ?1 ORDER BY o.event_time DESC, o.seq DESC LIMIT 1"
);

/// `occurrence_by_issue`, from its beginning. ?1: issue.
pub(super) const OLDEST_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id \
      WHERE o.issue_id = ?1 ORDER BY o.event_time, o.seq LIMIT 1"
);

/// `occurrence` by its unique (id, project_id). ?1: issue, ?2: id.
pub(super) const EXACT_OCCURRENCE: &str = concat!(
    "SELECT ",
    occurrence_columns!(),
    " FROM occurrence AS o JOIN source AS s ON s.id = o.source_id WHERE +o.issue_id = ?1 AND o.id = ?2 LIMIT 1"
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
    ISSUE_ENVIRONMENTS,
    ISSUE_RELEASES,
    RELEASES,
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

/// With their numbers of columns.
#[cfg(test)]
pub(in crate::store) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (INSERT_ISSUES, 23),
    (UPDATE_ISSUES, 19),
    (ADD_TO_BUCKETS, 3),
    (PUT_EVENTS, 6),
    (PUT_OCCURRENCES, 15),
];

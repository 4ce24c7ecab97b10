//! The tables that are filled, and their columns.

use super::bulk::Kind::{Big, Bytes, Id, Int, Json, Small, Text, Time};
use super::bulk::Table;

macro_rules! tables {
    ($list:ident: $($place:ident = $number:literal, $name:literal, [$(($column:literal, $kind:ident)),* $(,)?];)*) => {
        $(pub const $place: usize = $number;)*
        // A place is the table's place in the list.
        const _: () = { let mut place = 0; $(assert!($number == place); place += 1;)* assert!(place == $list.len()); };
        pub const $list: &[Table] = &[$(Table { name: $name, columns: &[$(($column, $kind)),*] }),*];
    };
}

tables! { COMMON:
    ISSUE = 0, "issue", [
        ("id", Big), ("project_id", Big), ("short_id", Big), ("group_type", Int), ("status", Small),
        ("substatus", Small), ("priority", Small), ("level", Small), ("first_seen", Time),
        ("last_seen", Time), ("active_at", Time), ("times_seen", Big), ("score", Big), ("first_release", Text),
        ("resolved_at", Time), ("assigned_user", Big), ("assigned_team", Big), ("revision", Big),
        ("created_revision", Big), ("text_hash", Big),
    ];
    GROUPHASH = 1, "grouphash", [("project_id", Big), ("hash", Id), ("issue_id", Big)];
    BUCKET = 2, "issue_bucket", [("issue_id", Big), ("hour", Int), ("count", Big)];
    ENVIRONMENT = 3, "issue_environment", [
        ("issue_id", Big), ("environment", Text), ("first_release", Text), ("first_seen", Time),
    ];
    RELEASE = 4, "issue_release", [
        ("issue_id", Big), ("release", Text), ("environment", Text), ("first_seen", Time), ("last_seen", Time),
    ];
    INBOX = 5, "issue_inbox", [("issue_id", Big), ("reason", Small), ("since", Time)];
    SNOOZE = 6, "issue_snooze", [
        ("issue_id", Big), ("until", Time), ("count", Big), ("times_seen", Big), ("actor", Big),
    ];
    RESOLUTION = 7, "issue_resolution", [
        ("issue_id", Big), ("project_id", Big), ("id", Text), ("kind", Small), ("status", Small), ("release", Text),
    ];
    ACTIVITY = 8, "activity", [
        ("issue_id", Big), ("kind", Small), ("actor", Big), ("ident", Text), ("data", Text), ("at", Time),
    ];
    HISTORY = 9, "issue_history", [("issue_id", Big), ("kind", Small), ("actor", Big), ("release", Text), ("at", Time)];
    TEXT = 10, "search_text", [
        ("issue_id", Big), ("hash", Big), ("text", Text), ("facts", Json),
    ];
    OCCURRENCE = 11, "occurrence", [
        ("seq", Big), ("project_id", Big), ("id", Id), ("event_id", Id), ("issue_id", Big), ("event_time", Time),
        ("environment", Text), ("release", Text), ("user_key", Text), ("term_bits", Big), ("payload", Bytes),
        ("source_id", Big), ("topic", Text), ("partition", Int), ("record_offset", Big), ("stored_at", Time),
    ];
    EVENT = 12, "event", [
        ("seq", Big), ("project_id", Big), ("event_id", Id), ("event_type", Text), ("event_time", Time),
        ("json_bytes", Big), ("body", Bytes),
    ];
    FACT = 13, "event_fact", [("seq", Big), ("message", Big), ("stack", Big), ("facts", Json)];
    PROJECT_RELEASE = 14, "project_release", [
        ("project_id", Big), ("version", Text), ("date_added", Time), ("new_groups", Big),
    ];
    RELEASE_ENVIRONMENT = 15, "project_release_environment", [
        ("project_id", Big), ("version", Text), ("environment", Text), ("new_issues", Big),
    ];
    PROJECT_ENVIRONMENT = 16, "project_environment", [("project_id", Big), ("name", Text)];
    VALUE = 17, "search_value", [("key", Text), ("value", Text)];
    OUTCOME = 18, "outcome_bucket", [
        ("hour", Int), ("project_id", Big), ("outcome", Text), ("reason", Text), ("quantity", Big),
    ];
    CONTENT = 19, "issue_content", [
        ("issue_id", Big), ("platform", Text), ("message", Text), ("culprit", Text), ("title", Text),
        ("subtitle", Text), ("data", Text),
    ];
}

tables! { OF_POSTGRES:
    TERM_ROW = 0, "search_own_term", [("term", Big), ("issue_id", Big)];
}

tables! { OF_SQLITE:
    TERMS_ROW = 0, "search_term_fts", [("rowid", Big), ("terms", Text)];
    EVENT_ROW = 1, "occurrence_event_fts", [("rowid", Big), ("event_id", Text)];
}

/// Places of the last ones behind the common ones.
pub const TERM: usize = COMMON_COUNT + TERM_ROW;
pub const TERMS: usize = COMMON_COUNT + TERMS_ROW;
pub const EVENT_TOKEN: usize = COMMON_COUNT + EVENT_ROW;
const COMMON_COUNT: usize = COMMON.len();

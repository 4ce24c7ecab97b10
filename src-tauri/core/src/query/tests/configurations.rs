//! Sections 1.1 and 7.1: the configurations.

use super::{issues, plain, read_as, spans};
use crate::query::{Key, KnownKey, SearchConfig};

#[test]
fn default_kinds() {
    for config in [plain(), issues(), spans()] {
        let all = |is: fn(&SearchConfig, &Key) -> bool, names: &[&str]| {
            names.iter().all(|name| is(&config, &Key::name(*name)))
        };
        assert!(all(
            SearchConfig::is_numeric,
            &[
                "project_id",
                "project.id",
                "issue.id",
                "stack.colno",
                "stack.lineno",
                "stack.stack_level",
                "transaction.duration",
                "measurements.anything",
                "spans.browser",
                "measurements.lcp",
            ]
        ));
        assert!(all(
            SearchConfig::is_duration,
            &[
                "transaction.duration",
                "spans.http",
                "measurements.fp",
                "measurements.fcp",
                "measurements.lcp",
                "measurements.fid",
                "measurements.ttfb",
                "measurements.ttfb.requesttime",
                "measurements.app_start_cold",
                "measurements.app_start_warm",
                "measurements.time_to_initial_display",
                "measurements.time_to_full_display",
            ]
        ));
        assert!(all(
            SearchConfig::is_date,
            &[
                "start",
                "end",
                "time",
                "timestamp",
                "timestamp.to_hour",
                "timestamp.to_day",
                "error.received",
                "last_seen()",
            ]
        ));
        assert!(all(
            SearchConfig::is_boolean,
            &[
                "error.handled",
                "error.unhandled",
                "error.main_thread",
                "stack.in_app",
                "is_application",
                "team_key_transaction",
            ]
        ));
        assert!(all(
            SearchConfig::takes_text_operators,
            &["release.version", "release.build"]
        ));
        for name in [
            "measurements.",
            "spans.",
            "measurements",
            "message",
            "user.id",
            "release.package",
        ] {
            let key = Key::name(name);
            assert!(
                !config.is_numeric(&key) && !config.is_date(&key) && !config.is_boolean(&key),
                "{name}"
            );
        }
        assert!(!config.is_duration(&Key::name("measurements.score")));
        assert!(config.allow_boolean);
        assert_eq!(config.free_text_key, "message");
    }
}

#[test]
fn the_search_for_issues_knows_more_keys() {
    read_as(
        &issues(),
        &[
            ("times_seen:500", "times_seen = 500"),
            ("times_seen:>1k", "times_seen > 1000"),
            ("times_seen:<hello", "! invalid_number"),
            ("times_seen:<512.1.0", "! invalid_number"),
            ("date:-1h", "date >= 2024-06-01T11:00:00Z"),
            ("last_seen:x", "! invalid_date"),
            ("first_seen:x", "! invalid_date"),
        ],
    );
    read_as(
        &plain(),
        &[
            ("times_seen:many", "times_seen = 'many'"),
            ("date:x", "date = 'x'"),
        ],
    );
    for (typed, key) in [
        ("assigned", "assigned_to"),
        ("bookmarks", "bookmarked_by"),
        ("subscribed", "subscribed_by"),
        ("first-release", "first_release"),
        ("firstRelease", "first_release"),
        ("dist", "sentry:dist"),
    ] {
        let (text, expected) = (format!("{typed}:x"), format!("{key} = 'x'"));
        read_as(&issues(), &[(text.as_str(), expected.as_str())]);
    }
    for (typed, key) in [
        ("age", "first_seen"),
        ("firstSeen", "first_seen"),
        ("lastSeen", "last_seen"),
        ("event.timestamp", "date"),
    ] {
        let (text, expected) = (
            format!("{typed}:-1h"),
            format!("{key} >= 2024-06-01T11:00:00Z"),
        );
        read_as(&issues(), &[(text.as_str(), expected.as_str())]);
    }
    read_as(&issues(), &[("timesSeen:2", "times_seen = 2")]);
}

#[test]
fn the_search_for_spans_knows_its_durations() {
    read_as(
        &spans(),
        &[
            ("span.duration:>10s", "span.duration > 10000"),
            ("span.self_time:<2m", "span.self_time < 120000"),
            ("transaction.duration:1s", "transaction.duration = 1000"),
            ("is_transaction:1", "is_transaction = 1"),
            ("precise.start_ts:>1.5", "precise.start_ts > 1.5"),
            ("is:unresolved", "! is_unsupported"),
            ("age:old", "age = 'old'"),
            ("count():>5 foo:bar", "count() > 5; foo = 'bar'"),
        ],
    );
    read_as(
        &plain(),
        &[("span.duration:>10s", "span.duration = '>10s'")],
    );
}

#[test]
fn every_offered_key_is_read_as_a_key() {
    for config in [issues(), spans()] {
        let mut names: Vec<_> = config
            .known_keys
            .iter()
            .map(|known: &KnownKey| known.key)
            .collect();
        for known in config.known_keys {
            let text = format!("has:{}", known.key);
            assert_eq!(super::codes(&text, &config), [""; 0], "{text}");
            assert!(!known.about.is_empty());
        }
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "a key is offered twice");
    }
}

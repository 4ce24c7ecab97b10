//! Texts that mean harm: each is looked for as it stands, or refused by name, and nothing changes.

use super::base::{self, base, event, issue};
use super::shelf::{Place, ids, search};
use picket_core::engine::find::ListRequest;
use picket_core::paging::{Cursor, Limit, ScorePager};
use picket_core::query::literal_value;
use picket_tests::rows::format::{Data, EventRow};
use picket_tests::rows::look;
use serde_json::json;
use std::time::{Duration, Instant};

/// Texts that mean something where a statement, a pattern or a document is put together.
const TEXTS: [&str; 18] = [
    "'; DROP TABLE issue; --",
    "' OR '1'='1",
    "') OR 1=1 --",
    "\" OR \"\"=\"",
    "1; DELETE FROM issue",
    "x' UNION SELECT id FROM issue --",
    "%",
    "_",
    "a\\b",
    "$1",
    "?1",
    ":name",
    "{\"$ne\": 1}",
    "$.tags.\"x\"",
    "[a-z]+",
    ".*",
    "\u{202e}tfel",
    "NULL",
];

/// Keys of texts that the event has.
const OWN: [&str; 18] = [
    "browser",
    "tags[browser]",
    "transaction",
    "environment",
    "release",
    "user.id",
    "user.display",
    "error.type",
    "title",
    "culprit",
    "location",
    "logger",
    "sdk.name",
    "os.version",
    "device.model",
    "http.url",
    "geo.city",
    "error.value",
];

/// Keys whose values are texts, words, numbers, ids or times; no event has anything there that a text could name.
const OTHERS: [&str; 45] = [
    "status",
    "substatus",
    "issue.priority",
    "issue.category",
    "issue.type",
    "assigned",
    "assigned_or_suggested",
    "bookmarks",
    "subscribed",
    "first_release",
    "regressed_in_release",
    "age",
    "last_seen",
    "times_seen",
    "date",
    "project",
    "project.id",
    "issue",
    "issue.id",
    "release.version",
    "release.package",
    "release.build",
    "release.stage",
    "user",
    "user.email",
    "type",
    "dist",
    "platform.name",
    "sdk.version",
    "os.name",
    "app.in_foreground",
    "issue.label",
    "issue.note",
    "device.class",
    "error.handled",
    "error.received",
    "stack.filename",
    "stack.lineno",
    "stack.in_app",
    "trace",
    "id",
    "trace.span",
    "trace.parent_span",
    "tags[n,number]",
    "flags[x]",
];

/// Issue `n + 1` has an event that says text `n` wherever it can.
fn said() -> Data {
    let events = (1..).zip(TEXTS).map(|(id, text)| {
        let owned = || Some(text.to_owned());
        let body = [
            ("transaction".to_owned(), json!(text)),
            (
                "exception".to_owned(),
                json!({"values": [{"type": text, "value": text}]}),
            ),
            ("title".to_owned(), json!(text)),
            ("culprit".to_owned(), json!(text)),
            ("location".to_owned(), json!(text)),
            ("logger".to_owned(), json!(text)),
            ("sdk".to_owned(), json!({"name": text})),
            (
                "contexts".to_owned(),
                json!({"os": {"version": text}, "device": {"model": text}}),
            ),
            ("request".to_owned(), json!({"url": text})),
            (
                "user".to_owned(),
                json!({"id": text, "geo": {"city": text}}),
            ),
        ];
        EventRow {
            tags: [("browser".to_owned(), text.to_owned())].into(),
            environment: owned(),
            release: owned(),
            user: owned(),
            message: format!("<{text}>"),
            body: body.into_iter().collect(),
            ..event(id, id, id)
        }
    });
    let events: Vec<EventRow> = events.collect();
    Data {
        issues: (1..).zip(TEXTS).map(|(id, _)| issue(id, id)).collect(),
        events,
        ..base::empty()
    }
}

/// Issues whose text is as stated.
fn whose(holds: impl Fn(&str) -> bool) -> Vec<i64> {
    let said = (1..).zip(TEXTS).filter(|(_, text)| holds(text));
    said.map(|(id, _)| id).collect()
}

/// A text in quotes, as the beginning of a pattern.
fn beginning(text: &str) -> String {
    let text = text
        .replace('\\', r"\\")
        .replace('*', r"\*")
        .replace('"', "\\\"");
    format!("\"{text}*\"")
}

pub async fn texts_are_looked_for_as_they_stand(place: &Place) {
    let shelf = place.shelf(said()).await;
    let before = look::issue_rows(&shelf.store).await.unwrap();
    for (id, text) in (1_i64..).zip(TEXTS) {
        let value = literal_value(text).unwrap();
        let lower = text.to_lowercase();
        let begins = whose(|other| other.to_lowercase().starts_with(&lower));
        for key in OWN {
            for (typed, found) in [
                (format!("{key}:{value}"), &[id] as &[_]),
                (format!("{key}:[{value}, \"no such text\"]"), &[id]),
                (format!("!{key}:{value}"), &whose(|other| other != text)),
                // Nothing in a pattern is one but the star.
                (format!("{key}:{}", beginning(text)), &begins),
            ] {
                assert_eq!(shelf.found(&typed).await, found, "{typed}");
            }
        }
        let inside = whose(|other| other.to_lowercase().contains(&lower));
        assert_eq!(shelf.found(&format!("message:{value}")).await, inside);
        for key in OTHERS {
            for (typed, found) in [
                (format!("{key}:{value}"), 0),
                (format!("{key}:[{value}]"), 0),
                (format!("!{key}:{value}"), TEXTS.len()),
            ] {
                match shelf.list(&search(&typed)).await {
                    Ok(list) => assert_eq!(list.issues.len(), found, "{typed}"),
                    Err(error) => assert!(error.code().is_some(), "{typed}: {error}"),
                }
            }
        }
    }
    assert_eq!(look::issue_rows(&shelf.store).await.unwrap(), before);
}

pub async fn parameters_are_no_way_in(place: &Place) {
    let shelf = place.shelf(said()).await;
    let before = look::issue_rows(&shelf.store).await.unwrap();
    let usual = || search("");
    for (id, text) in (1_i64..).zip(TEXTS) {
        let owned = || Some(text.to_owned());
        // As it stands it is the name of an environment here.
        let environment = ListRequest {
            environment: vec![text.to_owned()],
            ..usual()
        };
        assert_eq!(
            shelf.ids(&environment).await,
            [0_i64; 0],
            "no row says issue {id} was seen there"
        );
        for request in [
            ListRequest {
                environment: vec![format!("{text} ")],
                ..usual()
            },
            ListRequest {
                sort: owned(),
                ..usual()
            },
            ListRequest {
                limit: owned(),
                ..usual()
            },
            ListRequest {
                cursor: owned(),
                ..usual()
            },
            ListRequest {
                stats_period: owned(),
                ..usual()
            },
            ListRequest {
                stats_period_start: owned(),
                stats_period_end: owned(),
                ..usual()
            },
            ListRequest {
                start: owned(),
                end: owned(),
                ..usual()
            },
            ListRequest {
                group_stats_period: owned(),
                ..usual()
            },
            ListRequest {
                group: vec![text.to_owned()],
                ..usual()
            },
        ] {
            let code = shelf.refused(&request).await;
            assert!(
                ["bad_request", "sort_unknown", "not_found"].contains(&code),
                "{code}: {request:?}"
            );
        }
        // What nobody knows is left out.
        let unknown = ListRequest {
            expand: vec![text.to_owned()],
            collapse: vec![text.to_owned()],
            ..usual()
        };
        assert_eq!(shelf.ids(&unknown).await.len(), TEXTS.len());
        let short = ListRequest {
            short_id_lookup: true,
            ..search(&format!("{text}-1"))
        };
        match shelf.list(&short).await {
            Ok(list) => assert!(!list.direct_hit, "{text}"),
            Err(error) => assert!(error.code().is_some(), "{text}: {error}"),
        }
    }
    assert_eq!(look::issue_rows(&shelf.store).await.unwrap(), before);
}

/// PostgreSQL takes no U+0000 and SQLite's functions stop at it.
pub async fn nul_is_a_character_like_others(place: &Place) {
    let mut data = base();
    // Not the newest event, whose message the row of the issue has.
    let event = &mut data.events[1];
    event.tags.insert("t".to_owned(), "a\0b".to_owned());
    event.message = "before\0after".to_owned();
    let shelf = place.shelf(data).await;
    for (query, found) in [
        ("t:a\0b", &[1_i64] as &[_]),
        ("t:a", &[]),
        ("t:[x, a\0b]", &[1]),
        ("t:*\0b", &[1]),
        ("t:*\0c", &[]),
        ("e\0a", &[1]),
        ("e\0b", &[]),
        ("message:e*\0a*", &[1]),
        ("transaction:\0", &[]),
        ("assigned:\0", &[]),
        ("environment:\0", &[]),
        ("release:\0*", &[]),
        ("!user:\0 issue.id:1", &[1]),
    ] {
        assert_eq!(shelf.found(query).await, found, "{query:?}");
    }
    for query in [
        "project:\0",
        "issue:FOO-\0",
        "status:\0",
        "issue.type:\0",
        "id:\0",
        "is:\0",
    ] {
        assert!(!shelf.refused(&search(query)).await.is_empty(), "{query:?}");
    }
    let environment = ListRequest {
        environment: vec!["\0".to_owned()],
        ..search("")
    };
    assert_eq!(shelf.refused(&environment).await, "not_found");
}

/// Whatever stands in a pattern, its cost follows from the length of the texts alone.
pub async fn many_wildcards_cost_little(place: &Place) {
    let mut data = base();
    let letters = "a".repeat(190);
    for event in &mut data.events {
        event.tags.insert("t".to_owned(), letters.clone());
        event.message = "a".repeat(8_000);
    }
    let shelf = place.shelf(data).await;
    let started = Instant::now();
    let most = "*a".repeat(64);
    let ends = "a*".repeat(64);
    let all = [1_i64, 2, 3, 4, 5, 10];
    for (query, found) in [
        (format!("t:{most}"), &all as &[_]),
        (format!("t:{most}b"), &[]),
        (format!("t:{ends}b"), &[]),
        (
            format!("t:[{}]", vec![format!("{most}b"); 20].join(",")),
            &[],
        ),
        (format!("message:{most}"), &all),
        (format!("message:{ends}b"), &[]),
        (format!("error.type:{most}b"), &[]),
        // What is costly as a regular expression is text here.
        (format!("message:\"{}\"", "(a+)+$".repeat(20)), &[]),
        (format!("t:\"{}*\"", "(a+)+".repeat(20)), &[]),
    ] {
        assert_eq!(shelf.found(&query).await, found, "{query}");
    }
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
}

/// More than a search may ask is refused before it is asked; up to there it is answered.
pub async fn what_is_too_much_is_refused(place: &Place) {
    let shelf = base::shelf(place).await;
    let letters = "a".repeat(10_000);
    let stars = "*a".repeat(65);
    let nested = |depth: usize| {
        format!(
            "{}browser:Firefox{}",
            "(is:resolved OR (".repeat(depth),
            "))".repeat(depth)
        )
    };
    let negated = |count: usize| format!("{}browser:Firefox", "NOT ".repeat(count));
    let terms = |count: usize| vec!["browser:Firefox"; count].join(" ");
    let any = |count: usize| vec!["browser:Fire*"; count].join(" OR ");
    for query in [
        format!("browser:{letters}"),
        format!("!message:[a, {letters}]"),
        letters,
        format!("browser:{stars}"),
        format!("user:[x, {stars}]"),
        terms(501),
        any(501),
    ] {
        let code = shelf.refused(&search(&query)).await;
        assert_eq!(code, "bad_request", "{}", &query[..40]);
    }
    for query in [
        nested(5_000),
        "(".repeat(10_000),
        format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)),
    ] {
        let code = shelf.refused(&search(&query)).await;
        assert_eq!(code, "parse_error", "{}", &query[..40]);
    }
    for (query, found) in [
        (terms(500), &[1_i64] as &[_]),
        (any(500), &[1, 3]),
        (negated(10_000), &[1]),
        (nested(49), &[1, 3]),
        (format!("issue:[{}]", vec!["FOO-1"; 2_000].join(",")), &[1]),
    ] {
        assert_eq!(shelf.found(&query).await, found, "{}", &query[..40]);
    }
    // An event that is not in Firefox.
    assert_eq!(shelf.found(&negated(10_001)).await, [2, 3, 4, 5, 10, 1]);
}

pub async fn what_is_out_of_scope_stays_out(place: &Place) {
    let shelf = base::shelf(place).await;
    let in_project = |project: i64, query: &str| ListRequest {
        project: vec![project],
        ..search(query)
    };
    for query in [
        "issue.id:10",
        "project.id:2",
        "issue.id:[10, 11]",
        "issue.id:[9223372036854775807, 99999999999999999999]",
        "issue.id:-1",
    ] {
        assert_eq!(
            shelf.ids(&in_project(1, query)).await,
            [0_i64; 0],
            "{query}"
        );
    }
    assert_eq!(
        shelf.refused(&in_project(1, "project:bar")).await,
        "unknown_project"
    );
    assert_eq!(shelf.ids(&in_project(2, "issue:FOO-1")).await, [0_i64; 0]);
    let named = ListRequest {
        group: ["10", "1", "-1", "9223372036854775807"]
            .map(str::to_owned)
            .to_vec(),
        ..in_project(1, "")
    };
    assert_eq!(shelf.ids(&named).await, [1]);
    for project in [99, 0, i64::MIN] {
        assert_eq!(
            shelf.refused(&in_project(project, "")).await,
            "permission_denied"
        );
    }
}

/// A cursor is a number and a place: with another order or another search it stands where its number belongs.
pub async fn a_cursor_of_another_list_is_a_place_by_its_number(place: &Place) {
    let shelf = base::shelf(place).await;
    let sorted = |sort: &str, cursor: Option<&str>| ListRequest {
        sort: Some(sort.to_owned()),
        limit: Some("2".to_owned()),
        cursor: cursor.map(str::to_owned),
        ..search("is:unresolved")
    };
    let first = shelf.list(&sorted("date", None)).await.unwrap();
    let of_date = first.next.cursor.to_string();
    // Scores by number of events.
    let items = [(3_i64, 2_i64), (2, 1), (1, 10), (1, 5)];
    for cursor in [
        of_date.as_str(),
        "2:0:0",
        "2:1:1",
        "1:1:0",
        "1.5:0:0",
        "-7:0:0",
        "0:3:0",
        "1:900:1",
        "9223372036854775807:0:0",
        "1:9223372036854775807:0",
        "-9223372036854775808:9223372036854775807:1",
    ] {
        let list = shelf.list(&sorted("freq", Some(cursor))).await.unwrap();
        let parsed = Cursor::parse(cursor).unwrap();
        let page = ScorePager::of_issues(Limit::new(2, 100).unwrap(), parsed).page(&items);
        assert_eq!(
            (ids(&list), list.prev, list.next, list.hits),
            (page.rows, page.prev, page.next, Some(4)),
            "{cursor}"
        );
        // The others answer something, and never fail.
        for sort in ["date", "new", "user", "trends"] {
            let list = shelf.list(&sorted(sort, Some(cursor))).await.unwrap();
            assert_eq!(list.hits, Some(4), "{sort} {cursor}");
        }
        let inbox = ListRequest {
            query: Some("is:unresolved is:for_review".to_owned()),
            ..sorted("inbox", Some(cursor))
        };
        assert_eq!(shelf.ids(&inbox).await, [0_i64; 0], "{cursor}");
    }
    for cursor in [
        "x",
        "1:2",
        "1:2:3:4",
        "nan:0:0",
        "inf:0:0",
        "1:-1:0",
        "1e400:0:0",
        "99999999999999999999:0:0",
    ] {
        assert_eq!(
            shelf.refused(&sorted("date", Some(cursor))).await,
            "bad_request",
            "{cursor}"
        );
    }
}

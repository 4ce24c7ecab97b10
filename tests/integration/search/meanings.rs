//! What single filters mean for rows that are easily got wrong, each on both stores.

use super::base::{self, ago, base, event, issue};
use super::shelf::{Place, Shelf, search};
use chrono::TimeDelta;
use picket_core::engine::find::ListRequest;
use picket_tests::rows::format::{
    Data, EventRow, HolderRow, IssueEnvironmentRow, IssueRow, SubscriptionRow,
};
use serde_json::json;

/// Errors 1, 2, … with one event each, the newest first.
fn of_events(events: impl IntoIterator<Item = fn(EventRow) -> EventRow>) -> Data {
    let events: Vec<EventRow> = (1..)
        .zip(events)
        .map(|(id, change)| change(event(id, id, id)))
        .collect();
    let issues = events.iter().filter_map(|event| event.issue);
    Data {
        issues: issues.map(|id| issue(id, id)).collect(),
        events,
        ..base::empty()
    }
}

fn with_body(event: EventRow, key: &str, value: serde_json::Value) -> EventRow {
    let mut event = event;
    event.body.insert(key.to_owned(), value);
    event
}

fn with_tag(event: EventRow, key: &str, value: &str) -> EventRow {
    let mut event = event;
    event.tags.insert(key.to_owned(), value.to_owned());
    event
}

async fn find(shelf: &Shelf, cases: &[(&str, &[i64])]) {
    for (query, found) in cases {
        assert_eq!(shelf.found(query).await, *found, "{query}");
    }
}

/// 5.3: a missing tag counts as the empty text, any other missing text as nothing.
pub async fn a_field_that_is_missing_is_not_the_empty_text(place: &Place) {
    let shelf = place
        .shelf(of_events([
            (|event| with_tag(with_body(event, "transaction", json!("/a")), "t", "x"))
                as fn(EventRow) -> EventRow,
            |event| event,
            |event| EventRow {
                release: Some("1.0".to_owned()),
                environment: Some("prod".to_owned()),
                ..event
            },
        ]))
        .await;
    find(
        &shelf,
        &[
            // A pattern that also covers the empty text.
            ("t:*", &[1, 2, 3]),
            ("transaction:*", &[1]),
            ("release:*", &[3]),
            ("environment:*", &[1, 2, 3]),
            ("user.display:*", &[]),
            ("!transaction:*", &[2, 3]),
            ("!transaction:/a", &[2, 3]),
            ("!t:x", &[2, 3]),
            ("t:[x, \"\"]", &[1, 2, 3]),
            ("!t:[x, \"\"]", &[]),
            ("transaction:[/a, \"\"]", &[1]),
            ("!transaction:[/b, \"\"]", &[1, 2, 3]),
            ("has:t", &[1]),
            ("!has:transaction", &[2, 3]),
            ("environment:\"\"", &[1, 2]),
            ("environment:[prod, \"\"]", &[1, 2, 3]),
            ("!has:environment", &[1, 2]),
        ],
    )
    .await;
}

/// SQLite's own `LIKE` and `lower` know ASCII only.
pub async fn a_pattern_minds_no_case_of_any_alphabet(place: &Place) {
    let shelf = place
        .shelf(of_events([
            (|event| {
                with_tag(
                    EventRow {
                        message: "Übergröße überall".to_owned(),
                        ..event
                    },
                    "t",
                    "Éclair",
                )
            }) as fn(EventRow) -> EventRow,
            |event| with_tag(event, "t", "50%_off"),
            |event| with_tag(event, "t", "line\nbreak"),
            |event| with_tag(event, "t", r"a.b\c"),
            |event| {
                with_tag(
                    EventRow {
                        message: "ο Σίσυφος".to_owned(),
                        ..event
                    },
                    "t",
                    "ΣΊΣΥΦΟΣ",
                )
            },
            |event| {
                with_body(
                    event,
                    "exception",
                    json!({"values": [{"type": "ValueError", "value": "x"}]}),
                )
            },
        ]))
        .await;
    find(
        &shelf,
        &[
            ("t:éCL*", &[1]),
            ("t:éclair", &[]),
            ("t:50%_*", &[2]),
            ("t:5*f", &[2]),
            ("t:50__*", &[]),
            ("t:line*break", &[3]),
            ("t:a.*", &[4]),
            ("t:a?*", &[]),
            ("t:a.b\\\\*", &[4]),
            ("t:σίσυ*", &[5]),
            ("t:ΣΊΣ*", &[5]),
            ("t:*υφος", &[5]),
            ("ÜBERGRÖßE", &[1]),
            ("message:über*ÜBER*", &[1]),
            ("\"e ü\"", &[1]),
            ("ΣΊΣ", &[5]),
            ("ΣΊΣΥΦΟΣ", &[5]),
            ("message:*ΦΟΣ", &[5]),
            // Elements mind the case.
            ("error.type:Value*", &[6]),
            ("error.type:value*", &[]),
            // Free text does not, and looks there too.
            ("valueerror", &[6]),
        ],
    )
    .await;
}

/// Digits, a point and a sign; whatever else a database takes for a number is none.
pub async fn a_number_in_a_tag_is_written_plainly(place: &Place) {
    let values = [
        "5", "5.0", "-3", "1e3", "0x10", " 7", "", "٣", "NaN", "Infinity", "12.", "+5", "1_000",
    ];
    let events: Vec<EventRow> = (1..)
        .zip(values)
        .map(|(id, value)| with_tag(event(id, id, id), "n", value))
        .collect();
    let data = Data {
        issues: (1..).zip(values).map(|(id, _)| issue(id, id)).collect(),
        events,
        ..base::empty()
    };
    let shelf = place.shelf(data).await;
    let others: Vec<i64> = (3..=13).collect();
    find(
        &shelf,
        &[
            ("tags[n,number]:5", &[1, 2]),
            ("!tags[n,number]:5", &others),
            ("tags[n,number]:>4", &[1, 2]),
            ("tags[n,number]:<0", &[3]),
            ("tags[n,number]:>-1000000", &[1, 2, 3]),
            // The opposite comparison is false of what is no number; NOT is not.
            ("!tags[n,number]:>-1000000", &[]),
            ("NOT tags[n,number]:>-1000000", &others[1..]),
            ("tags[n]:5", &[1]),
            // Elsewhere an operator or a unit is part of the text.
            ("n:>4", &[]),
            ("n:5kb", &[]),
        ],
    )
    .await;
}

/// Lists of nothing are never null, and long ones are bound as one value.
pub async fn a_list_may_hold_nothing_or_very_much(place: &Place) {
    let shelf = base::shelf(place).await;
    let many =
        |value: &dyn Fn(usize) -> String| (0..40_000).map(value).collect::<Vec<_>>().join(",");
    let texts = many(&|n| format!("x{n}"));
    let ids = many(&|n| (n + 2).to_string());
    let events = many(&|n| format!("{:032x}", n + 3));
    for (query, found) in [
        ("assigned:gone".to_owned(), &[] as &[i64]),
        ("!assigned:gone".to_owned(), &[1, 2, 3, 4, 5, 10]),
        ("!bookmarks:[gone, #core]".to_owned(), &[1, 2, 3, 4, 5, 10]),
        (
            "NOT assigned_or_suggested:gone".to_owned(),
            &[1, 2, 3, 4, 5, 10],
        ),
        ("!project:gone".to_owned(), &[1, 2, 3, 4, 5, 10]),
        ("project.id:1.5".to_owned(), &[]),
        ("release.version:>1.0".to_owned(), &[]),
        ("!release.version:1.0".to_owned(), &[1, 2, 3, 4, 5, 10]),
        (format!("browser:[{texts}]"), &[]),
        (format!("browser:[{texts},Firefox]"), &[1]),
        (
            format!("!browser:[{texts},Firefox,Chrome] is:unresolved"),
            &[5, 10, 2],
        ),
        (format!("issue.id:[{ids}]"), &[2, 3, 4, 5, 10]),
        (format!("!issue.id:[{ids}]"), &[1]),
        (format!("id:[{events}]"), &[2, 3, 4, 5, 10]),
    ] {
        assert_eq!(
            shelf.found(&query).await,
            found,
            "{}",
            &query[..query.len().min(60)]
        );
    }
}

/// Times that no row has are compared like others; those that cannot be written are refused.
pub async fn a_time_beyond_all_years_is_answered(place: &Place) {
    let shelf = base::shelf(place).await;
    let all: &[i64] = &[1, 2, 3, 4, 5, 10];
    find(
        &shelf,
        &[
            ("age:+700000d", &[]),
            ("age:-700000d", all),
            ("last_seen:>0001-01-01", all),
            ("browser:none OR date:<9999-12-31", all),
            ("date:-700000d", all),
            ("date:+700000d", &[]),
        ],
    )
    .await;
    for query in [
        "age:+1000000w",
        "last_seen:<0001-01-01T00:00:00+14:00",
        "date:-99999999999999999999d",
        "x OR date:+9999999w",
    ] {
        assert_eq!(
            shelf.refused(&search(query)).await,
            "invalid_date",
            "{query}"
        );
    }
}

/// `has:` of rows beside an issue asks for any of them; with environments selected, for one of those.
pub async fn has_asks_for_any_of_them(place: &Place) {
    let holder = |issue, member| HolderRow {
        issue,
        member: Some(member),
        team: None,
        kind: None,
    };
    let subscription = |issue, active| SubscriptionRow {
        issue,
        member: 2,
        active,
    };
    let seen_in = |issue, environment: &str, first_release: Option<&str>| IssueEnvironmentRow {
        issue,
        environment: environment.to_owned(),
        first_release: first_release.map(str::to_owned),
        first_seen: ago(5),
    };
    let mut data = Data {
        bookmarks: vec![holder(3, 2)],
        subscriptions: vec![subscription(1, true), subscription(2, false)],
        issue_environments: vec![
            seen_in(1, "prod", Some("1.0")),
            seen_in(1, "dev", None),
            seen_in(2, "dev", None),
        ],
        ..base()
    };
    data.issues[1].first_release = Some("2.0".to_owned());
    for (place, environment) in [(0, "prod"), (1, "dev"), (2, "dev")] {
        data.events[place].environment = Some(environment.to_owned());
    }
    let shelf = place.shelf(data).await;
    find(
        &shelf,
        &[
            ("has:bookmarks", &[3]),
            ("!has:bookmarks is:unresolved", &[1, 2, 5, 10]),
            ("has:subscribed", &[1]),
            ("!has:subscribed is:unresolved", &[2, 5, 10]),
            ("has:regressed_in_release", &[]),
            ("has:first_release", &[2]),
            ("has:project.id is:resolved", &[3]),
        ],
    )
    .await;
    assert_eq!(
        shelf.refused(&search("!has:project.id")).await,
        "project_empty"
    );
    for (environments, query, found) in [
        (&["prod"] as &[&str], "has:first_release", &[1_i64] as &[_]),
        (&["dev"], "has:first_release", &[]),
        (&["dev"], "!has:first_release", &[2, 1]),
        (&["prod", "dev"], "has:first_release", &[1]),
        (&["prod", "dev"], "!has:first_release", &[2]),
        (&["prod", "dev"], "first_release:1.*", &[1]),
        (&["dev"], "!first_release:1.0", &[2, 1]),
    ] {
        let request = ListRequest {
            environment: environments.iter().map(|&name| name.to_owned()).collect(),
            ..search(query)
        };
        assert_eq!(shelf.ids(&request).await, found, "{environments:?} {query}");
    }
}

/// 7.3: whether versions have an order is a habit of the project; the newest of the selected environments is meant.
pub async fn the_newest_release_is_found_among_issues(place: &Place) {
    let released = |event: EventRow, version: &str, environment: &str| EventRow {
        release: Some(version.to_owned()),
        environment: Some(environment.to_owned()),
        ..event
    };
    let mut data = base();
    // The newest by number is not the newest by age.
    data.events[0] = released(event(1, 1, 2), "foo@1.9.0", "prod");
    data.events[5] = released(event(6, 3, 20), "foo@1.10.0", "dev");
    data.events[6] = released(event(7, 4, 30), "nightly", "dev");
    let of_issue = |issue, environment: &str| IssueEnvironmentRow {
        issue,
        environment: environment.to_owned(),
        first_release: None,
        first_seen: ago(5),
    };
    data.issue_environments = vec![of_issue(1, "prod"), of_issue(3, "dev"), of_issue(4, "dev")];
    let shelf = place.shelf(data).await;
    find(
        &shelf,
        &[
            ("release:latest", &[3]),
            ("!release:latest is:resolved", &[]),
            ("release:1.9*", &[]),
            ("release:*1.9*", &[1]),
            ("release.version:>1.9", &[3]),
            ("release.version:1.*", &[1, 3]),
            ("release.package:foo", &[1, 3]),
        ],
    )
    .await;
    let in_prod = ListRequest {
        environment: vec!["prod".to_owned()],
        ..search("release:latest")
    };
    assert_eq!(shelf.ids(&in_prod).await, [1]);
}

/// 5.1: an issue whose events were all removed counts as if one stood at its last sighting.
pub async fn a_removed_event_leaves_its_time(place: &Place) {
    let mut data = base();
    data.issues.push(issue(6, 15));
    data.issues.push(IssueRow {
        last_seen: ago(0) + TimeDelta::seconds(30),
        ..issue(7, 1)
    });
    let shelf = place.shelf(data).await;
    for sort in ["date", "new"] {
        let request = ListRequest {
            sort: Some(sort.to_owned()),
            ..search("is:unresolved")
        };
        let found = shelf.ids(&request).await;
        assert!(
            found.contains(&6) && !found.contains(&7),
            "{sort}: {found:?}"
        );
    }
    find(
        &shelf,
        &[
            ("is:unresolved", &[1, 2, 6, 5, 10]),
            ("issue.id:6", &[6]),
            ("!browser:Chrome issue.id:6", &[]),
            ("times_seen:>0 issue.id:6", &[]),
            ("is:unresolved date:-12m", &[1, 2]),
        ],
    )
    .await;
}

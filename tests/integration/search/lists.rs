//! Lists: acceptance cases of search spec, section 14, rows `get`, `_search`, (boolean) and (parser).

use super::base::{self, ago, base, event, issue};
use super::shelf::{Place, ids, search};
use chrono::TimeDelta;
use picket_core::engine::find::ListRequest;
use picket_core::paging::Limit;
use picket_core::search::window::TimeWindow;
use picket_core::search::{Plan, Sort};
use picket_core::store::SearchStore;
use picket_tests::rows::format::{Data, EventRow, IssueEnvironmentRow, IssueRow};
use serde_json::json;

/// `get` (a): without parameters.
pub async fn a_list_shows_the_unresolved_that_matter(place: &Place) {
    let ninety_days = TimeDelta::days(90).num_minutes();
    let mut data = base();
    data.issues.extend([
        IssueRow {
            priority: Some(50),
            ..issue(6, ninety_days - 1)
        },
        issue(7, ninety_days + 1),
        IssueRow {
            priority: None,
            ..issue(8, 1)
        },
    ]);
    data.events.extend([
        event(20, 6, ninety_days - 1),
        event(21, 7, ninety_days + 1),
        event(22, 8, 1),
    ]);
    let shelf = place.shelf(data).await;
    let list = shelf.list(&ListRequest::default()).await.unwrap();
    assert_eq!(ids(&list), [1, 2, 10, 6]);
    assert_eq!((list.hits, list.direct_hit), (Some(4), false));
    let first = list.issues[0].numbers.as_ref().unwrap();
    let bars = &first.stats.as_ref().unwrap()["24h"];
    assert_eq!(bars.len(), 24);
    assert_eq!(bars.iter().map(|(_, count)| count).sum::<u64>(), 2);
    assert_eq!((&*first.count, first.user_count), ("2", 0));
}

/// Section 6.4: filtered numbers are those of events that make the whole tree true, sums in it included.
pub async fn numbers_are_of_events_that_match_in_every_respect(place: &Place) {
    let shelf = base::shelf(place).await;
    for (query, issue, filtered) in [
        ("browser:Firefox", 1, "1"),
        // Sums are of all events of the window where nothing else has to be true.
        ("browser:Firefox OR times_seen:>1", 1, "2"),
        ("browser:Firefox OR times_seen:>2", 1, "1"),
        ("browser:Firefox OR times_seen:>2", 2, "3"),
        // Or of those that the other terms leave.
        ("browser:Chrome times_seen:1", 1, "1"),
        ("browser:Chrome (times_seen:>5 OR is:unresolved)", 2, "1"),
    ] {
        let list = shelf.list(&search(query)).await.unwrap();
        let mut found = list.issues.iter();
        let found = found.find(|listed| listed.id == issue.to_string());
        let listed = found.unwrap_or_else(|| panic!("{query}: {:?}", ids(&list)));
        let numbers = listed.filtered.as_ref().unwrap().as_ref().unwrap();
        assert_eq!(numbers.count, filtered, "{query}");
        let bars = &numbers.stats.as_ref().unwrap()["24h"];
        let of_today = bars.iter().map(|(_, count)| count).sum::<u64>();
        // Two events of issue 2 are days old.
        let expected = if filtered == "3" { "1" } else { filtered };
        assert_eq!(of_today.to_string(), expected, "{query}");
    }
}

/// `get` (b): an empty query has no filters.
pub async fn an_empty_query_shows_everything(place: &Place) {
    let shelf = base::shelf(place).await;
    for query in ["", "  ", "\"\""] {
        assert_eq!(shelf.found(query).await, [1, 2, 3, 4, 5, 10], "{query:?}");
    }
}

/// `get` (c), (f), (g), `_search` (b), (c), (d): parameters that cannot be used.
pub async fn parameters_that_cannot_be_used_are_refused(place: &Place) {
    let shelf = base::shelf(place).await;
    let text = |text: &str| Some(text.to_owned());
    let usual = ListRequest::default;
    for (request, code, named) in [
        (
            ListRequest {
                group_stats_period: text("48h"),
                ..usual()
            },
            "bad_request",
            "groupStatsPeriod",
        ),
        (
            ListRequest {
                group: vec!["1".to_owned(), "x".to_owned()],
                ..usual()
            },
            "bad_request",
            "“x”",
        ),
        (
            ListRequest {
                start: text("2024-05-01T00:00:00Z"),
                ..usual()
            },
            "bad_request",
            "start",
        ),
        (
            ListRequest {
                end: text("2024-05-01T00:00:00Z"),
                ..usual()
            },
            "bad_request",
            "end",
        ),
        (
            ListRequest {
                stats_period_start: text("3d"),
                ..usual()
            },
            "bad_request",
            "statsPeriod",
        ),
        (
            ListRequest {
                stats_period: text("a week"),
                ..usual()
            },
            "bad_request",
            "statsPeriod",
        ),
        (
            ListRequest {
                sort: text("meow"),
                ..usual()
            },
            "sort_unknown",
            "“meow”",
        ),
        (
            ListRequest {
                limit: text("abc"),
                ..usual()
            },
            "bad_request",
            "limit",
        ),
        (
            ListRequest {
                limit: text("0"),
                ..usual()
            },
            "bad_request",
            "limit",
        ),
        (
            ListRequest {
                cursor: text("1:2"),
                ..usual()
            },
            "bad_request",
            "cursor",
        ),
        (
            ListRequest {
                cursor: text("1:-2:0"),
                ..usual()
            },
            "bad_request",
            "cursor",
        ),
        (
            ListRequest {
                project: vec![1, 99],
                ..usual()
            },
            "permission_denied",
            "99",
        ),
        (
            ListRequest {
                environment: vec!["gone".to_owned()],
                ..usual()
            },
            "not_found",
            "gone",
        ),
    ] {
        let error = shelf.list(&request).await.expect_err(named);
        assert_eq!(error.code(), Some(code), "{request:?}");
        assert!(error.to_string().contains(named), "{error}");
    }
}

/// 8.1: only a name that no project has is unknown.
pub async fn an_environment_of_another_project_is_known(place: &Place) {
    let mut data = base();
    data.events[0].environment = Some("prod".to_owned());
    data.issue_environments = vec![IssueEnvironmentRow {
        issue: 1,
        environment: "prod".to_owned(),
        first_release: None,
        first_seen: ago(2),
    }];
    let shelf = place.shelf(data).await;
    for (project, found) in [(1, &[1][..]), (2, &[])] {
        let request = ListRequest {
            project: vec![project],
            environment: vec!["prod".to_owned()],
            ..search("")
        };
        assert_eq!(shelf.ids(&request).await, found, "{project}");
    }
}

/// 5.3: a time is compared as written. What was not then was at another time.
pub async fn times_are_equal_or_not(place: &Place) {
    let shelf = base::shelf(place).await;
    let then = |minutes| ago(minutes).format("%Y-%m-%dT%H:%M:%S");
    for (query, found) in [
        (format!("last_seen:={}", then(10)), &[2][..]),
        (format!("last_seen:!={}", then(10)), &[1, 3, 4, 5, 10]),
        (format!("NOT last_seen:!={}", then(10)), &[2]),
        (format!("first_seen:={}", then(60)), &[1]),
        (format!("age:!={}", then(60)), &[2, 3, 4, 5, 10]),
        (format!("timestamp:={}", then(60)), &[1]),
        // Issue 1 has another event.
        (format!("timestamp:!={}", then(60)), &[1, 2, 3, 4, 5, 10]),
        (format!("date:!={} is:unresolved", then(40)), &[1, 2, 10]),
        (format!("is:resolved OR date:={}", then(30)), &[3, 4]),
    ] {
        assert_eq!(shelf.found(&query).await, found, "{query}");
    }
}

/// `get` (d): an id of an event is looked up in every project, whatever the window.
pub async fn an_event_id_finds_its_issue_anywhere(place: &Place) {
    let mut data = base();
    data.issues.extend([issue(6, 1), issue(7, 1)]);
    let id = event(0xa10, 10, 50).event_id;
    // Two issues with events of one id.
    data.events.extend([
        event(30, 6, 1),
        EventRow {
            event_id: format!("{:032x}", 30),
            project: 2,
            ..event(30, 10, 3)
        },
    ]);
    let shelf = place.shelf(data).await;
    let dashed = format!("{}-{}", &id[..8], &id[8..].to_uppercase());
    for query in [id.clone(), dashed, format!("  {id} ")] {
        let request = ListRequest {
            project: vec![1],
            stats_period: Some("1m".to_owned()),
            ..search(&query)
        };
        let list = shelf.list(&request).await.unwrap();
        assert_eq!((ids(&list), list.direct_hit), (vec![10], true), "{query}");
        assert_eq!(list.issues[0].matching_event_id.as_ref(), Some(&id));
        assert!(!list.next.results && !list.prev.results);
    }
    let list = shelf.list(&search(&format!("{:032x}", 30))).await.unwrap();
    let mut found = ids(&list);
    found.sort_unstable();
    assert_eq!((found, list.direct_hit), (vec![6, 10], false));
    assert_eq!(list.issues[0].matching_event_id, None);
    // No event has it: a text like any other. Inside a longer query it is one from the start.
    assert_eq!(shelf.found(&"f".repeat(32)).await, [0_i64; 0]);
    assert_eq!(
        shelf.found(&format!("{id} is:unresolved")).await,
        [0_i64; 0]
    );
}

/// `get` (e): a short id is looked up where that is asked for, and else is free text.
pub async fn a_short_id_is_looked_up_on_request(place: &Place) {
    let mut data = base();
    data.events.push(EventRow {
        message: "see foo-1 for more".to_owned(),
        ..event(30, 5, 40)
    });
    data.issues[1].status = 3;
    let shelf = place.shelf(data).await;
    let looking = |query: &str| ListRequest {
        short_id_lookup: true,
        project: vec![2],
        ..search(query)
    };
    for query in ["FOO-1", "foo_1", "Foo 1", " foo-I "] {
        let list = shelf.list(&looking(query)).await.unwrap();
        assert_eq!((ids(&list), list.direct_hit), (vec![1], true), "{query}");
        assert_eq!(list.issues[0].matching_event_id, None);
    }
    let list = shelf.list(&search("FOO-1")).await.unwrap();
    assert_eq!((ids(&list), list.direct_hit), (vec![5], false));
    // Not found, also while its deletion is pending: free text.
    for query in ["FOO-2", "FOO-9", "gone-1", "foo-u"] {
        let list = shelf.list(&looking(query)).await.unwrap();
        assert_eq!(
            (ids(&list), list.direct_hit),
            (Vec::new(), false),
            "{query}"
        );
    }
}

/// Issues that are named are all that is shown, those of the requested projects.
pub async fn named_issues_stand_for_a_search(place: &Place) {
    let shelf = base::shelf(place).await;
    let named = ListRequest {
        group: ["4", "1", "10", "77"].map(str::to_owned).to_vec(),
        project: vec![1],
        ..search("browser:Firefox")
    };
    let list = shelf.list(&named).await.unwrap();
    assert_eq!(
        (ids(&list), list.direct_hit, list.hits),
        (vec![4, 1], false, None)
    );
    // Their numbers are their own.
    assert_eq!(list.issues[1].numbers.as_ref().unwrap().count, "2");
}

/// Section 8.5: the numbers of issues that are shown already, those of the window and of the events the query asks for.
pub async fn numbers_are_told_of_named_issues_alone(place: &Place) {
    let shelf = base::shelf(place).await;
    let naming = |ids: &[&str], query: &str| ListRequest {
        group: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..search(query)
    };
    let told = shelf
        .stats(&naming(&["4", "1", "77"], "browser:Firefox"))
        .await
        .unwrap();
    assert_eq!(
        told.iter().map(|issue| &*issue.id).collect::<Vec<_>>(),
        ["4", "1"]
    );
    let shown = serde_json::to_value(&told[1]).unwrap();
    assert_eq!((&shown["id"], &shown["count"]), (&json!("1"), &json!("2")));
    assert_eq!(shown["filtered"]["count"], json!("1"));
    assert_eq!(shown["stats"]["24h"].as_array().unwrap().len(), 24);
    assert_eq!(shown.get("title"), None, "nothing but numbers");
    let whole = ListRequest {
        collapse: vec!["lifetime".to_owned()],
        ..naming(&["1"], "")
    };
    let told = shelf.stats(&whole).await.unwrap();
    let shown = serde_json::to_value(&told[0]).unwrap();
    assert!(
        shown["title"].is_string() && shown.get("lifetime").is_none(),
        "{shown}"
    );
    // Nothing of it happened in the window.
    let early = ListRequest {
        start: Some("2024-01-01T00:00:00Z".to_owned()),
        end: Some("2024-01-02T00:00:00Z".to_owned()),
        ..naming(&["1"], "")
    };
    assert_eq!(
        shelf.stats(&early).await.unwrap()[0]
            .numbers
            .as_ref()
            .unwrap()
            .count,
        "0"
    );

    let many: Vec<String> = (1..=26).map(|id| id.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        shelf.stats(&naming(&many[..25], "")).await.unwrap().len(),
        6
    );
    for refused in [naming(&[], ""), naming(&many, ""), naming(&["one"], "")] {
        let error = shelf.stats(&refused).await.unwrap_err();
        assert_eq!(error.code(), Some("bad_request"), "{error}");
    }
}

/// `get` (h): what counts as resolved is dropped once it is serialised; hits and cursors know nothing of it.
pub async fn what_resolved_by_itself_is_dropped(place: &Place) {
    let mut data = base();
    data.issues.push(issue(6, 120));
    data.events.push(event(30, 6, 120));
    let shelf = place.shelf(data).await;
    assert_eq!(shelf.ids(&ListRequest::default()).await, [1, 2, 10, 6]);
    shelf
        .execute("UPDATE project SET resolve_age_hours = 1 WHERE id = 1")
        .await;
    let list = shelf.list(&ListRequest::default()).await.unwrap();
    assert_eq!((ids(&list), list.hits), (vec![1, 2, 10], Some(4)));
    let last = ListRequest {
        limit: Some("1".to_owned()),
        cursor: Some(format!("{}:0:0", ago(120).timestamp_millis())),
        ..ListRequest::default()
    };
    let list = shelf.list(&last).await.unwrap();
    assert_eq!((ids(&list), list.next.results), (Vec::new(), false));
    // Only a list of the unresolved minds.
    let shown = shelf
        .list(&search("is:unresolved OR browser:none"))
        .await
        .unwrap();
    assert_eq!(ids(&shown), [1, 2, 5, 10, 6]);
    assert_eq!(shown.issues[4].status, "resolved");
}

/// `_search` (c): a limit is capped without a word.
pub async fn a_page_has_a_hundred_issues_at_most(place: &Place) {
    let issues = (1..=101).map(|id| issue(id, id));
    let data = Data {
        issues: issues.collect(),
        events: (1..=101).map(|id| event(id, id, id)).collect(),
        ..base::empty()
    };
    let shelf = place.shelf(data).await;
    for limit in [None, Some("500"), Some("100")] {
        let request = ListRequest {
            limit: limit.map(str::to_owned),
            ..search("")
        };
        let list = shelf.list(&request).await.unwrap();
        assert_eq!(
            (list.issues.len(), list.hits, list.next.results),
            (100, Some(101), true)
        );
    }
}

/// `_search` (e): no environment selected is not an empty selection.
pub async fn no_selected_environment_is_not_an_empty_selection(place: &Place) {
    let shelf = base::shelf(place).await;
    assert_eq!(shelf.found("is:unresolved").await, [1, 2, 5, 10]);
    let plan = |environments| Plan {
        environments,
        window: TimeWindow {
            start: ago(1_000_000),
            end: ago(0),
        },
        ..Plan::everything()
    };
    for (environments, found) in [(None, 6), (Some(Vec::new()), 0)] {
        let plan = plan(environments);
        for sort in Sort::ALL {
            let place = (Limit::PAGE, None);
            let page = shelf
                .store
                .hit_page(&plan, sort, place, true, ago(0))
                .await
                .unwrap();
            assert_eq!(
                (page.page.rows.len(), page.hits),
                (found, Some(found as u64)),
                "{sort:?}"
            );
        }
    }
}

/// Row (boolean).
pub async fn words_join_terms(place: &Place) {
    let shelf = base::shelf(place).await;
    for (query, found) in [
        ("is:resolved OR is:archived", &[3_i64, 4] as &[_]),
        ("NOT browser:Chrome is:unresolved", &[1, 5, 10, 2]),
        ("!browser:Chrome is:unresolved", &[1, 5, 10, 2]),
        (
            "(browser:Firefox OR browser:\"firefox 12\") NOT is:resolved",
            &[1],
        ),
        ("is:resolved OR times_seen:>=3", &[2, 3]),
        // One event needs both.
        ("browser:Firefox browser:Chrome", &[]),
        ("browser:Firefox OR browser:Chrome", &[1, 2]),
        ("NOT (is:resolved OR is:archived)", &[1, 2, 5, 10]),
        ("is:resolved or is:archived and browser:none", &[3]),
        // Counted are the events that the other terms leave.
        ("browser:Chrome (times_seen:>1 OR is:archived)", &[]),
        ("(times_seen:>1 OR is:archived)", &[1, 2, 4]),
        ("NOT NOT is:resolved", &[3]),
    ] {
        assert_eq!(shelf.found(query).await, found, "{query}");
    }
}

/// Row (parser), as far as a list shows it.
pub async fn a_text_that_cannot_be_understood_is_refused(place: &Place) {
    let shelf = base::shelf(place).await;
    for (query, code) in [
        ("timesSeen:>1t", "invalid_number"),
        ("a:1 NOT", "operator_right"),
        ("OR a:1", "operator_left"),
        ("a:1 AND OR b:2", "operator_middle"),
        ("is:wrong", "is_unknown"),
        ("is:unresolved issue:FOO-Z", "unknown_issue"),
        ("count():>1", "aggregate_not_allowed"),
    ] {
        let error = shelf.list(&search(query)).await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{query}");
        let prefix = "Error while parsing the search query: ";
        assert!(error.to_string().starts_with(prefix), "{error}");
    }
    for query in [
        "assigned:nobody@x",
        "assigned_or_suggested:#gone",
        "bookmarks:nobody",
        "function(app/x)",
    ] {
        assert_eq!(shelf.found(query).await, [0_i64; 0], "{query}");
    }
    assert_eq!(shelf.found("title:a OR title:\"message 3\"").await, [3]);
}

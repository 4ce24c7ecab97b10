//! The inbox: acceptance cases of search spec, section 14, rows `inbox_search`, `_search` (a) and, on its rows,
//! `get_result`.

use super::base::{self, ago, empty, event, in_inbox, issue};
use super::shelf::{Place, Shelf, ids, search};
use picket_core::engine::find::{IssueList, ListRequest};
use picket_core::paging::Link;
use picket_tests::rows::format::{Data, HolderRow, InboxRow, IssueEnvironmentRow, IssueRow};
use picket_tests::rows::insert;

const FOR_REVIEW: &str = "is:unresolved is:for_review";

fn inbox(query: &str) -> ListRequest {
    ListRequest {
        sort: Some("inbox".to_owned()),
        ..search(query)
    }
}

fn page(limit: i64, cursor: &str) -> ListRequest {
    ListRequest {
        limit: Some(limit.to_string()),
        cursor: Some(cursor.to_owned()),
        ..inbox(FOR_REVIEW)
    }
}

/// Errors of which issue 1 came into the inbox an hour ago, 2 two hours ago, and so on.
fn hourly(count: i64) -> Data {
    Data {
        issues: (1..=count).map(|id| issue(id, id)).collect(),
        events: (1..=count).map(|id| event(id, id, id)).collect(),
        inbox: (1..=count).map(|id| in_inbox(id, 60 * id)).collect(),
        ..empty()
    }
}

/// As `[issues] prev next`, with milliseconds after `base` in the cursors, and `+` or `-` for their results.
fn shown(list: &IssueList, base: i64) -> String {
    let link = |link: &Link| {
        let value = match link.cursor.value.integer().unwrap() {
            0 => 0,
            value => value - base,
        };
        let (offset, is_prev) = (link.cursor.offset, u8::from(link.cursor.is_prev));
        let results = if link.results { '+' } else { '-' };
        format!("{value}:{offset}:{is_prev}{results}")
    };
    format!("{:?} {} {}", ids(list), link(&list.prev), link(&list.next))
}

/// (a) An empty window is answered before anything is checked, but what cannot be understood.
pub async fn an_empty_window_is_answered_before_anything_is_checked(place: &Place) {
    let shelf = base::shelf(place).await;
    let between = |query: &str| ListRequest {
        start: Some("2024-05-12T12:00:00Z".to_owned()),
        end: Some("2024-05-17T12:00:00Z".to_owned()),
        ..inbox(query)
    };
    for query in [FOR_REVIEW, "foo:bar", "is:resolved OR words", ""] {
        let list = shelf.list(&between(query)).await.unwrap();
        assert_eq!(
            (shown(&list, 0), list.hits),
            ("[] 0:0:1- 0:0:0-".to_owned(), None),
            "{query}"
        );
    }
    assert_eq!(shelf.refused(&between("is:wrong")).await, "is_unknown");
    assert_eq!(
        shelf.refused(&between("status:wrong")).await,
        "unknown_status"
    );
    // The text narrows the window too.
    let list = shelf
        .list(&inbox("date:<2024-05-20 foo:bar"))
        .await
        .unwrap();
    assert_eq!(list.hits, None);
}

/// (b), (c), (d), (i) The inbox takes few terms.
pub async fn the_inbox_takes_few_terms(place: &Place) {
    let shelf = place.shelf(hourly(2)).await;
    for (query, code) in [
        ("is:unresolved is:for_review foo:bar", "inbox_terms"),
        ("is:unresolved is:for_review words", "inbox_terms"),
        ("is:unresolved is:for_review timestamp:-1d", "inbox_terms"),
        (
            "is:unresolved is:for_review issue.priority:high",
            "inbox_terms",
        ),
        ("is:unresolved is:for_review is:ongoing", "inbox_terms"),
        (
            "is:unresolved (is:for_review OR status:resolved)",
            "inbox_terms",
        ),
        (
            "is:unresolved is:for_review NOT assigned_or_suggested:me",
            "inbox_terms",
        ),
        ("is:unresolved", "inbox_only"),
        ("is:unresolved !is:for_review", "inbox_only"),
        ("", "inbox_only"),
        ("is:resolved is:for_review", "inbox_status"),
        ("is:for_review", "inbox_status"),
        ("!is:resolved is:for_review", "inbox_status"),
        (
            "status:[unresolved, resolved] is:for_review",
            "inbox_status",
        ),
        ("is:unresolved is:resolved is:for_review", "inbox_status"),
    ] {
        assert_eq!(shelf.refused(&inbox(query)).await, code, "{query}");
    }
    // The default query asks for priorities.
    let absent = ListRequest {
        query: None,
        ..inbox("")
    };
    assert_eq!(shelf.refused(&absent).await, "inbox_terms");
    // All that offends is named.
    let error = shelf
        .list(&inbox("foo:bar is:for_review baz:1 a OR b"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("OR"), "{error}");
    let error = shelf
        .list(&inbox("foo:bar is:for_review baz:1"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`foo`, `baz`"), "{error}");
    for query in [
        FOR_REVIEW,
        "is:for_review is:unresolved",
        "(is:unresolved AND is:for_review)",
        "status:0 for_review:true",
        "status:[unresolved] is:for_review date:-3d",
        "is:unresolved is:for_review !assigned_or_suggested:me",
    ] {
        assert_eq!(shelf.ids(&inbox(query)).await, [1, 2], "{query}");
    }
}

/// (e), `_search` (a) Rows of the inbox have an order of their own.
pub async fn rows_of_the_inbox_have_an_order_of_their_own(place: &Place) {
    let mut data = hourly(3);
    // Seen the other way round.
    for row in &mut data.issues {
        row.last_seen = ago(10 - row.id);
    }
    let shelf = place.shelf(data).await;
    let hour = |n: i64| ago(60 * n).timestamp_millis();
    let list = shelf.list(&page(1, "")).await.unwrap();
    assert_eq!(
        shown(&list, 0),
        format!("[1] {}:0:1- {}:0:0+", hour(1), hour(2))
    );
    assert_eq!(list.hits, Some(3));
    let list = shelf
        .list(&page(1, &list.next.cursor.to_string()))
        .await
        .unwrap();
    assert_eq!(
        shown(&list, 0),
        format!("[2] {}:0:1+ {}:0:0+", hour(2), hour(3))
    );
    let list = shelf
        .list(&page(1, &list.prev.cursor.to_string()))
        .await
        .unwrap();
    assert_eq!(ids(&list), [1]);
}

/// (f) Older than a week is not found, nor what lies outside the window; both its ends belong to it.
pub async fn the_inbox_reaches_back_a_week(place: &Place) {
    const WEEK: i64 = 7 * 24 * 60;
    let mut data = hourly(5);
    data.inbox[3].date_added = ago(WEEK);
    data.inbox[4].date_added = ago(WEEK + 1);
    let shelf = place.shelf(data).await;
    assert_eq!(shelf.ids(&inbox(FOR_REVIEW)).await, [1, 2, 3, 4]);
    let between = ListRequest {
        start: Some(ago(180).to_rfc3339()),
        end: Some(ago(120).to_rfc3339()),
        ..inbox(FOR_REVIEW)
    };
    assert_eq!(shelf.ids(&between).await, [2, 3]);
    let since = format!(
        "{FOR_REVIEW} date:>{}",
        ago(120).format("%Y-%m-%dT%H:%M:%SZ")
    );
    assert_eq!(shelf.ids(&inbox(&since)).await, [1, 2]);
}

/// (g) What was resolved meanwhile is left out of the page, and counted.
pub async fn what_was_resolved_meanwhile_is_counted_only(place: &Place) {
    let mut data = hourly(3);
    data.issues[1] = IssueRow {
        status: 1,
        substatus: None,
        ..issue(2, 2)
    };
    let shelf = place.shelf(data).await;
    let list = shelf.list(&inbox(FOR_REVIEW)).await.unwrap();
    assert_eq!((ids(&list), list.hits), (vec![1, 3], Some(3)));
    // A page may be empty and not the last.
    let first = shelf.list(&page(1, "")).await.unwrap();
    let second = shelf
        .list(&page(1, &first.next.cursor.to_string()))
        .await
        .unwrap();
    assert_eq!((ids(&second), second.next.results), (Vec::new(), true));
}

/// (h) Mine, and what nobody has and nobody owns.
pub async fn mine_and_nobodys(place: &Place) {
    let holder = |issue, member, team| HolderRow {
        issue,
        member,
        team,
        kind: None,
    };
    let data = Data {
        // 1 is mine, 2 somebody else's, 3 suggested to me, 4 suggested to others, 5 nobody's, 6 suggested to me and
        // somebody else's, 7 my team's.
        assignees: vec![
            holder(1, Some(1), None),
            holder(2, Some(2), None),
            holder(6, Some(2), None),
            holder(7, None, Some(1)),
        ],
        owners: vec![
            holder(3, Some(1), None),
            holder(4, Some(2), None),
            holder(4, None, Some(2)),
            holder(6, Some(1), None),
        ],
        ..hourly(7)
    };
    let shelf = place.shelf(data).await;
    for (who, found) in [
        ("[me, none]", &[1_i64, 3, 5] as &[_]),
        ("me", &[1, 3]),
        ("none", &[5]),
        ("my_teams", &[7]),
        ("[me, my_teams, none]", &[1, 3, 5, 7]),
        ("ben", &[2, 4, 6]),
        ("[#ops, none]", &[4, 5]),
        ("gone@example.org", &[]),
    ] {
        let query = format!("{FOR_REVIEW} assigned_or_suggested:{who}");
        assert_eq!(shelf.ids(&inbox(&query)).await, found, "{query}");
        let query = format!("{FOR_REVIEW} !assigned_or_suggested:{who}");
        assert_eq!(
            shelf.ids(&inbox(&query)).await,
            [1, 2, 3, 4, 5, 6, 7],
            "{query}"
        );
    }
}

/// Only rows whose issue was seen in a selected environment, in the selected projects.
pub async fn the_inbox_minds_projects_and_environments(place: &Place) {
    let mut data = hourly(4);
    data.issues[3].project = 2;
    data.events[3].project = 2;
    for (place, environment) in [(0, "prod"), (1, "dev"), (3, "prod")] {
        data.events[place].environment = Some(environment.to_owned());
        data.issue_environments.push(IssueEnvironmentRow {
            issue: data.issues[place].id,
            environment: environment.to_owned(),
            first_release: None,
            first_seen: ago(1),
        });
    }
    let shelf = place.shelf(data).await;
    for (project, environment, found) in [
        (vec![], vec!["prod"], &[1_i64, 4] as &[_]),
        (vec![1], vec!["prod"], &[1]),
        (vec![2], vec![], &[4]),
        (vec![1, 2], vec!["prod", "dev"], &[1, 2, 4]),
        (vec![-1], vec![], &[1, 2, 3, 4]),
    ] {
        let request = ListRequest {
            project,
            environment: environment.into_iter().map(str::to_owned).collect(),
            ..inbox(FOR_REVIEW)
        };
        assert_eq!(shelf.ids(&request).await, found, "{request:?}");
    }
}

/// Moves an issue to another place of the inbox, which is so many microseconds later than an hour ago.
async fn put(shelf: &Shelf, issue: i64, micros: i64) {
    let delete = format!("DELETE FROM issue_inbox WHERE issue_id = {issue}");
    shelf.execute(&delete).await;
    let since = ago(60) + chrono::TimeDelta::microseconds(micros);
    let cells = [
        ("issue_id", issue.into()),
        ("reason", 0_i64.into()),
        ("since", since.into()),
    ];
    insert(&shelf.store, "issue_inbox", &cells).await.unwrap();
}

/// A store whose inbox has these issues at these microseconds after an hour ago.
async fn with_rows(place: &Place, rows: &[(i64, i64)]) -> Shelf {
    let data = Data {
        inbox: Vec::<InboxRow>::new(),
        ..hourly(9)
    };
    let shelf = place.shelf(data).await;
    for (issue, micros) in rows {
        put(&shelf, *issue, *micros).await;
    }
    shelf
}

/// A page, its cursors in milliseconds after an hour ago.
async fn at(shelf: &Shelf, limit: i64, cursor: &str) -> String {
    let base = ago(60).timestamp_millis();
    let cursor = cursor
        .split_once(':')
        .map_or(String::new(), |(value, rest)| {
            format!("{}:{rest}", base + value.parse::<i64>().unwrap())
        });
    let list = shelf.list(&page(limit, &cursor)).await.unwrap();
    shown(&list, base)
}

/// `get_result` (a) to (d).
pub async fn pages_of_an_inbox_that_grows(place: &Place) {
    const SECOND: i64 = 1_000_000;
    let shelf = with_rows(
        place,
        &[(1, 10 * SECOND), (2, 20 * SECOND), (3, 30 * SECOND)],
    )
    .await;
    assert_eq!(at(&shelf, 1, "").await, "[3] 30000:0:1- 20000:0:0+");
    assert_eq!(
        at(&shelf, 1, "20000:0:0").await,
        "[2] 20000:0:1+ 10000:0:0+"
    );
    put(&shelf, 4, 40 * SECOND).await;
    assert_eq!(
        at(&shelf, 1, "30000:0:1").await,
        "[4] 40000:0:1- 30000:0:0+"
    );
    assert_eq!(
        at(&shelf, 1, "20000:0:1").await,
        "[3] 30000:0:1+ 20000:0:0+"
    );
    // (h) A row that moves up is found by the page that showed it.
    put(&shelf, 2, 50 * SECOND).await;
    assert!(at(&shelf, 2, "20000:0:1").await.starts_with("[4, 3]"));
    assert!(at(&shelf, 1, "40000:0:1").await.starts_with("[2]"));
    assert_eq!(
        at(&shelf, 1, "20000:0:0").await,
        "[1] 10000:0:1+ 10000:1:0-"
    );
}

/// `get_result` (e), (g).
pub async fn rows_within_a_millisecond_are_all_shown(place: &Place) {
    let rows = [
        (1, 10_000_000),
        (2, 10_000_200),
        (3, 10_000_400),
        (4, 9_000_000),
    ];
    let shelf = with_rows(place, &rows).await;
    assert_eq!(at(&shelf, 1, "").await, "[3] 10000:0:1- 10001:1:0+");
    assert_eq!(
        at(&shelf, 1, "10001:1:0").await,
        "[2] 10000:0:1+ 10000:0:0+"
    );
    assert_eq!(at(&shelf, 1, "10000:0:0").await, "[1] 10000:0:1+ 9000:0:0+");
    assert_eq!(at(&shelf, 1, "9000:0:0").await, "[4] 9000:0:1+ 9000:1:0-");
    let empty = with_rows(place, &[]).await;
    let list = empty.list(&inbox(FOR_REVIEW)).await.unwrap();
    assert_eq!(
        (shown(&list, 0), list.hits),
        ("[] 0:0:1- 0:0:0-".to_owned(), Some(0))
    );
}

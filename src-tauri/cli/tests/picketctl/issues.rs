//! `picketctl issues` and `issue`.

use crate::world::{Sighting, World, event_id, texts};
use serde_json::{Value, json};

/// Three issues of two projects: the first seen twice, by two users.
fn lamps() -> World {
    let seen = |problem: &str, minutes_ago| Sighting {
        minutes_ago,
        ..Sighting::of(problem)
    };
    World::of(&[
        Sighting {
            tags: json!({ "browser": "Firefox" }),
            user: Some("u1"),
            ..seen("Lamp is dark", 30)
        },
        Sighting {
            tags: json!({ "browser": "Chrome" }),
            user: Some("u2"),
            ..seen("Lamp is dark", 20)
        },
        Sighting {
            level: "warning",
            environment: "staging",
            ..seen("Lamp flickers", 15)
        },
        Sighting {
            project: 2,
            ..seen("Till is stuck", 5)
        },
    ])
}

#[test]
fn a_page_has_the_serialised_issues_with_both_cursors_and_the_hits() {
    let world = lamps();
    let page = world.json(&["issues", "--query", "is:unresolved", "--limit", "2"]);
    let members: Vec<&String> = page.as_object().unwrap().keys().collect();
    assert_eq!(members, ["issues", "prev", "next", "hits"]);
    assert_eq!(
        texts(&page["issues"], "title"),
        ["Till is stuck", "Lamp flickers"]
    );
    assert_eq!(
        (&page["hits"], &page["prev"]["results"]),
        (&json!(3), &json!(false))
    );
    assert_eq!(page["next"]["results"], true);

    let till = &page["issues"][0];
    assert_eq!(till["shortId"], "CHECKOUT-1");
    assert_eq!(
        till["project"],
        json!({ "id": "2", "name": "checkout", "slug": "checkout", "platform": "python" })
    );
    assert_eq!(
        (&till["count"], &till["userCount"]),
        (&json!("1"), &json!(0))
    );
    assert_eq!(till["stats"]["24h"].as_array().unwrap().len(), 24);
    assert_eq!(
        (&till["lifetime"]["count"], &till["filtered"]),
        (&json!("1"), &Value::Null)
    );

    let cursor = page["next"]["cursor"].as_str().unwrap();
    let rest = world.json(&[
        "issues",
        "--query",
        "is:unresolved",
        "--limit",
        "2",
        "--cursor",
        cursor,
    ]);
    assert_eq!(texts(&rest["issues"], "title"), ["Lamp is dark"]);
    assert_eq!(
        (&rest["next"]["results"], &rest["prev"]["results"]),
        (&json!(false), &json!(true))
    );
}

#[test]
fn arguments_narrow_and_order_the_list() {
    let world = lamps();
    let titles = |arguments: &[&str]| {
        let arguments = [&["issues"], arguments].concat();
        texts(&world.json(&arguments)["issues"], "title")
    };
    let all = ["Till is stuck", "Lamp flickers", "Lamp is dark"];
    assert_eq!(titles(&["--query", ""]), all);
    assert_eq!(titles(&[]), all, "the default search");
    assert_eq!(titles(&["--project", "web"]), all[1..]);
    assert_eq!(titles(&["--project", "WEB,2"]), all);
    assert_eq!(titles(&["--project", "2"]), all[..1]);
    assert_eq!(titles(&["--environment", "staging"]), ["Lamp flickers"]);
    assert_eq!(
        titles(&["--sort", "freq", "--limit", "1"]),
        ["Lamp is dark"]
    );
    assert_eq!(
        titles(&["--query", "browser:Firefox OR level:warning"]),
        all[1..]
    );
    assert_eq!(titles(&["--query", "-no-such-text"]), [""; 0]);
    assert_eq!(titles(&["--stats-period", "10m"]), ["Till is stuck"]);
    let at = |minutes| {
        (crate::world::now() - chrono::TimeDelta::minutes(minutes))
            .timestamp()
            .to_string()
    };
    let (start, end) = (at(40), at(18));
    assert_eq!(
        titles(&["--start", &start, "--end", &end]),
        ["Lamp is dark"]
    );
}

#[test]
fn numbers_are_those_of_the_period_and_of_the_search() {
    let world = lamps();
    let list = world.json(&[
        "issues",
        "--query",
        "browser:Firefox",
        "--group-stats-period",
        "auto",
    ]);
    let issue = &list["issues"][0];
    assert_eq!(
        (&issue["count"], &issue["userCount"]),
        (&json!("2"), &json!(2))
    );
    assert_eq!(issue["filtered"]["count"], "1");
    assert!(issue["stats"]["auto"].is_array());
    let list = world.json(&[
        "issues",
        "--query",
        "dark",
        "--collapse",
        "stats",
        "--expand",
        "inbox,owners",
    ]);
    let issue = list["issues"][0].as_object().unwrap();
    assert_eq!((issue.get("count"), issue.get("lifetime")), (None, None));
    assert_eq!(
        (&issue["inbox"]["reason_word"], &issue["owners"]),
        (&json!("new"), &Value::Null)
    );
}

#[test]
fn the_inbox_has_an_order_of_its_own() {
    let world = lamps();
    let inbox = world.json(&["issues", "--inbox"]);
    let mut titles = texts(&inbox["issues"], "title");
    titles.sort();
    assert_eq!(titles, ["Lamp flickers", "Lamp is dark", "Till is stuck"]);
    assert_eq!(inbox["hits"], 3);
    let error = world.fails(
        1,
        &[
            "issues",
            "--inbox",
            "--query",
            "is:unresolved is:for_review lamp",
        ],
    );
    assert!(error.contains("`message`"), "{error}");
    world.fails(2, &["issues", "--inbox", "--sort", "date"]);
}

#[test]
fn an_issue_is_found_by_its_name_and_by_an_event() {
    let world = lamps();
    let list = world.json(&[
        "issues",
        "--query",
        "CHECKOUT-1",
        "--short-id-lookup",
        "--project",
        "web",
    ]);
    assert_eq!(texts(&list["issues"], "title"), ["Till is stuck"]);
    assert!(list.get("hits").is_none());
    let list = world.json(&["issues", "--query", &event_id(1)]);
    assert_eq!(texts(&list["issues"], "title"), ["Lamp is dark"]);
    assert_eq!(list["issues"][0]["matchingEventId"], event_id(1));

    let issue = world.json(&["issue", "web-1"]);
    assert_eq!(
        (&issue["title"], &issue["count"]),
        (&json!("Lamp is dark"), &json!("2"))
    );
    assert_eq!(issue["latestEvent"]["event_id"], event_id(1));
    assert_eq!(issue["activity"][0]["kind"], "FIRST_SEEN");
    assert_eq!(
        issue["tags"][0],
        json!({ "key": "browser", "value": "Chrome" })
    );
    let shown = world.text(&["issue", "web-1"]);
    assert!(
        shown.contains("Lamp is dark") && shown.contains("occurrence 2 of 2"),
        "{shown}"
    );
    assert!(
        world
            .fails(1, &["issue", "WEB-9"])
            .contains("There is no issue WEB-9")
    );
}

#[test]
fn without_json_it_is_a_table_with_the_exact_number() {
    let world = lamps();
    let table = world.text(&["issues", "--limit", "1", "--query", "lamp"]);
    let lines: Vec<&str> = table.lines().map(str::trim).collect();
    assert!(lines[0].starts_with("ISSUE"), "{table}");
    assert!(
        lines[1].starts_with("WEB-2") && lines[1].contains("Lamp flickers"),
        "{table}"
    );
    assert_eq!(lines[2], "1 of 2 issues");
    assert!(lines[3].starts_with("next page: --cursor "), "{table}");
}

#[test]
fn more_hits_than_a_page_counts_are_counted_for_a_person() {
    let many: Vec<Sighting> = (0..1_010)
        .map(|n| Sighting::of(&format!("Problem {n}")))
        .collect();
    let world = World::of(&many);
    assert_eq!(world.json(&["issues", "--limit", "1"])["hits"], 1_000);
    let table = world.text(&["issues", "--limit", "1"]);
    // Whoever named no search has to know which one it was.
    let footer = "1 of 1010 issues of is:unresolved issue.priority:[high,medium]";
    assert!(table.contains(footer), "{table}");
}

#[test]
fn a_wrong_search_is_shown_with_the_place_the_words_and_the_fix() {
    let world = lamps();
    let error = world.fails(
        1,
        &["--json", "issues", "--query", "lamp is:resolvd level:error"],
    );
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines[0], "picketctl: error while parsing the search query");
    assert_eq!(lines[1], "  lamp is:resolvd level:error");
    assert_eq!(lines[2].trim(), "~".repeat(lines[2].trim().len()));
    let marked = lines[2].find('~').unwrap()..lines[2].len();
    assert!(lines[1][marked].contains("resolvd"), "{error}");
    assert!(lines[3].contains("resolvd"), "{error}");
    assert_eq!(lines[4], "  Try: lamp is:resolved level:error");

    // Every problem has a place of its own.
    let error = world.fails(1, &["issues", "--query", "is:wrong times_seen:many"]);
    assert!(error.contains('~'));
    assert_eq!(
        error.matches("  is:wrong times_seen:many").count(),
        2,
        "{error}"
    );
}

#[test]
fn a_typo_in_a_name_says_what_there_is() {
    let world = lamps();
    let error = world.fails(1, &["issues", "--project", "chekout"]);
    assert!(
        error.contains("Did you mean checkout?") && error.contains("There are: checkout, web."),
        "{error}"
    );
    assert!(
        world
            .fails(1, &["issues", "--project", "9"])
            .contains("There are: checkout, web.")
    );
    let error = world.fails(1, &["issues", "--environment", "stagin"]);
    assert!(error.contains("Did you mean staging?"), "{error}");
    let error = world.fails(1, &["issues", "--query", "project:chekout"]);
    assert!(error.contains("~~~~"), "{error}");
}

#[test]
fn what_cannot_be_used_is_refused() {
    let world = lamps();
    for arguments in [
        &["--limit", "0"][..],
        &["--limit", "many"],
        &["--sort", "meow"],
        &["--start", "2026-01-01"],
        &["--group-stats-period", "48h"],
        &["--expand", "everything"],
    ] {
        world.fails(2, &[&["issues"], arguments].concat());
    }
    for (arguments, words) in [
        (&["--cursor", "1:2"][..], "cursor"),
        (&["--cursor", "-1"], "cursor"),
        (&["--stats-period", "soon"], "statsPeriod"),
        (&["--start", "5", "--end", "4"], "start"),
    ] {
        let error = world.fails(1, &[&["issues"], arguments].concat());
        assert!(error.contains(words), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn an_empty_store_has_an_empty_list() {
    let world = World::empty();
    let list = world.json(&["issues"]);
    assert_eq!(list["issues"], json!([]));
    assert!(world.text(&["issues"]).contains("0 of 0 issues"));
}

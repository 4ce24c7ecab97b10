//! `picketctl update` and `delete`, as far as they do what they are asked for.

use crate::world::World;
use serde_json::{Value, json};

/// The last action is taken back; answers which issues came back.
fn undo_last(world: &World) -> usize {
    let report = world.json(&["undo", "--last"]);
    assert_eq!(
        (&report["not_restored"], &report["conflicts"]),
        (&json!([]), &json!([])),
        "{report}"
    );
    report["restored"].as_array().unwrap().len()
}

#[test]
fn named_issues_are_updated_and_taken_back() {
    let world = World::lamps();
    let before = world.stand("status");
    let (dark, till) = (world.number("WEB-1"), world.number("CHECKOUT-1"));
    let names = format!("web-1,{till}");
    let report = world.json(&["update", "--id", &names, "--status", "resolved"]);
    // Nothing else stands in the answer.
    assert_eq!(report, json!({ "changed": 2, "skipped": [] }));
    let after = world.stand("status");
    assert_eq!(
        (&after["WEB-1"], &after["WEB-2"], &after["CHECKOUT-1"]),
        (&json!("resolved"), &json!("unresolved"), &json!("resolved"))
    );

    let bookmark = ["update", "--id", &dark, "--bookmark", "true"];
    assert_eq!(world.json(&bookmark)["changed"], 1);
    assert_eq!(
        world.json(&bookmark),
        json!({ "changed": 0, "skipped": [{ "id": dark, "reason": "it is so already" }] })
    );
    assert_eq!(undo_last(&world), 1);
    assert_eq!(world.stand("isBookmarked")["WEB-1"], false);
    assert_eq!(undo_last(&world), 2);
    assert_eq!(world.stand("status"), before);
}

#[test]
fn a_search_says_which_issues_are_updated() {
    let world = World::lamps();
    let archive = ["update", "--query", "lamp", "--ignore-count", "5"];
    assert_eq!(world.json(&archive), json!({ "changed": 2, "skipped": [] }));
    let status = world.stand("status");
    assert_eq!(
        (&status["WEB-1"], &status["WEB-2"], &status["CHECKOUT-1"]),
        (&json!("ignored"), &json!("ignored"), &json!("unresolved"))
    );
    let found = |arguments: &[&str]| {
        let update = [
            &["update", "--query", "stuck", "--priority", "low"],
            arguments,
        ]
        .concat();
        world.json(&update)["changed"].clone()
    };
    assert_eq!(found(&["--project", "web"]), 0);
    assert_eq!(
        found(&["--environment", "production", "--stats-period", "1m"]),
        0
    );
    assert_eq!(
        found(&["--environment", "production", "--stats-period", "1h"]),
        1
    );
    assert_eq!(world.stand("priority")["CHECKOUT-1"], "low");
}

#[test]
fn what_is_asked_for_at_once_is_one_entry() {
    let world = World::lamps();
    let before = (world.stand("assignedTo"), world.stand("priority"));
    let update = [
        "update",
        "--id",
        "WEB-1",
        "--assign",
        "me",
        "--priority",
        "high",
        "--seen",
        "true",
        "--in-release",
        "latest",
    ];
    assert_eq!(world.json(&update)["changed"], 1);
    assert_eq!(world.stand("assignedTo")["WEB-1"]["name"], "ana");
    assert_eq!(world.stand("priority")["WEB-1"], "high");
    assert_eq!(
        world.stand("statusDetails")["WEB-1"]["inRelease"],
        "lamp@1.0.0"
    );
    let text = world.text(&["update", "--id", "WEB-1", "--assign", ""]);
    assert_eq!(
        text,
        "1 issue changed; take it back with: picketctl undo 2\n"
    );
    assert_eq!(world.stand("assignedTo")["WEB-1"], Value::Null);
    assert_eq!((undo_last(&world), undo_last(&world)), (1, 1));
    assert_eq!((world.stand("assignedTo"), world.stand("priority")), before);
}

#[test]
fn issues_become_one_and_several_again() {
    let world = World::lamps();
    let counts = world.stand("count");
    let merge = ["update", "--query", "lamp", "--merge", "--non-error"];
    assert_eq!(world.json(&merge), json!({ "changed": 2, "skipped": [] }));
    let merged = world.stand("count");
    let short_ids: Vec<&String> = merged.keys().collect();
    assert_eq!(short_ids, ["CHECKOUT-1", "WEB-1"]);
    assert_eq!(merged["WEB-1"], "3");
    assert_eq!(undo_last(&world), 2);
    assert_eq!(world.stand("count"), counts);
}

#[test]
fn a_delete_says_first_what_it_would_do_and_is_taken_back() {
    let world = World::lamps();
    let before = world.stand("title");
    let delete = ["delete", "--query", "lamp OR stuck", "--non-error"];
    assert_eq!(
        world.json(&delete),
        json!({
            "deleted": 0, "jobs": 0,
            "issues": 3, "occurrences": 4, "projects": { "web": 2, "checkout": 1 }, "non_error": 3,
        })
    );
    let text = world.text(&delete);
    assert!(
        text.starts_with("This would delete 3 issues with 4 occurrences (web 2, checkout 1).\n")
            && text.contains("WEB-1  Lamp is dark")
            && text.ends_with("Say --yes to delete them; for 1 h that can be taken back.\n"),
        "{text}"
    );
    assert_eq!(world.stand("title"), before);
    assert_eq!(world.json(&["journal"]), json!([]));

    let deleted = world.json(&[&delete[..], &["--yes"]].concat());
    assert_eq!(deleted, json!({ "deleted": 3, "jobs": 2 }));
    assert!(world.stand("title").is_empty());
    // What was deleted at once is taken back at once.
    assert_eq!(undo_last(&world), 3);
    assert_eq!(world.stand("title"), before);

    let text = world.text(&["delete", "--id", "WEB-2", "--non-error", "--yes"]);
    assert!(
        text.starts_with("1 issue deleted; take it back within 1 h with: picketctl undo "),
        "{text}"
    );
    assert_eq!(undo_last(&world), 1);

    // Without a delay there is no time to take it back.
    let at_once = |arguments: &[&str]| {
        let mut command = world.command(&[&delete[..], arguments].concat());
        command.env("PICKET_TRIAGE__PURGE_DELAY_SECS", "0");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(at_once(&[]).ends_with("Say --yes to delete them for good.\n"));
    assert_eq!(at_once(&["--yes"]), "3 issues deleted for good\n");

    let nothing = ["delete", "--query", "flickers"];
    assert_eq!(world.text(&nothing), "There is nothing to delete.\n");
    assert_eq!(
        world.json(&[&nothing[..], &["--yes"]].concat()),
        json!({ "deleted": 0, "jobs": 0 })
    );
}

#[test]
fn a_discard_drops_what_would_come_and_is_taken_back() {
    let world = World::lamps();
    let before = world.stand("count");
    let discard = ["update", "--id", "WEB-1", "--discard", "--non-error"];
    let error = world.fails(1, &discard);
    assert!(
        error.contains("1 issue with 2 occurrences (web 1)") && error.contains("--yes"),
        "{error}"
    );
    assert_eq!(world.stand("count"), before);
    let discarded = world.json(&[&discard[..], &["--yes"]].concat());
    assert_eq!(discarded, json!({ "changed": 1, "skipped": [] }));
    assert!(!world.stand("count").contains_key("WEB-1"));
    assert_eq!(undo_last(&world), 1);
    assert_eq!(world.stand("count"), before);
}

#[test]
fn issues_that_are_not_in_scope_are_left_alone_and_named() {
    let world = World::lamps();
    let till = world.number("CHECKOUT-1");
    let before = world.stand("status");
    let resolve =
        |arguments: &[&str]| world.json(&[&["update", "--status", "resolved"], arguments].concat());
    assert_eq!(
        resolve(&["--id", "CHECKOUT-1", "--project", "web"]),
        json!({
            "changed": 0,
            "skipped": [{ "id": till, "reason": "it is of none of the selected projects" }],
        })
    );
    let gone = "the issue is gone, or is being deleted or merged";
    assert_eq!(
        resolve(&["--id", "987654"]),
        json!({ "changed": 0, "skipped": [{ "id": "987654", "reason": gone }] })
    );
    // What is asked for is looked at only where there is something to do it to.
    assert_eq!(
        world.json(&["update", "--id", "987654", "--assign", "nobody"])["changed"],
        0
    );
    assert_eq!(world.stand("status"), before);
    let text = world.text(&[
        "update",
        "--id",
        "WEB-1,CHECKOUT-1,987654",
        "--project",
        "web",
        "--status",
        "resolved",
    ]);
    assert!(
        text.starts_with("1 issue changed; ")
            && text.contains(
                "  1 issue left alone, it is of none of the selected projects: CHECKOUT-1\n"
            )
            && text.contains(&format!("  1 issue left alone, {gone}: 987654\n")),
        "{text}"
    );
}

#[test]
fn everything_and_more_than_a_thousand_take_a_yes() {
    let world = World::crowd(1_001);
    let priority = ["update", "--priority", "low", "--query"];
    for query in ["", "  ", "problem"] {
        let error = world.fails(1, &[&priority[..], &[query]].concat());
        assert!(
            error.contains("1001 issues with 1001 occurrences (web 1001)")
                && error.contains("--yes"),
            "{error}"
        );
    }
    assert_eq!(world.json(&["journal"]), json!([]));
    let thousand = world.json(&[&priority[..], &["problem !message:\"Problem 1000\""]].concat());
    assert_eq!(thousand["changed"], 1_000);
    let all = world.json(&[&priority[..], &["", "--yes"]].concat());
    let skipped = all["skipped"].as_array().unwrap().len() as u64;
    assert_eq!(all["changed"].as_u64().unwrap() + skipped, 1_001);
    assert_eq!(
        world.json(&["issues", "--query", "issue.priority:low", "--limit", "1"])["hits"],
        1_000
    );
    let many = vec!["1"; 1_001].join(",");
    let error = world.fails(1, &["delete", "--yes", "--id", &many]);
    assert!(
        error.contains("1001 issues") && error.contains("--query"),
        "{error}"
    );
}

#[test]
fn labels_and_notes_are_written_shown_and_taken_back() {
    let world = World::lamps();
    let update = [
        "update",
        "--query",
        "lamp",
        "--add-label",
        "Backend",
        "--add-label",
        "ui",
        "--note",
        "The fuse.\nSee the plan.",
    ];
    assert_eq!(world.json(&update)["changed"], 2);
    assert_eq!(world.stand("labels")["WEB-1"], json!(["backend", "ui"]));
    assert_eq!(world.stand("numComments")["WEB-1"], 1);
    let found = world.json(&["issues", "--query", "issue.label:backend issue.note:fuse"]);
    assert_eq!(found["issues"].as_array().unwrap().len(), 2);
    let told = world.text(&["issue", "WEB-1"]);
    assert!(told.contains("labels: backend, ui\n"), "{told}");
    assert!(
        told.contains("    The fuse.\n    See the plan.\n"),
        "{told}"
    );
    let take = ["update", "--id", "WEB-1", "--remove-label", "UI"];
    assert_eq!(world.json(&take)["changed"], 1);
    assert_eq!(world.stand("labels")["WEB-1"], json!(["backend"]));
    assert_eq!(undo_last(&world), 1);
    assert_eq!(undo_last(&world), 2);
    assert_eq!(world.stand("labels")["WEB-1"], json!([]));
    assert_eq!(world.stand("numComments")["WEB-1"], 0);
}

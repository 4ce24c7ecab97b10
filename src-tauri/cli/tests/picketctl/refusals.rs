//! What `picketctl update` and `delete` refuse, before anything has changed.

use crate::world::World;
use serde_json::json;

#[test]
fn arguments_that_cannot_be_are_wrong_arguments() {
    let world = World::lamps();
    for (arguments, words) in [
        (&["--id", "WEB-1"][..], "Say what to change"),
        (&["--status", "resolved"], "--query"),
        (
            &["--id", "WEB-1", "--query", "x", "--status", "resolved"],
            "--query",
        ),
        (
            &[
                "--id",
                "WEB-1",
                "--environment",
                "x",
                "--status",
                "resolved",
            ],
            "--environment",
        ),
        (&["--id", "WEB-1", "--status", "resolvd"], "possible values"),
        (&["--id", "WEB-1", "--substatus", "old"], "possible values"),
        (
            &["--id", "WEB-1", "--priority", "urgent"],
            "possible values",
        ),
        (&["--id", "WEB-1", "--inbox", "maybe"], "maybe"),
        (&["--id", "WEB-1", "--ignore-window", "5"], "--ignore-count"),
        (
            &["--id", "WEB-1", "--in-release", "1", "--in-next-release"],
            "--in-next-release",
        ),
        (&["--id", "WEB-1", "--in-commit", "core"], "--in-commit"),
        (
            &["--id", "WEB-1", "--in-release", "1", "--status", "ignored"],
            "--status resolved",
        ),
        (
            &[
                "--id",
                "WEB-1",
                "--ignore-count",
                "1",
                "--status",
                "resolved",
            ],
            "--status ignored",
        ),
        (
            &[
                "--id",
                "WEB-1",
                "--ignore-count",
                "1",
                "--ignore-window",
                "10081",
            ],
            "--ignore-window is longer",
        ),
        (
            &[
                "--id",
                "WEB-1",
                "--status",
                "unresolved",
                "--substatus",
                "forever",
            ],
            "--substatus",
        ),
        (
            &["--id", "WEB-1", "--discard", "--merge"],
            "--discard goes with nothing else",
        ),
    ] {
        let error = world.fails(2, &[&["update"], arguments].concat());
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    world.fails(2, &["delete", "--yes"]);
    world.fails(2, &["undo"]);
    world.fails(2, &["undo", "1", "--last"]);
    world.fails(2, &["journal", "--limit", "0"]);
    assert_eq!(world.json(&["journal"]), json!([]));
}

#[test]
fn what_the_store_does_not_have_is_refused() {
    let world = World::lamps();
    for (arguments, words) in [
        (
            &["--id", "WEB-1", "--assign", "bob"][..],
            "--assign is “bob”",
        ),
        (&["--id", "WEB-1", "--assign", "bob"], "There are: ana."),
        (
            &["--id", "WEB-1", "--assign", "team:9"],
            "--assign is “team:9”",
        ),
        (
            &["--id", "WEB-1,WEB-99", "--status", "resolved"],
            "no issue WEB-99",
        ),
        (
            &["--id", "WEB-1,lamp", "--status", "resolved"],
            "no issue lamp",
        ),
        (
            &["--id", "WEB-1", "--project", "wep", "--status", "resolved"],
            "Did you mean web?",
        ),
        (
            &[
                "--query",
                "lamp",
                "--environment",
                "prod",
                "--status",
                "resolved",
            ],
            "no environment “prod”",
        ),
        (
            &[
                "--query",
                "lamp",
                "--stats-period",
                "soon",
                "--status",
                "resolved",
            ],
            "statsPeriod",
        ),
        (
            &["--id", "WEB-1", "--in-release", "lamp@9"],
            "--in-release: the project has no such release",
        ),
        (
            &["--id", "WEB-1,CHECKOUT-1", "--in-next-release"],
            "select one project at a time",
        ),
        (
            &["--id", "WEB-1", "--in-upcoming-release"],
            "triage.allow_upcoming_release",
        ),
        (&["--id", "WEB-1,WEB-2", "--merge"], "Say --non-error"),
        (
            &["--id", "WEB-1", "--discard", "--yes"],
            "only error issues are deleted. Say --non-error",
        ),
    ] {
        let error = world.fails(1, &[&["--json", "update"], arguments].concat());
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let error = world.fails(1, &["delete", "--id", "WEB-1", "--yes"]);
    assert!(error.contains("Say --non-error"), "{error}");
    // Not to be merged is no refusal, but nothing has changed either.
    let merge = [
        "update",
        "--id",
        "WEB-1,CHECKOUT-1",
        "--merge",
        "--non-error",
    ];
    let said = world.text(&merge);
    assert!(
        said.starts_with("0 issues changed") && said.contains("several projects"),
        "{said}"
    );
    let preview = world.text(&["delete", "--id", "WEB-1"]);
    assert!(preview.contains("--non-error --yes"), "{preview}");
    assert_eq!(world.json(&["journal"]), json!([]));
    assert!(
        world
            .stand("status")
            .values()
            .all(|status| status == "unresolved")
    );
}

#[test]
fn a_wrong_search_is_shown_with_its_place_and_the_fix() {
    let world = World::lamps();
    for arguments in [
        &["update", "--status", "resolved", "--yes"][..],
        &["delete", "--yes"],
        &["delete"],
    ] {
        let query = ["--query", "lamp is:resolvd"];
        let error = world.fails(1, &[arguments, &query].concat());
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines[1], "  lamp is:resolvd");
        let marked = lines[2].find('~').unwrap()..lines[2].len();
        assert!(lines[1][marked].contains("resolvd"), "{error}");
        assert_eq!(lines[4], "  Try: lamp is:resolved", "{error}");
    }
    assert_eq!(world.json(&["journal"]), json!([]));
}

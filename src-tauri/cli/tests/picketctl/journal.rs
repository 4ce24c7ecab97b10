//! `picketctl journal` and `undo`.

use crate::world::{Sighting, World, texts};
use picket_core::store::{Access, Store};
use serde_json::{Value, json};

/// Three updates, entries 1 to 3.
fn busy() -> World {
    let world = World::lamps();
    for arguments in [
        &["--id", "WEB-1,WEB-2", "--priority", "high"][..],
        &["--id", "WEB-2", "--priority", "low"],
        &["--id", "WEB-1", "--status", "resolved"],
    ] {
        world.json(&[&["update"], arguments].concat());
    }
    world
}

#[test]
fn entries_come_newest_first_and_by_the_page() {
    let world = busy();
    let entries = world.json(&["journal"]);
    assert_eq!(
        texts(&entries, "title"),
        ["Resolve", "Priority low", "Priority high"]
    );
    let oldest = entries[2].as_object().unwrap();
    let members: Vec<&str> = oldest.keys().map(String::as_str).collect();
    assert_eq!(
        members.join(" "),
        "id at actor title issues state undo_until undoes examples query took_ms automatic"
    );
    assert_eq!(
        (
            &oldest["id"],
            &oldest["actor"],
            &oldest["issues"],
            &oldest["state"]
        ),
        (&json!("1"), &json!("ana"), &json!(2), &json!("done"))
    );
    assert_eq!(
        oldest["examples"],
        json!(["WEB-1 Lamp is dark", "WEB-2 Lamp flickers"])
    );
    assert!(oldest["took_ms"].is_number(), "{oldest:?}");
    assert!(oldest["at"].as_str().unwrap().ends_with('Z'), "{oldest:?}");

    let page = world.json(&["journal", "--limit", "2"]);
    assert_eq!(texts(&page, "id"), ["3", "2"]);
    let rest = world.json(&["journal", "--limit", "2", "--before", "2"]);
    assert_eq!(texts(&rest, "id"), ["1"]);

    let found = |arguments: &[&str]| texts(&world.json(&[&["journal"], arguments].concat()), "id");
    assert_eq!(found(&["--words", "PRIORITY ana"]), ["2", "1"]);
    assert_eq!(found(&["--words", "priority bob"]), [""; 0]);
    assert_eq!(found(&["--words", "low", "--action", "update"]), ["2"]);
    assert_eq!(found(&["--action", "merge"]), [""; 0]);

    let table = world.text(&["journal", "--limit", "1"]);
    let lines: Vec<&str> = table.lines().map(str::trim).collect();
    let words: Vec<&str> = lines[1].split_whitespace().collect();
    assert_eq!((words[0], words.last()), ("3", Some(&"stands")), "{table}");
    assert!(
        lines[1].contains("ana") && lines[1].contains("Resolve"),
        "{table}"
    );
    assert_eq!(lines[2], "earlier ones: --before 3");
}

#[test]
fn the_newest_change_that_stands_is_taken_back_each_time() {
    let world = busy();
    let undone = || world.json(&["undo", "--last"])["undone"].clone();
    assert_eq!(undone(), "3");
    assert_eq!(undone(), "2");
    // Entry 5 took back entry 2; taking it back does that again, which is a change that stands.
    let again = world.json(&["undo", "5"]);
    assert_eq!(
        (&again["undone"], &again["entry"]),
        (&json!("5"), &json!("6"))
    );
    assert_eq!(world.stand("priority")["WEB-2"], "low");
    assert_eq!(undone(), "6");
    assert_eq!(undone(), "1");
    assert_eq!(world.stand("priority")["WEB-2"], "medium");
    assert_eq!(world.stand("status")["WEB-1"], "unresolved");
    let error = world.fails(1, &["undo", "--last"]);
    assert!(error.contains("no change to take back"), "{error}");

    let entries = world.json(&["journal"]);
    assert_eq!(entries[0]["undoes"], "1");
    let first = entries.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&first["id"], &first["state"]),
        (&json!("1"), &json!("undone"))
    );
}

#[test]
fn what_has_changed_since_is_left_alone_unless_one_insists() {
    let world = busy();
    let (dark, flickers) = (world.number("WEB-1"), world.number("WEB-2"));
    let report = world.json(&["undo", "1"]);
    let members: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "undone",
            "title",
            "restored",
            "not_restored",
            "reasons",
            "conflicts",
            "hashes_taken",
            "entry"
        ]
    );
    assert_eq!(
        (&report["restored"], &report["title"]),
        (&json!([dark]), &json!("Priority high"))
    );
    let conflict = &report["conflicts"][0];
    assert_eq!(
        (&conflict["id"], &conflict["short_id"]),
        (&json!(flickers), &json!("WEB-2"))
    );
    assert_eq!(conflict["changed"][0], "priority");
    assert_eq!(world.stand("priority")["WEB-2"], "low");

    // Once more nothing is left but the conflict.
    let text = world.text(&["undo", "1"]);
    assert!(
        text.contains("WEB-2 left alone: priority") && text.contains("--overwrite"),
        "{text}"
    );
    let text = world.text(&["undo", "1", "--overwrite"]);
    assert!(
        text.starts_with("Taken back: Priority high (1). 1 issue as before"),
        "{text}"
    );
    assert_eq!(world.stand("priority")["WEB-2"], "medium");
    let again = world.json(&["undo", "1"]);
    assert_eq!(
        (&again["restored"], &again["entry"]),
        (&json!([]), &Value::Null)
    );
    let text = world.text(&["undo", "1"]);
    assert!(text.contains("was taken back before"), "{text}");
}

#[test]
fn a_fingerprint_that_leads_elsewhere_by_now_stays_there() {
    let world = World::lamps();
    let dark = world.number("WEB-1");
    world.json(&["delete", "--id", "WEB-1", "--non-error", "--yes"]);
    world.see(4, &[Sighting::of("Lamp is dark")]);
    let newer = world.number("WEB-3");
    let report = world.json(&["undo", "--last"]);
    assert_eq!(report["restored"], json!([dark]));
    let taken = report["hashes_taken"].as_array().unwrap();
    assert!(!taken.is_empty());
    for taken in taken {
        assert_eq!((&taken["id"], &taken["now"]), (&json!(dark), &json!(newer)));
        assert_eq!(taken["hash"].as_str().unwrap().len(), 32, "{taken}");
    }
    let count = world.stand("count");
    assert_eq!(
        (&count["WEB-1"], &count["WEB-3"]),
        (&json!("2"), &json!("1"))
    );
    // The next one joins the newer issue.
    world.see(5, &[Sighting::of("Lamp is dark")]);
    assert_eq!(world.stand("count")["WEB-3"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_somebody_writes_can_be_looked_at_but_not_changed() {
    let world = busy();
    let url = format!("sqlite://{}", world.path("picket.db").display());
    let owner = Store::open(&url, Access::ReadWrite).await.unwrap();
    for arguments in [
        &["update", "--id", "WEB-1", "--seen", "true"][..],
        &["delete", "--id", "WEB-1", "--non-error", "--yes"],
        &["undo", "--last"],
    ] {
        let error = world.fails(1, arguments);
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    assert_eq!(world.json(&["journal"]).as_array().unwrap().len(), 3);
    assert_eq!(world.json(&["delete", "--id", "WEB-1"])["issues"], 1);
    owner.close().await;
    assert_eq!(world.json(&["undo", "--last"])["undone"], "3");
}

#[test]
fn an_entry_that_is_not_there_is_said_so() {
    let world = World::lamps();
    for arguments in [&["undo", "12"][..], &["undo", "--last"]] {
        let error = world.fails(1, arguments);
        assert!(error.contains("picketctl journal"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
    assert_eq!(world.json(&["journal"]), json!([]));
    assert_eq!(world.text(&["journal"]).lines().count(), 1);
}

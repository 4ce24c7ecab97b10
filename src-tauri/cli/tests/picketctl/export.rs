//! `picketctl export`.

use crate::world::{Sighting, World, event_id, texts};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const EVIL: &str = "=HYPERLINK(\"http://evil\"),\n\"x\"";

/// Two issues, the first with three occurrences of two users.
fn lamps() -> World {
    let dark = |minutes_ago, user, browser| Sighting {
        minutes_ago,
        user: Some(user),
        tags: json!({ "browser": browser }),
        ..Sighting::of("Lamp is dark")
    };
    World::of(&[
        dark(40, "u1", "Firefox"),
        dark(30, "u1", "Firefox"),
        dark(20, "u2", "@Chrome"),
        Sighting {
            project: 2,
            subtitle: "@SUM(A1)".to_owned(),
            tags: json!({ "till": "-1+2" }),
            ..Sighting::of(EVIL)
        },
    ])
}

/// Rows of CSV as a spreadsheet reads them.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records();
    rows.map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn issues_are_csv_with_every_column_and_every_tag() {
    let world = lamps();
    let rows = cells(&world.text(&["export", "issues"]));
    assert_eq!(
        rows[0].join(" "),
        "id shortId project title culprit level status substatus priority issueType issueCategory assignee count \
         userCount firstSeen lastSeen firstRelease isUnhandled tags[browser] tags[environment] tags[level] \
         tags[sentry:release] tags[sentry:user] tags[till]"
    );
    let column = |row: &Vec<String>, name: &str| {
        let place = rows[0].iter().position(|column| column == name).unwrap();
        row[place].clone()
    };
    assert_eq!(rows.len(), 3);
    let lamp = rows.iter().find(|row| row[1] == "WEB-1").unwrap();
    assert_eq!(column(lamp, "title"), "Lamp is dark");
    assert_eq!(
        (column(lamp, "count"), column(lamp, "userCount")),
        ("3".into(), "2".into())
    );
    assert_eq!(
        (column(lamp, "status"), column(lamp, "priority")),
        ("unresolved".into(), "medium".into())
    );
    // The newest event decides.
    assert_eq!(column(lamp, "tags[sentry:user]"), "id:u2");
    assert!(column(lamp, "lastSeen").ends_with('Z'));
}

#[test]
fn what_is_to_be_redacted_does_not_leave_the_store() {
    let world = World::of(&[Sighting {
        subtitle: "ana@example.org gave password=hunter2 for ACME-17".to_owned(),
        ..Sighting::of("Lamp is dark")
    }]);
    let message = |more: &[&str]| {
        let export = ["export", "events", "--columns", "message", "--no-header"];
        world.text(&[&export[..], more].concat()).trim().to_owned()
    };
    assert_eq!(
        message(&[]),
        "ana@example.org gave password=hunter2 for ACME-17"
    );
    let redact = [
        "--redact",
        "secrets,emails",
        "--redact-pattern",
        "ACME-[0-9]+",
    ];
    assert_eq!(
        message(&redact),
        "[e-mail] gave password=[secret] for [redacted]"
    );
}

#[test]
fn no_cell_is_a_formula_on_the_whole_way() {
    let world = lamps();
    let columns = ["--columns", "title,tags[browser],tags[till]"];
    let export = [&["export", "issues", "--sort", "freq"], &columns[..]].concat();
    let rows = cells(&world.text(&export));
    assert_eq!(rows[1], ["Lamp is dark", "'@Chrome", ""]);
    // The line break is that of the title, within quotes.
    assert_eq!(rows[2], [&format!("'{EVIL}"), "", "'-1+2"]);
    let unguarded = cells(&world.text(&[&export[..], &["--no-formula-guard"]].concat()));
    assert_eq!(unguarded[2], [EVIL, "", "-1+2"]);
    let events = world.text(&[
        "export",
        "events",
        "--columns",
        "message,tags,tags[till]",
        "--id",
        "CHECKOUT-1",
    ]);
    let rows = cells(&events);
    assert_eq!(
        (rows[1][0].as_str(), rows[1][2].as_str()),
        ("'@SUM(A1)", "'-1+2")
    );
}

#[test]
fn json_has_the_issues_as_a_list_serialises_them() {
    let world = lamps();
    let list = world.json(&["issues"]);
    let exported = world.json(&["export", "issues"]);
    assert_eq!(exported, list["issues"]);
    let lines = lines(&world.text(&["export", "issues", "--format", "ndjson"]));
    assert_eq!(Value::Array(lines), exported);
    // Chosen columns are plain values.
    let chosen = world.json(&[
        "export",
        "issues",
        "--columns",
        "shortId,count,tags[browser]",
        "--id",
        "web-1",
    ]);
    assert_eq!(
        chosen,
        json!([{ "shortId": "WEB-1", "count": 3, "tags[browser]": "@Chrome" }])
    );
}

#[test]
fn a_table_for_people_is_markdown() {
    let world = lamps();
    let table = world.text(&[
        "export",
        "issues",
        "--format",
        "md",
        "--columns",
        "shortId,title",
        "--query",
        "dark",
    ]);
    assert_eq!(
        table,
        "| shortId | title |\n| --- | --- |\n| WEB-1 | Lamp is dark |\n"
    );
}

#[test]
fn a_search_or_names_say_which_issues() {
    let world = lamps();
    let ids = |arguments: &[&str]| {
        let arguments = [&["export", "issues", "--columns", "shortId"], arguments].concat();
        texts(&world.json(&arguments), "shortId")
    };
    assert_eq!(ids(&["--query", "browser:Firefox"]), ["WEB-1"]);
    assert_eq!(ids(&["--project", "checkout"]), ["CHECKOUT-1"]);
    assert_eq!(ids(&["--id", "WEB-1,checkout-1"]), ["WEB-1", "CHECKOUT-1"]);
    assert_eq!(
        ids(&["--id", "CHECKOUT-1", "--id", "WEB-1", "--id", "web-1"]),
        ["CHECKOUT-1", "WEB-1"]
    );
    assert_eq!(ids(&["--limit", "1", "--sort", "freq"]), ["WEB-1"]);
    assert_eq!(ids(&["--query", "no-such-text"]), [""; 0]);
    assert_eq!(ids(&["--stats-period", "1m"]), [""; 0]);
    assert_eq!(ids(&["--all-time", "--query", ""]).len(), 2);
    assert_eq!(
        ids(&["--sort", "inbox", "--query", "is:unresolved is:for_review"]).len(),
        2
    );
    let error = world.fails(1, &["export", "issues", "--query", "is:resolvd"]);
    assert!(error.contains("Try: is:resolved"), "{error}");
    assert!(
        world
            .fails(1, &["export", "issues", "--id", "WEB-77"])
            .contains("WEB-77")
    );
}

#[test]
fn occurrences_come_by_issue_and_time() {
    let world = lamps();
    let events = lines(&world.text(&["export", "events", "--format", "ndjson"]));
    let ids: Vec<String> = (0..4).map(event_id).collect();
    assert_eq!(texts(&Value::Array(events.clone()), "id"), ids);
    let first = &events[0];
    let members: Vec<&str> = first
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members.join(" "),
        "id occurrence issue issueId project time level title message culprit environment release user tags"
    );
    assert_eq!(
        (&first["issue"], &first["project"]),
        (&json!("WEB-1"), &json!("web"))
    );
    assert_eq!(
        (&first["user"], &first["tags"]["browser"]),
        (&json!("id:u1"), &json!("Firefox"))
    );
    assert_eq!(
        (&first["title"], &first["message"]),
        (&json!("Lamp is dark"), &json!("in the cellar"))
    );
    assert_eq!(
        (&first["level"], &first["release"]),
        (&json!("error"), &json!("lamp@1.0.0"))
    );
    assert_eq!(
        (&first["environment"], &first["culprit"]),
        (&json!("production"), &json!("handler.run"))
    );

    let ids = |arguments: &[&str]| {
        let arguments = [&["export", "events", "--columns", "id"], arguments].concat();
        texts(&world.json(&arguments), "id")
    };
    let firefox = ["--query", "browser:Firefox"];
    assert_eq!(
        ids(&firefox),
        [event_id(0), event_id(1), event_id(2)],
        "all of the issue"
    );
    assert_eq!(
        ids(&[&firefox[..], &["--matching"]].concat()),
        [event_id(0), event_id(1)]
    );
    assert_eq!(
        ids(&["--stats-period", "35m", "--matching"]),
        [event_id(1), event_id(2), event_id(3)]
    );
    assert_eq!(ids(&["--limit", "2"]), [event_id(0), event_id(1)]);
    assert_eq!(ids(&["--id", "CHECKOUT-1"]), [event_id(3)]);
}

#[test]
fn an_issue_with_many_occurrences_is_read_in_parts() {
    // At equal times arrival decides, across the ends of parts.
    let mut many: Vec<Sighting> = (0..1_203).map(|_| Sighting::of("Lamp is dark")).collect();
    many.extend((0..30).map(|n| Sighting::of(&format!("Lamp {n}"))));
    let world = World::of(&many);
    let ids = world.json(&["export", "events", "--columns", "id", "--limit", "2000"]);
    let expected: Vec<String> = (0..many.len()).map(event_id).collect();
    assert_eq!(texts(&ids, "id"), expected);
    let some = world.json(&["export", "events", "--columns", "id", "--limit", "701"]);
    assert_eq!(texts(&some, "id"), expected[..701]);
}

#[test]
fn a_bundle_holds_everything_and_says_what_was_taken_out() {
    let note = "ask lena@example.org";
    let world = World::of(&[
        Sighting {
            minutes_ago: 40,
            subtitle: note.to_owned(),
            ..Sighting::of("Lamp is dark")
        },
        Sighting {
            // Longer ago than a search reaches back unless told otherwise.
            minutes_ago: 60 * 24 * 85,
            ..Sighting::of("Lamp is dark")
        },
        Sighting::of("Door is open"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.picket");
    let path = file.to_str().unwrap();
    let bundle = ["export", "bundle", "--query", "dark"];
    let said = world.text(&[&bundle[..], &["--stats-period", "1d", "--out", path]].concat());
    assert!(said.starts_with("5 lines, "), "{said}");
    let written = lines(&std::fs::read_to_string(&file).unwrap());
    let kinds: Vec<&Value> = written.iter().map(|line| &line["kind"]).collect();
    assert_eq!(
        kinds,
        ["bundle", "issue", "occurrence", "occurrence", "end"]
    );
    let data = |place: usize| &written[place]["data"];
    assert_eq!(
        (&data(0)["issues"], &data(0)["occurrences"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(data(0)["redacted"]["emails"], false);
    // What the search left out of its window is part of the case.
    assert_eq!(data(1)["count"], "2");
    assert!(data(1)["activities"].is_array() && data(2)["record"].is_object());
    assert_eq!(data(4), &json!({"issues": 1, "occurrences": 2}));
    assert!(std::fs::read_to_string(&file).unwrap().contains(note));

    let taken_out = world.text(&[&bundle[..], &["--redact", "emails,secrets"]].concat());
    assert!(!taken_out.contains("lena@"), "{taken_out}");
    let head = &lines(&taken_out)[0]["data"]["redacted"];
    assert_eq!(
        (&head["emails"], &head["secrets"], &head["pattern"]),
        (&json!(true), &json!(true), &json!(false))
    );

    let named = lines(&world.text(&["export", "bundle", "--id", "WEB-2"]));
    assert_eq!(named.len(), 4);
    let error = world.fails(1, &[&bundle[..], &["--out", path]].concat());
    assert!(error.contains("case.picket"), "{error}");
    let error = world.fails(2, &[&bundle[..], &["--json"]].concat());
    assert!(error.contains("one JSON document"), "{error}");
    // A part of a case is none.
    world.fails(2, &[&bundle[..], &["--limit", "1"]].concat());
}

#[test]
fn values_of_a_tag_are_counted() {
    let world = lamps();
    let rows = cells(&world.text(&[
        "export",
        "tag-values",
        "--issue",
        "WEB-1",
        "--tag",
        "browser",
    ]));
    assert_eq!(rows[0], ["value", "times_seen", "last_seen", "first_seen"]);
    assert_eq!((rows[1][0].as_str(), rows[1][1].as_str()), ("Firefox", "2"));
    assert_eq!(
        (rows[2][0].as_str(), rows[2][1].as_str()),
        ("'@Chrome", "1")
    );
    assert!(rows[1][3] < rows[1][2], "{rows:?}");
    // YYYY-MM-DDThh:mm:ss.ffffffZ
    assert_eq!((rows[1][2].len(), rows[1][2].as_bytes()[19]), (27, b'.'));

    let users = world.json(&["export", "tag-values", "--issue", "WEB-1", "--tag", "user"]);
    let first = users[0].as_object().unwrap();
    let members: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(
        members.join(" "),
        "value id email username ip_address times_seen last_seen first_seen"
    );
    assert_eq!(
        (&first["value"], &first["id"]),
        (&json!("id:u1"), &json!("u1"))
    );
    assert_eq!(
        (&first["email"], &first["times_seen"]),
        (&json!("u1@example.org"), &json!(2))
    );
    assert_eq!(texts(&users, "value"), ["id:u1", "id:u2"]);
    let release = world.json(&[
        "export",
        "tag-values",
        "--issue",
        "WEB-1",
        "--tag",
        "release",
    ]);
    assert_eq!(texts(&release, "value"), ["lamp@1.0.0"]);
    let error = world.fails(
        1,
        &[
            "export",
            "tag-values",
            "--issue",
            "WEB-1",
            "--tag",
            "nothing",
        ],
    );
    assert!(error.contains("“nothing”"), "{error}");
}

#[test]
fn a_file_appears_whole_and_nothing_is_replaced_unasked() {
    let world = lamps();
    std::fs::create_dir(world.path("out")).unwrap();
    let file = world.path("out/issues.ndjson");
    let file = file.to_str().unwrap();
    let export = ["export", "issues", "--out", file];
    let report = world.json(&export);
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(lines(&written).len(), 2, "the ending of the name decides");
    assert_eq!(
        report,
        json!({ "file": file, "rows": 2, "bytes": written.len() })
    );

    let error = world.fails(1, &export);
    assert!(
        error.contains("exists already") && error.contains(file),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), written);
    let said = world.text(&[&export[..], &["--overwrite", "--limit", "1"]].concat());
    assert!(said.starts_with("1 issues, "), "{said}");
    assert_eq!(lines(&std::fs::read_to_string(file).unwrap()).len(), 1);
    // A refused search leaves what is there.
    world.fails(
        1,
        &[&export[..], &["--overwrite", "--query", "is:resolvd"]].concat(),
    );
    assert_eq!(lines(&std::fs::read_to_string(file).unwrap()).len(), 1);
    assert_eq!(world.files("out"), ["issues.ndjson"]);

    let folder = world.path("out");
    let error = world.fails(1, &["export", "issues", "--out", folder.to_str().unwrap()]);
    assert!(error.contains("is a folder"), "{error}");
    let nowhere = world.path("nowhere/issues.csv");
    let error = world.fails(1, &["export", "issues", "--out", nowhere.to_str().unwrap()]);
    assert!(error.contains("its folder does not exist"), "{error}");
}

#[test]
fn a_full_disk_is_told_with_the_next_step() {
    let world = lamps();
    let error = world.fails(1, &["export", "issues", "--out", "/dev/full"]);
    assert!(
        error.contains("/dev/full cannot be written: the disk is full")
            && error.contains("Make room"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = world
        .command(&["export", "events"])
        .stdout(full)
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.contains("standard output cannot be written: the disk is full"),
        "{error}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = World::of(
        &(0..400)
            .map(|n| Sighting::of(&format!("Lamp {n}")))
            .collect::<Vec<_>>(),
    );
    let mut export = world.start(&["export", "issues", "--format", "json"]);
    drop(export.stdout.take());
    let output = export.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && error.is_empty(), "{error}");
}

#[test]
fn an_interrupt_ends_an_export_that_nobody_reads() {
    // More than a pipe holds and is gathered before it is written.
    let many: Vec<Sighting> = (0..1_000)
        .map(|n| Sighting::of(&format!("Lamp {n}")))
        .collect();
    let world = World::of(&many);
    let mut command = world.command(&["export", "issues", "--format", "json"]);
    let mut export = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first bytes come once the export is at work; the rest stays unread.
    let mut stdout = export.stdout.take().unwrap();
    std::io::Read::read_exact(&mut stdout, &mut [0; 1]).unwrap();
    let pid = export.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let started = Instant::now();
    let output = export.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(started.elapsed() < Duration::from_secs(20));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("Begin it again"), "{error}");
    drop(stdout);
}

#[test]
fn what_cannot_be_exported_is_refused() {
    let world = lamps();
    for arguments in [
        &["traces"][..],
        &["issues", "--format", "xml"],
        &["issues", "--overwrite"],
        &["issues", "--id", "WEB-1", "--query", "x"],
        &["issues", "--limit", "-1"],
        &["events", "--matching", "--id", "WEB-1"],
        &["tag-values", "--issue", "WEB-1"],
    ] {
        world.fails(2, &[&["export"], arguments].concat());
    }
    for (arguments, words) in [
        (
            &["issues", "--columns", "id,titel"][..],
            "“titel” is no column",
        ),
        (&["issues", "--columns", "id,id"], "named twice"),
        (&["issues", "--columns", ""], "is no column"),
        (&["events", "--columns", "count"], "“count” is no column"),
        (
            &["issues", "--json", "--format", "csv"],
            "one JSON document",
        ),
        (
            &["issues", "--format", "json", "--times", "unix"],
            "ISO 8601",
        ),
        (
            &["issues", "--format", "ndjson", "--separator", "tab"],
            "are of CSV",
        ),
        (&["events", "--out", "events.json", "--bom"], "are of CSV"),
        (&["issues", "--redact-pattern", "("], "unclosed group"),
        (
            &["bundle", "--redact-pattern", "(", "--id", "WEB-1"],
            "unclosed group",
        ),
        (&["issues", "--config", "gone.toml"], "gone.toml"),
    ] {
        let error = world.fails(2, &[&["export"], arguments].concat());
        assert!(error.contains(words), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

/// What is left out without a word is taken for something that was found.
#[test]
fn an_issue_that_is_named_and_not_there_is_said() {
    let world = lamps();
    for arguments in [
        &["issues", "--id", "1,999"][..],
        &["events", "--id", "999"],
        &["tag-values", "--issue", "999", "--tag", "browser"],
    ] {
        let error = world.fails(1, &[&["export"], arguments].concat());
        assert!(error.contains("There is no issue 999"), "{error}");
    }
}

#[test]
fn csv_has_its_options() {
    let world = lamps();
    let export = [
        "export",
        "issues",
        "--columns",
        "shortId,count",
        "--query",
        "dark",
    ];
    let with = |options: &[&str]| world.text(&[&export[..], options].concat());
    assert_eq!(with(&[]), "shortId,count\r\nWEB-1,3\r\n");
    assert_eq!(
        with(&["--no-header", "--separator", "semicolon"]),
        "WEB-1;3\r\n"
    );
    assert_eq!(with(&["--bom"]), "\u{feff}shortId,count\r\nWEB-1,3\r\n");
}

//! `picketctl migrate`: what it answers, and what it says while it works.

use super::world::World;
use serde_json::Value;

/// A store beside the one of the world, which is not there yet.
fn new_store(world: &World) -> String {
    format!("sqlite://{}", world.path("new.db").display())
}

#[test]
fn programs_get_one_document_and_not_a_word_more() {
    let world = World::empty();
    let store = new_store(&world);
    let output = world.run(&["--json", "--store", &store, "migrate"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let applied = answer["applied"].as_array().unwrap();
    assert_eq!(answer["from"], 0);
    assert_eq!(&answer["to"], applied.last().unwrap());

    let again = world.json(&["--store", &store, "migrate"]);
    assert_eq!(again["applied"].as_array().unwrap().len(), 0);
}

#[test]
fn nothing_is_told_to_a_file() {
    let world = World::empty();
    let output = world.run(&["--store", &new_store(&world), "migrate"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("applied "));
}

/// `script` of util-linux lends a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_person_at_a_terminal_sees_each_migration_begin_and_end() {
    let world = World::empty();
    let (store, answer) = (new_store(&world), world.path("answer.txt"));
    let seen = |json: &str| {
        let line = format!(
            "'{}' {json} --store '{store}' migrate > '{}'",
            env!("CARGO_BIN_EXE_picketctl"),
            answer.display()
        );
        let mut terminal = std::process::Command::new("script");
        terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        terminal.env("PICKET_CONFIG", world.path("picket.toml"));
        let output = terminal.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = seen("");
    let lines: Vec<&str> = shown.lines().collect();
    let first = lines.first().unwrap();
    assert!(
        first.starts_with("0001 ") && first.ends_with(" s"),
        "{shown}"
    );
    let text = std::fs::read_to_string(&answer).unwrap();
    let steps: usize = text.split(' ').nth(1).unwrap().parse().unwrap();
    assert_eq!(lines.len(), steps, "{shown}");

    std::fs::remove_file(world.path("new.db")).unwrap();
    assert_eq!(seen("--json"), "");
    let answer = std::fs::read(&answer).unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["applied"].as_array().unwrap().len(), steps);
}

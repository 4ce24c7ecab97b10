//! A store of its own for each test, filled the way records come.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use picket_core::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

const SETTINGS: &str = r#"
[ingest]
limits = false

[ingest.projects]
web = 1
checkout = 2

[people]
me = "ana"
[people.users.ana]
id = 7
email = "ana@example.org"
"#;

/// A folder with settings and a store.
pub struct World {
    folder: TempDir,
}

/// What is said about an occurrence; the rest follows from its number.
#[derive(Clone)]
pub struct Sighting {
    /// The issue: its title and its fingerprint.
    pub problem: String,
    pub project: i64,
    pub level: &'static str,
    pub minutes_ago: i64,
    pub environment: &'static str,
    pub tags: Value,
    /// Id of the user.
    pub user: Option<&'static str>,
    pub subtitle: String,
}

impl Sighting {
    pub fn of(problem: &str) -> Self {
        Self {
            problem: problem.to_owned(),
            project: 1,
            level: "error",
            minutes_ago: 10,
            environment: "production",
            tags: json!({}),
            user: None,
            subtitle: "in the cellar".to_owned(),
        }
    }

    fn message(&self, n: usize) -> Value {
        let at = now() - TimeDelta::minutes(self.minutes_ago);
        let event_id = event_id(n);
        let mut message = json!({
            "id": format!("{:032x}", 0xa000_0000 + n),
            "event_id": event_id,
            "project_id": self.project,
            "fingerprint": [self.problem],
            "issue_title": self.problem,
            "subtitle": self.subtitle,
            "evidence_display": [],
            "type": 2007,
            "detection_time": at.timestamp(),
            "level": self.level,
            "culprit": "handler.run",
            "initial_issue_priority": 50,
            "event": {
                "event_id": event_id,
                "project_id": self.project,
                "platform": "python",
                "environment": self.environment,
                "release": "lamp@1.0.0",
                "tags": self.tags,
                "timestamp": at.to_rfc3339_opts(SecondsFormat::Micros, true),
            },
        });
        if let Some(user) = self.user {
            message["event"]["user"] =
                json!({ "id": user, "email": format!("{user}@example.org") });
        }
        message
    }
}

/// The event of the n-th sighting of a world.
pub fn event_id(n: usize) -> String {
    format!("{:032x}", 0xe000_0000_usize + n)
}

pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

impl World {
    /// A world without records.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("picket.toml"), SETTINGS).unwrap();
        let world = Self { folder };
        world.text(&["migrate"]);
        world
    }

    /// A world in which this was seen.
    pub fn of(sightings: &[Sighting]) -> Self {
        let world = Self::empty();
        let file = world.path("records.ndjson");
        let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
        for (n, sighting) in sightings.iter().enumerate() {
            let record = json!({ "topic": "ingest-occurrences", "value": sighting.message(n) });
            writeln!(out, "{record}").unwrap();
        }
        drop(out);
        let report = world.json(&["replay", file.to_str().unwrap()]);
        let stored = report["created"].as_u64().unwrap() + report["updated"].as_u64().unwrap();
        assert_eq!(stored, sightings.len() as u64, "{report}");
        world
    }

    /// A file in the folder of this world.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Names of the files in a folder of this world, sorted.
    pub fn files(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_picketctl"));
        command
            .args(arguments)
            .env("PICKET_CONFIG", self.path("picket.toml"))
            .env("PICKET_DATA_DIR", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// The text that a command answers.
    pub fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The one JSON document that a command answers with `--json`.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.text(&[&["--json"], arguments].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The words of a command that fails with this exit code, and says nothing else.
    pub fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        error
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Texts of a member of each element of a list.
pub fn texts(list: &Value, member: &str) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|element| element[member].as_str().unwrap().to_owned())
        .collect()
}

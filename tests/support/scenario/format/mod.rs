//! Scenario files (occurrences spec, section 16.3). A member that is not known makes a file unsupported: it may mean
//! something that changes the outcome.

mod action;

use self::action::ActionFile;
use super::{Config, Expectation, Scenario, Step};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use picket_core::decode::Mode;
use picket_core::model::{Directory, Project, ProjectId, ProjectRules, Team, User};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Reads a scenario file. One without a name is called `unnamed`.
///
/// # Errors
/// What in it cannot be carried out.
pub fn parse(text: &str, unnamed: &str) -> Result<Scenario, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(Scenario {
        name: file.name.unwrap_or_else(|| unnamed.to_owned()),
        config: file.config.into(),
        setup: steps("setup", file.setup)?,
        messages: steps("messages", file.messages)?,
        expect: file.expect.into(),
    })
}

fn steps(section: &str, steps: Vec<StepFile>) -> Result<Vec<Step>, String> {
    let numbered = steps.into_iter().enumerate();
    numbered
        .map(|(place, step)| {
            step.read()
                .map_err(|why| format!("{section}[{place}]: {why}"))
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    // Remarks.
    #[serde(default, rename = "why")]
    _why: Option<Value>,
    #[serde(default, rename = "about")]
    _about: Option<Value>,
    #[serde(default, rename = "note")]
    _note: Option<Value>,
    #[serde(default, rename = "desc")]
    _desc: Option<Value>,
    config: ConfigFile,
    #[serde(default)]
    setup: Vec<StepFile>,
    #[serde(default)]
    messages: Vec<StepFile>,
    #[serde(default)]
    expect: ExpectFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    clock: DateTime<Utc>,
    #[serde(default)]
    mode: ModeFile,
    #[serde(default = "default_batch_size")]
    batch_size: usize,
    #[serde(default = "default_true")]
    prune_status_changes: bool,
    #[serde(default)]
    features: BTreeSet<String>,
    #[serde(default)]
    projects: Vec<ProjectFile>,
    #[serde(default)]
    users: Vec<UserFile>,
    #[serde(default)]
    teams: Vec<TeamFile>,
}

fn default_batch_size() -> usize {
    100
}

fn default_true() -> bool {
    true
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ModeFile {
    #[default]
    Batched,
    Serial,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    id: i64,
    slug: String,
    #[serde(default)]
    resolve_age_hours: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserFile {
    id: i64,
    username: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default = "default_true")]
    member: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamFile {
    id: i64,
    slug: String,
}

impl From<ConfigFile> for Config {
    fn from(file: ConfigFile) -> Self {
        let project = |project: ProjectFile| Project {
            id: ProjectId(project.id),
            slug: project.slug,
            rules: ProjectRules {
                resolve_age_hours: project.resolve_age_hours,
                ..ProjectRules::default()
            },
        };
        let user = |user: UserFile| User {
            id: user.id,
            username: user.username,
            email: user.email,
            is_member: user.member,
            ..User::default()
        };
        let team = |team: TeamFile| Team {
            id: team.id,
            slug: team.slug,
            ..Team::default()
        };
        Self {
            clock: file.clock,
            mode: match file.mode {
                ModeFile::Batched => Mode::Batched,
                ModeFile::Serial => Mode::Serial,
            },
            batch_size: file.batch_size.max(1),
            prune_status_changes: file.prune_status_changes,
            features: file.features,
            projects: file.projects.into_iter().map(project).collect(),
            directory: Directory {
                users: file.users.into_iter().map(user).collect(),
                teams: file.teams.into_iter().map(team).collect(),
            },
        }
    }
}

/// Exactly one member is there. `payload` is kept as it is written, so that a number or an escape arrives as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    #[serde(default, deserialize_with = "present")]
    payload: Option<Box<RawValue>>,
    raw: Option<String>,
    raw_base64: Option<String>,
    flush: Option<bool>,
    advance_seconds: Option<f64>,
    action: Option<ActionFile>,
}

/// A null is a value, too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl StepFile {
    fn read(self) -> Result<Step, String> {
        let mut steps = Vec::new();
        if let Some(payload) = self.payload {
            steps.push(Step::Message(payload.get().as_bytes().to_vec()));
        }
        if let Some(text) = self.raw {
            steps.push(Step::Message(text.into_bytes()));
        }
        if let Some(text) = self.raw_base64 {
            let bytes = BASE64.decode(text).map_err(|error| error.to_string())?;
            steps.push(Step::Message(bytes));
        }
        match self.flush {
            Some(true) => steps.push(Step::Flush),
            Some(false) => return Err("flush can only be true".to_owned()),
            None => {}
        }
        if let Some(seconds) = self.advance_seconds {
            steps.push(Step::Advance(span(seconds)?));
        }
        if let Some(action) = self.action {
            steps.push(Step::Act(action.read()?));
        }
        match <[Step; 1]>::try_from(steps) {
            Ok([step]) => Ok(step),
            Err(steps) => Err(format!("a step is one thing, this one is {}", steps.len())),
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "microseconds are what the clock of a scenario counts in; too many are refused"
)]
fn span(seconds: f64) -> Result<TimeDelta, String> {
    let micros = (seconds * 1e6).round();
    if micros.abs() > 1e17 {
        return Err(format!("the clock cannot advance by {seconds} seconds"));
    }
    Ok(TimeDelta::microseconds(micros as i64))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectFile {
    issues: Option<Vec<IssueFile>>,
    #[serde(default)]
    dropped: BTreeMap<String, u64>,
    counters: Option<BTreeMap<String, u64>>,
    events_stored: Option<u64>,
    occurrences_stored: Option<u64>,
}

impl From<ExpectFile> for Expectation {
    fn from(file: ExpectFile) -> Self {
        let issues = file.issues;
        Self {
            issues: issues.map(|issues| issues.into_iter().map(|issue| issue.0).collect()),
            dropped: file.dropped,
            counters: file.counters,
            events_stored: file.events_stored,
            occurrences_stored: file.occurrences_stored,
        }
    }
}

/// An issue with known members.
#[derive(Deserialize)]
#[serde(try_from = "Map<String, Value>")]
struct IssueFile(Map<String, Value>);

impl TryFrom<Map<String, Value>> for IssueFile {
    type Error = String;

    fn try_from(issue: Map<String, Value>) -> Result<Self, Self::Error> {
        const MEMBERS: [&str; 19] = [
            "project_id",
            "fingerprint_hash",
            "short_id",
            "title",
            "subtitle",
            "culprit",
            "type",
            "status",
            "substatus",
            "priority",
            "level",
            "times_seen",
            "first_seen",
            "last_seen",
            "platform",
            "message",
            "inbox_reason",
            "assignee",
            "activities",
        ];
        match issue.keys().find(|key| !MEMBERS.contains(&key.as_str())) {
            Some(unknown) => Err(format!("nothing is known of “{unknown}” of an issue")),
            None => Ok(Self(issue)),
        }
    }
}

#[cfg(test)]
mod tests;

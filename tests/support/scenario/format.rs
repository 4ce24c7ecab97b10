//! Scenario files (occurrences spec, section 16.3). A member that is not known makes a file unsupported: it may mean
//! something that changes the outcome.

use super::{Action, Config, Expectation, Scenario, Step};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use picket_core::decode::Mode;
use picket_core::engine::UpkeepTask;
use picket_core::model::{Directory, Priority, Project, ProjectId, ProjectRules, Team, User};
use picket_core::triage::{ArchiveUntil, IssueChange};
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
        };
        let team = |team: TeamFile| Team {
            id: team.id,
            slug: team.slug,
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

/// Members of an action that names an issue.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum ActionFile {
    Archive {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
        substatus: ArchiveFile,
        ignore_count: Option<u32>,
        ignore_duration_minutes: Option<u32>,
    },
    Resolve {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
    },
    ResolveInRelease {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
        release: String,
    },
    SetPriority {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
        priority: PriorityFile,
    },
    SetForecast {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
        values: [u64; 14],
    },
    DeleteIssue {
        project_id: Option<i64>,
        fingerprint: Fingerprint,
    },
    RunTask {
        task: TaskFile,
    },
    StoreEvent {
        project_id: Option<i64>,
        event: Map<String, Value>,
    },
    SetShortIdCounter {
        project_id: Option<i64>,
        value: i64,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Fingerprint {
    Parts(Vec<String>),
    Part(String),
}

impl Fingerprint {
    fn first(self) -> Result<String, String> {
        let part = match self {
            Self::Parts(parts) => parts.into_iter().next(),
            Self::Part(part) => Some(part),
        };
        part.ok_or_else(|| "the fingerprint of an action has no part".to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ArchiveFile {
    #[serde(alias = "forever")]
    ArchivedForever,
    #[serde(alias = "until_escalating")]
    ArchivedUntilEscalating,
    #[serde(alias = "until_condition_met")]
    ArchivedUntilConditionMet,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PriorityFile {
    Word(String),
    Number(i16),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TaskFile {
    AutoTransitionToOngoing,
    ClearExpiredSnoozes,
    AutoResolve,
    AutoRemoveInbox,
}

impl ActionFile {
    fn read(self) -> Result<Action, String> {
        let change = |project: Option<i64>, fingerprint: Fingerprint, change| {
            Ok(Action::Change {
                project: project.map(ProjectId),
                fingerprint: fingerprint.first()?,
                change,
            })
        };
        match self {
            Self::Archive {
                project_id,
                fingerprint,
                substatus,
                ignore_count,
                ignore_duration_minutes,
            } => {
                let until = ArchiveUntil {
                    minutes: ignore_duration_minutes,
                    count: ignore_count,
                    ..ArchiveUntil::default()
                };
                let archive = match substatus {
                    ArchiveFile::ArchivedForever => IssueChange::ArchiveForever,
                    ArchiveFile::ArchivedUntilEscalating => IssueChange::ArchiveUntilEscalating,
                    ArchiveFile::ArchivedUntilConditionMet => IssueChange::ArchiveUntil(until),
                };
                change(project_id, fingerprint, archive)
            }
            Self::Resolve {
                project_id,
                fingerprint,
            } => change(project_id, fingerprint, IssueChange::Resolve),
            Self::ResolveInRelease {
                project_id,
                fingerprint,
                release,
            } => change(
                project_id,
                fingerprint,
                IssueChange::ResolveInRelease(release),
            ),
            Self::SetPriority {
                project_id,
                fingerprint,
                priority,
            } => change(
                project_id,
                fingerprint,
                IssueChange::SetPriority(priority.read()?),
            ),
            Self::DeleteIssue {
                project_id,
                fingerprint,
            } => change(project_id, fingerprint, IssueChange::Delete),
            Self::SetForecast {
                project_id,
                fingerprint,
                values,
            } => Ok(Action::SetForecast {
                project: project_id.map(ProjectId),
                fingerprint: fingerprint.first()?,
                values: values.to_vec(),
            }),
            Self::RunTask { task } => Ok(Action::RunTask(match task {
                TaskFile::AutoTransitionToOngoing => UpkeepTask::AutoTransitionToOngoing,
                TaskFile::ClearExpiredSnoozes => UpkeepTask::ClearExpiredSnoozes,
                TaskFile::AutoResolve => UpkeepTask::AutoResolve,
                TaskFile::AutoRemoveInbox => UpkeepTask::AutoRemoveInbox,
            })),
            Self::StoreEvent { project_id, event } => Ok(Action::StoreEvent {
                project: project_id.map(ProjectId),
                event,
            }),
            Self::SetShortIdCounter { project_id, value } => Ok(Action::SetShortIdCounter {
                project: project_id.map(ProjectId),
                value,
            }),
        }
    }
}

impl PriorityFile {
    fn read(self) -> Result<Priority, String> {
        match &self {
            Self::Word(word) => [Priority::Low, Priority::Medium, Priority::High]
                .into_iter()
                .find(|priority| priority.as_str() == word)
                .ok_or_else(|| format!("“{word}” is no priority")),
            Self::Number(number) => {
                Priority::from_number(*number).ok_or_else(|| format!("{number} is no priority"))
            }
        }
    }
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
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(change: impl FnOnce(&mut Value)) -> Result<Scenario, String> {
        let mut file = json!({
            "name": "a jam", "why": "to see it",
            "config": {"clock": "2026-05-04T10:00:00Z", "projects": [{"id": 3, "slug": "shop"}]},
            "messages": [{"payload": {"a": [1e2, 18446744073709551616_f64]}}, {"flush": true}],
            "expect": {"issues": [{"short_id": 1}]},
        });
        change(&mut file);
        parse(&file.to_string(), "file.json")
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let scenario = parsed(|file| {
            file.as_object_mut().unwrap().remove("name");
        })
        .unwrap();
        assert_eq!(scenario.name, "file.json");
        assert_eq!(scenario.config.batch_size, 100);
        assert_eq!(scenario.config.mode, Mode::Batched);
        assert!(scenario.config.prune_status_changes);
        assert!(scenario.setup.is_empty() && scenario.expect.dropped.is_empty());
        assert_eq!(scenario.messages.len(), 2);
    }

    #[test]
    fn a_payload_is_sent_as_it_stands() {
        let text = r#"{"config": {"clock": "2026-05-04T10:00:00Z"},
            "messages": [{"payload": {"a": 1.0e400, "b": "\ud800",  "a": 2}}, {"payload": null},
                {"raw": "{\n"}, {"raw_base64": "//4="}]}"#;
        let scenario = parse(text, "").unwrap();
        let sent: Vec<&[u8]> = scenario
            .messages
            .iter()
            .map(|step| match step {
                Step::Message(bytes) => bytes.as_slice(),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected: [&[u8]; 4] = [
            br#"{"a": 1.0e400, "b": "\ud800",  "a": 2}"#,
            b"null",
            b"{\n",
            &[0xff, 0xfe],
        ];
        assert_eq!(sent, expected);
    }

    #[test]
    fn actions_are_read() {
        let scenario = parsed(|file| {
            file["setup"] = json!([
                {"action": {"do": "archive", "fingerprint": ["a"], "substatus": "archived_until_condition_met",
                    "ignore_count": 3, "ignore_duration_minutes": 30}},
                {"action": {"do": "set_priority", "project_id": 3, "fingerprint": ["a"], "priority": "high"}},
                {"action": {"do": "set_forecast", "fingerprint": ["a"], "values": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}},
                {"action": {"do": "run_task", "task": "auto_remove_inbox"}},
                {"action": {"do": "store_event", "event": {"event_id": "x"}}},
                {"action": {"do": "set_short_id_counter", "project_id": 3, "value": 7}},
                {"action": {"do": "resolve_in_release", "fingerprint": ["a"], "release": "shop@1"}},
                {"action": {"do": "delete_issue", "fingerprint": ["a"]}},
                {"advance_seconds": 0.5},
            ]);
        })
        .unwrap();
        let until = ArchiveUntil {
            minutes: Some(30),
            count: Some(3),
            ..ArchiveUntil::default()
        };
        assert!(matches!(
            &scenario.setup[0],
            Step::Act(Action::Change { project: None, change: IssueChange::ArchiveUntil(found), .. }) if *found == until
        ));
        assert!(matches!(
            scenario.setup[1],
            Step::Act(Action::Change {
                project: Some(ProjectId(3)),
                change: IssueChange::SetPriority(Priority::High),
                ..
            })
        ));
        assert!(
            matches!(scenario.setup[8], Step::Advance(by) if by == TimeDelta::milliseconds(500))
        );
    }

    #[test]
    fn what_is_not_known_is_not_supported() {
        let cases: [(fn(&mut Value), &str); 9] = [
            (|file| file["speed"] = json!(1), "speed"),
            (|file| file["config"]["speed"] = json!(1), "speed"),
            (
                |file| file["config"]["mode"] = json!("parallel"),
                "parallel",
            ),
            (|file| file["expect"]["speed"] = json!(1), "speed"),
            (
                |file| file["expect"]["issues"][0]["speed"] = json!(1),
                "speed",
            ),
            (|file| file["setup"] = json!([{"wait": 1}]), "wait"),
            (|file| file["setup"] = json!([{}]), "setup[0]"),
            (
                |file| file["setup"] = json!([{"action": {"do": "merge"}}]),
                "merge",
            ),
            (
                |file| {
                    file["setup"] =
                        json!([{"action": {"do": "resolve", "fingerprint": ["a"], "why": 1}}]);
                },
                "why",
            ),
        ];
        for (change, word) in cases {
            let problem = parsed(change).unwrap_err();
            assert!(problem.contains(word), "{word}: {problem}");
        }
    }
}

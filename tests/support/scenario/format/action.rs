//! Actions of scenario files. A project that is not named is the only one.

use super::super::Action;
use picket_core::engine::UpkeepTask;
use picket_core::model::{Priority, ProjectId};
use picket_core::triage::{ArchiveUntil, IssueChange};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ActionFile {
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
pub(super) enum Fingerprint {
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
pub(super) enum ArchiveFile {
    #[serde(rename = "archived_forever", alias = "forever")]
    Forever,
    #[serde(rename = "archived_until_escalating", alias = "until_escalating")]
    UntilEscalating,
    #[serde(rename = "archived_until_condition_met", alias = "until_condition_met")]
    UntilConditionMet,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum PriorityFile {
    Word(String),
    Number(i16),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TaskFile {
    AutoTransitionToOngoing,
    ClearExpiredSnoozes,
    AutoResolve,
    AutoRemoveInbox,
}

impl ActionFile {
    /// What it asks for.
    ///
    /// # Errors
    /// What in it cannot be carried out.
    pub(super) fn read(self) -> Result<Action, String> {
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
                    ArchiveFile::Forever => IssueChange::ArchiveForever,
                    ArchiveFile::UntilEscalating => IssueChange::ArchiveUntilEscalating,
                    ArchiveFile::UntilConditionMet => IssueChange::ArchiveUntil(until),
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

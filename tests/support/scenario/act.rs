//! What people, the clock and other parts of a product do between the messages of a scenario.

use super::Play;
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use picket_core::decode::plain_event;
use picket_core::engine::bulk::{self, Context, Origin, Rules, Scope, Skip};
use picket_core::engine::{self, UpkeepTask};
use picket_core::model::{Forecast, IssueId, ProjectId};
use picket_core::store::{
    BatchState, Effects, EventWrite, IssueWrite, LoadPlan, ReleaseWrite, TriageStore,
};
use picket_core::triage::{IssueChange, repoint};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

/// An action. A project that is not named is the only one.
#[derive(Debug, Clone)]
pub enum Action {
    /// The first user, or without one the program, changes the issue of a fingerprint.
    Change {
        project: Option<ProjectId>,
        fingerprint: String,
        change: IssueChange,
    },
    /// The issue of a fingerprint gets a forecast, made now, in place of the one it has.
    SetForecast {
        project: Option<ProjectId>,
        fingerprint: String,
        values: Vec<u64>,
    },
    /// A repeated task runs, due or not.
    RunTask(UpkeepTask),
    /// An event is stored that no message brings along. Without a time it happens now.
    StoreEvent {
        project: Option<ProjectId>,
        event: Map<String, Value>,
    },
    /// The number given last in a project.
    SetShortIdCounter {
        project: Option<ProjectId>,
        value: i64,
    },
}

pub(super) async fn act(play: &Play, action: &Action) -> Result<()> {
    let now = play.now();
    match action {
        Action::Change {
            project,
            fingerprint,
            change,
        } => {
            let id = play.issue_id(play.project(*project)?, fingerprint).await?;
            change_issue(play, id, change).await
        }
        Action::SetForecast {
            project,
            fingerprint,
            values,
        } => {
            let id = play.issue_id(play.project(*project)?, fingerprint).await?;
            set_forecast(play, id, values).await
        }
        Action::RunTask(task) => {
            engine::run_task(play.store(), *task, now).await?;
            Ok(())
        }
        Action::StoreEvent { project, event } => {
            let named = event.get("project_id").or_else(|| event.get("project"));
            let named = named.and_then(Value::as_i64).map(ProjectId);
            let project = play.project(project.or(named))?;
            let mut event = event.clone();
            let time = event.entry("timestamp").or_insert(Value::Null);
            if time.is_null() {
                *time = Value::from(now.to_rfc3339());
            }
            store_event(play, project, event).await
        }
        Action::SetShortIdCounter { project, value } => {
            let project = play.project(*project)?;
            Ok(play.store().set_short_id_counter(project, *value).await?)
        }
    }
}

async fn change_issue(play: &Play, id: IssueId, change: &IssueChange) -> Result<()> {
    let directory = &play.config.directory;
    let context = Context {
        now: play.now(),
        actor: directory.users.first().map(|user| user.id),
        directory,
        rules: Rules {
            allow_non_error: true,
            ..Rules::default()
        },
        origin: Origin::default(),
    };
    let scope = Scope {
        projects: &[],
        ids: &[id],
    };
    let (action, cancel) = (bulk::Action::of(change), CancellationToken::new());
    let report = bulk::run(play.store(), scope, &action, &context, |_| {}, &cancel).await?;
    for (_, skip) in &report.skipped {
        match skip {
            Skip::Refused(refusal) => bail!("{change:?} was refused: {refusal}"),
            Skip::Unchanged | Skip::NoError | Skip::Discarded => {}
        }
    }
    Ok(())
}

async fn set_forecast(play: &Play, id: IssueId, values: &[u64]) -> Result<()> {
    let now = play.now();
    let plan = LoadPlan {
        now: Some(now),
        issues: vec![id],
        ..LoadPlan::default()
    };
    let decide = |mut state: BatchState| {
        let issues = state.issues.remove(&id).map(|mut state| {
            state.forecast.set(Forecast {
                values: values.to_vec(),
                made_at: now,
            });
            write(state)
        });
        Effects {
            issues: issues.into_iter().collect(),
            now: Some(now),
            ..Effects::default()
        }
    };
    play.store().apply(&plan, &decide).await?;
    Ok(())
}

/// A release that comes with the event is added like any other, so resolutions that wait for one are settled.
async fn store_event(play: &Play, project: ProjectId, event: Map<String, Value>) -> Result<()> {
    let now = play.now();
    let event = plain_event(project, event)?;
    let Some(body) = event.body.clone() else {
        bail!("a plain event has a body");
    };
    let release = event.release.clone().map(|version| (project, version));
    let plan = LoadPlan {
        now: Some(now),
        projects: vec![project],
        releases: release.iter().cloned().collect(),
        new_releases: release.iter().cloned().collect(),
        ..LoadPlan::default()
    };
    let decide = |state: BatchState| {
        let new = release
            .as_ref()
            .filter(|release| !state.releases.contains_key(release));
        Effects {
            issues: new.map_or_else(Vec::new, |(project, version)| {
                repointed(state, *project, version, event.timestamp)
            }),
            releases: release
                .iter()
                .map(|(project, version)| ReleaseWrite {
                    project_id: *project,
                    version: version.clone(),
                    date_added: event.timestamp,
                    new_groups: 0,
                    new_issues: Vec::new(),
                })
                .collect(),
            events: vec![EventWrite {
                project_id: project,
                event_id: event.event_id,
                event_type: event.event_type.clone(),
                event_time: event.timestamp,
                body: body.clone(),
            }],
            environments: vec![(project, event.environment.clone())],
            now: Some(now),
            ..Effects::default()
        }
    };
    play.store().apply(&plan, &decide).await?;
    Ok(())
}

fn repointed(
    state: BatchState,
    project: ProjectId,
    version: &str,
    added: DateTime<Utc>,
) -> Vec<IssueWrite> {
    let of_project = state
        .issues
        .into_values()
        .filter(|state| state.issue.project_id == project);
    let mut writes: Vec<IssueWrite> = of_project
        .filter_map(|mut state| repoint(&mut state, version, added).then(|| write(state)))
        .collect();
    writes.sort_by_key(|write| write.state.issue.id);
    writes
}

fn write(state: Box<picket_core::model::IssueState>) -> IssueWrite {
    IssueWrite {
        state,
        new_hash: None,
        hours: Vec::new(),
    }
}

//! Updates and deletes of many issues (search spec, sections 11 and 12), on rows as they stand.

mod looks;

use super::{Outcome, name, of_file};
use crate::fresh::Fresh;
use crate::rows::{self, Data, look};
use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use looks::Looks;
use picket_core::engine::bulk::{
    BadRequest, BulkError, Context, MOST_BY_ID, Origin, Rules, Scope, delete, run_deletion, update,
};
use picket_core::engine::find::{Asker, Deed, FindError, ListRequest, Reach, action_hits};
use picket_core::model::{Directory, IssueId, ProjectId};
use picket_core::store::{ActionStore, Store, TriageStore};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A file of cases, with the data they start from.
#[derive(Debug, Clone)]
pub struct File {
    data: Data,
    cases: Vec<Value>,
}

/// What a case does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    op: Op,
    /// Selected projects, in their order.
    #[serde(default)]
    project: Vec<i64>,
    /// Nothing for a request by query.
    id: Option<Vec<Value>>,
    query: Option<String>,
    sort: Option<String>,
    #[serde(default)]
    body: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Update,
    Delete,
    DeleteAndRunJobTwice,
}

/// How a request ended.
enum Ended {
    /// With these members of the answer.
    Well(Map<String, Value>),
    /// With this code.
    Refused(String),
}

impl File {
    /// Reads a file. `beside` is the text of the file that holds the data where this one has none.
    ///
    /// # Errors
    /// When the text is no such file; the reason.
    pub fn read(text: &str, beside: Option<&str>) -> Result<Self, String> {
        let file: Value =
            serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
        let mut data = match (file.get("data"), beside) {
            (Some(data), _) => data.clone(),
            (None, Some(beside)) => {
                let beside: Value = serde_json::from_str(beside)
                    .map_err(|error| format!("the file with the data is no JSON: {error}"))?;
                beside["data"].clone()
            }
            (None, None) => return Err("there are no data, and no issue_search.json".to_owned()),
        };
        if let Some(hashes) = file.get("hashes") {
            data["hashes"] = hashes.clone();
        }
        Ok(Self {
            data: serde_json::from_value(data).map_err(|error| format!("the data: {error}"))?,
            cases: of_file(text)?,
        })
    }

    /// Runs every case on a store of its own.
    pub async fn run(&self, place: &Fresh) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(self.cases.len());
        for case in &self.cases {
            let data = self.data.clone();
            let ran = on_a_fresh_store(place, data, case.clone()).await;
            outcomes.push(ran.unwrap_or_else(|error| Outcome {
                case: name(case),
                actual: json!({ "error": "failed" }),
                diff: vec![format!("{error:#}")],
            }));
        }
        outcomes
    }
}

/// A panic ends its case only.
async fn on_a_fresh_store(place: &Fresh, data: Data, case: Value) -> Result<Outcome> {
    let fresh = place.open().await?;
    let store = Arc::clone(&fresh.store);
    let ran = tokio::spawn(async move { run_case(&store, &data, &case).await }).await;
    fresh.remove().await?;
    ran.context("the case fell over")?
}

async fn run_case(store: &Store, data: &Data, case: &Value) -> Result<Outcome> {
    let action: Action = match serde_json::from_value(case["action"].clone()) {
        Ok(action) => action,
        Err(error) => return Ok(Outcome::unsupported(name(case), error.to_string())),
    };
    rows::load(store, data).await?;
    let directory = store.directory().await?;
    let before = look::issue_rows(store).await?;
    let request = Request {
        store,
        data,
        directory: &directory,
        action: &action,
    };
    let mut looks = Looks::of(data, before);
    let ended = request.carry_out(&mut looks).await?;
    let expect = &case["expect"];
    let happened = match ended {
        Ended::Refused(code) if expect.get("error").is_none() => json!({ "error": code }),
        Ended::Well(_) if expect.get("error").is_some() => json!({ "ok": true }),
        Ended::Refused(code) => {
            let mut happened = looks.all(store, expect, &Map::new()).await?;
            happened.insert("error".to_owned(), json!(code));
            happened.into()
        }
        Ended::Well(answer) => {
            let mut happened = looks.all(store, expect, &answer).await?;
            happened.insert("ok".to_owned(), json!(true));
            happened.into()
        }
    };
    Ok(Outcome::of(name(case), expect, &happened))
}

/// An id, as a number or as text.
fn id(value: &Value) -> Option<IssueId> {
    match value {
        Value::Number(number) => number.as_i64().map(IssueId),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

struct Request<'a> {
    store: &'a Store,
    data: &'a Data,
    directory: &'a Directory,
    action: &'a Action,
}

impl Request<'_> {
    async fn carry_out(&self, looks: &mut Looks<'_>) -> Result<Ended> {
        let ids = match self.ids().await? {
            Ok(ids) => ids,
            Err(ended) => return Ok(ended),
        };
        looks.named = ids.iter().map(|id| id.0).collect();
        let every = self.action.project.contains(&-1);
        let projects: Vec<ProjectId> = match every {
            true => Vec::new(),
            false => self.action.project.iter().copied().map(ProjectId).collect(),
        };
        let scope = Scope {
            projects: &projects,
            ids: &ids,
        };
        let context = self.context(self.data.now);
        let ended = match self.action.op {
            Op::Update => match update(self.store, scope, &self.action.body, &context).await {
                Ok(answer) => Ok(answer.members),
                Err(error) => Err(error),
            },
            Op::Delete | Op::DeleteAndRunJobTwice => {
                let deleted = delete(self.store, scope, &context).await;
                deleted.map(|_| Map::new())
            }
        };
        looks.see_jobs(self.store).await?;
        match ended {
            Ok(answer) => {
                if self.action.op == Op::DeleteAndRunJobTwice {
                    self.run_jobs_twice(context.rules.purge_delay).await?;
                }
                Ok(Ended::Well(answer))
            }
            Err(BulkError::Bad(_)) => Ok(Ended::Refused(BadRequest::CODE.to_owned())),
            Err(BulkError::Store(error)) => Err(error.into()),
        }
    }

    /// The issues a request names, or what ends it before.
    async fn ids(&self) -> Result<Result<Vec<IssueId>, Ended>> {
        let refused = || Ended::Refused(BadRequest::CODE.to_owned());
        let Some(ids) = &self.action.id else {
            return issues_of_query(self.store, self.data, self.action, self.directory).await;
        };
        let ids: Option<Vec<IssueId>> = ids.iter().map(id).collect();
        Ok(ids.ok_or_else(refused))
    }

    fn context(&self, now: DateTime<Utc>) -> Context<'_> {
        Context {
            now,
            actor: self.data.acting_member,
            directory: self.directory,
            rules: Rules::default(),
            origin: Origin::default(),
        }
    }

    async fn run_jobs_twice(&self, delay: TimeDelta) -> Result<()> {
        let now = self.data.now + delay;
        for job in self.store.due_deletions(now, 100).await? {
            for _ in 0..2 {
                run_deletion(self.store, job.id, None).await?;
            }
        }
        Ok(())
    }
}

/// The issues a request by query is about: its first thousand hits.
async fn issues_of_query(
    store: &Store,
    data: &Data,
    action: &Action,
    directory: &Directory,
) -> Result<Result<Vec<IssueId>, Ended>> {
    let request = ListRequest {
        query: action.query.clone(),
        project: action.project.clone(),
        sort: action.sort.clone(),
        ..ListRequest::default()
    };
    let asker = Asker {
        directory,
        me: data.acting_member,
    };
    let deed = match action.op {
        Op::Update => Deed::Update,
        Op::Delete | Op::DeleteAndRunJobTwice => Deed::Delete,
    };
    match action_hits(store, &request, (Reach::Action, deed), asker, data.now).await {
        Ok(mut hits) => {
            hits.truncate(MOST_BY_ID);
            Ok(Ok(hits.ids().to_vec()))
        }
        Err(FindError::Store(error)) => Err(error.into()),
        // Whatever is wrong with the search is wrong with the request.
        Err(_) => Ok(Err(Ended::Refused(BadRequest::CODE.to_owned()))),
    }
}

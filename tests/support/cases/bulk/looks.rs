//! What a store looks like after a request, as far as an expectation asks.

use crate::rows::look::{self, IssueRows};
use crate::rows::{Data, digest};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use picket_core::engine::find::{Asker, Deed, ListRequest, Reach, action_hits};
use picket_core::model::{ActivityKind, IssueId};
use picket_core::store::{Connections, Store, TriageStore};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is remembered from before and during the request.
pub(super) struct Looks<'a> {
    pub data: &'a Data,
    pub before: IssueRows,
    /// Issues the request is about.
    pub named: Vec<i64>,
    /// Issues of each deletion the request queued, by project.
    pub deletions: BTreeMap<i64, Vec<i64>>,
    pub jobs: i64,
}

impl<'a> Looks<'a> {
    pub(super) fn of(data: &'a Data, before: IssueRows) -> Self {
        Self {
            data,
            before,
            named: Vec::new(),
            deletions: BTreeMap::new(),
            jobs: 0,
        }
    }

    /// Notes the deletions, which are gone once they have run.
    pub(super) async fn see_jobs(&mut self, store: &Store) -> Result<()> {
        for project in &self.data.projects {
            let sql = format!(
                "SELECT i.issue_id FROM deletion_job_issue AS i JOIN deletion_job AS j ON j.id = i.job_id
                 WHERE j.project_id = {} ORDER BY i.position",
                project.id
            );
            let issues = look::numbers(store, &sql).await?;
            if !issues.is_empty() {
                self.deletions.insert(project.id, issues);
            }
        }
        let count = look::number(store, "SELECT count(*) FROM deletion_job").await?;
        self.jobs = count.unwrap_or(0);
        Ok(())
    }

    /// Every member the expectation has.
    pub(super) async fn all(
        &self,
        store: &Store,
        expect: &Value,
        answer: &Map<String, Value>,
    ) -> Result<Map<String, Value>> {
        let mut happened = Map::new();
        for (member, expected) in expect.as_object().into_iter().flatten() {
            let value = match member.as_str() {
                "ok" | "error" => continue,
                "status" | "substatus" => self.columns(store, member, expected).await?,
                "priority" => self.columns(store, "nullif(priority, 0)", expected).await?,
                "inbox_without" => {
                    let rows = look::numbers(store, "SELECT issue_id FROM issue_inbox").await?;
                    listed(expected, |id| !rows.contains(&id))
                }
                "locked" => {
                    let sql = "SELECT id FROM issue WHERE priority_locked_at IS NOT NULL";
                    let rows = look::numbers(store, sql).await?;
                    listed(expected, |id| rows.contains(&id))
                }
                "snooze" => snoozes(store, expected).await?,
                "activity" => activities(store, expected).await?,
                "hashes_left" => self.hashes(store, "TRUE").await?,
                "detached" => {
                    self.hashes(store, "issue_id IS NULL AND tombstone_id IS NULL")
                        .await?
                }
                "hash_on_tombstone" => self.hashes(store, "tombstone_id IS NOT NULL").await?,
                "audit_issues" => {
                    let sql =
                        "SELECT issue_id FROM audit WHERE event = 'issue delete' ORDER BY issue_id";
                    json!(look::numbers(store, sql).await?)
                }
                "jobs" => json!(self.jobs),
                "job_ids_by_project" => json!(self.deletions),
                "issue_gone" => {
                    let rows = look::numbers(store, "SELECT id FROM issue").await?;
                    listed(expected, |id| !rows.contains(&id))
                }
                "events_of" => self.events(store, expected).await?,
                "others_untouched" => {
                    let changed = look::changed(&self.before, &look::issue_rows(store).await?);
                    json!(changed.iter().all(|id| self.named.contains(id)))
                }
                "answer_inbox" => answer.get("inbox").cloned().unwrap_or_default(),
                "merge" => merge(answer),
                "not_listed_any_more" => not_listed(store, self.data, expected).await?,
                "changed" => {
                    let after = look::issue_rows(store).await?;
                    json!(look::changed(&self.before, &after))
                }
                // Left out, so that the difference shows that nothing here knows it.
                _ => continue,
            };
            happened.insert(member.clone(), value);
        }
        Ok(happened)
    }

    /// A column of each issue that is listed; nothing where its row is gone.
    async fn columns(&self, store: &Store, column: &str, expected: &Value) -> Result<Value> {
        let mut values = Map::new();
        for id in keys(expected) {
            let sql =
                format!("SELECT {column} FROM issue WHERE id = {id} AND {column} IS NOT NULL");
            values.insert(id.to_string(), json!(look::number(store, &sql).await?));
        }
        Ok(values.into())
    }

    /// Hashes of the file of which the row is there and so.
    async fn hashes(&self, store: &Store, condition: &str) -> Result<Value> {
        let mut left = Vec::new();
        for row in &self.data.hashes {
            let hash = digest(&row.hash);
            let literal = match store.connections() {
                Connections::Sqlite(_) => format!("x'{hash}'"),
                Connections::Postgres(_) => format!("'{hash}'::uuid"),
            };
            let sql = format!(
                "SELECT count(*) FROM grouphash WHERE project_id = {} AND hash = {literal} AND {condition}",
                row.project
            );
            if look::number(store, &sql).await? > Some(0) {
                left.push(row.hash.as_str());
            }
        }
        Ok(json!(left))
    }

    /// Events of the file that are stored, as a body or as an occurrence.
    async fn events(&self, store: &Store, expected: &Value) -> Result<Value> {
        let mut counts = Map::new();
        for id in keys(expected) {
            let of_issue = format!("SELECT count(*) FROM occurrence WHERE issue_id = {id}");
            let rows = look::number(store, &of_issue).await?.unwrap_or(0);
            let mut bodies = 0;
            for event in &self.data.events {
                if event.issue != Some(id) {
                    continue;
                }
                let event_id = event.event_id.replace('-', "");
                let literal = match store.connections() {
                    Connections::Sqlite(_) => format!("x'{event_id}'"),
                    Connections::Postgres(_) => format!("'{event_id}'::uuid"),
                };
                // A merge gives its events to another issue; one that has lost its row is still of its own.
                let sql = format!(
                    "SELECT count(*) FROM event AS e WHERE e.project_id = {} AND e.event_id = {literal} AND NOT EXISTS ( \
                     SELECT 1 FROM occurrence AS o WHERE o.event_id = e.event_id AND o.project_id = e.project_id \
                     AND o.issue_id <> {id})",
                    event.project
                );
                bodies += look::number(store, &sql).await?.unwrap_or(0);
            }
            counts.insert(id.to_string(), json!(rows.max(bodies)));
        }
        Ok(counts.into())
    }
}

/// Issue ids that a list or the keys of an object name.
fn keys(expected: &Value) -> Vec<i64> {
    match expected {
        Value::Object(members) => members.keys().filter_map(|key| key.parse().ok()).collect(),
        Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
        _ => Vec::new(),
    }
}

/// Those of the listed issues of which something is true, ascending.
fn listed(expected: &Value, is: impl Fn(i64) -> bool) -> Value {
    let mut ids: Vec<i64> = keys(expected).into_iter().filter(|id| is(*id)).collect();
    ids.sort_unstable();
    json!(ids)
}

async fn activities(store: &Store, expected: &Value) -> Result<Value> {
    let mut newest = Map::new();
    for id in keys(expected) {
        let sql =
            format!("SELECT kind FROM activity WHERE issue_id = {id} ORDER BY id DESC LIMIT 1");
        let kind = look::number(store, &sql).await?;
        let kind = kind.and_then(|kind| ActivityKind::from_number(i16::try_from(kind).ok()?));
        let word = kind.map(|kind| kind.as_str().to_lowercase());
        newest.insert(id.to_string(), json!(word));
    }
    Ok(newest.into())
}

async fn snoozes(store: &Store, expected: &Value) -> Result<Value> {
    const NUMBERS: [&str; 7] = [
        "count",
        "window",
        "user_count",
        "user_window",
        "times_seen",
        "users_seen",
        "actor",
    ];
    let mut rows = Map::new();
    for id in keys(expected) {
        let there = format!("SELECT count(*) FROM issue_snooze WHERE issue_id = {id}");
        if look::number(store, &there).await? != Some(1) {
            rows.insert(id.to_string(), Value::Null);
            continue;
        }
        let mut row = Map::new();
        for column in NUMBERS {
            let sql = format!(
                "SELECT \"{column}\" FROM issue_snooze WHERE issue_id = {id} AND \"{column}\" IS NOT NULL"
            );
            row.insert(column.to_owned(), json!(look::number(store, &sql).await?));
        }
        row.insert(
            "state".to_owned(),
            json!({ "times_seen": row["times_seen"], "users_seen": row["users_seen"] }),
        );
        let micros = match store.connections() {
            Connections::Sqlite(_) => "until",
            Connections::Postgres(_) => "(extract(epoch FROM until) * 1000000)::bigint",
        };
        let sql = format!(
            "SELECT {micros} FROM issue_snooze WHERE issue_id = {id} AND until IS NOT NULL"
        );
        let until = look::number(store, &sql).await?;
        let until: Option<DateTime<Utc>> = until.and_then(DateTime::from_timestamp_micros);
        let until = until.map(|until| until.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        row.insert("until".to_owned(), json!(until));
        rows.insert(id.to_string(), row.into());
    }
    Ok(rows.into())
}

/// The answer names issues as text, the files as numbers.
fn merge(answer: &Map<String, Value>) -> Value {
    let Some(merge) = answer.get("merge") else {
        return Value::Null;
    };
    let number = |id: &Value| id.as_str().and_then(|id| id.parse::<i64>().ok());
    let children = merge["children"].as_array().into_iter().flatten();
    json!({
        "parent": number(&merge["parent"]),
        "children_unordered": children.map(number).collect::<Vec<_>>(),
    })
}

/// Listed issues that a search over all projects does not find.
async fn not_listed(store: &Store, data: &Data, expected: &Value) -> Result<Value> {
    let request = ListRequest {
        query: Some(String::new()),
        ..ListRequest::default()
    };
    let directory = store.directory().await?;
    let asker = Asker {
        directory: &directory,
        me: data.acting_member,
    };
    let shown = action_hits(
        store,
        &request,
        (Reach::Always, Deed::Update),
        asker,
        data.now,
    )
    .await?;
    Ok(listed(expected, |id| !shown.ids().contains(&IssueId(id))))
}

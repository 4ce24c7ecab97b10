//! Where a case is played: rows as they stand, and somebody who acts on them.

use chrono::{DateTime, TimeDelta, Utc};
use picket_core::engine::bulk::{
    self, Answer, BulkError, Context, Deleted, Origin, Rules, Scope, UndoReport,
};
use picket_core::model::{Directory, IssueId, ProjectId};
use picket_core::store::{ActionStore, JournalEntry, JournalFilter, Store, TriageStore};
use picket_tests::fresh::Fresh;
use picket_tests::rows::{self, look};
use picket_tests::service;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Somebody with a store.
pub struct Desk {
    pub store: Arc<Store>,
    pub directory: Directory,
    pub now: DateTime<Utc>,
    pub actor: Option<i64>,
    pub rules: Rules,
}

/// What there is: errors 1 to 6 and a performance issue 7 in project 1, an error 10 in project 2. Members 1 (who acts)
/// and 2 belong to the team of both projects, member 3 to none.
pub fn base() -> Value {
    let issue = |id: i64, project: i64, status: i64, substatus: Value, times_seen: i64| {
        let (category, kind) = match id {
            7 => ("performance", "performance_slow_db_query"),
            _ => ("error", "error"),
        };
        json!({
            "id": id, "project": project, "short_id": id, "status": status, "substatus": substatus,
            "priority": 50, "category": category, "type": kind,
            "first_seen": format!("2024-05-{:02}T10:00:00Z", 20 + id), "last_seen": "2024-06-01T11:00:00Z",
            "times_seen": times_seen, "first_release": null,
        })
    };
    let event = |n: i64, issue: i64, project: i64, release: Value| {
        json!({
            "event_id": format!("{n:032x}"), "issue": issue, "project": project,
            "at": format!("2024-06-01T{:02}:00:00Z", n % 12), "tags": {"browser": "Lynx"}, "user": "u1",
            "environment": "prod", "release": release, "level": "error", "message": format!("message {issue}"),
        })
    };
    json!({
        "now": "2024-06-01T12:00:00Z",
        "projects": [{"id": 1, "slug": "foo"}, {"id": 2, "slug": "bar"}],
        "members": [
            {"id": 1, "username": "ann", "email": "ann@example.org"},
            {"id": 2, "username": "ben", "email": null},
            {"id": 3, "username": "eve", "email": null},
        ],
        "teams": [{"id": 5, "slug": "core", "members": [1, 2], "projects": [1, 2]}],
        "acting_member": 1,
        "issues": [
            issue(1, 1, 0, json!(3), 5), issue(2, 1, 0, json!(7), 50), issue(3, 1, 0, json!(6), 2),
            issue(4, 1, 2, json!(4), 1), issue(5, 1, 1, Value::Null, 1), issue(6, 1, 3, Value::Null, 1),
            issue(7, 1, 0, json!(3), 9), issue(10, 2, 0, json!(2), 7),
        ],
        "events": [
            event(1, 1, 1, json!("1.0")), event(2, 1, 1, json!("1.1")), event(3, 2, 1, json!("1.0")),
            event(4, 3, 1, Value::Null), event(5, 4, 1, Value::Null), event(6, 5, 1, Value::Null),
            event(7, 7, 1, Value::Null), event(8, 10, 2, Value::Null),
        ],
        "assignees": [{"issue": 3, "member": 2}],
        "owners": [{"issue": 1, "member": 1, "type": "ownershipRule"}],
        "bookmarks": [{"issue": 3, "member": 1}],
        "subscriptions": [{"issue": 3, "member": 1, "active": true}, {"issue": 2, "member": 2, "active": false}],
        "inbox": [
            {"issue": 1, "date_added": "2024-06-01T11:00:00Z", "reason": 0},
            {"issue": 3, "date_added": "2024-06-01T10:00:00Z", "reason": 2},
            {"issue": 4, "date_added": "2024-06-01T09:00:00Z", "reason": 0},
        ],
        "issue_environments": [
            {"issue": 1, "environment": "prod", "first_release": "1.0", "first_seen": "2024-06-01T01:00:00Z"},
            {"issue": 2, "environment": "prod", "first_release": "0.9", "first_seen": "2024-05-01T01:00:00Z"},
            {"issue": 3, "environment": "test", "first_release": null, "first_seen": "2024-06-01T01:00:00Z"},
        ],
        "hashes": [
            {"hash": "h1", "issue": 1, "project": 1, "state": null},
            {"hash": "h1s", "issue": 1, "project": 1, "state": "split"},
            {"hash": "h2", "issue": 2, "project": 1, "state": null},
            {"hash": "h3", "issue": 3, "project": 1, "state": null},
        ],
    })
}

/// Plays a case in memory.
pub async fn in_memory(case: impl AsyncFnOnce(&mut Desk)) {
    Desk::play(&Fresh::Memory, case).await;
}

/// Plays a case on the PostgreSQL server, if there is one.
pub async fn on_postgres(case: impl AsyncFnOnce(&mut Desk)) {
    if let Some(server) = service::postgres() {
        Desk::play(&Fresh::Postgres(server), case).await;
    }
}

fn ids(numbers: &[i64]) -> Vec<IssueId> {
    numbers.iter().copied().map(IssueId).collect()
}

impl Desk {
    pub async fn play(place: &Fresh, case: impl AsyncFnOnce(&mut Self)) {
        let fresh = place.open().await.unwrap();
        let mut desk = Self::at(Arc::clone(&fresh.store)).await;
        case(&mut desk).await;
        fresh.remove().await.unwrap();
    }

    /// On a store that gets the rows of [`base`].
    pub async fn at(store: Arc<Store>) -> Self {
        let data: rows::Data = serde_json::from_value(base()).unwrap();
        rows::load(&store, &data).await.unwrap();
        Self {
            directory: store.directory().await.unwrap(),
            store,
            now: data.now,
            actor: data.acting_member,
            rules: Rules::default(),
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            actor: self.actor,
            directory: &self.directory,
            rules: self.rules,
            origin: Origin::default(),
        }
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    /// In project 1.
    pub async fn try_update(&self, issues: &[i64], body: Value) -> Result<Answer, BulkError> {
        self.update_in(&[1], issues, body).await
    }

    pub async fn update_in(
        &self,
        projects: &[i64],
        issues: &[i64],
        body: Value,
    ) -> Result<Answer, BulkError> {
        let projects: Vec<ProjectId> = projects.iter().copied().map(ProjectId).collect();
        let issues = ids(issues);
        let scope = Scope {
            projects: &projects,
            ids: &issues,
        };
        bulk::update(&*self.store, scope, &body, &self.context()).await
    }

    pub async fn update(&self, issues: &[i64], body: Value) -> Answer {
        self.try_update(issues, body).await.unwrap()
    }

    /// The parameter that a refused update is refused for. Nothing may have changed.
    pub async fn refused(&self, issues: &[i64], body: Value) -> String {
        self.refused_in(&[1], issues, body).await
    }

    pub async fn refused_in(&self, projects: &[i64], issues: &[i64], body: Value) -> String {
        let before = self.rows().await;
        let error = self.update_in(projects, issues, body).await.unwrap_err();
        assert_eq!(self.rows().await, before, "{error}");
        match error {
            BulkError::Bad(bad) => bad.parameter,
            BulkError::Store(error) => panic!("{error}"),
        }
    }

    pub async fn try_delete(&self, projects: &[i64], issues: &[i64]) -> Result<Deleted, BulkError> {
        let projects: Vec<ProjectId> = projects.iter().copied().map(ProjectId).collect();
        let issues = ids(issues);
        let scope = Scope {
            projects: &projects,
            ids: &issues,
        };
        bulk::delete(&*self.store, scope, &self.context()).await
    }

    pub async fn delete(&self, issues: &[i64]) -> Deleted {
        self.try_delete(&[1], issues).await.unwrap()
    }

    pub async fn undo(&self, entry: i64) -> UndoReport {
        bulk::undo(&*self.store, entry, false, &self.context())
            .await
            .unwrap()
    }

    /// Runs what is due to be purged.
    pub async fn purge(&self) -> u64 {
        bulk::purge_due(&*self.store, self.now).await.unwrap()
    }

    pub async fn journal(&self) -> Vec<JournalEntry> {
        let all = JournalFilter::default();
        self.store.journal_entries(&all, 100).await.unwrap()
    }

    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        look::numbers(&self.store, sql).await.unwrap()
    }

    pub async fn number(&self, sql: &str) -> Option<i64> {
        look::number(&self.store, sql).await.unwrap()
    }

    pub async fn execute(&self, sql: &str) {
        rows::execute(&self.store, sql).await.unwrap();
    }

    /// Status and substatus, 0 for none.
    pub async fn stand(&self, issue: i64) -> (i64, i64) {
        let status = format!("SELECT status FROM issue WHERE id = {issue}");
        let substatus = format!("SELECT coalesce(substatus, 0) FROM issue WHERE id = {issue}");
        let read = async |sql: &str| self.number(sql).await.expect("the issue");
        (read(&status).await, read(&substatus).await)
    }

    /// Kinds of what was noted about an issue, oldest first.
    pub async fn activities(&self, issue: i64) -> Vec<&'static str> {
        let journal = self.store.journal(IssueId(issue)).await.unwrap();
        let kinds = journal
            .activities
            .iter()
            .map(|activity| activity.kind.as_str());
        kinds.collect()
    }

    pub async fn history(&self, issue: i64) -> Vec<&'static str> {
        let journal = self.store.journal(IssueId(issue)).await.unwrap();
        let kinds = journal.history.iter().map(|line| line.line.kind.as_str());
        kinds.collect()
    }

    pub async fn in_inbox(&self) -> Vec<i64> {
        self.numbers("SELECT issue_id FROM issue_inbox ORDER BY issue_id")
            .await
    }

    /// All rows that belong to issues and are no log of what happened to them. What searches read may keep more than it
    /// needs.
    pub async fn rows(&self) -> BTreeSet<String> {
        let kept = |row: &String| {
            let logs = ["activity ", "issue_history ", "search_"];
            !logs.iter().any(|log| row.starts_with(log))
        };
        let rows = look::issue_rows(&self.store).await.unwrap();
        let all = rows.into_iter().flat_map(|(id, rows)| {
            rows.into_iter()
                .filter(kept)
                .map(move |row| format!("{id} {row}"))
        });
        all.collect()
    }
}

//! Stores to test on, and short ways to fill them.

use crate::decode;
use crate::model::{
    EventId, Evidence, GroupHash, GroupType, Issue, IssueId, IssueState, IssueStatus, Level,
    Occurrence, OccurrenceId, Priority, ProjectId, Substatus,
};
use crate::search::{Condition, IssueTest, Plan};
use crate::store::TriageStore;
use crate::store::backend::Backend;
use crate::store::{
    Access, BatchState, Commit, Effects, IngestStore, IssueWrite, LoadPlan, OccurrenceWrite,
    QueryStore, ReleaseWrite, Slot, Store,
};
use crate::view::IssueOrder;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use uuid::Uuid;

/// Runs a case on a database in memory.
pub async fn in_memory(case: impl AsyncFn(&Store)) {
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    case(&store).await;
    store.close().await;
}

/// Runs a case on a file.
pub async fn in_a_file(case: impl AsyncFn(&Store)) {
    let (_folder, url) = scratch_file();
    let store = Store::open(&url, Access::ReadWrite).await.unwrap();
    case(&store).await;
    store.close().await;
}

/// A file that does not exist yet, and its address.
pub fn scratch_file() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = crate::store::sqlite_url(&folder.path().join("a store.db")).unwrap();
    (folder, url)
}

/// Runs a case in a schema of its own on the server that `PICKET_TEST_POSTGRES` names.
pub async fn in_postgres(name: &str, case: impl AsyncFn(&Store)) {
    let Some(scratch) = ScratchSchema::new(name) else {
        return;
    };
    let store = Store::open(&scratch.url, Access::ReadWrite).await.unwrap();
    case(&store).await;
    store.close().await;
    scratch.drop_it().await;
}

/// A schema that no other test uses.
pub struct ScratchSchema {
    pub url: String,
    pub server: String,
    pub name: String,
}

impl ScratchSchema {
    /// Nothing, and a line that cannot be missed, where there is no server.
    pub fn new(case: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("PICKET_TEST_POSTGRES") else {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "PICKET_TEST_POSTGRES must name a server here: {case} would not be tested"
            );
            // Past the capture of the test harness.
            let line =
                format!("SKIPPED on PostgreSQL: {case} (set PICKET_TEST_POSTGRES=postgres://…)\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            // `make test` counts the lines of this file at its end.
            if let Some(path) = std::env::var_os("PICKET_SKIPS_FILE") {
                let mut skips = std::fs::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .unwrap();
                skips.write_all(line.as_bytes()).unwrap();
            }
            return None;
        };
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let separator = if server.contains('?') { '&' } else { '?' };
        Some(Self {
            url: format!("{server}{separator}schema={name}"),
            server,
            name,
        })
    }

    pub async fn drop_it(&self) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("DROP SCHEMA {} CASCADE", self.name));
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// An address to open this store by once more: what it shows of itself, with the password that it does not show.
pub fn address_of(store: &Store) -> String {
    let shown = store.describe();
    match (std::env::var("PICKET_TEST_POSTGRES"), shown.split_once('?')) {
        (Ok(server), Some((_, schema))) if shown.starts_with("postgres") => {
            let separator = if server.contains('?') { '&' } else { '?' };
            format!("{server}{separator}{schema}")
        }
        _ => shown.to_owned(),
    }
}

/// Runs SQL that no product code would.
pub async fn execute(store: &Store, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match store.backend() {
        Backend::Sqlite(sqlite) => drop(
            sqlx::raw_sql(sql)
                .execute(sqlite.test_pool())
                .await
                .unwrap(),
        ),
        Backend::Postgres(postgres) => drop(
            sqlx::raw_sql(sql)
                .execute(postgres.test_pool())
                .await
                .unwrap(),
        ),
    }
}

/// The one number that a query answers.
pub async fn number(store: &Store, sql: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT CAST(({sql}) AS bigint)"));
    match store.backend() {
        Backend::Sqlite(sqlite) => sqlx::query_scalar(sql)
            .fetch_one(sqlite.test_pool())
            .await
            .unwrap(),
        Backend::Postgres(postgres) => sqlx::query_scalar(sql)
            .fetch_one(postgres.test_pool())
            .await
            .unwrap(),
    }
}

/// The lines of text that a query answers.
pub async fn lines(store: &Store, sql: &str) -> Vec<String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match store.backend() {
        Backend::Sqlite(sqlite) => sqlx::query_scalar(sql)
            .fetch_all(sqlite.test_pool())
            .await
            .unwrap(),
        Backend::Postgres(postgres) => sqlx::query_scalar(sql)
            .fetch_all(postgres.test_pool())
            .await
            .unwrap(),
    }
}

pub const SHOP: ProjectId = ProjectId(1);
pub const FORGE: ProjectId = ProjectId(2);

/// Noon of a day, and `seconds` later.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_723_464_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// The hour of [`at`]`(0)`.
pub const NOON: i32 = 478_740;

/// A fresh issue as the pipeline makes one.
pub fn issue(project_id: ProjectId, title: &str, seen: DateTime<Utc>) -> Issue {
    let data = json!({"type": "generic", "title": title, "metadata": {"title": title, "value": "below it"}});
    Issue {
        id: None,
        project_id,
        group_type: 2007,
        status: IssueStatus::Unresolved,
        substatus: Some(Substatus::New),
        priority: Some(Priority::Low),
        priority_locked_at: None,
        assignee: None,
        level: Level::Error,
        platform: "python".to_owned(),
        message: format!("{title} below it"),
        culprit: "app.main".to_owned(),
        first_seen: seen,
        last_seen: seen,
        active_at: seen,
        resolved_at: None,
        times_seen: 1,
        first_release: None,
        data: data.as_object().unwrap().clone(),
    }
}

/// A new issue to write.
pub fn opening(issue: Issue, hash: &str) -> IssueWrite {
    let hour = i32::try_from(issue.first_seen.timestamp().div_euclid(3600)).unwrap();
    IssueWrite {
        state: IssueState::new(issue).into(),
        new_hash: Some(GroupHash::of(hash)),
        hours: vec![(hour, 1)],
    }
}

/// An occurrence with the id `number`, its event `number` too.
pub fn occurrence(number: u32, slot: Option<Slot>, event_time: DateTime<Utc>) -> OccurrenceWrite {
    let id = Uuid::from_u128(u128::from(number));
    let record = Occurrence {
        id: OccurrenceId(id),
        project_id: SHOP,
        event_id: EventId(id),
        fingerprint: vec![GroupHash::of("touch-id")],
        issue_title: Some("segfault".to_owned()),
        subtitle: Some("buffer overflow".to_owned()),
        resource_id: Some("r-1".to_owned()),
        evidence_data: json!({"speed": 12}).as_object().cloned(),
        evidence_display: vec![Evidence {
            name: "Suspect".to_owned(),
            value: "regex".to_owned(),
            important: true,
        }],
        group_type: GroupType::by_id(2007).unwrap(),
        detection_time: at(-30),
        level: Level::Warning,
        culprit: "app.main".to_owned(),
        initial_priority: None,
        assignee: None,
    };
    let payload = serde_json::to_vec(&decode::occurrence_json(&record)).unwrap();
    OccurrenceWrite {
        id: record.id,
        project_id: SHOP,
        event_id: record.event_id,
        slot,
        event_time,
        environment: "prod".to_owned(),
        release: Some("app@1.0".to_owned()),
        user: None,
        payload: decode::compress(&payload),
        light_tags: Vec::new(),
        facts: Arc::default(),
        topic: "ingest-occurrences".into(),
        partition: 3,
        offset: i64::from(number),
        key: Some(Arc::from(&b"touch-id"[..])),
    }
}

/// Stores one batch that moves no offsets.
pub async fn store_batch(
    store: &Store,
    plan: &LoadPlan,
    fold: impl Fn(BatchState) -> Effects + Send + Sync,
) -> Commit {
    store.ingest("demo", &[], plan, &fold).await.unwrap()
}

/// Stores fixed effects; the projects they need are created.
pub async fn store_effects(store: &Store, effects: &Effects) -> Commit {
    let mut projects: Vec<_> = effects
        .issues
        .iter()
        .map(|write| write.state.issue.project_id)
        .collect();
    projects.sort();
    projects.dedup();
    let plan = LoadPlan {
        projects,
        ..LoadPlan::default()
    };
    store_batch(store, &plan, |_| effects.clone()).await
}

/// Opens issues in one batch and answers their ids, in order.
pub async fn open_issues(store: &Store, issues: Vec<Issue>) -> Vec<IssueId> {
    let titles: Vec<String> = issues
        .iter()
        .map(|issue| issue.title().to_owned())
        .collect();
    let writes = issues
        .into_iter()
        .zip(&titles)
        .map(|(issue, title)| opening(issue, title))
        .collect::<Vec<_>>();
    let hashes: Vec<_> = writes
        .iter()
        .map(|write| (write.state.issue.project_id, write.new_hash.unwrap()))
        .collect();
    store_effects(
        store,
        &Effects {
            issues: writes,
            now: Some(at(0)),
            ..Effects::default()
        },
    )
    .await;
    let state = load(store, &hashes).await;
    hashes.iter().map(|hash| state.hashes[hash]).collect()
}

/// What a batch with these hashes would start from.
pub async fn load(store: &Store, hashes: &[(ProjectId, GroupHash)]) -> BatchState {
    load_plan(
        store,
        &LoadPlan {
            hashes: hashes.to_vec(),
            ..LoadPlan::default()
        },
    )
    .await
}

/// What a batch with this plan would start from.
pub async fn load_plan(store: &Store, plan: &LoadPlan) -> BatchState {
    let seen = std::sync::Mutex::new(None);
    store_batch(store, plan, |state| {
        *seen.lock().unwrap() = Some(state);
        Effects::default()
    })
    .await;
    seen.into_inner().unwrap().unwrap()
}

/// A search for issues that meet a condition.
pub fn asking(condition: Condition) -> Plan {
    Plan {
        condition,
        ..Plan::everything()
    }
}

/// A search for issues in a status.
pub fn of_status(status: crate::model::IssueStatus) -> Plan {
    asking(Condition::Issue(IssueTest::Status(vec![status.number()])))
}

/// Ids that a search finds, newest first.
pub async fn matching(store: &Store, plan: &Plan) -> Vec<String> {
    store
        .issue_snapshot(plan, IssueOrder::default(), at(0))
        .await
        .unwrap()
        .ids
}

/// What a transaction that names an issue by its id starts from.
pub async fn loaded(store: &Store, id: IssueId) -> IssueState {
    let plan = LoadPlan {
        issues: vec![id],
        now: Some(at(0)),
        ..LoadPlan::default()
    };
    let mut state = load_plan(store, &plan).await;
    *state.issues.remove(&id).unwrap()
}

/// Changes one issue as a person would: a transaction without a source.
pub async fn change(store: &Store, id: IssueId, change: impl Fn(&mut IssueState) + Send + Sync) {
    let plan = LoadPlan {
        issues: vec![id],
        now: Some(at(0)),
        ..LoadPlan::default()
    };
    let decide = |mut state: BatchState| {
        let mut issue = state.issues.remove(&id).unwrap();
        change(&mut issue);
        Effects {
            issues: vec![touching(issue)],
            now: Some(at(0)),
            ..Effects::default()
        }
    };
    store.apply(&plan, &decide).await.unwrap();
}

/// A known issue to write back.
pub fn touching(state: impl Into<Box<IssueState>>) -> IssueWrite {
    IssueWrite {
        state: state.into(),
        new_hash: None,
        hours: Vec::new(),
    }
}

/// A release that is created.
pub fn release(project_id: ProjectId, version: &str, date_added: DateTime<Utc>) -> ReleaseWrite {
    ReleaseWrite {
        project_id,
        version: version.to_owned(),
        date_added,
        new_groups: 0,
        new_issues: Vec::new(),
    }
}

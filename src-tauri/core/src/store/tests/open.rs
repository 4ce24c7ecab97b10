//! Opening, closing, schemas and locks.

use super::search::written;
use super::support::*;
use crate::model::{IssueId, ProjectRules, Substatus};
use crate::search::Plan;
use crate::store::{
    Access, Held, IngestStore, LoadPlan, MigrationStep, QueryStore, SchemaVersion, Store,
    StoreError, postgres, sqlite,
};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// The migrations of this program, oldest first.
fn versions() -> Vec<i64> {
    let migrations = sqlite::MIGRATIONS.iter();
    migrations.map(|migration| migration.version).collect()
}

/// The newest of them.
fn known() -> i64 {
    versions().into_iter().max().unwrap()
}

#[test]
fn every_migration_file_is_built_in_and_has_its_twin() {
    let built_in = |migrations: &Migrator| -> Vec<String> {
        let files = migrations
            .iter()
            .map(|found| format!("{:04}_{}.sql", found.version, found.description));
        files.collect()
    };
    let on_disk = |backend: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(backend);
        let files = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = files
            .map(|file| {
                file.unwrap()
                    .file_name()
                    .into_string()
                    .unwrap()
                    .replace('_', " ")
            })
            .collect();
        names.sort();
        names
    };
    let known: Vec<_> = built_in(&sqlite::MIGRATIONS)
        .iter()
        .map(|name| name.replace('_', " "))
        .collect();
    assert_eq!(on_disk("sqlite"), known);
    assert_eq!(on_disk("postgres"), known);
    assert_eq!(
        built_in(&postgres::MIGRATIONS),
        built_in(&sqlite::MIGRATIONS)
    );
}

pub async fn a_store_knows_its_schema(store: &Store) {
    assert_eq!(
        store.schema().await.unwrap(),
        SchemaVersion {
            applied: known(),
            known: known()
        }
    );
}

pub async fn a_newer_schema_is_refused(store: &Store) {
    future_migration(store).await;
    assert_eq!(
        store.schema().await.unwrap(),
        SchemaVersion {
            applied: 99,
            known: known()
        }
    );
    // A database in memory cannot be opened twice.
    if store.describe() != "sqlite::memory:" {
        let url = address_of(store);
        let newer = |result: Result<_, StoreError>| {
            matches!(result, Err(StoreError::NewerSchema { found: 99, .. }))
        };
        assert!(newer(Store::open(&url, Access::ReadOnly).await.map(drop)));
        assert!(newer(Store::migrate(&url, true, &|_| {}).await.map(drop)));
        store.close().await;
        assert!(newer(Store::open(&url, Access::ReadWrite).await.map(drop)));
    }
}

async fn future_migration(store: &Store) {
    let checksum = match store.backend() {
        crate::store::backend::Backend::Sqlite(_) => "x'00'",
        crate::store::backend::Backend::Postgres(_) => "'\\x00'",
    };
    let sql = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'from the future', true, {checksum}, 0)"
    );
    execute(store, &sql).await;
}

#[tokio::test]
async fn a_file_belongs_to_one_writer_and_any_number_of_readers() {
    let (folder, url) = scratch_file();
    let writer = Store::open(&url, Access::ReadWrite).await.unwrap();
    open_issues(&writer, vec![issue(SHOP, "crash", at(0))]).await;

    let second = Store::open(&url, Access::ReadWrite).await.map(drop);
    assert!(
        matches!(second, Err(StoreError::Locked { .. })),
        "{second:?}"
    );

    let reader = Store::open(&url, Access::ReadOnly).await.unwrap();
    assert_eq!(reader.summary().await.unwrap().issues, 1);
    open_issues(&writer, vec![issue(SHOP, "another", at(0))]).await;
    assert_eq!(
        reader.summary().await.unwrap().issues,
        2,
        "a reader sees what is committed later"
    );
    let plan = LoadPlan::default();
    let refused = reader
        .ingest("demo", &[], &plan, &|_| panic!("nothing is folded"))
        .await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    reader.close().await;

    writer.close().await;
    let log = folder.path().join("a store.db-wal");
    assert!(
        !log.exists() || log.metadata().unwrap().len() == 0,
        "the log is in the file"
    );
    let reader = Store::open(&url, Access::ReadOnly).await.unwrap();
    assert_eq!(
        reader.summary().await.unwrap().issues,
        2,
        "without a writer"
    );
    let writer = Store::open(&url, Access::ReadWrite).await.unwrap();
    assert_eq!(
        writer.summary().await.unwrap().issues,
        2,
        "closing frees the lock"
    );
    writer.close().await;
}

#[tokio::test]
async fn what_was_written_before_a_file_was_opened_is_found() {
    let (_folder, url) = scratch_file();
    let store = Store::open(&url, Access::ReadWrite).await.unwrap();
    let ids = open_issues(
        &store,
        vec![issue(SHOP, "a", at(1)), issue(SHOP, "b", at(2))],
    )
    .await;
    let revision = store.summary().await.unwrap().revision;
    open_issues(&store, vec![issue(SHOP, "c", at(3))]).await;
    store.close().await;

    let changed = async |store: &Store, revision| {
        let held = Held {
            ids: Some(&ids),
            ..Held::of(revision, 2)
        };
        let now = store
            .issue_changes(&Plan::everything(), &held)
            .await
            .unwrap();
        (now.added, now.changed, now.left)
    };
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let store = Store::open(&url, access).await.unwrap();
        assert_eq!(changed(&store, revision).await, (1.0, 0.0, 0.0));
        assert_eq!(changed(&store, 0).await, (1.0, 2.0, 0.0));
        let now = store.summary().await.unwrap().revision;
        assert_eq!(changed(&store, now).await, (0.0, 0.0, 0.0));
        store.close().await;
    }
}

#[tokio::test]
async fn opening_waits_for_a_writer_that_is_about_to_leave() {
    let (_folder, url) = scratch_file();
    let former = Store::open(&url, Access::ReadWrite).await.unwrap();
    open_issues(&former, vec![issue(SHOP, "crash", at(0))]).await;

    let next = Store::open(&url, Access::ReadWrite);
    tokio::pin!(next);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut next).await;
    assert!(early.is_err(), "the file is still taken");
    former.close().await;
    let next = next.await.unwrap();
    assert_eq!(next.summary().await.unwrap().issues, 1);
    next.close().await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made_by_reading_it() {
    let (folder, url) = scratch_file();
    let missing = Store::open(&url, Access::ReadOnly).await.map(drop);
    assert!(
        matches!(missing, Err(StoreError::Missing { .. })),
        "{missing:?}"
    );

    let report = Store::migrate(&url, true, &|_| {}).await.unwrap();
    assert_eq!(
        (report.from, report.to, report.applied),
        (0, known(), versions())
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "a dry run changes nothing"
    );

    let report = Store::migrate(&url, false, &|_| {}).await.unwrap();
    assert_eq!(report.applied.last(), Some(&known()));
    let report = Store::migrate(&url, false, &|_| {}).await.unwrap();
    assert_eq!(
        (report.from, report.to, report.applied),
        (known(), known(), vec![])
    );
}

#[tokio::test]
async fn an_older_schema_can_be_migrated_but_not_read() {
    let (folder, url) = scratch_file();
    std::fs::write(folder.path().join("a store.db"), b"").unwrap();
    let older = Store::open(&url, Access::ReadOnly).await.map(drop);
    assert!(
        matches!(older, Err(StoreError::OlderSchema { found: 0, .. })),
        "{older:?}"
    );
    Store::open(&url, Access::ReadWrite)
        .await
        .unwrap()
        .close()
        .await;
    Store::open(&url, Access::ReadOnly).await.unwrap();
}

/// An issue, an occurrence and a dead letter in the first schema, with literals that both databases read.
fn rows_of_the_first_schema(time: &str, id: &str, no_bytes: &str) -> String {
    format!(
        "INSERT INTO project (id, slug) VALUES (1, 'shop');
         INSERT INTO issue (
            id, project_id, short_id, group_type, status, substatus, priority, level, platform, message, culprit,
            title, subtitle, search_text, first_seen, last_seen, active_at, times_seen, score, data, revision,
            created_revision)
         VALUES (
            1, 1, 1, 2007, 0, 3, 50, 40, 'go', 'm', 'c', 't', 's', 't', {time}, {time}, {time}, 4, 5, '{{}}', 1, 1);
         INSERT INTO occurrence (
            seq, project_id, id, event_id, issue_id, event_time, environment, payload, source_id, topic, partition,
            record_offset, stored_at)
         VALUES (1, 1, {id}, {id}, 1, {time}, 'prod', {no_bytes}, 1, 't', 0, 0, {time});"
    )
}

/// The first `count` migrations.
fn first_migrations(migrations: &Migrator, count: usize) -> Migrator {
    Migrator::with_migrations(migrations.iter().take(count).cloned().collect())
}

async fn is_brought_up_to_date(url: &str) {
    let heard = Mutex::new(Vec::new());
    let hear = |step: MigrationStep<'_>| {
        let said = (step.version, step.name.is_empty(), step.took.is_some());
        heard.lock().unwrap().push(said);
    };
    let report = Store::migrate(url, false, &hear).await.unwrap();
    assert_eq!((report.from, report.to), (1, known()));
    let new = versions().into_iter().skip(1);
    let told = new.flat_map(|version| [(version, false, false), (version, false, true)]);
    assert_eq!(
        heard.into_inner().unwrap(),
        told.collect::<Vec<_>>(),
        "each is named as it begins and ends, and those that were there are not"
    );
    let store = Store::open(url, Access::ReadWrite).await.unwrap();
    let plan = LoadPlan {
        issues: vec![IssueId(1)],
        counted_issues: vec![IssueId(1)],
        now: Some(at(0)),
        ..LoadPlan::default()
    };
    let state = load_plan(&store, &plan).await;
    let kept = &state.issues[&IssueId(1)];
    let said = [
        &kept.issue.platform,
        &kept.issue.message,
        &kept.issue.culprit,
    ];
    assert_eq!(said, ["go", "m", "c"]);
    assert_eq!(kept.issue.substatus, Some(Substatus::Ongoing));
    assert_eq!((kept.issue.resolved_at, kept.issue.assignee), (None, None));
    assert_eq!(kept.sightings.as_ref().unwrap().this_hour, 1);
    assert_eq!(state.projects[&SHOP].rules, ProjectRules::default());
    store.close().await;
}

/// A file with the first `count` migrations and these rows, and the folder that holds it.
async fn old_file(count: usize, rows: String) -> (tempfile::TempDir, String) {
    let (folder, url) = scratch_file();
    let path = folder.path().join("a store.db");
    std::fs::write(&path, b"").unwrap();
    let mut old = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    let first = first_migrations(&sqlite::MIGRATIONS, count);
    first.run_direct(None, &mut old, false).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(rows))
        .execute(&mut old)
        .await
        .unwrap();
    old.close().await.unwrap();
    (folder, url)
}

/// As [`old_file`], on the server.
async fn old_schema(scratch: &ScratchSchema, count: usize, rows: String) {
    let mut old = PgConnection::connect(&scratch.server).await.unwrap();
    let schema = format!(
        "CREATE SCHEMA {name}; SET search_path TO {name}, public",
        name = scratch.name
    );
    sqlx::raw_sql(AssertSqlSafe(schema))
        .execute(&mut old)
        .await
        .unwrap();
    let first = first_migrations(&postgres::MIGRATIONS, count);
    first.run_direct(None, &mut old, false).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(rows))
        .execute(&mut old)
        .await
        .unwrap();
    old.close().await.unwrap();
}

#[tokio::test]
async fn a_file_of_the_first_schema_keeps_what_it_has() {
    let rows = rows_of_the_first_schema(
        "1723464000000000",
        "x'000102030405060708090a0b0c0d0e0f'",
        "x''",
    );
    let (_folder, url) = old_file(1, rows).await;
    is_brought_up_to_date(&url).await;
}

#[tokio::test]
async fn a_schema_of_the_first_version_keeps_what_it_has() {
    let Some(scratch) = ScratchSchema::new("the first schema") else {
        return;
    };
    let rows = rows_of_the_first_schema(
        "to_timestamp(1723464000)",
        "'00010203-0405-0607-0809-0a0b0c0d0e0f'",
        "''",
    );
    old_schema(&scratch, 1, rows).await;
    is_brought_up_to_date(&scratch.url).await;
    scratch.drop_it().await;
}

/// As many migrations as there were when a sigma at the end of a word was another one.
const WITH_FINAL_SIGMA: usize = 19;

const ROWS_WITH_FINAL_SIGMA: &str = "
    INSERT INTO search_text (issue_id, hash, text) VALUES (1, 1, 'λάθος'), (1, 2, 'plain')";

#[tokio::test]
async fn texts_of_a_file_lose_their_final_sigma() {
    let rows = ROWS_WITH_FINAL_SIGMA.to_owned();
    let (_folder, url) = old_file(WITH_FINAL_SIGMA, rows).await;
    let store = Store::open(&url, Access::ReadWrite).await.unwrap();
    let found = "SELECT coalesce(sum(rowid), 0) FROM search_text_fts WHERE search_text_fts MATCH";
    for (piece, row) in [("θοσ", 1), ("θος", 0), ("lai", 2)] {
        let sql = format!("{found} '\"{piece}\"'");
        assert_eq!(number(&store, &sql).await, row, "{piece}");
    }
    let kept = "SELECT count(*) FROM search_text WHERE id = 1 AND hash = 1 AND text = 'λάθοσ'";
    assert_eq!(number(&store, kept).await, 1);
    store.close().await;
}

#[tokio::test]
async fn texts_of_a_schema_lose_their_final_sigma() {
    let Some(scratch) = ScratchSchema::new("texts with a final sigma") else {
        return;
    };
    old_schema(&scratch, WITH_FINAL_SIGMA, ROWS_WITH_FINAL_SIGMA.to_owned()).await;
    let store = Store::open(&scratch.url, Access::ReadWrite).await.unwrap();
    let found = "SELECT sum(hash)::bigint FROM search_text WHERE text IN";
    assert_eq!(
        number(&store, &format!("{found} ('λάθοσ', 'plain')")).await,
        3
    );
    store.close().await;
    scratch.drop_it().await;
}

/// As many migrations as there were when texts had numbers.
const WITH_NUMBERED_TEXTS: usize = 7;

/// An issue with an occurrence whose texts are named by number, with literals that both databases read.
fn rows_with_numbered_texts(time: &str, id: &str, no_bytes: &str, numbers: &str) -> String {
    format!(
        "INSERT INTO project (id, slug) VALUES (1, 'shop');
         INSERT INTO search_text (id, issue_id, hash, text) {numbers} VALUES
            (7, 1, 70, 'a message'), (8, 1, 80, 'a stack'), (9, 1, 90, 'its own');
         INSERT INTO issue (
            id, project_id, short_id, group_type, status, substatus, priority, level, platform, message, culprit,
            title, subtitle, text_id, first_seen, last_seen, active_at, times_seen, score, data, revision,
            created_revision)
         VALUES (
            1, 1, 1, 2007, 0, 3, 50, 40, 'go', 'm', 'c', 't', 's', 9, {time}, {time}, {time}, 4, 5, '{{}}', 1, 1);
         INSERT INTO occurrence (
            seq, project_id, id, event_id, issue_id, event_time, environment, payload, source_id, topic, partition,
            record_offset, stored_at)
         VALUES (5, 1, {id}, {id}, 1, {time}, 'prod', {no_bytes}, 1, 't', 0, 0, {time});
         INSERT INTO event_fact (seq, message_id, stack_id, facts)
         VALUES (5, 7, 8, '{{\"tags\":{{\"browser\":\"Firefox\"}}}}');"
    )
}

async fn texts_are_found_by_their_hashes(url: &str) {
    let report = Store::migrate(url, false, &|_| {}).await.unwrap();
    assert_eq!(
        (report.from, report.to),
        (i64::try_from(WITH_NUMBERED_TEXTS).unwrap(), known())
    );
    let store = Store::open(url, Access::ReadWrite).await.unwrap();
    assert_eq!(
        written(&store).await,
        ["5 1 a message a stack Firefox".to_owned()]
    );
    let own = "SELECT t.text FROM issue AS i JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash";
    assert_eq!(lines(&store, own).await, ["its own"]);
    store.close().await;
}

#[tokio::test]
async fn a_file_that_numbers_texts_finds_them_by_their_hashes() {
    let rows = rows_with_numbered_texts(
        "1723464000000000",
        "x'000102030405060708090a0b0c0d0e0f'",
        "x''",
        "",
    );
    let (_folder, url) = old_file(WITH_NUMBERED_TEXTS, rows).await;
    texts_are_found_by_their_hashes(&url).await;
}

#[tokio::test]
async fn a_schema_that_numbers_texts_finds_them_by_their_hashes() {
    let Some(scratch) = ScratchSchema::new("a schema that numbers texts") else {
        return;
    };
    let rows = rows_with_numbered_texts(
        "to_timestamp(1723464000)",
        "'00010203-0405-0607-0809-0a0b0c0d0e0f'",
        "''",
        "OVERRIDING SYSTEM VALUE",
    );
    old_schema(&scratch, WITH_NUMBERED_TEXTS, rows).await;
    texts_are_found_by_their_hashes(&scratch.url).await;
    scratch.drop_it().await;
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let (folder, url) = scratch_file();
    std::fs::write(
        folder.path().join("a store.db"),
        b"not a database, but long enough to be read as one".repeat(50),
    )
    .unwrap();
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let refused = Store::open(&url, access).await.map(drop);
        assert!(
            matches!(refused, Err(StoreError::Refused(_))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn schemas_of_one_database_are_apart() {
    let (Some(first), Some(second)) = (
        ScratchSchema::new("schemas apart"),
        ScratchSchema::new("schemas apart"),
    ) else {
        return;
    };
    let (one, other) = tokio::join!(
        Store::open(&first.url, Access::ReadWrite),
        Store::open(&second.url, Access::ReadWrite),
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    open_issues(&one, vec![issue(SHOP, "crash", at(0))]).await;
    assert_eq!(other.summary().await.unwrap().issues, 0);

    let reader = Store::open(&first.url, Access::ReadOnly).await.unwrap();
    assert_eq!(reader.summary().await.unwrap().issues, 1);
    let refused = reader.claim_partition("s", "t", 0, 0).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    reader.close().await;

    one.close().await;
    other.close().await;
    first.drop_it().await;
    second.drop_it().await;
    let gone = Store::open(&first.url, Access::ReadOnly).await.map(drop);
    assert!(
        matches!(gone, Err(StoreError::OlderSchema { found: 0, .. })),
        "{gone:?}"
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_reported_at_once() {
    // Nothing listens on port 1.
    let started = std::time::Instant::now();
    let refused = Store::open("postgres://nobody@127.0.0.1:1/picket", Access::ReadWrite)
        .await
        .map(drop);
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    assert!(started.elapsed().as_secs() < 5);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_a_wrong_address() {
    let Some(scratch) = ScratchSchema::new("a wrong address") else {
        return;
    };
    let mut url = url::Url::parse(&scratch.url).unwrap();
    url.set_path("/no_such_database");
    let refused = Store::open(url.as_str(), Access::ReadWrite).await.map(drop);
    assert!(
        matches!(refused, Err(StoreError::BadUrl { .. })),
        "{refused:?}"
    );
}

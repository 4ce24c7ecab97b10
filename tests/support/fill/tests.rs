use super::{Size, fill};
use crate::postgres::Database;
use crate::service;
use chrono::{DateTime, Utc};
use picket_core::engine::find::{Asker, window_plan};
use picket_core::model::Directory;
use picket_core::store::{Access, Connections, SearchStore, Store};
use sqlx::AssertSqlSafe;

fn size(issues: usize, events: usize) -> Size {
    Size {
        issues,
        events,
        seed: 7,
        now: now(),
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

async fn numbers(store: &Store, sql: &str) -> Vec<i64> {
    let sql = AssertSqlSafe(sql.to_owned());
    match store.connections() {
        Connections::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        Connections::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
    }
}

async fn in_sqlite(size: &Size, check: impl AsyncFn(&Store)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/filled.db", folder.path().display());
    checked(&url, size, check).await;
}

async fn in_postgres(size: &Size, check: impl AsyncFn(&Store)) {
    if let Some(server) = service::postgres() {
        let database = Database::create(&server).await.unwrap();
        checked(database.url(), size, check).await;
    }
}

async fn checked(url: &str, size: &Size, check: impl AsyncFn(&Store)) {
    fill(url, size).await.unwrap();
    let store = Store::open(url, Access::ReadWrite).await.unwrap();
    check(&store).await;
    store.close().await;
}

/// Statements that count what does not fit.
const MISFITS: [&str; 10] = [
    "SELECT count(*) FROM issue AS i WHERE times_seen <> (SELECT count(*) FROM occurrence AS o WHERE o.issue_id = i.id)",
    "SELECT count(*) FROM issue AS i WHERE last_seen <> (SELECT max(event_time) FROM occurrence AS o WHERE o.issue_id = i.id)",
    "SELECT count(*) FROM issue AS i WHERE first_seen <> (SELECT min(event_time) FROM occurrence AS o WHERE o.issue_id = i.id)",
    "SELECT count(*) FROM issue AS i WHERE times_seen <> (SELECT sum(count) FROM issue_bucket AS b WHERE b.issue_id = i.id)",
    "SELECT count(*) FROM occurrence AS o LEFT JOIN event_fact AS f ON f.seq = o.seq
     LEFT JOIN search_text AS m ON m.issue_id = o.issue_id AND m.hash = f.message LEFT JOIN search_text AS s ON s.issue_id = o.issue_id AND s.hash = f.stack
     WHERE coalesce(m.issue_id, 0) <> o.issue_id OR coalesce(s.issue_id, 0) <> o.issue_id",
    "SELECT count(*) FROM issue AS i LEFT JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash WHERE coalesce(t.issue_id, 0) <> i.id",
    "SELECT count(*) FROM issue_inbox AS n LEFT JOIN issue AS i ON i.id = n.issue_id WHERE coalesce(i.status, 9) <> 0",
    "SELECT count(*) FROM occurrence AS o WHERE NOT EXISTS (
        SELECT 1 FROM issue_release AS r WHERE r.issue_id = o.issue_id AND r.release = o.release
            AND r.environment = o.environment AND o.event_time BETWEEN r.first_seen AND r.last_seen)",
    "SELECT count(*) FROM event AS e WHERE NOT EXISTS (
        SELECT 1 FROM occurrence AS o WHERE o.seq = e.seq AND o.event_id = e.event_id)",
    "SELECT count(*) FROM issue AS i WHERE NOT EXISTS (SELECT 1 FROM grouphash AS h WHERE h.issue_id = i.id)",
];

async fn fits_together(store: &Store) {
    for (table, count) in [("issue", 400), ("occurrence", 6_000), ("event_fact", 6_000)] {
        let sql = format!("SELECT count(*) FROM {table}");
        assert_eq!(numbers(store, &sql).await, [count], "{table}");
    }
    for sql in MISFITS {
        assert_eq!(numbers(store, sql).await, [0], "{sql}");
    }
    let most = "SELECT max(times_seen) FROM issue";
    let once = "SELECT count(*) FROM issue WHERE times_seen < 10";
    let (most, few) = (numbers(store, most).await[0], numbers(store, once).await[0]);
    // The average is 15. So few issues have no place for the noisiest of a large store.
    assert!(
        most > 6 * 15 && few > 200,
        "{most} of the noisiest, {few} rare ones"
    );
}

#[tokio::test]
async fn what_is_written_fits_together() {
    in_sqlite(&size(400, 6_000), fits_together).await;
    in_postgres(&size(400, 6_000), fits_together).await;
}

/// What an event has to be like, as SQL that both stores understand but for how they read JSON.
const OF_EVENTS: &str =
    "SELECT DISTINCT i.id FROM issue AS i JOIN occurrence AS o ON o.issue_id = i.id
    JOIN event_fact AS f ON f.seq = o.seq LEFT JOIN search_text AS m ON m.issue_id = o.issue_id AND m.hash = f.message
    LEFT JOIN search_text AS s ON s.issue_id = o.issue_id AND s.hash = f.stack LEFT JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash
    WHERE i.status <= 2 AND i.group_type <> 6001 AND ";

async fn is_found(store: &Store) {
    let facts = match store.connections() {
        Connections::Sqlite(_) => "json_extract(f.facts, '$.tags.\"browser.name\"')",
        Connections::Postgres(_) => "f.facts -> 'tags' ->> 'browser.name'",
    };
    let says = |text: &str| {
        format!(
            "((CASE WHEN i.group_type = 1 THEN m.text ELSE t.text END) LIKE '%{text}%' OR s.text LIKE '%{text}%')"
        )
    };
    for (query, sql) in [
        ("browser.name:Opera", format!("{facts} = 'Opera'")),
        (
            "browser.name:Opera environment:staging",
            format!("{facts} = 'Opera' AND o.environment = 'staging'"),
        ),
        ("voucher", says("voucher")),
        ("\"did not ans\"", says("did not ans")),
        ("user:\"id:0\"", "o.user_key = 'id:0'".to_owned()),
        ("customer:customer-999999", "1 = 0".to_owned()),
    ] {
        let asker = Asker {
            directory: &Directory::default(),
            me: None,
        };
        let plan = window_plan(store, query, asker, now()).await.unwrap();
        let found = store.found_ids(&plan).await.unwrap();
        let mut found: Vec<i64> = found.into_iter().map(|id| id.0).collect();
        found.sort_unstable();
        let mut expected = numbers(store, &format!("{OF_EVENTS}{sql}")).await;
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
        assert_eq!(found.is_empty(), sql == "1 = 0", "{query}");
    }
}

#[tokio::test]
async fn searches_find_what_is_there() {
    in_sqlite(&size(300, 3_000), is_found).await;
    in_postgres(&size(300, 3_000), is_found).await;
}

#[tokio::test]
async fn the_same_seed_makes_the_same_store() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] {
        let url = format!("sqlite://{}/{name}.db", folder.path().display());
        let size = Size {
            seed,
            ..size(50, 400)
        };
        fill(&url, &size).await.unwrap();
        let store = Store::open(&url, Access::ReadWrite).await.unwrap();
        let all = "SELECT group_concat(f.facts || o.event_time || hex(o.id) || c.title) FROM occurrence AS o
                   JOIN event_fact AS f ON f.seq = o.seq JOIN issue_content AS c ON c.issue_id = o.issue_id";
        let Connections::Sqlite(pool) = store.connections() else {
            panic!("it is a file");
        };
        let text: String = sqlx::query_scalar(all).fetch_one(pool).await.unwrap();
        seen.push(text);
        store.close().await;
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn a_store_that_is_used_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/used.db", folder.path().display());
    fill(&url, &size(3, 5)).await.unwrap();
    let refused = fill(&url, &size(3, 5)).await.unwrap_err().to_string();
    assert!(refused.contains("issues already"), "{refused}");
    let refused = fill(&url, &size(5, 3)).await.unwrap_err().to_string();
    assert!(refused.contains("an event for each"), "{refused}");
}

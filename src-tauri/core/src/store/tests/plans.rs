//! The statements themselves: that the database accepts them, and how it carries them out.

use super::support::execute;
use crate::store::backend::Backend;
use crate::store::{Store, postgres, sqlite};
use crate::view::IssueSort;
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqlSafeStr};
use std::cell::Cell;

pub async fn every_statement_can_be_prepared(store: &Store) {
    match store.backend() {
        Backend::Sqlite(backend) => {
            for sql in sqlite::all_statements() {
                let prepared = backend
                    .test_pool()
                    .prepare(AssertSqlSafe(sql.clone()).into_sql_str())
                    .await;
                assert!(prepared.is_ok(), "{prepared:?}\n{sql}");
            }
        }
        Backend::Postgres(backend) => {
            for sql in postgres::all_statements() {
                let prepared = backend
                    .test_pool()
                    .prepare(AssertSqlSafe(sql.clone()).into_sql_str())
                    .await;
                assert!(prepared.is_ok(), "{prepared:?}\n{sql}");
            }
        }
    }
}

pub async fn hot_statements_read_no_whole_table(store: &Store) {
    match store.backend() {
        Backend::Sqlite(backend) => {
            for sql in sqlite_statements() {
                let plan = sqlite_plan(backend, &sql).await;
                assert!(
                    plan.iter().all(|step| sqlite_step_is_fine(step)),
                    "{sql}\n{plan:#?}"
                );
            }
            for sql in sqlite::hot::GROUPED {
                let mut plan = sqlite_plan(backend, sql).await;
                plan.retain(|step| step != "USE TEMP B-TREE FOR GROUP BY");
                assert!(
                    plan.iter().all(|step| sqlite_step_is_fine(step)),
                    "{sql}\n{plan:#?}"
                );
            }
            // The test can fail.
            let plan = sqlite_plan(backend, "SELECT score FROM issue ORDER BY score").await;
            assert!(
                plan.iter().all(|step| !sqlite_step_is_fine(step)),
                "{plan:#?}"
            );
        }
        Backend::Postgres(backend) => {
            let mut connection = postgres_connection(backend, BY_INDEX).await;
            for sql in postgres_statements() {
                let plan = postgres_plan(&mut connection, &sql).await;
                assert!(postgres_plan_is_fine(&plan), "{sql}\n{plan}");
            }
            let plan =
                postgres_plan(&mut connection, "SELECT score FROM issue ORDER BY score").await;
            assert!(!postgres_plan_is_fine(&plan), "{plan}");
            connection.close().await.unwrap();
        }
    }
}

/// What is changed, deleted or exported in chunks is found by index, as is everything else but what is small.
pub async fn no_statement_reads_all_issues_or_events(store: &Store) {
    match store.backend() {
        Backend::Sqlite(_) => {
            are_fine(store, &sqlite::all_statements(), |step| {
                reads_small_table(step)
                    || step.contains("VALUES CLAUSE")
                    || search_step_is_fine(step)
            })
            .await;
            assert!(!reads_small_table("SCAN issue USING INDEX issue_by_age"));
        }
        Backend::Postgres(_) => {
            let mut statements = postgres::all_statements();
            // Locks and settings have no plan.
            statements.retain(|sql| {
                !["LOCK", "SET"]
                    .iter()
                    .any(|word| sql.trim_start().starts_with(word))
            });
            are_fine(store, &statements, |_| false).await;
        }
    }
}

/// Tables with a row for each person, action, project, kind or hour, and not for each issue or event.
const SMALL: [&str; 10] = [
    "counter",
    "job",
    "journal",
    "member",
    "outcome_bucket",
    "project",
    "search_value",
    "team",
    "team_member",
    "team_project",
];

fn reads_small_table(step: &str) -> bool {
    let scanned = step.strip_prefix("SCAN ").unwrap_or_default();
    let table = scanned.split(' ').next().unwrap_or_default();
    SMALL.contains(&table)
}

pub async fn searches_read_no_whole_table(store: &Store) {
    let statements = crate::store::search::tests::hot_statements(store).await;
    assert!(statements.len() > 150, "{}", statements.len());
    are_fine(store, &statements, search_step_is_fine).await;
    if let Backend::Postgres(_) = store.backend() {
        // Beside so many tables a list of ids that is one more leads to plans that read whole tables.
        let is_crowded = |sql: &&String| sql.matches(" JOIN ").count() >= 7;
        let crowded: Vec<_> = statements.iter().filter(is_crowded).collect();
        assert!(!crowded.is_empty());
        for sql in crowded {
            assert!(!sql.contains("i.id IN (SELECT unnest"), "{sql}");
        }
    }
    if let Backend::Sqlite(backend) = store.backend() {
        // The test can fail.
        let whole = "SELECT id FROM issue AS i WHERE score = 1 ORDER BY last_seen";
        let plan = sqlite_plan(backend, whole).await;
        let fine = plan.iter().all(|step| search_step_is_fine(step));
        assert!(!fine, "{plan:#?}");
    }
}

/// What an event has is known from the index that leads to it, before its facts are read.
pub async fn bits_of_terms_are_looked_at_in_the_index(store: &Store) {
    let statements = crate::store::search::tests::statements_by_bits(store).await;
    assert!(statements.len() > 1, "{}", statements.len());
    match store.backend() {
        Backend::Sqlite(backend) => {
            for sql in &statements {
                let plan = sqlite_plan(backend, sql).await;
                let place = |start: &str| plan.iter().position(|step| step.starts_with(start));
                let events = place("SEARCH o USING COVERING INDEX occurrence_by_issue ");
                let facts = place("SEARCH f USING INTEGER PRIMARY KEY ");
                assert!(events.is_some() && events < facts, "{sql}\n{plan:#?}");
            }
        }
        Backend::Postgres(backend) => {
            // Pages that are known to be visible are what an index is read alone for.
            execute(store, "VACUUM ANALYZE occurrence").await;
            let mut connection = postgres_connection(backend, BY_INDEX_ROW_BY_ROW).await;
            for sql in &statements {
                let plan = postgres_plan(&mut connection, sql).await;
                let (_, events) = plan
                    .split_once("using occurrence_by_issue on occurrence o")
                    .unwrap_or_else(|| panic!("{sql}\n{plan}"));
                assert!(
                    plan.contains("Index Only Scan Backward using occurrence_by_issue"),
                    "{sql}\n{plan}"
                );
                let filter = events.lines().find(|line| line.contains("Filter: "));
                assert!(
                    filter.is_some_and(|line| line.contains("term_bits")),
                    "{sql}\n{plan}"
                );
            }
            connection.close().await.unwrap();
        }
    }
}

/// An order by sums is known once they are formed for every issue of the search. Their events, facts and texts are found
/// by index all the same.
pub async fn sums_are_formed_by_walking_issues_only(store: &Store) {
    let statements = crate::store::search::tests::statements_with_sums(store).await;
    assert!(statements.len() > 12, "{}", statements.len());
    let is_fine = |step: &str| step == "SCAN i" || search_step_is_fine(step);
    are_fine(store, &statements, is_fine).await;
}

/// What was written before the store remembers is found by one look at each issue, in SQLite as the table stands.
pub async fn what_is_not_remembered_is_found_in_one_pass(store: &Store) {
    let statements = crate::store::search::tests::statements_of_changes(store).await;
    assert_eq!(statements.len(), 3, "{statements:?}");
    let passes = Cell::new(0);
    let is_fine = |step: &str| {
        let is_pass = step == "SCAN i";
        passes.set(passes.get() + u32::from(is_pass));
        is_pass || search_step_is_fine(step)
    };
    are_fine(store, &statements, is_fine).await;
    let is_sqlite = matches!(store.backend(), Backend::Sqlite(_));
    assert_eq!(passes.get(), u32::from(is_sqlite));
}

/// A list by last sightings comes out of the index of lists as it stands there. In another order of its columns it is
/// sorted, in SQLite from the same index; PostgreSQL chooses by what the tables hold.
pub async fn lists_are_read_from_an_index_alone(store: &Store) {
    let in_its_order = ["last_seen"];
    let sorted = [
        "last_seen:asc",
        "first_seen",
        "events",
        "events,first_seen:asc",
        "last_seen,events",
        "first_seen:asc,last_seen,events:asc",
    ];
    match store.backend() {
        Backend::Sqlite(backend) => {
            let index = "USING COVERING INDEX issue_by_last_seen";
            for order in in_its_order {
                let plan = sqlite_plan(backend, &statement_of_list(store, order).await).await;
                let [step] = &plan[..] else {
                    panic!("{order}\n{plan:#?}");
                };
                assert!(step.contains(index), "{order}: {step}");
            }
            for order in sorted {
                let plan = sqlite_plan(backend, &statement_of_list(store, order).await).await;
                assert!(plan[0].contains(index), "{order}\n{plan:#?}");
            }
        }
        Backend::Postgres(backend) => {
            let mut connection = postgres_connection(backend, IN_ITS_ORDER).await;
            let in_its_order = in_its_order.map(|order| (order, false)).into_iter();
            let sorted = sorted.map(|order| (order, true)).into_iter();
            for (order, is_sorted) in in_its_order.chain(sorted) {
                let plan =
                    postgres_plan(&mut connection, &statement_of_list(store, order).await).await;
                assert_eq!(plan.contains("Sort Key"), is_sorted, "{order}\n{plan}");
            }
            connection.close().await.unwrap();
        }
    }
}

/// Keys that no index begins with and that one holds nevertheless: its entries are sorted.
const KEYS_IN_AN_INDEX: [&str; 5] = ["project", "priority", "status", "type", "assignee"];
/// Keys for which every issue of the search is looked at: an index for them would make each write of an issue slower.
const KEYS_IN_ROWS: [&str; 3] = ["level", "short_id", "first_release"];
/// The same, with what the issue says looked up by its key.
const KEYS_IN_CONTENT: [&str; 2] = ["title", "platform"];
/// The same, with rows that stand beside the issue looked up by its id.
const KEYS_BESIDE: [&str; 4] = ["labels", "note", "environment", "last_release"];

/// A list by words looks at each issue once; names are found by their keys. No key gets here without being named above.
pub async fn lists_by_words_look_at_each_issue_once(store: &Store) {
    let single = ["last_seen", "first_seen", "events", "users", "trends"];
    for by in IssueSort::ALL.map(IssueSort::as_str) {
        let lists = [
            &single[..],
            &KEYS_IN_AN_INDEX,
            &KEYS_IN_ROWS,
            &KEYS_IN_CONTENT,
            &KEYS_BESIDE,
        ];
        let named = lists.iter().filter(|list| list.contains(&by)).count();
        assert_eq!(named, 1, "{by}");
    }
    let words = [
        &KEYS_IN_AN_INDEX[..],
        &KEYS_IN_ROWS,
        &KEYS_IN_CONTENT,
        &KEYS_BESIDE,
    ];
    for by in words.concat() {
        let alone = statement_of_list(store, by).await;
        if let Backend::Sqlite(backend) = store.backend() {
            let plan = sqlite_plan(backend, &alone).await;
            let is_covered = plan[0].contains("USING COVERING INDEX issue_by_");
            let expected = !KEYS_IN_ROWS.contains(&by);
            assert_eq!(is_covered, expected, "{by}\n{plan:#?}");
        }
        looks_at_each_issue_once(store, &alone).await;
        // Behind a sum, the database counts the places of its values.
        let order = format!("users,{by}:asc");
        let statements = crate::store::search::tests::statements_of_list(store, &order).await;
        let ranks = statements.iter().filter(|sql| sql.contains("dense_rank()"));
        assert_eq!(ranks.count(), 1, "{order}");
        for sql in &statements {
            looks_at_each_issue_once(store, sql).await;
        }
    }
}

async fn looks_at_each_issue_once(store: &Store, sql: &str) {
    match store.backend() {
        Backend::Sqlite(backend) => {
            let plan = sqlite_plan(backend, sql).await;
            let walks = |step: &&String| step.split(' ').take(2).eq(["SCAN", "i"]);
            assert!(plan.iter().filter(walks).count() <= 1, "{sql}\n{plan:#?}");
            let mut others = plan.iter().filter(|step| !walks(step));
            assert!(
                others.all(|step| search_step_is_fine(step)),
                "{sql}\n{plan:#?}"
            );
        }
        Backend::Postgres(backend) => {
            let mut connection = postgres_connection(backend, BY_INDEX).await;
            let plan = postgres_plan(&mut connection, sql).await;
            let others = plan.replacen("Seq Scan on issue ", "", 1);
            assert!(postgres_plan_is_fine(&others), "{sql}\n{plan}");
            connection.close().await.unwrap();
        }
    }
}

async fn statement_of_list(store: &Store, order: &str) -> String {
    let statements = crate::store::search::tests::statements_of_list(store, order).await;
    assert_eq!(statements.len(), 1, "{order}");
    statements.into_iter().next().unwrap()
}

/// A list in groups looks at the rows of its issues, once each; what only events know is found by index.
pub async fn groups_are_formed_by_walking_issues_only(store: &Store) {
    let statements = crate::store::search::tests::statements_in_groups(store).await;
    assert!(statements.len() > 60, "{}", statements.len());
    let is_fine = |step: &str| ["SCAN i", "SCAN g"].contains(&step) || search_step_is_fine(step);
    are_fine(store, &statements, is_fine).await;
    // Their trends look only at issues that were seen lately.
    let trends = statements.iter().filter(|sql| sql.contains("issue_bucket"));
    let trends: Vec<String> = trends.cloned().collect();
    assert!(trends.len() > 20, "{}", trends.len());
    let is_fine = |step: &str| step == "SCAN g" || search_step_is_fine(step);
    are_fine(store, &trends, is_fine).await;
}

/// Whether each statement is carried out in good steps: on SQLite in those that `is_fine`.
async fn are_fine(store: &Store, statements: &[String], is_fine: impl Fn(&str) -> bool) {
    match store.backend() {
        Backend::Sqlite(backend) => {
            for sql in statements {
                let plan = sqlite_plan(backend, sql).await;
                assert!(plan.iter().all(|step| is_fine(step)), "{sql}\n{plan:#?}");
            }
        }
        Backend::Postgres(backend) => {
            let mut connection = postgres_connection(backend, BY_INDEX).await;
            for sql in statements {
                let plan = postgres_plan(&mut connection, sql).await;
                assert!(postgres_plan_is_fine(&plan), "{sql}\n{plan}");
            }
            connection.close().await.unwrap();
        }
    }
}

/// A scan is of an index that holds all it needs, of what a full-text table answers, or of what came out of both. What
/// was listed is put in order, and repetitions are thrown out. An index is made for nothing but terms that were listed.
fn search_step_is_fine(step: &str) -> bool {
    let derived = [
        "n",
        "c",
        "counted",
        "hits",
        "r",
        "h",
        "w",
        "part",
        "search_term",
        "(subquery",
    ];
    let Some(scanned) = step.strip_prefix("SCAN ") else {
        return !step.contains("AUTOMATIC") || step.starts_with("SEARCH h ");
    };
    let name = scanned.split([' ', '-']).next().unwrap_or_default();
    scanned.contains("VIRTUAL TABLE")
        || scanned.contains("USING COVERING INDEX")
        || derived.contains(&name)
        || scanned.contains("CONSTANT ROW")
}

fn sqlite_statements() -> Vec<String> {
    let served = sqlite::served_statements();
    let mut statements: Vec<String> = served.into_iter().map(str::to_owned).collect();
    for (statement, columns) in sqlite::hot::MULTI_ROW {
        statements.push(statement.sample(*columns));
    }
    statements
}

async fn sqlite_plan(backend: &sqlite::SqliteStore, sql: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain)
        .fetch_all(backend.test_pool())
        .await
        .unwrap();
    steps.into_iter().map(|(.., step)| step).collect()
}

/// A scan is of a given list, or in the order of an index that holds all it needs; nothing is sorted.
fn sqlite_step_is_fine(step: &str) -> bool {
    let given = [
        "VALUES CLAUSE",
        "VIRTUAL TABLE",
        "SCAN v",
        "USING COVERING INDEX",
    ];
    let scan = step.starts_with("SCAN") && !given.iter().any(|given| step.contains(given));
    !scan && !step.contains("TEMP B-TREE") && !step.contains("AUTOMATIC")
}

fn postgres_statements() -> Vec<String> {
    let served = postgres::served_statements();
    served.into_iter().map(str::to_owned).collect()
}

/// PostgreSQL plans a search by its values, and goes on as usual with the connection.
pub async fn a_search_is_planned_for_what_it_looks_for(store: &Store) {
    let Backend::Postgres(backend) = store.backend() else {
        return;
    };
    for (is_search, expected) in [(true, "force_custom_plan"), (false, "auto")] {
        let tx = if is_search {
            backend.begin_search().await
        } else {
            backend.begin_read().await
        };
        let mut tx = tx.unwrap();
        let mode = sqlx::query_scalar::<_, String>("SHOW plan_cache_mode");
        assert_eq!(mode.fetch_one(&mut *tx).await.unwrap(), expected);
        assert!(
            sqlx::query("CREATE TABLE x ()")
                .execute(&mut *tx)
                .await
                .is_err()
        );
    }
}

/// Settings for plans by index. Empty tables are read as a whole whatever there is; without that choice the plan shows
/// whether an index can do it. Nor does it go by values, as those of searches do: they have to be served whatever is
/// looked for.
const BY_INDEX: &str = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";
/// The same for plans that look at each entry of an index as it comes.
const BY_INDEX_ROW_BY_ROW: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; \
    SET plan_cache_mode = force_generic_plan";
/// The same for plans in the order of an index: rows are sorted only where none has the order.
const IN_ITS_ORDER: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; \
    SET enable_incremental_sort = off; SET plan_cache_mode = force_generic_plan";

/// A connection of its own with these settings, which no other user of the pool gets to feel.
async fn postgres_connection(
    backend: &postgres::PostgresStore,
    settings: &'static str,
) -> sqlx::PgConnection {
    let mut connection = backend.test_pool().acquire().await.unwrap().detach();
    sqlx::raw_sql(settings)
        .execute(&mut connection)
        .await
        .unwrap();
    connection
}

async fn postgres_plan(connection: &mut sqlx::PgConnection, sql: &str) -> String {
    let parameters = (1_usize..)
        .take_while(|number| sql.contains(&format!("${number}")))
        .count();
    let values = if parameters == 0 {
        String::new()
    } else {
        format!("({})", vec!["NULL"; parameters].join(", "))
    };
    let explain = format!(
        "PREPARE explained AS {sql}; EXPLAIN EXECUTE explained{values}; DEALLOCATE explained"
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(explain))
        .fetch_all(connection)
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The lists given as parameters are sorted or hashed where that helps; tables are read by index and in its order, but
/// for small ones.
fn postgres_plan_is_fine(plan: &str) -> bool {
    let whole = plan.split("Seq Scan on ").skip(1);
    let mut tables = whole.filter_map(|rest| rest.split([' ', '\n']).next());
    tables.all(|table| SMALL.contains(&table))
}

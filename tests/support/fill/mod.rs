//! A store with as many issues and events as one likes, made from a seed within minutes: what the pipeline would have
//! written of them, written in bulk.
//!
//! Few issues have very many events, most have few. Everything a list, a search or an export reads is there and fits
//! together; event bodies are small and repeat each other, and most events have none.

mod bulk;
mod company;
mod dice;
mod event;
mod issue;
mod of_events;
mod of_issues;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use anyhow::{Context, Result};
use bulk::{Bulk, Cell, Target};
use chrono::{DateTime, Utc};
use company::{Company, ENVIRONMENTS, wide};
use picket_core::store::{Access, Connections, IngestStore, Store, TriageStore};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgPool, SqliteConnection, raw_sql};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// The name of the source and topic that the records came from.
const SOURCE: &str = "fill";
const TOPIC: &str = "events";

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Issues; at least one.
    pub issues: usize,
    /// Events, at least one for each issue.
    pub events: usize,
    /// Same seed, same data.
    pub seed: u64,
    /// When the last event happened; the first one four months before.
    pub now: DateTime<Utc>,
}

/// How long it took.
#[derive(Debug, Clone, Copy)]
pub struct Filled {
    pub issues: Duration,
    pub events: Duration,
    pub indexes: Duration,
}

/// Fills a store that nobody has used.
///
/// # Errors
/// Where the store has issues already, or the database says no.
pub async fn fill(url: &str, size: &Size) -> Result<Filled> {
    anyhow::ensure!(
        size.issues > 0 && size.events >= size.issues && u32::try_from(size.events).is_ok(),
        "there is at least one issue, and an event for each, but fewer than 2^32"
    );
    let company = Company::new(size.now);
    let store = Store::open(url, Access::ReadWrite)
        .await
        .with_context(|| "the store cannot be opened")?;
    anyhow::ensure!(
        picket_core::store::QueryStore::summary(&store)
            .await?
            .issues
            == 0,
        "the store has issues already; choose an empty one"
    );
    store.name_projects(&company.projects()).await?;
    store.set_directory(&Company::directory()).await?;
    store.claim_partition(SOURCE, TOPIC, 0, 0).await?;
    let postgres = match store.connections() {
        Connections::Sqlite(_) => None,
        Connections::Postgres(pool) => Some(pool.clone()),
    };
    let (target, extra) = match &postgres {
        Some(pool) => (
            Target::Postgres(pool.acquire().await?.detach()),
            tables::OF_POSTGRES,
        ),
        None => {
            // Its connections stand in the way of another journal.
            store.close().await;
            let options = SqliteConnectOptions::from_str(url)?;
            (
                Target::Sqlite(SqliteConnection::connect_with(&options).await?),
                tables::OF_SQLITE,
            )
        }
    };
    let mut clock = Instant::now();
    let mut lap = || std::mem::replace(&mut clock, Instant::now()).elapsed();
    let mut bulk = Bulk::begin(target, tables::COMMON.iter().chain(extra).collect()).await?;
    let plans = issue::plans(size.issues, size.events, size.seed, &company);
    let mut issues = of_issues::write(&mut bulk, &plans, &company, size.events).await?;
    bulk.flush().await?;
    let of_issues = lap();
    issues.moments.sort_unstable();
    of_events::write(&mut bulk, &plans, &issues, &company).await?;
    projects(&mut bulk, &company, &issues.releases);
    bulk.flush().await?;
    let of_events = lap();
    bulk.finish().await?;
    count_on(url, postgres.as_ref(), &issues, size).await?;
    if postgres.is_some() {
        store.close().await;
    }
    Ok(Filled {
        issues: of_issues,
        events: of_events,
        indexes: lap(),
    })
}

/// New issues of each release: project, release, environment.
type Releases = BTreeMap<(usize, usize, usize), i64>;

fn projects(bulk: &mut Bulk, company: &Company, new_issues: &Releases) {
    for (number, program) in company.programs.iter().enumerate() {
        for (release, (version, out)) in program.releases.iter().enumerate() {
            let of_release = new_issues.range((number, release, 0)..=(number, release, usize::MAX));
            bulk.put(
                tables::PROJECT_RELEASE,
                &[
                    Cell::Number(program.id),
                    Cell::Text(version),
                    Cell::Time(*out),
                    Cell::Number(of_release.clone().map(|(_, count)| count).sum()),
                ],
            );
            for ((.., environment), count) in of_release {
                bulk.put(
                    tables::RELEASE_ENVIRONMENT,
                    &[
                        Cell::Number(program.id),
                        Cell::Text(version),
                        Cell::Text(ENVIRONMENTS[*environment]),
                        Cell::Number(*count),
                    ],
                );
            }
        }
        for name in ENVIRONMENTS {
            let row = [Cell::Number(program.id), Cell::Text(name)];
            bulk.put(tables::PROJECT_ENVIRONMENT, &row);
        }
    }
}

/// Tells the store how far its counters are.
async fn count_on(
    url: &str,
    postgres: Option<&PgPool>,
    issues: &of_issues::Issues,
    size: &Size,
) -> Result<()> {
    let (events, last_issue) = (size.events, size.issues);
    let counters: Vec<String> = issues
        .short_ids
        .iter()
        .map(|(project, last)| format!("({project}, {last})"))
        .collect();
    let mut sql = format!(
        "INSERT INTO short_id_counter (project_id, last_number) VALUES {};
         UPDATE consumer_offset SET next_offset = {events};
         UPDATE store_state SET revision = 1;",
        counters.join(", ")
    );
    match postgres {
        Some(pool) => {
            sql += &format!(
                "SELECT setval('issue_id', {last_issue}); SELECT setval('occurrence_seq', {events});
                 SELECT setval(pg_get_serial_sequence('event', 'seq'), {events});"
            );
            raw_sql(AssertSqlSafe(sql)).execute(pool).await?;
        }
        None => {
            sql += &format!("UPDATE store_state SET last_issue_id = {last_issue};");
            let options = SqliteConnectOptions::from_str(url)?;
            let mut connection = SqliteConnection::connect_with(&options).await?;
            raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
            connection.close().await?;
        }
    }
    Ok(())
}

/// Rows between two looks at what has come together.
const A_FEW: usize = 256;

/// An offset or a number, as databases have it.
fn number(place: usize) -> Cell<'static> {
    Cell::Number(wide(place))
}

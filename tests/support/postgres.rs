//! A PostgreSQL database of a test's own, or a schema.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

/// A new, empty database; dropped, with whoever is still connected to it, when this value goes.
///
/// A database and not a schema: extensions belong to a database, and tests which run at the same time each install
/// theirs. `PICKET_KEEP_DATABASES=1` keeps it, to look into after a failure.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    /// # Errors
    /// When the server at `server` (see [`crate::service::postgres`]) cannot be reached or refuses.
    pub async fn create(server: &str) -> Result<Self> {
        let name = format!("picket_test_{}", crate::unique());
        let mut connection = PgConnection::connect(server).await.with_context(|| {
            format!(
                "PostgreSQL at {} cannot be reached",
                without_password(server)
            )
        })?;
        // The usual template is in use whenever another test creates a database at the same moment.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        sqlx::query(AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .with_context(|| format!("the database {name} could not be created"))?;
        connection.close().await?;
        let url = with_database(server, &name);
        Ok(Self {
            server: server.to_owned(),
            name,
            url,
        })
    }

    /// Where to connect to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.url).await?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if std::env::var_os("PICKET_KEEP_DATABASES").is_some() {
            eprintln!("kept: the database {}", self.name);
            return;
        }
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        execute_apart(&self.server, drop, &self.name);
    }
}

/// Runs a statement in a thread with a runtime of its own: the test's may be shutting down, and drop cannot wait for it.
fn execute_apart(server: &str, sql: String, what: &str) {
    let server = server.to_owned();
    let done = std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&server).await?;
            let executing = sqlx::query(AssertSqlSafe(sql)).execute(&mut connection);
            tokio::time::timeout(Duration::from_secs(60), executing).await??;
            connection.close().await?;
            Ok(())
        })
    })
    .join();
    // What is left over spoils nothing but space, and a panic here would hide why the test failed.
    if !matches!(done, Ok(Ok(()))) {
        eprintln!("{what} could not be dropped: {done:?}");
    }
}

/// A name for a new schema. The store that is opened at its address creates it; it is dropped with this value.
#[derive(Debug)]
pub struct Schema {
    server: String,
    name: String,
    url: String,
    is_removed: bool,
}

impl Schema {
    /// On the server at `server`.
    #[must_use]
    pub fn new(server: &str) -> Self {
        let name = format!("picket_case_{}", crate::unique());
        let separator = if server.contains('?') { '&' } else { '?' };
        Self {
            url: format!("{server}{separator}schema={name}"),
            server: server.to_owned(),
            name,
            is_removed: false,
        }
    }

    /// Where to open a store.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drops the schema with everything in it.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn remove(mut self) -> Result<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        sqlx::query(AssertSqlSafe(self.drop_statement()))
            .execute(&mut connection)
            .await?;
        self.is_removed = true;
        Ok(connection.close().await?)
    }

    fn drop_statement(&self) -> String {
        format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name)
    }
}

impl Drop for Schema {
    /// For a test that failed before it could tidy up.
    fn drop(&mut self) {
        if !self.is_removed {
            execute_apart(&self.server, self.drop_statement(), &self.name);
        }
    }
}

/// The same server, another database.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server
        .split_once('?')
        .map_or((server, None), |(base, query)| (base, Some(query)));
    let start = base.find("://").map_or(0, |at| at + 3);
    let end = base[start..].find('/').map_or(base.len(), |at| start + at);
    let mut url = format!("{}/{name}", &base[..end]);
    if let Some(query) = query {
        url.push('?');
        url.push_str(query);
    }
    url
}

fn without_password(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::{Database, with_database};
    use crate::service;
    use sqlx::{Connection, PgConnection};

    #[tokio::test]
    async fn a_database_comes_and_goes() {
        let Some(server) = service::postgres() else {
            return;
        };
        let database = Database::create(&server).await.unwrap();
        let mut connection = database.connect().await.unwrap();
        sqlx::raw_sql("CREATE EXTENSION pg_trgm; CREATE TABLE t (n int)")
            .execute(&mut connection)
            .await
            .unwrap();
        let name = database.name().to_owned();
        // Still connected: nobody has to tidy up first.
        drop(database);
        let mut connection = PgConnection::connect(&server).await.unwrap();
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname = $1")
            .bind(name)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(left, 0);
    }

    #[test]
    fn another_database_of_the_same_server() {
        assert_eq!(
            with_database("postgres://a:b@h:1/old", "new"),
            "postgres://a:b@h:1/new"
        );
        assert_eq!(
            with_database("postgres://a:b@h:1", "new"),
            "postgres://a:b@h:1/new"
        );
        assert_eq!(
            with_database("postgres://a@h/old?sslmode=disable", "new"),
            "postgres://a@h/new?sslmode=disable"
        );
    }
}

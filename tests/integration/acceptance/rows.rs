//! Rows that no interface shows: counts of releases and the beginnings of environments. They are read by a connection
//! of their own, so the SQLite store is a file here.

use super::world::{Desk, SHOP, World, config};
use chrono::{DateTime, Utc};
use picket_core::model::GroupHash;
use picket_core::store::{Access, Store, sqlite_url};
use picket_tests::fresh::Fresh;
use picket_tests::postgres::Schema;
use picket_tests::scenario::Play;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::sync::Arc;
use tempfile::TempDir;

/// A store and where to look into it.
pub enum Rows {
    File(TempDir),
    Schema(Schema, String),
}

impl Rows {
    pub async fn fresh(world: &World) -> Self {
        match world.place() {
            Fresh::Memory => Self::File(tempfile::tempdir().unwrap()),
            Fresh::Postgres(server) => Self::Schema(Schema::new(server), server.clone()),
        }
    }

    pub async fn desk(&self) -> Desk {
        let url = match self {
            Self::File(folder) => sqlite_url(&folder.path().join("a.db")).unwrap(),
            Self::Schema(schema, _) => schema.url().to_owned(),
        };
        let store = Store::open(&url, Access::ReadWrite).await.unwrap();
        Desk(Play::start(Arc::new(store), &config()).await.unwrap())
    }

    pub async fn remove(self, desk: Desk) {
        desk.0.store().close().await;
        if let Self::Schema(schema, _) = self {
            schema.remove().await.unwrap();
        }
    }

    /// Issues that were opened with a release.
    pub async fn new_groups(&self, version: &str) -> Option<i64> {
        self.number(&format!(
            "SELECT CAST(new_groups AS bigint) FROM project_release WHERE project_id = {SHOP} AND version = '{version}'"
        ))
        .await
    }

    /// Issues that were seen in an environment for the first time with a release.
    pub async fn new_issues(&self, version: &str, environment: &str) -> Option<i64> {
        self.number(&format!(
            "SELECT CAST(new_issues AS bigint) FROM project_release_environment
             WHERE project_id = {SHOP} AND version = '{version}' AND environment = '{environment}'"
        ))
        .await
    }

    /// The first release of an issue in an environment, and when it was seen there first.
    pub async fn environment(
        &self,
        fingerprint: &str,
        environment: &str,
    ) -> (Option<String>, DateTime<Utc>) {
        let hash = GroupHash::of(fingerprint);
        let of_issue = |hash: &str| {
            format!(
                "FROM issue_environment AS e JOIN grouphash AS h ON h.issue_id = e.issue_id
                 WHERE h.project_id = {SHOP} AND h.hash = {hash} AND e.environment = '{environment}'"
            )
        };
        match self {
            Self::File(_) => {
                let sql = of_issue(&format!("X'{hash}'"));
                let sql = AssertSqlSafe(format!("SELECT e.first_release, e.first_seen {sql}"));
                let (release, micros): (Option<String>, i64) = sqlx::query_as(sql)
                    .fetch_one(&mut self.sqlite().await)
                    .await
                    .unwrap();
                (release, DateTime::from_timestamp_micros(micros).unwrap())
            }
            Self::Schema(..) => {
                let sql = of_issue(&format!("'{hash}'"));
                let sql = AssertSqlSafe(format!("SELECT e.first_release, e.first_seen {sql}"));
                sqlx::query_as(sql)
                    .fetch_one(&mut self.postgres().await)
                    .await
                    .unwrap()
            }
        }
    }

    async fn number(&self, sql: &str) -> Option<i64> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::File(_) => {
                sqlx::query_scalar(sql)
                    .fetch_optional(&mut self.sqlite().await)
                    .await
            }
            Self::Schema(..) => {
                sqlx::query_scalar(sql)
                    .fetch_optional(&mut self.postgres().await)
                    .await
            }
        }
        .unwrap()
    }

    async fn sqlite(&self) -> sqlx::SqliteConnection {
        let Self::File(folder) = self else {
            panic!("this store is no file");
        };
        let options = SqliteConnectOptions::new().filename(folder.path().join("a.db"));
        options.read_only(true).connect().await.unwrap()
    }

    async fn postgres(&self) -> PgConnection {
        let Self::Schema(schema, server) = self else {
            panic!("this store has no schema");
        };
        let mut connection = PgConnection::connect(server).await.unwrap();
        let path = format!("SET search_path TO {}", schema.name());
        sqlx::query(AssertSqlSafe(path))
            .execute(&mut connection)
            .await
            .unwrap();
        connection
    }
}

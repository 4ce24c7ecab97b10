//! People and teams.

use super::PostgresStore;
use crate::model::Directory;
use crate::store::StoreError;
use crate::store::column::storable;
use crate::store::records;

/// Two programs that start at once set their people one after the other; readers do not wait.
const LOCK: &str = "LOCK TABLE member, team IN SHARE ROW EXCLUSIVE MODE";
const CLEAR_MEMBERS: &str = "DELETE FROM member";
const CLEAR_TEAMS: &str = "DELETE FROM team";
/// $1: user, $2: place, $3: name, $4: address, $5: membership.
const ADD_MEMBER: &str = "
    INSERT INTO member (id, position, username, email, is_member) VALUES ($1, $2, $3, $4, $5)";
/// $1: team, $2: place, $3: short name.
const ADD_TEAM: &str = "INSERT INTO team (id, position, slug) VALUES ($1, $2, $3)";
const MEMBERS: &str = "SELECT id, username, email, is_member FROM member ORDER BY position";
const TEAMS: &str = "SELECT id, slug FROM team ORDER BY position";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    LOCK,
    CLEAR_MEMBERS,
    CLEAR_TEAMS,
    ADD_MEMBER,
    ADD_TEAM,
    MEMBERS,
    TEAMS,
];

impl PostgresStore {
    pub(in crate::store) async fn set_directory(
        &self,
        directory: &Directory,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(LOCK).execute(&mut *tx).await?;
        sqlx::query(CLEAR_MEMBERS).execute(&mut *tx).await?;
        sqlx::query(CLEAR_TEAMS).execute(&mut *tx).await?;
        for (position, user) in (0_i32..).zip(&directory.users) {
            sqlx::query(ADD_MEMBER)
                .bind(user.id)
                .bind(position)
                .bind(storable(&user.username))
                .bind(user.email.as_deref().map(storable))
                .bind(user.is_member)
                .execute(&mut *tx)
                .await?;
        }
        for (position, team) in (0_i32..).zip(&directory.teams) {
            sqlx::query(ADD_TEAM)
                .bind(team.id)
                .bind(position)
                .bind(storable(&team.slug))
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn directory(&self) -> Result<Directory, StoreError> {
        let mut tx = self.begin_read().await?;
        let users: Vec<(i64, String, Option<String>, bool)> =
            sqlx::query_as(MEMBERS).fetch_all(&mut *tx).await?;
        let teams: Vec<(i64, String)> = sqlx::query_as(TEAMS).fetch_all(&mut *tx).await?;
        Ok(records::directory(users, teams))
    }
}

//! People and teams.

use super::SqliteStore;
use crate::model::Directory;
use crate::store::StoreError;
use crate::store::column::storable;
use crate::store::records::{self, MemberRecord};

const CLEAR_MEMBERS: &str = "DELETE FROM member";
const CLEAR_TEAMS: &str = "DELETE FROM team";
const CLEAR_TEAM_MEMBERS: &str = "DELETE FROM team_member";
const CLEAR_TEAM_PROJECTS: &str = "DELETE FROM team_project";
/// ?1: user, ?2: place, ?3: name, ?4: address, ?5: membership, ?6: whether they assign to themselves.
const ADD_MEMBER: &str = "
    INSERT INTO member (id, position, username, email, is_member, assigns_itself)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
/// ?1: team, ?2: place, ?3: short name.
const ADD_TEAM: &str = "INSERT INTO team (id, position, slug) VALUES (?1, ?2, ?3)";
/// ?1: team, ?2: user.
const ADD_TEAM_MEMBER: &str =
    "INSERT INTO team_member (team_id, user_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
/// ?1: team, ?2: project.
const ADD_TEAM_PROJECT: &str =
    "INSERT INTO team_project (team_id, project_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
const MEMBERS: &str =
    "SELECT id, username, email, is_member, assigns_itself FROM member ORDER BY position";
const TEAMS: &str = "SELECT id, slug FROM team ORDER BY position";
const TEAM_MEMBERS: &str = "SELECT team_id, user_id FROM team_member ORDER BY team_id, user_id";
const TEAM_PROJECTS: &str =
    "SELECT team_id, project_id FROM team_project ORDER BY team_id, project_id";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    CLEAR_MEMBERS,
    CLEAR_TEAMS,
    CLEAR_TEAM_MEMBERS,
    CLEAR_TEAM_PROJECTS,
    ADD_MEMBER,
    ADD_TEAM,
    ADD_TEAM_MEMBER,
    ADD_TEAM_PROJECT,
    MEMBERS,
    TEAMS,
    TEAM_MEMBERS,
    TEAM_PROJECTS,
];

impl SqliteStore {
    pub(in crate::store) async fn set_directory(
        &self,
        directory: &Directory,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        for statement in [
            CLEAR_MEMBERS,
            CLEAR_TEAMS,
            CLEAR_TEAM_MEMBERS,
            CLEAR_TEAM_PROJECTS,
        ] {
            sqlx::query(statement).execute(&mut *tx).await?;
        }
        for (position, user) in (0_i64..).zip(&directory.users) {
            sqlx::query(ADD_MEMBER)
                .bind(user.id)
                .bind(position)
                .bind(storable(&user.username).into_owned())
                .bind(
                    user.email
                        .as_deref()
                        .map(|email| storable(email).into_owned()),
                )
                .bind(user.is_member)
                .bind(user.assigns_itself)
                .execute(&mut *tx)
                .await?;
        }
        for (position, team) in (0_i64..).zip(&directory.teams) {
            sqlx::query(ADD_TEAM)
                .bind(team.id)
                .bind(position)
                .bind(storable(&team.slug).into_owned())
                .execute(&mut *tx)
                .await?;
            for member in &team.members {
                sqlx::query(ADD_TEAM_MEMBER)
                    .bind(team.id)
                    .bind(member)
                    .execute(&mut *tx)
                    .await?;
            }
            for project in &team.projects {
                sqlx::query(ADD_TEAM_PROJECT)
                    .bind(team.id)
                    .bind(project.0)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn directory(&self) -> Result<Directory, StoreError> {
        let mut tx = self.begin_read().await?;
        let users: Vec<MemberRecord> = sqlx::query_as(MEMBERS).fetch_all(&mut *tx).await?;
        let teams: Vec<(i64, String)> = sqlx::query_as(TEAMS).fetch_all(&mut *tx).await?;
        let members: Vec<(i64, i64)> = sqlx::query_as(TEAM_MEMBERS).fetch_all(&mut *tx).await?;
        let projects: Vec<(i64, i64)> = sqlx::query_as(TEAM_PROJECTS).fetch_all(&mut *tx).await?;
        Ok(records::directory(users, teams, &members, &projects))
    }
}

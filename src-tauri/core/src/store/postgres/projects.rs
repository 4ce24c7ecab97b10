//! Projects: their names, their rules and their releases.

use super::PostgresStore;
use crate::model::{Project, ProjectId};
use crate::store::column::storable;
use crate::store::records::ProjectRecord;
use crate::store::{RELEASES_CAP, StoreError};

const PROJECTS: &str = r#"
    SELECT id, slug, resolve_age_hours, feedback_in_inbox FROM project ORDER BY slug COLLATE "C""#;
/// $1: project, $2: slug, $3: hours, $4: whether feedback reaches the inbox.
const NAME_PROJECT: &str = "
    INSERT INTO project (id, slug, resolve_age_hours, feedback_in_inbox) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET
        slug = excluded.slug, resolve_age_hours = excluded.resolve_age_hours,
        feedback_in_inbox = excluded.feedback_in_inbox";
/// `project_release_by_age`, from its end. $1: project, $2: limit.
const RELEASES: &str = r#"
    SELECT version FROM project_release WHERE project_id = $1
    ORDER BY date_added DESC, version COLLATE "C" DESC LIMIT $2"#;
/// `project_release` by its key. $1: project, $2: version.
const COUNT_RELEASE: &str =
    "SELECT count(*) FROM project_release WHERE project_id = $1 AND version = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[PROJECTS, NAME_PROJECT];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[RELEASES, COUNT_RELEASE];

impl PostgresStore {
    pub(in crate::store) async fn projects(&self) -> Result<Vec<Project>, StoreError> {
        let rows: Vec<ProjectRecord> = sqlx::query_as(PROJECTS).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub(in crate::store) async fn name_projects(
        &self,
        projects: &[Project],
    ) -> Result<(), StoreError> {
        // In the order in which batches lock them.
        let mut projects: Vec<_> = projects.iter().collect();
        projects.sort_by_key(|project| project.id);
        let mut tx = self.begin_write().await?;
        for project in projects {
            let hours = project.rules.resolve_age_hours;
            sqlx::query(NAME_PROJECT)
                .bind(project.id.0)
                .bind(&project.slug)
                .bind(hours.map(|hours| i32::try_from(hours).unwrap_or(i32::MAX)))
                .bind(project.rules.feedback_in_inbox)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn project_releases(
        &self,
        project: ProjectId,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(RELEASES)
            .bind(project.0)
            .bind(i64::from(RELEASES_CAP))
            .fetch_all(&self.pool)
            .await?)
    }

    pub(in crate::store) async fn has_release(
        &self,
        project: ProjectId,
        version: &str,
    ) -> Result<bool, StoreError> {
        let count: i64 = sqlx::query_scalar(COUNT_RELEASE)
            .bind(project.0)
            .bind(storable(version))
            .fetch_one(&self.pool)
            .await?;
        Ok(count > 0)
    }
}

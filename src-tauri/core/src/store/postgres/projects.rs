//! Projects and their names.

use super::PostgresStore;
use crate::model::{Project, ProjectId, ProjectRules};
use crate::store::StoreError;

const PROJECTS: &str = r#"SELECT id, slug FROM project ORDER BY slug COLLATE "C""#;
/// $1: project, $2: slug.
const NAME_PROJECT: &str = "
    INSERT INTO project (id, slug) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET slug = excluded.slug";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[PROJECTS, NAME_PROJECT];

impl PostgresStore {
    pub(in crate::store) async fn projects(&self) -> Result<Vec<Project>, StoreError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(PROJECTS).fetch_all(&self.pool).await?;
        Ok(rows
            .into_iter()
            .map(|(id, slug)| Project {
                id: ProjectId(id),
                slug,
                rules: ProjectRules::default(),
            })
            .collect())
    }

    pub(in crate::store) async fn name_projects(
        &self,
        projects: &[Project],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        for project in projects {
            sqlx::query(NAME_PROJECT)
                .bind(project.id.0)
                .bind(&project.slug)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

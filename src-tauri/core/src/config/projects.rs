//! Projects as the settings name them.

use crate::model::{Project, ProjectId, ProjectRules};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A project's number and how its issues behave. Written as the number alone, or as a table with `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ProjectSettings {
    /// The producer's number.
    pub id: i64,
    /// Hours without an occurrence after which issues count as resolved; never where it is left out.
    pub resolve_age_hours: Option<u32>,
    /// Whether feedback from user reports reaches the inbox.
    pub feedback_in_inbox: bool,
}

impl ProjectSettings {
    /// A project with a number and the usual rules.
    #[must_use]
    pub fn numbered(id: i64) -> Self {
        let usual = ProjectRules::default();
        Self {
            id,
            resolve_age_hours: usual.resolve_age_hours,
            feedback_in_inbox: usual.feedback_in_inbox,
        }
    }

    /// The project that has these settings and this name.
    #[must_use]
    pub fn project(&self, slug: &str) -> Project {
        Project {
            id: ProjectId(self.id),
            slug: slug.to_owned(),
            rules: ProjectRules {
                resolve_age_hours: self.resolve_age_hours,
                feedback_in_inbox: self.feedback_in_inbox,
            },
        }
    }
}

/// The long form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectTable {
    id: i64,
    resolve_age_hours: Option<u32>,
    feedback_in_inbox: Option<bool>,
}

impl From<ProjectTable> for ProjectSettings {
    fn from(table: ProjectTable) -> Self {
        let usual = Self::numbered(table.id);
        Self {
            resolve_age_hours: table.resolve_age_hours.or(usual.resolve_age_hours),
            feedback_in_inbox: table.feedback_in_inbox.unwrap_or(usual.feedback_in_inbox),
            ..usual
        }
    }
}

// By hand, because a derived choice between the two forms would not say which key is wrong.
impl<'de> Deserialize<'de> for ProjectSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrTable;

        impl<'de> Visitor<'de> for NumberOrTable {
            type Value = ProjectSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of a project, or a table with its `id`")
            }

            fn visit_i64<E: Error>(self, id: i64) -> Result<Self::Value, E> {
                Ok(ProjectSettings::numbered(id))
            }

            fn visit_u64<E: Error>(self, id: u64) -> Result<Self::Value, E> {
                let id = i64::try_from(id).map_err(|_| E::custom("the number is too large"))?;
                self.visit_i64(id)
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Self::Value, A::Error> {
                ProjectTable::deserialize(MapAccessDeserializer::new(table)).map(Into::into)
            }
        }

        deserializer.deserialize_any(NumberOrTable)
    }
}

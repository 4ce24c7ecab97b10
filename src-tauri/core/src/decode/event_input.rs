//! The event that comes along in a message, before anything is made of it (occurrences spec, section 3.3).

use super::event_schema::{self, Fits};
use super::fields::{Object, Value, invalid, optional_uuid};
use super::json;
use crate::model::{EventId, GroupType, Level, Measures, ProjectId, Rejection};
use std::fmt::Display;

/// An event object that passed every check of section 3.3.
#[derive(Debug)]
pub(super) struct EventInput<'a> {
    /// Its own id, which may differ from the occurrence's.
    pub id: EventId,
    /// Its members as they came, those that will not survive included.
    pub body: Object<'a>,
}

/// What the message around an event says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub project_id: ProjectId,
    pub event_id: Option<EventId>,
    pub level: Level,
    pub group_type: &'static GroupType,
}

impl<'a> EventInput<'a> {
    /// Checks an event against the message it came in.
    ///
    /// # Errors
    /// `invalid_payload` for a project or id that does not fit, then `invalid_event_schema`.
    pub fn check(
        body: Object<'a>,
        named: &Named,
        measures: &mut Measures,
    ) -> Result<Self, Rejection> {
        let project_id = named.project_id;
        let body_project = body.get("project_id").unwrap_or(&Value::Null);
        if body_project.as_i64() != Some(project_id.0) {
            let found = json::found(body_project);
            return Err(invalid(format!(
                "project mismatch: project_id is {project_id}, event.project_id is {found}"
            )));
        }
        let Some(id) = optional_uuid("event.event_id", body.get("event_id"))? else {
            return Err(invalid(match named.event_id {
                Some(_) => "event.event_id is missing, although the message has an event_id",
                None => "event_id and event.event_id are both missing",
            }));
        };
        let fits = event_schema::check(&body, named.level);
        let tag: &[(_, &dyn Display)] = &[("occurrence_type", &named.group_type.id)];
        if !matches!(fits, Ok(Fits::Current)) {
            measures.count("occurrence_ingest.event_payload_invalid", tag);
        }
        if fits.is_err() {
            measures.count("occurrence_ingest.legacy_event_payload_invalid", tag);
        }
        fits?;
        Ok(Self {
            id: EventId(id),
            body,
        })
    }
}

//! Occurrences and issues that were stored before searches read anything of them: which they are, and what they say.

use super::content::issue_text;
use super::known::Known;
use super::search_rows::{self, Place, SearchRows};
use crate::decode::{read_stored_event, read_stored_occurrence, stored_light_facts};
use crate::model::{EventFacts, EventId, ProjectId, SearchText};
use rayon::prelude::*;
use sqlx::FromRow;
use std::sync::Arc;
use uuid::Uuid;

/// How far reading has come.
#[derive(Debug, Clone, Copy, FromRow)]
pub(super) struct Position {
    pub next_seq: i64,
    pub last_seq: i64,
}

impl Position {
    /// Where reading goes on after `rows`, of which `most` were asked for.
    pub(super) fn after(self, rows: &[Unread], most: u32) -> i64 {
        match rows.last() {
            Some(row) if rows.len() >= most as usize => row.seq,
            _ => self.last_seq,
        }
    }
}

/// An occurrence of which searches know nothing.
#[derive(Debug, FromRow)]
pub(super) struct Unread {
    pub seq: i64,
    pub project_id: i64,
    pub id: Uuid,
    pub event_id: Uuid,
    pub issue_id: i64,
    pub environment: String,
    pub release: Option<String>,
    pub user_key: Option<String>,
    pub light_tags: Option<String>,
    pub payload: Vec<u8>,
    pub body: Option<Vec<u8>>,
}

/// Works out the facts of occurrences, on all processors.
pub(super) fn facts(rows: &[Unread]) -> Vec<Arc<EventFacts>> {
    rows.par_iter().map(Unread::facts).collect()
}

/// The numbers of occurrences, and the bits of their terms.
pub(super) fn term_bits(rows: &[Unread], facts: &[Arc<EventFacts>]) -> Vec<(i64, i64)> {
    let rows = rows.iter().zip(facts);
    rows.filter_map(|(row, facts)| {
        let (release, user) = (row.release.as_deref(), row.user_key.as_deref());
        let bits = search_rows::term_bits(facts, &row.environment, release, user)?;
        Some((row.seq, bits))
    })
    .collect()
}

/// What is to be written of occurrences and their facts.
pub(super) fn search_rows<'a>(
    rows: &'a [Unread],
    facts: &'a [Arc<EventFacts>],
    known: &Known,
) -> SearchRows<'a> {
    let mut found = SearchRows::default();
    let mut known = known.lock();
    for (row, facts) in rows.iter().zip(facts) {
        let place = Place {
            // Somebody may have removed it since it was read.
            seq: None,
            project_id: row.project_id,
            id: row.id,
            event_id: row.event_id,
            issue_id: row.issue_id,
        };
        found.event(&mut known, place, facts);
    }
    found
}

impl Unread {
    /// A body belongs to an event that is not light. What cannot be read has no facts, as it is not shown either.
    fn facts(&self) -> Arc<EventFacts> {
        let body = self.body.as_ref().filter(|_| self.light_tags.is_none());
        let facts = match body {
            Some(body) => {
                let (project, event) = (ProjectId(self.project_id), EventId(self.event_id));
                read_stored_event(project, event, body).map(|event| event.facts)
            }
            None => self.light_facts(),
        };
        facts.unwrap_or_else(|problem| {
            tracing::warn!(
                seq = self.seq,
                problem,
                "searches will not find this occurrence"
            );
            Arc::default()
        })
    }

    fn light_facts(&self) -> Result<Arc<EventFacts>, String> {
        let occurrence = read_stored_occurrence(&self.payload)?;
        let tags = match &self.light_tags {
            Some(tags) => serde_json::from_str(tags).map_err(|error| error.to_string())?,
            None => Vec::new(),
        };
        let (environment, release) = (self.environment.clone(), self.release.clone());
        Ok(stored_light_facts(&occurrence, tags, environment, release))
    }
}

/// An issue whose text is not in `search_text`.
#[derive(Debug, FromRow)]
pub(super) struct Untold {
    pub id: i64,
    pub title: String,
    pub subtitle: String,
    pub message: String,
    pub culprit: String,
}

impl Untold {
    pub(super) fn text(&self) -> SearchText {
        issue_text(&self.title, &self.subtitle, &self.message, &self.culprit)
    }
}

/// How much searches do not know yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct SearchBacklog {
    /// Numbers of occurrences that remain to be looked at.
    pub occurrences: i64,
    /// Whether issues remain whose own text is not known.
    pub has_issues: bool,
}

impl SearchBacklog {
    /// Whether searches know everything.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.occurrences == 0 && !self.has_issues
    }
}

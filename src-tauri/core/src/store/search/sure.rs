//! What an issue alone decides for all of its events, so that none of them has to be read: free text in the issue's own
//! text is found in each event of an issue that is not an error.

use super::condition::{self, Around};
use super::sql::Sql;
use crate::search::{Condition, EventTest, TextTest};

/// A condition that, where it holds for an issue, holds for every event of it. Where it does not, events may still match.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sure<'a> {
    /// All of these.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// What is asked of the issue.
    Issue(&'a Condition),
    /// Its own text contains this, and is what free text is looked for in.
    OwnText(&'a TextTest),
}

impl<'a> Sure<'a> {
    /// Of a condition that asks for free text; nothing where only events can tell.
    pub fn of(condition: &'a Condition) -> Option<Self> {
        Self::part(condition).filter(Self::asks_for_text)
    }

    fn part(condition: &'a Condition) -> Option<Self> {
        match condition {
            Condition::All(parts) => {
                let parts: Option<Vec<_>> = parts.iter().map(Self::part).collect();
                parts.map(Self::All)
            }
            Condition::Any(parts) => Some(Self::Any(parts.iter().filter_map(Self::part).collect())),
            Condition::Event(EventTest::Contains(test)) => Some(Self::OwnText(test)),
            Condition::Issue(_) | Condition::Not(_) => {
                let asks_more = condition.asks_events() || condition.asks_sums();
                (!asks_more).then_some(Self::Issue(condition))
            }
            Condition::Event(_) | Condition::Sum(_) => None,
        }
    }

    fn asks_for_text(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_for_text),
            Self::Issue(_) => false,
            Self::OwnText(_) => true,
        }
    }

    /// Appends that it holds for issue `i`. `search_text` by its unique (issue_id, hash).
    pub fn push(&self, sql: &mut Sql, around: Around<'_>) {
        sql.push(
            "(SELECT 1 FROM search_text AS t WHERE t.issue_id = i.id AND t.hash = i.text_hash AND ",
        );
        self.push_part(sql, around);
        sql.push(") IS NOT NULL");
    }

    fn push_part(&self, sql: &mut Sql, around: Around<'_>) {
        match self {
            Self::All(parts) => {
                sql.joined(parts, " AND ", "1 = 1", |sql, part| {
                    part.push_part(sql, around);
                });
            }
            Self::Any(parts) => {
                sql.joined(parts, " OR ", "1 = 0", |sql, part| {
                    part.push_part(sql, around);
                });
            }
            Self::Issue(asked) => condition::push(sql, asked, around),
            Self::OwnText(test) => condition::own_text_contains(sql, test),
        }
    }
}

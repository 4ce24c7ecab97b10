//! How the messages of a batch ended.

use super::batch::BatchItem;
use crate::model::ProjectId;
use crate::store::{Ending, Tally};
use std::collections::BTreeMap;

/// Endings, in sum and per project.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    pub tally: Tally,
    by_project: BTreeMap<(ProjectId, Ending), u32>,
}

impl Outcomes {
    /// Counts one message.
    pub fn count(&mut self, item: &BatchItem, ending: Ending) {
        self.tally.count(ending);
        *self
            .by_project
            .entry((project(item, ending), ending))
            .or_default() += 1;
    }

    /// Project, ending and number of messages.
    pub fn rows(&self) -> Vec<(ProjectId, Ending, u32)> {
        let rows = self.by_project.iter();
        rows.map(|((project, ending), count)| (*project, *ending, *count))
            .collect()
    }
}

/// What cannot be read belongs to no project.
fn project(item: &BatchItem, ending: Ending) -> ProjectId {
    let named = item
        .decoded
        .envelope
        .as_ref()
        .and_then(|envelope| envelope.project);
    match ending {
        Ending::DeadLettered(_) => ProjectId(0),
        _ => named.unwrap_or(ProjectId(0)),
    }
}

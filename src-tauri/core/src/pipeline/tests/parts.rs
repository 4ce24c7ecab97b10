//! A batch that the store refuses is stored in parts.

use super::*;
use crate::model::{EventId, Project};
use crate::pipeline::{Batch, Processor, Progress};
use crate::store::Tally;
use crate::store::{
    Commit, Decide, IngestStore, LoadPlan, OffsetAdvance, StoreError, StoredOffset,
};
use std::collections::HashMap;
use std::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Keeps event bodies and refuses occurrences with a certain offset.
#[derive(Default)]
struct Picky {
    refuses: i64,
    events: Mutex<HashMap<(ProjectId, EventId), Vec<u8>>>,
}

impl IngestStore for Picky {
    async fn ingest(
        &self,
        _: &str,
        _: &[OffsetAdvance],
        _: &LoadPlan,
        decide: &impl Decide,
    ) -> Result<Commit, StoreError> {
        let effects = decide.decide(BatchState::default()).await?;
        let refused =
            |occurrence: &crate::store::OccurrenceWrite| occurrence.offset == self.refuses;
        if effects.occurrences.iter().any(refused) {
            return Err(StoreError::Refused(sqlx::Error::RowNotFound));
        }
        let bodies = effects.events.into_iter().map(|event| {
            let key = (event.project_id, event.event_id);
            (key, event.body.compressed.to_vec())
        });
        self.events.lock().unwrap().extend(bodies);
        Ok(Commit {
            revision: 1,
            tally: effects.tally,
            measures: effects.measures,
        })
    }

    async fn load_events(
        &self,
        wanted: &[(ProjectId, EventId)],
    ) -> Result<HashMap<(ProjectId, EventId), Vec<u8>>, StoreError> {
        let events = self.events.lock().unwrap();
        let found = wanted
            .iter()
            .filter_map(|key| Some((*key, events.get(key)?.clone())));
        Ok(found.collect())
    }

    async fn offsets(&self, _: &str) -> Result<Vec<StoredOffset>, StoreError> {
        Ok(Vec::new())
    }

    async fn claim_partition(&self, _: &str, _: &str, _: i32, at: i64) -> Result<i64, StoreError> {
        Ok(at)
    }

    async fn name_projects(&self, _: &[Project]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn skip_gap(
        &self,
        _: &str,
        _: &OffsetAdvance,
        _: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

#[derive(Default)]
struct Sum(Mutex<(Tally, Vec<(i64, i64)>)>);

impl Progress for Sum {
    fn committed(&self, commit: &Commit, moves: &[OffsetAdvance], _: &[BatchItem]) {
        let mut sum = self.0.lock().unwrap();
        sum.0.add(&commit.tally);
        sum.1
            .extend(moves.iter().map(|advance| (advance.from, advance.to)));
    }

    fn store_away(&self, _: &StoreError) {}

    fn store_back(&self) {}
}

#[tokio::test]
async fn one_record_is_set_aside_and_events_of_earlier_parts_are_found() {
    let refers = with(message(3, "a"), |m| {
        m["event_id"] = json!(format!("{:032x}", 0x1001));
        m.as_object_mut().unwrap().remove("event");
    });
    let messages = [message(1, "a"), message(2, "b"), refers, message(4, "c")];
    let store = Arc::new(Picky {
        refuses: 3,
        ..Picky::default()
    });
    let processor = Processor::new(store, settings());
    let batch = Batch {
        source: Arc::from("test"),
        items: items(&messages),
        starts: BTreeMap::from([((Arc::from("ingest-occurrences"), 0), 0)]),
        now: now(),
    };
    let sum = Sum::default();
    let stored = processor
        .store(batch, &sum, &CancellationToken::new())
        .await;
    assert!(stored.is_ok());
    let (tally, moves) = sum.0.into_inner().unwrap();
    assert_eq!(moves, [(0, 2), (2, 3), (3, 4)]);
    let ended = |ending| tally.0.get(&ending).copied().unwrap_or(0);
    assert_eq!(
        ended(Ending::Created),
        3,
        "the store answers that it knows no issue"
    );
    assert_eq!(ended(Ending::DeadLettered(RejectReason::InternalError)), 1);
    assert_eq!(
        ended(Ending::DeadLettered(RejectReason::EventLookupFailed)),
        0
    );
}

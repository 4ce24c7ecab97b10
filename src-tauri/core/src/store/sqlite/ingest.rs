//! One batch, one transaction.

use super::statement::integer_uuid_pairs;
use super::written::Written;
use super::{
    SqliteStore, Tx, hot, load, state, write, write_actions, write_issues, write_search,
    write_states,
};
use crate::model::{EventId, ProjectId};
use crate::store::action_rows::image_rows;
use crate::store::column::{Stamp, hour_of};
use crate::store::known::Known;
use crate::store::rows::{self, Identities, Rows};
use crate::store::search_rows::SearchRows;
use crate::store::state_rows::refuse_invalid_status;
use crate::store::{
    Ahead, Commit, Decide, Effects, LoadPlan, OffsetAdvance, StoreError, StoredOffset, Turn,
    Wanted, fence, short_ids, stands,
};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::mem::take;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

/// ?1: source, ?2: topic, ?3: partition, ?4: next offset.
const CLAIM_PARTITION: &str = "
    INSERT INTO consumer_offset (source_id, topic, partition, next_offset) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (source_id, topic, partition) DO NOTHING";
/// ?1: source, ?2: topic, ?3: partition.
const OFFSET: &str = "SELECT next_offset FROM consumer_offset WHERE source_id = ?1 AND topic = ?2 AND partition = ?3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CLAIM_PARTITION, OFFSET];

impl SqliteStore {
    pub(in crate::store) async fn ingest(
        &self,
        source: &str,
        advances: &[OffsetAdvance],
        plan: &LoadPlan,
        decide: &impl Decide,
    ) -> Result<Commit, StoreError> {
        let mut tx = self.begin_write().await?;
        let source_id = load::source(&mut tx, source).await?;
        let moved = fence::advanced(&load::offsets(&mut tx, source_id).await?, advances)?;
        write::offsets(&mut tx, source_id, &moved).await?;

        let state = state::state(&mut tx, plan).await?;
        let effects = decide.decide(state).await?;
        let (commit, effects) =
            write(tx, (&self.known, &self.written), Some(source_id), effects).await?;
        self.committed(&effects);
        Ok(commit)
    }

    pub(in crate::store) async fn apply_turn<W: Send>(
        &self,
        turn: Turn<'_, W>,
        decide: &impl Decide<W>,
    ) -> Result<(Commit, Option<Ahead<W>>), StoreError> {
        let mut tx = self.begin_write().await?;
        let this = self.writes.load(Ordering::Relaxed);
        let work = match turn.ahead {
            Some(ahead) if ahead.during + 1 == this => ahead.work,
            _ => (turn.this.work)(state::state(&mut tx, turn.this.plan).await?),
        };
        let effects = decide.decide(work).await?;
        let Some(next) = turn.next else {
            let (commit, effects) = write(tx, (&self.known, &self.written), None, effects).await?;
            self.committed(&effects);
            return Ok((commit, None));
        };
        // A task of its own writes: the next turn is worked on in this one, and neither takes the other's thread.
        let (known, written) = (Arc::clone(&self.known), Arc::clone(&self.written));
        let writing = async move { write(tx, (&known, &written), None, effects).await };
        let writing = AbortOnDropHandle::new(tokio::spawn(writing));
        let ahead = self.ahead(next, this).await;
        let (commit, effects) = match writing.await {
            Ok(written) => written?,
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => return Err(sqlx::Error::WorkerCrashed.into()),
            },
        };
        self.committed(&effects);
        // To drop thousands of issues takes as long as to decide of them.
        rayon::spawn(move || drop(effects));
        Ok((commit, ahead))
    }

    /// Reads what a later transaction starts from while number `during` is written, and works on it. Not for a plan that
    /// names projects: those that are missing are created, which is no reading. Nor where no connection is idle: the
    /// transaction that is written, and whoever waits for its end, would wait for a reader.
    async fn ahead<W>(&self, next: Wanted<'_, W>, during: u64) -> Option<Ahead<W>> {
        if !next.plan.projects.is_empty() {
            return None;
        }
        let read = async {
            let Some(mut tx) = self.readers.try_begin().await? else {
                return Ok(None);
            };
            state::state(&mut tx, next.plan).await.map(Some)
        };
        match read.await {
            Ok(state) => state.map(|state| Ahead {
                work: (next.work)(state),
                during,
            }),
            Err(error) => {
                tracing::debug!(%error, "the next transaction was not read ahead");
                None
            }
        }
    }

    /// Takes note of a commit.
    fn committed(&self, effects: &Effects) {
        if let Some(log) = &self.log {
            log.committed(effects.occurrences.len() + effects.issues.len());
        }
    }

    pub(in crate::store) async fn load_events(
        &self,
        events: &[(ProjectId, EventId)],
    ) -> Result<HashMap<(ProjectId, EventId), Vec<u8>>, StoreError> {
        let wanted = integer_uuid_pairs(events.iter().map(|(project, event)| (project.0, event.0)));
        let rows: Vec<(i64, Uuid, Vec<u8>)> = sqlx::query_as(hot::EVENT_BODIES)
            .bind(wanted)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(project, id, body)| ((ProjectId(project), EventId(id)), body))
            .collect())
    }

    pub(in crate::store) async fn offsets(
        &self,
        source: &str,
    ) -> Result<Vec<StoredOffset>, StoreError> {
        let mut tx = self.begin_read().await?;
        match load::known_source(&mut tx, source).await? {
            Some(id) => load::offsets(&mut tx, id).await,
            None => Ok(Vec::new()),
        }
    }

    pub(in crate::store) async fn claim_partition(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        initial: i64,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin_write().await?;
        let source_id = load::source(&mut tx, source).await?;
        sqlx::query(CLAIM_PARTITION)
            .bind(source_id)
            .bind(topic)
            .bind(partition)
            .bind(initial)
            .execute(&mut *tx)
            .await?;
        let next_offset = sqlx::query_scalar(OFFSET)
            .bind(source_id)
            .bind(topic)
            .bind(partition)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(next_offset)
    }

    pub(in crate::store) async fn skip_gap(
        &self,
        source: &str,
        advance: &OffsetAdvance,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let source_id = load::source(&mut tx, source).await?;
        let stored = load::offsets(&mut tx, source_id).await?;
        let moved = fence::advanced(&stored, std::slice::from_ref(advance))?;
        write::offsets(&mut tx, source_id, &moved).await?;
        if advance.to > advance.from {
            let lost = rows::gap_outcome(hour_of(now), advance.to - advance.from);
            write::outcomes(&mut tx, &[lost]).await?;
        }
        write::next_revision(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes what was decided and commits. Gives back what it wrote.
///
/// SQLite works on a thread of its own. Most of what an action on many issues writes is how they stand: that goes first,
/// and all other rows are worked out meanwhile. They are dropped while it commits.
async fn write(
    mut tx: Tx,
    (known, written): (&Known, &Written),
    source_id: Option<i64>,
    mut effects: Effects,
) -> Result<(Commit, Effects), StoreError> {
    refuse_invalid_status(&effects)?;
    let source_id = rows::source_of(source_id, &effects)?;
    let stored_at = Stamp::of(effects.now.unwrap_or_default());
    let letters = rows::dead_letters(&effects)?;
    write_states::replayed(&mut tx, &effects.replayed).await?;
    write::dead_letters(&mut tx, source_id, &letters, stored_at).await?;

    let opened = rows::new_issues(&effects);
    let ids = write::take_issue_ids(&mut tx, opened.values().sum()).await?;
    let identities = Identities::give(&effects, ids)?;
    let revision = write::next_revision(&mut tx).await?;
    let restated = stands::restated(&effects);
    let work_out = async {
        let images = image_rows(&effects.actions)?;
        Ok::<_, StoreError>((Rows::of(&effects, &identities)?, images))
    };
    let restating = write_issues::restate(&mut tx, &restated, revision);
    let (done, worked_out) = tokio::join!(biased; restating, work_out);
    done?;
    let (mut rows, images) = worked_out?;

    let seqs = write::rows(&mut tx, source_id, &rows).await?;
    write_actions::rows(&mut tx, &effects.actions, &images, stored_at).await?;
    write::shared_rows(&mut tx, &rows).await?;
    let mut numberings = load::numberings(&mut tx, &opened).await?;
    rows.number(&mut numberings);
    write::counters(&mut tx, &numberings).await?;
    let search = SearchRows::of(&effects, &rows, known, seqs);
    let learned = write_search::rows(&mut tx, search, &effects, known, revision).await?;
    write_issues::rows(&mut tx, &rows, revision).await?;
    let restated = restated.iter().map(|row| row.id);
    written.note(revision, rows.issues().chain(restated).collect());
    let (committed, ()) = tokio::join!(biased; tx.commit(), async { drop((rows, images)) });
    committed?;
    known.learn(learned);
    let commit = Commit {
        revision,
        tally: take(&mut effects.tally),
        measures: short_ids::measured(take(&mut effects.measures), &numberings),
    };
    Ok((commit, effects))
}

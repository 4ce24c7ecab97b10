//! One batch, one transaction.

use super::state::HashKeys;
use super::{
    PostgresStore, Tx, hot, load, state, write, write_actions, write_issues, write_search,
    write_states,
};
use crate::model::{EventId, ProjectId};
use crate::store::action_rows::image_rows;
use crate::store::column::{Stamp, hour_of};
use crate::store::known::Known;
use crate::store::rows::{self, Identities, Rows};
use crate::store::state_rows::refuse_invalid_status;
use crate::store::{
    Ahead, Commit, Decide, Effects, LoadPlan, OffsetAdvance, StoreError, StoredOffset, Turn, fence,
    short_ids, stands,
};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// $1: source, $2: topic, $3: partition, $4: next offset.
const CLAIM_PARTITION: &str = "
    INSERT INTO consumer_offset (source_id, topic, partition, next_offset) VALUES ($1, $2, $3, $4)
    ON CONFLICT (source_id, topic, partition) DO NOTHING";
/// $1: source, $2: topic, $3: partition.
const OFFSET: &str = "SELECT next_offset FROM consumer_offset WHERE source_id = $1 AND topic = $2 AND partition = $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CLAIM_PARTITION, OFFSET];

impl PostgresStore {
    pub(in crate::store) async fn ingest(
        &self,
        source: &str,
        advances: &[OffsetAdvance],
        plan: &LoadPlan,
        decide: &impl Decide,
    ) -> Result<Commit, StoreError> {
        let mut tx = self.begin_write().await?;
        let source_id = load::source(&mut tx, source).await?;
        let moved = fence::advanced(
            &load::lock_offsets(&mut tx, source_id, advances).await?,
            advances,
        )?;
        write::offsets(&mut tx, source_id, &moved).await?;

        let (state, claimed) = state::state(&mut tx, plan).await?;
        let effects = decide.decide(state).await?;
        write(tx, &self.known, Some(source_id), effects, &claimed).await
    }

    /// Others write here too, so nothing is read before its issues are locked.
    pub(in crate::store) async fn apply_turn<W: Send>(
        &self,
        turn: Turn<'_, W>,
        decide: &impl Decide<W>,
    ) -> Result<(Commit, Option<Ahead<W>>), StoreError> {
        let mut tx = self.begin_write().await?;
        let (state, claimed) = state::state(&mut tx, turn.this.plan).await?;
        let effects = decide.decide((turn.this.work)(state)).await?;
        let commit = write(tx, &self.known, None, effects, &claimed).await?;
        Ok((commit, None))
    }

    pub(in crate::store) async fn load_events(
        &self,
        events: &[(ProjectId, EventId)],
    ) -> Result<HashMap<(ProjectId, EventId), Vec<u8>>, StoreError> {
        let (projects, ids): (Vec<i64>, Vec<Uuid>) =
            events.iter().map(|(project, id)| (project.0, id.0)).unzip();
        let rows: Vec<(i64, Uuid, Vec<u8>)> = sqlx::query_as(hot::EVENT_BODIES)
            .bind(projects)
            .bind(ids)
            .fetch_all(&self.pool)
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
        let advances = std::slice::from_ref(advance);
        let mut tx = self.begin_write().await?;
        let source_id = load::source(&mut tx, source).await?;
        let moved = fence::advanced(
            &load::lock_offsets(&mut tx, source_id, advances).await?,
            advances,
        )?;
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

/// Writes what was decided of a state that was loaded and locked, with the hashes that were `claimed` for it, and commits.
async fn write(
    mut tx: Tx,
    known: &Known,
    source_id: Option<i64>,
    effects: Effects,
    claimed: &HashKeys,
) -> Result<Commit, StoreError> {
    refuse_invalid_status(&effects)?;
    let source_id = rows::source_of(source_id, &effects)?;
    let stored_at = Stamp::of(effects.now.unwrap_or_default());
    let letters = rows::dead_letters(&effects)?;
    write_states::replayed(&mut tx, &effects.replayed).await?;
    write::dead_letters(&mut tx, source_id, &letters, stored_at).await?;

    let opened = rows::new_issues(&effects);
    let ids = write::take_issue_ids(&mut tx, opened.values().sum()).await?;
    let identities = Identities::give(&effects, ids)?;
    let mut rows = Rows::of(&effects, &identities)?;

    let seqs = write::rows(&mut tx, source_id, &rows).await?;
    let images = image_rows(&effects.actions)?;
    write_actions::rows(&mut tx, &effects.actions, &images, stored_at).await?;
    write::drop_free_hashes(&mut tx, claimed).await?;
    let learned = write_search::rows(&mut tx, &effects, &rows, known, seqs).await?;
    // What many batches write comes last, in one order: until the commit others wait for it.
    write::shared_rows(&mut tx, &rows).await?;
    let mut numberings = load::numberings(&mut tx, &opened).await?;
    rows.number(&mut numberings);
    write::counters(&mut tx, &numberings).await?;
    let revision = write::next_revision(&mut tx).await?;
    write_issues::rows(&mut tx, &rows, revision).await?;
    write_issues::restate(&mut tx, &stands::restated(&effects), revision).await?;
    tx.commit().await?;
    known.learn(learned);
    Ok(Commit {
        revision,
        tally: effects.tally,
        measures: short_ids::measured(effects.measures, &numberings),
    })
}

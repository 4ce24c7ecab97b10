//! Deletions whose time has come: the data of deleted issues goes, a bounded number of rows a transaction (search spec,
//! section 12.2). Interrupted anywhere, the next run goes on; run again, it finds nothing to do.

use crate::model::IssueId;
use crate::store::{ActionStore, DeletionJob, PurgeStep, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// Issues that are removed together.
pub const PURGE_BATCH: u32 = 100;
/// Rows beside issues of one transaction.
const SATELLITES: u32 = 10_000;
/// Occurrences of one transaction.
const OCCURRENCES: u32 = 10_000;
/// Deletions that one run looks at.
const JOBS: u32 = 100;
/// Transactions after which a run lets others go first.
const MOST_STEPS: u32 = 200;
/// When a deletion that is not done goes on.
const GO_ON: TimeDelta = TimeDelta::seconds(15);
/// When a deletion that failed, or whose program ended, is tried again.
const TRY_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// What a run of a deletion did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Issues that are gone for good.
    pub issues: u64,
    /// Whether none is left.
    pub finished: bool,
}

/// Runs the deletions that are due. One that fails does not hold up the others: it waits, and its problem is noted.
/// Answers how many issues are gone for good.
///
/// # Errors
/// When the store does not answer.
pub async fn purge_due(store: &impl ActionStore, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut issues = 0;
    for job in store.due_deletions(now, JOBS).await? {
        let mut steps = MOST_STEPS;
        issues += purge_one(store, &job, now, &mut steps).await?;
    }
    Ok(issues)
}

/// As [`purge_due`], for at most so many transactions altogether: for a program that does not stay.
///
/// # Errors
/// As [`purge_due`].
pub async fn purge_within(
    store: &impl ActionStore,
    now: DateTime<Utc>,
    mut steps: u32,
) -> Result<u64, StoreError> {
    let mut issues = 0;
    loop {
        let due = store.due_deletions(now, JOBS).await?;
        if due.is_empty() {
            return Ok(issues);
        }
        for job in due {
            if steps == 0 {
                return Ok(issues);
            }
            issues += purge_one(store, &job, now, &mut steps).await?;
        }
    }
}

async fn purge_one(
    store: &impl ActionStore,
    job: &DeletionJob,
    now: DateTime<Utc>,
    steps: &mut u32,
) -> Result<u64, StoreError> {
    if !store.claim_deletion(job, now + TRY_AGAIN).await? {
        return Ok(0);
    }
    match run(store, job.id, steps).await {
        Ok(purged) => {
            if !purged.finished {
                store.delay_deletion(job.id, now + GO_ON, None).await?;
            }
            Ok(purged.issues)
        }
        Err(error) => {
            let problem = error.to_string();
            tracing::error!(
                job = job.id,
                problem,
                "a deletion failed and is tried again"
            );
            store
                .delay_deletion(job.id, now + TRY_AGAIN, Some(&problem))
                .await?;
            Ok(0)
        }
    }
}

/// Runs one deletion, to its end or for `steps` transactions. One that is gone already is finished.
///
/// # Errors
/// When the store fails; what is gone until then is gone, and the rest is still in the deletion.
pub async fn run_deletion(
    store: &impl ActionStore,
    job: i64,
    steps: Option<u32>,
) -> Result<Purged, StoreError> {
    run(store, job, &mut steps.unwrap_or(u32::MAX)).await
}

/// Runs one deletion for as many transactions as are left.
async fn run(store: &impl ActionStore, job: i64, left: &mut u32) -> Result<Purged, StoreError> {
    let mut purged = Purged::default();
    let mut goes_on = || {
        let goes_on = *left > 0;
        *left = left.saturating_sub(1);
        goes_on
    };
    while goes_on() {
        let issues = store.take_deletion_batch(job, PURGE_BATCH).await?;
        if issues.is_empty() {
            store.end_deletion(job).await?;
            purged.finished = true;
            return Ok(purged);
        }
        if !empty(store, &issues, &mut goes_on).await? {
            return Ok(purged);
        }
        store.purge_issues(&issues).await?;
        purged.issues += issues.len() as u64;
    }
    Ok(purged)
}

/// Removes everything of the issues but themselves. False where it had to stop before.
async fn empty(
    store: &impl ActionStore,
    issues: &[IssueId],
    goes_on: &mut impl FnMut() -> bool,
) -> Result<bool, StoreError> {
    let kinds = [
        (PurgeStep::Satellites, SATELLITES),
        (PurgeStep::Occurrences, OCCURRENCES),
    ];
    for (step, limit) in kinds {
        loop {
            if !goes_on() {
                return Ok(false);
            }
            if store.purge(issues, step, limit).await? < u64::from(limit) {
                break;
            }
        }
    }
    Ok(true)
}

//! The window's list of whichever store: what [`super::snapshot`] reads, in transactions that end with who waits for it.

use super::reading::{searching, searching_while_wanted};
use super::snapshot as list;
use crate::search::Plan;
use crate::store::{Held, Store, StoreError};
use crate::view::{IssueChanges, IssueGrouping, IssueHead, IssueOrder, IssueSnapshot};
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};

/// Its first `most` ids (see [`super::snapshot::head`]), nothing where these take longer than `within`.
pub(in crate::store) async fn head(
    store: &Store,
    plan: &Plan,
    order: IssueOrder,
    (most, within): (usize, Duration),
    now: DateTime<Utc>,
) -> Result<Option<IssueHead>, StoreError> {
    let deadline = Instant::now() + within;
    searching!(store, ask => {
        let limited = ask.limit(deadline).await?;
        let head = limited.in_time(list::head(ask, plan, order, most, now).await);
        limited.end();
        head.map(Option::flatten)
    })
}

/// All of it (see [`super::snapshot::snapshot`]).
pub(in crate::store) async fn snapshot(
    store: &Store,
    plan: &Plan,
    order: IssueOrder,
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    searching_while_wanted!(store, ask => list::snapshot(ask, plan, order, most, now).await)
}

/// All of it in groups (see [`super::snapshot::grouped`]).
pub(in crate::store) async fn grouped(
    store: &Store,
    plan: &Plan,
    order: (IssueGrouping, IssueOrder),
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    searching_while_wanted!(store, ask => list::grouped(ask, plan, order, most, now).await)
}

/// How it has moved.
pub(in crate::store) async fn changes(
    store: &Store,
    plan: &Plan,
    held: &Held<'_>,
) -> Result<IssueChanges, StoreError> {
    let written_since = |revision| store.written_since(revision);
    searching_while_wanted!(store, ask => list::moved(ask, plan, held, written_since).await)
}

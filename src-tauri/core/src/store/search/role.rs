//! What a search asks of a store.

use super::ask::{AnyRow, Ask};
use super::listed_role::ListedStore;
use super::people::Stands;
use super::prefilter::Need;
use super::reading::{reading, searching};
use super::values::SeenValue;
use super::{
    group_trends, halves, inbox, names, order, page, selection, similar, values, walk, window_list,
};
use crate::model::IssueId;
use crate::paging::{Cursor, Limit, Page};
use crate::search::{Condition, Hit, KnownRelease, Plan, Sort};
use crate::similar::{Portrait, Probe};
use crate::store::{HEAD_CAP, HitPage, InboxPlan, SNAPSHOT_CAP, Store, StoreError};
use crate::view::{Count, IssueGrouping, IssueHead, IssueOrder, IssueSnapshot};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Finds issues, of which [`ListedStore`] says more.
pub trait SearchStore: ListedStore {
    /// The issues of short ids: slug in lower case, and number.
    fn issues_of_short_ids(
        &self,
        wanted: &BTreeSet<(String, i64)>,
    ) -> impl Future<Output = Result<HashMap<(String, i64), i64>, StoreError>> + Send;

    /// Releases of some projects, newest first, of equal age the greater text first.
    fn known_releases(
        &self,
        projects: &[i64],
    ) -> impl Future<Output = Result<Vec<KnownRelease>, StoreError>> + Send;

    /// Environments of some projects.
    fn known_environments(
        &self,
        projects: &[i64],
    ) -> impl Future<Output = Result<BTreeSet<String>, StoreError>> + Send;

    /// Those of these issues that belong to one of these projects and are not pending deletion or merge.
    fn issues_in_projects(
        &self,
        issues: &[i64],
        projects: &[i64],
    ) -> impl Future<Output = Result<BTreeSet<i64>, StoreError>> + Send;

    /// Whether an index finds the issues for which a condition may hold, without looking at their events.
    fn has_index(&self, condition: &Condition) -> bool;

    /// Ids of all hits, in no particular order.
    fn found_ids(
        &self,
        plan: &Plan,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// Ids of all hits in the order of the window's list.
    fn ordered_ids(
        &self,
        plan: &Plan,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// The first [`crate::store::HEAD_CAP`] ids of the window's list; nothing where there are fewer, where the order is not
    /// known before all of it is, or where it takes longer than `within`.
    fn head(
        &self,
        plan: &Plan,
        order: IssueOrder,
        within: Duration,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<IssueHead>, StoreError>> + Send;

    /// The window's list in groups, at most [`crate::store::SNAPSHOT_CAP`] ids of it. Within a group `order` holds.
    fn grouped_snapshot(
        &self,
        plan: &Plan,
        grouping: IssueGrouping,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<IssueSnapshot, StoreError>> + Send;

    /// What lately happened in groups of a list, as [`crate::view::IssueRow::trend`] says it of an issue, in the order
    /// of `keys`. A key that no issue has any more has an empty trend.
    fn group_trends(
        &self,
        plan: &Plan,
        grouping: IssueGrouping,
        keys: &[Option<String>],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Vec<Count>>, StoreError>> + Send;

    /// Every key that there are values of to choose from, in the order of their bytes.
    fn value_keys(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// Values of a key that hold `typed`, in any case, at most `limit`; those of most issues first.
    fn values(
        &self,
        key: &str,
        typed: &str,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<SeenValue>, StoreError>> + Send;

    /// As [`Self::values`], of the issues that `plan` finds alone; nothing where that takes longer than `within`.
    fn values_of_hits(
        &self,
        plan: &Plan,
        key: &str,
        typed: &str,
        limit: usize,
        within: Duration,
    ) -> impl Future<Output = Result<Option<Vec<SeenValue>>, StoreError>> + Send;

    /// How many hits each of these plans has, at most `cap`: nothing for those that were not counted `within` that time.
    fn counts(
        &self,
        plans: &[Plan],
        cap: i64,
        within: Duration,
    ) -> impl Future<Output = Result<Vec<Option<u64>>, StoreError>> + Send;

    /// Issues of some projects with an event of this id, ascending.
    fn issues_of_event(
        &self,
        event: Uuid,
        projects: &[i64],
    ) -> impl Future<Output = Result<Vec<i64>, StoreError>> + Send;

    /// A page of a search, and how many hits it has where `counts` asks for that.
    fn hit_page(
        &self,
        plan: &Plan,
        sort: Sort,
        place: (Limit, Option<Cursor>),
        counts: bool,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<HitPage, StoreError>> + Send;

    /// All hits of a search, in their order.
    fn all_hits(
        &self,
        plan: &Plan,
        sort: Sort,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Hit>, StoreError>> + Send;

    /// How many hits a search has, at most `cap`.
    fn count_hits(
        &self,
        plan: &Plan,
        cap: Option<i64>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// How many hits a search has, and how many of these `me` has seen since they last became active.
    fn count_seen(
        &self,
        plan: &Plan,
        me: i64,
    ) -> impl Future<Output = Result<(u64, u64), StoreError>> + Send;

    /// A page of the inbox, and how many rows it has where `counts` asks for that.
    fn inbox_page(
        &self,
        plan: &InboxPlan,
        place: (Limit, Option<Cursor>),
        counts: bool,
    ) -> impl Future<Output = Result<(Page<Hit>, Option<u64>), StoreError>> + Send;

    /// Issues of the same project and category that some of the probes find: at most `most`, those first that most
    /// probes find.
    fn found_alike(
        &self,
        issue: IssueId,
        like: &Portrait,
        probes: &[Probe],
        most: usize,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;
}

impl SearchStore for Store {
    async fn issues_of_short_ids(
        &self,
        wanted: &BTreeSet<(String, i64)>,
    ) -> Result<HashMap<(String, i64), i64>, StoreError> {
        reading!(self, ask => names::short_ids(ask, wanted).await)
    }

    async fn known_releases(&self, projects: &[i64]) -> Result<Vec<KnownRelease>, StoreError> {
        reading!(self, ask => names::releases(ask, projects).await)
    }

    async fn known_environments(&self, projects: &[i64]) -> Result<BTreeSet<String>, StoreError> {
        reading!(self, ask => names::environments(ask, projects).await)
    }

    async fn issues_in_projects(
        &self,
        issues: &[i64],
        projects: &[i64],
    ) -> Result<BTreeSet<i64>, StoreError> {
        reading!(self, ask => names::issues_in_projects(ask, issues, projects).await)
    }

    fn has_index(&self, condition: &Condition) -> bool {
        Need::of(condition, &Stands::default()).is_some()
    }

    async fn found_ids(&self, plan: &Plan) -> Result<Vec<IssueId>, StoreError> {
        let written_since = |revision| self.written_since(revision);
        searching!(self, ask => selection::found(ask, plan, written_since).await)
    }

    async fn ordered_ids(
        &self,
        plan: &Plan,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> Result<Vec<IssueId>, StoreError> {
        let ids = searching!(self, ask => order::ids(ask, plan, order, None, now).await)?;
        Ok(ids.into_iter().map(IssueId).collect())
    }

    async fn head(
        &self,
        plan: &Plan,
        order: IssueOrder,
        within: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<IssueHead>, StoreError> {
        window_list::head(self, plan, order, (HEAD_CAP, within), now).await
    }

    async fn grouped_snapshot(
        &self,
        plan: &Plan,
        grouping: IssueGrouping,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> Result<IssueSnapshot, StoreError> {
        window_list::grouped(self, plan, (grouping, order), SNAPSHOT_CAP, now).await
    }

    async fn group_trends(
        &self,
        plan: &Plan,
        grouping: IssueGrouping,
        keys: &[Option<String>],
        now: DateTime<Utc>,
    ) -> Result<Vec<Vec<Count>>, StoreError> {
        searching!(self, ask => group_trends::trends(ask, plan, grouping, keys, now).await)
    }

    async fn value_keys(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = fixed(self, values::KEYS).await?;
        let mut keys: Vec<String> = rows.into_iter().map(|(key,)| key).collect();
        keys.sort_unstable();
        Ok(keys)
    }

    async fn values(
        &self,
        key: &str,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<SeenValue>, StoreError> {
        reading!(self, ask => values::values(ask, key, typed, limit, None).await)
    }

    async fn values_of_hits(
        &self,
        plan: &Plan,
        key: &str,
        typed: &str,
        limit: usize,
        within: Duration,
    ) -> Result<Option<Vec<SeenValue>>, StoreError> {
        let deadline = Instant::now() + within;
        searching!(self, ask => {
            let limited = ask.limit(deadline).await?;
            let found = async {
                let hits = walk::ids(ask, plan).await?;
                values::values(ask, key, typed, limit, Some(&hits)).await
            };
            let found = limited.in_time(found.await);
            limited.end();
            found
        })
    }

    async fn counts(
        &self,
        plans: &[Plan],
        cap: i64,
        within: Duration,
    ) -> Result<Vec<Option<u64>>, StoreError> {
        let deadline = Instant::now() + within;
        let mut counts = Vec::with_capacity(plans.len());
        searching!(self, ask => {
            let limited = ask.limit(deadline).await?;
            for plan in plans {
                match limited.in_time(walk::count(ask, plan, Some(cap)).await)? {
                    Some(count) => counts.push(Some(count)),
                    None => break,
                }
            }
            limited.end();
        });
        counts.resize(plans.len(), None);
        Ok(counts)
    }

    async fn issues_of_event(&self, event: Uuid, projects: &[i64]) -> Result<Vec<i64>, StoreError> {
        reading!(self, ask => names::issues_of_event(ask, event, projects).await)
    }

    async fn hit_page(
        &self,
        plan: &Plan,
        sort: Sort,
        place: (Limit, Option<Cursor>),
        counts: bool,
        now: DateTime<Utc>,
    ) -> Result<HitPage, StoreError> {
        searching!(self, ask => page::page(ask, plan, sort, place, counts, now).await)
    }

    async fn all_hits(
        &self,
        plan: &Plan,
        sort: Sort,
        now: DateTime<Utc>,
    ) -> Result<Vec<Hit>, StoreError> {
        halves::all(self, plan, (sort, now), halves::MANY).await
    }

    async fn count_hits(&self, plan: &Plan, cap: Option<i64>) -> Result<u64, StoreError> {
        match cap {
            None => halves::count(self, plan, halves::MANY).await,
            Some(_) => searching!(self, ask => walk::count(ask, plan, cap).await),
        }
    }

    async fn count_seen(&self, plan: &Plan, me: i64) -> Result<(u64, u64), StoreError> {
        searching!(self, ask => walk::count_seen(ask, plan, me).await)
    }

    async fn inbox_page(
        &self,
        plan: &InboxPlan,
        place: (Limit, Option<Cursor>),
        counts: bool,
    ) -> Result<(Page<Hit>, Option<u64>), StoreError> {
        searching!(self, ask => inbox::page(ask, plan, place, counts).await)
    }

    async fn found_alike(
        &self,
        issue: IssueId,
        like: &Portrait,
        probes: &[Probe],
        most: usize,
    ) -> Result<Vec<IssueId>, StoreError> {
        searching!(self, ask => similar::found(ask, issue, like, probes, most).await)
    }
}

/// The rows of a statement without parameters.
pub(in crate::store) async fn fixed<T: AnyRow>(
    store: &Store,
    text: &'static str,
) -> Result<Vec<T>, StoreError> {
    reading!(store, ask => {
        let mut sql = ask.statement();
        sql.push(text);
        ask.ask(sql).await
    })
}

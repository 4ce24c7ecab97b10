//! What a search asks of a store.

use super::ask::{AnyRow, Ask};
use super::people::Stands;
use super::prefilter::Need;
use super::reading::{reading, searching};
use super::selection::{SelectionNumbers, Standings};
use super::values::SeenValue;
use super::wording::{self, LabelUse, Wording};
use super::{
    group_trends, halves, inbox, listed, merged, names, numbers, order, page, selection, serialise,
    similar, values, walk, window_list,
};
use crate::model::{Directory, IssueId};
use crate::paging::{Cursor, Limit, Page};
use crate::search::{Condition, Hit, KnownRelease, Numbers, Plan, Sort};
use crate::similar::{Portrait, Probe};
use crate::store::{HEAD_CAP, HitPage, InboxPlan, SNAPSHOT_CAP, Store, StoreError};
use crate::view::{Count, IssueGrouping, IssueHead, IssueOrder, IssueSnapshot, ListedIssue};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Finds issues.
pub trait SearchStore: Send + Sync {
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

    /// What some issues amount to; `since`: a revision after which they may have been written.
    fn amount(
        &self,
        issues: &[IssueId],
        since: Option<i64>,
    ) -> impl Future<Output = Result<SelectionNumbers, StoreError>> + Send;

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

    /// What people wrote on some issues; those with nothing are left out.
    fn wordings(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Wording>, StoreError>> + Send;

    /// How many issues have become part of some issues; those without any are left out.
    fn merged(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, u64>, StoreError>> + Send;

    /// Every label by its text, with how many issues have it, and how many of those in `among`.
    fn label_uses(
        &self,
        among: &[IssueId],
    ) -> impl Future<Output = Result<BTreeMap<String, LabelUse>, StoreError>> + Send;

    /// How some issues stand.
    fn standings(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<Standings, StoreError>> + Send;

    /// What `me` has with some issues: a bookmark, and having seen it since it was last opened.
    fn marks(
        &self,
        issues: &[IssueId],
        me: i64,
    ) -> impl Future<Output = Result<HashMap<IssueId, (bool, bool)>, StoreError>> + Send;

    /// How often issues were seen, and when first: with environments, when first in one of them.
    fn row_numbers(
        &self,
        issues: &[IssueId],
        environments: Option<&[String]>,
    ) -> impl Future<Output = Result<HashMap<IssueId, (i64, DateTime<Utc>)>, StoreError>> + Send;

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

    /// Numbers of the events of some issues in the window of the plan; `filtered`: of those that match it.
    fn numbers(
        &self,
        plan: &Plan,
        filtered: bool,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Numbers>, StoreError>> + Send;

    /// How many users the events of some issues have, whenever they happened; issues without any may be missing.
    fn users(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, u64>, StoreError>> + Send;

    /// Events of some issues in stretches of `width` seconds: issue, begin in Unix seconds, and events.
    fn stretches(
        &self,
        plan: &Plan,
        filtered: bool,
        issues: &[IssueId],
        span: (i64, i64),
        width: i64,
    ) -> impl Future<Output = Result<Vec<(IssueId, i64, u64)>, StoreError>> + Send;

    /// Issues in the order of their ids' list, without numbers; missing ones are left out.
    fn listed_issues(
        &self,
        issues: &[IssueId],
        me: Option<i64>,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<ListedIssue>, StoreError>> + Send;

    /// Issues of the same project and category that some of the probes find: at most `most`, those first that most
    /// probes find.
    fn found_alike(
        &self,
        issue: IssueId,
        like: &Portrait,
        probes: &[Probe],
        most: usize,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// What is known of some issues and their newest events, to be compared; missing ones are left out.
    fn portraits(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Portrait>, StoreError>> + Send;

    /// Whom some issues are suggested to, as their lists show it.
    fn owners(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Value>, StoreError>> + Send;
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

    async fn amount(
        &self,
        issues: &[IssueId],
        since: Option<i64>,
    ) -> Result<SelectionNumbers, StoreError> {
        reading!(self, ask => selection::amount(ask, issues, since).await)
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

    async fn wordings(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, Wording>, StoreError> {
        reading!(self, ask => wording::wordings(ask, issues).await)
    }

    async fn merged(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, u64>, StoreError> {
        reading!(self, ask => merged::merged(ask, issues).await)
    }

    async fn label_uses(
        &self,
        among: &[IssueId],
    ) -> Result<BTreeMap<String, LabelUse>, StoreError> {
        reading!(self, ask => wording::label_uses(ask, among).await)
    }

    async fn standings(&self, issues: &[IssueId]) -> Result<Standings, StoreError> {
        reading!(self, ask => selection::standings(ask, issues).await)
    }

    async fn marks(
        &self,
        issues: &[IssueId],
        me: i64,
    ) -> Result<HashMap<IssueId, (bool, bool)>, StoreError> {
        reading!(self, ask => listed::marks(ask, issues, me).await)
    }

    async fn row_numbers(
        &self,
        issues: &[IssueId],
        environments: Option<&[String]>,
    ) -> Result<HashMap<IssueId, (i64, DateTime<Utc>)>, StoreError> {
        reading!(self, ask => listed::row_numbers(ask, issues, environments).await)
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

    async fn numbers(
        &self,
        plan: &Plan,
        filtered: bool,
        issues: &[IssueId],
    ) -> Result<HashMap<IssueId, Numbers>, StoreError> {
        reading!(self, ask => numbers::numbers(ask, plan, filtered, issues).await)
    }

    async fn users(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, u64>, StoreError> {
        // Noisy issues stand side by side in a list, and all their events are counted: two readers share them.
        let one_in_two = |first| issues.iter().skip(first).step_by(2).copied();
        let (one, other): (Vec<_>, Vec<_>) = (one_in_two(0).collect(), one_in_two(1).collect());
        let (mut users, others) = tokio::try_join!(self.users_of(&one), self.users_of(&other))?;
        users.extend(others);
        Ok(users)
    }

    async fn stretches(
        &self,
        plan: &Plan,
        filtered: bool,
        issues: &[IssueId],
        span: (i64, i64),
        width: i64,
    ) -> Result<Vec<(IssueId, i64, u64)>, StoreError> {
        reading!(self, ask => numbers::stretches(ask, plan, filtered, issues, span, width).await)
    }

    async fn listed_issues(
        &self,
        issues: &[IssueId],
        me: Option<i64>,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<Vec<ListedIssue>, StoreError> {
        let (records, mut wordings, mut users) = reading!(self, ask => {
            let records = listed::listed(ask, issues, me).await?;
            let waiting = records.iter().filter(|record| record.waits_for_users());
            let waiting: Vec<IssueId> = waiting.map(|record| IssueId(record.id)).collect();
            let users = match &waiting[..] {
                [] => HashMap::new(),
                waiting => numbers::users(ask, waiting).await?,
            };
            (records, wording::wordings(ask, issues).await?, users)
        });
        let mut records: HashMap<i64, _> = records
            .into_iter()
            .map(|record| (record.id, record))
            .collect();
        let listed = issues.iter().filter_map(|id| records.remove(&id.0));
        listed
            .map(|record| {
                let id = IssueId(record.id);
                let labels = wordings.remove(&id).unwrap_or_default().labels;
                let users = users.remove(&id);
                serialise::listed_issue(&record, (labels, users), directory, now)
            })
            .collect()
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

    async fn portraits(
        &self,
        issues: &[IssueId],
    ) -> Result<HashMap<IssueId, Portrait>, StoreError> {
        reading!(self, ask => similar::portraits(ask, issues).await)
    }

    async fn owners(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, Value>, StoreError> {
        let rows = reading!(self, ask => listed::owners(ask, issues).await)?;
        let mut owners: HashMap<IssueId, Vec<Value>> = HashMap::new();
        for (id, kind, user, team, added) in rows {
            let owner = match (user, team) {
                (Some(user), _) => format!("user:{user}"),
                (None, team) => format!("team:{}", team.unwrap_or_default()),
            };
            let added = added.0.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
            let owner = json!({ "type": kind, "owner": owner, "date_added": added });
            owners.entry(IssueId(id)).or_default().push(owner);
        }
        let owners = owners.into_iter();
        Ok(owners.map(|(id, list)| (id, Value::Array(list))).collect())
    }
}

impl Store {
    async fn users_of(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, u64>, StoreError> {
        if issues.is_empty() {
            return Ok(HashMap::new());
        }
        reading!(self, ask => numbers::users(ask, issues).await)
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

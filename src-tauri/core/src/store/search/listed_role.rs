//! What a store says of issues that were found.

use super::reading::reading;
use super::selection::{self, SelectionNumbers, Standings};
use super::wording::{self, LabelUse, Wording};
use super::{listed, merged, numbers, serialise, similar};
use crate::model::{Directory, IssueId};
use crate::search::{Numbers, Plan};
use crate::similar::Portrait;
use crate::store::{Store, StoreError};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;

/// Says what lists show of issues whose ids are known.
pub trait ListedStore: Send + Sync {
    /// Issues in the order of their ids' list, without numbers; missing ones are left out.
    fn listed_issues(
        &self,
        issues: &[IssueId],
        me: Option<i64>,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<ListedIssue>, StoreError>> + Send;

    /// Whom some issues are suggested to, as their lists show it.
    fn owners(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Value>, StoreError>> + Send;

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

    /// How often issues were seen, and when first: with environments, when first in one of them.
    fn row_numbers(
        &self,
        issues: &[IssueId],
        environments: Option<&[String]>,
    ) -> impl Future<Output = Result<HashMap<IssueId, (i64, DateTime<Utc>)>, StoreError>> + Send;

    /// What `me` has with some issues: a bookmark, and having seen it since it was last opened.
    fn marks(
        &self,
        issues: &[IssueId],
        me: i64,
    ) -> impl Future<Output = Result<HashMap<IssueId, (bool, bool)>, StoreError>> + Send;

    /// What people wrote on some issues; those with nothing are left out.
    fn wordings(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Wording>, StoreError>> + Send;

    /// Every label by its text, with how many issues have it, and how many of those in `among`.
    fn label_uses(
        &self,
        among: &[IssueId],
    ) -> impl Future<Output = Result<BTreeMap<String, LabelUse>, StoreError>> + Send;

    /// How many issues have become part of some issues; those without any are left out.
    fn merged(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, u64>, StoreError>> + Send;

    /// How some issues stand.
    fn standings(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<Standings, StoreError>> + Send;

    /// What some issues amount to; `since`: a revision after which they may have been written.
    fn amount(
        &self,
        issues: &[IssueId],
        since: Option<i64>,
    ) -> impl Future<Output = Result<SelectionNumbers, StoreError>> + Send;

    /// What is known of some issues and their newest events, to be compared; missing ones are left out.
    fn portraits(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, Portrait>, StoreError>> + Send;
}

impl ListedStore for Store {
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

    async fn row_numbers(
        &self,
        issues: &[IssueId],
        environments: Option<&[String]>,
    ) -> Result<HashMap<IssueId, (i64, DateTime<Utc>)>, StoreError> {
        reading!(self, ask => listed::row_numbers(ask, issues, environments).await)
    }

    async fn marks(
        &self,
        issues: &[IssueId],
        me: i64,
    ) -> Result<HashMap<IssueId, (bool, bool)>, StoreError> {
        reading!(self, ask => listed::marks(ask, issues, me).await)
    }

    async fn wordings(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, Wording>, StoreError> {
        reading!(self, ask => wording::wordings(ask, issues).await)
    }

    async fn label_uses(
        &self,
        among: &[IssueId],
    ) -> Result<BTreeMap<String, LabelUse>, StoreError> {
        reading!(self, ask => wording::label_uses(ask, among).await)
    }

    async fn merged(&self, issues: &[IssueId]) -> Result<HashMap<IssueId, u64>, StoreError> {
        reading!(self, ask => merged::merged(ask, issues).await)
    }

    async fn standings(&self, issues: &[IssueId]) -> Result<Standings, StoreError> {
        reading!(self, ask => selection::standings(ask, issues).await)
    }

    async fn amount(
        &self,
        issues: &[IssueId],
        since: Option<i64>,
    ) -> Result<SelectionNumbers, StoreError> {
        reading!(self, ask => selection::amount(ask, issues, since).await)
    }

    async fn portraits(
        &self,
        issues: &[IssueId],
    ) -> Result<HashMap<IssueId, Portrait>, StoreError> {
        reading!(self, ask => similar::portraits(ask, issues).await)
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

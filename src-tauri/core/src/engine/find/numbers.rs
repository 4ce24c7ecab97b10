//! Issues of a page with their numbers (search spec, section 8.4).

use super::error::FindError;
use super::prepare::Scope;
use super::request::ListRequest;
use super::{Found, ids};
use crate::model::IssueId;
use crate::search::stats::{Buckets, StatsPeriod};
use crate::search::window::Period;
use crate::search::{Numbers, Plan};
use crate::store::SearchStore;
use crate::view::{ListedIssue, ListedNumbers};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The issues of a page.
pub(super) async fn serialise<S: SearchStore>(
    store: &S,
    found: &Found,
    request: &ListRequest,
    (stats, period): (StatsPeriod, Period),
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<Vec<ListedIssue>, FindError> {
    let has = |list: &[String], word: &str| list.iter().any(|own| own == word);
    let ids = ids(&found.page);
    let mut issues = store
        .listed_issues(&ids, scope.me, &scope.directory, now)
        .await?;
    let expands_owners = has(&request.expand, "owners");
    let mut owners = if expands_owners {
        store.owners(&ids).await?
    } else {
        HashMap::new()
    };
    for issue in &mut issues {
        issue.is_collapsed = has(&request.collapse, "base");
        issue.matching_event_id = found.matching_event.map(|event| event.simple().to_string());
        if !has(&request.expand, "inbox") {
            issue.inbox = None;
        }
        if expands_owners {
            let of_issue = id(issue).and_then(|id| owners.remove(&id));
            issue.owners = Some(of_issue.unwrap_or(Value::Null));
        }
    }
    if has(&request.collapse, "stats") || ids.is_empty() {
        return Ok(issues);
    }
    let read = Reading {
        store,
        ids: &ids,
        buckets: stats.buckets(period, now),
        stats,
    };
    let everywhere = everything(scope);
    let plan = found.plan.as_ref().unwrap_or(&everywhere);
    let own = read.numbers(plan, false).await?;
    let lifetime = if has(&request.collapse, "lifetime") {
        None
    } else {
        Some(store.numbers(&everywhere, false, &ids).await?)
    };
    let filtered = if has(&request.collapse, "filtered") {
        None
    } else if found.asks_events {
        Some(Some(read.numbers(plan, true).await?))
    } else {
        Some(None)
    };
    let rows = row_numbers(store, &ids, scope).await?;
    for issue in &mut issues {
        let Some(id) = id(issue) else { continue };
        let row = rows.get(&id);
        let mut numbers = own.get(&id).cloned().unwrap_or_else(|| read.none());
        if found.plan.is_none() {
            numbers = of_row(numbers, row);
        }
        issue.numbers = Some(numbers);
        issue.lifetime = lifetime.as_ref().map(|lifetime| {
            let numbers = lifetime.get(&id).cloned().unwrap_or_default();
            of_row(listed(&numbers, None), row)
        });
        issue.filtered = filtered.as_ref().map(|filtered| {
            let filtered = filtered.as_ref()?;
            Some(filtered.get(&id).cloned().unwrap_or_else(|| read.none()))
        });
    }
    Ok(issues)
}

fn id(issue: &ListedIssue) -> Option<IssueId> {
    issue.id.parse().ok().map(IssueId)
}

/// Every event of the selected environments, whenever it happened.
pub(super) fn everything(scope: &Scope) -> Plan {
    Plan {
        environments: scope.environments.clone(),
        ..Plan::everything()
    }
}

/// What issues themselves say: how often they were seen, and when first.
async fn row_numbers<S: SearchStore>(
    store: &S,
    ids: &[IssueId],
    scope: &Scope,
) -> Result<HashMap<IssueId, (i64, DateTime<Utc>)>, FindError> {
    Ok(store
        .row_numbers(ids, scope.environments.as_deref())
        .await?)
}

fn of_row(mut numbers: ListedNumbers, row: Option<&(i64, DateTime<Utc>)>) -> ListedNumbers {
    if let Some((times_seen, first_seen)) = row {
        numbers.count = times_seen.to_string();
        numbers.first_seen = Some(*first_seen);
    }
    numbers
}

struct Reading<'a, S> {
    store: &'a S,
    ids: &'a [IssueId],
    stats: StatsPeriod,
    buckets: Option<Buckets>,
}

impl<S: SearchStore> Reading<'_, S> {
    async fn numbers(
        &self,
        plan: &Plan,
        filtered: bool,
    ) -> Result<HashMap<IssueId, ListedNumbers>, FindError> {
        let numbers = self.store.numbers(plan, filtered, self.ids).await?;
        let mut bars: HashMap<IssueId, Vec<(i64, u64)>> = HashMap::new();
        if let Some(buckets) = &self.buckets {
            let seconds = buckets.seconds();
            let span = (seconds.start, seconds.end);
            let width = buckets.width();
            let read = self
                .store
                .stretches(plan, filtered, self.ids, span, width)
                .await?;
            for (id, begin, count) in read {
                bars.entry(id).or_default().push((begin, count));
            }
        }
        let with_bars = numbers.into_iter().map(|(id, numbers)| {
            let counts = bars.remove(&id).unwrap_or_default();
            (id, listed(&numbers, self.bars(counts)))
        });
        Ok(with_bars.collect())
    }

    /// Numbers of no events.
    fn none(&self) -> ListedNumbers {
        listed(&Numbers::default(), self.bars(Vec::new()))
    }

    fn bars(&self, counts: Vec<(i64, u64)>) -> Option<BTreeMap<String, Vec<(i64, u64)>>> {
        let buckets = self.buckets.as_ref()?;
        Some(BTreeMap::from([(
            self.stats.as_str().to_owned(),
            buckets.fill(counts),
        )]))
    }
}

fn listed(numbers: &Numbers, stats: Option<BTreeMap<String, Vec<(i64, u64)>>>) -> ListedNumbers {
    ListedNumbers {
        count: numbers.count.to_string(),
        user_count: numbers.users,
        first_seen: numbers.first_seen,
        last_seen: numbers.last_seen,
        stats,
    }
}

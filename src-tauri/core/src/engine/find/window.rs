//! What the window's list asks: all ids of a search, how it has moved, and rows.

use super::Asker;
use super::error::FindError;
use super::prepare::{Scope, prepare};
use crate::model::{IssueId, cut};
use crate::search::{Condition, Plan};
use crate::store::{Held, QueryStore, ROWS_CAP, SearchStore, StoreError, Wording};
use crate::view::{
    Count, IssueChanges, IssueDetail, IssueGrouping, IssueHead, IssueOrder, IssueRow, IssueSnapshot,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::time::Duration;

/// A search over all projects and all time, as the window makes it. A text that asks for bounds which exclude each
/// other finds nothing.
///
/// # Errors
/// [`FindError::Query`] with every problem of the text.
pub async fn window_plan<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Plan, FindError> {
    Ok(question(store, text, asker, now).await?.plan)
}

/// A search as the window makes it.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Question {
    /// What a store answers.
    pub plan: Plan,
    /// The only statuses it asks for, where it asks for unresolved issues.
    pub only_statuses: Option<Vec<i16>>,
}

impl Default for Question {
    /// Every issue.
    fn default() -> Self {
        Self {
            plan: Plan::everything(),
            only_statuses: None,
        }
    }
}

/// As [`window_plan`].
///
/// # Errors
/// As [`window_plan`].
pub(in crate::engine) async fn question<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Question, FindError> {
    let scope = Scope {
        projects: store.projects().await?,
        environments: None,
        directory: asker.directory.clone(),
        me: asker.me,
    };
    let prepared = prepare(store, text, &scope, now).await?;
    let nothing = || Plan {
        condition: Condition::nothing(),
        ..Plan::everything()
    };
    Ok(Question {
        plan: prepared.unlimited_plan().unwrap_or_else(nothing),
        only_statuses: prepared.search.only_statuses,
    })
}

/// Ids of all issues a search finds, in order, with their exact number.
///
/// # Errors
/// As [`window_plan`], or where the store fails.
pub async fn snapshot<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    order: IssueOrder,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    Ok(store.issue_snapshot(&plan, order, now).await?)
}

/// How long the head of a list is looked for. What takes longer is no help any more, and holds up the whole list, which
/// is looked for beside it.
const HEAD_WITHIN: Duration = Duration::from_secs(1);

/// The first ids of a search, in order, for as long as its [`snapshot`] is still being read; nothing where that would
/// take about as long as the snapshot.
///
/// # Errors
/// As [`snapshot`].
pub async fn head<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    order: IssueOrder,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Option<IssueHead>, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    Ok(store.head(&plan, order, HEAD_WITHIN, now).await?)
}

/// How many issues a search finds.
///
/// # Errors
/// As [`snapshot`].
pub async fn total<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<u64, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    Ok(store.count_hits(&plan, None).await?)
}

/// How many issues a search finds, and how many of these whoever acts has not seen; nothing where that is nobody.
///
/// # Errors
/// As [`snapshot`].
pub async fn totals<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<(u64, Option<u64>), FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    let Some(me) = asker.me else {
        return Ok((store.count_hits(&plan, None).await?, None));
    };
    let (total, seen) = store.count_seen(&plan, me).await?;
    Ok((total, Some(total - seen)))
}

/// Ids of all issues a search finds, in groups, with the exact numbers of each.
///
/// # Errors
/// As [`snapshot`].
pub async fn grouped_snapshot<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    (grouping, order): (IssueGrouping, IssueOrder),
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    Ok(store.grouped_snapshot(&plan, grouping, order, now).await?)
}

/// What lately happened in groups of a list, in the order of `keys`, of which only the first [`ROWS_CAP`] count.
///
/// # Errors
/// As [`snapshot`].
pub async fn group_trends<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    (grouping, keys): (IssueGrouping, &[Option<String>]),
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Vec<Count>>, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    let keys = keys.get(..ROWS_CAP).unwrap_or(keys);
    Ok(store.group_trends(&plan, grouping, keys, now).await?)
}

/// How the answer to a search has moved since a snapshot that had `total` issues at `revision`. By issue, where `ids` are
/// all of them, ascending.
///
/// # Errors
/// As [`snapshot`].
pub async fn changes<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    (revision, total, ids): (i64, u64, Option<&[IssueId]>),
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<IssueChanges, FindError> {
    let plan = window_plan(store, text, asker, now).await?;
    let mut held = Held {
        ids,
        ..Held::of(revision, total)
    };
    if ids.is_some() {
        // What a search asks for tells by itself whether it will ask for the same later.
        held.goes_by_time = window_plan(store, text, asker, now + LATER).await? != plan;
    }
    Ok(store.issue_changes(&plan, &held).await?)
}

/// By then every time that is told from the present is another one.
const LATER: TimeDelta = TimeDelta::days(1);

/// Rows for some ids, in their order; missing issues are left out. `me`: who acts.
///
/// # Errors
/// Where the store fails.
pub async fn rows<S: SearchStore + QueryStore>(
    store: &S,
    ids: &[IssueId],
    me: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Vec<IssueRow>, FindError> {
    let (mut rows, beside) =
        tokio::try_join!(store.issue_rows(ids, now), Beside::read(store, ids, me))?;
    for row in &mut rows {
        beside.complete(row);
    }
    Ok(rows)
}

/// The head of an issue; nothing where there is no such issue. `me`: who acts.
///
/// # Errors
/// Where the store fails.
pub async fn detail<S: SearchStore + QueryStore>(
    store: &S,
    id: IssueId,
    me: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<IssueDetail>, FindError> {
    let ids = [id];
    let (detail, beside) =
        tokio::try_join!(store.issue_detail(id, now), Beside::read(store, &ids, me))?;
    Ok(detail.map(|mut detail| {
        beside.complete(&mut detail.row);
        detail
    }))
}

/// Bytes of a note beside an issue of a list. Its activity has all of it.
const LONGEST_NOTE: usize = 400;

/// What a row shows beside the issue itself: whom it affects, what people wrote on it, and what one of them marked.
struct Beside {
    users: HashMap<IssueId, u64>,
    /// Whether it is bookmarked, and whether it was seen.
    marks: HashMap<IssueId, (bool, bool)>,
    wordings: HashMap<IssueId, Wording>,
    merged: HashMap<IssueId, u64>,
}

impl Beside {
    async fn read<S: SearchStore + QueryStore>(
        store: &S,
        ids: &[IssueId],
        me: Option<i64>,
    ) -> Result<Self, StoreError> {
        let marks = async {
            match me {
                Some(me) => store.marks(ids, me).await,
                None => Ok(HashMap::new()),
            }
        };
        let (users, marks, wordings, merged) = tokio::try_join!(
            store.users(ids),
            marks,
            store.wordings(ids),
            store.merged(ids)
        )?;
        Ok(Self {
            users,
            marks,
            wordings,
            merged,
        })
    }

    fn complete(&self, row: &mut IssueRow) {
        let Ok(id) = row.id.parse().map(IssueId) else {
            return;
        };
        let users = self.users.get(&id).copied().unwrap_or(0);
        row.users = (users > 0).then(|| crate::view::count(users));
        let (is_bookmarked, has_seen) = self.marks.get(&id).copied().unwrap_or_default();
        row.is_bookmarked = is_bookmarked;
        row.has_seen = has_seen;
        let wording = self.wordings.get(&id).cloned().unwrap_or_default();
        row.labels = wording.labels;
        row.merged = crate::view::count(self.merged.get(&id).copied().unwrap_or(0));
        row.note = wording.note.map(|note| cut(&note, LONGEST_NOTE).to_owned());
    }
}

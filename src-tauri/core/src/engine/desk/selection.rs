//! Selections of issues.

use super::left_out::{LeftOut, counted, no_longer_found};
use super::lists::Chosen;
use crate::engine::find::{Asker, FindError, Question, question, rows};
use crate::model::IssueId;
use crate::paging::BadRequest;
use crate::search::{Condition, IssueTest, Plan, Revisions};
use crate::store::{ActionStore, QueryStore, SearchStore, StoreError};
use crate::view::{
    IssueOrder, LabelCount, ProjectIssues, Selection, SelectionSummary, StandingCounts, count,
    millis,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

/// What a selection means now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// The issues an action is for.
    pub ids: Vec<IssueId>,
    /// Those that were selected, or may have been, and that it is not for any more.
    pub left_out: Vec<(IssueId, LeftOut)>,
    /// The query they were selected by; nothing where they were picked.
    pub query: Option<String>,
}

/// The issues a selection means now: those that were selected and still match. What came to match after the list was
/// read is never taken in. Where the list is no longer known, an issue that was written since may be such a one, and is
/// left out.
///
/// # Errors
/// Where the query of the selection cannot be run, or an id is no number.
pub async fn selected<S: SearchStore + QueryStore + ActionStore>(
    store: &S,
    chosen: &Chosen<'_>,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Selected, FindError> {
    let asked = match chosen.selection {
        Selection::Some { ids } => {
            return Ok(Selected {
                ids: numbers(ids)?,
                ..Selected::default()
            });
        }
        Selection::Query { .. } => Asked::of(store, chosen, asker, now).await?,
    };
    let mut selected = Selected::default();
    if let Selection::Query { query, .. } = chosen.selection {
        selected.query = Some(query.clone());
    }
    let mut found = HashSet::new();
    for id in store.found_ids(&asked.question.plan).await? {
        found.insert(id);
        match asked.part(id) {
            Part::Taken => selected.ids.push(id),
            Part::Unsure => selected.left_out.push((id, LeftOut::Unsure)),
            Part::None => {}
        }
    }
    if let Some(list) = &chosen.list {
        let dropped = list
            .ids()
            .filter(|id| !found.contains(id) && !asked.except.contains(id));
        let statuses = asked.question.only_statuses.as_deref();
        let dropped = no_longer_found(store, dropped.collect(), statuses).await?;
        selected.left_out.extend(dropped);
    }
    Ok(selected)
}

/// As [`selected`], in the order of the window's list, and with those that nobody knows of whether they were selected: this
/// is for what changes nothing. Issues that are not listed are left out.
///
/// # Errors
/// As [`selected`].
pub(super) async fn ordered<S: SearchStore + QueryStore>(
    store: &S,
    chosen: &Chosen<'_>,
    order: IssueOrder,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<IssueId>, FindError> {
    let asked = Asked::of(store, chosen, asker, now).await?;
    let mut found = store.ordered_ids(&asked.question.plan, order, now).await?;
    found.retain(|id| asked.part(*id) != Part::None);
    Ok(found)
}

/// What finds the issues of a selection, and says of those that are found which belong to it.
struct Asked<'a> {
    question: Question,
    chosen: &'a Chosen<'a>,
    /// Those that the user took out.
    except: HashSet<IssueId>,
    /// Hits that were written after the selection was made, where its list does not say all there is to say.
    written_since: HashSet<IssueId>,
}

/// What a hit is to a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It was selected.
    Taken,
    /// It may have been selected.
    Unsure,
    /// It was not selected.
    None,
}

impl<'a> Asked<'a> {
    async fn of<S: SearchStore + QueryStore>(
        store: &S,
        chosen: &'a Chosen<'a>,
        asker: Asker<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, FindError> {
        let mut asked = Asked {
            question: Question::default(),
            chosen,
            except: HashSet::new(),
            written_since: HashSet::new(),
        };
        match chosen.selection {
            Selection::Some { ids } => {
                let ids = numbers::<Vec<_>>(ids)?;
                let test = IssueTest::Id(ids.iter().map(|id| id.0).collect());
                asked.question.plan.condition = Condition::Issue(test);
            }
            Selection::Query {
                query,
                as_of,
                except,
                ..
            } => {
                let as_of = number(as_of)?;
                asked.except = numbers(except)?;
                asked.question = question(store, query, asker, now).await?;
                asked.question.plan.revisions = Revisions {
                    created_until: Some(as_of),
                    ..Revisions::default()
                };
                asked.written_since = asked.written_since(store, as_of).await?;
            }
        }
        Ok(asked)
    }

    async fn written_since<S: SearchStore>(
        &self,
        store: &S,
        as_of: i64,
    ) -> Result<HashSet<IssueId>, StoreError> {
        if self.chosen.list.as_ref().is_some_and(|list| list.is_whole) {
            return Ok(HashSet::new());
        }
        let plan = Plan {
            revisions: Revisions {
                written_after: Some(as_of),
                ..self.question.plan.revisions
            },
            ..self.question.plan.clone()
        };
        Ok(store.found_ids(&plan).await?.into_iter().collect())
    }

    fn part(&self, id: IssueId) -> Part {
        if self.except.contains(&id) {
            return Part::None;
        }
        match (self.chosen.selection, &self.chosen.list) {
            (Selection::Some { .. }, _) => Part::Taken,
            (Selection::Query { .. }, Some(list)) if list.contains(id) => Part::Taken,
            (Selection::Query { .. }, Some(list)) if list.is_whole => Part::None,
            (Selection::Query { .. }, _) if self.written_since.contains(&id) => Part::Unsure,
            (Selection::Query { .. }, _) => Part::Taken,
        }
    }
}

fn numbers<C: FromIterator<IssueId>>(ids: &[String]) -> Result<C, FindError> {
    ids.iter().map(|id| number(id).map(IssueId)).collect()
}

fn number(text: &str) -> Result<i64, FindError> {
    text.parse().map_err(|_| {
        let message = format!("“{text}” is no number.");
        FindError::Parameter(BadRequest::new("selection", message))
    })
}

/// Every label that some issue has, by its text, with how many issues of a selection have it.
///
/// # Errors
/// As [`selected`].
pub async fn labels<S: SearchStore + QueryStore + ActionStore>(
    store: &S,
    chosen: &Chosen<'_>,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<LabelCount>, FindError> {
    let selected = selected(store, chosen, asker, now).await?;
    let uses = store.label_uses(&selected.ids).await?.into_iter();
    Ok(uses
        .map(|(label, uses)| LabelCount {
            label,
            issues: count(uses.issues),
            selected: count(uses.among),
        })
        .collect())
}

/// How the issues of a selection stand.
///
/// # Errors
/// As [`selected`].
pub async fn standings<S: SearchStore + QueryStore + ActionStore>(
    store: &S,
    chosen: &Chosen<'_>,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<StandingCounts, FindError> {
    let selected = selected(store, chosen, asker, now).await?;
    let standings = store.standings(&selected.ids).await?;
    Ok(StandingCounts {
        unresolved: count(standings.unresolved),
        resolved: count(standings.resolved),
        archived: count(standings.archived),
        until_escalating: count(standings.until_escalating),
    })
}

/// A selection in exact numbers. `purge_delay`: how long a delete can be taken back.
///
/// # Errors
/// As [`selected`].
pub async fn summary<S: SearchStore + QueryStore + ActionStore>(
    store: &S,
    chosen: &Chosen<'_>,
    asker: Asker<'_>,
    purge_delay: TimeDelta,
    now: DateTime<Utc>,
) -> Result<SelectionSummary, FindError> {
    let Selected { ids, left_out, .. } = selected(store, chosen, asker, now).await?;
    let since = match chosen.selection {
        Selection::Query { as_of, .. } => Some(number(as_of)?),
        Selection::Some { .. } => None,
    };
    let amount = store.amount(&ids, since).await?;
    // Only ids that were named can be missing: all others have just been found.
    let named: HashSet<_> = ids.iter().collect();
    let missing = (named.len() as u64).saturating_sub(amount.issues);
    let gone = std::iter::repeat_n(LeftOut::Gone, usize::try_from(missing).unwrap_or(0));
    let left_out = left_out.into_iter().map(|(_, why)| why).chain(gone);
    let by_project = amount
        .by_project
        .into_iter()
        .map(|(project, issues)| ProjectIssues {
            project,
            issues: count(issues),
        });
    let mut by_project: Vec<_> = by_project.collect();
    by_project.sort_by(|a, b| b.issues.total_cmp(&a.issues));
    Ok(SelectionSummary {
        issues: count(amount.issues),
        occurrences: count(amount.occurrences),
        bytes: count(amount.bytes),
        by_project,
        examples: rows(store, &amount.largest, asker.me, now).await?,
        non_error: count(amount.not_errors),
        changed_since: count(amount.changed_since),
        newest: amount.newest.map(millis),
        oldest: amount.oldest.map(millis),
        never_read: count(amount.never_read),
        ignore_rules: count(amount.issues.saturating_sub(amount.with_tombstone)),
        left_out: counted(left_out.map(Into::into)),
        purge_delay_ms: count(purge_delay.num_milliseconds().unsigned_abs()),
    })
}

//! The issue search of search spec, sections 5 to 8, over rows in memory: plain loops, no index, no SQL. It is written
//! from the specification and shares nothing with the search but the parsed query.

mod leaf;
mod text;

use chrono::{DateTime, TimeDelta, Utc};
use leaf::Row;
use picket_core::query::{Filter, Key, Node, Op, Value};
use picket_tests::rows::format::{Data, EventRow, IssueRow};
use std::collections::{BTreeSet, HashMap};

/// Rows to search in.
pub struct Model<'a> {
    data: &'a Data,
    /// The message an issue shows: that of its newest event.
    messages: HashMap<i64, &'a str>,
}

/// What is asked beside the query.
#[derive(Debug, Clone)]
pub struct Asked {
    pub projects: Vec<i64>,
    pub environments: Option<Vec<String>>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Since when events count, whatever is asked: 90 days in a list, always in the window.
    pub keep: DateTime<Utc>,
    pub sort: &'static str,
}

/// Every order of 8.3 but that of the inbox.
pub const SORTS: [&str; 5] = ["date", "new", "freq", "user", "trends"];

/// What a filter is evaluated against (6.4).
#[derive(Clone, Copy)]
struct At<'a> {
    issue: &'a IssueRow,
    /// Nothing for an issue whose events were all removed.
    event: Option<&'a EventRow>,
    /// Number and newest of the counted events; nothing while they are counted.
    sums: Option<(u64, DateTime<Utc>)>,
    /// The selected environments.
    environments: Option<&'a [String]>,
}

impl<'a> Model<'a> {
    pub fn of(data: &'a Data) -> Self {
        let mut newest: HashMap<i64, &EventRow> = HashMap::new();
        for event in &data.events {
            let Some(issue) = event.issue else { continue };
            match newest.get(&issue) {
                Some(known) if known.at > event.at => {}
                _ => {
                    newest.insert(issue, event);
                }
            }
        }
        let messages = newest
            .into_iter()
            .map(|(issue, event)| (issue, event.message.as_str()));
        Self {
            data,
            messages: messages.collect(),
        }
    }

    /// Score and id of every hit, in the order of the list.
    pub fn hits(&self, tree: &Node, asked: &Asked) -> Vec<(i64, i64)> {
        let Some((start, end)) = self.window(tree, asked) else {
            return Vec::new();
        };
        let implied = implied_status(tree);
        let terms: Vec<&Node> = tree
            .terms()
            .iter()
            .filter(|term| !on_window(term))
            .collect();
        let mut hits: Vec<(i64, i64)> = Vec::new();
        for issue in &self.data.issues {
            if !self.is_in_scope(issue, tree, asked) {
                continue;
            }
            if let Some((status, holds)) = implied
                && (issue.status == status) != holds
            {
                continue;
            }
            let of_window: Vec<&EventRow> = self
                .events(issue)
                .filter(|event| start <= event.at && event.at < end)
                .collect();
            let events: Vec<&EventRow> = of_window
                .iter()
                .copied()
                .filter(|event| match &asked.environments {
                    Some(names) => names.contains(&event.environment.clone().unwrap_or_default()),
                    None => true,
                })
                .collect();
            // Events as time and user; an issue that lost all of them counts as if one stood at its last sighting.
            let at = At {
                issue,
                event: None,
                sums: None,
                environments: asked.environments.as_deref(),
            };
            let seen = self.matching(at, &events, &terms);
            let lost = of_window.is_empty()
                && start <= issue.last_seen
                && issue.last_seen < end
                && terms.iter().all(|term| is_about_issues(term))
                && terms.iter().all(|term| self.holds(term, at));
            let seen = if lost {
                vec![(issue.last_seen, None)]
            } else {
                seen
            };
            if !seen.is_empty() {
                hits.push((
                    score(&seen, asked.sort, self.data.now, end - start),
                    issue.id,
                ));
            }
        }
        hits.sort_unstable();
        hits.reverse();
        hits
    }

    /// Time and user of the events that make the whole tree true (6.4).
    fn matching(
        &self,
        at: At<'_>,
        events: &[&'a EventRow],
        terms: &[&Node],
    ) -> Vec<(DateTime<Utc>, Option<&'a str>)> {
        let plain = terms.iter().filter(|term| !has_sums(term));
        let counted: Vec<&EventRow> = events
            .iter()
            .copied()
            .filter(|event| {
                let at = At {
                    event: Some(event),
                    ..at
                };
                plain.clone().all(|term| self.holds(term, at))
            })
            .collect();
        let Some(newest) = counted.iter().map(|event| event.at).max() else {
            return Vec::new();
        };
        let sums = Some((counted.len() as u64, newest));
        let matching = counted.into_iter().filter(|event| {
            let at = At {
                event: Some(event),
                sums,
                ..at
            };
            terms.iter().all(|term| self.holds(term, at))
        });
        matching
            .map(|event| (event.at, event.user.as_deref()))
            .collect()
    }

    fn events(&self, issue: &IssueRow) -> impl Iterator<Item = &'a EventRow> {
        let id = issue.id;
        let events = self.data.events.iter();
        events.filter(move |event| event.issue == Some(id))
    }

    /// 5.2. A list always asks for a begin and an end.
    fn window(&self, tree: &Node, asked: &Asked) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let keep = asked.keep;
        let (mut start, mut end) = (asked.start.max(keep), asked.end);
        for filter in tree.top_filters().filter(|filter| is_on_time(filter)) {
            let Value::Instant(instant) = &filter.value else {
                continue;
            };
            match filter.op {
                Op::Greater | Op::GreaterOrEqual => start = start.max(instant.at),
                _ => end = end.min(instant.at),
            }
        }
        end = end.max(keep);
        (start < end).then_some((start, end))
    }

    /// 8.2, after the steps.
    fn is_in_scope(&self, issue: &IssueRow, tree: &Node, asked: &Asked) -> bool {
        let in_environment = match &asked.environments {
            Some(names) => self
                .data
                .issue_environments
                .iter()
                .any(|row| row.issue == issue.id && names.contains(&row.environment)),
            None => true,
        };
        let is_shown = issue.category != "feedback"
            || tree.filters().iter().any(|filter| {
                let names_it = filter.key.is("issue.category") || filter.key.is("issue.type");
                names_it
                    && !filter.op.is_negative()
                    && leaf::words(filter)
                        .iter()
                        .any(|word| word.eq_ignore_ascii_case("feedback"))
            });
        asked.projects.contains(&issue.project)
            && !matches!(issue.status, 3..=5)
            && in_environment
            && is_shown
    }

    fn holds(&self, node: &Node, at: At<'_>) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|node| self.holds(node, at)),
            Node::Any(nodes) => nodes.iter().any(|node| self.holds(node, at)),
            Node::Not(node) => !self.holds(node, at),
            Node::Filter(filter) => Row { model: self, at }.holds(filter),
        }
    }
}

/// 7.4: the status and whether it has to be that one.
fn implied_status(tree: &Node) -> Option<(i16, bool)> {
    if tree.top_filters().any(|filter| filter.key.is("status")) {
        return None;
    }
    let of_substatus = || {
        tree.top_filters()
            .filter(|filter| filter.key.is("substatus"))
    };
    let positive = of_substatus().find(|filter| !filter.op.is_negative());
    let filter = positive.or_else(|| of_substatus().next())?;
    let status = match leaf::substatuses(filter).first()? {
        2 | 3 | 6 | 7 => 0,
        _ => 2,
    };
    Some((status, positive.is_some()))
}

fn is_on_time(filter: &Filter) -> bool {
    let on_time = filter.key.is("date") || filter.key.is("timestamp");
    on_time && filter.op.is_ordering() && matches!(filter.value, Value::Instant(_))
}

/// A top-level term that only narrows the window.
fn on_window(term: &Node) -> bool {
    matches!(term, Node::Filter(filter) if is_on_time(filter))
}

fn has_sums(node: &Node) -> bool {
    let is_sum = |filter: &Filter| filter.key.is("times_seen") || filter.key.is("last_seen");
    node.filters().into_iter().any(is_sum)
}

/// Issue-row filters (5.1). The project and the id of an issue are also those of each of its events, so a filter on
/// them needs no event either.
fn is_about_issues(node: &Node) -> bool {
    const KEYS: [&str; 21] = [
        "status",
        "substatus",
        "issue.priority",
        "unassigned",
        "assigned_to",
        "assigned_or_suggested",
        "bookmarked_by",
        "subscribed_by",
        "linked",
        "for_review",
        "first_release",
        "first_seen",
        "regressed_in_release",
        "issue.category",
        "issue.type",
        "project",
        "project.name",
        "project.id",
        "project_id",
        "issue",
        "issue.id",
    ];
    node.filters()
        .into_iter()
        .all(|filter| matches!(&filter.key, Key::Name(name) if KEYS.contains(&name.as_str())))
}

/// 8.3.
fn score(
    seen: &[(DateTime<Utc>, Option<&str>)],
    sort: &str,
    now: DateTime<Utc>,
    window: TimeDelta,
) -> i64 {
    let times = seen.iter().map(|(at, _)| *at);
    match sort {
        "date" => times.max().unwrap().timestamp() * 1000,
        "new" => times.min().unwrap().timestamp() * 1000,
        "freq" => seen.len() as i64,
        "user" => {
            let users: BTreeSet<_> = seen.iter().filter_map(|(_, user)| *user).collect();
            users.len() as i64
        }
        "trends" => {
            (trend(&times.map(|at| now - at).collect::<Vec<_>>(), window) * 1e6).floor() as i64
        }
        other => panic!("no sort {other}"),
    }
}

/// I · max(0.01, E) · max(0.01, V) with the default weights.
fn trend(ages: &[TimeDelta], window: TimeDelta) -> f64 {
    let hours = |age: TimeDelta| age.num_microseconds().unwrap() as f64 / 3.6e9;
    let oldest = ages.iter().copied().map(hours).fold(0.0, f64::max);
    let newness = f64::max(0.01, 2_f64.powf(-f64::min(16.0, oldest / 12.0)));
    let sum: f64 = ages.iter().map(|age| 2_f64.powf(-hours(*age) / 4.0)).sum();
    let events = (1.0 + sum).ln();
    let (overall, recent) = if window >= TimeDelta::days(7) {
        (TimeDelta::days(7), TimeDelta::hours(1))
    } else {
        (window, window / 100)
    };
    let within = |span: TimeDelta| ages.iter().filter(|age| **age <= span).count() as f64;
    let growth = 0.1 * within(recent) / (within(overall) + 1.0);
    newness * events.max(0.01) * growth.max(0.01)
}

//! The rows of issues, and when their events happen.

use super::bulk::{Bulk, Cell};
use super::company::{Company, ENVIRONMENTS, wide};
use super::dice::Dice;
use super::event::{Common, Event, Moment, terms};
use super::issue::{Issue, Plan};
use super::words::json_list;
use super::{A_FEW, Releases, number, tables};
use anyhow::Result;
use picket_core::model::{
    ActivityKind, HistoryKind, IssueStatus, SearchText, SeenValues, Substatus, Term,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

const HOUR: i64 = 3_600_000_000;
/// Terms that are kept before repetitions are thrown out.
const MANY_TERMS: usize = 1 << 16;
/// Bits of a row of `search_term_fts` that tell rows of one issue apart.
const ROW_BITS: u32 = 30;

/// What the events have to know of the issues.
#[derive(Debug, Default)]
pub struct Issues {
    pub moments: Vec<Moment>,
    /// Where the texts of an issue begin: its own one, then its messages, then its stacks.
    pub first_texts: Vec<usize>,
    /// Hashes of texts; 0 for those that no event has.
    pub texts: Vec<i64>,
    /// Last short id of each project.
    pub short_ids: BTreeMap<i64, i64>,
    pub releases: Releases,
}

/// What is worked out of the events of one issue.
#[derive(Debug, Default)]
struct Sum {
    hours: BTreeMap<i64, i64>,
    /// Environment: first release and first time.
    environments: BTreeMap<usize, (usize, i64)>,
    /// Release and environment: first and last time.
    releases: BTreeMap<(usize, usize), (i64, i64)>,
    terms: Vec<Term>,
    /// Which messages and stacks occur.
    messages: BTreeSet<usize>,
    stacks: BTreeSet<usize>,
    last: i64,
}

/// Writes everything but the events.
pub async fn write(
    bulk: &mut Bulk,
    plans: &[Plan],
    company: &Company,
    events: usize,
) -> Result<Issues> {
    let mut all = Issues {
        moments: Vec::with_capacity(events),
        ..Issues::default()
    };
    let mut values = Values::default();
    let mut outcomes: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for (place, plan) in plans.iter().enumerate() {
        let times: Vec<i64> = (0..plan.events).map(|number| plan.time(number)).collect();
        let last = times.iter().copied().max().unwrap_or(plan.start);
        let issue = Issue::new(plan, last, company);
        let index = u32::try_from(place)?;
        let moments = times.iter().zip(0..).map(|(at, number)| Moment {
            at: *at,
            issue: index,
            number,
        });
        all.moments.extend(moments);
        let common = Common::of(&issue, company);
        let sum = Sum::of(plan, &issue, &common, &times, company, &mut values);
        for (hour, count) in &sum.hours {
            *outcomes
                .entry((*hour, company.programs[issue.project].id))
                .or_default() += count;
        }
        let id = wide(place + 1);
        all.issue(bulk, id, plan, &issue, &sum, company);
        satellites(bulk, id, plan, &issue, &sum, company);
        all.texts(bulk, id, &issue, &sum, company);
        put_terms(bulk, id, &sum.terms);
        if place % A_FEW == 0 {
            bulk.drain().await?;
        }
    }
    values.put(bulk);
    for ((hour, project), count) in outcomes {
        bulk.put(
            tables::OUTCOME,
            &[
                Cell::Number(hour),
                Cell::Number(project),
                Cell::Text("accepted"),
                Cell::Text("updated"),
                Cell::Number(count),
            ],
        );
    }
    Ok(all)
}

impl Sum {
    fn of(
        plan: &Plan,
        issue: &Issue,
        common: &Common,
        times: &[i64],
        company: &Company,
        seen: &mut Values,
    ) -> Self {
        let program = &company.programs[issue.project];
        let mut sum = Self::default();
        for (key, value) in &common.values {
            sum.terms.extend(terms(key, value));
            seen.add(key, value);
        }
        let mut scratch = String::new();
        for (&at, number) in times.iter().zip(0..) {
            let event = Event::new(plan, issue, number, at, company);
            *sum.hours.entry(at.div_euclid(HOUR)).or_default() += 1;
            let environment = sum.environments.entry(event.environment);
            let first = environment.or_insert((event.release, at));
            *first = (*first).min_by_time((event.release, at));
            let release = sum.releases.entry((event.release, event.environment));
            let span = release.or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
            let version = &program.releases[event.release].0;
            event.values(version, &mut scratch, |key, value| {
                sum.terms.extend(terms(key, value));
                seen.add(key, value);
            });
            sum.messages.insert(event.message);
            sum.stacks.insert(event.stack);
            sum.last = sum.last.max(at);
            if sum.terms.len() > MANY_TERMS {
                sum.tidy();
            }
        }
        sum.tidy();
        sum
    }

    fn tidy(&mut self) {
        self.terms.sort_unstable();
        self.terms.dedup();
    }

    /// The release of the first event.
    fn first_release(&self, start: i64) -> usize {
        let first = self.environments.values().find(|(_, at)| *at == start);
        first.map_or(0, |(release, _)| *release)
    }
}

trait Earlier {
    fn min_by_time(self, other: Self) -> Self;
}

impl Earlier for (usize, i64) {
    fn min_by_time(self, other: Self) -> Self {
        if other.1 < self.1 { other } else { self }
    }
}

impl Issues {
    fn issue(
        &mut self,
        bulk: &mut Bulk,
        id: i64,
        plan: &Plan,
        issue: &Issue,
        sum: &Sum,
        company: &Company,
    ) {
        let program = &company.programs[issue.project];
        let short_id = self.short_ids.entry(program.id).or_default();
        *short_id += 1;
        let topic = &issue.topic;
        let (title, subtitle, culprit) = (
            topic.title(),
            topic.subtitle(issue.is_error()),
            topic.culprit(),
        );
        let message = topic.value(0);
        let data = json!({
            "type": "generic",
            "title": title,
            "culprit": culprit,
            "metadata": {
                "title": title, "value": subtitle, "initial_priority": issue.priority.number(),
            },
        });
        let data = data.to_string();
        let release = sum.first_release(plan.start);
        let resolved = (issue.status == IssueStatus::Resolved).then_some(sum.last + HOUR);
        bulk.put(
            tables::ISSUE,
            &[
                Cell::Number(id),
                Cell::Number(program.id),
                Cell::Number(*short_id),
                Cell::Number(issue.group_type.into()),
                Cell::Number(issue.status.number().into()),
                Cell::from(
                    issue
                        .substatus
                        .map(|substatus| i64::from(substatus.number())),
                ),
                Cell::Number(issue.priority.number().into()),
                Cell::Number(issue.level.number().into()),
                Cell::Time(plan.start),
                Cell::Time(sum.last),
                Cell::Time(plan.start),
                Cell::Number(plan.events.into()),
                Cell::Number(score(plan.events, sum.last)),
                Cell::Text(&program.releases[release].0),
                resolved.map_or(Cell::Nothing, Cell::Time),
                Cell::from(issue.user),
                Cell::from(issue.team),
                Cell::Number(1),
                Cell::Number(1),
                Cell::Number(own_text(issue).hash),
            ],
        );
        bulk.put(
            tables::CONTENT,
            &[
                Cell::Number(id),
                Cell::Text(program.platform),
                Cell::Text(&message),
                Cell::Text(&culprit),
                Cell::Text(&title),
                Cell::Text(&subtitle),
                Cell::Text(&data),
            ],
        );
        for (environment, (release, _)) in &sum.environments {
            let place = (issue.project, *release, *environment);
            *self.releases.entry(place).or_default() += 1;
        }
    }

    /// The issue's own text, then its messages, then its stacks.
    fn texts(&mut self, bulk: &mut Bulk, id: i64, issue: &Issue, sum: &Sum, company: &Company) {
        let topic = &issue.topic;
        let (title, culprit) = (topic.title(), topic.culprit());
        self.first_texts.push(self.texts.len());
        let mut put = |bulk: &mut Bulk, text: Option<SearchText>| {
            self.texts.push(text.as_ref().map_or(0, |text| text.hash));
            if let Some(text) = text {
                bulk.put(
                    tables::TEXT,
                    &[
                        Cell::Number(id),
                        Cell::Number(text.hash),
                        Cell::Text(&text.text),
                        Cell::from(text.facts.as_deref()),
                    ],
                );
            }
        };
        put(bulk, Some(own_text(issue)));
        for variant in 0..issue.messages {
            let value = topic.value(variant);
            let text = sum.messages.contains(&variant).then(|| {
                let facts = format!(
                    r#"{{"error.type":["{}"],"error.value":["{value}"],"error.mechanism":["generic"]}}"#,
                    topic.error
                );
                SearchText::new(&format!("{value}\n{title}\n{}", topic.error), Some(facts))
            });
            put(bulk, text);
        }
        let ending = company.programs[issue.project].ending;
        for variant in 0..issue.stacks {
            let text = sum.stacks.contains(&variant).then(|| {
                let frames = topic.frames(variant, ending);
                stack(&culprit, &frames)
            });
            put(bulk, text);
        }
    }
}

/// Title, subtitle, message and culprit.
fn own_text(issue: &Issue) -> SearchText {
    let topic = &issue.topic;
    let (title, subtitle) = (topic.title(), topic.subtitle(issue.is_error()));
    let (value, culprit) = (topic.value(0), topic.culprit());
    SearchText::new(&format!("{title}\n{subtitle}\n{value}\n{culprit}"), None)
}

fn stack(culprit: &str, frames: &[(String, String, String)]) -> SearchText {
    let files = json_list(frames.iter().map(|(file, ..)| file.as_str()));
    let modules = json_list(frames.iter().map(|(_, module, _)| module.as_str()));
    let functions = json_list(frames.iter().map(|(.., function)| function.as_str()));
    let facts = format!(
        r#"{{"stack.filename":{files},"stack.module":{modules},"stack.function":{functions},"stack.in_app":[true],"stack.stack_level":[0]}}"#
    );
    let mut text = culprit.to_owned();
    for line in frames
        .iter()
        .map(|(file, ..)| file)
        .chain(frames.iter().map(|(.., function)| function))
        .chain(frames.iter().map(|(_, module, _)| module))
    {
        // Writing into a text cannot fail.
        let _ = write!(text, "\n{line}");
    }
    SearchText::new(&text, Some(facts))
}

/// What older lists were ordered by.
#[allow(clippy::cast_possible_truncation, reason = "a number of ten digits")]
fn score(events: u32, last_seen: i64) -> i64 {
    (f64::from(events).ln() * 600.0) as i64 + last_seen / 1_000_000
}

fn satellites(bulk: &mut Bulk, id: i64, plan: &Plan, issue: &Issue, sum: &Sum, company: &Company) {
    let program = &company.programs[issue.project];
    let version = |release: usize| Cell::Text(&program.releases[release].0);
    let hash = Dice::new(plan.seed, 3).id();
    let own = Cell::Number(id);
    bulk.put(
        tables::GROUPHASH,
        &[Cell::Number(program.id), Cell::Id(hash), own],
    );
    for (hour, count) in &sum.hours {
        bulk.put(
            tables::BUCKET,
            &[own, Cell::Number(*hour), Cell::Number(*count)],
        );
    }
    for (environment, (release, first)) in &sum.environments {
        let name = Cell::Text(ENVIRONMENTS[*environment]);
        bulk.put(
            tables::ENVIRONMENT,
            &[own, name, version(*release), Cell::Time(*first)],
        );
    }
    for ((release, environment), (first, last)) in &sum.releases {
        let name = Cell::Text(ENVIRONMENTS[*environment]);
        let row = [
            own,
            version(*release),
            name,
            Cell::Time(*first),
            Cell::Time(*last),
        ];
        bulk.put(tables::RELEASE, &row);
    }
    if let Some(reason) = issue.inbox {
        let row = [
            own,
            Cell::Number(reason.number().into()),
            Cell::Time(sum.last),
        ];
        bulk.put(tables::INBOX, &row);
    }
    standing(bulk, own, plan, issue, sum, company);
}

/// What people and the clock did.
fn standing(
    bulk: &mut Bulk,
    own: Cell<'_>,
    plan: &Plan,
    issue: &Issue,
    sum: &Sum,
    company: &Company,
) {
    let dice = &mut Dice::new(plan.seed, 4);
    let actor = number(1 + dice.below(super::company::MEMBERS));
    let at = Cell::Time(sum.last + HOUR);
    let none = Cell::Nothing;
    let mut activity = |kind: ActivityKind, ident: Option<&str>, data: &str| {
        let row = [
            own,
            Cell::Number(kind.number().into()),
            actor,
            ident.into(),
            Cell::Text(data),
            at,
        ];
        bulk.put(tables::ACTIVITY, &row);
    };
    if let Some(user) = issue.user {
        let data = json!({ "assignee": user.to_string(), "assigneeType": "user" });
        activity(ActivityKind::Assigned, None, &data.to_string());
    }
    match (issue.status, issue.substatus) {
        (IssueStatus::Resolved, _) => {
            let program = &company.programs[issue.project];
            let release = &program.releases[sum.first_release(plan.start)].0;
            if dice.chance(300) {
                let ident = plan.seed.to_string();
                let data = json!({ "version": release }).to_string();
                activity(ActivityKind::SetResolvedInRelease, Some(&ident), &data);
                let row = [
                    own,
                    Cell::Number(program.id),
                    Cell::Text(&ident),
                    Cell::Number(0),
                    Cell::Number(1),
                    Cell::Text(release),
                ];
                bulk.put(tables::RESOLUTION, &row);
            } else {
                activity(ActivityKind::SetResolved, None, "{}");
            }
            let kind = Cell::Number(HistoryKind::Resolved.number().into());
            bulk.put(tables::HISTORY, &[own, kind, actor, none, at]);
        }
        (IssueStatus::Ignored, substatus) => {
            activity(ActivityKind::SetIgnored, None, "{}");
            if substatus == Some(Substatus::UntilConditionMet) {
                let row = [
                    own,
                    none,
                    Cell::Number(100),
                    Cell::Number(plan.events.into()),
                    actor,
                ];
                bulk.put(tables::SNOOZE, &row);
            }
            let kind = Cell::Number(HistoryKind::Ignored.number().into());
            bulk.put(tables::HISTORY, &[own, kind, actor, none, at]);
        }
        (IssueStatus::Unresolved, Some(Substatus::Regressed)) => {
            activity(ActivityKind::SetRegression, None, "{}");
            let release = company.programs[issue.project].releases.last();
            let release = release.map(|(version, _)| version.as_str());
            let kind = Cell::Number(HistoryKind::Regressed.number().into());
            bulk.put(
                tables::HISTORY,
                &[own, kind, none, release.into(), Cell::Time(sum.last)],
            );
        }
        _ => {}
    }
}

fn put_terms(bulk: &mut Bulk, id: i64, terms: &[Term]) {
    if !bulk.is_sqlite() {
        for term in terms {
            bulk.put(
                tables::TERM,
                &[Cell::Number(term.number()), Cell::Number(id)],
            );
        }
        return;
    }
    let mut text = String::with_capacity(terms.len() * 17);
    for term in terms {
        // Writing into a text cannot fail.
        let _ = write!(text, "{term} ");
    }
    // As if one transaction had written them all: that with revision 1.
    let row = (id << ROW_BITS) | 1;
    bulk.put(tables::TERMS, &[Cell::Number(row), Cell::Text(&text)]);
}

/// Values to choose from, as many as a store keeps.
#[derive(Debug, Default)]
struct Values(HashMap<&'static str, BTreeSet<String>>);

impl Values {
    const MOST: usize = 2_000;
    const KEYS: [&'static str; 12] = [
        "level",
        "platform.name",
        "error.handled",
        "error.type",
        "error.mechanism",
        "environment",
        "release",
        "browser.name",
        "os",
        "region",
        "customer",
        "user",
    ];

    fn add(&mut self, key: &str, value: &str) {
        let Some(key) = Self::KEYS.iter().find(|known| **known == key) else {
            return;
        };
        let values = self.0.entry(key).or_default();
        let fits = value.len() <= SeenValues::LONGEST;
        if fits && values.len() < Self::MOST && !values.contains(value) {
            values.insert(value.to_owned());
        }
    }

    fn put(&self, bulk: &mut Bulk) {
        for (key, values) in &self.0 {
            for value in values {
                bulk.put(tables::VALUE, &[Cell::Text(key), Cell::Text(value)]);
            }
        }
    }
}

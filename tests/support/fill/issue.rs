//! Which issues there are: how often each occurs, since when, and where it stands.

use super::company::{Company, MEMBERS, PROJECTS, TEAMS, wide};
use super::dice::Dice;
use super::words::Topic;
use picket_core::model::{InboxReason, IssueStatus, Level, Priority, Substatus};

const DAY: i64 = 86_400_000_000;
/// Errors mostly; slow queries, repeated queries, missed jobs, unreachable sites, what users wrote.
const GROUP_TYPES: [(u16, usize); 6] = [
    (1, 780),
    (1001, 60),
    (1006, 60),
    (4001, 40),
    (7001, 30),
    (6001, 30),
];
/// Ranks that are about equally noisy.
const PLATEAU: f64 = 20.0;
const EXPONENT: f64 = 1.04;

/// An issue before its events are known.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub events: u32,
    /// When its first event happens.
    pub start: i64,
    /// The others happen in so many microseconds after it.
    pub span: i64,
}

/// What an issue is, beside its events.
#[derive(Debug)]
pub struct Issue {
    pub project: usize,
    pub group_type: u16,
    pub level: Level,
    pub priority: Priority,
    pub topic: Topic,
    /// Customers that have most of its events.
    pub customers: [usize; 4],
    /// A browser that has all of its events, where it is that kind of issue.
    pub browser: Option<usize>,
    pub handled: bool,
    /// How many different messages and stacks its events have.
    pub messages: usize,
    pub stacks: usize,
    pub status: IssueStatus,
    pub substatus: Option<Substatus>,
    pub inbox: Option<InboxReason>,
    pub user: Option<i64>,
    pub team: Option<i64>,
}

/// All issues, oldest first. Their events sum up to `events` exactly.
#[must_use]
pub fn plans(issues: usize, events: usize, seed: u64, company: &Company) -> Vec<Plan> {
    let mut dice = Dice::new(seed, 0);
    let mut plans: Vec<Plan> = counts(issues, events)
        .into_iter()
        .map(|events| {
            let (start, span) = life(events, company, &mut dice);
            Plan {
                seed: dice.next(),
                events,
                start,
                span,
            }
        })
        .collect();
    plans.sort_unstable_by_key(|plan| (plan.start, plan.seed));
    plans
}

/// Events of each issue, most first: one each, and what is left by Zipf's law.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "shares of the events, which are far fewer than 2^32"
)]
fn counts(issues: usize, events: usize) -> Vec<u32> {
    let rest = events.saturating_sub(issues);
    let weight = |rank: usize| (rank as f64 + PLATEAU).powf(-EXPONENT);
    let sum: f64 = (0..issues).map(weight).sum();
    let mut given = 0;
    let mut owed = 0.0;
    let counts = (0..issues).map(|rank| {
        owed += weight(rank) / sum * rest as f64;
        let more = (owed as usize).min(rest - given);
        owed -= more as f64;
        given += more;
        1 + more as u32
    });
    let mut counts: Vec<u32> = counts.collect();
    // Rounding leaves a handful.
    counts[0] += (rest - given) as u32;
    counts
}

/// Noisy issues began early and go on; rare ones come and go.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "microseconds of some months"
)]
fn life(events: u32, company: &Company, dice: &mut Dice) -> (i64, i64) {
    let all = company.end - company.begin;
    let start = company.begin + (all as f64 * dice.unit()) as i64;
    let left = company.end - 1 - start;
    let days = match events {
        1 => return (start, 0),
        2..10 => 6.0,
        10..100 => 20.0,
        100..1_000 => 60.0,
        _ => {
            let early = company.begin + (all as f64 * 0.5 * dice.unit()) as i64;
            return (early, company.end - 1 - early);
        }
    };
    let span = (-(1.0 - dice.unit()).ln() * days * DAY as f64) as i64;
    (start, span.clamp(1, left.max(1)))
}

impl Issue {
    /// The issue of a plan. `last_seen`: of its last event.
    #[must_use]
    pub fn new(plan: &Plan, last_seen: i64, company: &Company) -> Self {
        let dice = &mut Dice::new(plan.seed, 1);
        let project = dice.skewed(PROJECTS);
        let group_type = group_type(dice);
        let is_recent = |at: i64| company.end - at < 7 * DAY;
        let (status, substatus) = standing(is_recent(plan.start), dice);
        let inbox = match (status, substatus) {
            (IssueStatus::Unresolved, Some(Substatus::New)) => Some(InboxReason::New),
            (IssueStatus::Unresolved, Some(Substatus::Regressed)) => Some(InboxReason::Regression),
            (IssueStatus::Unresolved, Some(Substatus::Escalating)) => Some(InboxReason::Escalating),
            (IssueStatus::Unresolved, _) if dice.chance(50) => Some(InboxReason::Ongoing),
            _ => None,
        };
        let (level, priority) = match dice.below(100) {
            0..8 => (Level::Fatal, Priority::High),
            8..40 => (Level::Error, Priority::High),
            40..75 => (Level::Error, Priority::Medium),
            75..92 => (Level::Warning, Priority::Medium),
            _ => (Level::Info, Priority::Low),
        };
        let holder = dice.below(100);
        let (member, team) = (wide(1 + dice.skewed(MEMBERS)), wide(1 + dice.below(TEAMS)));
        Self {
            project,
            group_type,
            level,
            priority,
            topic: Topic::choose(dice),
            customers: std::array::from_fn(|_| dice.skewed(super::company::CUSTOMERS)),
            browser: dice
                .chance(300)
                .then(|| dice.skewed(super::company::BROWSERS.len())),
            handled: dice.chance(700),
            messages: 1 + usize::from(plan.events >= 5) + usize::from(plan.events >= 100),
            stacks: 1 + usize::from(plan.events >= 20),
            status,
            substatus,
            inbox: inbox.filter(|_| is_recent(last_seen)),
            user: (holder < 10).then_some(member),
            team: (10..15).contains(&holder).then_some(team),
        }
    }
}

impl Issue {
    /// Whether searches for texts read its events, and not its own text.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.group_type == 1
    }
}

fn group_type(dice: &mut Dice) -> u16 {
    let mut roll = dice.below(1_000);
    for (group_type, weight) in GROUP_TYPES {
        if roll < weight {
            return group_type;
        }
        roll -= weight;
    }
    1
}

fn standing(is_new: bool, dice: &mut Dice) -> (IssueStatus, Option<Substatus>) {
    use IssueStatus::{Ignored, PendingDeletion, Resolved, Unresolved};
    match dice.below(100) {
        0..62 if is_new => (Unresolved, Some(Substatus::New)),
        0..62 => (Unresolved, Some(Substatus::Ongoing)),
        62..67 => (Unresolved, Some(Substatus::Regressed)),
        67..70 => (Unresolved, Some(Substatus::Escalating)),
        70..90 => (Resolved, None),
        90..96 => (Ignored, Some(Substatus::UntilEscalating)),
        96..98 => (Ignored, Some(Substatus::UntilConditionMet)),
        98 => (Ignored, Some(Substatus::Forever)),
        _ => (PendingDeletion, None),
    }
}

//! What single events are: everything about one follows from its issue and its number, so that it can be worked out
//! again wherever it is needed.

use super::company::{BROWSERS, CUSTOMERS, Company, ENVIRONMENTS, REGIONS, SYSTEMS, USERS};
use super::dice::Dice;
use super::issue::{Issue, Plan};
use picket_core::model::{Term, TermBits};
use std::fmt::Write as _;

/// An event: when, of which issue, which of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub at: i64,
    pub issue: u32,
    pub number: u32,
}

/// What can be asked of an event.
#[derive(Debug)]
pub struct Event {
    pub id: [u8; 16],
    pub environment: usize,
    pub release: usize,
    pub browser: usize,
    pub system: usize,
    pub region: usize,
    pub customer: usize,
    pub user: Option<usize>,
    pub message: usize,
    pub stack: usize,
    /// Whether its body is stored.
    pub has_body: bool,
}

impl Plan {
    /// When event number `number` happens.
    #[must_use]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "microseconds of some months"
    )]
    pub fn time(&self, number: u32) -> i64 {
        if number == 0 {
            return self.start;
        }
        let mut dice = Dice::new(self.seed, (1 << 40) + u64::from(number));
        self.start + (self.span as f64 * dice.unit()) as i64
    }
}

impl Event {
    #[must_use]
    pub fn new(plan: &Plan, issue: &Issue, number: u32, at: i64, company: &Company) -> Self {
        let dice = &mut Dice::new(plan.seed, (2 << 40) + u64::from(number));
        let id = dice.id();
        let environment = match dice.below(100) {
            0..78 => 0,
            78..92 => 1,
            92..97 => 2,
            _ => 3,
        };
        let customer = if dice.chance(700) {
            *dice.pick(&issue.customers)
        } else {
            dice.skewed(CUSTOMERS)
        };
        Self {
            id,
            environment,
            release: company.programs[issue.project].release_at(at, dice),
            browser: issue.browser.unwrap_or_else(|| dice.skewed(BROWSERS.len())),
            system: dice.skewed(SYSTEMS.len()),
            region: dice.skewed(REGIONS.len()),
            customer,
            user: dice.chance(400).then(|| dice.skewed(USERS)),
            message: if number == 0 {
                0
            } else {
                dice.below(issue.messages)
            },
            stack: if number == 0 {
                0
            } else {
                dice.below(issue.stacks)
            },
            has_body: dice.chance(100),
        }
    }

    /// The keys and values that differ between the events of an issue and can be searched for.
    pub fn values(&self, release: &str, scratch: &mut String, mut add: impl FnMut(&str, &str)) {
        let mut number =
            |key: &str, before: &str, number: usize, add: &mut dyn FnMut(&str, &str)| {
                scratch.clear();
                // Writing into a text cannot fail.
                let _ = write!(scratch, "{before}{number}");
                add(key, scratch);
            };
        add("environment", ENVIRONMENTS[self.environment]);
        add("release", release);
        add("browser.name", BROWSERS[self.browser]);
        add("os", SYSTEMS[self.system]);
        add("region", REGIONS[self.region]);
        number("customer", "customer-", self.customer, &mut add);
        if let Some(user) = self.user {
            number("user", "id:", user, &mut add);
        }
    }

    /// The facts of the event as JSON.
    pub fn facts(&self, release: &str, of_issue: &str, text: &mut String) {
        text.clear();
        let (browser, system) = (BROWSERS[self.browser], SYSTEMS[self.system]);
        let (region, customer) = (REGIONS[self.region], self.customer);
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            r#"{{"tags":{{"browser.name":"{browser}","os":"{system}","region":"{region}","customer":"customer-{customer}","sentry:release":"{release}""#
        );
        if let Some(user) = self.user {
            let _ = write!(text, r#","sentry:user":"id:{user}""#);
        }
        let _ = write!(text, "}},{of_issue}}}");
    }
}

/// What all events of an issue have in common: JSON members, and keys with values.
#[derive(Debug)]
pub struct Common {
    pub json: String,
    pub values: Vec<(&'static str, String)>,
    pub bits: TermBits,
}

impl Common {
    #[must_use]
    pub fn of(issue: &Issue, company: &Company) -> Self {
        let program = &company.programs[issue.project];
        let level = issue.level.as_str();
        let values = vec![
            ("level", level.to_owned()),
            ("platform.name", program.platform.to_owned()),
            ("error.handled", issue.handled.to_string()),
            ("error.type", issue.topic.error.to_owned()),
            ("error.mechanism", "generic".to_owned()),
        ];
        // Leaner than those of real events, or ten million of them would fill the disk.
        let json = format!(
            r#""level":"{level}","platform.name":"{}","error.handled":{}"#,
            program.platform, issue.handled
        );
        let terms = values.iter().map(|(key, value)| Term::of(key, value));
        let bits = TermBits::of(&terms.collect::<Vec<_>>());
        Self { json, values, bits }
    }
}

/// The terms of a key with a value, as the pipeline has them.
#[must_use]
pub fn terms(key: &str, value: &str) -> [Term; 2] {
    [Term::of(key, value), Term::of_key(key)]
}

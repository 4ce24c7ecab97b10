//! Invented occurrences: for the demo, for load tests and for benchmarks.
//!
//! Everything follows from a seed: the same seed and options give the same bytes, record by record. Issues differ in
//! how often they occur as those of a real organisation do (Zipf's law), so a few make most of the noise.

mod dice;
mod family;
mod issue;
mod message;
mod occurrence;
mod spoil;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

pub use spoil::Defect;

use chrono::{DateTime, TimeDelta, Utc};
use dice::Dice;
use family::{Shape, is_unreleased};
use issue::Issue;
use message::StatusChange;
use occurrence::Path;
use std::collections::HashMap;

/// Id and slug of every project that occurs.
#[must_use]
pub fn projects() -> Vec<(i64, &'static str)> {
    vocabulary::PROJECTS
        .iter()
        .map(|project| (project.id, project.slug))
        .collect()
}

/// How much more often an issue occurs than the next one.
const ZIPF_EXPONENT: f64 = 1.04;
/// Issues whose last event is remembered, so that a later occurrence can refer to it.
const REMEMBERED: u32 = 4_096;
/// Issues that occurred last, for status changes.
const RECENT: usize = 512;
/// How far back the backlog goes.
const BACKLOG_HOURS: i64 = 24;

/// What to generate. Shares are in ten-thousandths of all records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneratorOptions {
    /// Distinct issues; at least one.
    pub issues: u32,
    /// Begin with one occurrence of every issue, so that all of them exist after [`GeneratorOptions::issues`]
    /// records.
    pub each_issue_first: bool,
    /// Records that happened during the 24 hours before `start`.
    pub backlog: u64,
    /// When the backlog ends and the present begins.
    pub start: DateTime<Utc>,
    /// Time between two records of the present, when used as an iterator.
    pub step: TimeDelta,
    /// Status changes.
    pub status_changes: u32,
    /// Records with a [`Defect`].
    pub defects: u32,
    /// Occurrences with a light event (`is_buffered_spans`).
    pub light: u32,
    /// Occurrences that refer to the event of an earlier one of the same issue.
    pub lookups: u32,
}

impl GeneratorOptions {
    /// The shares of the demo, 50 000 issues, no backlog, a hundred records a second from `start` on.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            issues: 50_000,
            each_issue_first: false,
            backlog: 0,
            start,
            step: TimeDelta::milliseconds(10),
            status_changes: 200,
            defects: 30,
            light: 700,
            lookups: 400,
        }
    }
}

/// What kind of record was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneratedKind {
    /// An occurrence with its event.
    Inline,
    /// An occurrence with a light event.
    Light,
    /// An occurrence that refers to an earlier event of its issue.
    Lookup,
    /// An occurrence of a type that is dropped unless its feature is on.
    Unreleased,
    /// A status change of an issue that occurred before.
    StatusChange,
    /// A record that ends as a dead letter.
    Defective(Defect),
}

/// A generated record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Key: the first part of the fingerprint, so that an issue stays in one partition.
    pub key: Vec<u8>,
    /// Value.
    pub payload: Vec<u8>,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What it is.
    pub kind: GeneratedKind,
    /// Number of its issue, from 0.
    pub issue: u32,
}

impl Generated {
    /// The partition of its key among `partitions`.
    #[must_use]
    pub fn partition(&self, partitions: u32) -> i32 {
        // FNV-1a, 64 bits.
        let hash = self
            .key
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        i32::try_from(hash % u64::from(partitions.max(1))).unwrap_or(0)
    }
}

/// An endless sequence of records.
#[derive(Debug, Clone)]
pub struct Generator {
    seed: u64,
    options: GeneratorOptions,
    dice: Dice,
    produced: u64,
    /// Last event that was sent with an issue's occurrence and is stored.
    events: HashMap<u32, String>,
    recent: Vec<u32>,
}

impl Generator {
    /// The sequence of a seed.
    #[must_use]
    pub fn new(seed: u64, options: GeneratorOptions) -> Self {
        let options = GeneratorOptions {
            issues: options.issues.max(1),
            ..options
        };
        Self {
            seed,
            options,
            dice: Dice::new(seed, 0),
            produced: 0,
            events: HashMap::new(),
            recent: Vec::new(),
        }
    }

    /// The next record, happening at `now` unless it still belongs to the backlog.
    pub fn next_at(&mut self, now: DateTime<Utc>) -> Generated {
        let number = self.produced;
        self.produced += 1;
        let time = self.time_of(number, now);
        if self.options.each_issue_first && number < u64::from(self.options.issues) {
            let index = u32::try_from(number).unwrap_or(0);
            return self.occurrence(index, time, false);
        }
        let roll = u32::try_from(self.dice.below(10_000)).unwrap_or(0);
        if roll < self.options.defects {
            return self.defective(time);
        }
        if roll < self.options.defects + self.options.status_changes && !self.recent.is_empty() {
            return self.status_change(time);
        }
        let index = self.any_issue();
        self.occurrence(index, time, true)
    }

    /// Records of the backlog rise through the day before `start`; a little disorder is left in.
    fn time_of(&mut self, number: u64, now: DateTime<Utc>) -> DateTime<Utc> {
        let jitter = TimeDelta::milliseconds(i64::try_from(self.dice.below(4_000)).unwrap_or(0));
        let backlog = self.options.backlog;
        if number >= backlog {
            return now - jitter;
        }
        let day = TimeDelta::hours(BACKLOG_HOURS).num_milliseconds();
        let left = i128::from(day) * i128::from(backlog - number) / i128::from(backlog);
        self.options.start - TimeDelta::milliseconds(i64::try_from(left).unwrap_or(day)) - jitter
    }

    /// The number of an issue: low ones often, high ones rarely.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and the number of issues"
    )]
    fn any_issue(&mut self) -> u32 {
        let issues = f64::from(self.options.issues);
        let tail = 1.0 - ZIPF_EXPONENT;
        let rank = (self.dice.unit() * (issues.powf(tail) - 1.0) + 1.0).powf(1.0 / tail);
        (rank.clamp(1.0, issues) as u32)
            .saturating_sub(1)
            .min(self.options.issues - 1)
    }

    fn occurrence(&mut self, index: u32, time: DateTime<Utc>, may_vary: bool) -> Generated {
        let issue = Issue::new(self.seed, index);
        let unreleased = is_unreleased(issue.family);
        let path = if may_vary && !unreleased {
            self.path(index, &issue)
        } else {
            Path::Inline
        };
        let written = occurrence::write(&issue, &path, time, &mut self.dice);
        if path == Path::Inline && !unreleased && index < REMEMBERED {
            self.events.insert(index, written.event_id);
        }
        self.remember(index);
        let kind = match path {
            _ if unreleased => GeneratedKind::Unreleased,
            Path::Inline => GeneratedKind::Inline,
            Path::Light => GeneratedKind::Light,
            Path::Lookup(_) => GeneratedKind::Lookup,
        };
        Generated {
            key: issue.fingerprint.into_bytes(),
            payload: written.payload,
            time,
            kind,
            issue: index,
        }
    }

    fn path(&mut self, index: u32, issue: &Issue) -> Path {
        let roll = u32::try_from(self.dice.below(10_000)).unwrap_or(0);
        if roll < self.options.lookups
            && let Some(event_id) = self.events.get(&index)
        {
            return Path::Lookup(event_id.clone());
        }
        let describes_spans = matches!(issue.family.shape, Shape::Spans | Shape::Profile);
        // Light events come from span detection only, so their share of all records falls to those.
        if describes_spans && roll < self.options.lookups + self.options.light * 2 {
            Path::Light
        } else {
            Path::Inline
        }
    }

    fn remember(&mut self, index: u32) {
        if self.recent.len() < RECENT {
            self.recent.push(index);
        } else {
            let slot = usize::try_from(self.produced % RECENT as u64).unwrap_or(0);
            self.recent[slot] = index;
        }
    }

    fn status_change(&mut self, time: DateTime<Utc>) -> Generated {
        let index = *self.dice.pick(&self.recent);
        let issue = Issue::new(self.seed, index);
        // Resolved; archived until it escalates, until a condition, for ever; back to work; regressed.
        let (new_status, new_substatus) = self
            .dice
            .weighted(
                &[
                    ((1, None), 50),
                    ((2, Some(1)), 16),
                    ((2, Some(4)), 8),
                    ((2, Some(5)), 6),
                    ((0, Some(3)), 15),
                    ((0, Some(6)), 5),
                ],
                |(_, weight)| *weight,
            )
            .0;
        let change = StatusChange {
            id: self.dice.hex(),
            project_id: issue.project.id,
            fingerprint: [&issue.fingerprint],
            new_status,
            new_substatus,
            payload_type: "status_change",
        };
        let payload = serde_json::to_vec(&change).unwrap_or_default();
        let kind = GeneratedKind::StatusChange;
        Generated {
            key: issue.fingerprint.into_bytes(),
            payload,
            time,
            kind,
            issue: index,
        }
    }

    fn defective(&mut self, time: DateTime<Utc>) -> Generated {
        let defect = *self.dice.pick(&Defect::ALL);
        // Of a released type: others would be dropped before some of the defects are noticed.
        let mut index = self.any_issue();
        let mut issue = Issue::new(self.seed, index);
        while is_unreleased(issue.family) {
            index /= 2;
            issue = Issue::new(self.seed, index);
        }
        let good = occurrence::write(&issue, &Path::Inline, time, &mut self.dice);
        let payload = spoil::spoil(&good.payload, defect, &mut self.dice);
        let kind = GeneratedKind::Defective(defect);
        Generated {
            key: issue.fingerprint.into_bytes(),
            payload,
            time,
            kind,
            issue: index,
        }
    }
}

impl Iterator for Generator {
    type Item = Generated;

    /// The next record; those after the backlog happen one [`GeneratorOptions::step`] after the other. Never ends.
    fn next(&mut self) -> Option<Generated> {
        let present =
            i32::try_from(self.produced.saturating_sub(self.options.backlog)).unwrap_or(i32::MAX);
        let now = self.options.start + self.options.step * present;
        Some(self.next_at(now))
    }
}

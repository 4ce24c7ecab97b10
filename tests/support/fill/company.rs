//! The company whose problems are invented: projects, releases, people, and what its programs run on.

use super::dice::Dice;
use chrono::{DateTime, TimeDelta, Utc};
use picket_core::model::{Directory, Project, ProjectId, ProjectRules, Team, User};

pub const PROJECTS: usize = 40;
/// How far back the first events lie. Searches without a period look back 90 days, so some issues lie outside.
pub const DAYS: i64 = 120;
const DAYS_A_RELEASE: i64 = 4;
pub const CUSTOMERS: usize = 5_000;
pub const USERS: usize = 200_000;
pub const MEMBERS: usize = 30;
pub const TEAMS: usize = 8;

const TEAMS_OF_COMPANY: [&str; TEAMS] = [
    "payments",
    "search",
    "mobile",
    "platform",
    "growth",
    "logistics",
    "data",
    "support",
];
const AREAS: [&str; 10] = [
    "checkout",
    "catalog",
    "ledger",
    "courier",
    "warehouse",
    "search",
    "account",
    "pricing",
    "reports",
    "gateway",
];
const KINDS: [&str; 4] = ["web", "api", "worker", "app"];
/// Platform, and ending of its source files.
const PLATFORMS: [(&str, &str); 4] = [
    ("javascript", "ts"),
    ("python", "py"),
    ("java", "java"),
    ("cocoa", "swift"),
];

pub const ENVIRONMENTS: [&str; 4] = ["production", "staging", "canary", "development"];
pub const BROWSERS: [&str; 9] = [
    "Chrome",
    "Safari",
    "Chrome Mobile",
    "Firefox",
    "Mobile Safari",
    "Edge",
    "Samsung Internet",
    "Opera",
    "Firefox Mobile",
];
pub const SYSTEMS: [&str; 7] = [
    "Windows", "Linux", "iOS", "Android", "macOS", "Ubuntu", "ChromeOS",
];
pub const REGIONS: [&str; 6] = [
    "eu-central-1",
    "us-east-1",
    "eu-west-1",
    "us-west-2",
    "ap-south-1",
    "sa-east-1",
];

/// A project.
#[derive(Debug, Clone)]
pub struct Program {
    pub id: i64,
    pub slug: String,
    pub platform: &'static str,
    pub ending: &'static str,
    /// Version, and when it came out; oldest first.
    pub releases: Vec<(String, i64)>,
}

/// Everything that issues refer to.
#[derive(Debug)]
pub struct Company {
    pub programs: Vec<Program>,
    /// When the first event can have happened, in microseconds since the Unix epoch.
    pub begin: i64,
    /// When the last one can.
    pub end: i64,
}

impl Company {
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        let begin = now - TimeDelta::days(DAYS);
        let programs = (0..PROJECTS).map(|number| program(number, begin)).collect();
        Self {
            programs,
            begin: begin.timestamp_micros(),
            end: now.timestamp_micros(),
        }
    }

    /// Its projects, as a store is told of them.
    #[must_use]
    pub fn projects(&self) -> Vec<Project> {
        let programs = self.programs.iter();
        programs
            .map(|program| Project {
                id: ProjectId(program.id),
                slug: program.slug.clone(),
                rules: ProjectRules::default(),
            })
            .collect()
    }

    /// Its people.
    #[must_use]
    pub fn directory() -> Directory {
        let users = (1..=MEMBERS).map(|number| User {
            id: wide(number),
            username: format!("member{number}"),
            email: Some(format!("member{number}@shop.test")),
            is_member: true,
            ..User::default()
        });
        let teams = TEAMS_OF_COMPANY
            .iter()
            .enumerate()
            .map(|(number, slug)| Team {
                id: wide(number + 1),
                slug: (*slug).to_owned(),
                ..Team::default()
            });
        Directory {
            users: users.collect(),
            teams: teams.collect(),
        }
    }
}

fn program(number: usize, begin: DateTime<Utc>) -> Program {
    let (area, kind) = (number % AREAS.len(), number / AREAS.len());
    let (platform, ending) = PLATFORMS[kind % PLATFORMS.len()];
    let slug = format!("{}-{}", AREAS[area], KINDS[kind % KINDS.len()]);
    let releases = (0..=DAYS / DAYS_A_RELEASE).map(|step| {
        let out = begin + TimeDelta::days(step * DAYS_A_RELEASE) - TimeDelta::hours(1);
        let version = format!("{slug}@{}.{}.0", 3 + step / 10, step % 10);
        (version, out.timestamp_micros())
    });
    Program {
        id: wide(number + 1),
        releases: releases.collect(),
        slug,
        platform,
        ending,
    }
}

impl Program {
    /// The release that an event of this time comes from: the newest one, now and then the one before it.
    pub fn release_at(&self, at: i64, dice: &mut Dice) -> usize {
        let newer = self.releases.partition_point(|(_, out)| *out <= at);
        let newest = newer.saturating_sub(1);
        if dice.chance(200) {
            newest.saturating_sub(1)
        } else {
            newest
        }
    }
}

/// A count as databases have it.
#[must_use]
pub fn wide(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

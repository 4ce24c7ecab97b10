//! Rows at random. Few values, so that they meet.

use chrono::{DateTime, TimeDelta, Utc};
use picket_tests::rows::format::{
    Data, EventRow, HolderRow, InboxRow, IssueEnvironmentRow, IssueRow, MemberRow, ProjectRow,
    SubscriptionRow, TeamRow,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the clock shows.
pub fn now() -> DateTime<Utc> {
    "2024-06-01T12:00:00Z".parse().unwrap()
}

/// Projects that every data set has.
pub const PROJECTS: [(i64, &str); 3] = [(1, "shop"), (2, "till"), (3, "web")];
pub const ENVIRONMENTS: [&str; 3] = ["prod", "staging", "dev"];

#[derive(Debug, Clone)]
struct IssueSketch {
    project: i64,
    status: (i16, Option<i16>),
    priority: Option<i16>,
    kind: (&'static str, &'static str),
    assignee: Option<Who>,
    owners: Vec<Who>,
    bookmarks: Vec<i64>,
    subscriptions: Vec<(i64, bool)>,
    in_inbox: bool,
    /// Seconds before now, where it has no events.
    last_seen: i64,
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Member(i64),
    Team(i64),
}

#[derive(Debug, Clone)]
struct EventSketch {
    issue: usize,
    micros_ago: i64,
    tags: Vec<(&'static str, &'static str)>,
    user: Option<&'static str>,
    environment: Option<&'static str>,
    release: Option<&'static str>,
    level: &'static str,
    message: &'static str,
    transaction: Option<&'static str>,
    exception: Option<Exception>,
}

#[derive(Debug, Clone)]
struct Exception {
    kind: &'static str,
    mechanism: Option<(&'static str, Option<bool>)>,
    frames: Vec<(&'static str, i64, Option<bool>)>,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        select(vec![1, 2, 3]).prop_map(Who::Member),
        select(vec![1, 2]).prop_map(Who::Team)
    ]
}

fn issue() -> impl Strategy<Value = IssueSketch> {
    let status = prop_oneof![
        6 => select(vec![(0, Some(3)), (0, Some(7)), (0, Some(2)), (0, Some(6)), (0, None)]),
        2 => Just((1, None)),
        3 => select(vec![(2, Some(1)), (2, Some(4)), (2, Some(5)), (2, None)]),
        1 => select(vec![(3, None), (4, None), (5, None)]),
    ];
    let kind = prop_oneof![
        6 => Just(("error", "error")),
        2 => Just(("performance", "performance_slow_db_query")),
        1 => Just(("performance", "profile_frame_drop")),
        1 => Just(("feedback", "feedback")),
        1 => Just(("uptime", "uptime_domain_failure")),
    ];
    let priority = select(vec![None, Some(25), Some(50), Some(75)]);
    let subscriptions = subsequence(vec![1, 2, 3], 0..3)
        .prop_flat_map(|members| (Just(members), any::<[bool; 3]>()))
        .prop_map(|(members, active)| members.into_iter().zip(active).collect());
    (
        (select(vec![1_i64, 1, 2, 3]), status, priority, kind),
        (
            prop::option::of(who()),
            prop::collection::vec(who(), 0..3),
            subsequence(vec![1, 2, 3], 0..3),
            subscriptions,
            any::<bool>(),
        ),
        select(vec![5_i64, 60, 60, 3_600, 100_000, 9_000_000]),
    )
        .prop_map(|(of_row, beside, last_seen)| {
            let (project, status, priority, kind) = of_row;
            let (assignee, owners, bookmarks, subscriptions, in_inbox) = beside;
            IssueSketch {
                project,
                status,
                priority,
                kind,
                assignee,
                owners,
                bookmarks,
                subscriptions,
                in_inbox,
                last_seen,
            }
        })
}

/// Times of few different seconds, with parts of seconds and both ends of the longest window among them.
fn micros_ago() -> impl Strategy<Value = i64> {
    let seconds = prop_oneof![
        6 => select(vec![0_i64, 1, 59, 60, 61, 3_600, 3_601]),
        3 => select(vec![86_399_i64, 86_400, 86_401, 90_000, 400_000, 604_800]),
        1 => select(vec![7_775_999_i64, 7_776_000, 7_776_001, 9_000_000]),
    ];
    (seconds, select(vec![0_i64, 0, 0, 1, 250_000, 999_999]))
        .prop_map(|(seconds, micros)| seconds * 1_000_000 + micros)
}

fn event(issues: usize) -> impl Strategy<Value = EventSketch> {
    let tags = (
        select(vec![
            "",
            "",
            "Firefox",
            "firefox",
            "FIREFOX 12",
            "Chrome",
            "50%_off",
            r"a\b",
            "a*b",
            "Éclair",
        ]),
        select(vec!["", "", "Linux", "Mac", "linux"]),
        select(vec!["", "", "5", "12.5", "-3", "5.0", "x", "1e3", "٣"]),
    );
    let tags = tags.prop_map(|(browser, os, n)| {
        let tags = [("browser", browser), ("os.x", os), ("n", n)];
        tags.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect::<Vec<_>>()
    });
    let mechanism = select(vec![
        None,
        Some(("onerror", Some(false))),
        Some(("generic", Some(true))),
        Some(("generic", None)),
    ]);
    let frame = (
        select(vec!["handle_pay", "render", "Render"]),
        select(vec![1_i64, 10, 42]),
        select(vec![None, Some(true), Some(false)]),
    );
    let exception = (
        select(vec!["ValueError", "valueerror", "KeyError"]),
        mechanism,
        prop::collection::vec(frame, 0..3),
    )
        .prop_map(|(kind, mechanism, frames)| Exception {
            kind,
            mechanism,
            frames,
        });
    (
        (0..issues, micros_ago(), tags),
        (
            select(vec![None, Some("u1"), Some("u2"), Some("u3")]),
            select(vec![
                None,
                Some("prod"),
                Some("prod"),
                Some("staging"),
                Some("dev"),
            ]),
            select(vec![
                None,
                Some("1.0"),
                Some("1.1"),
                Some("2.0"),
                Some("shop@1.2.0"),
            ]),
        ),
        select(vec!["error", "error", "warning", "fatal", "info"]),
        select(vec![
            "connection refused",
            "Connection Reset",
            "disk full",
            r"100% of a_b\c",
            "Übergröße",
            "",
        ]),
        select(vec![
            None,
            Some("/checkout"),
            Some("/Checkout/pay"),
            Some("/cart"),
        ]),
        prop::option::weighted(0.4, exception),
    )
        .prop_map(|(first, second, level, message, transaction, exception)| {
            let (issue, micros_ago, tags) = first;
            let (user, environment, release) = second;
            EventSketch {
                issue,
                micros_ago,
                tags,
                user,
                environment,
                release,
                level,
                message,
                transaction,
                exception,
            }
        })
}

/// Rows, told briefly where a test fails.
#[derive(Clone)]
pub struct Rows(pub Data);

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for issue in &self.0.issues {
            writeln!(f, "{issue:?}")?;
            for event in self
                .0
                .events
                .iter()
                .filter(|event| event.issue == Some(issue.id))
            {
                writeln!(f, "    {event:?}")?;
            }
        }
        for row in &self.0.issue_environments {
            writeln!(f, "{row:?}")?;
        }
        Ok(())
    }
}

/// Issues with everything beside them, and events.
pub fn rows(issues: usize, events: usize) -> impl Strategy<Value = Rows> {
    (
        prop::collection::vec(issue(), 1..=issues),
        prop::collection::vec(event(issues), 0..=events),
    )
        .prop_map(|(issues, events)| Rows(written(&issues, &events)))
}

fn written(issues: &[IssueSketch], events: &[EventSketch]) -> Data {
    let events: Vec<EventRow> = events
        .iter()
        .enumerate()
        .map(|(number, sketch)| event_row(number, sketch, issues))
        .collect();
    let id = |place: usize| i64::try_from(place).unwrap() + 1;
    let holder = |issue: i64, who: Who, kind: Option<&str>| HolderRow {
        issue,
        member: match who {
            Who::Member(id) => Some(id),
            Who::Team(_) => None,
        },
        team: match who {
            Who::Team(id) => Some(id),
            Who::Member(_) => None,
        },
        kind: kind.map(str::to_owned),
    };
    let mut data = Data {
        projects: PROJECTS
            .map(|(id, slug)| ProjectRow {
                id,
                slug: slug.to_owned(),
            })
            .to_vec(),
        issue_environments: environments_of(&events),
        ..nothing()
    };
    for (place, sketch) in issues.iter().enumerate() {
        let issue = id(place);
        data.issues.push(issue_row(issue, sketch, &events));
        data.assignees
            .extend(sketch.assignee.map(|who| holder(issue, who, None)));
        let owners = sketch.owners.iter();
        data.owners
            .extend(owners.map(|who| holder(issue, *who, Some("codeowners"))));
        let bookmarks = sketch.bookmarks.iter();
        data.bookmarks
            .extend(bookmarks.map(|member| holder(issue, Who::Member(*member), None)));
        let subscriptions = sketch.subscriptions.iter();
        data.subscriptions
            .extend(subscriptions.map(|(member, active)| SubscriptionRow {
                issue,
                member: *member,
                active: *active,
            }));
        if sketch.in_inbox {
            data.inbox.push(InboxRow {
                issue,
                date_added: now() - TimeDelta::seconds(sketch.last_seen),
                reason: 0,
            });
        }
    }
    data.events = events;
    data
}

/// No rows but those of people.
pub fn nothing() -> Data {
    let member = |id, username: &str| MemberRow {
        id,
        username: username.to_owned(),
        email: Some(format!("{username}@example.org")),
    };
    let team = |id, slug: &str, members: &[i64]| TeamRow {
        id,
        slug: slug.to_owned(),
        members: members.to_vec(),
        projects: vec![1, 2, 3],
    };
    Data {
        now: now(),
        projects: Vec::new(),
        members: vec![member(1, "ann"), member(2, "ben"), member(3, "eve")],
        teams: vec![team(1, "core", &[1, 2]), team(2, "Ops", &[3])],
        acting_member: Some(1),
        issues: Vec::new(),
        events: Vec::new(),
        assignees: Vec::new(),
        owners: Vec::new(),
        bookmarks: Vec::new(),
        subscriptions: Vec::new(),
        inbox: Vec::new(),
        issue_environments: Vec::new(),
        hashes: Vec::new(),
    }
}

fn issue_row(id: i64, sketch: &IssueSketch, events: &[EventRow]) -> IssueRow {
    let own = || events.iter().filter(|event| event.issue == Some(id));
    let without = now() - TimeDelta::seconds(sketch.last_seen);
    let mut with_release: Vec<_> = own().filter(|event| event.release.is_some()).collect();
    with_release.sort_by_key(|event| event.at);
    IssueRow {
        id,
        project: sketch.project,
        short_id: id,
        status: sketch.status.0,
        substatus: sketch.status.1,
        priority: sketch.priority,
        category: sketch.kind.0.to_owned(),
        issue_type: sketch.kind.1.to_owned(),
        first_seen: own().map(|event| event.at).min().unwrap_or(without),
        last_seen: own().map(|event| event.at).max().unwrap_or(without),
        times_seen: i64::try_from(own().count()).unwrap().max(1),
        first_release: with_release.first().and_then(|event| event.release.clone()),
    }
}

fn environments_of(events: &[EventRow]) -> Vec<IssueEnvironmentRow> {
    let mut rows: BTreeMap<(i64, &str), Vec<&EventRow>> = BTreeMap::new();
    for event in events {
        if let (Some(issue), Some(environment)) = (event.issue, &event.environment) {
            rows.entry((issue, environment)).or_default().push(event);
        }
    }
    let rows = rows.into_iter().map(|((issue, environment), mut events)| {
        events.sort_by_key(|event| event.at);
        IssueEnvironmentRow {
            issue,
            environment: environment.to_owned(),
            first_release: events.iter().find_map(|event| event.release.clone()),
            first_seen: events[0].at,
        }
    });
    rows.collect()
}

fn event_row(number: usize, sketch: &EventSketch, issues: &[IssueSketch]) -> EventRow {
    let place = sketch.issue % issues.len();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let tags = sketch.tags.iter();
    EventRow {
        event_id: format!("{:032x}", number + 1),
        issue: Some(i64::try_from(place).unwrap() + 1),
        project: issues[place].project,
        at: now() - TimeDelta::microseconds(sketch.micros_ago),
        tags: tags
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        user: owned(sketch.user),
        environment: owned(sketch.environment),
        release: owned(sketch.release),
        level: sketch.level.to_owned(),
        message: sketch.message.to_owned(),
        body: body(sketch),
    }
}

fn body(sketch: &EventSketch) -> Map<String, Value> {
    let mut body = Map::new();
    if let Some(transaction) = sketch.transaction {
        body.insert("transaction".to_owned(), json!(transaction));
    }
    if let Some(exception) = &sketch.exception {
        let frames: Vec<Value> = exception
            .frames
            .iter()
            .map(|(function, lineno, in_app)| match in_app {
                Some(in_app) => json!({"function": function, "lineno": lineno, "in_app": in_app}),
                None => json!({"function": function, "lineno": lineno}),
            })
            .collect();
        let mut value = json!({"type": exception.kind, "stacktrace": {"frames": frames}});
        if let Some((kind, handled)) = exception.mechanism {
            value["mechanism"] = match handled {
                Some(handled) => json!({"type": kind, "handled": handled}),
                None => json!({"type": kind}),
            };
        }
        body.insert("exception".to_owned(), json!({"values": [value]}));
    }
    body
}

//! Orders of the window's list by several keys.

use super::journal::note_at;
use super::support::*;
use crate::model::{Assignee, Issue, IssueId, IssueStatus, Level, Priority, Substatus};
use crate::search::{Condition, IssueTest, Order, Plan, Sort, SumTest};
use crate::store::{
    Effects, IssueEnvironmentWrite, IssueReleaseWrite, ListedStore, OccurrenceWrite, QueryStore,
    SearchStore, Slot, Store,
};
use crate::view::{IssueGrouping, IssueOrder, IssueRow, IssueSort, SortKey};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Titles that differ in case, in signs around the letters, and in letters that are not ASCII.
const TITLES: [&str; 6] = [
    "banana",
    "Zoo",
    "apple",
    "Apple",
    "\u{c9}clair",
    "_hidden [1]",
];

/// Statuses with their words, from what needs somebody least on; those in one line are equal.
const STATUSES: [&[(IssueStatus, Option<Substatus>)]; 9] = [
    &[(IssueStatus::Resolved, None)],
    &[(IssueStatus::Ignored, Some(Substatus::Forever))],
    &[(IssueStatus::Ignored, None)],
    &[(IssueStatus::Ignored, Some(Substatus::UntilConditionMet))],
    &[(IssueStatus::Ignored, Some(Substatus::UntilEscalating))],
    &[
        (IssueStatus::Unresolved, Some(Substatus::Ongoing)),
        (IssueStatus::Unresolved, None),
    ],
    &[(IssueStatus::Unresolved, Some(Substatus::New))],
    &[(IssueStatus::Unresolved, Some(Substatus::Regressed))],
    &[(IssueStatus::Unresolved, Some(Substatus::Escalating))],
];

/// Users 1 and 2, team 1, and one of each that nobody knows.
const ASSIGNEES: [Option<Assignee>; 7] = [
    None,
    Some(Assignee::User(1)),
    Some(Assignee::User(2)),
    Some(Assignee::User(9)),
    Some(Assignee::Team(1)),
    Some(Assignee::Team(9)),
    None,
];

/// Of issues one after the other, as those below.
const FIRST_RELEASES: [Option<&str>; 4] = [Some("app@2"), None, Some("App@1"), Some("b")];

/// The unnamed one is one of them.
const ENVIRONMENTS: [&[&str]; 5] = [&["prod"], &[], &["Zone", "dev"], &["", "prod"], &["dev"]];

/// With the seconds at which they were last seen.
const RELEASES: [&[(&str, i64)]; 4] = [
    &[("a", 1), ("B", 2)],
    &[],
    &[("c", 5), ("b", 5), ("z", 1)],
    &[("", 9), ("a", 3)],
];

/// An error, two types of one name, and one that is not known.
const TYPES: [u16; 4] = [1, 2008, 2009, 300];

/// Issues of which several are equal in each key, and some in all that can be.
async fn issues_alike(store: &Store) {
    let mut statuses = STATUSES.concat();
    statuses.retain(|(status, substatus)| status.allows(*substatus));
    let issues = (0..24_usize).map(|place| {
        let number = i64::try_from(place).unwrap();
        let (status, substatus) = statuses[place % statuses.len()];
        Issue {
            first_seen: at(number % 3),
            last_seen: at(10 + number % 4 / 2),
            times_seen: 1 + number % 2,
            status,
            substatus,
            priority: [None, Some(Priority::Low), Some(Priority::High)][place / 2 % 3],
            assignee: ASSIGNEES[place % ASSIGNEES.len()],
            level: [Level::Info, Level::Fatal, Level::Error][place / 3 % 3],
            platform: ["python", "", "Node", "go"][place / 2 % 4].to_owned(),
            first_release: FIRST_RELEASES[place % FIRST_RELEASES.len()].map(str::to_owned),
            group_type: TYPES[place / 5 % TYPES.len()],
            ..issue(
                if place % 5 < 2 { FORGE } else { SHOP },
                TITLES[place % TITLES.len()],
                at(number % 3),
            )
        }
    });
    let occurrences = (0..24_u32).map(|number| {
        let time = at(10 + i64::from(number % 4 / 2));
        occurrence(number, Some(Slot(number as usize)), time)
    });
    let effects = Effects {
        issues: issues
            .enumerate()
            .map(|(place, issue)| opening(issue, &place.to_string()))
            .collect(),
        occurrences: occurrences.collect::<Vec<OccurrenceWrite>>(),
        now: Some(at(20)),
        ..beside(24)
    };
    store_effects(store, &effects).await;
    for (number, seconds) in [(2, 40), (4, 30), (5, 40), (9, 35)] {
        for seconds in [seconds - 20, seconds] {
            note_at(store, IssueId(number), seconds).await;
        }
    }
    for sql in [
        // Every third issue has a user.
        "UPDATE occurrence SET user_key = 'id:1' WHERE issue_id % 3 = 0",
        // Nothing is written like this any more, and lists show it all the same.
        "UPDATE issue SET substatus = NULL WHERE substatus IN (3, 5) AND id % 3 = 0",
        "UPDATE project SET slug = 'Shop' WHERE id = 1",
        "UPDATE project SET slug = 'forge-2' WHERE id = 2",
        "INSERT INTO member (id, position, username, is_member) VALUES (1, 1, 'Zoe', 1 = 1)",
        "INSERT INTO member (id, position, username, is_member) VALUES (2, 2, 'ann', 1 = 1)",
        "INSERT INTO team (id, position, slug) VALUES (1, 1, 'Ops')",
        "INSERT INTO issue_label (issue_id, label) SELECT id, 'ui' FROM issue WHERE id % 2 = 0",
        "INSERT INTO issue_label (issue_id, label) SELECT id, 'Backend' FROM issue WHERE id % 3 = 0",
    ] {
        execute(store, sql).await;
    }
}

/// What rows do not say themselves: environments, releases by their last sighting, and when notes were written.
fn beside(issues: usize) -> Effects {
    let slots = || (0..issues).map(Slot);
    let environments = slots().flat_map(|slot| {
        let names = ENVIRONMENTS[slot.0 % ENVIRONMENTS.len()].iter();
        names.map(move |name| IssueEnvironmentWrite {
            slot,
            environment: (*name).to_owned(),
            first_release: None,
            first_seen: at(0),
        })
    });
    let releases = slots().flat_map(|slot| {
        let versions = RELEASES[slot.0 % RELEASES.len()].iter();
        versions.map(move |(version, last_seen)| IssueReleaseWrite {
            slot,
            release: (*version).to_owned(),
            environment: "prod".to_owned(),
            first_seen: at(0),
            last_seen: at(*last_seen),
        })
    });
    Effects {
        issue_environments: environments.collect(),
        issue_releases: releases.collect(),
        ..Effects::default()
    }
}

fn both_ends(by: &[IssueSort]) -> Vec<SortKey> {
    let keys = by.iter();
    keys.flat_map(|by| [false, true].map(|ascending| SortKey { by: *by, ascending }))
        .collect()
}

/// Every order of so many keys, each key from either end.
fn every_order(by: &[IssueSort], length: usize) -> Vec<IssueOrder> {
    let keys = both_ends(by);
    let mut lists: Vec<Vec<SortKey>> = vec![Vec::new()];
    for _ in 0..length {
        lists = lists
            .iter()
            .flat_map(|list| keys.iter().map(|key| [&list[..], &[*key]].concat()))
            .collect();
    }
    // Those that have a key twice are none.
    let orders = lists.iter().filter_map(|list| IssueOrder::of(list).ok());
    orders.collect()
}

/// What is compared: a number, a text, and once more a number.
type Value = (f64, String, f64);

/// What a key goes by, from what a row of the list says.
struct Values {
    users: HashMap<IssueId, u64>,
    trends: HashMap<IssueId, i64>,
}

impl Values {
    fn of(&self, row: &IssueRow, by: IssueSort) -> Value {
        let number = |number| (number, String::new(), 0.0);
        let text = |text: &str| (0.0, text.to_ascii_lowercase(), 0.0);
        let text_if = |known: Option<&str>| known.map_or((1.0, String::new(), 0.0), text);
        let place = |words: &[&str], word: &str| {
            let place = words.iter().position(|known| *known == word);
            number(f64_of(place.unwrap() as u64))
        };
        match by {
            IssueSort::LastSeen => number(row.last_seen),
            IssueSort::FirstSeen => number(row.first_seen),
            IssueSort::Events => number(row.times_seen),
            IssueSort::Users => number(self.users.get(&id(row)).map_or(0.0, |n| f64_of(*n))),
            IssueSort::Trends => number(f64_of(self.trends[&id(row)].unsigned_abs())),
            IssueSort::Title => text(&row.title),
            IssueSort::Project => text(&row.project),
            IssueSort::Platform => text(&row.platform),
            IssueSort::Level => place(&["info", "error", "fatal"], &row.level),
            IssueSort::Priority => place(&["none", "low", "high"], &row.priority),
            IssueSort::Status => {
                let fine = row.substatus.as_deref();
                let stands = STATUSES.iter().position(|equal| {
                    equal.iter().any(|(status, substatus)| {
                        (row.status.as_str(), fine)
                            == (status.as_str(), substatus.map(Substatus::as_str))
                    })
                });
                number(f64_of(stands.unwrap() as u64))
            }
            IssueSort::Type => match row.issue_type.parse() {
                Ok(unknown) => (1.0, String::new(), unknown),
                Err(_) => text(&row.issue_type_name),
            },
            IssueSort::Assignee => match row.assignee.as_deref() {
                Some("user:1") => text("Zoe"),
                Some("user:2") => text("ann"),
                Some("team:1") => text("#Ops"),
                Some(unknown) => text(&unknown.replace(':', " ")),
                None => (1.0, String::new(), 0.0),
            },
            IssueSort::ShortId => {
                let digit = row.short_id.rsplit('-').next().unwrap();
                let place = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(digit).unwrap();
                (0.0, row.project.to_ascii_lowercase(), f64_of(place as u64))
            }
            IssueSort::Labels => {
                let number = id(row).0;
                let first = if number % 3 == 0 {
                    Some("Backend")
                } else {
                    None
                };
                text_if(first.or((number % 2 == 0).then_some("ui")))
            }
            IssueSort::Note => match id(row).0 {
                2 | 5 => number(40.0),
                4 => number(30.0),
                9 => number(35.0),
                _ => number(0.0),
            },
            IssueSort::Environment => {
                let names = ENVIRONMENTS[place_of(row) % ENVIRONMENTS.len()];
                text_if(names.iter().min().copied())
            }
            IssueSort::FirstRelease => {
                text_if(FIRST_RELEASES[place_of(row) % FIRST_RELEASES.len()])
            }
            IssueSort::LastRelease => {
                let versions = RELEASES[place_of(row) % RELEASES.len()].iter();
                let named = versions.filter(|(version, _)| !version.is_empty());
                let last = named.max_by_key(|(version, last_seen)| (*last_seen, *version));
                text_if(last.map(|(version, _)| *version))
            }
        }
    }
}

/// Where an issue was among those that were written.
fn place_of(row: &IssueRow) -> usize {
    usize::try_from(id(row).0).unwrap() - 1
}

fn id(row: &IssueRow) -> IssueId {
    IssueId(row.id.parse().unwrap())
}

fn compare(a: &Value, b: &Value) -> Ordering {
    let number = a.0.total_cmp(&b.0);
    // Texts by their bytes.
    let text = number.then_with(|| a.1.as_bytes().cmp(b.1.as_bytes()));
    text.then_with(|| a.2.total_cmp(&b.2))
}

/// Lists in some orders are compared with a sort of their rows, key by key.
async fn are_plain_sorts(store: &Store, plan: &Plan, orders: &[IssueOrder]) {
    let now = at(20);
    let trends = store.all_hits(plan, Sort::Trends, now).await.unwrap();
    let trends: HashMap<_, _> = trends.iter().map(|hit| (hit.id, hit.score)).collect();
    let ids: Vec<IssueId> = trends.keys().copied().collect();
    let users = store.users(&ids).await.unwrap();
    let shown = store.issue_rows(&ids, now).await.unwrap();
    assert!(shown.len() > 5, "{}", shown.len());
    let values = Values { users, trends };
    for order in orders {
        let mut rows: Vec<(Vec<Value>, &IssueRow)> = shown
            .iter()
            .map(|row| {
                (
                    order.keys().map(|key| values.of(row, key.by)).collect(),
                    row,
                )
            })
            .collect();
        rows.sort_by(|(left, a), (right, b)| {
            for (key, (left, right)) in order.keys().zip(left.iter().zip(right)) {
                let found = compare(left, right);
                let found = if key.ascending {
                    found
                } else {
                    found.reverse()
                };
                if found.is_ne() {
                    return found;
                }
            }
            let seen = b.last_seen.total_cmp(&a.last_seen);
            seen.then_with(|| id(b).cmp(&id(a)))
        });
        let expected: Vec<&str> = rows.iter().map(|(_, row)| &*row.id).collect();
        let listed = store.issue_snapshot(plan, *order, now).await.unwrap();
        assert_eq!(listed.ids, expected, "{order}");
        assert_eq!(listed.total, crate::view::count(expected.len() as u64));
    }
}

/// Every key alone and every two of them, from either end; of three keys those that are numbers, and each of the others
/// between two of them.
pub async fn every_order_is_a_plain_sort(store: &Store) {
    issues_alike(store).await;
    let numbers = &IssueSort::ALL[..5];
    let mut orders = every_order(&IssueSort::ALL, 1);
    orders.extend(every_order(&IssueSort::ALL, 2));
    orders.extend(every_order(numbers, 3));
    assert_eq!(orders.len(), 38 + 38 * 36 + 10 * 8 * 6);
    for by in &IssueSort::ALL[5..] {
        for list in [
            "events,{}:asc,users",
            "users,{},first_seen:asc",
            "trends,title,{}",
        ] {
            orders.extend(list.replace("{}", by.as_str()).parse::<IssueOrder>().ok());
        }
    }
    // Issues that an index finds, and those that are listed for it.
    let odd = Condition::Issue(IssueTest::Id((1..=24).step_by(2).collect()));
    for plan in [Plan::everything(), asking(odd)] {
        are_plain_sorts(store, &plan, &orders).await;
    }
}

/// Sums that are asked for, alone and beside something else, make other statements.
pub async fn orders_hold_where_sums_are_asked_for(store: &Store) {
    issues_alike(store).await;
    let seen = || Condition::Sum(SumTest::TimesSeen(Order::Greater, 0.0));
    let nobody = || Condition::Issue(IssueTest::Unassigned);
    let mut orders = every_order(&IssueSort::ALL, 1);
    orders.extend("users,assignee:asc,short_id".parse::<IssueOrder>().ok());
    assert_eq!(orders.len(), 39);
    for condition in [
        seen(),
        Condition::Any(vec![nobody(), seen()]),
        Condition::All(vec![nobody(), seen()]),
    ] {
        are_plain_sorts(store, &asking(condition), &orders).await;
    }
}

/// In a list with groups each group has the order, whichever key it goes by.
pub async fn groups_have_the_order_of_their_list(store: &Store) {
    issues_alike(store).await;
    let everything = Plan::everything();
    for order in every_order(&IssueSort::ALL, 1) {
        let plain = store.issue_snapshot(&everything, order, at(20)).await;
        let plain = plain.unwrap().ids;
        let grouping = IssueGrouping::Project;
        let grouped = store.grouped_snapshot(&everything, grouping, order, at(20));
        let grouped = grouped.await.unwrap();
        let mut ids = grouped.ids.iter();
        for group in &grouped.groups {
            let count = group.issues.to_string().parse().unwrap();
            let of_group: Vec<&String> = ids.by_ref().take(count).collect();
            let expected: Vec<&String> = plain.iter().filter(|id| of_group.contains(id)).collect();
            assert_eq!(of_group, expected, "{order}");
        }
        assert_eq!(grouped.groups.len(), 2);
        assert_eq!(grouped.ids.len(), plain.len());
    }
}

fn f64_of(number: u64) -> f64 {
    crate::view::count(number)
}

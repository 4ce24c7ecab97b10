//! The rows that cases start from.

use super::generate::{nothing, now};
use super::shelf::{Place, Shelf};
use chrono::{DateTime, TimeDelta, Utc};
use picket_tests::rows::format::{Data, EventRow, InboxRow, IssueRow, ProjectRow};

/// So many minutes before now.
pub fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

/// An unresolved error of high priority in project 1, seen once.
pub fn issue(id: i64, minutes_ago: i64) -> IssueRow {
    IssueRow {
        id,
        project: 1,
        short_id: id,
        status: 0,
        substatus: Some(3),
        priority: Some(75),
        category: "error".to_owned(),
        issue_type: "error".to_owned(),
        first_seen: ago(minutes_ago),
        last_seen: ago(minutes_ago),
        times_seen: 1,
        first_release: None,
    }
}

/// Event `number` of an issue of project 1.
pub fn event(number: i64, issue: i64, minutes_ago: i64) -> EventRow {
    EventRow {
        event_id: format!("{number:032x}"),
        issue: Some(issue),
        project: 1,
        at: ago(minutes_ago),
        tags: Default::default(),
        user: None,
        environment: None,
        release: None,
        level: "error".to_owned(),
        message: format!("message {issue}"),
        body: Default::default(),
    }
}

/// The same in a browser.
pub fn in_browser(event: EventRow, browser: &str) -> EventRow {
    let tags = [("browser".to_owned(), browser.to_owned())];
    EventRow {
        tags: tags.into(),
        ..event
    }
}

pub fn in_inbox(issue: i64, minutes_ago: i64) -> InboxRow {
    InboxRow {
        issue,
        date_added: ago(minutes_ago),
        reason: 0,
    }
}

/// Projects 1 and 2 without issues, and the people of [`nothing`].
pub fn empty() -> Data {
    let project = |id, slug: &str| ProjectRow {
        id,
        slug: slug.to_owned(),
    };
    Data {
        projects: vec![project(1, "foo"), project(2, "bar")],
        ..nothing()
    }
}

/// Of project 1: the unresolved 1 (twice, last in Firefox) and 2 (three times, two of them days ago), the resolved 3,
/// the archived 4, and 5 of low priority; of project 2 the unresolved 10. Each was seen before those with lower ids.
pub fn base() -> Data {
    const DAYS: i64 = 3 * 24 * 60;
    let of_project_2 = |row: IssueRow| IssueRow { project: 2, ..row };
    Data {
        issues: vec![
            IssueRow {
                first_seen: ago(60),
                times_seen: 2,
                ..issue(1, 2)
            },
            IssueRow {
                first_seen: ago(DAYS + 1),
                times_seen: 3,
                ..issue(2, 10)
            },
            IssueRow {
                status: 1,
                substatus: None,
                ..issue(3, 20)
            },
            IssueRow {
                status: 2,
                substatus: Some(4),
                ..issue(4, 30)
            },
            IssueRow {
                priority: Some(25),
                ..issue(5, 40)
            },
            of_project_2(issue(10, 50)),
        ],
        events: vec![
            in_browser(event(1, 1, 2), "Firefox"),
            in_browser(event(2, 1, 60), "Chrome"),
            in_browser(event(3, 2, 10), "Chrome"),
            event(4, 2, DAYS),
            event(5, 2, DAYS + 1),
            in_browser(event(6, 3, 20), "firefox 12"),
            event(7, 4, 30),
            event(8, 5, 40),
            EventRow {
                project: 2,
                ..event(0xa10, 10, 50)
            },
        ],
        ..empty()
    }
}

/// A store with [`base`].
pub async fn shelf(place: &Place) -> Shelf {
    place.shelf(base()).await
}

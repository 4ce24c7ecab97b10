//! What a search text asks of a store, key by key (search spec, sections 7.2 to 7.5), and how it is refused.

mod events;
mod issues;
mod limits;
mod refusals;
mod releases;
mod whole;

use super::{Search, convert};
use crate::model::{Directory, Project, ProjectId, ProjectRules, Team, User};
use crate::query::{Problem, SearchConfig, parse};
use crate::search::condition::{Condition, EventTest, IssueTest, TextField, TextTest};
use crate::search::known::{Known, KnownRelease};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// 2024-06-01T12:00:00Z
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_717_243_200, 0).unwrap();

fn project(id: i64, slug: &str) -> Project {
    Project {
        id: ProjectId(id),
        slug: slug.to_owned(),
        rules: ProjectRules::default(),
    }
}

fn user(id: i64, username: &str) -> User {
    User {
        id,
        username: username.to_owned(),
        email: Some(format!("{username}@Example.org")),
        is_member: true,
        ..User::default()
    }
}

fn team(id: i64, slug: &str, members: &[i64], projects: &[i64]) -> Team {
    Team {
        id,
        slug: slug.to_owned(),
        members: members.to_vec(),
        projects: projects.iter().copied().map(ProjectId).collect(),
    }
}

/// A release of a project, seen in these environments.
fn release(project: i64, version: &str, environments: &[&str]) -> KnownRelease {
    KnownRelease {
        project,
        version: version.to_owned(),
        added: NOW,
        environments: environments.iter().map(|&name| name.to_owned()).collect(),
    }
}

/// Projects 1 and 2 are selected; the second team belongs to another one. Ann, member 1, asks.
fn known() -> Known {
    Known {
        projects: vec![project(1, "Shop"), project(2, "till")],
        directory: Directory {
            users: vec![user(1, "ann"), user(2, "Ben")],
            teams: vec![
                team(5, "Core", &[1, 2], &[1]),
                team(6, "ops", &[1], &[3]),
                team(7, "web", &[2], &[2]),
            ],
        },
        me: Some(1),
        short_ids: HashMap::from([(("shop".to_owned(), 10), 77)]),
        ..Known::default()
    }
}

fn search_with(text: &str, known: &Known) -> Result<Search, Problem> {
    let query = parse(text, &SearchConfig::issues(), NOW);
    let query = query.unwrap_or_else(|problems| panic!("{text}: {}", problems[0]));
    convert(&query.tree(), known)
}

fn search(text: &str) -> Search {
    search_with(text, &known()).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// The only term of a search.
#[track_caller]
fn only(text: &str) -> Condition {
    only_with(text, &known())
}

#[track_caller]
fn only_with(text: &str, known: &Known) -> Condition {
    let search = search_with(text, known).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    match search.condition {
        Condition::All(mut terms) if terms.len() == 1 => terms.remove(0),
        other => panic!("{text}: {other:?}"),
    }
}

/// Each text asks for the condition beside it.
#[track_caller]
fn mean(cases: impl IntoIterator<Item = (&'static str, Condition)>) {
    for (text, expected) in cases {
        assert_eq!(only(text), expected, "{text}");
    }
}

fn issue(test: IssueTest) -> Condition {
    Condition::Issue(test)
}

fn event(test: EventTest) -> Condition {
    Condition::Event(test)
}

fn is(text: &str) -> TextTest {
    TextTest::Is(text.to_owned())
}

/// A pattern by its pieces.
fn like(pieces: &[&str]) -> TextTest {
    TextTest::Like(crate::query::Pattern {
        pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
    })
}

fn text(field: TextField, tests: Vec<TextTest>) -> Condition {
    event(EventTest::Text(field, tests))
}

fn tag(name: &str, tests: Vec<TextTest>) -> Condition {
    text(TextField::Tag(name.to_owned()), tests)
}

fn has_text(field: TextField) -> Condition {
    event(EventTest::HasText(field))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

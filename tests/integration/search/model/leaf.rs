//! Single filters (search spec, sections 5.3 and 7.2 to 7.5).

use super::text::{covers, is_pattern, literal, stands_in};
use super::{At, Model};
use chrono::{DateTime, Utc};
use picket_core::query::{Filter, Key, Op, TagKind, Value};
use picket_tests::rows::format::EventRow;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A filter's place: an issue, with one of its events where it asks for one.
pub(super) struct Row<'a, 'm> {
    pub model: &'m Model<'a>,
    pub at: At<'m>,
}

/// What a missing text counts as.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    /// The empty text: of tags.
    Empty,
    /// Nothing that any value equals: of columns.
    Null,
}

impl Row<'_, '_> {
    pub fn holds(&self, filter: &Filter) -> bool {
        let name = match &filter.key {
            Key::Name(name) => name.as_str(),
            Key::Tag(tag) => {
                let value = self.tag(&tag.name);
                return match tag.kind {
                    Some(TagKind::Number) if !is_empty(filter) => {
                        let number = value.as_deref().and_then(as_number);
                        numbers(filter, number)
                    }
                    _ => text(filter, value.as_deref(), Missing::Empty),
                };
            }
            Key::Aggregate(aggregate) => panic!("{} is computed", aggregate.text),
        };
        match name {
            "times_seen" => {
                let (count, _) = self.at.sums.expect("sums are known");
                numbers(filter, Some(count as f64))
            }
            "last_seen" => {
                let (_, newest) = self.at.sums.expect("sums are known");
                instant(filter, newest)
            }
            _ => self
                .of_issue(name, filter)
                .unwrap_or_else(|| self.of_event(name, filter)),
        }
    }

    fn of_issue(&self, name: &str, filter: &Filter) -> Option<bool> {
        let issue = self.at.issue;
        let data = self.model.data;
        let among = |held: bool| held != filter.op.is_negative();
        let numbers_of = |own: Option<i16>, wanted: Vec<i16>| {
            among(own.is_some_and(|own| wanted.contains(&own)))
        };
        let assignee = data.assignees.iter().find(|row| row.issue == issue.id);
        Some(match name {
            "status" => numbers_of(Some(issue.status), statuses(filter)),
            "substatus" => numbers_of(issue.substatus, substatuses(filter)),
            "issue.priority" => numbers_of(issue.priority, priorities(filter)),
            "issue.category" => among(words(filter).iter().any(|word| {
                word.eq_ignore_ascii_case(&issue.category)
                    || (word.eq_ignore_ascii_case("profile")
                        && issue.issue_type.starts_with("profile_"))
            })),
            "issue.type" => among(words(filter).contains(&issue.issue_type)),
            "unassigned" => among(assignee.is_none() == flag(filter)),
            "for_review" => {
                among(data.inbox.iter().any(|row| row.issue == issue.id) == flag(filter))
            }
            "linked" => among(!flag(filter)),
            "assigned_to" => among(self.people(filter).iter().any(|who| match who {
                Who::Nobody => assignee.is_none(),
                Who::Member(id) => assignee.is_some_and(|row| row.member == Some(*id)),
                Who::Team(id) => assignee.is_some_and(|row| row.team == Some(*id)),
            })),
            "assigned_or_suggested" => {
                let owners = || data.owners.iter().filter(|row| row.issue == issue.id);
                let is_free = assignee.is_none();
                among(self.people(filter).iter().any(|who| match who {
                    Who::Nobody => is_free && owners().next().is_none(),
                    Who::Member(id) => {
                        assignee.is_some_and(|row| row.member == Some(*id))
                            || (is_free && owners().any(|row| row.member == Some(*id)))
                    }
                    Who::Team(id) => {
                        assignee.is_some_and(|row| row.team == Some(*id))
                            || (is_free && owners().any(|row| row.team == Some(*id)))
                    }
                }))
            }
            "bookmarked_by" => {
                let of_issue = data.bookmarks.iter().filter(|row| row.issue == issue.id);
                among(self.is_by(filter, of_issue.filter_map(|row| row.member)))
            }
            "subscribed_by" => {
                let rows = data.subscriptions.iter();
                let active = rows.filter(|row| row.issue == issue.id && row.active);
                among(self.is_by(filter, active.map(|row| row.member)))
            }
            "first_release" => match self.environment_rows() {
                None => text(filter, issue.first_release.as_deref(), Missing::Null),
                // Both what `has:` asks and a release are looked for in each row; a negation is of the answer.
                Some(rows) if is_empty(filter) => {
                    rows.iter().any(|row| row.first_release.is_some()) == filter.op.is_negative()
                }
                Some(rows) => among(
                    rows.iter()
                        .any(|row| positive(filter, row.first_release.as_deref(), Missing::Null)),
                ),
            },
            "first_seen" => match self.environment_rows() {
                None => instant(filter, issue.first_seen),
                Some(rows) => among(rows.iter().any(|row| as_written(filter, row.first_seen))),
            },
            "project" | "project.name" => {
                let own = data
                    .projects
                    .iter()
                    .find(|project| project.id == issue.project);
                among(
                    words(filter)
                        .iter()
                        .any(|word| own.is_some_and(|own| own.slug.eq_ignore_ascii_case(word))),
                )
            }
            "project.id" | "project_id" => numbers(filter, Some(issue.project as f64)),
            "issue.id" => numbers(filter, Some(issue.id as f64)),
            _ => return None,
        })
    }

    fn of_event(&self, name: &str, filter: &Filter) -> bool {
        let event = self.at.event.expect("an event filter is asked of an event");
        let column = |value: Option<&str>| text(filter, value, Missing::Null);
        let is_performance = self.at.issue.category == "performance";
        match name {
            "message" => {
                let shown = self.model.messages.get(&self.at.issue.id).copied();
                let message = match self.at.issue.category.as_str() {
                    "error" => &event.message,
                    // An issue without a message shows a title all the same.
                    _ => shown.filter(|shown| !shown.is_empty()).unwrap_or("-"),
                };
                // The types of exceptions stand in the same text; only `has:` can tell.
                let has_more = is_empty(filter) && exceptions(event).next().is_some();
                message_holds(filter, if has_more { "more" } else { message })
            }
            "date" | "timestamp" => instant(filter, event.at),
            "level" => column(Some(&event.level)),
            "environment" => text(filter, event.environment.as_deref(), Missing::Empty),
            "release" => column(event.release.as_deref()),
            "release.package" => {
                let parts = event
                    .release
                    .as_ref()
                    .and_then(|version| version.split_once('@'));
                column(parts.map(|(package, _)| package))
            }
            "user" => column(
                event
                    .user
                    .as_ref()
                    .map(|user| format!("id:{user}"))
                    .as_deref(),
            ),
            "user.id" | "user.display" => column(event.user.as_deref()),
            "transaction" => column(event.body.get("transaction").and_then(Json::as_str)),
            "id" => {
                let id = |word: &String| word.replace('-', "").to_lowercase() == event.event_id;
                words(filter).iter().any(id) != filter.op.is_negative()
            }
            "error.type" => elements(filter, &of_exceptions(event, "/type")),
            "error.value" => elements(filter, &of_exceptions(event, "/value")),
            "error.mechanism" => elements(filter, &of_exceptions(event, "/mechanism/type")),
            "stack.function" => elements(filter, &of_frames(event, "function")),
            "stack.filename" => elements(filter, &of_frames(event, "filename")),
            "stack.lineno" => element_numbers(filter, &of_frames(event, "lineno")),
            "stack.in_app" => element_numbers(filter, &of_frames(event, "in_app")),
            "error.handled" => !is_performance && handled(event) == asks_true(filter),
            "error.unhandled" => !is_performance && handled(event) != asks_true(filter),
            _ => text(filter, self.tag(name).as_deref(), Missing::Empty),
        }
    }

    /// The environment rows of the issue in the selected environments.
    fn environment_rows(&self) -> Option<Vec<&picket_tests::rows::format::IssueEnvironmentRow>> {
        let names = self.at.environments?;
        let rows = self.model.data.issue_environments.iter();
        let own =
            rows.filter(|row| row.issue == self.at.issue.id && names.contains(&row.environment));
        Some(own.collect())
    }

    /// A tag of the event. The loader adds what every event has as tags.
    fn tag(&self, name: &str) -> Option<String> {
        let event = self.at.event.expect("an event filter is asked of an event");
        event.tags.get(name).cloned().or_else(|| match name {
            "level" => Some(event.level.clone()),
            "environment" => event.environment.clone(),
            "sentry:release" => event.release.clone(),
            "sentry:user" => event.user.as_ref().map(|user| format!("id:{user}")),
            _ => None,
        })
    }

    fn people(&self, filter: &Filter) -> Vec<Who> {
        let data = self.model.data;
        let mut people = Vec::new();
        for word in words(filter) {
            match word.as_str() {
                "" | "none" => people.push(Who::Nobody),
                "me" => people.extend(data.acting_member.map(Who::Member)),
                "my_teams" => people.extend(
                    data.teams
                        .iter()
                        .filter(|team| {
                            data.acting_member
                                .is_some_and(|me| team.members.contains(&me))
                        })
                        .map(|team| Who::Team(team.id)),
                ),
                _ => match word.strip_prefix('#') {
                    Some(slug) => {
                        let team = data
                            .teams
                            .iter()
                            .find(|team| team.slug.eq_ignore_ascii_case(slug));
                        people.extend(team.map(|team| Who::Team(team.id)));
                    }
                    None => {
                        let member = data.members.iter().find(|member| {
                            member.username == word || member.email.as_ref() == Some(&word)
                        });
                        people.extend(member.map(|member| Who::Member(member.id)));
                    }
                },
            }
        }
        people
    }

    /// Whether one of `members` is one the filter names; of `has:` whether there is one.
    fn is_by(&self, filter: &Filter, members: impl Iterator<Item = i64>) -> bool {
        let members: BTreeSet<i64> = members.collect();
        if is_empty(filter) {
            return members.is_empty();
        }
        self.people(filter).iter().any(|who| match who {
            Who::Member(id) => members.contains(id),
            Who::Team(_) | Who::Nobody => false,
        })
    }
}

enum Who {
    Nobody,
    Member(i64),
    Team(i64),
}

/// The values of a filter as they were typed.
fn typed(filter: &Filter) -> Vec<String> {
    let values = filter.value.each().iter();
    values
        .map(|value| match value {
            Value::Text(text) => text.text.clone(),
            Value::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
}

/// The values of a filter that are no patterns.
pub(super) fn words(filter: &Filter) -> Vec<String> {
    typed(filter).iter().map(|typed| literal(typed)).collect()
}

/// What `has:` compares with.
fn is_empty(filter: &Filter) -> bool {
    matches!(&filter.value, Value::Text(text) if text.text.is_empty())
}

fn flag(filter: &Filter) -> bool {
    filter.value == Value::Flag(true)
}

fn asks_true(filter: &Filter) -> bool {
    (filter.value == Value::Number(1.0) || is_empty(filter) && filter.op.is_negative())
        && (is_empty(filter) || !filter.op.is_negative())
}

fn table(filter: &Filter, known: &[(&str, i16)]) -> Vec<i16> {
    let of_word = |word: &String| {
        let named = known.iter().find(|(known, _)| known == word);
        named.map_or_else(|| word.parse().unwrap(), |(_, number)| *number)
    };
    words(filter).iter().map(of_word).collect()
}

fn statuses(filter: &Filter) -> Vec<i16> {
    table(
        filter,
        &[
            ("unresolved", 0),
            ("resolved", 1),
            ("ignored", 2),
            ("archived", 2),
            ("muted", 2),
        ],
    )
}

pub(super) fn substatuses(filter: &Filter) -> Vec<i16> {
    let known = [
        ("escalating", 2),
        ("ongoing", 3),
        ("forever", 5),
        ("regressed", 6),
        ("new", 7),
    ];
    table(filter, &known)
}

fn priorities(filter: &Filter) -> Vec<i16> {
    table(filter, &[("low", 25), ("medium", 50), ("high", 75)])
}

/// Whether a value of the filter is that of `own`, negation aside.
fn positive(filter: &Filter, own: Option<&str>, missing: Missing) -> bool {
    if is_empty(filter) {
        return own.is_none_or(str::is_empty);
    }
    let own = match (own, missing) {
        (None, Missing::Null) => return false,
        (own, _) => own.unwrap_or_default(),
    };
    typed(filter).iter().any(|typed| match is_pattern(typed) {
        true => covers(typed, own, false),
        false => literal(typed) == own,
    })
}

fn text(filter: &Filter, own: Option<&str>, missing: Missing) -> bool {
    positive(filter, own, missing) != filter.op.is_negative()
}

fn message_holds(filter: &Filter, message: &str) -> bool {
    let held = if is_empty(filter) {
        message.is_empty()
    } else {
        typed(filter).iter().any(|typed| match is_pattern(typed) {
            true => stands_in(typed, message),
            false => message
                .to_lowercase()
                .contains(&literal(typed).to_lowercase()),
        })
    };
    held != filter.op.is_negative()
}

fn compares(op: Op, own: f64, asked: f64) -> bool {
    match op {
        Op::Equal | Op::In | Op::NotEqual | Op::NotIn => own == asked,
        Op::Greater => own > asked,
        Op::GreaterOrEqual => own >= asked,
        Op::Less => own < asked,
        Op::LessOrEqual => own <= asked,
    }
}

fn asked_numbers(filter: &Filter) -> Vec<f64> {
    let values = filter.value.each().iter();
    values
        .map(|value| match value {
            Value::Number(number) => *number,
            other => panic!("{other:?} is no number"),
        })
        .collect()
}

fn numbers(filter: &Filter, own: Option<f64>) -> bool {
    let held = own.is_some_and(|own| {
        asked_numbers(filter)
            .into_iter()
            .any(|asked| compares(filter.op, own, asked))
    });
    held != filter.op.is_negative()
}

fn instant(filter: &Filter, own: DateTime<Utc>) -> bool {
    as_written(filter, own) != filter.op.is_negative()
}

/// Without the negation of the operator.
fn as_written(filter: &Filter, own: DateTime<Utc>) -> bool {
    let Value::Instant(asked) = &filter.value else {
        panic!("{:?} is no time", filter.value)
    };
    match filter.op {
        Op::Greater => own > asked.at,
        Op::GreaterOrEqual => own >= asked.at,
        Op::Less => own < asked.at,
        Op::LessOrEqual => own <= asked.at,
        Op::Equal | Op::NotEqual => own == asked.at,
        other => panic!("{other:?} between times"),
    }
}

fn elements(filter: &Filter, own: &[Json]) -> bool {
    let held = if is_empty(filter) {
        own.is_empty()
    } else {
        typed(filter).iter().any(|typed| {
            own.iter()
                .filter_map(Json::as_str)
                .any(|own| match is_pattern(typed) {
                    true => covers(typed, own, true),
                    false => literal(typed) == own,
                })
        })
    };
    held != filter.op.is_negative()
}

fn element_numbers(filter: &Filter, own: &[Json]) -> bool {
    let held = if is_empty(filter) {
        own.is_empty()
    } else {
        own.iter().any(|own| {
            let own = own
                .as_f64()
                .or_else(|| own.as_bool().map(|own| f64::from(u8::from(own))));
            let own = own.expect("a number or a truth value");
            asked_numbers(filter)
                .into_iter()
                .any(|asked| compares(filter.op, own, asked))
        })
    };
    held != filter.op.is_negative()
}

/// A tag that reads as a number.
fn as_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_plain.then(|| text.parse().ok()).flatten()
}

fn exceptions(event: &EventRow) -> impl Iterator<Item = &Json> {
    let values = event
        .body
        .get("exception")
        .and_then(|holder| holder["values"].as_array());
    values.into_iter().flatten()
}

fn of_exceptions(event: &EventRow, pointer: &str) -> Vec<Json> {
    exceptions(event)
        .filter_map(|exception| exception.pointer(pointer))
        .cloned()
        .collect()
}

fn of_frames(event: &EventRow, member: &str) -> Vec<Json> {
    let frames = exceptions(event)
        .filter_map(|exception| exception.pointer("/stacktrace/frames")?.as_array())
        .flatten();
    frames
        .filter_map(|frame| frame.get(member))
        .cloned()
        .collect()
}

/// An error that does not say was handled.
fn handled(event: &EventRow) -> bool {
    let mut said =
        exceptions(event).filter_map(|exception| exception.pointer("/mechanism/handled"));
    said.all(|handled| handled != &Json::Bool(false))
}

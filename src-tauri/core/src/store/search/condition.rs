//! Conditions as SQL. The statements around them call the tables `i` (issue), `o` (occurrence), `f` (event_fact), `m`,
//! `s` and `t` (search_text: of the event's message, of its stack, of the issue itself), and `c` (sums over the counted
//! events). Every condition is true or false, never null, so that `NOT` means what it says.

use super::fields;
use super::sql::{Dialect, Sql};
use super::text::{self, Missing};
use crate::model::{Category, GroupType};
use crate::search::{Condition, EventTest, IssueTest, Order, People, SumTest, TextTest};

const TRUE: &str = "1 = 1";
const FALSE: &str = "1 = 0";

/// What a condition is evaluated with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The selected environments; nothing where none was selected.
    pub environments: Option<&'a [String]>,
}

/// Appends a condition.
pub(super) fn push(sql: &mut Sql, condition: &Condition, around: Around<'_>) {
    match condition {
        Condition::All(parts) => {
            sql.joined(parts, " AND ", TRUE, |sql, part| push(sql, part, around));
        }
        Condition::Any(parts) => {
            sql.joined(parts, " OR ", FALSE, |sql, part| push(sql, part, around));
        }
        Condition::Not(part) => {
            sql.push("NOT (");
            push(sql, part, around);
            sql.push(")");
        }
        Condition::Issue(test) => issue(sql, test, around),
        Condition::Event(test) => event(sql, test),
        Condition::Sum(test) => sum(sql, test),
    }
}

fn issue(sql: &mut Sql, test: &IssueTest, around: Around<'_>) {
    match test {
        IssueTest::Status(numbers) => {
            sql.push("i.status IN ").integers(widened(numbers));
        }
        IssueTest::Substatus(numbers) => {
            sql.push("coalesce(i.substatus, 0) IN ")
                .integers(widened(numbers));
        }
        IssueTest::Priority(numbers) => {
            sql.push("i.priority IN ").integers(widened(numbers));
        }
        IssueTest::GroupType(numbers) => {
            group_types(sql, numbers.iter().copied());
        }
        IssueTest::Unassigned => {
            sql.push(NOBODY);
        }
        IssueTest::AssignedTo(people) => assigned(sql, people),
        IssueTest::Suggested(people) => suggested(sql, people),
        IssueTest::HasBookmark => {
            sql.push("EXISTS (SELECT 1 FROM issue_bookmark AS b WHERE b.issue_id = i.id)");
        }
        IssueTest::HasSubscription => {
            sql.push("EXISTS (SELECT 1 FROM issue_subscription AS u WHERE u.issue_id = i.id AND u.active = ")
                .push_either("1)", "true)");
        }
        IssueTest::BookmarkedBy(users) => {
            sql.push("EXISTS (SELECT 1 FROM issue_bookmark AS b WHERE b.issue_id = i.id AND b.user_id IN ")
                .integers(users.iter().copied())
                .push(")");
        }
        IssueTest::SeenBy(user) => {
            sql.push(
                "EXISTS (SELECT 1 FROM issue_seen AS v WHERE v.issue_id = i.id AND v.user_id = ",
            )
            .integer(*user)
            .push(" AND v.seen_at > i.active_at)");
        }
        IssueTest::SubscribedBy(users) => {
            sql.push("EXISTS (SELECT 1 FROM issue_subscription AS u WHERE u.issue_id = i.id AND u.active = ")
                .push_either("1", "true")
                .push(" AND u.user_id IN ")
                .integers(users.iter().copied())
                .push(")");
        }
        IssueTest::Linked => {
            sql.push("EXISTS (SELECT 1 FROM issue_link AS l WHERE l.issue_id = i.id AND l.kind = 'external')");
        }
        IssueTest::ForReview => {
            sql.push("EXISTS (SELECT 1 FROM issue_inbox AS n WHERE n.issue_id = i.id)");
        }
        IssueTest::FirstRelease(versions) => match around.environments {
            None => text::any_of(sql, versions, Missing::Nothing, &|sql| {
                sql.push("i.first_release");
            }),
            Some(environments) => {
                in_environments(sql, environments);
                text::any_of(sql, versions, Missing::Nothing, &|sql| {
                    sql.push("e.first_release");
                });
                sql.push(")");
            }
        },
        IssueTest::HasFirstRelease => match around.environments {
            None => {
                sql.push("i.first_release IS NOT NULL");
            }
            Some(environments) => {
                in_environments(sql, environments);
                sql.push("e.first_release IS NOT NULL)");
            }
        },
        IssueTest::FirstSeen(order, at) => match around.environments {
            None => {
                sql.push("i.first_seen ")
                    .push(order.as_str())
                    .push(" ")
                    .time(*at);
            }
            Some(environments) => {
                in_environments(sql, environments);
                sql.push("e.first_seen ")
                    .push(order.as_str())
                    .push(" ")
                    .time(*at)
                    .push(")");
            }
        },
        IssueTest::RegressedIn(versions) => {
            // The number of "regressed" among the kinds of history.
            sql.push("EXISTS (SELECT 1 FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 7 AND ");
            text::any_of(sql, versions, Missing::Nothing, &|sql| {
                sql.push("h.release");
            });
            sql.push(")");
        }
        IssueTest::HasRegression => {
            sql.push("EXISTS (SELECT 1 FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 7 AND h.release IS NOT NULL)");
        }
        IssueTest::Label(labels) => {
            sql.push("EXISTS (SELECT 1 FROM issue_label AS l WHERE l.issue_id = i.id AND ");
            text::any_of(sql, labels, Missing::Nothing, &|sql| {
                sql.push("l.label");
            });
            sql.push(")");
        }
        IssueTest::HasLabel => {
            sql.push("EXISTS (SELECT 1 FROM issue_label AS l WHERE l.issue_id = i.id)");
        }
        IssueTest::Note(texts) => {
            // The number of a note among the kinds of activities.
            sql.push(
                "EXISTS (SELECT 1 FROM activity AS a WHERE a.issue_id = i.id AND a.kind = 8 AND ",
            );
            text::any_of(sql, texts, Missing::Nothing, &|sql| {
                sql.push_either(
                    "json_extract(a.data, '$.text')",
                    // It may look at other activities first, and reads no text with U+0000.
                    "(replace(a.data, '\\u0000', '\\ufffd')::jsonb ->> 'text')",
                );
            });
            sql.push(")");
        }
        IssueTest::HasNote => {
            sql.push("EXISTS (SELECT 1 FROM activity AS a WHERE a.issue_id = i.id AND a.kind = 8)");
        }
        IssueTest::Project(ids) => {
            sql.in_ranges(("+i.project_id", "i.project_id"), ids.clone());
        }
        IssueTest::Id(ids) => {
            sql.push("i.id IN ").integers(ids.iter().copied());
        }
        IssueTest::HasId => {
            sql.push(TRUE);
        }
    }
}

/// The environment rows of the issue in the selected environments, up to the condition that one of them has to meet.
fn in_environments(sql: &mut Sql, environments: &[String]) {
    sql.push("EXISTS (SELECT 1 FROM issue_environment AS e WHERE e.issue_id = i.id AND e.environment IN ")
        .words(environments.iter().map(String::as_str))
        .push(" AND ");
}

pub(super) fn group_types(sql: &mut Sql, numbers: impl IntoIterator<Item = u16>) {
    sql.push("i.group_type IN ")
        .integers(numbers.into_iter().map(i64::from));
}

fn widened(numbers: &[i16]) -> impl Iterator<Item = i64> {
    numbers.iter().map(|&number| i64::from(number))
}

const NOBODY: &str = "(i.assigned_user IS NULL AND i.assigned_team IS NULL)";

fn assigned(sql: &mut Sql, people: &People) {
    sql.push("(coalesce(i.assigned_user, 0) IN ")
        .integers(people.users.iter().copied())
        .push(" OR coalesce(i.assigned_team, 0) IN ")
        .integers(people.teams.iter().copied());
    if people.nobody {
        sql.push(" OR ").push(NOBODY);
    }
    sql.push(")");
}

fn suggested(sql: &mut Sql, people: &People) {
    sql.push("(coalesce(i.assigned_user, 0) IN ")
        .integers(people.users.iter().copied())
        .push(" OR coalesce(i.assigned_team, 0) IN ")
        .integers(people.teams.iter().copied())
        .push(" OR (")
        .push(NOBODY)
        .push(" AND EXISTS (SELECT 1 FROM issue_owner AS w WHERE w.issue_id = i.id AND (coalesce(w.user_id, 0) IN ")
        .integers(people.users.iter().copied())
        .push(" OR coalesce(w.team_id, 0) IN ")
        .integers(people.teams.iter().copied())
        .push(")))");
    if people.nobody {
        sql.push(" OR (")
            .push(NOBODY)
            .push(" AND NOT EXISTS (SELECT 1 FROM issue_owner AS w WHERE w.issue_id = i.id))");
    }
    sql.push(")");
}

fn event(sql: &mut Sql, test: &EventTest) {
    match test {
        EventTest::Text(field, tests) => {
            sql.push("(");
            if fields::stands_in(sql, field, tests) {
                sql.push(" AND ");
            }
            text::any_of(sql, tests, fields::missing(field), &|sql| {
                fields::text(sql, field);
            });
            sql.push(")");
        }
        EventTest::HasText(field) => {
            sql.push("coalesce(");
            fields::text(sql, field);
            sql.push(", '') <> ''");
        }
        EventTest::Element(list, tests) => {
            fields::elements(sql, list);
            sql.push(" WHERE ");
            text::any_element(sql, tests);
            sql.push(")");
        }
        EventTest::ElementNumber(list, order, number) => {
            fields::elements(sql, list);
            sql.push(" WHERE ")
                .push_either(
                    "e.value",
                    "(CASE e.value WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE e.value::float8 END)",
                )
                .push(" ")
                .push(order.as_str())
                .push(" ")
                .number(*number)
                .push(")");
        }
        EventTest::HasElement(list) => {
            fields::elements(sql, list);
            sql.push(")");
        }
        EventTest::Contains(test) => contains(sql, test),
        EventTest::HasMessage => {
            sql.push("(CASE WHEN ");
            errors(sql);
            sql.push(" THEN coalesce(m.text, '') ELSE coalesce(t.text, '') END) <> ''");
        }
        EventTest::Number(field, order, number) => number_test(sql, *order, *number, &|sql| {
            fields::member(sql, field);
        }),
        EventTest::TagNumber(tag, order, number) => tag_number(sql, tag, *order, *number),
        EventTest::Instant(field, order, at) => {
            #[allow(
                clippy::cast_precision_loss,
                reason = "microseconds of this age are exact"
            )]
            let micros = at.timestamp_micros() as f64;
            number_test(sql, *order, micros, &|sql| fields::member(sql, field));
        }
        EventTest::Happened(order, at) => {
            sql.push("o.event_time ")
                .push(order.as_str())
                .push(" ")
                .time(*at);
        }
        EventTest::Flag(field, wanted, missing) => {
            sql.push("coalesce(");
            fields::flag(sql, field);
            sql.push(", ")
                .push(if *missing { "1" } else { "0" })
                .push(") = ")
                .push(if *wanted { "1" } else { "0" });
        }
        EventTest::Has(field) => {
            fields::member(sql, field);
            sql.push(" IS NOT NULL");
        }
        EventTest::EventId(ids) => {
            sql.push("o.event_id IN ").uuids(ids);
        }
    }
}

/// Free text: in the message of the event for errors, in the issue's own text for everything else, and in the stack.
fn contains(sql: &mut Sql, test: &TextTest) {
    sql.push("(");
    text::contains(sql, test, &|sql| {
        sql.push("CASE WHEN ");
        errors(sql);
        sql.push(" THEN coalesce(m.text, '') ELSE coalesce(t.text, '') END");
    });
    sql.push(" OR ");
    text::contains(sql, test, &|sql| {
        sql.push("coalesce(s.text, '')");
    });
    sql.push(")");
}

/// Free text that the issue's own text `t` holds for all of its events.
pub(super) fn own_text_contains(sql: &mut Sql, test: &TextTest) {
    sql.push("(NOT ");
    errors(sql);
    sql.push(" AND ");
    text::contains(sql, test, &|sql| {
        sql.push("t.text");
    });
    sql.push(")");
}

fn errors(sql: &mut Sql) {
    group_types(
        sql,
        GroupType::in_category(Category::Error).map(|group_type| group_type.id),
    );
}

fn number_test(sql: &mut Sql, order: Order, number: f64, value: &dyn Fn(&mut Sql)) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("coalesce(");
            value(sql);
            sql.push(" ")
                .push(order.as_str())
                .push(" ")
                .number(number)
                .push(", 0)");
        }
        Dialect::Postgres => {
            sql.push("coalesce((");
            value(sql);
            sql.push(")::float8 ")
                .push(order.as_str())
                .push(" ")
                .number(number)
                .push(", false)");
        }
    }
}

/// A tag that is no number compares as nothing.
fn tag_number(sql: &mut Sql, tag: &str, order: Order, number: f64) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("coalesce((CASE WHEN coalesce(");
            fields::tag(sql, tag);
            sql.push(r", '') REGEXP '^-?[0-9]{1,200}(\.[0-9]{1,200})?$' THEN CAST(");
            fields::tag(sql, tag);
            sql.push(" AS REAL) END) ")
                .push(order.as_str())
                .push(" ")
                .number(number)
                .push(", 0)");
        }
        Dialect::Postgres => {
            sql.push("coalesce((CASE WHEN ");
            fields::tag(sql, tag);
            sql.push(r" ~ '^-?[0-9]{1,200}(\.[0-9]{1,200})?$' THEN (");
            fields::tag(sql, tag);
            sql.push(")::float8 END) ")
                .push(order.as_str())
                .push(" ")
                .number(number)
                .push(", false)");
        }
    }
}

fn sum(sql: &mut Sql, test: &SumTest) {
    match test {
        SumTest::TimesSeen(order, number) => {
            sql.push("c.times_seen ")
                .push(order.as_str())
                .push(" ")
                .number(*number);
        }
        SumTest::LastSeen(order, at) => {
            sql.push("c.last_seen ")
                .push(order.as_str())
                .push(" ")
                .time(*at);
        }
    }
}

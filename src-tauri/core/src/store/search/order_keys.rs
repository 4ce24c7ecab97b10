//! What a key of an order stands for: a column that people read as it is, a sum, or terms of a statement for the words that
//! they read.
//!
//! Terms are formed from a row of `issue AS i`. Texts are compared by their bytes, with ASCII letters in lower case: SQLite
//! lowers no others, and PostgreSQL neither under the collation that compares bytes.

use super::sql::Sql;
use crate::model::{GroupType, IssueStatus, Substatus};
use crate::search::Sort;
use crate::view::IssueSort;

/// A value of an issue that can be compared, never null.
pub(super) type Term = fn(&mut Sql);

/// What every order ends with, before the id.
pub(super) const LAST_SEEN: &str = "i.last_seen";

/// How the store comes by what a key goes by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    /// A column of the index of lists.
    Column(&'static str),
    /// A sum over the events of each issue, which this search forms, so that no statement knows the order.
    Sum(Sort),
    /// Terms, the one that decides first in front.
    Terms(&'static [Term]),
}

impl Key {
    pub fn of(by: IssueSort) -> Self {
        match by {
            IssueSort::LastSeen => Self::Column(LAST_SEEN),
            IssueSort::FirstSeen => Self::Column("i.first_seen"),
            IssueSort::Events => Self::Column("i.times_seen"),
            IssueSort::Users => Self::Sum(Sort::User),
            IssueSort::Trends => Self::Sum(Sort::Trends),
            IssueSort::Title => Self::Terms(&[title]),
            IssueSort::Project => Self::Terms(&[project]),
            IssueSort::Level => Self::Terms(&[level]),
            IssueSort::Priority => Self::Terms(&[priority]),
            IssueSort::Status => Self::Terms(&[status]),
            IssueSort::Type => Self::Terms(&[group_type]),
            IssueSort::Platform => Self::Terms(&[platform]),
            IssueSort::Assignee => Self::Terms(&[has_nobody, assignee]),
            IssueSort::ShortId => Self::Terms(&[project, number]),
            IssueSort::Labels => Self::Terms(&[label]),
            IssueSort::Note => Self::Terms(&[note]),
            IssueSort::Environment => Self::Terms(&[environment]),
            IssueSort::FirstRelease => Self::Terms(&[first_release]),
            IssueSort::LastRelease => Self::Terms(&[last_release]),
        }
    }
}

fn title(sql: &mut Sql) {
    content(sql, "lower(c.title)", "lower(c.title COLLATE \"C\")");
}

fn platform(sql: &mut Sql) {
    content(sql, "lower(c.platform)", "lower(c.platform COLLATE \"C\")");
}

/// Something the issue says. `issue_content` by its key.
fn content(sql: &mut Sql, sqlite: &'static str, postgres: &'static str) {
    sql.push("coalesce((SELECT ")
        .push_either(sqlite, postgres)
        .push(" FROM issue_content AS c WHERE c.issue_id = i.id), '')")
        .push_either("", " COLLATE \"C\"");
}

fn level(sql: &mut Sql) {
    sql.push("i.level");
}

/// None is 0.
fn priority(sql: &mut Sql) {
    sql.push("i.priority");
}

fn number(sql: &mut Sql) {
    sql.push("i.short_id");
}

/// The slug; empty for a project that is not known. `project` by its key.
fn project(sql: &mut Sql) {
    sql.push_either(
        "coalesce((SELECT lower(p.slug) FROM project AS p WHERE p.id = i.project_id), '')",
        "coalesce((SELECT lower(p.slug COLLATE \"C\") FROM project AS p WHERE p.id = i.project_id), '') COLLATE \"C\"",
    );
}

/// A text that not every issue has, so that those without it are behind all others: it is looked up once for both.
fn text_if_any(sql: &mut Sql, sqlite: &'static str, postgres: &'static str) {
    sql.push("coalesce(")
        .push_either(sqlite, postgres)
        .push(", '1')")
        .push_either("", " COLLATE \"C\"");
}

/// `issue_label` by the first part of its key.
fn label(sql: &mut Sql) {
    text_if_any(
        sql,
        "(SELECT '0' || lower(min(l.label)) FROM issue_label AS l WHERE l.issue_id = i.id)",
        "(SELECT '0' || lower(min(l.label COLLATE \"C\")) FROM issue_label AS l WHERE l.issue_id = i.id)",
    );
}

/// When the newest was written, in microseconds. `activity_notes` from its end, which holds all it needs.
fn note(sql: &mut Sql) {
    sql.push("coalesce((SELECT ")
        .push_either(
            "max(a.at)",
            "CAST(extract(epoch FROM max(a.at)) * 1000000 AS BIGINT)",
        )
        .push(" FROM activity AS a WHERE a.issue_id = i.id AND a.kind = 8), 0)");
}

/// `issue_environment` by the first part of its key.
fn environment(sql: &mut Sql) {
    text_if_any(
        sql,
        "(SELECT '0' || lower(min(e.environment)) FROM issue_environment AS e WHERE e.issue_id = i.id)",
        "(SELECT '0' || lower(min(e.environment COLLATE \"C\")) FROM issue_environment AS e WHERE e.issue_id = i.id)",
    );
}

fn first_release(sql: &mut Sql) {
    text_if_any(
        sql,
        "'0' || lower(i.first_release)",
        "'0' || lower(i.first_release COLLATE \"C\")",
    );
}

/// `issue_release` by the first part of its key: an issue is seen in few releases.
fn last_release(sql: &mut Sql) {
    text_if_any(
        sql,
        "(SELECT '0' || lower(r.release) FROM issue_release AS r WHERE r.issue_id = i.id AND r.release <> '' \
         ORDER BY r.last_seen DESC, r.release DESC LIMIT 1)",
        "(SELECT '0' || lower(r.release COLLATE \"C\") FROM issue_release AS r \
         WHERE r.issue_id = i.id AND r.release <> '' ORDER BY r.last_seen DESC, r.release COLLATE \"C\" DESC LIMIT 1)",
    );
}

fn has_nobody(sql: &mut Sql) {
    sql.push("CASE WHEN i.assigned_user IS NULL AND i.assigned_team IS NULL THEN 1 ELSE 0 END");
}

/// What somebody is called, or the number of one who is not known. `member` and `team` by their keys.
fn assignee(sql: &mut Sql) {
    sql.push_either(
        "CASE WHEN i.assigned_user IS NOT NULL THEN coalesce((SELECT lower(m.username) FROM member AS m \
         WHERE m.id = i.assigned_user), 'user ' || i.assigned_user) \
         WHEN i.assigned_team IS NOT NULL THEN coalesce((SELECT '#' || lower(t.slug) FROM team AS t \
         WHERE t.id = i.assigned_team), 'team ' || i.assigned_team) ELSE '' END",
        "(CASE WHEN i.assigned_user IS NOT NULL THEN coalesce((SELECT lower(m.username COLLATE \"C\") FROM member AS m \
         WHERE m.id = i.assigned_user), 'user ' || i.assigned_user) \
         WHEN i.assigned_team IS NOT NULL THEN coalesce((SELECT '#' || lower(t.slug COLLATE \"C\") FROM team AS t \
         WHERE t.id = i.assigned_team), 'team ' || i.assigned_team) ELSE '' END) COLLATE \"C\"",
    );
}

/// The more it needs somebody, the greater. What the substatus says goes before the status, as where people read it.
fn status(sql: &mut Sql) {
    let fine = [
        (Substatus::Escalating, 9),
        (Substatus::Regressed, 8),
        (Substatus::New, 7),
        (Substatus::Ongoing, 6),
        (Substatus::UntilEscalating, 5),
        (Substatus::UntilConditionMet, 4),
        (Substatus::Forever, 2),
    ];
    let plain = [
        (IssueStatus::Unresolved, 6),
        (IssueStatus::Ignored, 3),
        (IssueStatus::Resolved, 1),
    ];
    let fine = fine.map(|(word, rank)| (i64::from(word.number()), rank));
    let plain = plain.map(|(word, rank)| (i64::from(word.number()), rank));
    chosen(sql, "i.substatus", fine, |sql| {
        chosen(sql, "i.status", plain, |sql| {
            sql.push("0");
        });
    });
}

/// The place of its words among those of all types; types that are not known are behind them, by their numbers.
fn group_type(sql: &mut Sql) {
    let words = |known: &GroupType| known.description.to_ascii_lowercase();
    let mut all: Vec<String> = GroupType::all().iter().map(words).collect();
    all.sort_unstable();
    let place = |known| all.partition_point(|other| *other < words(known));
    let places = GroupType::all().iter().map(|known| {
        let place = i64::try_from(place(known)).unwrap_or(i64::MAX);
        (i64::from(known.id), place)
    });
    chosen(sql, "i.group_type", places, |sql| {
        sql.push("1000 + CAST(i.group_type AS BIGINT)");
    });
}

/// `CASE`: for each value of a column a number, else something else.
fn chosen(
    sql: &mut Sql,
    column: &'static str,
    numbers: impl IntoIterator<Item = (i64, i64)>,
    otherwise: impl FnOnce(&mut Sql),
) {
    sql.push("CASE ").push(column);
    for (value, number) in numbers {
        sql.push(" WHEN ").integer(value);
        sql.push(" THEN ").integer(number);
    }
    sql.push(" ELSE ");
    otherwise(sql);
    sql.push(" END");
}

//! What a list is grouped by, as the store keeps it.

use super::ask::Ask;
use super::groups::{Collector, Succession};
use super::narrow::Narrowing;
use super::sql::Sql;
use super::{listed, order, walk};
use crate::model::{Level, cut};
use crate::search::Plan;
use crate::store::StoreError;
use crate::store::column::storable;
use crate::view::{IssueGroup, IssueGrouping, IssueOrder};
use std::collections::HashMap;

/// Bytes of a key. What senders write may be longer; issues that differ only behind that are in one group.
const LONGEST_KEY: usize = 200;

/// All hits with what they are grouped by, in the order of the list as far as a column knows it.
pub(super) async fn collect(
    ask: &mut impl Ask,
    plan: &Plan,
    grouping: IssueGrouping,
    order: IssueOrder,
) -> Result<Collector, StoreError> {
    let narrowing = Narrowing::of(ask, plan).await?;
    let mut sql = ask.statement();
    keyed(&mut sql, plan, &narrowing, grouping, order);
    let mut issues = Collector::default();
    ask.each(sql, |(id, events, key): (i64, i64, Option<String>)| {
        issues.add(id, events, kept(key));
    })
    .await?;
    Ok(issues)
}

/// The key of a group as it is answered. An empty one is none.
pub(super) fn kept(key: Option<String>) -> Option<String> {
    // The stores differ in what they make of U+0000.
    let key = cut(&storable(&key?), LONGEST_KEY).to_owned();
    (!key.is_empty()).then_some(key)
}

/// The rows of `issue` as they stand in the table, put in order afterwards: no index holds what is grouped by, and looking
/// up a million rows in the order of another column takes three times as long as sorting them. `occurrence_by_issue` from
/// its end and `event_fact` by its key for each issue where events know it.
fn keyed(
    sql: &mut Sql,
    plan: &Plan,
    narrowing: &Narrowing,
    grouping: IssueGrouping,
    order: IssueOrder,
) {
    sql.push("SELECT i.id, i.times_seen, ");
    key(sql, grouping);
    walk::found(sql, plan, narrowing);
    // An order by sums is taken over from elsewhere.
    order::by_columns(sql, order, order::Source::Rows);
}

/// The key of an issue's group as a text, or null.
pub(super) fn key(sql: &mut Sql, grouping: IssueGrouping) {
    match grouping {
        IssueGrouping::Level => {
            sql.push("CAST(i.level AS TEXT)");
        }
        IssueGrouping::Project => {
            sql.push("CAST(i.project_id AS TEXT)");
        }
        IssueGrouping::FirstSeenDay => {
            sql.push_either(
                "strftime('%Y-%m-%d', i.first_seen / 1000000.0, 'unixepoch')",
                "to_char(i.first_seen AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            );
        }
        IssueGrouping::Service => listed::newest_fact(
            sql,
            "CAST(json_extract(f.facts, '$.tags.service') AS TEXT)",
            "f.facts -> 'tags' ->> 'service'",
        ),
        IssueGrouping::Release => {
            sql.push("i.first_release");
        }
        IssueGrouping::ErrorType => {
            sql.push_either(
                "(SELECT CAST(json_extract(c.data, '$.metadata.type') AS TEXT) FROM issue_content AS c \
                 WHERE c.issue_id = i.id)",
                // It reads no text with U+0000; in JSON that is always written as an escape.
                "(SELECT replace(c.data, '\\u0000', '\\ufffd')::jsonb -> 'metadata' ->> 'type' FROM issue_content AS c \
                 WHERE c.issue_id = i.id)",
            );
        }
        IssueGrouping::Trace => listed::newest_fact(
            sql,
            "CAST(json_extract(f.facts, '$.trace') AS TEXT)",
            "f.facts ->> 'trace'",
        ),
        IssueGrouping::Label => {
            sql.push("(SELECT min(l.label) FROM issue_label AS l WHERE l.issue_id = i.id)");
        }
        IssueGrouping::Assignee => {
            sql.push(
                "CASE WHEN i.assigned_user IS NOT NULL THEN 'user:' || i.assigned_user \
                 WHEN i.assigned_team IS NOT NULL THEN 'team:' || i.assigned_team END",
            );
        }
    }
}

/// Which group comes first.
pub(super) fn succession(grouping: IssueGrouping) -> Succession {
    match grouping {
        IssueGrouping::Level | IssueGrouping::FirstSeenDay => Succession::GreatestKey,
        IssueGrouping::Project
        | IssueGrouping::Service
        | IssueGrouping::Release
        | IssueGrouping::ErrorType
        | IssueGrouping::Trace
        | IssueGrouping::Assignee
        | IssueGrouping::Label => Succession::Largest,
    }
}

/// The groups with words for the numbers that the store groups by.
pub(super) async fn named(
    ask: &mut impl Ask,
    grouping: IssueGrouping,
    mut groups: Vec<IssueGroup>,
) -> Result<Vec<IssueGroup>, StoreError> {
    let words = words(ask, grouping).await?;
    for key in groups.iter_mut().filter_map(|group| group.key.as_mut()) {
        if let Some(word) = words.get(key) {
            key.clone_from(word);
        }
    }
    Ok(groups)
}

/// Words by the numbers that the store groups by; none where it groups by words.
pub(super) async fn words(
    ask: &mut impl Ask,
    grouping: IssueGrouping,
) -> Result<HashMap<String, String>, StoreError> {
    Ok(match grouping {
        IssueGrouping::Level => {
            let levels = Level::ALL.into_iter();
            levels
                .map(|level| (level.number().to_string(), level.as_str().to_owned()))
                .collect()
        }
        IssueGrouping::Project => {
            let mut sql = ask.statement();
            sql.push("SELECT project.id, project.slug FROM project");
            let projects: Vec<(i64, String)> = ask.ask(sql).await?;
            let projects = projects.into_iter();
            projects.map(|(id, slug)| (id.to_string(), slug)).collect()
        }
        _ => HashMap::new(),
    })
}

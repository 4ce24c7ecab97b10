//! `picketctl issues` and `issue`.

use crate::args::IssuesArgs;
use crate::context::Context;
use crate::output::{self, age, cell};
use crate::search::{Searcher, no_issue};
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use picket_core::engine::find::{
    DEFAULT_QUERY, ListRequest, count_hits, list_issues, stats_of_issues,
};
use picket_core::paging::HITS_CAP;
use picket_core::store::{Access, QueryStore, Store};
use picket_core::view::{Activity, ListedIssue, OccurrencePosition};
use serde_json::{Value, json};

/// Activities that `issue --json` shows.
const ACTIVITIES: u32 = 100;

pub async fn list(context: &Context, args: IssuesArgs) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    list_in(context, &store, &args).await
}

pub async fn list_in(context: &Context, store: &Store, args: &IssuesArgs) -> Result<()> {
    let searcher = Searcher::new(context, store).await?;
    let request = searcher.within(args.request(), &args.search.within.project)?;
    let now = context.clock.now();
    if !args.stats_of.is_empty() {
        return numbers_of(&searcher, request, &args.stats_of, now).await;
    }
    let list = match list_issues(store, &request, searcher.asker(), now).await {
        Ok(list) => list,
        Err(error) => return Err(searcher.refusal(&request, error).await),
    };
    if context.json {
        let mut answer = json!({ "issues": list.issues, "prev": list.prev, "next": list.next });
        if let Some(hits) = list.hits {
            answer["hits"] = json!(hits);
        }
        return output::json(&answer);
    }
    let mut table = output::table(&["ISSUE", "LEVEL", "TITLE", "EVENTS", "FIRST", "LAST"]);
    for issue in &list.issues {
        table.add_row(row(issue, now));
    }
    output::text(&table.to_string())?;
    let shown = list.issues.len();
    let hits = match list.hits {
        // A page counts only so far; a person is told the number.
        Some(hits) if hits >= HITS_CAP.unsigned_abs() => {
            match count_hits(store, &request, searcher.asker(), now).await {
                Ok(hits) => hits,
                Err(error) => return Err(searcher.refusal(&request, error).await),
            }
        }
        Some(hits) => hits,
        None => shown as u64,
    };
    let of_default = match request.query {
        None => format!(" of {DEFAULT_QUERY}"),
        Some(_) => String::new(),
    };
    output::text(&format!("{shown} of {hits} issues{of_default}"))?;
    if list.next.results {
        output::text(&format!("next page: --cursor {}", list.next.cursor))?;
    }
    Ok(())
}

/// `issues --stats-of`.
async fn numbers_of(
    searcher: &Searcher<'_>,
    request: ListRequest,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<()> {
    let ids = searcher.issues(names).await?;
    let request = ListRequest {
        group: ids.iter().map(ToString::to_string).collect(),
        ..request
    };
    match stats_of_issues(searcher.store(), &request, searcher.asker(), now).await {
        Ok(issues) => output::json(&json!({ "issues": issues })),
        Err(error) => Err(searcher.refusal(&request, error).await),
    }
}

fn row(issue: &ListedIssue, now: DateTime<Utc>) -> Vec<String> {
    let numbers = issue.numbers.clone().unwrap_or_default();
    vec![
        issue.short_id.clone().unwrap_or_else(|| issue.id.clone()),
        issue.level.clone(),
        cell(&title_line(issue), 80),
        numbers.count,
        age(now, numbers.first_seen),
        age(now, numbers.last_seen),
    ]
}

fn title_line(issue: &ListedIssue) -> String {
    match issue.metadata.get("value").and_then(Value::as_str) {
        Some(value) if !value.is_empty() => format!("{}: {value}", issue.title),
        _ => issue.title.clone(),
    }
}

/// `issue`: what a list says of it, and what only it has.
pub async fn show(context: &Context, name: &str) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let now = context.clock.now();
    let searcher = Searcher::new(context, &store).await?;
    let names = [name.to_owned()];
    let [id] = searcher.issues(&names).await?[..] else {
        bail!(no_issue(name));
    };
    let request = ListRequest {
        group: vec![id.0.to_string()],
        expand: vec!["inbox".to_owned(), "owners".to_owned()],
        ..ListRequest::default()
    };
    let listed = match list_issues(&*store, &request, searcher.asker(), now).await {
        Ok(list) => list.issues.into_iter().next(),
        Err(error) => return Err(searcher.refusal(&request, error).await),
    };
    let detail = store
        .issue_detail(id, now)
        .await
        .map_err(picket_core::Error::from)?;
    let (Some(issue), Some(detail)) = (listed, detail) else {
        bail!(no_issue(name));
    };
    let latest = store
        .occurrence(id, &OccurrencePosition::Newest)
        .await
        .map_err(picket_core::Error::from)?;
    if context.json {
        let activities = store.activities(id, ACTIVITIES).await;
        let mut value = serde_json::to_value(&issue)?;
        value["hashes"] = json!(detail.hashes);
        value["environments"] = json!(detail.environments);
        value["lastRelease"] = json!(detail.last_release);
        value["tags"] = json!(latest.as_ref().map(|latest| &latest.tags));
        value["activity"] = json!(activities.map_err(picket_core::Error::from)?);
        value["latestEvent"] = json!(latest);
        return output::json(&value);
    }
    let notes = store.notes(id).await;
    let (row, numbers) = (&detail.row, issue.numbers.clone().unwrap_or_default());
    output::text(&format!("{}  {}", row.short_id, title_line(&issue)))?;
    output::text(&format!(
        "{} · {} · {} · {} · {} events · first {} ago · last {} ago",
        row.issue_type_name,
        row.level,
        row.status,
        row.project,
        numbers.count,
        age(now, numbers.first_seen),
        age(now, numbers.last_seen)
    ))?;
    if !issue.labels.is_empty() {
        output::text(&format!("labels: {}", issue.labels.join(", ")))?;
    }
    for note in notes.map_err(picket_core::Error::from)? {
        print_note(&note)?;
    }
    let Some(latest) = latest else { return Ok(()) };
    output::text(&format!(
        "\noccurrence {} of {}  {}",
        latest.position, latest.total, latest.id
    ))?;
    for evidence in &latest.evidence {
        let mark = if evidence.important { "*" } else { " " };
        output::text(&format!(
            " {mark} {}: {}",
            evidence.name,
            cell(&evidence.value, 200)
        ))?;
    }
    for tag in &latest.tags {
        output::text(&format!("   {} = {}", tag.key, cell(&tag.value, 200)))?;
    }
    let origin = &latest.origin;
    output::text(&format!(
        "from {} {}/{} offset {}",
        origin.source, origin.topic, origin.partition, origin.offset
    ))
}

/// A note with who wrote it and when, its further lines under the first.
fn print_note(note: &Activity) -> Result<()> {
    let data: Value = serde_json::from_str(&note.data)?;
    let text = data["text"].as_str().unwrap_or_default();
    let who = note.actor.as_deref().unwrap_or("somebody");
    #[allow(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let at = DateTime::from_timestamp_millis(note.at as i64).unwrap_or_default();
    output::text(&format!(
        "note of {who}, {}:",
        at.format("%Y-%m-%d %H:%M UTC")
    ))?;
    for line in text.lines() {
        output::text(&format!("    {}", cell(line, usize::MAX)))?;
    }
    Ok(())
}

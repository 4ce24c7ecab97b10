//! `picketctl issues` and `issue`.

use crate::args::{IssuesArgs, Sort};
use crate::context::Context;
use crate::output::{self, age, cell};
use anyhow::{Result, anyhow, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use picket_core::model::{IssueId, parse_short_id};
use picket_core::query::ast::IssueFilter;
use picket_core::query::plain::{QueryContext, parse};
use picket_core::store::{Access, QueryStore, Store};
use picket_core::view::{IssueRow, IssueSort, OccurrencePosition};
use serde_json::{Value, json};

/// Most issues on a page.
const PAGE_CAP: u32 = 100;

pub async fn list(context: &Context, args: IssuesArgs) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    list_in(context, &store, args).await
}

pub async fn list_in(context: &Context, store: &Store, args: IssuesArgs) -> Result<()> {
    if args.limit == 0 {
        bail!("--limit must be at least 1");
    }
    let limit = args.limit.min(PAGE_CAP) as usize;
    let offset = args.cursor.as_deref().map_or(Ok(0), cursor_offset)?;
    let projects = store.projects().await.map_err(picket_core::Error::from)?;
    let projects: Vec<_> = projects.into_iter().map(|project| project.slug).collect();
    let mut filters = vec![
        parse(
            &args.query,
            QueryContext {
                projects: &projects,
            },
        )
        .map_err(|problems| anyhow!("error while parsing the search query: {}", problems[0]))?,
    ];
    if !args.project.is_empty() {
        filters.push(IssueFilter::Project(
            args.project
                .iter()
                .map(|slug| slug.to_lowercase())
                .collect(),
        ));
    }
    let sort = match args.sort {
        Sort::Date => IssueSort::LastSeen,
        Sort::New => IssueSort::FirstSeen,
        Sort::Freq => IssueSort::Events,
    };
    let snapshot = store
        .issue_snapshot(&IssueFilter::All(filters), sort)
        .await
        .map_err(picket_core::Error::from)?;
    let page: Vec<IssueId> = snapshot
        .ids
        .iter()
        .skip(offset)
        .take(limit)
        .map(|id| id.parse())
        .collect::<Result<_, _>>()?;
    let now = context.clock.now();
    let rows = store
        .issue_rows(&page, now)
        .await
        .map_err(picket_core::Error::from)?;
    let next = offset + page.len();
    if context.json {
        return output::json(&json!({
            "issues": rows.iter().map(|row| serialise(row, now)).collect::<Vec<_>>(),
            "prev": { "cursor": format!("0:{}:1", offset.saturating_sub(limit)), "results": offset > 0 },
            "next": { "cursor": format!("0:{next}:0"), "results": next < snapshot.ids.len() },
            "hits": snapshot.total,
        }));
    }
    let mut table = output::table(&["ISSUE", "LEVEL", "TITLE", "EVENTS", "FIRST", "LAST"]);
    for row in &rows {
        table.add_row(vec![
            row.short_id.clone(),
            row.level.clone(),
            cell(&title_line(row), 80),
            row.times_seen.to_string(),
            age(now, row.first_seen),
            age(now, row.last_seen),
        ]);
    }
    output::text(&table.to_string())?;
    output::text(&format!("{} of {} issues", rows.len(), snapshot.total))
}

pub async fn show(context: &Context, id: &str) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let now = context.clock.now();
    let found = match (id.parse::<IssueId>(), parse_short_id(id)) {
        (Ok(id), _) => Some(id),
        (Err(_), Some((slug, number))) => store
            .issue_by_short_id(&slug, number)
            .await
            .map_err(picket_core::Error::from)?,
        (Err(_), None) => None,
    };
    let detail = match found {
        Some(id) => store
            .issue_detail(id, now)
            .await
            .map_err(picket_core::Error::from)?
            .map(|detail| (id, detail)),
        None => None,
    };
    let Some((id, detail)) = detail else {
        bail!(
            "There is no issue {id}. Take an id or a short id such as SHOP-1A from picketctl issues."
        );
    };
    let latest = store
        .occurrence(id, &OccurrencePosition::Newest)
        .await
        .map_err(picket_core::Error::from)?;
    if context.json {
        let mut value = serialise(&detail.row, now);
        let tags = latest.as_ref().map(|latest| &latest.tags);
        value["hashes"] = json!(detail.hashes);
        value["environments"] = json!(detail.environments);
        value["firstRelease"] = json!(detail.first_release);
        value["lastRelease"] = json!(detail.last_release);
        value["tags"] = json!(tags);
        value["latestEvent"] = json!(latest);
        return output::json(&value);
    }
    let row = &detail.row;
    output::text(&format!("{}  {}", row.short_id, title_line(row)))?;
    output::text(&format!(
        "{} · {} · {} · {} · {} events · first {} ago · last {} ago",
        row.issue_type_name,
        row.level,
        row.status,
        row.project,
        row.times_seen,
        age(now, row.first_seen),
        age(now, row.last_seen)
    ))?;
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

fn title_line(row: &IssueRow) -> String {
    if row.subtitle.is_empty() {
        row.title.clone()
    } else {
        format!("{}: {}", row.title, row.subtitle)
    }
}

/// The serialised issue of the search specification (section 8.4), as far as this version stores its fields.
fn serialise(row: &IssueRow, now: DateTime<Utc>) -> Value {
    let hour = now.timestamp().div_euclid(3600);
    let stats: Vec<_> = (hour - 23..=hour)
        .zip(&row.trend)
        .map(|(hour, count)| json!([hour * 3600, count]))
        .collect();
    json!({
        "id": row.id,
        "shortId": row.short_id,
        "title": row.title,
        "culprit": row.culprit,
        "metadata": { "title": row.title, "value": row.subtitle },
        "level": row.level,
        "platform": row.platform,
        "project": { "slug": row.project },
        "status": row.status,
        "substatus": row.substatus,
        "priority": row.priority,
        "issueType": row.issue_type,
        "count": row.times_seen.to_string(),
        "firstSeen": instant(row.first_seen),
        "lastSeen": instant(row.last_seen),
        "stats": { "24h": stats },
    })
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "milliseconds since the epoch"
)]
fn instant(millis: f64) -> Option<String> {
    DateTime::from_timestamp_millis(millis as i64)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// `value:offset:is_prev`; pages of this list are addressed by their offset alone.
fn cursor_offset(cursor: &str) -> Result<usize> {
    let parts: Vec<_> = cursor.split(':').collect();
    match parts[..] {
        [_, offset, _] => offset.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| anyhow!("--cursor {cursor} is not a cursor. Take one from an earlier answer."))
}

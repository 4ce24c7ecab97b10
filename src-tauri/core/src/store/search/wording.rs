//! What people wrote on issues: labels and notes, as lists and choosers show them.

use super::ask::Ask;
use super::hits;
use super::sql::Sql;
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::StoreError;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Issues of one question about a list of ids.
const CHUNK: usize = 1_000;

/// What people wrote on an issue, as far as a list shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// Labels in the order of their bytes.
    pub labels: Vec<String>,
    /// The newest note.
    pub note: Option<String>,
}

/// How many issues have a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelUse {
    /// Issues of lists: none that are being deleted or are merged.
    pub issues: u64,
    /// Those among the issues that were asked about.
    pub among: u64,
}

/// What people wrote on some issues; those with nothing are left out. `issue_label` by its key, `activity_notes`.
pub(in crate::store) async fn wordings(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<HashMap<IssueId, Wording>, StoreError> {
    let mut wordings: HashMap<IssueId, Wording> = HashMap::new();
    if issues.is_empty() {
        return Ok(wordings);
    }
    let mut sql = ask.statement();
    labels(&mut sql, issues);
    let rows: Vec<(i64, String)> = ask.ask(sql).await?;
    for (issue, label) in rows {
        wordings
            .entry(IssueId(issue))
            .or_default()
            .labels
            .push(label);
    }
    let mut sql = ask.statement();
    newest_notes(&mut sql, issues);
    let rows: Vec<(i64, String)> = ask.ask(sql).await?;
    for (issue, data) in rows {
        wordings.entry(IssueId(issue)).or_default().note = Some(note_text(issue, &data)?);
    }
    Ok(wordings)
}

fn labels(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("SELECT l.issue_id, l.label FROM issue_label AS l WHERE l.issue_id IN ")
        .integers(issues.iter().map(|id| id.0))
        .push(" ORDER BY l.issue_id, l.label");
}

fn newest_notes(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("SELECT a.issue_id, a.data FROM ")
        .push_either("json_each(", "unnest(")
        .bound_integers(issues.iter().map(|id| id.0).collect())
        .push_either(") AS w", "::bigint[]) AS w (value)")
        .push(
            " JOIN activity AS a ON a.id = (SELECT n.id FROM activity AS n \
             WHERE n.issue_id = w.value AND n.kind = 8 ORDER BY n.at DESC, n.id DESC LIMIT 1)",
        );
}

fn note_text(issue: i64, data: &str) -> Result<String, StoreError> {
    let data: Value = serde_json::from_str(data)
        .map_err(|error| StoreError::Corrupt(format!("a note of issue {issue}: {error}")))?;
    Ok(data["text"].as_str().unwrap_or_default().to_owned())
}

/// Every label, with how many issues have it. All of `issue_label_by_label`, whose issues are looked up.
pub(in crate::store) async fn label_uses(
    ask: &mut impl Ask,
    among: &[IssueId],
) -> Result<BTreeMap<String, LabelUse>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT l.label, count(*) FROM issue_label AS l JOIN issue AS i ON i.id = l.issue_id WHERE ");
    hits::scope(&mut sql, &Plan::everything());
    sql.push(" GROUP BY l.label");
    let rows: Vec<(String, i64)> = ask.ask(sql).await?;
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let mut uses: BTreeMap<String, LabelUse> = rows
        .into_iter()
        .map(|(label, issues)| {
            let issues = whole(issues);
            (label, LabelUse { issues, among: 0 })
        })
        .collect();
    for chunk in among.chunks(CHUNK) {
        let mut sql = ask.statement();
        sql.push("SELECT l.label, count(*) FROM issue_label AS l WHERE l.issue_id IN ")
            .integers(chunk.iter().map(|id| id.0))
            .push(" GROUP BY l.label");
        let rows: Vec<(String, i64)> = ask.ask(sql).await?;
        for (label, issues) in rows {
            uses.entry(label).or_default().among += whole(issues);
        }
    }
    Ok(uses)
}

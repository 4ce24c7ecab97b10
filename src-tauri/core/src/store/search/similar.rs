//! Issues that may be like another one ([`crate::similar`]), by what indexes know.

use super::ask::Ask;
use super::entries::{self, Order};
use super::prefilter::Need;
use crate::model::{Category, GroupType, IssueId, ProjectId};
use crate::similar::{Portrait, Probe};
use crate::store::StoreError;
use std::collections::HashMap;

/// Rows of an index that are looked at for one probe, the newest first. A type of error may be that of half of all
/// issues; the newest of them are the ones to merge with.
const PROBED: i64 = 400;

/// Issues of the same project and category that some of the probes find: at most `most`, those first that most probes
/// find, of these the newest. `issue` by its key, and what [`entries::rows`] says.
pub(in crate::store) async fn found(
    ask: &mut impl Ask,
    issue: IssueId,
    like: &Portrait,
    probes: &[Probe],
    most: usize,
) -> Result<Vec<IssueId>, StoreError> {
    let mut times: HashMap<i64, usize> = HashMap::new();
    for probe in probes {
        let mut named = probed(ask, probe).await?;
        named.sort_unstable();
        named.dedup();
        for id in named {
            *times.entry(id).or_default() += 1;
        }
    }
    times.remove(&issue.0);
    if times.is_empty() {
        return Ok(Vec::new());
    }
    let category = GroupType::by_id(like.group_type).map_or(Category::Error, |it| it.category);
    let kinds = GroupType::in_category(category).map(|kind| i64::from(kind.id));
    let mut sql = ask.statement();
    sql.push_either(
        "SELECT json_group_array(i.id) FROM issue AS i WHERE i.project_id = ",
        "SELECT coalesce(json_agg(i.id), '[]')::text FROM issue AS i WHERE i.project_id = ",
    )
    .integer(like.project.0)
    .push(" AND i.status NOT IN (3, 4, 5) AND i.group_type IN ")
    .integers(kinds)
    .push(" AND i.id")
    .one_of(times.keys().copied().collect());
    let mut found = ask.ids(sql).await?;
    found.sort_unstable_by_key(|id| std::cmp::Reverse((times.get(id).copied(), *id)));
    found.truncate(most);
    Ok(found.into_iter().map(IssueId).collect())
}

/// Issues that an index has for a probe, repetitions and all.
async fn probed(ask: &mut impl Ask, probe: &Probe) -> Result<Vec<i64>, StoreError> {
    let leaf = match probe {
        Probe::Term(term) => Need::Terms(vec![*term]),
        Probe::Texts(texts) => Need::Texts(texts.clone()),
    };
    let rows = entries::rows(ask, &leaf, PROBED, Order::Newest).await?;
    entries::issues(ask, &leaf, rows).await
}

/// Project, group type and title; then the lists of the newest event, of exceptions and of its stack.
type Row = (i64, i64, i64, String, Option<String>, Option<String>);

/// What is known of some issues and their newest events. `issue`, `issue_content`, `event_fact` and `search_text` by their keys,
/// `occurrence_by_issue` for the newest.
pub(in crate::store) async fn portraits(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<HashMap<IssueId, Portrait>, StoreError> {
    let mut sql = ask.statement();
    sql.push(
        "WITH n AS MATERIALIZED (SELECT i.id, i.project_id, i.group_type, c.title, (SELECT o.seq FROM occurrence AS o \
         WHERE o.issue_id = i.id ORDER BY o.event_time DESC, o.seq DESC LIMIT 1) AS seq \
         FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id WHERE i.id",
    )
    .one_of(issues.iter().map(|issue| issue.0).collect())
    .push_either(
        ") SELECT n.id, n.project_id, n.group_type, n.title, m.facts, s.facts",
        ") SELECT n.id, n.project_id, n.group_type::bigint, n.title, m.facts::text, s.facts::text",
    )
    .push(
        " FROM n LEFT JOIN event_fact AS f ON f.seq = n.seq LEFT JOIN search_text AS m ON m.issue_id = n.id \
         AND m.hash = f.message LEFT JOIN search_text AS s ON s.issue_id = n.id AND s.hash = f.stack",
    );
    let rows: Vec<Row> = ask.ask(sql).await?;
    let portrait = |(id, project, kind, title, errors, stack): Row| {
        let kind = u16::try_from(kind).unwrap_or_default();
        let portrait = Portrait::new(ProjectId(project), kind, title);
        (
            IssueId(id),
            portrait.with_lists(errors.as_deref(), stack.as_deref()),
        )
    };
    Ok(rows.into_iter().map(portrait).collect())
}

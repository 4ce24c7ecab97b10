//! How a search is answered, in words.

use crate::engine::find::{Asker, FindError, window_plan};
use crate::query::{Node, SearchConfig, parse, print_tree};
use crate::search::{Condition, Plan};
use crate::store::{QueryStore, SearchStore};
use crate::view::{Explain, ExplainStep, count};
use chrono::{DateTime, Utc};
use std::time::Instant;

/// Explains a search: each of its terms, and how many issues are left with it and those before it.
///
/// # Errors
/// Where the text cannot be understood, or the store fails.
pub async fn explain<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Explain, FindError> {
    let config = SearchConfig::issues();
    let tree = parse(text, &config, now).map_err(FindError::Query)?.tree();
    let started = Instant::now();
    let all = store.count_hits(&Plan::everything(), None).await?;
    let mut steps = vec![ExplainStep {
        words: "All issues of the store".to_owned(),
        rows: Some(count(all)),
        took_ms: took(started),
        uses_index: true,
    }];
    let mut reads_events = Vec::new();
    let terms = tree.terms();
    for (place, term) in terms.iter().enumerate() {
        let words = print_tree(term, &config);
        let until = Node::all(terms[..=place].iter().cloned());
        let plan = window_plan(store, &print_tree(&until, &config), asker, now).await?;
        let own = window_plan(store, &words, asker, now).await?;
        let uses_index = own.is_about_issues_only() || store.has_index(&own.condition);
        if !uses_index {
            reads_events.push(words.clone());
        }
        let started = Instant::now();
        let left = store.count_hits(&plan, None).await?;
        steps.push(ExplainStep {
            words: said(&words, &own.condition),
            rows: Some(count(left)),
            took_ms: took(started),
            uses_index,
        });
    }
    let started = Instant::now();
    let plan = window_plan(store, text, asker, now).await?;
    let total = store.count_hits(&plan, None).await?;
    Ok(Explain {
        steps,
        total: count(total),
        took_ms: took(started),
        note: note(&reads_events),
    })
}

fn took(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn said(words: &str, condition: &Condition) -> String {
    let whose = if condition.asks_sums() {
        "the sums over its events"
    } else if condition.asks_events() {
        "one of its events"
    } else {
        "the issue"
    };
    format!("{words} – asked of {whose}")
}

fn note(reads_events: &[String]) -> Option<String> {
    if reads_events.is_empty() {
        return None;
    }
    Some(format!(
        "No index answers {}: the events of every issue that is left are looked at. A term with an exact value, or a \
         text of three letters and more, makes that fewer.",
        reads_events.join(", ")
    ))
}

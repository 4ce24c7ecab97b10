//! Constants to ask with, drawn from the store itself: what people search for is there.

use super::limits;
use anyhow::{Context, Result};
use picket_core::store::Store;
use serde_json::Value;

/// Constants of a run each.
#[derive(Debug)]
pub struct Samples {
    /// Texts of three letters, and of twelve.
    pub short: Vec<String>,
    pub long: Vec<String>,
    /// Values of `browser.name` and `customer` of one event.
    pub tags: Vec<(String, String)>,
}

impl Samples {
    /// As many of each as there are runs.
    pub async fn draw(store: &Store, runs: usize) -> Result<Self> {
        let last = one(store, "SELECT max(id) FROM issue").await?;
        let last_event = one(store, "SELECT max(seq) FROM event_fact").await?;
        let mut samples = Self {
            short: Vec::new(),
            long: Vec::new(),
            tags: Vec::new(),
        };
        for run in 0..runs {
            let issue = place(run, runs, last);
            let sql = format!(
                "SELECT t.text FROM issue AS i JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash WHERE i.id >= {issue} ORDER BY i.id LIMIT 1"
            );
            let text = limits::texts(store, sql).await?;
            let text = text.first().context("the store has no issue")?;
            samples.short.push(letters(text, 3, run)?);
            samples.long.push(letters(text, 12, run)?);
            let event = place(run, runs, last_event);
            let sql = format!("SELECT CAST(facts AS TEXT) FROM event_fact WHERE seq = {event}");
            let facts = limits::texts(store, sql).await?;
            let facts: Value =
                serde_json::from_str(facts.first().context("an event has no facts")?)?;
            let tag = |key: &str| {
                let value = facts["tags"][key].as_str();
                value.map(ToOwned::to_owned).context("an event has no tag")
            };
            samples.tags.push((tag("browser.name")?, tag("customer")?));
        }
        Ok(samples)
    }
}

async fn one(store: &Store, sql: &str) -> Result<usize> {
    let number = limits::ids(store, sql.to_owned()).await?;
    let number = number.first().context("the store is empty")?;
    Ok(usize::try_from(*number)?)
}

/// Places spread over a table, not in its order.
fn place(run: usize, runs: usize, last: usize) -> usize {
    1 + (run * 7 % runs.max(1)) * (last - 1) / runs.max(1)
}

/// A stretch of letters (and of blanks, where it is a long one) of a text.
fn letters(text: &str, length: usize, run: usize) -> Result<String> {
    let characters: Vec<char> = text.chars().collect();
    let fits = |window: &&[char]| {
        let is_word = |character: &char| character.is_ascii_lowercase();
        let is_edge = |at: usize| !is_word(&window[at]);
        let others = window.iter().filter(|character| !is_word(character));
        !is_edge(0) && !is_edge(window.len() - 1) && others.clone().all(|other| *other == ' ')
    };
    let windows: Vec<&[char]> = characters.windows(length).filter(fits).collect();
    let chosen = windows.get(run * 13 % windows.len().max(1));
    let chosen = chosen.context("an issue has no text of letters")?;
    Ok(chosen.iter().collect())
}

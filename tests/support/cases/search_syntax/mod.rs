//! Cases of the search language: a text, and what it is read as or why it is refused. A file holds either reduced cases
//! or token lists; the two are told apart by their outer shape.

mod reduced;
mod tokens;

use super::Outcome;
use chrono::{DateTime, Utc};
use picket_core::query::{Problem, Query, SearchConfig, parse};
use serde_json::{Value, json};

/// When all these cases happen: 2017-10-17T02:41:20Z.
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_508_208_080, 0).unwrap();

/// Runs the cases of a file. `stem` is its name without extension: some token lists say by it how they are to be read.
///
/// # Errors
/// A text that is no file of cases.
pub fn run(stem: &str, text: &str) -> Result<Vec<Outcome>, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    match file {
        Value::Array(cases) => Ok(tokens::run(stem, &cases)),
        Value::Object(file) => reduced::run(&file),
        _ => Err("neither a list of token lists nor an object with cases".to_owned()),
    }
}

fn read(text: &str, config: &SearchConfig) -> Result<Query, Value> {
    parse(text, config, NOW).map_err(|problems| code(&problems))
}

fn code(problems: &[Problem]) -> Value {
    json!(problems.first().map(|problem| problem.code))
}

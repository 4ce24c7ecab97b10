//! Case files: what is asked, what is expected, and what really happens (cli spec, "Conformance runner").
//!
//! - [`expected`]: an answer beside what was expected of it
//! - [`bulk`]: updates and deletes of many issues
//! - [`cursors`]: pages of lists
//! - [`search`]: searches for issues
//! - [`search_syntax`]: what search texts are read as

pub mod bulk;
pub mod cursors;
pub mod expected;
pub mod search;
pub mod search_syntax;

use serde_json::{Value, json};

/// How a case ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub case: String,
    /// What really happened, in the shape of what was expected.
    pub actual: Value,
    /// What was expected otherwise; empty where the case passes.
    pub diff: Vec<String>,
}

impl Outcome {
    /// A case that cannot be carried out.
    pub fn unsupported(case: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            case: case.into(),
            actual: json!({"error": "unsupported"}),
            diff: vec![why.into()],
        }
    }

    /// What happened in a case, beside what was expected.
    pub fn of(case: impl Into<String>, expect: &Value, happened: &Value) -> Self {
        let actual = expected::reduced(expect, happened);
        Self {
            case: case.into(),
            diff: expected::differences(expect, &actual),
            actual,
        }
    }
}

/// The cases of a file: `{"cases": […]}`, or the list alone.
///
/// # Errors
/// When the text is no such file; the reason.
pub fn of_file(text: &str) -> Result<Vec<Value>, String> {
    let mut file =
        serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    let cases = match &mut file {
        Value::Object(members) => members
            .get_mut("cases")
            .map(Value::take)
            .unwrap_or_default(),
        _ => file,
    };
    match cases {
        Value::Array(cases) => Ok(cases),
        _ => Err("there is no list of cases".to_owned()),
    }
}

/// The name of a case: its `name`, else its `query`.
pub fn name(case: &Value) -> String {
    let name = ["name", "query"].iter().find_map(|key| case[key].as_str());
    name.unwrap_or("unnamed").to_owned()
}

/// Takes out what is only there for readers.
pub fn without_remarks(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|key, _| !matches!(key.as_str(), "about" | "note" | "desc"));
    }
}

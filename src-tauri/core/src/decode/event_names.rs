//! The named things an inline event belongs to (events spec, section 5).

use super::fields::{Object, Value, text};
use super::{culprit, names};
use serde::Serialize;

/// Names in an event body. Those that are not valid are left out (E16, E17).
pub(super) struct EventNames<'a> {
    pub transaction: Option<&'a str>,
    pub environment: Option<&'a str>,
    pub release: Option<&'a str>,
    pub dist: Option<&'a str>,
}

/// Something about an event that was left out, noted in the stored event.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ProcessingError {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    value: String,
}

impl<'a> EventNames<'a> {
    /// Reads the names out of a body. What is left out is noted in `errors`.
    pub fn read(body: &'a Object<'_>, errors: &mut Vec<ProcessingError>) -> Self {
        let mut accepted = |key: &'static str, is_valid: fn(&str) -> bool| {
            let name = text(body, key)?;
            if is_valid(name) {
                return Some(name);
            }
            let value = culprit::truncated(name.to_owned(), 200);
            errors.push(ProcessingError {
                kind: "invalid_data",
                name: key,
                value,
            });
            None
        };
        let environment = accepted("environment", names::is_valid_environment);
        let release = accepted("release", names::is_valid_release);
        // The legacy schema has the name of a distribution inside an object.
        let dist = match body.get("dist") {
            Some(Value::Object(dist)) => text(dist, "dist"),
            _ => text(body, "dist"),
        };
        Self {
            transaction: text(body, "transaction"),
            environment,
            release,
            dist,
        }
    }
}

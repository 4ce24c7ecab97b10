//! Who a new issue is handed to (occurrences spec, section 3, row 1, and section 3.4).

use super::fields::{Object, project_id};
use super::{DecodeContext, json, require_project};
use crate::model::{Assignee, Rejection};
use serde_json::Value;

/// Reads `assignee` as `user:<id>` or `team:<id>`.
///
/// Picket has neither users nor teams yet, so nobody can be found: an assignee is reported and left out.
///
/// # Errors
/// An assignee itself never fails a message. But it is looked for in the project, which has to be named and exist.
pub(super) fn read(object: &Object, context: &DecodeContext) -> Result<Option<Assignee>, Rejection> {
    let Some(assignee) = object.get("assignee").filter(|value| !is_falsy(value)) else {
        return Ok(None);
    };
    let project = project_id(object)?;
    require_project(project, context)?;
    tracing::warn!(%project, assignee = json::found(assignee), "assignee is neither a user nor a team; left out");
    Ok(None)
}

fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
    }
}

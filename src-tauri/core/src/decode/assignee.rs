//! Who a new issue is handed to (occurrences spec, section 3, row 1, and section 3.4).

use super::fields::{Object, Value, project_id};
use super::{DecodeContext, json, require_project};
use crate::model::{Assignee, Rejection};

/// Reads `assignee`.
///
/// # Errors
/// An assignee itself never fails a message: one that names nobody is reported and left out. But it is looked for in
/// the project, which has to be named and exist.
pub(super) fn read(
    object: &Object<'_>,
    context: &DecodeContext,
) -> Result<Option<Assignee>, Rejection> {
    let Some(named) = object.get("assignee").filter(|value| !is_falsy(value)) else {
        return Ok(None);
    };
    let project = project_id(object)?;
    require_project(project, context)?;
    let assignee = match named {
        Value::String(identifier) => context.directory.assignee(identifier),
        Value::Number(number) => number
            .as_i64()
            .and_then(|id| context.directory.assignee(&format!("user:{id}"))),
        _ => None,
    };
    if assignee.is_none() {
        tracing::warn!(%project, assignee = json::found(named), "assignee is nobody an issue can be handed to; left out");
    }
    Ok(assignee)
}

fn is_falsy(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
    }
}

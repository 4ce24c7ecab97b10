//! Status-change messages (occurrences spec, section 15). Their shape is checked; carrying them out comes later.

use super::fields::{Object, fingerprint, integer, project_id, unexpected};
use crate::model::{DropReason, Rejection};
use serde_json::Value;

/// Checks a status change.
///
/// # Errors
/// `invalid_payload` where a field is missing or of another JSON type.
pub(super) fn read(object: &Object) -> Result<DropReason, Rejection> {
    fingerprint(object)?;
    project_id(object)?;
    integer(object, "new_status")?;
    match object.get("new_substatus") {
        None | Some(Value::Null) => {}
        Some(value) if value.as_i64().is_some() => {}
        Some(other) => return Err(unexpected("new_substatus", "an integer or null", other)),
    }
    Ok(DropReason::StatusChangeInvalid)
}

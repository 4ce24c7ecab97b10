//! Status-change messages (occurrences spec, section 15).

use super::fields::{Object, Value, fingerprint, integer, project_id, unexpected};
use crate::model::{GroupHash, ProjectId, Rejection};

/// A status change as it was asked for. Whether the pair can be set is decided when the issue is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// Project.
    pub project_id: ProjectId,
    /// Fingerprint of the issue.
    pub hash: GroupHash,
    /// Number of the status.
    pub status: i64,
    /// Number of the substatus.
    pub substatus: Option<i64>,
}

/// Reads a status change.
///
/// # Errors
/// `invalid_payload` where a field is missing or of another JSON type.
pub(super) fn read(object: &Object<'_>) -> Result<StatusChange, Rejection> {
    let hashes = fingerprint(object)?;
    let project_id = project_id(object)?;
    let status = integer(object, "new_status")?;
    let substatus = match object.get("new_substatus") {
        None | Some(Value::Null) => None,
        Some(value) => Some(
            value
                .as_i64()
                .ok_or_else(|| unexpected("new_substatus", "an integer or null", value))?,
        ),
    };
    Ok(StatusChange {
        project_id,
        hash: hashes.first().copied().unwrap_or_else(|| GroupHash::of("")),
        status,
        substatus,
    })
}

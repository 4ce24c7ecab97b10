//! What is done to many issues, as it is asked for and as a job keeps it.

use super::BadRequest;
use super::body::UpdateBody;
use crate::triage::IssueChange;
use serde_json::{Value, json};

/// Something that is done to many issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// An update.
    Update(Box<UpdateBody>),
    /// A delete.
    Delete,
    /// A delete that also drops whatever would come for the issues.
    Discard,
}

impl Action {
    /// What asks for a single change.
    #[must_use]
    pub fn of(change: &IssueChange) -> Self {
        UpdateBody::of(change).map_or(Self::Delete, Self::from)
    }

    /// Whether issues go by it, so that it can be taken back for a while only.
    #[must_use]
    pub fn deletes(&self) -> bool {
        match self {
            Self::Update(_) => false,
            Self::Delete | Self::Discard => true,
        }
    }

    /// Whether issues go by what a job of this kind does.
    #[must_use]
    pub fn removes(kind: &str) -> bool {
        [Self::Delete, Self::Discard]
            .iter()
            .any(|action| action.kind() == kind)
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Update(_) => "update",
            Self::Delete => "delete",
            Self::Discard => "discard",
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Update(body) => json!({ "update": body.to_json() }),
            Self::Delete | Self::Discard => json!({ self.kind(): true }),
        }
    }

    pub(super) fn read(request: &Value) -> Result<Self, BadRequest> {
        if let Some(body) = request.get("update") {
            return UpdateBody::read(body).map(Self::from);
        }
        let is = |kind: &str| request.get(kind) == Some(&Value::Bool(true));
        if is("delete") {
            Ok(Self::Delete)
        } else if is("discard") {
            Ok(Self::Discard)
        } else {
            let problem = "was stored by another version of this program; start it anew";
            Err(BadRequest::new("job", problem))
        }
    }
}

impl From<UpdateBody> for Action {
    fn from(body: UpdateBody) -> Self {
        Self::Update(Box::new(body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_read_back_as_it_was_written() {
        let body = UpdateBody {
            inbox: Some(false),
            assigned_to: Some(String::new()),
            ..UpdateBody::default()
        };
        for action in [Action::from(body), Action::Delete, Action::Discard] {
            assert_eq!(Action::read(&action.to_json()), Ok(action));
        }
        assert!(Action::read(&json!({ "explode": true })).is_err());
    }
}

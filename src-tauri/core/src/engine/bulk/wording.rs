//! The members of an update that hold what people write: labels and notes.

use super::BadRequest;
use crate::model::{Label, Labels, NoteText};
use crate::triage::IssueChange;
use serde_json::{Map, Value, json};

/// Labels that are put on and taken off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelsBody {
    /// Those the issues have afterwards.
    pub add: Vec<Label>,
    /// Those they do not have afterwards.
    pub remove: Vec<Label>,
}

impl LabelsBody {
    /// Reads `{ "add": ["…"], "remove": ["…"] }`; either may be left out.
    pub(super) fn read(value: &Value) -> Result<Self, BadRequest> {
        let Some(object) = value.as_object() else {
            return Err(BadRequest::new("labels", "is no JSON object"));
        };
        let unknown = object.keys().find(|key| *key != "add" && *key != "remove");
        if let Some(key) = unknown {
            let problem = "is unknown; known are add, remove";
            return Err(BadRequest::new(format!("labels.{key}"), problem));
        }
        let labels = Self {
            add: list(object, "add")?,
            remove: list(object, "remove")?,
        };
        let both = labels.add.iter().find(|it| labels.remove.contains(it));
        if let Some(label) = both {
            let problem = format!("puts “{label}” on and takes it off; choose one");
            return Err(BadRequest::new("labels", problem));
        }
        if labels.add.len() > Labels::MOST {
            let problem = format!("is more labels than the {} of an issue", Labels::MOST);
            return Err(BadRequest::new("labels.add", problem));
        }
        Ok(labels)
    }

    pub(super) fn change(&self) -> IssueChange {
        IssueChange::ChangeLabels {
            add: self.add.clone(),
            remove: self.remove.clone(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "add": texts(&self.add), "remove": texts(&self.remove) })
    }

    /// Its parts in words, such as `Label backend`.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let put = |what: &str, labels: &[Label]| {
            (!labels.is_empty()).then(|| format!("{what} {}", texts(labels).join(", ")))
        };
        let taken = put("Remove label", &self.remove);
        put("Label", &self.add).into_iter().chain(taken)
    }
}

fn texts(labels: &[Label]) -> Vec<&str> {
    labels.iter().map(Label::as_str).collect()
}

/// A list of labels, each once. A single text is a list of one.
fn list(object: &Map<String, Value>, member: &str) -> Result<Vec<Label>, BadRequest> {
    let parameter = format!("labels.{member}");
    let values = match object.get(member) {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(values)) => values,
        Some(one) => std::slice::from_ref(one),
    };
    let mut labels = Vec::new();
    for value in values {
        let Some(text) = value.as_str() else {
            let problem = format!("has {value} in it; write texts");
            return Err(BadRequest::new(parameter, problem));
        };
        let label = Label::read(text)
            .map_err(|problem| BadRequest::new(&parameter, format!("“{text}” {problem}")))?;
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    Ok(labels)
}

pub(super) fn read_note(value: &Value) -> Result<NoteText, BadRequest> {
    let Some(text) = value.as_str() else {
        return Err(BadRequest::new("note", format!("is {value}; write a text")));
    };
    NoteText::read(text).map_err(|problem| BadRequest::new("note", problem.to_string()))
}

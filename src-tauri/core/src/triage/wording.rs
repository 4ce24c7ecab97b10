//! What people write on an issue: labels and notes.

use super::actions::{Refusal, Surroundings};
use crate::model::{GroupHash, IssueId, IssueState, Label, Labels, Note, NoteText};

/// Takes labels off and puts others on. The issue is as it was where it would have too many.
pub(super) fn change_labels(
    state: &mut IssueState,
    add: &[Label],
    remove: &[Label],
) -> Result<(), Refusal> {
    let mut labels = state.labels.clone();
    for label in remove {
        labels.remove(label.as_str());
    }
    let mut is_more = false;
    for label in add {
        is_more |= labels.add(label.clone());
    }
    if is_more && labels.len() > Labels::MOST {
        return Err(Refusal::TooManyLabels);
    }
    state.labels = labels;
    Ok(())
}

/// Adds a note.
pub(super) fn write_note(state: &mut IssueState, text: &NoteText, around: &Surroundings<'_>) {
    let issue = state.issue.id.unwrap_or(IssueId(0));
    let note = Note {
        text: text.as_str().to_owned(),
        actor: around.cause.actor,
        at: around.cause.now,
    };
    let ident = ident(issue, around.secret);
    state.notes.entry(ident).or_default().set(note);
}

/// By what a note is found again: the same for one request however often it is decided.
fn ident(issue: IssueId, secret: &str) -> String {
    GroupHash::of(&format!("note:{secret}:{issue}")).to_string()
}

//! What people write about an issue.

use chrono::{DateTime, Utc};

/// The text of a note: plain text of one line or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteText(String);

/// Why a text is no note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteProblem {
    /// Nothing, or white space alone.
    #[error("is empty; write something")]
    Empty,
    /// More than [`NoteText::LONGEST`] bytes.
    #[error("is longer than {} bytes; write a shorter one", NoteText::LONGEST)]
    TooLong,
    /// A control character other than a tab or the end of a line.
    #[error("has a control character in it; leave it out")]
    Forbidden,
}

impl NoteText {
    /// Most bytes of a note.
    pub const LONGEST: usize = 8 * 1024;

    /// The note that a text is, without white space around it and with `\n` at the ends of lines.
    ///
    /// # Errors
    /// [`NoteProblem`] where it is none.
    pub fn read(text: &str) -> Result<Self, NoteProblem> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(NoteProblem::Empty);
        }
        if text.contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t')) {
            return Err(NoteProblem::Forbidden);
        }
        if text.len() > Self::LONGEST {
            return Err(NoteProblem::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A note on an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub actor: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_its_lines_and_loses_the_space_around_it() {
        let note = NoteText::read("\n  first\r\n\tsecond \n").expect("a note");
        assert_eq!(note.as_str(), "first\n\tsecond");
    }

    #[test]
    fn what_is_no_note_is_refused_by_name() {
        let problem = |text: &str| NoteText::read(text).expect_err("no note");
        assert_eq!(problem(" \r\n "), NoteProblem::Empty);
        assert_eq!(problem("a\u{0}b"), NoteProblem::Forbidden);
        assert_eq!(problem("a\u{1b}[2Jb"), NoteProblem::Forbidden);
        assert_eq!(problem(&"x".repeat(8193)), NoteProblem::TooLong);
        assert!(NoteText::read(&"x".repeat(8192)).is_ok());
    }
}

//! Words that people put on issues to find them again.

use std::collections::BTreeSet;
use std::fmt;

/// A label: a short text in lower case, so that two that differ in case alone are one, without white space around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

/// Why a text is no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelProblem {
    /// Nothing, or white space alone.
    #[error("is empty; write a word")]
    Empty,
    /// More than [`Label::LONGEST`] characters.
    #[error("is longer than {} characters; write a shorter one", Label::LONGEST)]
    TooLong,
    /// A comma, which separates labels, or a control character, which nobody sees.
    #[error("has a comma or a control character in it; leave it out")]
    Forbidden,
}

impl Label {
    /// Most characters of a label.
    pub const LONGEST: usize = 64;

    /// The label that a text names.
    ///
    /// # Errors
    /// [`LabelProblem`] where it names none.
    pub fn read(text: &str) -> Result<Self, LabelProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LabelProblem::Empty);
        }
        if text.contains(|it: char| it == ',' || it.is_control()) {
            return Err(LabelProblem::Forbidden);
        }
        // Counted afterwards: some letters become two.
        let folded = text.to_lowercase();
        if folded.chars().count() > Self::LONGEST {
            return Err(LabelProblem::TooLong);
        }
        Ok(Self(folded))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Label {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The labels of an issue, and which of them are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    stored: BTreeSet<Label>,
    now: BTreeSet<Label>,
}

impl Labels {
    /// Most labels that can be put on an issue. Those of issues that become one may be more together.
    pub const MOST: usize = 20;

    /// Takes in a label that is stored.
    pub fn load(&mut self, label: Label) {
        self.stored.insert(label.clone());
        self.now.insert(label);
    }

    /// Puts a label on. False where it was there.
    pub fn add(&mut self, label: Label) -> bool {
        self.now.insert(label)
    }

    /// Takes a label off. False where it was not there.
    pub fn remove(&mut self, label: &str) -> bool {
        self.now.remove(label)
    }

    /// Whether it has a label.
    #[must_use]
    pub fn contains(&self, label: &str) -> bool {
        self.now.contains(label)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.now.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.now.is_empty()
    }

    /// All of them, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.now.iter()
    }

    /// Those that are not stored yet.
    pub fn added(&self) -> impl Iterator<Item = &Label> {
        self.now.difference(&self.stored)
    }

    /// Those that are stored and go.
    pub fn removed(&self) -> impl Iterator<Item = &Label> {
        self.stored.difference(&self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        Label::read(text).expect("a label")
    }

    #[test]
    fn case_and_space_around_it_do_not_make_another_label() {
        for text in ["needs triage", "  Needs Triage\u{a0}", "NEEDS TRIAGE"] {
            assert_eq!(label(text).as_str(), "needs triage");
        }
        assert_eq!(label("ÄRGER").as_str(), "ärger");
    }

    #[test]
    fn what_is_no_label_is_refused_by_name() {
        let problem = |text: &str| Label::read(text).expect_err("no label");
        assert_eq!(problem(" \t "), LabelProblem::Empty);
        assert_eq!(problem("a,b"), LabelProblem::Forbidden);
        assert_eq!(problem("a\nb"), LabelProblem::Forbidden);
        assert_eq!(problem("a\u{0}b"), LabelProblem::Forbidden);
        assert_eq!(problem(&"x".repeat(65)), LabelProblem::TooLong);
        assert!(Label::read(&"ö".repeat(64)).is_ok());
        // This one becomes two characters in lower case.
        assert_eq!(problem(&"İ".repeat(33)), LabelProblem::TooLong);
    }

    #[test]
    fn only_what_differs_from_what_is_stored_is_written() {
        let mut labels = Labels::default();
        labels.load(label("a"));
        labels.load(label("b"));
        assert!(!labels.add(label("a")));
        assert!(labels.add(label("c")));
        assert!(labels.remove("b"));
        assert!(!labels.remove("b"));
        let texts =
            |labels: Vec<&Label>| labels.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(texts(labels.iter().collect()), ["a", "c"]);
        assert_eq!(texts(labels.added().collect()), ["c"]);
        assert_eq!(texts(labels.removed().collect()), ["b"]);
        labels.remove("c");
        labels.add(label("b"));
        assert_eq!((labels.added().count(), labels.removed().count()), (0, 0));
    }
}

//! How alike two issues are (UX 12.2), by what the store has of them without reading their events: the types of their
//! exceptions, the functions and files of their stacks, and the words of their titles.
//!
//! # The score
//!
//! From 0 to 1: what two issues share, weighed, over what they could share.
//!
//! | part | weight | how much of it is shared |
//! | --- | --- | --- |
//! | frames | 0.5 | frames of this issue that the other one has, of all its frames |
//! | error type | 0.3 | types both have, of those one of them has |
//! | words | 0.2 | words of the title both have, of those one of them has |
//!
//! A part that neither of them has does not count; one that only one of them has is not shared. The frames are those of
//! the sender's own code, or all where none is marked as such. A frame is shared where the stack of the other issue has
//! its function, and its file or module: which function stands in which file is not kept of other issues. Words are
//! those with a letter in them that are no type; numbers and ids say what differs from one time to the next.
//!
//! Of each issue the newest event speaks. Nobody is compared with everybody: [`Subject::probes`] says what to ask the
//! indexes for, and only what these name is looked at.

mod frames;
mod subject;
#[cfg(test)]
mod tests;

pub use frames::Frame;
pub use subject::{Probe, Subject};

use crate::model::ProjectId;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const FRAMES_WEIGHT: f64 = 0.5;
const TYPE_WEIGHT: f64 = 0.3;
const WORDS_WEIGHT: f64 = 0.2;

/// What the store has of an issue and its newest event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Its project.
    pub project: ProjectId,
    /// Number of its group type.
    pub group_type: u16,
    /// Its title.
    pub title: String,
    /// Types of the exceptions.
    pub error_types: BTreeSet<String>,
    /// Functions of the stack, each once, the outermost first.
    pub functions: Vec<String>,
    /// Files and modules of the stack.
    pub places: BTreeSet<String>,
}

impl Portrait {
    /// An issue of whose newest event nothing is known yet.
    #[must_use]
    pub fn new(project: ProjectId, group_type: u16, title: impl Into<String>) -> Self {
        Self {
            project,
            group_type,
            title: title.into(),
            error_types: BTreeSet::new(),
            functions: Vec::new(),
            places: BTreeSet::new(),
        }
    }

    /// Takes over what the texts of an event list: `errors` beside its message, `stack` beside its stack, both JSON
    /// objects of lists. What has another shape is left out.
    #[must_use]
    pub fn with_lists(mut self, errors: Option<&str>, stack: Option<&str>) -> Self {
        let (errors, stack) = (object(errors), object(stack));
        self.error_types = texts(&errors, "error.type").collect();
        self.functions = texts(&stack, "stack.function").collect();
        let files = texts(&stack, "stack.filename");
        self.places = files.chain(texts(&stack, "stack.module")).collect();
        self
    }

    /// Words of the title that may say something about the next one, in lower case.
    fn words(&self) -> BTreeSet<String> {
        let types: Vec<String> = self
            .error_types
            .iter()
            .map(|it| it.to_lowercase())
            .collect();
        let title = self.title.to_lowercase();
        let words = title.split(|character: char| !character.is_alphanumeric() && character != '_');
        let says_something = |word: &&str| {
            word.chars().any(char::is_alphabetic)
                && !word.chars().all(|it| it.is_ascii_hexdigit())
                && !types.iter().any(|known| known == word)
        };
        words.filter(says_something).map(str::to_owned).collect()
    }
}

fn object(json: Option<&str>) -> Map<String, Value> {
    let parsed = json.and_then(|json| serde_json::from_str(json).ok());
    parsed.unwrap_or_default()
}

fn texts<'a>(of: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = String> + 'a {
    let list = of.get(key).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned)
}

/// How much of something is shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// What both have.
    pub same: usize,
    /// What there is to share.
    pub of: usize,
}

impl Share {
    #[allow(clippy::cast_precision_loss, reason = "a few hundred at most")]
    fn part(self) -> f64 {
        if self.of == 0 {
            return 0.0;
        }
        self.same as f64 / self.of as f64
    }

    fn of_sets(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Self {
        Self {
            same: one.intersection(other).count(),
            of: one.union(other).count(),
        }
    }
}

/// How alike another issue is, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// From 0 to 1, as the table above says.
    pub score: f64,
    /// Frames of this issue that the other one has.
    pub frames: Share,
    /// Types of exceptions.
    pub types: Share,
    /// A type both have.
    pub same_type: Option<String>,
    /// Words of the titles.
    pub words: Share,
    /// Whether both have exactly the same title.
    pub same_title: bool,
}

impl Likeness {
    fn new(subject: &Subject, other: &Portrait) -> Self {
        let own = &subject.portrait;
        let shared = subject.frames.iter().filter(|frame| frame.is_in(other));
        let frames = Share {
            same: shared.count(),
            of: subject.frames.len(),
        };
        let types = Share::of_sets(&own.error_types, &other.error_types);
        let words = Share::of_sets(&own.words(), &other.words());
        let (mut score, mut weights) = (0.0, 0.0);
        for (weight, share, counts) in [
            (
                FRAMES_WEIGHT,
                frames,
                frames.of > 0 || !other.functions.is_empty(),
            ),
            (TYPE_WEIGHT, types, types.of > 0),
            (WORDS_WEIGHT, words, words.of > 0),
        ] {
            if counts {
                score += weight * share.part();
                weights += weight;
            }
        }
        Self {
            score: if weights > 0.0 { score / weights } else { 0.0 },
            frames,
            types,
            same_type: own
                .error_types
                .intersection(&other.error_types)
                .next()
                .cloned(),
            words,
            same_title: own.title == other.title,
        }
    }
}

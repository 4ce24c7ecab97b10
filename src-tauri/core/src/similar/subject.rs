//! The issue that others are compared with.

use super::{Frame, Likeness, Portrait, frames};
use crate::model::{Term, cut};
use serde_json::Value;

/// Types of exceptions that are asked for.
const MOST_TYPES: usize = 4;
/// Frames and words that are asked for: long ones, which fewer issues have.
const MOST_FRAMES: usize = 3;
const MOST_WORDS: usize = 3;
/// Shorter texts have no entry in the index.
const SHORTEST: usize = 3;
/// As much of a text as is asked for, in bytes: the store keeps no more of a long one.
const LONGEST: usize = 200;

/// Something that an index knows issues by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// A key with a value.
    Term(Term),
    /// A text that holds all of these, in lower case.
    Texts(Vec<String>),
}

/// An issue with the frames that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What the store has of it.
    pub portrait: Portrait,
    /// Its frames, the innermost first.
    pub frames: Vec<Frame>,
    /// Whether they are those of the sender's own code.
    pub in_app: bool,
}

impl Subject {
    /// The issue of a portrait; `event`: the JSON of its newest event, where that is stored.
    #[must_use]
    pub fn new(portrait: Portrait, event: Option<&str>) -> Self {
        let event: Option<Value> = event.and_then(|json| serde_json::from_str(json).ok());
        let (frames, in_app) = event.as_ref().map(frames::of_event).unwrap_or_default();
        let frames = if frames.is_empty() {
            frames::of_functions(&portrait)
        } else {
            frames
        };
        Self {
            portrait,
            frames,
            in_app,
        }
    }

    /// What to ask indexes for: issues that may be like it have at least one of these.
    #[must_use]
    pub fn probes(&self) -> Vec<Probe> {
        let types = self.portrait.error_types.iter().take(MOST_TYPES);
        let types = types.map(|name| Probe::Term(Term::of("error.type", name)));
        let mut frames: Vec<&Frame> = self.frames.iter().collect();
        frames.sort_by_key(|frame| std::cmp::Reverse(frame.function.len()));
        let frames = frames.into_iter().take(MOST_FRAMES);
        let frames = frames.map(|frame| texts([Some(&frame.function), frame.place.as_ref()]));
        let words = self.portrait.words();
        let mut words: Vec<&String> = words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words = words.into_iter().take(MOST_WORDS);
        let words = words.map(|word| texts([Some(word)]));
        let texts = frames.chain(words).filter(|texts| !texts.is_empty());
        types.chain(texts.map(Probe::Texts)).collect()
    }

    /// How alike another issue is.
    #[must_use]
    pub fn likeness(&self, other: &Portrait) -> Likeness {
        Likeness::new(self, other)
    }
}

fn texts<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Vec<String> {
    let texts = texts.into_iter().flatten();
    let texts = texts.map(|text| cut(&text.to_lowercase(), LONGEST).to_owned());
    texts
        .filter(|text| text.chars().count() >= SHORTEST)
        .collect()
}

//! What may be typed next at a place of a search text, as far as the language alone knows it. Values that a store holds
//! are added by others.

use super::config::SearchConfig;
use super::filter::Key;
use super::read::{DEEPEST, read};
use super::scan::Scan;
use super::span::Span;
use super::syntax::{KeyShape, Node, RawFilter, Shape};
use super::vocabulary::{DISTANCES, KnownKey, KnownWord, TRUTHS, Values};

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What a suggestion replaces.
    pub replace: Span,
    /// What is being typed.
    pub stage: Stage,
    /// What fits what was typed before the place: first what begins with it, then what holds it.
    pub words: Vec<Suggestion>,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// A key, or free text.
    Key,
    /// A value of this key, by its canonical name.
    Value {
        /// The key.
        key: String,
    },
    /// A word between terms, or the next term.
    Connective,
}

/// Something that may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// The word; a key without its colon.
    pub word: &'static str,
    /// A few words for people.
    pub about: &'static str,
}

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    /// A key; a colon follows it.
    Key,
    /// A value.
    Value,
    /// A word between terms.
    Connective,
}

const JOINTS: [KnownWord; 2] = [
    ("AND", "both must hold; the same as a blank"),
    ("OR", "one of the two must hold"),
];

const NOT: KnownWord = ("NOT", "the next term must not hold");

const HAS: KnownWord = ("has", "the key has any value");

const IS: KnownWord = ("is", "state of the issue, in a word");

/// What may be typed at `caret`, a place in bytes.
#[must_use]
pub fn completion_at(text: &str, caret: usize, config: &SearchConfig) -> Completion {
    let caret = text.floor_char_boundary(caret);
    let (base, nodes) = readable(text, caret, config.extensions);
    let place = Place {
        text: &text[base..],
        caret: caret - base,
        config,
    };
    let mut completion = place.among(&nodes);
    completion.replace.start += base;
    completion.replace.end += base;
    completion
}

/// The part of the text around the caret that can be read, and where it begins. A group that is still open is read from
/// behind its parenthesis.
fn readable(text: &str, caret: usize, extensions: bool) -> (usize, Vec<Node>) {
    let mut base = 0;
    for _ in 0..=DEEPEST {
        let syntax = read(&text[base..], extensions);
        let rest = base + syntax.rest.start;
        if syntax.rest.is_empty() || caret <= rest {
            return (base, syntax.nodes);
        }
        // What cannot be read begins with a parenthesis or a line break: one byte.
        base = rest + 1;
    }
    (caret, Vec::new())
}

/// How a key that events have is written; nothing where it is among the known ones, or cannot be written. What the
/// language would read as something else is written as the tag it is.
#[must_use]
pub fn stored_key(name: &str, config: &SearchConfig) -> Option<String> {
    // By its canonical name: what is only an alias is no field that events have.
    let is_known = |known: &KnownKey| config.canonical(known.key) == name;
    if config.known_keys.iter().any(is_known) {
        return None;
    }
    let scan = Scan {
        text: name,
        extensions: false,
    };
    let key = Key::name(name);
    let is_plain = config.canonical(name) == name
        && !matches!(name, "is" | "has")
        && !config.is_numeric(&key)
        && !config.is_date(&key)
        && !config.is_boolean(&key);
    if scan.bare(0) == Some(name.len()) {
        return Some(if is_plain {
            name.to_owned()
        } else {
            format!("tags[{name}]")
        });
    }
    let is_quotable = |c: char| c.is_ascii_alphanumeric() || "_.-:".contains(c);
    (!name.is_empty() && name.chars().all(is_quotable)).then(|| format!("tags[\"{name}\"]"))
}

struct Place<'t> {
    text: &'t str,
    caret: usize,
    config: &'t SearchConfig,
}

impl Place<'_> {
    fn among(&self, nodes: &[Node]) -> Completion {
        let before = nodes
            .iter()
            .rposition(|node| node.span().start < self.caret);
        let Some(found) = before else {
            return self.term(Span::before(self.caret), false);
        };
        let node = &nodes[found];
        let touches = self.caret <= node.span().end;
        let follows_operand = |found: usize| {
            found
                .checked_sub(1)
                .is_some_and(|before| !matches!(nodes[before], Node::Connective(..)))
        };
        match node {
            Node::Group(group) if self.caret < group.span.end => self.among(&group.nodes),
            Node::Filter(filter) if touches => self.in_filter(filter, follows_operand(found)),
            Node::Connective(_, span) if touches => self.term(*span, follows_operand(found)),
            Node::Text(raw) if touches && raw.span.of(self.text).starts_with('"') => Completion {
                replace: Span::before(self.caret),
                stage: Stage::Key,
                words: Vec::new(),
            },
            Node::Text(raw) => {
                let word = self.word(raw.span.start);
                if let Some(key) = open_list(nodes, found, self.text, word.start) {
                    return self.value(key, word);
                }
                self.term(word, word.start > raw.span.start || follows_operand(found))
            }
            Node::Filter(_) => {
                let here = Span::before(self.caret);
                match open_list(nodes, found + 1, self.text, self.caret) {
                    Some(key) => self.value(key, here),
                    None => self.term(here, true),
                }
            }
            Node::Group(_) => self.term(Span::before(self.caret), true),
            Node::Connective(..) => self.term(Span::before(self.caret), false),
        }
    }

    fn in_filter(&self, filter: &RawFilter, follows_operand: bool) -> Completion {
        let key = filter.key.span;
        if self.caret <= key.end {
            return self.term(key, follows_operand);
        }
        let payload = &filter.payload;
        let replace = match &payload.shape {
            Shape::Texts(texts) => texts
                .iter()
                .flatten()
                .map(|text| text.span)
                .find(|span| (span.start..=span.end).contains(&self.caret)),
            Shape::Numbers(_) => None,
            Shape::Text(raw) if !raw.quoted && raw.span.of(self.text).starts_with('[') => {
                let typed = self.text.get(raw.span.start..self.caret);
                let start = typed
                    .and_then(|typed| typed.rfind(['[', ',']))
                    .map_or(raw.span.start, |at| raw.span.start + at + 1);
                Some(Span::new(start, raw.span.end))
            }
            _ => Some(payload.span),
        };
        let replace = replace.unwrap_or(Span::before(self.caret));
        let start = replace.start.min(self.caret);
        self.value(filter, Span::new(start, replace.end))
    }

    fn value(&self, filter: &RawFilter, replace: Span) -> Completion {
        let name = match filter.key.shape {
            KeyShape::Name(name) => self.config.canonical(name.of(self.text)),
            _ => filter.key.span.of(self.text),
        };
        let words = match name {
            "is" => self
                .config
                .is_words
                .iter()
                .map(|known| (known.word, known.about))
                .collect(),
            "has" => Vec::new(),
            name => self.values(name).to_vec(),
        };
        let mut words: Vec<_> = words
            .into_iter()
            .map(|word| suggestion(SuggestionKind::Value, word))
            .collect();
        if name == "has" {
            words.extend(self.keys());
            for word in &mut words {
                word.kind = SuggestionKind::Value;
            }
        }
        Completion {
            replace,
            stage: Stage::Value {
                key: name.to_owned(),
            },
            words: self.fitting(words, replace),
        }
    }

    fn values(&self, name: &str) -> &'static [KnownWord] {
        let known = self.config.known_keys.iter();
        let known = known
            .filter(|known| self.config.canonical(known.key) == name)
            .map(|known| known.values)
            .next();
        match known {
            Some(Values::Words(words)) => words,
            Some(Values::Boolean) => &TRUTHS,
            Some(Values::Date) => &DISTANCES,
            Some(Values::Any | Values::Number | Values::Duration) => &[],
            None if self.config.boolean_keys.contains(name) => &TRUTHS,
            None if self.config.date_keys.contains(name) => &DISTANCES,
            None => &[],
        }
    }

    /// A term, or a word between terms, that is written where `replace` is.
    fn term(&self, replace: Span, follows_operand: bool) -> Completion {
        let joints = JOINTS.iter().filter(|_| follows_operand).chain([&NOT]);
        let joints = joints.map(|&word| suggestion(SuggestionKind::Connective, word));
        let joints = joints.filter(|_| self.config.allow_boolean);
        let stage = if follows_operand && replace.is_empty() {
            Stage::Connective
        } else {
            Stage::Key
        };
        let words = if stage == Stage::Connective {
            joints.chain(self.keys()).collect()
        } else {
            self.keys().chain(joints).collect()
        };
        Completion {
            replace,
            stage,
            words: self.fitting(words, replace),
        }
    }

    fn keys(&self) -> impl Iterator<Item = Suggestion> {
        let is = (!self.config.is_words.is_empty()).then_some(IS);
        let known = self.config.known_keys.iter();
        is.into_iter()
            .chain([HAS])
            .chain(known.map(|known| (known.key, known.about)))
            .map(|word| suggestion(SuggestionKind::Key, word))
    }

    /// The word of free text around the caret, which is not before `from`.
    fn word(&self, from: usize) -> Span {
        let scan = Scan {
            text: self.text,
            extensions: false,
        };
        let typed = &self.text[from..self.caret];
        let start = typed
            .rfind([' ', '\t', '(', ')'])
            .map_or(from, |at| from + at + 1);
        let start = scan.run(start, |byte| byte == b'!').min(self.caret);
        let end = scan.run(self.caret, |byte| {
            !matches!(byte, b' ' | b'\t' | b'\n' | b'(' | b')')
        });
        Span::new(start, end)
    }

    /// What begins with what stands before the caret, then what holds it.
    fn fitting(&self, words: Vec<Suggestion>, replace: Span) -> Vec<Suggestion> {
        let typed = Span::new(replace.start, self.caret).of(self.text);
        let typed = typed.trim_start_matches('"').to_lowercase();
        let (first, others): (Vec<_>, Vec<_>) = words
            .into_iter()
            .filter(|word| word.word.to_lowercase().contains(&typed))
            .partition(|word| word.word.to_lowercase().starts_with(&typed));
        [first, others].concat()
    }
}

fn suggestion(kind: SuggestionKind, (word, about): KnownWord) -> Suggestion {
    Suggestion { kind, word, about }
}

/// The filter whose list is still open before the node at `place`: its value began with a bracket and ran into a blank.
fn open_list<'n>(
    nodes: &'n [Node],
    place: usize,
    text: &str,
    until: usize,
) -> Option<&'n RawFilter> {
    let Node::Filter(filter) = nodes.get(place.checked_sub(1)?)? else {
        return None;
    };
    let Shape::Text(raw) = filter.payload.shape else {
        return None;
    };
    let list = text.get(raw.span.start..until)?;
    (!raw.quoted && list.starts_with('[') && !list.contains(']')).then_some(filter)
}

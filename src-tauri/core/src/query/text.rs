//! What a text value means: literal text, or a pattern with wildcards (search spec, section 3.3).

use super::scan::Word;

/// A text value, after `\"` became `"`; other backslashes are as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextValue {
    /// The text.
    pub text: String,
    /// Whether it was written in quotes. An empty text without quotes is the "nothing" that `has:` asks about.
    pub quoted: bool,
}

/// A pattern that must cover the whole value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// What stands literally before, between and after the stars: one piece more than there are stars. Between two
    /// pieces anything may stand, also nothing.
    pub pieces: Vec<String>,
}

impl TextValue {
    /// A text that stands as it is, not in quotes.
    #[must_use]
    pub fn bare(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            quoted: false,
        }
    }

    /// A text in quotes.
    #[must_use]
    pub fn quoted(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            quoted: true,
        }
    }

    /// Whether it has a wildcard: a star that is not preceded by an odd number of backslashes.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        let mut backslashes = 0_usize;
        for byte in self.text.bytes() {
            match byte {
                b'\\' => backslashes += 1,
                b'*' if backslashes.is_multiple_of(2) => return true,
                _ => backslashes = 0,
            }
        }
        false
    }

    /// What it matches literally; nothing for a pattern.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        (!self.is_pattern()).then(|| self.text.replace("\\*", "*"))
    }

    /// The pattern it is; nothing for literal text.
    #[must_use]
    pub fn pattern(&self) -> Option<Pattern> {
        if !self.is_pattern() {
            return None;
        }
        let mut pieces = vec![String::new()];
        let mut piece = String::new();
        let mut characters = self.text.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' => {
                    if let Some(last) = pieces.last_mut() {
                        *last = std::mem::take(&mut piece);
                    }
                    pieces.push(String::new());
                }
                '\\' => piece.push(characters.next().unwrap_or('\\')),
                other => piece.push(other),
            }
        }
        if let Some(last) = pieces.last_mut() {
            *last = piece;
        }
        Some(Pattern { pieces })
    }

    /// The text as a word operator understands it: stars and backslashes stand for themselves, and a wildcard is added
    /// where the word leaves room (search spec, section 2.5). An empty text is left alone.
    #[must_use]
    pub(super) fn widened(&self, word: Word) -> Self {
        if self.text.is_empty() {
            return self.clone();
        }
        let mut text = String::with_capacity(self.text.len() + 2);
        if matches!(word, Word::Contains | Word::EndsWith) {
            text.push('*');
        }
        let mut characters = self.text.chars().peekable();
        while let Some(character) = characters.next() {
            match (character, characters.peek()) {
                ('\\', Some(&next @ ('*' | '\\'))) => {
                    text.extend(['\\', next]);
                    characters.next();
                }
                ('\\' | '*', _) => text.extend(['\\', character]),
                (other, _) => text.push(other),
            }
        }
        if matches!(word, Word::Contains | Word::StartsWith) {
            text.push('*');
        }
        Self {
            text,
            quoted: self.quoted,
        }
    }
}

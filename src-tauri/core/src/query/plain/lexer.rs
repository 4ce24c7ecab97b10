//! Cuts a search text into items. Never fails: whatever is not a filter is text.

/// A half-open range of bytes in the search text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte behind the last one.
    pub end: usize,
}

impl Span {
    /// The part of `text` this range covers.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// What a stretch of the text is, for colouring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The name before a colon, with its `!`.
    Key,
    /// The colon.
    Operator,
    /// The value of a filter.
    Value,
    /// Free text.
    Text,
    /// Free text in quotes.
    Quoted,
}

/// A coloured stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// An item as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// `key:value`, perhaps negated. `key` is without the `!`; `value` may be empty.
    Filter {
        negated: Option<Span>,
        key: Span,
        colon: Span,
        value: Span,
    },
    /// A run of free text without blanks around it.
    Text(Span),
    /// Text in quotes; the span includes them. `closed` is false where the closing one is missing.
    Quoted { span: Span, closed: bool },
}

impl Item {
    pub fn span(self) -> Span {
        match self {
            Self::Filter {
                negated,
                key,
                value,
                colon,
            } => Span {
                start: negated.map_or(key.start, |mark| mark.start),
                end: value.end.max(colon.end),
            },
            Self::Text(span) | Self::Quoted { span, .. } => span,
        }
    }
}

/// The stretches of a text, in order, without the blanks between them.
#[must_use]
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut push = |kind, span: Span| {
        if span.start < span.end {
            tokens.push(Token { kind, span });
        }
    };
    for item in items(text) {
        match item {
            Item::Filter {
                negated,
                key,
                colon,
                value,
            } => {
                push(
                    TokenKind::Key,
                    Span {
                        start: negated.map_or(key.start, |mark| mark.start),
                        end: key.end,
                    },
                );
                push(TokenKind::Operator, colon);
                push(TokenKind::Value, value);
            }
            Item::Text(span) => push(TokenKind::Text, span),
            Item::Quoted { span, .. } => push(TokenKind::Quoted, span),
        }
    }
    tokens
}

/// The items of a text. Adjacent words form one free text, as do blanks inside it.
pub(super) fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    let mut run: Option<Span> = None;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(' ') {
            at += 1;
        } else if let Some(filter) = filter_at(text, at) {
            items.extend(run.take().map(Item::Text));
            at = filter.span().end;
            items.push(filter);
        } else if rest.starts_with('"') {
            items.extend(run.take().map(Item::Text));
            let (end, closed) = quoted_end(text, at);
            items.push(Item::Quoted {
                span: Span { start: at, end },
                closed,
            });
            at = end;
        } else {
            let end = at + word_len(rest);
            // AND and OR stand alone: they must be seen, not swallowed by the text around them.
            if is_connective(&text[at..end]) {
                items.extend(run.take().map(Item::Text));
                items.push(Item::Text(Span { start: at, end }));
            } else {
                run = Some(Span {
                    start: run.map_or(at, |run| run.start),
                    end,
                });
            }
            at = end;
        }
    }
    items.extend(run.map(Item::Text));
    items
}

/// Whether a word joins or negates what stands around it: `and` and `or` in any case, `NOT` in capitals.
pub(super) fn is_connective(word: &str) -> bool {
    word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or") || word == "NOT"
}

fn word_len(rest: &str) -> usize {
    rest.find(' ').unwrap_or(rest.len())
}

fn filter_at(text: &str, at: usize) -> Option<Item> {
    let rest = text.get(at..)?;
    let negated = rest.starts_with('!').then_some(Span {
        start: at,
        end: at + 1,
    });
    let key_start = at + usize::from(negated.is_some());
    let key_len = text[key_start..]
        .find(|character: char| !character.is_ascii_alphanumeric() && !"_.-".contains(character))?;
    let key_end = key_start + key_len;
    if key_len == 0 || !text[key_end..].starts_with(':') {
        return None;
    }
    let value_start = key_end + 1;
    let value_end = match text[value_start..].chars().next() {
        Some('"') => quoted_end(text, value_start).0,
        Some('[') => list_end(text, value_start),
        _ => value_start + word_len(&text[value_start..]),
    };
    Some(Item::Filter {
        negated,
        key: Span {
            start: key_start,
            end: key_end,
        },
        colon: Span {
            start: key_end,
            end: value_start,
        },
        value: Span {
            start: value_start,
            end: value_end,
        },
    })
}

/// End of a quoted text that begins at `start`, and whether it has its closing quote. `\"` does not close it.
fn quoted_end(text: &str, start: usize) -> (usize, bool) {
    let mut escaped = false;
    for (offset, character) in text[start + 1..].char_indices() {
        match character {
            '"' if !escaped => return (start + 1 + offset + 1, true),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (text.len(), false)
}

/// End of a list that begins at `start`. Without a closing bracket it is an ordinary word.
fn list_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    rest.find(']')
        .map_or(start + word_len(rest), |close| start + close + 1)
}

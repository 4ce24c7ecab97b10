//! The small pieces of the grammar (search spec, section 2): what stands at a place of the text, and where it ends.
//! Nothing here knows what a key means.

use super::filter::Op;
use super::span::Span;

/// Stands around a word operator, so that it cannot be mistaken for typed text.
pub(super) const WORD_MARK: char = '\u{F00D}';

/// A comparison written as a word between two [`WORD_MARK`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Contains,
    StartsWith,
    EndsWith,
}

const WORDS: [(&str, Word); 3] = [
    ("Contains", Word::Contains),
    ("StartsWith", Word::StartsWith),
    ("EndsWith", Word::EndsWith),
];

/// Two-letter operators first: the first that fits is taken.
const OPS: [(&str, Op); 6] = [
    (">=", Op::GreaterOrEqual),
    ("<=", Op::LessOrEqual),
    (">", Op::Greater),
    ("<", Op::Less),
    ("=", Op::Equal),
    ("!=", Op::NotEqual),
];

const DURATION_UNITS: [&str; 10] = ["ms", "s", "min", "m", "hr", "h", "day", "d", "wk", "w"];

const SIZE_UNITS: [&str; 19] = [
    "bit", "nb", "bytes", "kb", "mb", "gb", "tb", "pb", "eb", "zb", "yb", "kib", "mib", "gib",
    "tib", "pib", "eib", "zib", "yib",
];

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Sign and digits.
    pub digits: Span,
    /// `k`, `m` or `b` in either case, or nothing.
    pub suffix: Span,
}

impl Numeral {
    pub fn span(self) -> Span {
        Span::new(self.digits.start, self.suffix.end)
    }
}

/// A number with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    pub number: Span,
    pub unit: Span,
}

impl Measure {
    pub fn span(self) -> Span {
        Span::new(self.number.start, self.unit.end)
    }
}

/// Looks at a text. Every method takes a place and answers with what ends there, or nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'t> {
    pub text: &'t str,
    /// Whether typed tags and word operators are read (search spec, section 2.5).
    pub extensions: bool,
}

impl Scan<'_> {
    pub fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Whether a value or a word may end here.
    pub fn is_edge(self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\t' | b'\n' | b' ' | b')'))
    }

    /// The end of the bytes that `accept` takes.
    pub fn run(self, at: usize, accept: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|&byte| !accept(byte))
            .unwrap_or(rest.len())
    }

    pub fn blanks(self, at: usize) -> usize {
        self.run(at, |byte| byte == b' ')
    }

    /// `word` in exactly these letters.
    pub fn literal(self, at: usize, word: &str) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        rest.starts_with(word.as_bytes()).then_some(at + word.len())
    }

    /// `word` in any letter case.
    pub fn any_case(self, at: usize, word: &str) -> Option<usize> {
        let found = self.text.as_bytes().get(at..at + word.len())?;
        found
            .eq_ignore_ascii_case(word.as_bytes())
            .then_some(at + word.len())
    }

    /// Letters, digits, `_`, `.` and `-`, at least one.
    pub fn bare(self, at: usize) -> Option<usize> {
        let end = self.run(at, is_key_byte);
        (end > at).then_some(end)
    }

    /// A key that may hold colons, without the quotes around it.
    pub fn colon_key(self, at: usize) -> Option<usize> {
        let end = self.run(at, |byte| is_key_byte(byte) || byte == b':');
        (end > at).then_some(end)
    }

    /// A quoted key with its quotes.
    pub fn quoted_key(self, at: usize) -> Option<usize> {
        let inner = self.literal(at, "\"")?;
        self.literal(self.colon_key(inner)?, "\"")
    }

    /// A quoted text with its quotes. Only a quote after a backslash does not end it.
    pub fn quoted(self, at: usize) -> Option<usize> {
        self.quoted_without(at, |_| false)
    }

    /// A quoted text that does not hold certain bytes.
    pub fn quoted_without(self, at: usize, refused: impl Fn(u8) -> bool) -> Option<usize> {
        let start = self.literal(at, "\"")?;
        let mut place = start;
        loop {
            let byte = self.byte(place)?;
            if byte == b'"' && (place == start || self.byte(place - 1) != Some(b'\\')) {
                return Some(place + 1);
            }
            if refused(byte) {
                return None;
            }
            place += 1;
        }
    }

    /// The end of an unquoted value, which may be empty.
    pub fn raw(self, at: usize) -> usize {
        self.run(at, |byte| {
            !matches!(byte, b'(' | b')' | b'\t' | b'\n' | b' ')
        })
    }

    pub fn op(self, at: usize) -> Option<(Op, usize)> {
        OPS.iter()
            .find_map(|&(sign, op)| Some((op, self.literal(at, sign)?)))
    }

    pub fn word_op(self, at: usize) -> Option<(Word, usize)> {
        let mark = WORD_MARK.encode_utf8(&mut [0; 4]).to_owned();
        if !self.extensions {
            return None;
        }
        let start = self.literal(at, &mark)?;
        WORDS.iter().find_map(|&(name, word)| {
            let end = self.literal(start, name)?;
            Some((word, self.literal(end, &mark)?))
        })
    }

    /// Digits, and perhaps a point with more digits.
    pub fn unsigned(self, at: usize) -> Option<usize> {
        let whole = self.digits(at)?;
        Some(match self.literal(whole, ".") {
            Some(point) => self.digits(point).unwrap_or(point),
            None => whole,
        })
    }

    fn digits(self, at: usize) -> Option<usize> {
        let end = self.run(at, |byte| byte.is_ascii_digit());
        (end > at).then_some(end)
    }

    /// A number, followed by an edge or by what ends an element of a list.
    pub fn number(self, at: usize) -> Option<Numeral> {
        let digits = Span::new(at, self.unsigned(self.literal(at, "-").unwrap_or(at))?);
        let suffixed = self.byte(digits.end).is_some_and(is_suffix);
        let suffix = Span::new(digits.end, digits.end + usize::from(suffixed));
        let ends = self.is_edge(suffix.end) || matches!(self.byte(suffix.end), Some(b',' | b']'));
        ends.then_some(Numeral { digits, suffix })
    }

    pub fn duration(self, at: usize) -> Option<Measure> {
        let number = Span::new(at, self.unsigned(at)?);
        let unit = DURATION_UNITS
            .iter()
            .find_map(|unit| self.literal(number.end, unit))?;
        self.measure(number, unit)
    }

    pub fn size(self, at: usize) -> Option<Measure> {
        let number = Span::new(at, self.unsigned(at)?);
        let unit = SIZE_UNITS
            .iter()
            .find_map(|unit| self.any_case(number.end, unit))?;
        self.measure(number, unit)
    }

    fn measure(self, number: Span, unit_end: usize) -> Option<Measure> {
        self.is_edge(unit_end).then_some(Measure {
            number,
            unit: Span::new(number.end, unit_end),
        })
    }

    /// `true`, `false`, `1` or `0` in any case.
    pub fn flag(self, at: usize) -> Option<usize> {
        let end = ["true", "false", "1", "0"]
            .iter()
            .find_map(|word| self.any_case(at, word))?;
        self.is_edge(end).then_some(end)
    }

    /// A date, perhaps with a time, perhaps with a zone. Whether such a day exists is not asked here.
    pub fn iso_date(self, at: usize) -> Option<usize> {
        let date = self.pattern(at, "dddd-dd-dd")?;
        let time = self.pattern(date, "Tdd:dd:dd").map_or(date, |time| {
            let digits = self
                .literal(time, ".")
                .map_or(time, |point| self.run(point, |byte| byte.is_ascii_digit()));
            if (time + 2..=time + 7).contains(&digits) {
                digits
            } else {
                time
            }
        });
        let end = ["Z", "+dd:dd", "-dd:dd"]
            .iter()
            .find_map(|zone| self.pattern(time, zone))
            .unwrap_or(time);
        self.is_edge(end).then_some(end)
    }

    /// A distance into the past: sign, digits, unit.
    pub fn relative_date(self, at: usize) -> Option<usize> {
        let sign = matches!(self.byte(at), Some(b'+' | b'-')).then_some(at + 1)?;
        let unit = self.digits(sign)?;
        let end = matches!(self.byte(unit), Some(b'w' | b'd' | b'h' | b'm')).then_some(unit + 1)?;
        self.is_edge(end).then_some(end)
    }

    /// `shape` where `d` stands for a digit and everything else for itself.
    fn pattern(self, at: usize, shape: &str) -> Option<usize> {
        let found = self.text.as_bytes().get(at..at + shape.len())?;
        found
            .iter()
            .zip(shape.bytes())
            .all(|(&byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                sign => byte == sign,
            })
            .then_some(at + shape.len())
    }
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

fn is_suffix(byte: u8) -> bool {
    matches!(byte.to_ascii_lowercase(), b'k' | b'm' | b'b')
}

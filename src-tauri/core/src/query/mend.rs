//! Says what is wrong with a text, and how to put it right where that is clear. A fix is offered only after it was
//! tried: with it, what it touches has a meaning.

use super::config::SearchConfig;
use super::filter::{Key, Op};
use super::lists;
use super::meaning::{Meaning, first_bad_quote};
use super::print;
use super::problem::{Fix, Problem, ProblemCode, column, nearest};
use super::read::{DEEPEST, read};
use super::scan::{Measure, Scan};
use super::span::Span;
use super::syntax::{Connective, KeyShape, Node, RawFilter, RawKey, RawText, Shape, Syntax};

const DATE_FORMS: &str = "Write a day or a time like 2024-05-31 or 2024-05-31T14:00:00Z, perhaps after >, >=, < or <=; \
     or a distance like -24h (within the last day) or +7d (older than a week)";

/// Explains the problems of filters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mend<'t> {
    pub meaning: Meaning<'t>,
}

impl Mend<'_> {
    pub fn bad_quote(self, raw: &RawFilter, value: RawText) -> Problem {
        let typed = value.span.of(self.text());
        let message = match typed.strip_prefix('"') {
            Some(behind) => format!(
                "The quote before {} is not closed. Close it, or write \\\" for the character itself.",
                quote(behind)
            ),
            None => format!(
                "{} has a quote in it. Put the whole value in quotes, or write \\\" for the character itself.",
                quote(typed)
            ),
        };
        let closed = typed
            .starts_with('"')
            .then(|| self.closings(value.span.end));
        let closed = closed.into_iter().flatten();
        let closed = closed.map(|at| Fix::new(Span::before(at), "\""));
        let escaped = Fix::new(value.span, escape_quotes(typed));
        self.problem(ProblemCode::BadQuote, raw, value.span, message)
            .with_fix(self.first_working(raw, closed.chain([escaped])))
    }

    /// Where the quote of a value that seems to end at `end` may be closed, likeliest first: words behind it probably
    /// belong to it, filters and groups do not.
    fn closings(self, end: usize) -> Vec<usize> {
        let behind = self.text().get(end..).unwrap_or_default();
        let behind = read(behind, self.meaning.config.extensions);
        let only_words = behind
            .nodes
            .iter()
            .all(|node| matches!(node, Node::Text(_)));
        let whole = only_words.then(|| self.text().trim_end_matches(' ').len());
        whole.into_iter().chain([end]).collect()
    }

    pub fn empty_value(self, raw: &RawFilter) -> Problem {
        let key = raw.key.span.of(self.text());
        let behind = raw.payload.op.map_or_else(
            || format!("`{key}:` has no value"),
            |op| format!("`{key}:{}` compares with nothing", op.as_str()),
        );
        let has = format!(
            "{}has:{}",
            if raw.negated { "!" } else { "" },
            self.has_operand(&raw.key)
        );
        self.problem(
            ProblemCode::EmptyValue,
            raw,
            raw.span,
            format!("{behind}. Write one, or has:{key} to find what has any value."),
        )
        .with_fix(self.first_working(raw, [Fix::new(raw.span, has)]))
    }

    pub fn missing_element(self, raw: &RawFilter) -> Problem {
        let elements: Vec<&str> = match &raw.payload.shape {
            Shape::Numbers(numbers) => numbers
                .iter()
                .flatten()
                .map(|number| number.span().of(self.text()))
                .collect(),
            Shape::Texts(texts) => texts
                .iter()
                .flatten()
                .map(|text| text.span.of(self.text()))
                .collect(),
            _ => Vec::new(),
        };
        let fix = Fix::new(raw.payload.span, format!("[{}]", elements.join(", ")));
        self.problem(
            ProblemCode::ListEmptyValue,
            raw,
            raw.payload.span,
            "A value of this list is missing after a comma. Write it, or remove the comma.",
        )
        .with_fix(self.first_working(raw, [fix]))
    }

    pub fn missing_argument(self, raw: &RawFilter) -> Problem {
        let fix = match &raw.key.shape {
            KeyShape::Aggregate {
                function,
                arguments,
            } => {
                let arguments: Vec<&str> = arguments
                    .iter()
                    .flatten()
                    .map(|argument| argument.of(self.text()))
                    .collect();
                let function = function.of(self.text());
                let key = format!("{function}({})", arguments.join(", "));
                self.first_working(raw, [Fix::new(raw.key.span, key)])
            }
            _ => None,
        };
        self.problem(
            ProblemCode::ListEmptyValue,
            raw,
            raw.key.span,
            "An argument is missing after a comma. Write it, or remove the comma.",
        )
        .with_fix(fix)
    }

    pub fn key_not_allowed(self, raw: &RawFilter, key: &RawKey) -> Problem {
        let config = self.meaning.config;
        let typed = key.span.of(self.text());
        let known = config
            .allowed_keys
            .iter()
            .map(|key| &**key)
            .filter(|key| !config.blocked_keys.contains(*key));
        let near = nearest(typed, known).map(|near| Fix::new(key.span, near));
        let whole = raw.span.of(self.text());
        let as_text = Fix::new(raw.span, format!("\"{}\"", whole.replace('"', "\\\"")));
        let fix = self
            .first_working(raw, near)
            .or_else(|| Some(as_text).filter(|fix| self.makes_text(raw, fix)));
        self.problem(
            ProblemCode::KeyNotAllowed,
            raw,
            key.span,
            format!(
                "`{typed}` cannot be searched here. Use another key, or quote the term to look for its text."
            ),
        )
        .with_fix(fix)
    }

    pub fn has_needs_key(self, raw: &RawFilter) -> Problem {
        let typed = raw.payload.span.of(self.text());
        let message = if typed.is_empty() {
            "`has:` needs the name of a key after it, like has:release.".to_owned()
        } else {
            format!(
                "{} is not the name of a key. Write one, like has:release: letters, digits, _, . and -.",
                quote(typed)
            )
        };
        self.problem(ProblemCode::HasNeedsKey, raw, self.place(raw), message)
    }

    pub fn is_unsupported(self, raw: &RawFilter) -> Problem {
        self.problem(
            ProblemCode::IsUnsupported,
            raw,
            raw.span,
            "`is:` is a search for issues and means nothing here. Remove the term, or name a key.",
        )
    }

    pub fn is_in_list(self, raw: &RawFilter) -> Problem {
        let start = raw.payload.span.start;
        let list = lists::texts(self.scan(), start);
        let words = list.as_ref().and_then(|(words, _)| {
            let words = words.iter().map(|word| {
                let word = self.meaning.text((*word)?).text;
                self.meaning.config.is_word(&word).map(|known| known.word)
            });
            words.collect::<Option<Vec<_>>>()
        });
        let fix = words
            .zip(list)
            .filter(|_| self.meaning.config.allow_boolean)
            .map(|(words, (_, end))| {
                let (is, joint) = if raw.negated {
                    ("!is:", " ")
                } else {
                    ("is:", " OR ")
                };
                let terms: Vec<_> = words.iter().map(|word| format!("{is}{word}")).collect();
                Fix::new(
                    Span::new(raw.span.start, end),
                    format!("({})", terms.join(joint)),
                )
            });
        self.problem(
            ProblemCode::IsInList,
            raw,
            self.place(raw),
            "`is:` takes one word. Write one `is:` for each, joined by OR.",
        )
        .with_fix(self.first_working(raw, fix))
    }

    pub fn is_unknown(self, raw: &RawFilter, word: &str) -> Problem {
        let mut words: Vec<&str> = self
            .meaning
            .config
            .is_words
            .iter()
            .map(|known| known.word)
            .collect();
        words.sort_unstable();
        let near = nearest(word, words.iter().copied());
        let fix = near.map(|near| Fix::new(raw.payload.span, near));
        self.problem(
            ProblemCode::IsUnknown,
            raw,
            self.place(raw),
            format!(
                "`is:` does not know {}. It knows {}.",
                quote(word),
                words.join(", ")
            ),
        )
        .with_value(word)
        .with_fix(self.first_working(raw, fix))
    }

    /// A date as it is written, of a day or a time that does not exist.
    pub fn no_such_date(self, raw: &RawFilter) -> Problem {
        let typed = raw.payload.span.of(self.text());
        self.problem(
            ProblemCode::InvalidDate,
            raw,
            raw.payload.span,
            format!("There is no such time as {typed} in the years 1 to 9999. {DATE_FORMS}."),
        )
    }

    pub fn invalid_date(self, raw: &RawFilter) -> Problem {
        let key = raw.key.span.of(self.text());
        let typed = self.place(raw).of(self.text());
        let positive = (raw.negated && self.meaning.config.allow_boolean)
            .then(|| Fix::new(raw.span, self.behind_not(raw)));
        let positive = self.first_working(raw, positive);
        let message = if positive.is_some() {
            format!("`{key}` is a date, and `!` does not go with dates. Write NOT before the term.")
        } else {
            format!(
                "`{key}` needs a date, and {} is none. {DATE_FORMS}.",
                quote(typed)
            )
        };
        let clearer = self
            .clearer_date(raw)
            .map(|date| Fix::new(self.place(raw), date));
        let fix = positive.or_else(|| self.first_working(raw, clearer));
        self.problem(ProblemCode::InvalidDate, raw, self.place(raw), message)
            .with_fix(fix)
    }

    /// The term without its `!` behind a NOT.
    fn behind_not(self, raw: &RawFilter) -> String {
        let glued = self
            .text()
            .get(..raw.span.start)
            .is_some_and(|before| !before.is_empty() && !before.ends_with([' ', '(']));
        let term = raw.span.of(self.text()).trim_start_matches('!');
        format!("{}NOT {term}", if glued { " " } else { "" })
    }

    /// A distance without its sign or with a longer unit, or a time without seconds.
    fn clearer_date(self, raw: &RawFilter) -> Option<String> {
        let typed = raw.payload.span.of(self.text());
        if let Some((day, time)) = typed.split_once('T')
            && let (Some(minutes), Some(zone)) = (time.get(..5), time.get(5..))
        {
            let op = raw.payload.op_span.of(self.text());
            return Some(format!("{op}{day}T{minutes}:00{zone}"));
        }
        let sign = match typed.chars().next()? {
            sign @ ('+' | '-') => sign,
            _ => match raw.payload.op.map(Op::as_str) {
                Some(">" | ">=") => '+',
                _ => '-',
            },
        };
        let distance = typed.trim_start_matches(['+', '-']);
        let digits = distance.len()
            - distance
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let unit = match distance.get(digits..)? {
            "m" | "min" | "mins" | "minute" | "minutes" => 'm',
            "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
            "d" | "day" | "days" => 'd',
            "w" | "wk" | "week" | "weeks" => 'w',
            _ => return None,
        };
        Some(format!("{sign}{}{unit}", distance.get(..digits)?))
    }

    pub fn invalid_boolean(self, raw: &RawFilter) -> Problem {
        let key = raw.key.span.of(self.text());
        let typed = self.place(raw).of(self.text());
        let word = match typed.to_lowercase().as_str() {
            "yes" | "y" | "on" | "t" => Some("true"),
            "no" | "n" | "off" | "f" => Some("false"),
            other => nearest(other, ["true", "false"]),
        };
        let fix = word.map(|word| Fix::new(self.place(raw), word));
        self.problem(
            ProblemCode::InvalidBoolean,
            raw,
            self.place(raw),
            format!(
                "`{key}` is true or false, and {} is neither. Write true, false, 1 or 0.",
                quote(typed)
            ),
        )
        .with_fix(self.first_working(raw, fix))
    }

    pub fn invalid_number(self, raw: &RawFilter) -> Problem {
        let key = raw.key.span.of(self.text());
        let typed = self.place(raw).of(self.text());
        let bare = typed.replace(['_', '"'], "");
        let fix = (bare != typed).then(|| Fix::new(self.place(raw), bare));
        let units = if self.takes_units(raw) {
            ", or a duration like 300ms, 2m or 1.5h"
        } else {
            ""
        };
        self.problem(
            ProblemCode::InvalidNumber,
            raw,
            self.place(raw),
            format!(
                "`{key}` needs a number, and {} is none. Write one like 500, >1.5k, <=2m{units}.",
                quote(typed)
            ),
        )
        .with_fix(self.first_working(raw, fix))
    }

    fn takes_units(self, raw: &RawFilter) -> bool {
        let KeyShape::Name(name) = raw.key.shape else {
            return false;
        };
        let config = self.meaning.config;
        let name = config.canonical(name.of(self.text()));
        config.is_duration(&Key::name(name))
    }

    pub fn number_suffix(self, raw: &RawFilter, measure: Measure) -> Problem {
        let key = raw.key.span.of(self.text());
        let unit = measure.unit.of(self.text());
        self.problem(
            ProblemCode::NumberSuffix,
            raw,
            measure.span(),
            format!(
                "`{key}` is a plain number and knows no unit {}. Remove it, or use k, m or b for thousands, \
                 millions or billions.",
                quote(unit)
            ),
        )
        .with_fix(self.first_working(raw, [Fix::new(measure.unit, "")]))
    }

    pub fn duration_too_large(self, raw: &RawFilter) -> Problem {
        self.problem(
            ProblemCode::DurationTooLarge,
            raw,
            raw.payload.span,
            "This duration is longer than 999999999 days. Write a shorter one.",
        )
    }

    fn text(&self) -> &str {
        self.meaning.text
    }

    fn scan(&self) -> Scan<'_> {
        Scan {
            text: self.meaning.text,
            extensions: self.meaning.config.extensions,
        }
    }

    /// The operator and the value, or the whole filter where there is neither.
    fn place(self, raw: &RawFilter) -> Span {
        let span = Span::new(raw.payload.op_span.start, raw.payload.span.end);
        if span.is_empty() { raw.span } else { span }
    }

    fn has_operand(self, key: &RawKey) -> String {
        match key.shape {
            KeyShape::Name(name) => print::has_operand(name.of(self.text())),
            _ => key.span.of(self.text()).to_owned(),
        }
    }

    fn problem(
        self,
        code: ProblemCode,
        raw: &RawFilter,
        span: Span,
        message: impl Into<String>,
    ) -> Problem {
        Problem::new(code, span, message)
            .with_key(raw.key.span.of(self.text()))
            .with_value(Span::new(raw.payload.op_span.start, raw.payload.span.end).of(self.text()))
    }

    fn first_working(self, raw: &RawFilter, fixes: impl IntoIterator<Item = Fix>) -> Option<Fix> {
        if !self.meaning.advise {
            return None;
        }
        fixes.into_iter().find(|fix| self.works(raw, fix))
    }

    /// Whether with the fix there is a quoted text where the filter was, and nothing is glued to it.
    fn makes_text(self, raw: &RawFilter, fix: &Fix) -> bool {
        let text = fix.apply(self.text());
        let syntax = read(&text, self.meaning.config.extensions);
        let end = fix.span.start + fix.replacement.len();
        matches!(
            node_at(&syntax.nodes, raw.span.start),
            Some(Node::Text(found)) if found.quoted && found.span.end == end
        )
    }

    /// Whether with the fix something begins where the filter began, and every filter that begins in what the fix
    /// touched has a meaning.
    fn works(self, raw: &RawFilter, fix: &Fix) -> bool {
        let text = fix.apply(self.text());
        let meaning = Meaning {
            text: &text,
            advise: false,
            ..self.meaning
        };
        let end = fix.span.start + fix.replacement.len();
        let mut touched = Vec::new();
        let syntax = read(&text, self.meaning.config.extensions);
        filters(&syntax.nodes, &mut touched);
        touched.retain(|filter| {
            (raw.span.start..end.max(raw.span.start + 1)).contains(&filter.span.start)
        });
        !touched.is_empty() && touched.iter().all(|filter| meaning.filter(filter).is_ok())
    }
}

/// The node that begins at a place, in whatever group.
fn node_at(nodes: &[Node], at: usize) -> Option<&Node> {
    let node = nodes
        .iter()
        .find(|node| (node.span().start..node.span().end).contains(&at))?;
    match node {
        Node::Group(group) if group.span.start < at => node_at(&group.nodes, at),
        other => (other.span().start == at).then_some(other),
    }
}

fn filters<'n>(nodes: &'n [Node], found: &mut Vec<&'n RawFilter>) {
    for node in nodes {
        match node {
            Node::Filter(filter) => found.push(filter),
            Node::Group(group) => filters(&group.nodes, found),
            Node::Connective(..) | Node::Text(_) => {}
        }
    }
}

/// A word that joins, where nothing can be joined.
pub(super) fn boolean_not_allowed(word: Connective, span: Span, text: &str) -> Problem {
    let typed = span.of(text);
    Problem::new(
        ProblemCode::BooleanNotAllowed,
        span,
        format!("`{typed}` cannot be used here: terms side by side must all hold. Quote it to look for the word."),
    )
    .with_value(word.as_str())
    .with_fix(Fix::new(span, format!("\"{typed}\"")))
}

/// Text that remains after the last item.
pub(super) fn left_over(text: &str, config: &SearchConfig, syntax: &Syntax) -> Problem {
    let rest = syntax.rest;
    let column = column(text, rest.start);
    if let Some(at) = syntax.too_deep {
        return Problem::new(
            ProblemCode::ParseError,
            Span::new(at, at + 1),
            format!("More than {DEEPEST} parentheses stand within each other. Remove some."),
        );
    }
    let first = Span::new(rest.start, rest.start + 1);
    let line_break = rest.of(text).find('\n').map(|at| rest.start + at);
    let as_blank = line_break.map(|at| Fix::new(Span::new(at, at + 1), " "));
    let (end, message, fix) = match rest.of(text).chars().next() {
        Some(')') => (
            first.end,
            format!(
                "This `)` in column {column} closes nothing. Remove it, or open a group before it."
            ),
            Some(Fix::new(first, "")),
        ),
        Some('(') => {
            let missing = ")".repeat(missing_ends(rest.of(text)));
            (
                first.end,
                format!(
                    "This `(` in column {column} is never closed, or holds nothing. Close it, or quote it to look for it."
                ),
                Some(Fix::new(Span::before(text.len()), missing)),
            )
        }
        _ => (
            rest.end,
            format!(
                "The text cannot be read from column {column} on. A line break is only allowed in quotes: write a blank."
            ),
            None,
        ),
    };
    let gets_further = |fix: &Fix| {
        let fixed = read(&fix.apply(text), config.extensions);
        fixed.rest.is_empty() || fixed.rest.start > rest.start
    };
    let fix = fix.into_iter().chain(as_blank).find(gets_further);
    Problem::new(ProblemCode::ParseError, Span::new(rest.start, end), message).with_fix(fix)
}

/// How many parentheses are open at the end.
fn missing_ends(text: &str) -> usize {
    let count = |sign| text.matches(sign).count();
    count('(').saturating_sub(count(')'))
}

fn escape_quotes(raw: &str) -> String {
    let mut escaped = raw.to_owned();
    while let Some(at) = first_bad_quote(&escaped) {
        escaped.insert(at, '\\');
    }
    escaped
}

/// A word of the user in a sentence, cut where it is very long.
fn quote(typed: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = typed.chars().take(LONGEST).collect();
    if short.len() < typed.len() {
        short.push('…');
    }
    format!("“{short}”")
}

//! What a filter means: the right half of the table of search spec 2.2.

use super::config::{IsValue, SearchConfig, is_percentage};
use super::filter::{Aggregate, Filter, Instant, Key, Op, TagKey, Value};
use super::keys;
use super::mend::Mend;
use super::problem::Problem;
use super::scan::{Measure, Numeral};
use super::span::Span;
use super::syntax::{KeyShape, RawFilter, RawKey, RawText, Shape};
use super::text::TextValue;
use super::tree::Item;
use super::values;
use chrono::{DateTime, Utc};

/// Gives filters of one text a meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning<'t> {
    pub text: &'t str,
    pub config: &'t SearchConfig,
    pub now: DateTime<Utc>,
    /// Whether problems come with fixes. Not while a fix is tried.
    pub advise: bool,
}

type Meant<T> = Result<T, Problem>;

impl<'t> Meaning<'t> {
    /// The item that a filter is.
    pub fn filter(self, raw: &RawFilter) -> Meant<Item> {
        match &raw.payload.shape {
            Shape::Has(operand) => return self.has(raw, operand.as_ref()),
            Shape::Is(word) => return self.is(raw, *word),
            _ => {}
        }
        let key = self.key(raw, &raw.key)?;
        if let Key::Aggregate(aggregate) = &key {
            return self.aggregate(raw, key.clone(), aggregate);
        }
        match &raw.payload.shape {
            Shape::Date => self.date(raw, key),
            Shape::Relative => self.relative(raw, key),
            Shape::Duration(measure) => self.duration(raw, key, *measure),
            Shape::Size(measure) if self.config.is_size(&key) => {
                let bytes = self.size(raw, *measure)?;
                Ok(filter(raw, key, compared(raw), Value::Number(bytes)))
            }
            Shape::Size(_) => {
                let (op, text) = self.compared_text(raw, &key, self.typed(raw));
                Ok(filter(raw, key, op, Value::Text(text)))
            }
            Shape::Flag => self.flag(raw, key),
            Shape::Numbers(numbers) => self.numbers(raw, key, numbers),
            Shape::Number(numeral) if self.config.is_numeric(&key) => {
                let number = self.number(raw, *numeral)?;
                Ok(filter(raw, key, compared(raw), Value::Number(number)))
            }
            Shape::Texts(texts) => self.texts(raw, key, texts),
            Shape::Text(value) => self.any_text(raw, key, *value),
            // The reader gives no other shape to a key that is no aggregate.
            Shape::Number(_) | Shape::Percentage(_) | Shape::Has(_) | Shape::Is(_) => {
                let (op, text) = self.compared_text(raw, &key, self.typed(raw));
                self.plain(raw, key, op, Value::Text(text))
            }
        }
    }

    /// Rows 1 and 2.
    fn date(self, raw: &RawFilter, key: Key) -> Meant<Item> {
        let op = raw.payload.op;
        if !self.config.is_date(&key) {
            let text = TextValue::bare(glued(op, self.typed(raw).text));
            return self.plain(raw, key, Op::Equal, Value::Text(text));
        }
        let date = values::iso_date(raw.payload.span.of(self.text));
        match (date, op) {
            (Some(date), Some(op)) => Ok(filter(raw, key, op, instant(date.at))),
            (Some(date), None) => {
                let (from, until) =
                    values::around(date).ok_or_else(|| self.mend().no_such_date(raw))?;
                Ok(Item::Range(Box::new([
                    condition(raw, key.clone(), Op::GreaterOrEqual, instant(from)),
                    condition(raw, key, Op::Less, instant(until)),
                ])))
            }
            (None, _) => Err(self.mend().no_such_date(raw)),
        }
    }

    /// Row 3.
    fn relative(self, raw: &RawFilter, key: Key) -> Meant<Item> {
        if !self.config.is_date(&key) {
            return self.plain(raw, key, Op::Equal, Value::Text(self.typed(raw)));
        }
        self.distance(raw, key)
    }

    /// Both signs mean the past: `-` is since then, `+` is before then.
    fn distance(self, raw: &RawFilter, key: Key) -> Meant<Item> {
        let typed = raw.payload.span.of(self.text);
        let instant =
            values::relative(typed, self.now).ok_or_else(|| self.mend().no_such_date(raw))?;
        let op = if typed.starts_with('-') {
            Op::GreaterOrEqual
        } else {
            Op::LessOrEqual
        };
        Ok(filter(raw, key, op, Value::Instant(instant)))
    }

    /// Row 4.
    fn duration(self, raw: &RawFilter, key: Key, measure: Measure) -> Meant<Item> {
        let value = if self.config.is_duration(&key) {
            self.milliseconds(raw, measure)?
        } else if self.config.is_numeric(&key) {
            self.suffixed(raw, measure)?
        } else {
            let (op, text) = self.compared_text(raw, &key, self.typed(raw));
            return self.plain(raw, key, op, Value::Text(text));
        };
        Ok(filter(raw, key, compared(raw), Value::Number(value)))
    }

    /// Row 6. Negation flips true and false and leaves the operator alone.
    fn flag(self, raw: &RawFilter, key: Key) -> Meant<Item> {
        let typed = self.typed(raw);
        let truth = typed.text.eq_ignore_ascii_case("true") || typed.text == "1";
        let number = |truth: bool| Value::Number(if truth { 1.0 } else { 0.0 });
        if self.config.is_numeric(&key) {
            if typed.text.len() > 1 {
                return Err(self.mend().invalid_number(raw));
            }
            return Ok(filter(raw, key, compared(raw), number(truth)));
        }
        if self.config.is_boolean(&key) {
            return Ok(filter(raw, key, Op::Equal, number(truth != raw.negated)));
        }
        self.plain(raw, key, compared(raw), Value::Text(typed))
    }

    /// Row 7.
    fn numbers(self, raw: &RawFilter, key: Key, numbers: &[Option<Numeral>]) -> Meant<Item> {
        let numbers = self.complete(raw, numbers)?;
        if !self.config.is_numeric(&key) {
            let texts = numbers
                .iter()
                .map(|numeral| Value::Text(TextValue::bare(numeral.span().of(self.text))));
            return self.plain(raw, key, listed(raw), Value::List(texts.collect()));
        }
        let values = numbers
            .iter()
            .map(|numeral| self.number(raw, *numeral).map(Value::Number))
            .collect::<Meant<_>>()?;
        Ok(filter(raw, key, listed(raw), Value::List(values)))
    }

    /// Rows 9 to 14.
    fn aggregate(self, raw: &RawFilter, key: Key, aggregate: &Aggregate) -> Meant<Item> {
        let value = match raw.payload.shape {
            Shape::Duration(measure) if self.config.is_duration(&key) => {
                self.milliseconds(raw, measure)?
            }
            Shape::Duration(measure) => self.suffixed(raw, measure)?,
            Shape::Percentage(number) if is_percentage(aggregate) => {
                values::percent(number.of(self.text))
                    .ok_or_else(|| self.mend().invalid_number(raw))?
            }
            Shape::Percentage(number) => {
                return Ok(self.aggregate_text(raw, key, number));
            }
            Shape::Number(numeral) => self.number(raw, numeral)?,
            Shape::Size(measure) => self.size(raw, measure)?,
            Shape::Date if self.config.is_date(&key) => {
                let date = values::iso_date(raw.payload.span.of(self.text))
                    .ok_or_else(|| self.mend().no_such_date(raw))?;
                return Ok(filter(raw, key, compared(raw), instant(date.at)));
            }
            Shape::Relative if self.config.is_date(&key) => return self.distance(raw, key),
            _ => return Ok(self.aggregate_text(raw, key, raw.payload.span)),
        };
        Ok(filter(raw, key, compared(raw), Value::Number(value)))
    }

    /// An aggregate with a value of the wrong kind is compared with its text.
    fn aggregate_text(self, raw: &RawFilter, key: Key, value: Span) -> Item {
        let text = glued(raw.payload.op, value.of(self.text).to_owned());
        filter(raw, key, Op::Equal, Value::Text(TextValue::bare(text)))
    }

    /// Row 15.
    fn has(self, raw: &RawFilter, operand: Option<&RawKey>) -> Meant<Item> {
        let operand = operand.ok_or_else(|| self.mend().has_needs_key(raw))?;
        let key = self.key(raw, operand)?;
        let op = Op::NotEqual.negated_if(raw.negated);
        let mut condition = condition(raw, key, op, Value::Text(TextValue::bare("")));
        condition.key_span = operand.span;
        Ok(Item::Filter(condition))
    }

    /// Row 16.
    fn is(self, raw: &RawFilter, typed: RawText) -> Meant<Item> {
        if is_badly_quoted(typed, self.text) {
            return Err(self.mend().bad_quote(raw, typed));
        }
        let word = self.text(typed).text;
        if self.config.is_words.is_empty() {
            return Err(self.mend().is_unsupported(raw));
        }
        if word.starts_with('[') {
            return Err(self.mend().is_in_list(raw));
        }
        let known = self
            .config
            .is_word(&word)
            .ok_or_else(|| self.mend().is_unknown(raw, &word))?;
        let value = match known.value {
            IsValue::Flag(flag) => Value::Flag(flag),
            IsValue::Number(number) => Value::Number(f64::from(number)),
        };
        Ok(filter(raw, Key::name(known.key), compared(raw), value))
    }

    /// Row 17.
    fn texts(self, raw: &RawFilter, key: Key, texts: &[Option<RawText>]) -> Meant<Item> {
        let texts = self.complete(raw, texts)?;
        let values = texts
            .iter()
            .map(|text| Value::Text(self.worded(raw, *text)));
        self.plain(raw, key, listed(raw), Value::List(values.collect()))
    }

    /// Row 18.
    fn any_text(self, raw: &RawFilter, key: Key, typed: RawText) -> Meant<Item> {
        if is_badly_quoted(typed, self.text) {
            return Err(self.mend().bad_quote(raw, typed));
        }
        if typed.span.is_empty() {
            return Err(self.mend().empty_value(raw));
        }
        let text = self.worded(raw, typed);
        let (op, text) = self.compared_text(raw, &key, text);
        self.plain(raw, key, op, Value::Text(text))
    }

    /// A filter whose value ended up as text: refused where the key needs something else.
    fn plain(self, raw: &RawFilter, key: Key, op: Op, value: Value) -> Meant<Item> {
        if self.config.is_date(&key) {
            return Err(self.mend().invalid_date(raw));
        }
        if self.config.is_boolean(&key) {
            return Err(self.mend().invalid_boolean(raw));
        }
        if self.config.is_numeric(&key) {
            return Err(self.mend().invalid_number(raw));
        }
        Ok(filter(raw, key, op, value))
    }

    /// A key after its aliases, if it may be searched.
    fn key(self, raw: &RawFilter, key: &RawKey) -> Meant<Key> {
        let found = match &key.shape {
            KeyShape::Name(name) => Key::name(self.config.canonical(name.of(self.text))),
            KeyShape::Tag { scope, name, kind } => Key::Tag(TagKey {
                scope: *scope,
                name: name.of(self.text).to_owned(),
                kind: *kind,
            }),
            KeyShape::Aggregate {
                function,
                arguments,
            } => {
                let complete: Option<Vec<_>> = arguments.iter().copied().collect();
                let arguments = complete.ok_or_else(|| self.mend().missing_argument(raw))?;
                let words = arguments
                    .iter()
                    .map(|argument| argument.of(self.text).to_owned());
                let typed = Aggregate::new(function.of(self.text), words.collect());
                let aliased = keys::alias_target(self.config.canonical(&typed.text));
                Key::Aggregate(aliased.unwrap_or(typed))
            }
        };
        if self.config.allows(&found) {
            Ok(found)
        } else {
            Err(self.mend().key_not_allowed(raw, key))
        }
    }

    /// The value of a filter, as typed.
    fn typed(self, raw: &RawFilter) -> TextValue {
        TextValue::bare(raw.payload.span.of(self.text))
    }

    /// A text without its quotes and with its quotation marks unescaped.
    pub fn text(self, raw: RawText) -> TextValue {
        let typed = raw.span.of(self.text);
        let inner = if raw.quoted {
            typed.get(1..typed.len() - 1).unwrap_or_default()
        } else {
            typed
        };
        TextValue {
            text: inner.replace("\\\"", "\""),
            quoted: raw.quoted,
        }
    }

    /// A text value, as a word operator before it wants it.
    fn worded(self, raw: &RawFilter, typed: RawText) -> TextValue {
        let text = self.text(typed);
        match raw.payload.word {
            Some(word) => text.widened(word),
            None => text,
        }
    }

    /// How a text is compared. Most texts know no order: what looked like an ordering operator is part of them.
    fn compared_text(self, raw: &RawFilter, key: &Key, text: TextValue) -> (Op, TextValue) {
        let op = raw.payload.op.unwrap_or(Op::Equal);
        if op.is_ordering() && !self.config.takes_text_operators(key) {
            let text = TextValue {
                text: glued(Some(op), text.text),
                quoted: text.quoted,
            };
            return (Op::Equal.negated_if(raw.negated), text);
        }
        (op.negated_if(raw.negated), text)
    }

    fn number(self, raw: &RawFilter, numeral: Numeral) -> Meant<f64> {
        values::number(numeral.digits.of(self.text), numeral.suffix.of(self.text))
            .ok_or_else(|| self.mend().invalid_number(raw))
    }

    fn size(self, raw: &RawFilter, measure: Measure) -> Meant<f64> {
        values::size(measure.number.of(self.text), measure.unit.of(self.text))
            .ok_or_else(|| self.mend().invalid_number(raw))
    }

    fn milliseconds(self, raw: &RawFilter, measure: Measure) -> Meant<f64> {
        values::duration(measure.number.of(self.text), measure.unit.of(self.text))
            .map_err(|_| self.mend().duration_too_large(raw))
    }

    /// A number whose unit looked like one of time. Only `m` is one of both.
    fn suffixed(self, raw: &RawFilter, measure: Measure) -> Meant<f64> {
        match measure.unit.of(self.text) {
            "m" => values::number(measure.number.of(self.text), "m")
                .ok_or_else(|| self.mend().invalid_number(raw)),
            _ => Err(self.mend().number_suffix(raw, measure)),
        }
    }

    /// The elements of a list, if none is missing.
    fn complete<T: Copy>(self, raw: &RawFilter, elements: &[Option<T>]) -> Meant<Vec<T>> {
        let complete: Option<Vec<T>> = elements.iter().copied().collect();
        complete.ok_or_else(|| self.mend().missing_element(raw))
    }

    fn mend(self) -> Mend<'t> {
        Mend { meaning: self }
    }
}

/// Whether a text without quotes has a quotation mark that is not escaped.
fn is_badly_quoted(raw: RawText, text: &str) -> bool {
    !raw.quoted && first_bad_quote(raw.span.of(text)).is_some()
}

/// The first quotation mark without a backslash before it.
pub(super) fn first_bad_quote(raw: &str) -> Option<usize> {
    let bytes = raw.as_bytes();
    (0..bytes.len()).find(|&at| bytes[at] == b'"' && (at == 0 || bytes[at - 1] != b'\\'))
}

/// The operator of a filter, under its `!`.
fn compared(raw: &RawFilter) -> Op {
    raw.payload.op.unwrap_or(Op::Equal).negated_if(raw.negated)
}

fn listed(raw: &RawFilter) -> Op {
    Op::In.negated_if(raw.negated)
}

/// An operator that turned out to be text, except `=`.
fn glued(op: Option<Op>, text: String) -> String {
    match op {
        None | Some(Op::Equal) => text,
        Some(op) => format!("{}{text}", op.as_str()),
    }
}

fn instant(at: DateTime<Utc>) -> Value {
    Value::Instant(Instant { at, ago: None })
}

fn filter(raw: &RawFilter, key: Key, op: Op, value: Value) -> Item {
    Item::Filter(condition(raw, key, op, value))
}

fn condition(raw: &RawFilter, key: Key, op: Op, value: Value) -> Filter {
    Filter {
        key,
        op,
        value,
        free_text: false,
        span: raw.span,
        key_span: raw.key.span,
        value_span: Span::new(raw.payload.op_span.start, raw.payload.span.end),
    }
}

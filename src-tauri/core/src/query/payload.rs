//! Reads what stands after the colon: the shapes of search spec 2.2, tried in its order. A shape is chosen by how it is
//! written alone.

use super::filter::TagKind;
use super::keys;
use super::lists;
use super::scan::Scan;
use super::span::Span;
use super::syntax::{KeyShape, Payload, RawFilter, RawKey, RawText, Shape};

/// The filter at a place.
pub(super) fn filter(scan: Scan<'_>, at: usize) -> Option<RawFilter> {
    let bang = scan.literal(at, "!");
    let key = keys::filter_key(scan, bang.unwrap_or(at))?;
    let value = scan.literal(key.span.end, ":")?;
    let negated = bang.is_some();
    let payload = match key.shape {
        KeyShape::Aggregate { .. } => of_aggregate(scan, value),
        KeyShape::Name(_) => Some(
            of_typed_key(scan, value, negated)
                .or_else(|| of_word_key(scan, &key, value))
                .unwrap_or_else(|| of_any_key(scan, value)),
        ),
        KeyShape::Tag { kind, .. } => Some(
            match kind {
                Some(TagKind::Number) => of_typed_key(scan, value, negated),
                Some(TagKind::Boolean) => flag(scan, value),
                Some(TagKind::Text) | None => None,
            }
            .unwrap_or_else(|| of_any_key(scan, value)),
        ),
    }?;
    let span = Span::new(at, payload.span.end);
    Some(RawFilter {
        negated,
        key,
        payload,
        span,
    })
}

/// Where an operator and the value behind it stand.
struct Start {
    payload: Payload,
    value: usize,
}

impl Start {
    fn at(scan: Scan<'_>, at: usize) -> Self {
        let op = scan.op(at);
        let value = op.map_or(at, |(_, end)| end);
        Self {
            payload: Payload {
                op: op.map(|(op, _)| op),
                op_span: Span::new(at, value),
                word: None,
                shape: Shape::Date,
                span: Span::before(value),
            },
            value,
        }
    }

    fn has_op(&self) -> bool {
        self.payload.op.is_some()
    }

    fn with(self, shape: Shape, end: usize) -> Payload {
        Payload {
            shape,
            span: Span::new(self.value, end),
            ..self.payload
        }
    }
}

/// Rows 1 to 8.
fn of_typed_key(scan: Scan<'_>, at: usize, negated: bool) -> Option<Payload> {
    let start = Start::at(scan, at);
    let value = start.value;
    if !negated {
        if let Some(end) = scan.iso_date(value) {
            return Some(start.with(Shape::Date, end));
        }
        if let Some(end) = scan.relative_date(value).filter(|_| !start.has_op()) {
            return Some(start.with(Shape::Relative, end));
        }
    }
    if let Some(measure) = scan.duration(value) {
        return Some(start.with(Shape::Duration(measure), measure.span().end));
    }
    if let Some(measure) = scan.size(value) {
        return Some(start.with(Shape::Size(measure), measure.span().end));
    }
    if !start.has_op() {
        if let Some(flag) = flag(scan, at) {
            return Some(flag);
        }
        if let Some((numbers, end)) = lists::numbers(scan, at) {
            return Some(start.with(Shape::Numbers(numbers), end));
        }
    }
    let number = scan.number(value)?;
    Some(start.with(Shape::Number(number), number.span().end))
}

/// Row 6.
fn flag(scan: Scan<'_>, at: usize) -> Option<Payload> {
    let end = scan.flag(at)?;
    Some(Start::at(scan, at).with(Shape::Flag, end))
}

/// Rows 9 to 14. There is no text behind an aggregate.
fn of_aggregate(scan: Scan<'_>, at: usize) -> Option<Payload> {
    let start = Start::at(scan, at);
    let value = start.value;
    let (shape, end) = if let Some(measure) = scan.duration(value) {
        (Shape::Duration(measure), measure.span().end)
    } else if let Some((number, end)) = percentage(scan, value) {
        (Shape::Percentage(number), end)
    } else if let Some(number) = scan.number(value) {
        (Shape::Number(number), number.span().end)
    } else if let Some(measure) = scan.size(value) {
        (Shape::Size(measure), measure.span().end)
    } else if let Some(end) = scan.iso_date(value) {
        (Shape::Date, end)
    } else {
        (Shape::Relative, scan.relative_date(value)?)
    };
    Some(start.with(shape, end))
}

fn percentage(scan: Scan<'_>, at: usize) -> Option<(Span, usize)> {
    let number = Span::new(at, scan.unsigned(at)?);
    Some((number, scan.literal(number.end, "%")?))
}

/// Rows 15 and 16.
fn of_word_key(scan: Scan<'_>, key: &RawKey, at: usize) -> Option<Payload> {
    let KeyShape::Name(name) = key.shape else {
        return None;
    };
    let (shape, end) = match name.of(scan.text) {
        "has" => match keys::operand(scan, at) {
            Some(operand) => {
                let end = operand.span.end;
                (Shape::Has(Some(operand)), end)
            }
            None => (Shape::Has(None), text(scan, at).span.end),
        },
        "is" => {
            let word = text(scan, at);
            (Shape::Is(word), word.span.end)
        }
        _ => return None,
    };
    Some(Payload {
        op: None,
        op_span: Span::before(at),
        word: None,
        shape,
        span: Span::new(at, end),
    })
}

/// Rows 17 and 18, which read anything.
fn of_any_key(scan: Scan<'_>, at: usize) -> Payload {
    let word = scan.word_op(at);
    let value = word.map_or(at, |(_, end)| end);
    let list = lists::texts(scan, value).map(|(texts, end)| (Shape::Texts(texts), end));
    if word.is_none() && list.is_none() {
        let start = Start::at(scan, at);
        let value = text(scan, start.value);
        return start.with(Shape::Text(value), value.span.end);
    }
    let (shape, end) = list.unwrap_or_else(|| {
        let value = text(scan, value);
        (Shape::Text(value), value.span.end)
    });
    Payload {
        op: None,
        op_span: Span::new(at, value),
        word: word.map(|(word, _)| word),
        shape,
        span: Span::new(value, end),
    }
}

fn text(scan: Scan<'_>, at: usize) -> RawText {
    let quoted = scan.quoted(at);
    RawText {
        span: Span::new(at, quoted.unwrap_or_else(|| scan.raw(at))),
        quoted: quoted.is_some(),
    }
}

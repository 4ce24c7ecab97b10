//! Reads lists (search spec, section 2.3).

use super::scan::{Numeral, Scan};
use super::span::Span;
use super::syntax::RawText;

/// A list of numbers and where it ends; nothing in it where an element is missing.
pub(super) fn numbers(scan: Scan<'_>, at: usize) -> Option<(Vec<Option<Numeral>>, usize)> {
    list(scan, at, |at| {
        let number = scan.number(at)?;
        Some((number, number.span().end))
    })
}

/// A list of texts and where it ends; nothing in it where an element is missing.
pub(super) fn texts(scan: Scan<'_>, at: usize) -> Option<(Vec<Option<RawText>>, usize)> {
    list(scan, at, |at| {
        let quoted = scan.quoted(at);
        let end = quoted.or_else(|| element(scan, at))?;
        let text = RawText {
            span: Span::new(at, end),
            quoted: quoted.is_some(),
        };
        Some((text, end))
    })
}

fn list<T>(
    scan: Scan<'_>,
    at: usize,
    element: impl Fn(usize) -> Option<(T, usize)>,
) -> Option<(Vec<Option<T>>, usize)> {
    let (first, mut at) = element(scan.literal(at, "[")?)?;
    let mut elements = vec![Some(first)];
    while let Some(comma) = scan.literal(scan.blanks(at), ",") {
        let start = scan.blanks(comma);
        if scan.literal(start, ",").is_some() {
            return None;
        }
        let next = element(start);
        at = next.as_ref().map_or(start, |&(_, end)| end);
        elements.push(next.map(|(element, _)| element));
    }
    let end = scan.literal(at, "]")?;
    scan.is_edge(end).then_some((elements, end))
}

/// The end of an element without quotes. It goes on as long as a `]`, or a comma after blanks, is still ahead in the
/// same run of characters, so a `]` inside belongs to the element when another end follows.
fn element(scan: Scan<'_>, at: usize) -> Option<usize> {
    let run = scan.run(at, |byte| !matches!(byte, b'(' | b')' | b',' | b' '));
    let end = if scan.literal(scan.blanks(run), ",").is_some() {
        run
    } else {
        at + scan.text.get(at..run)?.rfind(']')?
    };
    (end > at).then_some(end)
}

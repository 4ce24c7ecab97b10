//! Reads keys: plain and quoted ones, explicit tags, aggregates.

use super::filter::{Aggregate, TagKind, TagScope};
use super::scan::Scan;
use super::span::Span;
use super::syntax::{KeyShape, RawKey};

/// The key before a colon.
pub(super) fn filter_key(scan: Scan<'_>, at: usize) -> Option<RawKey> {
    operand(scan, at).map(|key| match (&key.shape, scan.byte(key.span.end)) {
        (KeyShape::Name(name), Some(b'(')) if *name == key.span => {
            aggregate(scan, *name).unwrap_or(key)
        }
        _ => key,
    })
}

/// The longest key at this place that is no aggregate.
pub(super) fn operand(scan: Scan<'_>, at: usize) -> Option<RawKey> {
    if let Some(end) = scan.quoted_key(at) {
        return Some(RawKey {
            shape: KeyShape::Name(Span::new(at + 1, end - 1)),
            span: Span::new(at, end),
        });
    }
    tag(scan, at).or_else(|| {
        let span = Span::new(at, scan.bare(at)?);
        Some(RawKey {
            shape: KeyShape::Name(span),
            span,
        })
    })
}

fn tag(scan: Scan<'_>, at: usize) -> Option<RawKey> {
    let tags = scan.literal(at, "tags[").map(|end| (TagScope::Tags, end));
    let (scope, inner) = tags.or_else(|| {
        let end = scan.literal(at, "flags[").filter(|_| scan.extensions)?;
        Some((TagScope::Flags, end))
    })?;
    let (name, end) = tag_name(scan, inner)?;
    let kind = tag_kind(scan, end);
    let closing = kind.map_or(end, |(_, end)| end);
    // Without a type a colon in the name has to be quoted.
    if kind.is_none() && name.start == inner && scan.bare(inner) != Some(end) {
        return None;
    }
    Some(RawKey {
        shape: KeyShape::Tag {
            scope,
            name,
            kind: kind.map(|(kind, _)| kind),
        },
        span: Span::new(at, scan.literal(closing, "]")?),
    })
}

/// The name without quotes, and where it ends with them.
fn tag_name(scan: Scan<'_>, at: usize) -> Option<(Span, usize)> {
    if let Some(end) = scan.quoted_key(at) {
        return Some((Span::new(at + 1, end - 1), end));
    }
    let end = if scan.extensions {
        scan.colon_key(at)?
    } else {
        scan.bare(at)?
    };
    Some((Span::new(at, end), end))
}

fn tag_kind(scan: Scan<'_>, at: usize) -> Option<(TagKind, usize)> {
    if !scan.extensions {
        return None;
    }
    let comma = scan.literal(scan.blanks(at), ",")?;
    let word = scan.blanks(comma);
    TagKind::ALL
        .into_iter()
        .find_map(|kind| Some((kind, scan.literal(word, kind.as_str())?)))
}

fn aggregate(scan: Scan<'_>, function: Span) -> Option<RawKey> {
    let mut at = scan.blanks(scan.literal(function.end, "(")?);
    let mut arguments = Vec::new();
    if let Some(end) = argument(scan, at) {
        arguments.push(Some(Span::new(at, end)));
        at = end;
        while let Some(comma) = scan.literal(scan.blanks(at), ",") {
            let start = scan.blanks(comma);
            let end = argument(scan, start);
            arguments.push(end.map(|end| Span::new(start, end)));
            at = end.unwrap_or(start);
        }
    }
    let end = scan.literal(scan.blanks(at), ")")?;
    Some(RawKey {
        shape: KeyShape::Aggregate {
            function,
            arguments,
        },
        span: Span::new(function.start, end),
    })
}

fn argument(scan: Scan<'_>, at: usize) -> Option<usize> {
    if let Some(end) = scan.quoted_without(at, |byte| matches!(byte, b'\t' | b'\n')) {
        return Some(end);
    }
    let end = scan.run(at, |byte| {
        !matches!(byte, b'(' | b')' | b'\t' | b'\n' | b' ' | b',' | b'"')
    });
    (end > at).then_some(end)
}

/// The aggregate that an alias stands for.
pub(super) fn alias_target(text: &str) -> Option<Aggregate> {
    let scan = Scan {
        text,
        extensions: false,
    };
    match filter_key(scan, 0)?.shape {
        KeyShape::Aggregate {
            function,
            arguments,
        } => {
            let arguments: Option<Vec<_>> = arguments
                .iter()
                .map(|argument| Some((*argument)?.of(text).to_owned()))
                .collect();
            Some(Aggregate::new(function.of(text), arguments?))
        }
        KeyShape::Name(_) | KeyShape::Tag { .. } => None,
    }
}

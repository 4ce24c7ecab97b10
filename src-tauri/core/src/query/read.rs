//! Reads items: words between them, groups, filters, free text (search spec, section 2). In every list of alternatives
//! the first that fits is taken.

use super::payload;
use super::scan::Scan;
use super::span::Span;
use super::syntax::{Connective, Group, Node, RawText, Syntax};

/// Parentheses within parentheses that are read. The grammar knows no bound, but what walks the result does.
pub(super) const DEEPEST: usize = 100;

/// Reads a whole text.
pub(super) fn read(text: &str, extensions: bool) -> Syntax {
    let mut reader = Reader {
        scan: Scan { text, extensions },
        depth: 0,
        too_deep: None,
    };
    let (nodes, end) = reader.items(reader.scan.blanks(0));
    Syntax {
        nodes,
        rest: Span::new(end, text.len()),
        too_deep: reader.too_deep,
    }
}

struct Reader<'t> {
    scan: Scan<'t>,
    depth: usize,
    too_deep: Option<usize>,
}

impl Reader<'_> {
    /// As many items as there are, with the blanks behind them.
    fn items(&mut self, mut at: usize) -> (Vec<Node>, usize) {
        let mut nodes = Vec::new();
        while let Some((node, end)) = self.item(at) {
            nodes.push(node);
            at = self.scan.blanks(end);
        }
        (nodes, at)
    }

    fn item(&mut self, at: usize) -> Option<(Node, usize)> {
        if let Some((word, end)) = connective(self.scan, at) {
            return Some((Node::Connective(word, Span::new(at, end)), end));
        }
        if let Some(group) = self.group(at) {
            let end = group.span.end;
            return Some((Node::Group(group), end));
        }
        if let Some(filter) = payload::filter(self.scan, at) {
            let end = filter.span.end;
            return Some((Node::Filter(Box::new(filter)), end));
        }
        let text = self.free_text(at)?;
        let end = text.span.end;
        Some((Node::Text(trimmed(self.scan.text, text)), end))
    }

    fn group(&mut self, at: usize) -> Option<Group> {
        let inner = self.open(at)?;
        let (nodes, end) = self.items(self.scan.blanks(inner));
        self.depth -= 1;
        let end = self.scan.literal(end, ")")?;
        (!nodes.is_empty()).then_some(Group {
            nodes,
            span: Span::new(at, end),
        })
    }

    /// Free text with the blanks behind it.
    fn free_text(&mut self, start: usize) -> Option<RawText> {
        if let Some(end) = self.scan.quoted(start) {
            return Some(RawText {
                span: Span::new(start, end),
                quoted: true,
            });
        }
        let mut at = start;
        while let Some(end) = self.free_piece(at) {
            at = self.scan.blanks(end);
        }
        (at > start).then_some(RawText {
            span: Span::new(start, at),
            quoted: false,
        })
    }

    /// A word of free text, or a parenthesis in it.
    fn free_piece(&mut self, at: usize) -> Option<usize> {
        if connective(self.scan, at).is_some() || payload::filter(self.scan, at).is_some() {
            return None;
        }
        if self.scan.byte(at) == Some(b'(') {
            return self.free_parentheses(at);
        }
        let end = self
            .scan
            .run(at, |byte| !matches!(byte, b'(' | b')' | b'\n' | b' '));
        (end > at).then_some(end)
    }

    fn free_parentheses(&mut self, at: usize) -> Option<usize> {
        let inner = self.open(at)?;
        let end = self.free_text(inner).map_or(inner, |text| text.span.end);
        self.depth -= 1;
        self.scan.literal(end, ")")
    }

    /// The place behind an opening parenthesis, one level deeper. Where it is too deep nothing more is opened, so that
    /// reading ends soon.
    fn open(&mut self, at: usize) -> Option<usize> {
        let inner = self.scan.literal(at, "(")?;
        if self.depth == DEEPEST {
            self.too_deep.get_or_insert(at);
        }
        if self.too_deep.is_some() {
            return None;
        }
        self.depth += 1;
        Some(inner)
    }
}

/// `and` and `or` in any letter case, `NOT` in capitals, where nothing is glued to them.
pub(super) fn connective(scan: Scan<'_>, at: usize) -> Option<(Connective, usize)> {
    for (word, connective) in [("or", Connective::Or), ("and", Connective::And)] {
        if let Some(end) = scan.any_case(at, word).filter(|&end| scan.is_edge(end)) {
            return Some((connective, end));
        }
    }
    let end = scan.literal(at, "NOT")?;
    (scan.is_edge(end) || scan.byte(end) == Some(b'(')).then_some((Connective::Not, end))
}

/// Without the blanks around it; those inside quotes stay.
fn trimmed(text: &str, raw: RawText) -> RawText {
    let end = raw.span.start + raw.span.of(text).trim_end_matches(' ').len();
    RawText {
        span: Span::new(raw.span.start, end),
        ..raw
    }
}

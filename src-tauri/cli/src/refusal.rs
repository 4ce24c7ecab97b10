//! A search text that cannot be understood, shown with the places that are wrong.

use crate::output::printable;
use picket_core::query::Problem;
use std::fmt::{self, Display, Formatter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A refused search text with its problems. It is several lines long.
#[derive(Debug)]
pub struct Refusal {
    text: String,
    problems: Vec<Problem>,
}

impl Refusal {
    pub fn new(text: &str, problems: Vec<Problem>) -> Self {
        Self {
            text: text.to_owned(),
            problems,
        }
    }
}

impl std::error::Error for Refusal {}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "error while parsing the search query")?;
        for problem in &self.problems {
            let span = problem.span;
            let before = self.text.get(..span.start).unwrap_or_default();
            let marked = self.text.get(span.start..span.end).unwrap_or_default();
            // A place between two characters is shown as the one behind it.
            let tildes = one_line(marked).width().max(1);
            write!(f, "\n  {}", one_line(&self.text))?;
            let indent = one_line(before).width();
            write!(f, "\n  {}{}", " ".repeat(indent), "~".repeat(tildes))?;
            write!(f, "\n  {}", printable(&problem.message))?;
            if let Some(fix) = &problem.fix {
                write!(f, "\n  Try: {}", one_line(&fix.apply(&self.text)))?;
            }
        }
        Ok(())
    }
}

/// The text on one line of a terminal, in which every character has its place.
fn one_line(text: &str) -> String {
    let visible = |character: char| match character {
        '\n' => '␊',
        '\t' => '␉',
        other if other.width().is_none() => '\u{fffd}',
        other => other,
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use picket_core::query::{Fix, ProblemCode, Span};

    fn refusal(text: &str, part: &str, fix: Option<&str>) -> String {
        let start = text.find(part).unwrap();
        let span = Span::new(start, start + part.len());
        let fix = fix.map(|fix| Fix::new(span, fix));
        let problem = Problem::new(ProblemCode::IsUnknown, span, "No such word.").with_fix(fix);
        Refusal::new(text, vec![problem]).to_string()
    }

    #[test]
    fn the_place_is_marked_and_the_fix_written_out() {
        let shown = refusal("is:wrong timeout", "wrong", Some("resolved"));
        let lines: Vec<&str> = shown.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "  is:wrong timeout",
                "     ~~~~~",
                "  No such word.",
                "  Try: is:resolved timeout"
            ]
        );
    }

    #[test]
    fn marks_stand_below_wide_and_invisible_characters() {
        // Two columns a letter.
        assert_eq!(
            refusal("漢字 x", "x", None).lines().nth(2),
            Some("       ~")
        );
        let shown = refusal("a\nb\u{1b}[2J x", "x", None);
        assert_eq!(shown.lines().nth(1), Some("  a␊b\u{fffd}[2J x"));
        assert_eq!(shown.lines().nth(2), Some("          ~"));
    }

    #[test]
    fn an_empty_place_has_a_mark() {
        let problem = Problem::new(ProblemCode::EmptyValue, Span::before(3), "Nothing there.");
        let shown = Refusal::new("is:", vec![problem]).to_string();
        assert_eq!(shown.lines().nth(2), Some("     ~"));
    }
}

//! What people wrote on issues.

use super::values;
use crate::query::{Filter, Pattern, Problem};
use crate::search::condition::TextTest;

/// The labels a filter names, in lower case as labels are. A pattern minds no case anyway.
pub(super) fn labels(filter: &Filter) -> Result<Vec<TextTest>, Problem> {
    values::only_equality(filter)?;
    let tests = values::text_tests(filter).into_iter();
    let folded = tests.map(|test| match test {
        TextTest::Is(text) => TextTest::Is(text.trim().to_lowercase()),
        pattern @ TextTest::Like(_) => pattern,
    });
    Ok(folded.collect())
}

/// What notes hold: a value stands anywhere in a note, in any case, as it does in a message.
pub(super) fn notes(filter: &Filter) -> Result<Vec<TextTest>, Problem> {
    values::only_equality(filter)?;
    let tests = values::text_tests(filter).into_iter();
    let within = tests.map(|test| {
        let pieces = match test {
            TextTest::Is(text) => vec![text],
            TextTest::Like(pattern) => pattern.pieces,
        };
        let end = || std::iter::once(String::new());
        let pieces = end().chain(pieces).chain(end()).collect();
        TextTest::Like(Pattern { pieces })
    });
    Ok(within.collect())
}

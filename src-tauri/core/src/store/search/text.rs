//! Comparisons of texts. Patterns become regular expressions in SQLite, whose own `LIKE` knows the case of ASCII letters
//! only, and `LIKE` in PostgreSQL.

use super::sql::{Dialect, Sql};
use crate::model::fold;
use crate::query::Pattern;
use crate::search::TextTest;

/// What a text that is not there counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The empty text, as with tags.
    Empty,
    /// Nothing: no value and no pattern matches it.
    Nothing,
}

/// One of `tests` matches a whole text that may be null.
pub(super) fn any_of(sql: &mut Sql, tests: &[TextTest], missing: Missing, text: &dyn Fn(&mut Sql)) {
    either(
        sql,
        tests,
        |sql, exact| {
            sql.push("coalesce(");
            text(sql);
            match missing {
                Missing::Empty => sql.push(", '') IN ").words(exact),
                Missing::Nothing => sql.push(" IN ").words(exact).push(", 1 = 0)"),
            };
        },
        |sql, pattern| whole(sql, pattern, missing, text),
    );
}

/// One of `tests` matches `e.value`. Patterns mind the case here.
pub(super) fn any_element(sql: &mut Sql, tests: &[TextTest]) {
    either(
        sql,
        tests,
        |sql, exact| {
            sql.push("e.value IN ").words(exact);
        },
        |sql, pattern| match sql.dialect {
            Dialect::Sqlite => {
                sql.push("e.value REGEXP ")
                    .word(&expression(pattern, "(?s)^", "$", str::to_owned));
            }
            Dialect::Postgres => {
                let like = like(pattern, str::to_owned);
                sql.push("e.value LIKE ").word(&like).push(r" ESCAPE '\'");
            }
        },
    );
}

/// A test of all exact texts at once, or one of each pattern.
fn either(
    sql: &mut Sql,
    tests: &[TextTest],
    one_of: impl Fn(&mut Sql, Vec<&str>),
    matches: impl Fn(&mut Sql, &Pattern),
) {
    let exact: Vec<&str> = exact(tests).collect();
    let exact = (!exact.is_empty()).then_some(Either::OneOf(exact));
    let each = exact
        .into_iter()
        .chain(patterns(tests).map(Either::Matches));
    sql.joined(each, " OR ", "1 = 0", |sql, test| match test {
        Either::OneOf(exact) => one_of(sql, exact),
        Either::Matches(pattern) => matches(sql, pattern),
    });
}

enum Either<'a> {
    OneOf(Vec<&'a str>),
    Matches(&'a Pattern),
}

fn exact(tests: &[TextTest]) -> impl Iterator<Item = &str> {
    tests.iter().filter_map(|test| match test {
        TextTest::Is(text) => Some(text.as_str()),
        TextTest::Like(_) => None,
    })
}

fn patterns(tests: &[TextTest]) -> impl Iterator<Item = &Pattern> {
    tests.iter().filter_map(|test| match test {
        TextTest::Like(pattern) => Some(pattern),
        TextTest::Is(_) => None,
    })
}

/// The whole text matches, whatever the case.
fn whole(sql: &mut Sql, pattern: &Pattern, missing: Missing, text: &dyn Fn(&mut Sql)) {
    sql.push("coalesce(");
    let matches = |sql: &mut Sql| match sql.dialect {
        Dialect::Sqlite => {
            let expression = expression(pattern, "(?is)^", "$", str::to_owned);
            sql.push(" REGEXP ").word(&expression);
        }
        Dialect::Postgres => {
            let like = like(pattern, fold);
            sql.push(r#" COLLATE "und-x-icu"), 'ς', 'σ') LIKE "#)
                .word(&like)
                .push(r" ESCAPE '\'");
        }
    };
    sql.push_either("", "replace(lower(");
    match missing {
        Missing::Empty => {
            sql.push("coalesce(");
            text(sql);
            sql.push(", '')");
            matches(sql);
        }
        Missing::Nothing => {
            text(sql);
            matches(sql);
        }
    }
    sql.push(", 1 = 0)");
}

/// Somewhere in `text`, which is in lower case and never null, stands what `test` says.
pub(super) fn contains(sql: &mut Sql, test: &TextTest, text: &dyn Fn(&mut Sql)) {
    match (test, sql.dialect) {
        (TextTest::Is(wanted), Dialect::Sqlite) => {
            sql.push("instr(");
            text(sql);
            sql.push(", ").word(&fold(wanted)).push(") > 0");
        }
        (TextTest::Is(wanted), Dialect::Postgres) => {
            sql.push("position(").word(&fold(wanted)).push(" IN ");
            text(sql);
            sql.push(") > 0");
        }
        (TextTest::Like(pattern), Dialect::Sqlite) => {
            sql.push("(");
            text(sql);
            let expression = expression(pattern, "(?s)", "", fold);
            sql.push(") REGEXP ").word(&expression);
        }
        (TextTest::Like(pattern), Dialect::Postgres) => {
            sql.push("(");
            text(sql);
            let like = format!("%{}%", like(pattern, fold));
            sql.push(") LIKE ").word(&like).push(r" ESCAPE '\'");
        }
    }
}

/// A regular expression for a pattern. Its cost is linear in the text.
fn expression(
    pattern: &Pattern,
    before: &str,
    behind: &str,
    fold: impl Fn(&str) -> String,
) -> String {
    let pieces = pattern.pieces.iter();
    let pieces: Vec<_> = pieces.map(|piece| escaped(&fold(piece))).collect();
    format!("{before}{}{behind}", pieces.join(".*"))
}

/// Literal text as a regular expression.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A `LIKE` pattern with `\` as its escape character.
fn like(pattern: &Pattern, fold: impl Fn(&str) -> String) -> String {
    let pieces = pattern.pieces.iter();
    let pieces: Vec<_> = pieces.map(|piece| like_literal(&fold(piece))).collect();
    pieces.join("%")
}

/// Literal text inside a `LIKE` pattern.
pub(super) fn like_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            literal.push('\\');
        }
        literal.push(character);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(pieces: &[&str]) -> Pattern {
        Pattern {
            pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
        }
    }

    #[test]
    fn what_has_a_meaning_in_a_pattern_is_escaped() {
        let odd = pattern(&["a.b", "50%_\\", ""]);
        assert_eq!(
            expression(&odd, "^", "$", str::to_owned),
            r"^a\.b.*50\%\_\\.*$"
        );
        assert_eq!(like(&odd, str::to_owned), r"a.b%50\%\_\\%");
    }
}

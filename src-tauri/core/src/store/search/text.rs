//! Comparisons of texts. Patterns become regular expressions in SQLite, whose own `LIKE` knows the case of ASCII letters
//! only, and `LIKE` in PostgreSQL.

use super::sql::{Dialect, Sql};
use crate::query::Pattern;
use crate::search::TextTest;

/// One of `tests` matches a whole text that may be null, which is then the empty text.
pub(super) fn any_of(sql: &mut Sql, tests: &[TextTest], text: &dyn Fn(&mut Sql)) {
    let exact: Vec<&str> = exact(tests).collect();
    let patterns: Vec<&Pattern> = patterns(tests).collect();
    sql.push("(");
    if !exact.is_empty() {
        sql.push("coalesce(");
        text(sql);
        sql.push(", '') IN ").words(exact.iter().copied());
    }
    for (place, pattern) in patterns.iter().enumerate() {
        if place > 0 || !exact.is_empty() {
            sql.push(" OR ");
        }
        whole(sql, pattern, text);
    }
    if exact.is_empty() && patterns.is_empty() {
        sql.push("1 = 0");
    }
    sql.push(")");
}

/// One of `tests` matches `e.value`. Patterns mind the case here.
pub(super) fn any_element(sql: &mut Sql, tests: &[TextTest]) {
    let exact: Vec<&str> = exact(tests).collect();
    sql.push("(e.value IN ").words(exact);
    for pattern in patterns(tests) {
        sql.push(" OR ");
        match sql.dialect {
            Dialect::Sqlite => {
                sql.push("e.value REGEXP ")
                    .word(&expression(pattern, "(?s)^", "$", str::to_owned));
            }
            Dialect::Postgres => {
                let like = like(pattern, str::to_owned);
                sql.push("e.value LIKE ").word(&like).push(r" ESCAPE '\'");
            }
        }
    }
    sql.push(")");
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
fn whole(sql: &mut Sql, pattern: &Pattern, text: &dyn Fn(&mut Sql)) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("coalesce(");
            text(sql);
            let expression = expression(pattern, "(?is)^", "$", str::to_owned);
            sql.push(", '') REGEXP ").word(&expression);
        }
        Dialect::Postgres => {
            sql.push("lower(coalesce(");
            text(sql);
            let like = like(pattern, str::to_lowercase);
            sql.push(r#", '') COLLATE "und-x-icu") LIKE "#)
                .word(&like)
                .push(r" ESCAPE '\'");
        }
    }
}

/// Somewhere in `text`, which is in lower case and never null, stands what `test` says.
pub(super) fn contains(sql: &mut Sql, test: &TextTest, text: &dyn Fn(&mut Sql)) {
    match (test, sql.dialect) {
        (TextTest::Is(wanted), Dialect::Sqlite) => {
            sql.push("instr(");
            text(sql);
            sql.push(", ").word(&wanted.to_lowercase()).push(") > 0");
        }
        (TextTest::Is(wanted), Dialect::Postgres) => {
            sql.push("position(")
                .word(&wanted.to_lowercase())
                .push(" IN ");
            text(sql);
            sql.push(") > 0");
        }
        (TextTest::Like(pattern), Dialect::Sqlite) => {
            sql.push("(");
            text(sql);
            let expression = expression(pattern, "(?s)", "", str::to_lowercase);
            sql.push(") REGEXP ").word(&expression);
        }
        (TextTest::Like(pattern), Dialect::Postgres) => {
            sql.push("(");
            text(sql);
            let like = format!("%{}%", like(pattern, str::to_lowercase));
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

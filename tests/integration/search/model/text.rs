//! Text values (search spec, section 3.3).

/// Whether a typed value is a pattern, `*` in it a wildcard: one after an even number of backslashes.
pub fn is_pattern(typed: &str) -> bool {
    let characters: Vec<char> = typed.chars().collect();
    (0..characters.len()).any(|at| {
        let before = characters[..at].iter().rev();
        let backslashes = before.take_while(|before| **before == '\\').count();
        characters[at] == '*' && backslashes % 2 == 0
    })
}

/// What a value without a wildcard stands for.
pub fn literal(typed: &str) -> String {
    typed.replace("\\*", "*")
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    /// Any run of characters.
    Any,
    One(char),
}

/// Whether a pattern covers the whole text.
pub fn covers(typed: &str, text: &str, minds_case: bool) -> bool {
    let pattern = if minds_case {
        pieces(typed)
    } else {
        folded(&pieces(typed))
    };
    let text: Vec<char> = if minds_case {
        text.chars().collect()
    } else {
        lower(text).collect()
    };
    matches(&pattern, &text)
}

/// Whether a pattern stands anywhere in the text, whatever the case.
pub fn stands_in(typed: &str, text: &str) -> bool {
    let mut pattern = vec![Piece::Any];
    pattern.extend(folded(&pieces(typed)));
    pattern.push(Piece::Any);
    let text: Vec<char> = lower(text).collect();
    matches(&pattern, &text)
}

fn pieces(typed: &str) -> Vec<Piece> {
    let mut characters = typed.chars();
    let mut pieces = Vec::new();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '*' => Piece::Any,
            '\\' => Piece::One(characters.next().unwrap_or('\\')),
            other => Piece::One(other),
        });
    }
    pieces
}

fn folded(pieces: &[Piece]) -> Vec<Piece> {
    let pieces = pieces.iter().flat_map(|piece| match piece {
        Piece::Any => vec![Piece::Any],
        Piece::One(one) => lower(&one.to_string()).map(Piece::One).collect(),
    });
    pieces.collect()
}

/// Characters whatever their case: one sigma, wherever it stands in a word.
fn lower(text: &str) -> impl Iterator<Item = char> {
    let each = text.chars().flat_map(char::to_lowercase);
    each.map(|character| if character == 'ς' { 'σ' } else { character })
}

/// Which beginnings of the text each beginning of the pattern covers, one piece after the other.
fn matches(pattern: &[Piece], text: &[char]) -> bool {
    let mut covered = vec![false; text.len() + 1];
    covered[0] = true;
    for piece in pattern {
        covered = match piece {
            Piece::Any => covered
                .iter()
                .scan(false, |any, covered| {
                    *any |= covered;
                    Some(*any)
                })
                .collect(),
            Piece::One(one) => std::iter::once(false)
                .chain(
                    text.iter()
                        .zip(&covered)
                        .map(|(at, covered)| *covered && at == one),
                )
                .collect(),
        };
    }
    covered[text.len()]
}

#[test]
fn the_table_of_the_specification() {
    for (typed, pattern, yes, no) in [
        (r"foo*bar", true, "foo and bar", "bar foo"),
        (r"foo\*bar", false, "foo*bar", "fooxbar"),
        (r"foo\\*bar", true, r"foo\xbar", "fooxbar"),
        (r"foo\\\*bar", false, r"foo\\*bar", r"foo\*bar"),
        (r"*\**", true, "a*b", "ab"),
    ] {
        assert_eq!(is_pattern(typed), pattern, "{typed}");
        let holds = |text: &str| match pattern {
            true => covers(typed, text, true),
            false => literal(typed) == text,
        };
        assert!(holds(yes) && !holds(no), "{typed}");
    }
}

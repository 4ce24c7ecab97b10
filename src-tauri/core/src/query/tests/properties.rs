//! What holds for every text.

use super::printing::bare;
use super::{NOW, issues, plain, spans};
use crate::query::{ProblemCode, SearchConfig, completion_at, parse, print, print_tree, tokens};
use proptest::prelude::*;

/// Texts in which everything the language knows is likely to meet.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            " ", " ", " ", "(", ")", "\"", "\\\"", "\\", "*", ":", "!", "[", "]", ",", ", ", "\t", "\n", "é", "🦀",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "OR", "and", "NOT", "not", "is:", "has:", "level:", "times_seen:", "age:", "stack.in_app:", "tags[x]:",
            "tags[x,number]:", "flags[y, boolean]:", "\"a:b\":", "release.version:", "count():", "p95(a, \"b c\"):",
            "failure_rate():", "last_seen():", "transaction.duration:", "message:", "f(a,", "!level:", "is:[new, ",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "5", "-2w", "+7d", "2020-01-01", "2020-02-31T10:00:00Z", "1.5k", "3s", "5kb", "10%", "true", "0", ">", ">=",
            "=", "!=", "<", "[a, b]", "[1,2,]", "[x", "resolved", "unresolvd", "\"two words\"", "a*b", "word",
            "\u{F00D}Contains\u{F00D}",
        ]).prop_map(str::to_owned),
        1 => "[a-c]{1,3}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn configs() -> Vec<SearchConfig> {
    let mut strict = issues();
    strict.allow_boolean = false;
    strict.allowed_keys = ["level".into(), "times_seen".into(), "message".into()].into();
    vec![plain(), issues(), spans(), strict]
}

fn is_place(text: &str, span: crate::query::Span) -> bool {
    text.get(span.start..span.end).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics_and_every_place_lies_inside_it(text in texts()) {
        for config in configs() {
            let stretches = tokens(&text, &config);
            let mut end = 0;
            for token in stretches {
                prop_assert!(is_place(&text, token.span) && !token.span.is_empty());
                prop_assert!(token.span.start >= end);
                prop_assert!(text[end..token.span.start].trim_matches(' ').is_empty(), "only blanks between");
                end = token.span.end;
            }
            prop_assert!(text[end..].trim_matches(' ').is_empty());
            for caret in 0..=text.len() {
                let found = completion_at(&text, caret, &config);
                prop_assert!(is_place(&text, found.replace), "{:?}", found.replace);
                prop_assert!(found.replace.start <= caret);
            }
            for problem in parse(&text, &config, NOW).err().unwrap_or_default() {
                prop_assert!(is_place(&text, problem.span), "{problem:?}");
                if let Some(fix) = problem.fix {
                    prop_assert!(is_place(&text, fix.span), "{fix:?}");
                }
            }
        }
    }

    #[test]
    fn any_characters_can_be_read(text in "\\PC{0,40}") {
        for config in configs() {
            if let Err(problems) = parse(&text, &config, NOW) {
                prop_assert!(!problems.is_empty());
            }
        }
    }

    #[test]
    fn a_fix_makes_its_problem_vanish(text in texts()) {
        for config in configs() {
            let problems = parse(&text, &config, NOW).err().unwrap_or_default();
            let count = |problems: &[crate::query::Problem], code| {
                problems.iter().filter(|problem| problem.code == code).count()
            };
            for problem in &problems {
                let Some(fix) = &problem.fix else { continue };
                let text = fix.apply(&text);
                let left = parse(&text, &config, NOW).err().unwrap_or_default();
                if problem.code == ProblemCode::ParseError {
                    // It may show what was hidden behind it, further on.
                    prop_assert!(left.iter().all(|other| other.code != problem.code || other.span.start > problem.span.start));
                } else if !left.iter().chain(&problems).any(|other| other.code == ProblemCode::ParseError) {
                    prop_assert!(
                        count(&left, problem.code) < count(&problems, problem.code),
                        "{problem:?} is still there in {text:?}: {left:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(text in texts()) {
        for config in configs() {
            let Ok(query) = parse(&text, &config, NOW) else { continue };
            let printed = print(&query.items, &config);
            let again = parse(&printed, &config, NOW);
            let again = again.map_err(|problems| TestCaseError::fail(format!("{printed:?}: {problems:?}")))?;
            prop_assert_eq!(bare(&again.tree()), bare(&query.tree()), "{}", printed);
            prop_assert_eq!(print(&again.items, &config), printed);
            let printed = print_tree(&query.tree(), &config);
            let again = parse(&printed, &config, NOW);
            let again = again.map_err(|problems| TestCaseError::fail(format!("{printed:?}: {problems:?}")))?;
            prop_assert_eq!(bare(&again.tree()), bare(&query.tree()), "{}", printed);
        }
    }
}

//! How much a search may ask.

use super::super::limits::{LONGEST_VALUE, MOST_CONDITIONS, MOST_STARS};
use super::*;

#[track_caller]
fn is_too_much(text: &str, part: &str) {
    let problem = search_with(text, &known()).unwrap_err();
    assert_eq!(problem.code.as_str(), "bad_request");
    assert_eq!(problem.span.of(text), part);
}

#[test]
fn a_value_has_a_longest_length() {
    for letter in ["a", "é"] {
        let longest = letter.repeat(LONGEST_VALUE);
        assert_eq!(
            only(&format!("browser:{longest}")),
            tag("browser", vec![is(&longest)])
        );
        let longer = format!("{longest}{letter}");
        is_too_much(&format!("x browser:{longer}"), &longer);
        is_too_much(&format!("message:[a, {longer}]"), &format!("[a, {longer}]"));
        is_too_much(&longer, &longer);
    }
}

#[test]
fn a_value_has_a_number_of_wildcards() {
    let most = "*a".repeat(MOST_STARS);
    let Condition::Event(EventTest::Text(_, tests)) = only(&format!("browser:{most}")) else {
        panic!("no text");
    };
    assert!(matches!(&*tests, [TextTest::Like(pattern)] if pattern.pieces.len() == MOST_STARS + 1));
    is_too_much(&format!("browser:{most}*"), &format!("{most}*"));
    // Stars that stand for themselves are no wildcards.
    let stars = r"\*".repeat(MOST_STARS + 1);
    assert_eq!(
        only(&format!("browser:{stars}")),
        tag("browser", vec![is(&"*".repeat(MOST_STARS + 1))])
    );
}

#[test]
fn a_search_has_a_number_of_conditions() {
    let terms = |count: usize| vec!["a:1"; count].join(" ");
    assert!(search_with(&terms(MOST_CONDITIONS), &known()).is_ok());
    is_too_much(&format!("{} b:2", terms(MOST_CONDITIONS)), "2");
    // Values that are looked for at once are one condition, patterns are not.
    let list = |value: &str, count: usize| format!("a:[{}]", vec![value; count].join(","));
    assert!(search_with(&list("x", 10_000), &known()).is_ok());
    assert!(search_with(&list("x*", MOST_CONDITIONS), &known()).is_ok());
    let patterns = list("x*", MOST_CONDITIONS + 1);
    is_too_much(&patterns, &patterns[2..]);
    let ids = vec!["5"; 10_000].join(",");
    assert!(search_with(&format!("issue.id:[{ids}]"), &known()).is_ok());
    assert!(search_with(&format!("times_seen:[{ids}]"), &known()).is_err());
}

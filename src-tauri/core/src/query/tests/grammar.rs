//! Section 2: items, words, groups, free text.

use super::{issues, plain, read_as, seen};

#[test]
fn nothing_is_asked_by_nothing() {
    read_as(
        &plain(),
        &[("", ""), ("    ", ""), ("\"\"", ""), ("\"\"\"\"", "")],
    );
}

#[test]
fn items_need_no_blank_between_them() {
    read_as(
        &plain(),
        &[
            ("url:\"te\"st", "url = 'te'; message = 'st'"),
            ("a:1(b:2)c", "a = '1'; (b = '2'); message = 'c'"),
            ("a:\"x\"b:\"y\"", "a = 'x'; b = 'y'"),
            ("\"x\"a:1", "message = 'x'; a = '1'"),
            ("  a:1   b:2  ", "a = '1'; b = '2'"),
        ],
    );
}

#[test]
fn free_text_runs_until_the_next_filter_or_word() {
    read_as(
        &plain(),
        &[
            (
                "hello what a:b when",
                "message = 'hello what'; a = 'b'; message = 'when'",
            ),
            ("hello   there", "message = 'hello   there'"),
            ("  hello there  ", "message = 'hello there'"),
            (
                "disk full and hot",
                "message = 'disk full'; AND; message = 'hot'",
            ),
            (
                "disk full NOT hot",
                "message = 'disk full'; NOT; message = 'hot'",
            ),
            ("über größe:1", "message = 'über größe:1'"),
            ("! a", "message = '! a'"),
            ("!(a b)", "message = '!(a b)'"),
            (":value", "message = ':value'"),
        ],
    );
}

#[test]
fn a_tab_belongs_to_free_text() {
    read_as(
        &plain(),
        &[
            ("release:a\trelease", "release = 'a'; message = '\trelease'"),
            ("\ta:1", "message = '\ta:1'"),
            ("a\tb\t", "message = 'a\tb\t'"),
        ],
    );
}

#[test]
fn a_line_break_outside_quotes_is_left_over() {
    read_as(
        &plain(),
        &[
            ("release:a\nrelease", "! parse_error"),
            ("a\n", "! parse_error"),
            ("\n", "! parse_error"),
            ("a OR\nb", "! parse_error"),
            ("release:\"a\nrelease\"", "release = 'a\nrelease'"),
            ("release:\"a\trelease\"", "release = 'a\trelease'"),
            ("\"a\nb\"", "message = 'a\nb'"),
        ],
    );
}

#[test]
fn a_quoted_text_is_an_item_and_keeps_its_blanks() {
    read_as(
        &plain(),
        &[
            ("\" \"", "message = ' '"),
            ("\"\"woof\"", "message = 'woof\"'"),
            ("\"a  b\" \"c\"", "message = 'a  b'; message = 'c'"),
            ("\"a b\" c d", "message = 'a b'; message = 'c d'"),
            ("\"a:b c\"", "message = 'a:b c'"),
            ("\"say \\\"hi\\\"\"", "message = 'say \"hi\"'"),
            ("\"\\\"", "message = '\"\\\"'"),
            ("end\"", "message = 'end\"'"),
            ("\"beginning", "message = '\"beginning'"),
            ("\"", "message = '\"'"),
            ("say \"hi there\"", "message = 'say \"hi there\"'"),
            ("back\\\"slash", "message = 'back\\\"slash'"),
        ],
    );
}

#[test]
fn a_parenthesis_after_text_belongs_to_it_and_one_at_the_start_is_a_group() {
    read_as(
        &plain(),
        &[
            ("function(app/x)", "message = 'function(app/x)'"),
            ("f(a b) c", "message = 'f(a b) c'"),
            ("f(\"a b\")", "message = 'f(\"a b\")'"),
            ("f(g(h(i)))", "message = 'f(g(h(i)))'"),
            ("(a b)", "(message = 'a b')"),
            ("( a b )", "(message = 'a b')"),
            ("((a))", "((message = 'a'))"),
            ("()", "message = '()'"),
            ("() a", "message = '() a'"),
            ("(()a)", "(message = '()a')"),
            ("a (b:1)", "message = 'a'; (b = '1')"),
            ("a(b:1)", "message = 'a'; (b = '1')"),
            ("a:b(c)", "a = 'b'; (message = 'c')"),
            ("(a)b", "(message = 'a'); message = 'b'"),
            ("(\"\")", "()"),
        ],
    );
}

#[test]
fn parentheses_that_do_not_match_are_left_over() {
    read_as(
        &plain(),
        &[
            ("(a:1", "! parse_error"),
            ("(a b", "! parse_error"),
            ("a:1)", "! parse_error"),
            (")", "! parse_error"),
            ("( )", "! parse_error"),
            ("f(a", "! parse_error"),
            ("a) (b", "! parse_error"),
        ],
    );
}

#[test]
fn words_are_words_only_at_an_edge() {
    read_as(
        &plain(),
        &[
            ("a:1 OR b:2", "a = '1'; OR; b = '2'"),
            ("a:1 oR b:2", "a = '1'; OR; b = '2'"),
            ("a:1 And b:2", "a = '1'; AND; b = '2'"),
            ("a:1 OR\tb", "a = '1'; OR; message = '\tb'"),
            ("(a:1 AND b:2)", "(a = '1'; AND; b = '2')"),
            (
                "order:1 android NOTE",
                "order = '1'; message = 'android NOTE'",
            ),
            ("or:1", "or = '1'"),
            ("a:1 or(b:2)", "a = '1'; message = 'or'; (b = '2')"),
            ("xor", "message = 'xor'"),
            ("not found", "message = 'not found'"),
            ("Not found", "message = 'Not found'"),
            ("NOT found", "NOT; message = 'found'"),
            ("\"NOT found\"", "message = 'NOT found'"),
            ("NOT(a:1)", "NOT; (a = '1')"),
            ("NOT:1", "NOT = '1'"),
            ("NOT!a:1", "message = 'NOT!a:1'"),
            ("f(a)OR b", "message = 'f(a)'; OR; message = 'b'"),
        ],
    );
}

#[test]
fn keys_have_no_blank() {
    read_as(
        &plain(),
        &[
            ("has:\"hi there\"", "! has_needs_key"),
            ("\"hi there\":1", "message = 'hi there'; message = ':1'"),
            ("hi there:1", "message = 'hi'; there = '1'"),
        ],
    );
}

#[test]
fn groups_may_stand_within_each_other_up_to_a_bound() {
    let nested = |depth: usize| format!("{}a:1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(seen(&nested(100), &plain()).contains("a = '1'"));
    assert_eq!(seen(&nested(101), &plain()), "! parse_error");
    assert_eq!(seen(&nested(100_000), &plain()), "! parse_error");
    let text = format!("f{}x{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(seen(&text, &plain()), "! parse_error");
}

#[test]
fn a_long_text_that_cannot_be_read_is_given_up_soon() {
    for piece in ["(a ", "(a:1 ", "(\"\"", "a(", "NOT ", "a(b,", "x:[b, "] {
        let text = piece.repeat(300);
        let started = std::time::Instant::now();
        seen(&text, &issues());
        assert!(started.elapsed().as_secs() < 5, "{piece:?}");
    }
}

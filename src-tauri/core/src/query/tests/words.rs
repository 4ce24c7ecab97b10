//! Section 2.4: `has:` and `is:`.

use super::{issues, plain, problems, read_as};

#[test]
fn has_asks_for_any_value() {
    read_as(
        &plain(),
        &[
            ("has:release", "release != ''"),
            ("!has:release", "release = ''"),
            ("has:\"hi:there\"", "hi:there != ''"),
            ("!has:\"hi:there\"", "hi:there = ''"),
            ("has:tags[fruit]", "tags[fruit] != ''"),
            ("has:tags[\"a:b\"]", "tags[a:b] != ''"),
            (
                "has:timestamp has:project_id has:stack.in_app",
                "timestamp != ''; project_id != ''; stack.in_app != ''",
            ),
        ],
    );
}

#[test]
fn what_is_glued_to_the_key_is_the_next_item() {
    read_as(
        &plain(),
        &[
            ("has:foo*", "foo != ''; message = '*'"),
            ("has:foo:bar", "foo != ''; message = ':bar'"),
            ("has:tags[foo", "tags != ''; message = '[foo'"),
            ("has:count()", "count != ''; message = '()'"),
            ("has:\"a\"b:1", "a != ''; b = '1'"),
            ("has:foo!bar:1", "foo != ''; bar != '1'"),
        ],
    );
}

#[test]
fn has_needs_a_key() {
    read_as(
        &plain(),
        &[
            ("has:\"hi there\"", "! has_needs_key"),
            ("has:", "! has_needs_key"),
            ("has:*x", "! has_needs_key"),
            ("has:[a]", "! has_needs_key"),
            ("has:\"open", "! has_needs_key"),
            ("has:>x", "! has_needs_key"),
            ("has:\"\"", "! has_needs_key"),
        ],
    );
}

#[test]
fn earlier_shapes_make_has_and_is_ordinary_keys() {
    read_as(
        &issues(),
        &[
            ("has:123", "has = '123'"),
            ("is:1", "is = '1'"),
            ("!is:true", "is != 'true'"),
            ("has:-2w", "has = '-2w'"),
            ("has:2020-01-01", "has = '2020-01-01'"),
            ("has:5s", "has = '5s'"),
            ("is:>5kb", "is = '>5kb'"),
            ("is:[1,2]", "is IN ['1', '2']"),
        ],
    );
}

#[test]
fn is_looks_words_up() {
    read_as(
        &issues(),
        &[
            ("is:unresolved", "status = 0"),
            ("!is:muted", "status != 2"),
            ("is:linked !is:unlinked", "linked = true; linked != false"),
            ("is:assigned", "unassigned = false"),
            ("is:unassigned", "unassigned = true"),
            ("is:for_review", "for_review = true"),
            ("is:\"resolved\"", "status = 1"),
            ("is:wrong", "! is_unknown"),
            ("is:", "! is_unknown"),
            ("is:Resolved", "! is_unknown"),
            ("is:[resolved]", "! is_in_list"),
            ("is:[resolved, ignored]", "! is_in_list"),
            ("is:\"resolved", "! bad_quote"),
        ],
    );
    read_as(
        &plain(),
        &[
            ("is:unresolved", "! is_unsupported"),
            ("is:[a]", "! is_unsupported"),
        ],
    );
}

#[test]
fn every_word_of_the_table_is_known() {
    for (words, key, value) in [
        (&["assigned"][..], "unassigned", "false"),
        (&["unassigned"], "unassigned", "true"),
        (&["for_review"], "for_review", "true"),
        (&["linked"], "linked", "true"),
        (&["unlinked"], "linked", "false"),
        (&["unresolved"], "status", "0"),
        (&["resolved"], "status", "1"),
        (&["ignored", "archived", "muted"], "status", "2"),
        (&["reprocessing"], "status", "6"),
        (
            &["archived_until_escalating", "until_escalating"],
            "substatus",
            "1",
        ),
        (&["escalating"], "substatus", "2"),
        (&["ongoing"], "substatus", "3"),
        (
            &["archived_until_condition_met", "until_condition_met"],
            "substatus",
            "4",
        ),
        (&["archived_forever", "forever"], "substatus", "5"),
        (&["regressed"], "substatus", "6"),
        (&["new"], "substatus", "7"),
    ] {
        for word in words {
            let (text, expected) = (format!("is:{word}"), format!("{key} = {value}"));
            read_as(&issues(), &[(text.as_str(), expected.as_str())]);
        }
    }
    assert_eq!(issues().is_words.len(), 21);
}

#[test]
fn an_unknown_word_is_answered_with_the_known_ones_in_order() {
    let problem = problems("is:wrong", &issues()).remove(0);
    let known = problem.message.split_once("It knows ").unwrap().1;
    let known: Vec<_> = known.trim_end_matches('.').split(", ").collect();
    assert_eq!(known.len(), 21);
    assert!(known.is_sorted());
}

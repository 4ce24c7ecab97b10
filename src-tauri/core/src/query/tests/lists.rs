//! Section 2.3: lists.

use super::{plain, read_as};

#[test]
fn a_bracket_inside_belongs_to_the_element_when_another_end_follows() {
    read_as(
        &plain(),
        &[
            ("test:[[h]]", "test IN ['[h]']"),
            ("test:[a, [h]]", "test IN ['a', '[h]']"),
            ("test:[a]b, c]", "test IN ['a]b', 'c']"),
            ("test:[]]", "test IN [']']"),
        ],
    );
}

#[test]
fn what_is_no_list_is_text() {
    read_as(
        &plain(),
        &[
            ("test:[h]*", "test = '[h]*'"),
            ("test:[]", "test = '[]'"),
            ("test:h[e]llo]", "test = 'h[e]llo]'"),
            ("user.email:[a@b.c]x:y", "user.email = '[a@b.c]x:y'"),
            ("test:[h e]", "test = '[h'; message = 'e]'"),
            ("test:[a ]", "test = '[a'; message = ']'"),
            ("test:[ a]", "test = '['; message = 'a]'"),
            ("test:[a,,b]", "test = '[a,,b]'"),
            ("test:[a, ,b]", "test = '[a,'; message = ',b]'"),
            ("test:[,a]", "test = '[,a]'"),
            ("test:[\"a\"b]", "! bad_quote"),
            ("test:>[a,b]", "test = '>[a,b]'"),
            ("test:=[a,b]", "test = '[a,b]'"),
            ("test:[a(b)]", "test = '[a'; (message = 'b'); message = ']'"),
        ],
    );
}

#[test]
fn a_missing_element_is_an_error() {
    read_as(
        &plain(),
        &[
            ("test:[a, ]", "! list_empty_value"),
            ("test:[a,]", "! list_empty_value"),
            ("test:[500,501,]", "! list_empty_value"),
            ("tags[x]:[a,]", "! list_empty_value"),
        ],
    );
}

#[test]
fn elements_may_be_quoted_or_not() {
    read_as(
        &plain(),
        &[
            ("test:[a, \"hi\", 1.0]", "test IN ['a', 'hi', '1.0']"),
            ("test:[\"a, b\" , \"\"]", "test IN ['a, b', '']"),
            ("test:[\"a\\\"b\", c\\\"d]", "test IN ['a\"b', 'c\"d']"),
            ("!test:[a*, b]", "test NOT IN ['a*', 'b']"),
            (
                "test:[\"apple wow\", \"pear\"] x",
                "test IN ['apple wow', 'pear']; message = 'x'",
            ),
            ("test:[a\tb]", "test IN ['a\tb']"),
            ("(test:[a,b])", "(test IN ['a', 'b'])"),
        ],
    );
}

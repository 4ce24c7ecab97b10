//! An answer beside what was expected of it. An expectation names the members it is about, and only those count.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// What happened, with exactly the members that the expectation has. Where one of them is an error and the other is
/// not, it stays whole. A member that did not come about is null.
pub fn reduced(expected: &Value, happened: &Value) -> Value {
    match (expected, happened) {
        (Value::Object(expected), Value::Object(happened)) => {
            if expected.contains_key("error") != happened.contains_key("error") {
                return json!(happened);
            }
            let member = |(key, expected): (&String, &Value)| {
                let happened = happened.get(key).unwrap_or(&Value::Null);
                let member = if is_unordered(key) {
                    sorted(happened)
                } else {
                    happened.clone()
                };
                (key.clone(), reduced(expected, &member))
            };
            expected.iter().map(member).collect::<Map<_, _>>().into()
        }
        (Value::Array(expected), Value::Array(happened)) => {
            let element = |(at, happened)| match expected.get(at) {
                Some(expected) => reduced(expected, happened),
                None => Value::clone(happened),
            };
            happened.iter().enumerate().map(element).collect()
        }
        _ => happened.clone(),
    }
}

/// A line for each place in which what happened is not what was expected.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    compare("", Some(expected), Some(actual), &mut lines);
    lines
}

fn compare(path: &str, expected: Option<&Value>, actual: Option<&Value>, lines: &mut Vec<String>) {
    match (expected, actual) {
        (Some(Value::Object(expected)), Some(Value::Object(actual))) => {
            let unexpected = actual.keys().filter(|key| !expected.contains_key(*key));
            for key in expected.keys().chain(unexpected) {
                let path = member(path, key);
                let (expected, actual) = (expected.get(key), actual.get(key));
                if is_unordered(key) {
                    let (expected, actual) = (expected.map(sorted), actual.map(sorted));
                    compare(&path, expected.as_ref(), actual.as_ref(), lines);
                } else {
                    compare(&path, expected, actual, lines);
                }
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(actual))) => {
            for at in 0..expected.len().max(actual.len()) {
                let path = format!("{path}[{at}]");
                compare(&path, expected.get(at), actual.get(at), lines);
            }
        }
        (Some(expected), Some(actual)) if is_same(expected, actual) => {}
        _ => {
            let path = if path.is_empty() { "all" } else { path };
            let said = |value: Option<&Value>| {
                value.map_or_else(|| "nothing".to_owned(), Value::to_string)
            };
            lines.push(format!(
                "{path}: expected {} got {}",
                said(expected),
                said(actual)
            ));
        }
    }
}

fn member(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn is_unordered(key: &str) -> bool {
    key.ends_with("unordered")
}

/// A list in an order of its own: results by their trace, all else by value.
fn sorted(list: &Value) -> Value {
    let Value::Array(elements) = list else {
        return list.clone();
    };
    let mut elements = elements.clone();
    elements.sort_by(|a, b| match (a.get("trace"), b.get("trace")) {
        (Some(a), Some(b)) => order(a, b),
        _ => order(a, b),
    });
    elements.into()
}

fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let by_value = a.as_f64().partial_cmp(&b.as_f64());
            by_value.unwrap_or(Ordering::Equal)
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => a.to_string().cmp(&b.to_string()),
    }
}

/// Numbers are the same by value, instants as points in time.
fn is_same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => {
            a == b || instant(a).is_some_and(|a| instant(b) == Some(a))
        }
        _ => expected == actual,
    }
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(expected: &Value, happened: &Value) -> (Value, Vec<String>) {
        let actual = reduced(expected, happened);
        let lines = differences(expected, &actual);
        (actual, lines)
    }

    #[test]
    fn only_the_members_that_are_expected_count() {
        let happened =
            json!({"ids": [1, 2], "next": {"cursor": "1:0:0", "results": true}, "hits": 2});
        let expected = json!({"ids": [1, 2], "next": {"results": true}});
        assert_eq!(outcome(&expected, &happened), (expected, vec![]));
    }

    #[test]
    fn a_difference_says_where_it_is() {
        let expected = json!([{"ids": [1, 2], "prev": {"results": true}, "hits": 3}]);
        let happened = json!([{"ids": [1, 4, 5], "prev": {"results": false}}]);
        let (actual, lines) = outcome(&expected, &happened);
        assert_eq!(
            actual,
            json!([{"ids": [1, 4, 5], "prev": {"results": false}, "hits": null}])
        );
        assert_eq!(
            lines,
            [
                "[0].ids[1]: expected 2 got 4",
                "[0].ids[2]: expected nothing got 5",
                "[0].prev.results: expected true got false",
                "[0].hits: expected 3 got null",
            ]
        );
    }

    #[test]
    fn an_error_stands_for_itself() {
        let error = json!({"error": "bad_request"});
        let plain = json!({"ids": [1]});
        assert_eq!(
            outcome(&plain, &error),
            (
                error.clone(),
                vec![
                    "ids: expected [1] got nothing".to_owned(),
                    "error: expected nothing got \"bad_request\"".to_owned(),
                ]
            )
        );
        assert_eq!(
            outcome(&error, &plain),
            (
                plain,
                vec![
                    "error: expected \"bad_request\" got nothing".to_owned(),
                    "ids: expected nothing got [1]".to_owned(),
                ]
            )
        );
        let beside = json!({"error": "bad_request", "jobs": 0, "status": {}});
        let expected = json!({"error": "bad_request", "jobs": 0});
        assert_eq!(outcome(&expected, &beside), (expected, vec![]));
    }

    #[test]
    fn a_list_that_is_too_short_lacks_its_end() {
        let (actual, lines) = outcome(&json!([1, 2]), &json!([1]));
        assert_eq!(actual, json!([1]));
        assert_eq!(lines, ["[1]: expected 2 got nothing"]);
        assert_eq!(
            outcome(&json!([1]), &json!({"error": "x"})).1,
            ["all: expected [1] got {\"error\":\"x\"}"]
        );
    }

    #[test]
    fn numbers_and_instants_are_compared_by_what_they_mean() {
        for (a, b) in [
            (json!(500), json!(500.0)),
            (
                json!({"instant": "2024-06-01T12:00:00Z"}),
                json!({"instant": "2024-06-01T14:00:00.000+02:00"}),
            ),
        ] {
            assert_eq!(differences(&a, &b), Vec::<String>::new());
        }
        for (a, b) in [
            (json!(500), json!("500")),
            (json!(1), json!(true)),
            (json!(null), json!(0)),
            (
                json!("2024-06-01T12:00:00Z"),
                json!("2024-06-01T12:00:00.000001Z"),
            ),
        ] {
            assert_eq!(differences(&a, &b).len(), 1, "{a} and {b}");
        }
    }

    #[test]
    fn lists_without_order_are_sorted() {
        let expected = json!({"children_unordered": [1, 3, 20], "unordered": [{"trace": "a"}, {"trace": "b"}]});
        let happened = json!({
            "children_unordered": [20, 3, 1],
            "unordered": [{"trace": "b", "spans": 1}, {"trace": "a", "spans": 9}],
        });
        assert_eq!(outcome(&expected, &happened), (expected.clone(), vec![]));
        let unsorted = json!({"children_unordered": [20, 1, 3], "unordered": []});
        let (actual, lines) = outcome(&unsorted, &happened);
        assert_eq!(actual["children_unordered"], json!([1, 3, 20]));
        assert_eq!(lines.len(), 2, "{lines:?}");
    }
}

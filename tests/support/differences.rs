//! Compares JSON as the conformance runner does: numbers by value, times as points in time, lists whose member is called
//! `unordered` in any order.

use chrono::DateTime;
use serde_json::Value;

/// A line for each difference, with its path; none where the two are equal.
#[must_use]
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    compare("", expected, actual, &mut lines);
    lines
}

fn compare(path: &str, expected: &Value, actual: &Value, lines: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected_members), Value::Object(actual_members)) => {
            for (name, value) in expected_members {
                let path = member(path, name);
                match actual_members.get(name) {
                    Some(found) if is_unordered(name) => {
                        compare(&path, &sorted(value), &sorted(found), lines);
                    }
                    Some(found) => compare(&path, value, found, lines),
                    None => lines.push(format!("{path}: expected {value} got nothing")),
                }
            }
            for (name, value) in actual_members {
                if !expected_members.contains_key(name) {
                    let path = member(path, name);
                    lines.push(format!("{path}: expected nothing got {value}"));
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            for (place, pair) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{path}[{place}]"), pair.0, pair.1, lines);
            }
            if expected.len() != actual.len() {
                let (expected, actual) = (expected.len(), actual.len());
                lines.push(format!(
                    "{}: expected {expected} got {actual}",
                    member(path, "length")
                ));
            }
        }
        (expected, actual) if same(expected, actual) => {}
        (expected, actual) => {
            let path = if path.is_empty() { "case" } else { path };
            lines.push(format!("{path}: expected {expected} got {actual}"));
        }
    }
}

fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => {
            expected == actual || expected.as_f64() == actual.as_f64()
        }
        (Value::String(expected), Value::String(actual)) => {
            let time = |text: &str| DateTime::parse_from_rfc3339(text).ok();
            expected == actual || (time(expected).is_some() && time(expected) == time(actual))
        }
        (expected, actual) => expected == actual,
    }
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn is_unordered(name: &str) -> bool {
    name == "unordered" || name.ends_with("_unordered")
}

fn sorted(value: &Value) -> Value {
    let Value::Array(elements) = value else {
        return value.clone();
    };
    let mut elements = elements.clone();
    elements.sort_by_cached_key(|element| {
        let key = element.get("trace").unwrap_or(element);
        // Numbers by value, everything else by its text.
        (key.as_f64().map(f64::to_bits), key.to_string())
    });
    Value::Array(elements)
}

#[cfg(test)]
mod tests {
    use super::differences;
    use serde_json::json;

    #[test]
    fn what_means_the_same_is_equal() {
        let expected = json!({"n": 500, "t": {"instant": "2024-06-01T12:00:00Z"}, "ids_unordered": [3, 1], "l": [1, null]});
        let actual = json!({"n": 500.0, "t": {"instant": "2024-06-01T14:00:00.000+02:00"}, "ids_unordered": [1, 3], "l": [1, null]});
        assert_eq!(differences(&expected, &actual), [""; 0]);
    }

    #[test]
    fn each_difference_has_its_path() {
        let expected =
            json!({"filters": [{"key": "a", "value": "1"}, "OR"], "pattern": true, "gone": 1});
        let actual = json!({"filters": [{"key": "a", "value": 1}], "pattern": false, "more": 2});
        assert_eq!(
            differences(&expected, &actual),
            [
                "filters[0].value: expected \"1\" got 1",
                "filters.length: expected 2 got 1",
                "pattern: expected true got false",
                "gone: expected 1 got nothing",
                "more: expected nothing got 2",
            ]
        );
        assert_eq!(
            differences(&json!(1), &json!(2)),
            ["case: expected 1 got 2"]
        );
    }
}

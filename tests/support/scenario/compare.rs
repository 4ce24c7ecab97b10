//! What happened beside what was expected.

use super::{Actual, Expectation};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Display;

/// A line for each difference; none where everything is as expected.
#[must_use]
pub fn differences(expect: &Expectation, actual: &Actual) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(expected) = &expect.issues {
        issues(expected, actual, &mut lines);
    }
    let reasons = expect.dropped.keys().chain(actual.dropped.keys());
    for reason in reasons.collect::<std::collections::BTreeSet<_>>() {
        let of = |counts: &BTreeMap<String, u64>| counts.get(reason).copied().unwrap_or(0);
        let (expected, got) = (of(&expect.dropped), of(&actual.dropped));
        number(&format!("dropped.{reason}"), expected, got, &mut lines);
    }
    for (name, expected) in expect.counters.iter().flatten() {
        let got = actual.counters.get(name).copied().unwrap_or(0);
        number(&format!("counters.{name}"), *expected, got, &mut lines);
    }
    let totals = [
        ("events_stored", expect.events_stored, actual.events_stored),
        (
            "occurrences_stored",
            expect.occurrences_stored,
            actual.occurrences_stored,
        ),
    ];
    for (name, expected, got) in totals {
        if let Some(expected) = expected {
            number(name, expected, got, &mut lines);
        }
    }
    lines
}

fn number(path: &str, expected: u64, got: u64, lines: &mut Vec<String>) {
    if expected != got {
        lines.push(line(path, &expected, &got));
    }
}

fn line(path: &str, expected: &dyn Display, got: &dyn Display) -> String {
    format!("{path}: expected {expected} got {got}")
}

/// The first expected issue of a project is compared with its first issue, the second with the second, and so on. One
/// that names no project is compared with the next one of all.
fn issues(expected: &[Map<String, Value>], actual: &Actual, lines: &mut Vec<String>) {
    let mut all: VecDeque<usize> = (0..actual.issues.len()).collect();
    let mut of_project: HashMap<i64, VecDeque<usize>> = HashMap::new();
    for (place, issue) in actual.issues.iter().enumerate() {
        let places = of_project.entry(issue.project_id).or_default();
        places.push_back(place);
    }
    let mut compared = 0;
    for (place, expected) in expected.iter().enumerate() {
        let path = format!("issues[{place}]");
        let found = match expected.get("project_id") {
            None => all.pop_front(),
            Some(project) => project
                .as_i64()
                .and_then(|project| of_project.get_mut(&project)?.pop_front()),
        };
        let Some(found) = found else {
            lines.push(line(&path, &json!(expected), &"nothing"));
            continue;
        };
        compared += 1;
        let got = json!(actual.issues[found]);
        for (key, expected) in expected {
            let got = &got[key];
            if !equal(key, expected, got) {
                lines.push(line(&format!("{path}.{key}"), expected, got));
            }
        }
    }
    if compared < actual.issues.len() {
        let (expected, got) = (expected.len(), actual.issues.len());
        lines.push(line("issues.length", &expected, &got));
    }
}

fn equal(key: &str, expected: &Value, got: &Value) -> bool {
    if matches!(key, "first_seen" | "last_seen")
        && let (Some(expected), Some(got)) = (instant(expected), instant(got))
    {
        return expected == got;
    }
    match (expected, got) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal("", a, b))
        }
        _ => expected == got,
    }
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::super::IssueActual;
    use super::*;

    fn actual(issues: Vec<IssueActual>) -> Actual {
        Actual {
            issues,
            dropped: BTreeMap::from([("duplicate".to_owned(), 2)]),
            counters: BTreeMap::from([("a.b".to_owned(), 3)]),
            events_stored: 4,
            occurrences_stored: 5,
        }
    }

    fn issue(project_id: i64, short_id: i64) -> IssueActual {
        IssueActual {
            project_id,
            fingerprint_hash: None,
            short_id,
            title: "jam".to_owned(),
            subtitle: None,
            culprit: String::new(),
            group_type: 2007,
            status: "unresolved",
            substatus: Some("new"),
            priority: "low",
            level: "info",
            times_seen: 1,
            first_seen: DateTime::UNIX_EPOCH,
            last_seen: DateTime::UNIX_EPOCH,
            platform: "go".to_owned(),
            message: "jam".to_owned(),
            inbox_reason: None,
            assignee: None,
            activities: vec!["SET_RESOLVED"],
        }
    }

    fn expectation(issues: &Value) -> Expectation {
        Expectation {
            issues: serde_json::from_value(issues.clone()).unwrap(),
            dropped: BTreeMap::from([("duplicate".to_owned(), 2)]),
            ..Expectation::default()
        }
    }

    #[test]
    fn only_what_is_named_is_compared_and_times_are_instants() {
        let actual = actual(vec![issue(1, 1), issue(2, 1)]);
        let expect = expectation(&json!([
            {"project_id": 2, "short_id": 1.0, "inbox_reason": null},
            {"project_id": 1, "first_seen": "1970-01-01T02:00:00+02:00", "activities": ["SET_RESOLVED"]},
        ]));
        assert_eq!(differences(&expect, &actual), [""; 0]);
    }

    #[test]
    fn each_difference_has_its_line() {
        let actual = actual(vec![issue(1, 1), issue(1, 2)]);
        let mut expect = expectation(&json!([
            {"times_seen": 2, "substatus": "regressed", "activities": [], "level": "info"},
        ]));
        expect.dropped = BTreeMap::from([("rate_limited".to_owned(), 1)]);
        expect.counters = Some(BTreeMap::from([("a.b".to_owned(), 3), ("c".to_owned(), 1)]));
        expect.events_stored = Some(0);
        expect.occurrences_stored = Some(5);
        assert_eq!(
            differences(&expect, &actual),
            [
                "issues[0].times_seen: expected 2 got 1",
                "issues[0].substatus: expected \"regressed\" got \"new\"",
                "issues[0].activities: expected [] got [\"SET_RESOLVED\"]",
                "issues.length: expected 1 got 2",
                "dropped.duplicate: expected 0 got 2",
                "dropped.rate_limited: expected 1 got 0",
                "counters.c: expected 1 got 0",
                "events_stored: expected 0 got 4",
            ]
        );
    }

    #[test]
    fn a_missing_issue_is_told() {
        let expect = expectation(&json!([{"title": "jam"}, {"title": "crash"}]));
        assert_eq!(
            differences(&expect, &actual(vec![issue(1, 1)])),
            ["issues[1]: expected {\"title\":\"crash\"} got nothing"]
        );
    }
}

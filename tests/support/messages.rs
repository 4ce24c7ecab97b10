//! Occurrence messages for tests: valid ones with known sums, and bad ones of every kind.

use serde_json::{Value, json};

/// A valid message with an inline event: occurrence `n` of the problem `problem` in `project`.
///
/// The title and the fingerprint follow from the problem, the event time from `n`, so that two stores which have read
/// the same messages in different batches hold the same issues.
#[must_use]
pub fn occurrence(n: u64, project: u64, problem: u64) -> Value {
    let event_id = format!("{:032x}", (1_u128 << 96) + u128::from(n));
    let seconds = 1_700_000_000 + n;
    json!({
        "payload_type": "occurrence",
        "id": format!("{:032x}", (2_u128 << 96) + u128::from(n)),
        "event_id": event_id,
        "project_id": project,
        "fingerprint": [fingerprint(problem)],
        "issue_title": format!("Problem {problem}"),
        "subtitle": format!("in service {}", problem % 7),
        "resource_id": null,
        "evidence_data": { "problem": problem },
        "evidence_display": [{ "name": "Problem", "value": problem.to_string(), "important": true }],
        "type": 2007,
        "detection_time": seconds,
        "level": "error",
        "culprit": format!("service.handler_{}", problem % 11),
        "event": {
            "event_id": event_id,
            "project_id": project,
            "platform": "python",
            "environment": if n.is_multiple_of(3) { "staging" } else { "production" },
            "release": format!("service@1.{}.0", problem % 3),
            "tags": { "region": "eu-1", "host": format!("host-{}", n % 5) },
            "timestamp": recent(n),
            "received": recent(n),
        },
    })
}

/// The fingerprint of a problem; also the key of its records, so that they stay in one partition.
#[must_use]
pub fn fingerprint(problem: u64) -> String {
    format!("problem-{problem}")
}

/// An event time inside the last day: older events are moved to the time of processing, which two runs do not share.
fn recent(n: u64) -> String {
    static BEGIN: std::sync::LazyLock<chrono::DateTime<chrono::Utc>> =
        std::sync::LazyLock::new(|| {
            picket_core::clock::Clock::now(&picket_core::clock::SystemClock)
                - chrono::TimeDelta::hours(24)
        });
    let seconds = i64::try_from(n % 80_000).unwrap_or(0);
    (*BEGIN + chrono::TimeDelta::seconds(seconds)).to_rfc3339()
}

/// Bytes that are no valid message, each with the reason it must end with.
#[must_use]
pub fn bad() -> Vec<(&'static str, Vec<u8>)> {
    let text = |value: &Value| value.to_string().into_bytes();
    // Each of its own id, or the second would count as the repetition of the first.
    let number = std::cell::Cell::new(1_000_000_u64);
    let fresh = || {
        number.set(number.get() + 1);
        occurrence(number.get(), 1, 1)
    };
    let with = |key: &str, value: Value| {
        let mut message = fresh();
        message[key] = value;
        text(&message)
    };
    let without = |key: &str| {
        let mut message = fresh();
        message
            .as_object_mut()
            .expect("a message is an object")
            .remove(key);
        text(&message)
    };
    let mut bad = vec![
        ("invalid_json", b"{".to_vec()),
        ("invalid_json", Vec::new()),
        ("invalid_json", vec![0xff, 0xfe]),
        ("invalid_json", b"\xef\xbb\xbf{}".to_vec()),
        ("invalid_json", b"{\"a\":NaN}".to_vec()),
        ("invalid_json", br#"{"a":"\ud800"}"#.to_vec()),
        ("invalid_json", b"{\"a\":\"\0\"}".to_vec()),
        (
            "invalid_json",
            [vec![b'['; 100_000], vec![b']'; 100_000]].concat(),
        ),
        ("invalid_payload", b"[]".to_vec()),
        ("invalid_payload", b"null".to_vec()),
        ("invalid_payload", vec![b' '; 5 << 20]),
        (
            "invalid_payload_type",
            with("payload_type", json!("snapshot")),
        ),
        ("invalid_payload_type", with("payload_type", Value::Null)),
        ("unknown_group_type", with("type", json!(300))),
        ("unknown_group_type", with("type", Value::Null)),
        ("unknown_group_type", with("type", json!("2007"))),
        (
            "invalid_payload",
            with("event_id", json!("0c6d75ac396941e0bc4b33c2ff7f3657")),
        ),
        ("invalid_payload", with("event", Value::Null)),
        ("invalid_payload", with("event", json!({}))),
    ];
    // Every field that must be there, missing; and every field, of a type it cannot have.
    for key in [
        "id",
        "project_id",
        "fingerprint",
        "issue_title",
        "subtitle",
        "evidence_display",
        "type",
        "detection_time",
    ] {
        bad.push(("invalid_payload", without(key)));
    }
    for key in [
        "id",
        "project_id",
        "fingerprint",
        "issue_title",
        "subtitle",
        "resource_id",
        "evidence_data",
        "evidence_display",
        "detection_time",
        "level",
        "event_id",
        "culprit",
        "event",
    ] {
        bad.push(("invalid_payload", with(key, json!(true))));
        bad.push(("invalid_payload", with(key, json!([1.5]))));
    }
    bad
}

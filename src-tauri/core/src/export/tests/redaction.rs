//! What is taken out of rows, and what is not.

use super::*;
use crate::export::Redaction;
use serde_json::json;

fn everything() -> Redaction {
    Redaction {
        secrets: true,
        emails: true,
        addresses: true,
        pattern: Redaction::pattern("ACME-[0-9]+").unwrap(),
    }
}

/// A text as it is written, in JSON.
fn written(redaction: Redaction, row: &ExportRow, columns: &str) -> serde_json::Value {
    let columns = ColumnSet::EVENTS.choose(columns).unwrap();
    let mut writer = RowWriter::new(Vec::new(), Format::Ndjson, columns).unwrap();
    writer.redact(redaction);
    writer.write(row).unwrap();
    serde_json::from_slice(&writer.finish().unwrap()).unwrap()
}

fn redacted(text: &str) -> String {
    let row = ExportRow::new().with("message", text);
    let written = written(everything(), &row, "message");
    written["message"].as_str().unwrap().to_owned()
}

#[test]
fn secrets_are_known_by_the_word_before_them() {
    for (text, expected) in [
        ("password=hunter2 rest", "password=[secret] rest"),
        ("api_key: 'abc123', b", "api_key: '[secret]', b"),
        ("?access_token=xyz&page=2", "?access_token=[secret]&page=2"),
        (
            "Authorization: Bearer abcdefgh12345",
            "Authorization: Bearer [secret]",
        ),
        ("sent bearer abcdefgh12345 on", "sent bearer [secret] on"),
        (
            "postgres://ana:s3cret@db/shop",
            "postgres://ana:[secret]@db/shop",
        ),
    ] {
        assert_eq!(redacted(text), expected);
    }
}

#[test]
fn secrets_are_known_by_their_form() {
    for secret in [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "AKIAABCDEFGHIJKLMNOP",
        "ghp_0123456789abcdefghij",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ] {
        assert_eq!(redacted(&format!("a {secret} b")), "a [secret] b");
    }
}

#[test]
fn addresses_of_people_and_machines_go_and_versions_stay() {
    assert_eq!(redacted("from ana@example.org."), "from [e-mail].");
    assert_eq!(redacted("10.0.0.7 and 2001:db8::1"), "[ip] and [ip]");
    assert_eq!(redacted("at 12:30:45, 999.1.1.1"), "at 12:30:45, 999.1.1.1");
    let row = ExportRow::new().with("release", "1.2.3.4");
    assert_eq!(written(everything(), &row, "release")["release"], "1.2.3.4");
}

#[test]
fn a_pattern_of_ones_own_is_taken_out_and_a_bad_one_is_refused() {
    assert_eq!(
        redacted("customer ACME-17 left"),
        "customer [redacted] left"
    );
    let refused = Redaction::pattern("(").unwrap_err().to_string();
    assert!(refused.contains("is no pattern"), "{refused}");
    assert!(Redaction::pattern("  ").unwrap().is_none());
}

#[test]
fn names_of_tags_and_members_tell_secrets() {
    let row = ExportRow::new()
        .with_tag("session_token", "abc")
        .with_tag("browser", "Firefox")
        .with(
            "tags",
            json!({
                "cookies": "a=b",
                "headers": [["X-Api-Key", "abc"], ["Accept", "text/html"]],
                "inner": { "pin_token": 1234, "mail": "ana@example.org" },
                "cookie": ["sid", "abc"],
                "credentials": { "sid": "abc" },
                "password": null,
                "pair": ["ana@example.org", "10.0.0.7"],
                "kind": "password=hunter2",
            }),
        );
    assert_eq!(
        written(everything(), &row, "tags[session_token],tags[browser],tags"),
        json!({
            "tags[session_token]": "[secret]",
            "tags[browser]": "Firefox",
            "tags": {
                "cookies": "[secret]",
                "headers": [["X-Api-Key", "[secret]"], ["Accept", "text/html"]],
                "inner": { "pin_token": "[secret]", "mail": "[e-mail]" },
                "cookie": "[secret]",
                "credentials": "[secret]",
                "password": null,
                "pair": ["[e-mail]", "[ip]"],
                "kind": "password=[secret]",
            },
        })
    );
}

#[test]
fn nothing_is_taken_out_unless_asked() {
    let text = "password=hunter2 ana@example.org 10.0.0.7";
    let row = ExportRow::new().with("message", text);
    assert_eq!(
        written(Redaction::default(), &row, "message")["message"],
        text
    );
}

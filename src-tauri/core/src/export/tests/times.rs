//! How instants are written.

use super::*;
use chrono::{DateTime, Utc};
use proptest::prelude::*;

const FORMATS: [&str; 4] = ["csv", "json", "ndjson", "md"];

fn berlin() -> Times {
    Times::in_zone("Europe/Berlin").unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn timed(format: &str, times: Times, row: &ExportRow) -> String {
    let columns = columns("title,firstSeen");
    let format = Format::named(format).unwrap();
    let mut writer = RowWriter::new(Vec::new(), format, columns).unwrap();
    writer.write_times(times);
    writer.write(row).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// An instant as a line of JSON has it.
fn member(times: Times, at: DateTime<Utc>) -> Value {
    let row = ExportRow::new().with("firstSeen", at);
    let line: Value = serde_json::from_str(&timed("ndjson", times, &row)).unwrap();
    line["firstSeen"].clone()
}

#[test]
fn every_format_writes_them_as_it_is_told() {
    let row = ExportRow::new()
        .with("title", "2024-06-01T12:00:00.000000Z")
        .with("firstSeen", instant("2024-06-01T12:00:00.25Z"));
    for format in FORMATS {
        let utc = timed(format, Times::Utc, &row);
        assert!(utc.contains("2024-06-01T12:00:00.250000Z"), "{utc}");
        for (times, expected) in [
            (berlin(), "2024-06-01T14:00:00.250000+02:00"),
            (Times::UnixMillis, "1717243200250"),
        ] {
            let text = timed(format, times, &row);
            let as_usual = "2024-06-01T12:00:00.250000Z";
            assert_eq!(
                text,
                utc.replace(as_usual, expected)
                    .replace("\"1717243200250\"", "1717243200250")
            );
            // A text that looks like an instant is somebody's text.
            assert!(text.contains("2024-06-01T12:00:00.000000Z"), "{text}");
        }
    }
}

#[test]
fn unix_time_is_a_number_where_the_format_has_numbers_and_no_formula() {
    let before_1970 = instant("1969-12-31T23:59:59.999Z");
    assert_eq!(member(Times::UnixMillis, before_1970), json!(-1));
    let row = ExportRow::new().with("firstSeen", before_1970);
    assert_eq!(
        timed("csv", Times::UnixMillis, &row),
        "title,firstSeen\r\n,-1\r\n"
    );
}

#[test]
fn an_offset_is_that_of_the_instant() {
    for (at, expected) in [
        ("2024-03-31T00:59:59Z", "2024-03-31T01:59:59.000000+01:00"),
        ("2024-03-31T01:00:00Z", "2024-03-31T03:00:00.000000+02:00"),
        ("2024-10-27T00:30:00Z", "2024-10-27T02:30:00.000000+02:00"),
        ("2024-10-27T01:30:00Z", "2024-10-27T02:30:00.000000+01:00"),
        // Its clocks were 53 minutes and 28 seconds ahead.
        ("1880-01-01T00:00:00Z", "1880-01-01T00:53:00.000000+00:53"),
    ] {
        assert_eq!(member(berlin(), instant(at)), json!(expected));
    }
    let nepal = Times::in_zone("Asia/Kathmandu").unwrap();
    let expected = json!("2024-06-01T05:45:00.000000+05:45");
    assert_eq!(member(nepal, instant("2024-06-01T00:00:00Z")), expected);
    let newfoundland = Times::in_zone("America/St_Johns").unwrap();
    let expected = json!("2024-05-31T21:30:00.000000-02:30");
    assert_eq!(
        member(newfoundland, instant("2024-06-01T00:00:00Z")),
        expected
    );
}

#[test]
fn what_is_taken_out_stays_out_and_what_is_nothing_stays_nothing() {
    let columns = columns("title,firstSeen,lastSeen");
    let mut writer = RowWriter::new(Vec::new(), Format::Ndjson, columns).unwrap();
    writer.write_times(Times::UnixMillis);
    writer.redact(Redaction {
        emails: true,
        ..Redaction::default()
    });
    let row = ExportRow::new()
        .with("title", "from ann@example.com")
        .with("lastSeen", instant("1970-01-01T00:00:01Z"));
    writer.write(&row).unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    let expected = "{\"title\":\"from [e-mail]\",\"firstSeen\":null,\"lastSeen\":1000}\n";
    assert_eq!(text, expected);
}

#[test]
fn a_zone_that_does_not_exist_is_refused_by_its_name() {
    for name in ["", "Europe/Atlantis", "../../etc/passwd", "+02:00"] {
        let refused = Times::in_zone(name).unwrap_err().to_string();
        assert!(refused.contains(&format!("“{name}”")), "{refused}");
    }
}

proptest! {
    #[test]
    fn local_time_is_the_same_instant(micros in -10_000_000_000_000_000_i64..10_000_000_000_000_000, zone in 0_usize..4) {
        let zone = ["Europe/Berlin", "America/New_York", "Africa/Monrovia", "Pacific/Apia"][zone];
        let at = DateTime::from_timestamp_micros(micros).unwrap();
        let written = member(Times::in_zone(zone).unwrap(), at);
        let read = DateTime::parse_from_rfc3339(written.as_str().unwrap()).unwrap();
        prop_assert_eq!(read.to_utc(), at);
    }
}

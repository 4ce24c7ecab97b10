//! One line of a replay file: a record in an envelope.
//!
//! ```text
//! { "topic": "…", "partition"?: 0, "offset"?: 17, "timestamp"?: ms or RFC 3339,
//!   "key"?: "…" or "key_base64"?: "…", "headers"?: [{ "name": "…", "value": "…" or "value_base64": "…" }],
//!   "value": any JSON or "value_base64": "…" }
//! ```
//!
//! Headers may also be an object of texts, or pairs of texts. Members with other names are ignored; of a member that
//! stands there twice, the last one counts.

use super::scan::members;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest name Kafka allows for a topic.
const TOPIC_CHARACTERS: usize = 249;

/// A record as it stands in a line. The value is not copied unless it is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope<'a> {
    pub topic: String,
    pub partition: i32,
    pub offset: Option<i64>,
    pub timestamp_ms: Option<i64>,
    pub key: Option<Vec<u8>>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub value: Cow<'a, [u8]>,
    /// What is wrong with the line, where it is no record.
    pub flaw: Option<String>,
}

/// Reads a line, or says what is wrong with it.
pub(super) fn parse(line: &[u8]) -> Result<Envelope<'_>, String> {
    let mut topic = None;
    let (mut partition, mut offset, mut timestamp_ms) = (0, None, None);
    let (mut key, mut encoded_key) = (None, None);
    let (mut value, mut encoded_value) = (None, None);
    let mut headers = Vec::new();
    for (name, raw) in members(line)? {
        match name {
            br#""topic""# => topic = Some(typed::<String>("topic", raw)?),
            br#""partition""# => partition = typed::<Option<i32>>("partition", raw)?.unwrap_or(0),
            br#""offset""# => offset = typed("offset", raw)?,
            br#""timestamp""# => {
                timestamp_ms = typed::<Option<Time>>("timestamp", raw)?.map(Time::millis);
            }
            br#""key""# => key = typed::<Option<String>>("key", raw)?.map(String::into_bytes),
            br#""key_base64""# => encoded_key = base64("key_base64", raw)?,
            br#""headers""# => {
                headers = typed::<Option<Headers>>("headers", raw)?
                    .map_or_else(|| Ok(Vec::new()), Headers::list)?;
            }
            br#""value""# => value = Some(raw),
            br#""value_base64""# => encoded_value = base64("value_base64", raw)?,
            _ => {}
        }
    }
    let topic = topic.ok_or("it names no topic")?;
    if topic.is_empty() || topic.len() > TOPIC_CHARACTERS || !topic.bytes().all(is_topic_character)
    {
        return Err(format!("{topic:?} cannot be the name of a topic"));
    }
    if partition < 0 {
        return Err(format!("partition {partition} is negative"));
    }
    let value = match (value, encoded_value) {
        (Some(raw), None) => Cow::Borrowed(raw),
        (None, Some(bytes)) => Cow::Owned(bytes),
        (None, None) => return Err("it has neither value nor value_base64".to_owned()),
        (Some(_), Some(_)) => return Err("it has both value and value_base64".to_owned()),
    };
    Ok(Envelope {
        topic,
        partition,
        offset,
        timestamp_ms,
        key: encoded_key.or(key),
        headers,
        value,
        flaw: None,
    })
}

fn is_topic_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

fn typed<T: DeserializeOwned>(name: &str, raw: &[u8]) -> Result<T, String> {
    serde_json::from_slice(raw).map_err(|error| format!("its {name} cannot be used: {error}"))
}

fn base64(name: &str, raw: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let text: Option<String> = typed(name, raw)?;
    text.map(|text| {
        STANDARD
            .decode(text)
            .map_err(|error| format!("its {name} is not base64: {error}"))
    })
    .transpose()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    Millis(i64),
    Text(chrono::DateTime<chrono::Utc>),
}

impl Time {
    fn millis(self) -> i64 {
        match self {
            Self::Millis(millis) => millis,
            Self::Text(time) => time.timestamp_millis(),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Headers {
    Listed(Vec<Header>),
    Pairs(Vec<(String, Option<String>)>),
    Object(BTreeMap<String, Option<String>>),
}

/// A header; its value is text, encoded bytes, or missing, which means empty.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
}

impl Headers {
    fn list(self) -> Result<Vec<(String, Vec<u8>)>, String> {
        let plain = |(name, value): (String, Option<String>)| {
            (name, value.unwrap_or_default().into_bytes())
        };
        match self {
            Self::Pairs(pairs) => Ok(pairs.into_iter().map(plain).collect()),
            Self::Object(object) => Ok(object.into_iter().map(plain).collect()),
            Self::Listed(headers) => headers
                .into_iter()
                .map(|header| match header.value_base64 {
                    Some(text) => STANDARD
                        .decode(text)
                        .map(|bytes| (header.name, bytes))
                        .map_err(|error| format!("a header's value_base64 is not base64: {error}")),
                    None => Ok(plain((header.name, header.value))),
                })
                .collect(),
        }
    }
}

/// Everything of a line but its value, in the order in which it is written.
#[derive(Serialize)]
struct Written<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_base64: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<Header>,
}

/// Writes a record as a line, with its line feed. Reading it gives the same bytes again.
pub(in crate::source) fn write(
    record: &crate::source::Record,
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let key = record.key.as_deref();
    let written = Written {
        topic: &record.topic,
        partition: record.partition,
        offset: record.offset,
        timestamp: record.timestamp_ms,
        key: key.and_then(text),
        key_base64: key
            .filter(|key| text(key).is_none())
            .map(|key| STANDARD.encode(key)),
        headers: record
            .headers
            .iter()
            .map(|(name, value)| Header {
                name: name.clone(),
                value: text(value).map(str::to_owned),
                value_base64: text(value).is_none().then(|| STANDARD.encode(value)),
            })
            .collect(),
    };
    serde_json::to_writer(&mut *out, &written)?;
    // The value goes last, in place of the closing brace, because its bytes must not be parsed and written anew.
    out.pop();
    if is_embeddable(&record.payload) {
        out.extend_from_slice(br#","value":"#);
        out.extend_from_slice(&record.payload);
    } else {
        out.extend_from_slice(br#","value_base64":""#);
        out.extend_from_slice(STANDARD.encode(&record.payload).as_bytes());
        out.push(b'"');
    }
    out.extend_from_slice(b"}\n");
    Ok(())
}

/// Whether these bytes are JSON text that survives in a line as it is: no line feed in it, no white space around it.
fn is_embeddable(payload: &[u8]) -> bool {
    let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    !is_space(payload.first())
        && !is_space(payload.last())
        && !payload.contains(&b'\n')
        && std::str::from_utf8(payload).is_ok()
        && serde_json::from_slice::<serde::de::IgnoredAny>(payload).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Record;
    use proptest::prelude::*;
    use std::sync::Arc;

    #[test]
    fn a_line_with_everything() {
        let line = br#"{"topic":"t-1","partition":3,"offset":41,"timestamp":1700000000123,"key":"k","headers":[{"name":"a","value":"b"},{"name":"c","value_base64":"AP8="},{"name":"d"}],"value":{"x": NaN}}"#;
        let envelope = parse(line).unwrap();
        assert_eq!(
            (envelope.topic.as_str(), envelope.partition, envelope.offset),
            ("t-1", 3, Some(41))
        );
        assert_eq!(
            (envelope.timestamp_ms, envelope.key.as_deref()),
            (Some(1_700_000_000_123), Some(&b"k"[..]))
        );
        assert_eq!(
            envelope.headers,
            [
                ("a".to_owned(), b"b".to_vec()),
                ("c".to_owned(), vec![0, 255]),
                ("d".to_owned(), Vec::new())
            ]
        );
        assert_eq!(envelope.value, &br#"{"x": NaN}"#[..]);
    }

    #[test]
    fn other_forms_are_read_too() {
        let envelope = parse(br#"{"value_base64":"bm8=","topic":"t","timestamp":"2025-11-20T14:00:00.5+01:00","headers":{"a":"b"},"partition":null,"key":null}"#).unwrap();
        assert_eq!(envelope.value, &b"no"[..]);
        assert_eq!((envelope.partition, envelope.key), (0, None));
        assert_eq!(envelope.timestamp_ms, Some(1_763_643_600_500));
        assert_eq!(envelope.headers, [("a".to_owned(), b"b".to_vec())]);
        let envelope = parse(
            br#"{"topic":"t","value":null,"headers":[["a","b"],["c",null]],"key_base64":"/w=="}"#,
        )
        .unwrap();
        assert_eq!(
            (envelope.value.as_ref(), envelope.key),
            (&b"null"[..], Some(vec![255]))
        );
        assert_eq!(
            envelope.headers,
            [
                ("a".to_owned(), b"b".to_vec()),
                ("c".to_owned(), Vec::new())
            ]
        );
    }

    #[test]
    fn what_is_no_envelope_says_why() {
        for (line, part) in [
            (r#"{"value":1}"#, "no topic"),
            (r#"{"topic":"a b","value":1}"#, "cannot be the name"),
            (r#"{"topic":"","value":1}"#, "cannot be the name"),
            (r#"{"topic":7,"value":1}"#, "its topic cannot be used"),
            (r#"{"topic":"t"}"#, "neither value"),
            (r#"{"topic":"t","value":1,"value_base64":""}"#, "both value"),
            (r#"{"topic":"t","value_base64":"%"}"#, "not base64"),
            (r#"{"topic":"t","partition":-1,"value":1}"#, "negative"),
            (
                r#"{"topic":"t","partition":"0","value":1}"#,
                "its partition cannot be used",
            ),
            (
                r#"{"topic":"t","offset":1.5,"value":1}"#,
                "its offset cannot be used",
            ),
            (
                r#"{"topic":"t","timestamp":"soon","value":1}"#,
                "its timestamp cannot be used",
            ),
            (
                r#"{"topic":"t","headers":3,"value":1}"#,
                "its headers cannot be used",
            ),
            ("not json", "not a JSON object"),
        ] {
            let error = parse(line.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }

    fn record(payload: &[u8]) -> Record {
        Record {
            topic: "t".into(),
            partition: 2,
            offset: 9,
            timestamp_ms: None,
            key: None,
            headers: Vec::new(),
            payload: payload.into(),
            flaw: None,
        }
    }

    fn line_of(record: &Record) -> String {
        let mut line = Vec::new();
        write(record, &mut line).unwrap();
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn only_json_that_survives_is_embedded() {
        assert_eq!(
            line_of(&record(br#"{"a":1}"#)),
            "{\"topic\":\"t\",\"partition\":2,\"offset\":9,\"value\":{\"a\":1}}\n"
        );
        for payload in [
            &b""[..],
            b" 1",
            b"1 ",
            b"[1,\n2]",
            b"NaN",
            b"\xff",
            b"\"\xff\"",
            b"{\"a\":}",
        ] {
            let line = line_of(&record(payload));
            assert!(line.contains("value_base64"), "{line}");
            assert_eq!(parse(line.trim_end().as_bytes()).unwrap().value, payload);
        }
    }

    proptest! {
        #[test]
        fn every_record_survives_being_written_and_read(
            payload in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..80),
                "[\\PC\\s]{0,40}".prop_map(|text| serde_json::to_vec(&serde_json::json!({ "k": text })).unwrap()),
                "[ \\[\\]{}\",:0-9a-z\\\\]{0,30}".prop_map(String::into_bytes),
            ],
            key in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..10)),
            header in proptest::collection::vec(any::<u8>(), 0..10),
            timestamp in proptest::option::of(any::<i64>()),
        ) {
            let record = Record {
                key: key.map(Arc::from),
                headers: vec![("h\"\n".to_owned(), header)],
                timestamp_ms: timestamp,
                ..record(&payload)
            };
            let line = line_of(&record);
            prop_assert_eq!(line.matches('\n').count(), 1);
            let read = parse(line.strip_suffix('\n').unwrap().as_bytes()).unwrap();
            prop_assert_eq!(read.value.as_ref(), &*record.payload);
            prop_assert_eq!(read.key.as_deref(), record.key.as_deref());
            prop_assert_eq!((read.offset, read.timestamp_ms, read.headers), (Some(9), timestamp, record.headers));
        }

        #[test]
        fn no_line_makes_it_fall_over(line in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = parse(&line);
        }

        #[test]
        fn no_line_like_an_envelope_makes_it_fall_over(line in r#"[ \[\]{}",:0-9a-z\\]{0,60}"#) {
            let _ = parse(line.as_bytes());
        }
    }
}

//! JSON as it comes: parsing with a position for every failure, short quotations, and removal of NULs.

use super::tree::{Object, Value};
use crate::model::{RejectReason, Rejection};
use std::borrow::Cow;
use std::io;

/// Found values are quoted up to this many characters.
const QUOTED: usize = 80;

/// Parses a value. A NUL can only be written as an escape, so whether to look for any is known from the text.
///
/// # Errors
/// `invalid_json` with the place: not UTF-8, empty, a byte-order mark, not JSON, nested too deeply.
pub(super) fn parse(bytes: &[u8]) -> Result<(Value<'_>, HasNuls), Rejection> {
    let reject = |detail: String| Rejection::new(RejectReason::InvalidJson, detail);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| reject(format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
    if text.is_empty() {
        return Err(reject("the value is empty".to_owned()));
    }
    if text.starts_with('\u{feff}') {
        return Err(reject(
            "starts with a byte-order mark at byte 0, which JSON does not allow".to_owned(),
        ));
    }
    let value = serde_json::from_str(text).map_err(|error| reject(describe(&error)))?;
    Ok((value, HasNuls(text.contains(r"\u0000"))))
}

/// Whether a payload spells a NUL anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HasNuls(pub bool);

fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.strip_prefix("recursion limit exceeded") {
        Some(place) => format!("nested deeper than 127 levels{place}"),
        None => format!("not JSON: {message}"),
    }
}

/// Removes U+0000 from every text and key. Where two keys become the same, the later one wins.
pub(super) fn strip_nuls(value: &mut Value<'_>) {
    match value {
        Value::String(text) => strip_text(text),
        Value::Array(items) => items.iter_mut().for_each(strip_nuls),
        Value::Object(object) => strip_object(object),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn strip_object(object: &mut Object<'_>) {
    if object.iter().any(|(key, _)| key.contains('\0')) {
        *object = std::mem::take(object)
            .into_iter()
            .map(|(mut key, value)| {
                strip_text(&mut key);
                (key, value)
            })
            .collect();
    }
    object.values_mut().for_each(strip_nuls);
}

fn strip_text(text: &mut Cow<'_, str>) {
    if text.contains('\0') {
        text.to_mut().retain(|character| character != '\0');
    }
}

/// A value as words for a person: what kind it is and, cut short, what it says.
pub(super) fn found(value: &Value<'_>) -> String {
    let kind = match value {
        Value::Null => return "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => "",
        Value::String(_) => "the text ",
        Value::Array(items) if items.is_empty() => return "an empty array".to_owned(),
        Value::Object(object) if object.is_empty() => return "an empty object".to_owned(),
        Value::Array(_) => "the array ",
        Value::Object(_) => "the object ",
    };
    format!("{kind}{}", quote(value))
}

/// The value as JSON, cut after [`QUOTED`] characters. Work and memory are bounded by that, not by the value.
fn quote<T: serde::Serialize + ?Sized>(value: &T) -> String {
    let mut start = Start(Vec::new());
    // The only possible error is that the quotation is full, which its length shows as well.
    let _ = serde_json::to_writer(&mut start, value);
    let text = String::from_utf8_lossy(&start.0);
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// A writer that keeps the start and then refuses.
struct Start(Vec<u8>);

impl Start {
    /// Holds more characters than are shown, however many bytes each of them takes.
    const CAPACITY: usize = 4 * (QUOTED + 1);
}

impl io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = Self::CAPACITY - self.0.len();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(room);
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Extends a path by a key: `event.tags` and `a key` make `event.tags["a key"]`.
pub(super) fn join(path: &str, key: &str) -> String {
    format!("{path}{}", segment(key))
}

/// The part of a path that leads to a key: `.key`, or `["a key"]` where the key is unusual.
pub(super) fn segment(key: &str) -> String {
    let plain = !key.is_empty()
        && key.len() <= QUOTED
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain {
        format!(".{key}")
    } else {
        format!("[{}]", quote(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    fn detail(bytes: &[u8]) -> String {
        let rejection = parse(bytes).unwrap_err();
        assert_eq!(rejection.reason, RejectReason::InvalidJson);
        rejection.detail
    }

    #[test]
    fn failures_say_where() {
        assert_eq!(detail(b""), "the value is empty");
        assert_eq!(detail(b"ab\xff\xfe"), "not UTF-8 from byte 2 on");
        assert!(detail(b"\xef\xbb\xbf{}").contains("byte-order mark"));
        for (text, place) in [
            ("{", "line 1 column 1"),
            ("{\n\"a\": NaN}", "line 2 column 6"),
            ("[1, -Infinity]", "line 1 column 6"),
            ("{} {}", "line 1 column 4"),
            (r#"["\ud800"]"#, "line 1 column 9"),
            (r#"["\ud800\u0041"]"#, "line 1"),
            (r#"["\udc00"]"#, "line 1"),
            ("[\"a\u{0}b\"]", "line 1 column 4"),
            ("1e999", "line 1"),
        ] {
            let detail = detail(text.as_bytes());
            assert!(
                detail.starts_with("not JSON: ") && detail.contains(place),
                "{text}: {detail}"
            );
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(127).as_bytes()).is_ok());
        assert_eq!(
            detail(nested(128).as_bytes()),
            "nested deeper than 127 levels at line 1 column 128"
        );
        assert!(detail("[".repeat(1 << 20).as_bytes()).starts_with("nested deeper"));
        assert!(detail("{\"a\":".repeat(1 << 18).as_bytes()).starts_with("nested deeper"));
    }

    #[test]
    fn nuls_go_from_texts_and_keys() {
        let (mut value, nuls) =
            parse(br#"{"a\u0000": ["x\u0000y", {"\u0000": 1}], "b": "\\u0000"}"#).unwrap();
        assert_eq!(nuls, HasNuls(true));
        strip_nuls(&mut value);
        assert_eq!(value, tree!({"a": ["xy", {"": 1}], "b": "\\u0000"}));
        assert_eq!(parse(b"{}").unwrap().1, HasNuls(false));
    }

    #[test]
    fn quotations_are_short() {
        assert_eq!(found(&tree!(null)), "null");
        assert_eq!(found(&tree!(5)), "5");
        assert_eq!(found(&tree!("a\"b")), r#"the text "a\"b""#);
        assert_eq!(found(&tree!([])), "an empty array");
        assert_eq!(found(&tree!({"a": [1]})), r#"the object {"a":[1]}"#);
        for long in [
            "x".repeat(1 << 20),
            "é".repeat(1_000),
            "\u{1F600}".repeat(90),
            "\n".repeat(500),
        ] {
            let quoted = found(&tree!(long));
            assert_eq!(
                quoted.chars().count(),
                "the text ".len() + QUOTED + 1,
                "{quoted}"
            );
            assert!(quoted.ends_with('…'));
        }
    }

    #[test]
    fn paths_quote_unusual_keys() {
        assert_eq!(join("event", "level"), "event.level");
        assert_eq!(join("event.tags", "a-b_1"), "event.tags.a-b_1");
        assert_eq!(join("event.tags", "a b"), r#"event.tags["a b"]"#);
        assert_eq!(join("event.tags", ""), r#"event.tags[""]"#);
        assert!(join("event.tags", &"k".repeat(9_000)).chars().count() < 120);
    }
}

//! Typed reading of members, with a rejection that says what is wrong, where, and what was found.

use super::json;
pub(super) use super::tree::{Object, Value};
use crate::model::{GroupHash, ProjectId, RejectReason, Rejection};
use uuid::Uuid;

/// An `invalid_payload` rejection.
pub(super) fn invalid(detail: impl Into<String>) -> Rejection {
    Rejection::new(RejectReason::InvalidPayload, detail)
}

/// The member at `path` is not what it has to be.
pub(super) fn unexpected(path: &str, expected: &str, found: &Value<'_>) -> Rejection {
    invalid(format!(
        "{path}: expected {expected}, found {}",
        json::found(found)
    ))
}

/// The member at `path` has to be there and is not.
pub(super) fn missing(path: &str, expected: &str) -> Rejection {
    invalid(format!("{path} is missing; expected {expected}"))
}

/// Moves a member out of an object, leaving null behind. Nothing where the key is absent.
pub(super) fn take<'a>(object: &mut Object<'a>, key: &str) -> Option<Value<'a>> {
    object.get_mut(key).map(std::mem::take)
}

/// Moves a member that has to be there out of an object.
pub(super) fn require<'a>(
    object: &mut Object<'a>,
    key: &str,
    expected: &str,
) -> Result<Value<'a>, Rejection> {
    take(object, key).ok_or_else(|| missing(key, expected))
}

/// Moves a text out of an object; nothing where it is absent or null.
pub(super) fn optional_text(
    object: &mut Object<'_>,
    key: &str,
) -> Result<Option<String>, Rejection> {
    match take(object, key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.into_owned())),
        Some(other) => Err(unexpected(key, "a text or null", &other)),
    }
}

/// Moves a text out of an object; null is allowed, absence is not.
pub(super) fn nullable_text(
    object: &mut Object<'_>,
    key: &str,
) -> Result<Option<String>, Rejection> {
    if object.contains_key(key) {
        optional_text(object, key)
    } else {
        Err(missing(key, "a text or null"))
    }
}

/// A text in an object that is there and not empty.
pub(super) fn text<'a>(object: &'a Object<'_>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// A UUID as text: braces and the prefix `urn:uuid:` are tolerated, hyphens ignored (occurrences spec, section 3).
pub(super) fn parse_uuid(text: &str) -> Option<Uuid> {
    let braces: &[char] = &['{', '}'];
    let digits = text.trim_matches(braces);
    let digits = digits
        .strip_prefix("urn:uuid:")
        .map_or(digits, |rest| rest.trim_matches(braces));
    let mut number: u128 = 0;
    let mut count = 0;
    for digit in digits.chars().filter(|&character| character != '-') {
        count += 1;
        if count > 32 {
            return None;
        }
        number = (number << 4) | u128::from(digit.to_digit(16)?);
    }
    (count == 32).then(|| Uuid::from_u128(number))
}

/// What [`parse_uuid`] reads, for a person.
const A_UUID: &str = "a UUID (32 hex digits)";

/// Reads the member at `path` as a UUID.
pub(super) fn uuid(path: &str, value: &Value<'_>) -> Result<Uuid, Rejection> {
    value
        .as_str()
        .and_then(parse_uuid)
        .ok_or_else(|| unexpected(path, A_UUID, value))
}

/// Reads a UUID; nothing where it is absent, null or empty.
pub(super) fn optional_uuid(
    path: &str,
    value: Option<&Value<'_>>,
) -> Result<Option<Uuid>, Rejection> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(value) => uuid(path, value).map(Some),
    }
}

/// Reads an integer that has to be there. Numbers with a fraction, `true` and texts are none.
pub(super) fn integer(object: &Object<'_>, key: &str) -> Result<i64, Rejection> {
    const AN_INTEGER: &str = "an integer of at most 64 bits";
    let value = object.get(key).ok_or_else(|| missing(key, AN_INTEGER))?;
    value
        .as_i64()
        .ok_or_else(|| unexpected(key, AN_INTEGER, value))
}

/// Reads `project_id` (occurrences spec, section 3, row 3).
pub(super) fn project_id(object: &Object<'_>) -> Result<ProjectId, Rejection> {
    integer(object, "project_id").map(ProjectId)
}

/// Reads `id` (occurrences spec, section 3, row 2).
pub(super) fn id(object: &Object<'_>) -> Result<Uuid, Rejection> {
    let value = object.get("id").ok_or_else(|| missing("id", A_UUID))?;
    uuid("id", value)
}

/// What [`fingerprint`] reads, for a person.
pub(super) const A_FINGERPRINT: &str = "a non-empty array of texts";

/// Reads and hashes `fingerprint` (occurrences spec, section 3.1). A bare text is a list of one (D8). The result is
/// never empty.
pub(super) fn fingerprint(object: &Object<'_>) -> Result<Vec<GroupHash>, Rejection> {
    const KEY: &str = "fingerprint";
    match object.get(KEY) {
        None => Err(missing(KEY, A_FINGERPRINT)),
        Some(Value::String(part)) if !part.is_empty() => Ok(vec![GroupHash::of(part)]),
        Some(Value::Array(parts)) if !parts.is_empty() => parts
            .iter()
            .enumerate()
            .map(|(index, part)| match part {
                Value::String(part) => Ok(GroupHash::of(part)),
                other => Err(unexpected(&format!("{KEY}[{index}]"), "a text", other)),
            })
            .collect(),
        Some(other) => Err(unexpected(KEY, A_FINGERPRINT, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    #[test]
    fn uuids_come_in_many_dresses() {
        let plain = "b6e6e7d9e58240fd81015666e96eb038";
        for text in [
            plain,
            "b6e6e7d9-e582-40fd-8101-5666e96eb038",
            "B6E6E7D9-E582-40FD-8101-5666E96EB038",
            "{b6e6e7d9-e582-40fd-8101-5666e96eb038}",
            "urn:uuid:b6e6e7d9-e582-40fd-8101-5666e96eb038",
            "{urn:uuid:b6e6e7d9e58240fd81015666e96eb038}",
            "urn:uuid:{b6e6e7d9e58240fd81015666e96eb038}",
            "-b6-e6-e7d9e58240fd81015666e96eb03--8-",
        ] {
            assert_eq!(
                parse_uuid(text)
                    .map(|uuid| uuid.simple().to_string())
                    .as_deref(),
                Some(plain),
                "{text}"
            );
        }
        for text in [
            "",
            "hi",
            "b6e6e7d9e58240fd81015666e96eb03",
            "b6e6e7d9e58240fd81015666e96eb0388",
            "b6e6e7d9e58240fd81015666e96eb03g",
            "b6e6e7d9e58240fd81015666e96eb03\u{0}",
            "+6e6e7d9e58240fd81015666e96eb038",
            "uuid:b6e6e7d9e58240fd81015666e96eb038",
        ] {
            assert_eq!(parse_uuid(text), None, "{text}");
        }
    }

    #[test]
    fn fingerprints_are_hashed_part_by_part() {
        let hashes = |fingerprint: Value<'static>| {
            let mut object = Object::new();
            object.insert("fingerprint", fingerprint);
            fingerprint_texts(&object)
        };
        assert_eq!(
            hashes(tree!(["hi", "bye"])).unwrap(),
            [
                "49f68a5c8493ec2c0bf489821c21fc3b",
                "bfa99df33b137bc8fb5f5407d7e58da8"
            ]
        );
        assert_eq!(
            hashes(tree!("touch-id")).unwrap(),
            ["85345ea2b9abf72d3d7a39737524235c"]
        );
        assert_eq!(
            hashes(tree!(["cccccccccccccccccccccccccccccccc"])).unwrap(),
            ["002747f85bbd2b71e55dd21406ef0674"]
        );
        assert_eq!(
            hashes(tree!([""])).unwrap(),
            ["d41d8cd98f00b204e9800998ecf8427e"]
        );
        for wrong in [
            tree!(null),
            tree!([]),
            tree!(""),
            tree!(["a", 5]),
            tree!([null]),
            tree!({}),
            tree!(5),
        ] {
            assert_eq!(
                hashes(wrong.clone()).unwrap_err().reason,
                RejectReason::InvalidPayload,
                "{wrong}"
            );
        }
        let detail = hashes(tree!(["a", 5])).unwrap_err().detail;
        assert_eq!(detail, "fingerprint[1]: expected a text, found 5");
        assert!(
            fingerprint(&Object::new())
                .unwrap_err()
                .detail
                .contains("fingerprint is missing")
        );
    }

    fn fingerprint_texts(object: &Object<'_>) -> Result<Vec<String>, Rejection> {
        Ok(fingerprint(object)?
            .iter()
            .map(ToString::to_string)
            .collect())
    }
}

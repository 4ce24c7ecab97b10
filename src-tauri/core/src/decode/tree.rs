//! The tree a payload is read into. It lives as long as the payload: a text that is spelled without escapes is borrowed
//! from there, and the members of an object are a list, because most objects have a handful.
//!
//! `serde_json::Value` owns every text and hashes every key, which took a third of the time of decoding.

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Value<'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

/// A JSON object: its members in the order in which they came, each key once.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Value<'a> {
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number without a fraction.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// A number without a fraction that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    pub fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    pub fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.as_object()?.get(key)
    }
}

/// As JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

impl<'a> Object<'a> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let member = self.0.iter().find(|(name, _)| name == key)?;
        Some(&member.1)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<'a>> {
        let member = self.0.iter_mut().find(|(name, _)| name == key)?;
        Some(&mut member.1)
    }

    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets a member; one that is there keeps its place.
    pub fn insert(&mut self, key: &'a str, value: impl Into<Value<'a>>) {
        let value = value.into();
        match self.get_mut(key) {
            Some(member) => *member = value,
            None => self.0.push((Cow::Borrowed(key), value)),
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let place = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(place).1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value<'a>)> {
        self.0.iter_mut().map(|(key, value)| (&**key, value))
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value<'a>> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The object with keys and texts of its own.
    pub fn into_owned(self) -> serde_json::Map<String, serde_json::Value> {
        let members = self.0.into_iter();
        members
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect()
    }
}

impl Value<'_> {
    fn into_owned(self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(flag) => flag.into(),
            Self::Number(number) => number.into(),
            Self::String(text) => text.into_owned().into(),
            Self::Array(items) => items.into_iter().map(Value::into_owned).collect(),
            Self::Object(object) => object.into_owned().into(),
        }
    }
}

/// Of several members with one key the last one counts, at the place of the first.
impl<'a> FromIterator<(Cow<'a, str>, Value<'a>)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Value<'a>)>>(members: I) -> Self {
        let mut object = Self(members.into_iter().collect());
        object.keep_each_key_once();
        object
    }
}

/// Up to this many keys are compared with each other; more are hashed.
const FEW: usize = 16;

impl<'a> Object<'a> {
    fn keep_each_key_once(&mut self) {
        let members = &self.0;
        let is_repeated = if members.len() <= FEW {
            let mut keys = members.iter().enumerate();
            keys.any(|(index, (key, _))| members[..index].iter().any(|(earlier, _)| earlier == key))
        } else {
            let mut seen = HashMap::with_capacity(members.len());
            members
                .iter()
                .any(|(key, _)| seen.insert(key.as_ref(), ()).is_some())
        };
        if !is_repeated {
            return;
        }
        let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
        let mut kept: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(self.0.len());
        for (key, value) in std::mem::take(&mut self.0) {
            match places.entry(key) {
                Entry::Occupied(place) => kept[*place.get()].1 = value,
                Entry::Vacant(place) => {
                    kept.push((place.key().clone(), value));
                    place.insert(kept.len() - 1);
                }
            }
        }
        self.0 = kept;
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Value<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}

impl From<serde_json::Value> for Value<'_> {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Bool(flag),
            serde_json::Value::Number(number) => Self::Number(number),
            serde_json::Value::String(text) => text.into(),
            serde_json::Value::Array(items) => {
                Self::Array(items.into_iter().map(Value::from).collect())
            }
            serde_json::Value::Object(object) => Self::Object(object.into()),
        }
    }
}

impl From<serde_json::Map<String, serde_json::Value>> for Object<'_> {
    fn from(object: serde_json::Map<String, serde_json::Value>) -> Self {
        let members = object.into_iter();
        Self(
            members
                .map(|(key, value)| (Cow::Owned(key), value.into()))
                .collect(),
        )
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) => Ok(object),
            _ => Err(de::Error::custom("the value is no object")),
        }
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.to_owned().into())
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = members.next_key_seed(Key)? {
            object.0.push((key, members.next_value()?));
        }
        object.keep_each_key_once();
        Ok(Value::Object(object))
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_string<E>(self, key: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// As `serde_json::json!`, for tests.
#[cfg(test)]
macro_rules! tree {
    ($($json:tt)+) => {
        $crate::decode::tree::Value::from(serde_json::json!($($json)+))
    };
}
#[cfg(test)]
pub(super) use tree;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Value<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_read_is_written_again() {
        for text in [
            r#"{"b":[1,-2,2.5,18446744073709551615,-0.0,1e+300],"a":{"x":null,"":true},"t":"é\"\\\n\u0000"}"#,
            "null",
            "[]",
            "{}",
            r#""""#,
        ] {
            let value = read(text);
            assert_eq!(value.to_string(), text);
            let plain: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(value.clone().into_owned(), plain);
            assert_eq!(Value::from(plain), value);
        }
    }

    #[test]
    fn texts_are_borrowed_unless_they_are_escaped() {
        let value = read(r#"{"plain": "text", "esc\u0061ped": "t\u0065xt"}"#);
        let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        let Value::Object(object) = value else {
            unreachable!("an object was written")
        };
        let kinds: Vec<_> = object
            .0
            .iter()
            .map(|(key, value)| match value {
                Value::String(text) => (key.as_ref(), borrowed(key), borrowed(text)),
                _ => unreachable!("texts were written"),
            })
            .collect();
        assert_eq!(kinds, [("plain", true, true), ("escaped", false, false)]);
    }

    #[test]
    fn of_repeated_keys_the_last_counts_at_the_place_of_the_first() {
        assert_eq!(
            read(r#"{"a": 1, "b": 2, "\u0061": 3, "b": 4, "c": 5}"#).to_string(),
            r#"{"a":3,"b":4,"c":5}"#
        );
        // More keys than are compared one by one.
        let many = |value: &str| {
            let members = (0..100).map(|number| format!(r#""k{number}":{value}"#));
            members.collect::<Vec<_>>().join(",")
        };
        let twice = format!("{{{},{}}}", many("1"), many("2"));
        assert_eq!(read(&twice).to_string(), format!("{{{}}}", many("2")));
    }

    #[test]
    fn many_members_are_no_burden() {
        // Enough that a quadratic way would be noticed as a test that does not end.
        let members: Vec<String> = (0..200_000)
            .map(|number| format!(r#""k{}":{number}"#, number % 150_000))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        let value = read(&text);
        assert_eq!(
            value.as_object().map(|object| object.0.len()),
            Some(150_000)
        );
        assert_eq!(value.get("k49999").and_then(Value::as_u64), Some(199_999));
    }

    #[test]
    fn members_can_be_set() {
        let Value::Object(mut object) = Value::from(json!({"a": 1, "b": 2})) else {
            unreachable!("an object was made")
        };
        object.insert("a", "one");
        object.insert("c", String::from("three"));
        assert_eq!(
            Value::Object(object).to_string(),
            r#"{"a":"one","b":2,"c":"three"}"#
        );
    }
}

//! Why an issue lies in the inbox.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// The reason an issue was put into the inbox (group-states spec, section 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InboxReason {
    /// Opened for the first time.
    New = 0,
    /// Taken out of the archive. Older stores hold it; nothing writes it any more.
    Unignored = 1,
    /// Came back after it was resolved.
    Regression = 2,
    /// A person put it there.
    Manual = 3,
    /// Its events were processed again.
    Reprocessed = 4,
    /// Seen much more often than forecast.
    Escalating = 5,
    /// The time it was archived for is over.
    Ongoing = 6,
}

impl InboxReason {
    /// Every reason, in the order of the numbers.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Unignored,
        Self::Regression,
        Self::Manual,
        Self::Reprocessed,
        Self::Escalating,
        Self::Ongoing,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The reason with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.number() == number)
    }

    /// The lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unignored => "unignored",
            Self::Regression => "regression",
            Self::Manual => "manual",
            Self::Reprocessed => "reprocessed",
            Self::Escalating => "escalating",
            Self::Ongoing => "ongoing",
        }
    }
}

/// The conditions of the archive that ended when the issue came into the inbox (group-states spec, sections 1.5 and
/// 4.1). What the archive did not name is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxDetails {
    /// The instant it was archived until. Its JSON form has whole seconds.
    pub until: Option<DateTime<Utc>>,
    /// Events it was archived for.
    pub count: Option<i64>,
    /// Minutes within which `count` was to be reached.
    pub window: Option<i64>,
    /// Distinct users it was archived for.
    pub user_count: Option<i64>,
    /// Minutes within which `user_count` was to be reached.
    pub user_window: Option<i64>,
}

impl InboxDetails {
    /// The stored form: an object with all five keys, null for what is not set, and `until` as RFC 3339 text in UTC,
    /// cut to whole seconds.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let until = self
            .until
            .map(|until| until.to_rfc3339_opts(SecondsFormat::Secs, true));
        let mut fields = Map::new();
        fields.insert("until".into(), until.into());
        fields.insert("count".into(), self.count.into());
        fields.insert("window".into(), self.window.into());
        fields.insert("user_count".into(), self.user_count.into());
        fields.insert("user_window".into(), self.user_window.into());
        Value::Object(fields)
    }

    /// The details a JSON value describes. A missing key counts as null. Nothing for null, and nothing for invalid
    /// details: no object, a key that is none of the five, a number that is not a whole one of 64 bits, or an `until`
    /// that is no RFC 3339 text. Invalid details are logged as a warning.
    #[must_use]
    pub fn from_json(json: &Value) -> Option<Self> {
        if json.is_null() {
            return None;
        }
        let details = Self::read(json);
        if let Err(problem) = &details {
            tracing::warn!(%problem, "the details of an inbox entry are invalid; left out");
        }
        details.ok()
    }

    fn read(json: &Value) -> Result<Self, String> {
        let fields = json.as_object().ok_or("they are no object")?;
        let mut details = Self::default();
        for (key, value) in fields {
            match key.as_str() {
                "until" => details.until = instant(value)?,
                "count" => details.count = whole_number(key, value)?,
                "window" => details.window = whole_number(key, value)?,
                "user_count" => details.user_count = whole_number(key, value)?,
                "user_window" => details.user_window = whole_number(key, value)?,
                _ => return Err(format!("the key {key:?} is unknown")),
            }
        }
        Ok(details)
    }
}

fn instant(value: &Value) -> Result<Option<DateTime<Utc>>, String> {
    if value.is_null() {
        return Ok(None);
    }
    value
        .as_str()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
        .map(|instant| Some(instant.to_utc()))
        .ok_or_else(|| "\"until\" is no RFC 3339 time".to_owned())
}

fn whole_number(key: &str, value: &Value) -> Result<Option<i64>, String> {
    if value.is_null() {
        return Ok(None);
    }
    value
        .as_i64()
        .map(Some)
        .ok_or_else(|| format!("{key:?} is no whole number of 64 bits"))
}

#[cfg(test)]
mod tests {
    use super::{InboxDetails, InboxReason};
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn reasons_have_their_numbers_and_words() {
        let reasons: Vec<(i16, &str)> = (i16::MIN..=i16::MAX)
            .filter_map(InboxReason::from_number)
            .map(|reason| (reason.number(), reason.as_str()))
            .collect();
        assert_eq!(
            reasons,
            [
                (0, "new"),
                (1, "unignored"),
                (2, "regression"),
                (3, "manual"),
                (4, "reprocessed"),
                (5, "escalating"),
                (6, "ongoing"),
            ]
        );
    }

    #[test]
    fn the_stored_form_has_every_key_and_no_fraction_of_a_second() {
        let details = InboxDetails {
            until: Some(instant("2031-02-03T04:05:06.987654Z")),
            user_count: Some(12),
            ..InboxDetails::default()
        };
        assert_eq!(
            details.to_json(),
            json!({
                "until": "2031-02-03T04:05:06Z",
                "count": null,
                "window": null,
                "user_count": 12,
                "user_window": null,
            })
        );
    }

    #[test]
    fn missing_keys_and_nulls_are_not_set() {
        assert_eq!(
            InboxDetails::from_json(&json!({})),
            Some(InboxDetails::default())
        );
        assert_eq!(
            InboxDetails::from_json(&json!({"until": null, "window": 30, "user_window": null})),
            Some(InboxDetails {
                window: Some(30),
                ..InboxDetails::default()
            })
        );
    }

    #[test]
    fn an_instant_of_another_time_zone_is_the_same_instant() {
        let details = InboxDetails::from_json(&json!({"until": "2031-02-03T06:05:06+02:00"}));
        assert_eq!(
            details.expect("valid").until,
            Some(instant("2031-02-03T04:05:06Z"))
        );
    }

    #[test]
    fn invalid_details_are_none() {
        for invalid in [
            json!([]),
            json!("until"),
            json!(4),
            json!({"count": 3, "colour": "red"}),
            json!({"count": "3"}),
            json!({"count": 3.5}),
            json!({"count": true}),
            json!({"window": [30]}),
            json!({"user_count": {}}),
            json!({"user_window": 9_223_372_036_854_775_808_u64}),
            json!({"until": 1_927_000_000}),
            json!({"until": "tomorrow"}),
            json!({"until": "2031-02-03"}),
        ] {
            assert_eq!(InboxDetails::from_json(&invalid), None, "{invalid}");
        }
    }

    #[test]
    fn no_details_are_none() {
        assert_eq!(InboxDetails::from_json(&Value::Null), None);
    }

    fn any_details() -> impl Strategy<Value = InboxDetails> {
        // Up to the last second of the year 9999: RFC 3339 has four digits for a year.
        let micros = 0..253_402_300_800_000_000_i64;
        let until =
            micros.prop_map(|micros| DateTime::UNIX_EPOCH + TimeDelta::microseconds(micros));
        (
            proptest::option::of(until),
            any::<Option<i64>>(),
            any::<Option<i64>>(),
            any::<Option<i64>>(),
            any::<Option<i64>>(),
        )
            .prop_map(
                |(until, count, window, user_count, user_window)| InboxDetails {
                    until,
                    count,
                    window,
                    user_count,
                    user_window,
                },
            )
    }

    proptest! {
        #[test]
        fn reading_the_stored_form_loses_only_fractions_of_seconds(details in any_details()) {
            let read = InboxDetails::from_json(&details.to_json()).expect("valid");
            let cut = details
                .until
                .and_then(|until| DateTime::from_timestamp(until.timestamp(), 0));
            prop_assert_eq!(read, InboxDetails { until: cut, ..details });
            prop_assert_eq!(read.to_json(), details.to_json());
        }
    }
}

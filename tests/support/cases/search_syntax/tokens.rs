//! Cases that say which tokens a text splits into. They are reduced to the filters that a parser gives, or to an error.

use super::super::Outcome;
use super::super::expected::differences;
use super::{NOW, read};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use picket_core::query::SearchConfig;
use serde_json::{Value, json};

pub(super) fn run(stem: &str, cases: &[Value]) -> Vec<Outcome> {
    let config = match stem {
        "rel_time_filter" | "specific_time_filter" => SearchConfig::issues(),
        _ => SearchConfig::plain(),
    };
    cases.iter().map(|given| case(given, &config)).collect()
}

/// What a token list comes down to.
#[derive(Debug, PartialEq)]
enum Expected {
    Filters(Vec<Value>),
    /// An error; any, where no code is named.
    Error(Option<&'static str>),
}

fn case(given: &Value, config: &SearchConfig) -> Outcome {
    let Some(query) = given.get("query").and_then(Value::as_str) else {
        return Outcome::unsupported("unnamed", "a case without a query");
    };
    let expected = match reduce(query, given) {
        Ok(expected) => expected,
        Err(why) => return Outcome::unsupported(query, why),
    };
    let actual = match read(query, config) {
        Ok(query) => json!({ "filters": query.to_json() }),
        Err(code) => json!({ "error": code }),
    };
    let expected = match expected {
        Expected::Filters(filters) => json!({ "filters": filters }),
        Expected::Error(Some(code)) => json!({ "error": code }),
        Expected::Error(None) => match actual.get("error") {
            Some(code) => json!({ "error": code }),
            None => json!({ "error": "any" }),
        },
    };
    Outcome {
        case: query.to_owned(),
        diff: differences(&expected, &actual),
        actual,
    }
}

fn reduce(query: &str, given: &Value) -> Result<Expected, String> {
    if given.get("raisesError") == Some(&Value::Bool(true)) {
        return Ok(Expected::Error(None));
    }
    let tokens = given.get("result").and_then(Value::as_array);
    let mut filters = Vec::new();
    for token in tokens.ok_or("a case without a token list")? {
        match word(token, "type")? {
            "spaces" => {}
            "freeText" => {
                if is_number_with_unit(word(token, "value")?) {
                    return Ok(Expected::Error(Some("number_suffix")));
                }
                filters.extend(free_text(token)?);
            }
            "filter"
                if token
                    .get("invalid")
                    .is_some_and(|invalid| !invalid.is_null()) =>
            {
                return Ok(Expected::Error(None));
            }
            "filter" => match filter(query, token)? {
                Some(found) => filters.extend(found),
                None => return Ok(Expected::Error(Some("has_needs_key"))),
            },
            other => return Err(format!("unknown token {other:?}")),
        }
    }
    Ok(Expected::Filters(filters))
}

fn free_text(token: &Value) -> Result<Option<Value>, String> {
    let text = word(token, "value")?;
    let text = if flag(token, "quoted") {
        unescaped(text)
    } else {
        text.trim_matches(' ').to_owned()
    };
    Ok((!text.is_empty()).then(|| one("message", "=", json!(text))))
}

/// The filters of a token, or nothing where it asks for a key that is none.
fn filter(query: &str, token: &Value) -> Result<Option<Vec<Value>>, String> {
    let kind = word(token, "filter")?;
    let negated = flag(token, "negated");
    let value = member(token, "value")?;
    if kind == "has" {
        if !word(value, "type")?.starts_with("key") {
            return Ok(None);
        }
        let op = if negated { "=" } else { "!=" };
        return Ok(Some(vec![one(&key(value)?, op, json!(""))]));
    }
    let key = key(member(token, "key")?)?;
    let sign = Some(word(token, "operator")?).filter(|sign| !sign.is_empty());
    let op = negate(sign.unwrap_or("="), negated)?;
    Ok(Some(match word(value, "type")? {
        "valueText" => vec![one(&key, op, json!(unescaped(word(value, "value")?)))],
        "valueTextList" | "valueNumberList" => {
            let op = if negated { "NOT IN" } else { "IN" };
            vec![one(&key, op, list(value)?)]
        }
        "valueNumber" => vec![one(&key, op, number(value)?)],
        "valueDuration" => vec![one(&key, op, duration(value)?)],
        "valueBoolean" => {
            let truth = flag(value, "value") != negated;
            vec![one(&key, "=", json!(u8::from(truth)))]
        }
        "valueIso8601Date" => {
            let at = word(value, "value")?;
            let at = DateTime::parse_from_rfc3339(at).map_err(|error| format!("{at}: {error}"))?;
            let at = at.with_timezone(&Utc);
            if kind == "specificDate" {
                let (from, until) = around(query, at);
                vec![
                    one(&key, ">=", instant(from)),
                    one(&key, "<", instant(until)),
                ]
            } else {
                vec![one(&key, op, instant(at))]
            }
        }
        "valueRelativeDate" => {
            let op = if word(value, "sign")? == "-" {
                ">="
            } else {
                "<="
            };
            vec![one(&key, op, instant(NOW - distance(value)?))]
        }
        other => return Err(format!("unknown value {other:?}")),
    }))
}

fn one(key: &str, op: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    json!({ "key": key, "op": op, "value": value })
}

fn instant(at: DateTime<Utc>) -> Value {
    json!({ "instant": at.to_rfc3339_opts(SecondsFormat::Millis, true) })
}

fn key(token: &Value) -> Result<String, String> {
    Ok(match word(token, "type")? {
        "keySimple" => word(token, "value")?.to_owned(),
        "keyExplicitTag" => format!(
            "{}[{}]",
            word(token, "prefix")?,
            key(member(token, "key")?)?
        ),
        "keyAggregate" => {
            let arguments = match token.get("args") {
                None | Some(Value::Null) => Vec::new(),
                Some(arguments) => items(arguments, "args")?
                    .iter()
                    .map(|argument| word(member(argument, "value")?, "value"))
                    .collect::<Result<Vec<_>, _>>()?,
            };
            format!("{}({})", key(member(token, "name")?)?, arguments.join(", "))
        }
        other => return Err(format!("unknown key {other:?}")),
    })
}

fn list(value: &Value) -> Result<Value, String> {
    let elements = items(value, "items")?.iter().map(|item| {
        let value = member(item, "value")?;
        match word(value, "type")? {
            "valueText" => Ok(json!(unescaped(word(value, "value")?))),
            "valueNumber" => Ok(member(value, "rawValue")?.clone()),
            other => Err(format!("unknown element {other:?}")),
        }
    });
    elements.collect()
}

fn number(value: &Value) -> Result<Value, String> {
    let unit = value.get("unit").and_then(Value::as_str).unwrap_or("");
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" => 1.0,
        "k" => 1e3,
        "m" => 1e6,
        "b" => 1e9,
        other => return Err(format!("unknown unit {other:?}")),
    };
    Ok(json!(figure(value, "value")? * factor))
}

fn duration(value: &Value) -> Result<Value, String> {
    let factor = match word(value, "unit")? {
        "ms" => 1.0,
        "s" => 1e3,
        "min" | "m" => 6e4,
        "hr" | "h" => 36e5,
        "day" | "d" => 864e5,
        "wk" | "w" => 6048e5,
        other => return Err(format!("unknown unit {other:?}")),
    };
    Ok(json!(figure(value, "value")? * factor))
}

fn distance(value: &Value) -> Result<TimeDelta, String> {
    let count = figure(value, "value")?;
    let seconds = match word(value, "unit")? {
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        other => return Err(format!("unknown unit {other:?}")),
    };
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole seconds of a test case"
    )]
    Ok(TimeDelta::seconds((count * seconds) as i64))
}

/// A bare date is a day, one with a time is some minutes. The token has lost the difference: the text still has it.
fn around(query: &str, at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let day = at.format("%Y-%m-%d").to_string();
    let is_bare = query
        .split_once(&day)
        .is_some_and(|(_, behind)| !behind.starts_with('T'));
    if is_bare {
        (at, at + TimeDelta::days(1))
    } else {
        (at - TimeDelta::minutes(5), at + TimeDelta::minutes(6))
    }
}

fn negate(op: &str, negated: bool) -> Result<&str, String> {
    Ok(match (op, negated) {
        (op, false) => op,
        ("=", true) => "!=",
        ("!=", true) => "=",
        (">", true) => "<=",
        ("<=", true) => ">",
        ("<", true) => ">=",
        (">=", true) => "<",
        (other, true) => return Err(format!("unknown operator {other:?}")),
    })
}

/// Whether text that is listed as free is an aggregate with a unit it cannot have, which is an error in Picket.
fn is_number_with_unit(text: &str) -> bool {
    let Some((function, value)) = text.split_once("):") else {
        return false;
    };
    let value = value.trim_start_matches(['<', '>', '=', '!']);
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    function.contains('(')
        && value.starts_with(|c: char| c.is_ascii_digit())
        && ["ms", "s", "min", "hr", "h", "day", "d", "wk", "w"].contains(&unit)
}

fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"")
}

fn member<'v>(value: &'v Value, name: &str) -> Result<&'v Value, String> {
    value
        .get(name)
        .ok_or_else(|| format!("a token without {name:?}"))
}

fn word<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    let found = member(value, name)?;
    found
        .as_str()
        .ok_or_else(|| format!("{name:?} is {found}, which is no text"))
}

fn items<'v>(value: &'v Value, name: &str) -> Result<&'v Vec<Value>, String> {
    let found = member(value, name)?;
    found
        .as_array()
        .ok_or_else(|| format!("{name:?} is {found}, which is no list"))
}

fn figure(value: &Value, name: &str) -> Result<f64, String> {
    let found = member(value, name)?;
    let number = found.as_f64();
    number
        .or_else(|| found.as_str()?.parse().ok())
        .ok_or_else(|| format!("{name:?} is {found}, which is no number"))
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::{Expected, reduce};
    use serde_json::{Value, json};

    fn filter(kind: &str, key: &Value, value: &Value) -> Value {
        json!({"type": "filter", "filter": kind, "negated": true, "operator": ">", "key": key, "value": value})
    }

    fn reduced(query: &str, tokens: &Value) -> Expected {
        reduce(query, &json!({"query": query, "result": tokens})).unwrap()
    }

    #[test]
    fn negation_turns_operators_and_units_are_multiplied() {
        let key = json!({"type": "keySimple", "value": "depth", "quoted": false});
        let number = json!({"type": "valueNumber", "value": "1.5", "unit": "k", "rawValue": 1500});
        let duration = json!({"type": "valueDuration", "value": 2, "unit": "m"});
        let tokens = json!([
            filter("numeric", &key, &number),
            {"type": "spaces", "value": " "},
            filter("duration", &key, &duration),
            {"type": "freeText", "value": "a \\\" b ", "quoted": false},
            {"type": "freeText", "value": " \\\"", "quoted": true},
            {"type": "freeText", "value": "", "quoted": true},
        ]);
        assert_eq!(
            reduced("", &tokens),
            Expected::Filters(vec![
                json!({"key": "depth", "op": "<=", "value": 1500.0}),
                json!({"key": "depth", "op": "<=", "value": 120_000.0}),
                json!({"key": "message", "op": "=", "value": "a \\\" b"}),
                json!({"key": "message", "op": "=", "value": " \""}),
            ])
        );
    }

    #[test]
    fn a_date_is_a_day_only_where_no_time_was_typed() {
        let key = json!({"type": "keySimple", "value": "seen", "quoted": false});
        let date = json!({"type": "valueIso8601Date", "value": "2020-02-02T00:00:00.000Z"});
        let tokens = json!([filter("specificDate", &key, &date)]);
        for (query, from, until) in [
            (
                "seen:2020-02-02",
                "2020-02-02T00:00:00.000Z",
                "2020-02-03T00:00:00.000Z",
            ),
            (
                "seen:2020-02-02T00:00:00Z",
                "2020-02-01T23:55:00.000Z",
                "2020-02-02T00:06:00.000Z",
            ),
        ] {
            let expected = Expected::Filters(vec![
                json!({"key": "seen", "op": ">=", "value": {"instant": from}}),
                json!({"key": "seen", "op": "<", "value": {"instant": until}}),
            ]);
            assert_eq!(reduced(query, &tokens), expected, "{query}");
        }
    }

    #[test]
    fn what_picket_refuses_is_expected_as_an_error() {
        let has = json!([{"type": "filter", "filter": "has", "negated": false, "operator": "",
            "key": {"type": "keySimple", "value": "has", "quoted": false},
            "value": {"type": "valueText", "value": "a b", "quoted": true}}]);
        assert_eq!(reduced("", &has), Expected::Error(Some("has_needs_key")));
        let unit = json!([{"type": "freeText", "value": "sum(depth):<=5.5h", "quoted": false}]);
        assert_eq!(reduced("", &unit), Expected::Error(Some("number_suffix")));
        let million = json!([{"type": "freeText", "value": "sum(depth):5m", "quoted": false}]);
        assert!(matches!(reduced("", &million), Expected::Filters(_)));
        let refused = reduce("", &json!({"query": "", "result": [], "raisesError": true}));
        assert_eq!(refused.unwrap(), Expected::Error(None));
        let strange = json!({"query": "", "result": [{"type": "riddle"}]});
        assert!(reduce("", &strange).unwrap_err().contains("riddle"));
    }
}

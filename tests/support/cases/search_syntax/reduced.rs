//! Cases that say which filters a text is read as.

use super::super::expected::differences;
use super::super::{Outcome, name, without_remarks};
use super::read;
use picket_core::model::{Project, ProjectId, ProjectRules};
use picket_core::query::{Item, Query, SearchConfig, TextValue};
use picket_core::search::{Known, convert};
use serde_json::{Map, Value, json};

pub(super) fn run(file: &Map<String, Value>) -> Result<Vec<Outcome>, String> {
    let name = file.get("config").and_then(Value::as_str);
    let config = match name.unwrap_or("default") {
        "default" => SearchConfig::plain(),
        "default+extensions" => SearchConfig::plain().with_extensions(),
        "issue" => SearchConfig::issues(),
        "span" => SearchConfig::spans(),
        other => return Err(format!("unknown configuration {other:?}")),
    };
    let cases = file.get("cases").and_then(Value::as_array);
    let cases = cases.ok_or("an object without a list of cases")?;
    Ok(cases.iter().map(|given| case(given, &config)).collect())
}

fn case(given: &Value, config: &SearchConfig) -> Outcome {
    let case = name(given);
    let mut expected = given.clone();
    without_remarks(&mut expected);
    let (Some(query), Some(expected)) = (given["query"].as_str(), expected.as_object_mut()) else {
        return Outcome::unsupported(case, "a case without a query");
    };
    expected.retain(|member, _| member != "query" && member != "name");
    match actual(query, expected, config) {
        Ok(actual) => Outcome {
            case,
            diff: differences(&json!(expected), &actual),
            actual,
        },
        Err(why) => Outcome::unsupported(case, why),
    }
}

/// What the text is, in the shape of what is expected of it.
fn actual(
    query: &str,
    expected: &Map<String, Value>,
    config: &SearchConfig,
) -> Result<Value, String> {
    let staged = expected.contains_key("stage");
    let refused = |code: Value, stage: &str| {
        let mut actual = json!({ "error": code });
        if staged {
            actual["stage"] = json!(stage);
        }
        actual
    };
    let query = match read(query, config) {
        Ok(query) => query,
        Err(code) => return Ok(refused(code, "parse")),
    };
    let filters = query.to_json();
    if expected.contains_key("error") {
        return Ok(
            match staged.then(|| converted(&query, config)).transpose()? {
                Some(Some(code)) => refused(code, "convert"),
                Some(None) | None => json!({ "filters": filters }),
            },
        );
    }
    let text = only_text(&query);
    let mut actual = Map::new();
    for name in expected.keys() {
        let value = match name.as_str() {
            "filters" => filters.clone(),
            "pattern" => json!(text.map(TextValue::is_pattern)),
            "literal" => json!(text.and_then(TextValue::literal)),
            other => return Err(format!("unknown member {other:?}")),
        };
        actual.insert(name.clone(), value);
    }
    Ok(Value::Object(actual))
}

/// The text of the one filter.
fn only_text(query: &Query) -> Option<&TextValue> {
    match query.items.as_slice() {
        [Item::Filter(filter)] => filter.value.as_text(),
        _ => None,
    }
}

/// The code with which conversion refuses the search, for one project and one acting member.
fn converted(query: &Query, config: &SearchConfig) -> Result<Option<Value>, String> {
    if config.is_words.is_empty() {
        return Err("only searches for issues are converted".to_owned());
    }
    let known = Known {
        projects: vec![Project {
            id: ProjectId(1),
            slug: "project".to_owned(),
            rules: ProjectRules::default(),
        }],
        me: Some(1),
        ..Known::default()
    };
    Ok(convert(&query.tree(), &known)
        .err()
        .map(|problem| json!(problem.code)))
}

#[cfg(test)]
mod tests {
    use super::super::run;
    use serde_json::json;

    fn ran(config: &str, case: &serde_json::Value) -> (bool, serde_json::Value) {
        let file = json!({"name": "own", "config": config, "cases": [case]});
        let ran = run("own", &file.to_string()).unwrap().remove(0);
        (ran.diff.is_empty(), ran.actual)
    }

    #[test]
    fn what_is_expected_is_filled_with_what_happened() {
        let filters = json!([{"key": "color", "op": "!=", "value": "green*"}]);
        let case = json!({"query": "!color:green*", "note": "n", "filters": filters, "pattern": true, "literal": null});
        assert_eq!(
            ran("default", &case),
            (
                true,
                json!({"filters": filters, "pattern": true, "literal": null})
            )
        );
        let case = json!({"query": "color:green", "filters": [], "literal": "red"});
        let actual =
            json!({"filters": [{"key": "color", "op": "=", "value": "green"}], "literal": "green"});
        assert_eq!(ran("default", &case), (false, actual));
    }

    #[test]
    fn an_error_is_told_by_its_code() {
        let wrong = "is:wrong";
        for (config, query, expected, pass, actual) in [
            (
                "issue",
                wrong,
                json!({"error": "is_unknown"}),
                true,
                json!({"error": "is_unknown"}),
            ),
            (
                "default",
                wrong,
                json!({"error": "is_unknown"}),
                false,
                json!({"error": "is_unsupported"}),
            ),
            (
                "default",
                wrong,
                json!({"filters": []}),
                false,
                json!({"error": "is_unsupported"}),
            ),
            (
                "span",
                "a",
                json!({"error": "bad_quote"}),
                false,
                json!({"filters": [{"key": "message", "op": "=", "value": "a"}]}),
            ),
            (
                "issue",
                wrong,
                json!({"error": "is_unknown", "stage": "convert"}),
                false,
                json!({"error": "is_unknown", "stage": "parse"}),
            ),
            (
                "issue",
                "status:x",
                json!({"error": "unknown_status", "stage": "convert"}),
                true,
                json!({"error": "unknown_status", "stage": "convert"}),
            ),
            (
                "issue",
                "count():>5",
                json!({"error": "aggregate_not_allowed", "stage": "convert"}),
                true,
                json!({"error": "aggregate_not_allowed", "stage": "convert"}),
            ),
            (
                "issue",
                "assigned:me",
                json!({"error": "unknown_status", "stage": "convert"}),
                false,
                json!({"filters": [{"key": "assigned_to", "op": "=", "value": "me"}]}),
            ),
            (
                "span",
                "status:x",
                json!({"error": "unknown_status", "stage": "convert"}),
                false,
                json!({"error": "unsupported"}),
            ),
            (
                "issue",
                "a",
                json!({"tokens": 1}),
                false,
                json!({"error": "unsupported"}),
            ),
        ] {
            let mut case = expected;
            case["query"] = json!(query);
            assert_eq!(ran(config, &case), (pass, actual), "{query}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        for file in ["[", "1", "{}", r#"{"config": "moon", "cases": []}"#] {
            assert!(run("own", file).is_err(), "{file}");
        }
    }
}

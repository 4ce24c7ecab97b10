//! The language, sentence by sentence (search spec, sections 2 to 6.3 and 7.1).

mod boolean;
mod codes;
mod completion;
mod configurations;
mod extensions;
mod fixes;
mod grammar;
mod lists;
mod meanings;
mod printing;
mod properties;
mod shapes;
mod words;

use super::{Item, Problem, SearchConfig, Value, parse};
use chrono::{DateTime, SecondsFormat, Utc};

/// 2024-06-01T12:00:00Z
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_717_243_200, 0).unwrap();

/// What a text is read as, or the code it is refused with. Items are separated by a semicolon, text stands in quotes.
fn seen(text: &str, config: &SearchConfig) -> String {
    match parse(text, config, NOW) {
        Ok(query) => shown(&query.items),
        Err(problems) => format!("! {}", problems[0].code.as_str()),
    }
}

fn shown(items: &[Item]) -> String {
    let items: Vec<_> = items
        .iter()
        .map(|item| match item {
            Item::Filter(filter) => filter_shown(filter),
            Item::Range(filters) => {
                let [from, until] = &**filters;
                format!("{}; {}", filter_shown(from), filter_shown(until))
            }
            Item::Group(items) => format!("({})", shown(items)),
            Item::And => "AND".to_owned(),
            Item::Or => "OR".to_owned(),
            Item::Not => "NOT".to_owned(),
        })
        .collect();
    items.join("; ")
}

fn filter_shown(filter: &super::Filter) -> String {
    format!(
        "{} {} {}",
        filter.key,
        filter.op.as_str(),
        value_shown(&filter.value)
    )
}

fn value_shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{}'", text.text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Instant(instant) => instant.at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(value_shown).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// Every text is read as stated.
#[track_caller]
fn read_as(config: &SearchConfig, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(seen(text, config), *expected, "{text:?}");
    }
}

fn plain() -> SearchConfig {
    SearchConfig::plain()
}

fn issues() -> SearchConfig {
    SearchConfig::issues()
}

fn spans() -> SearchConfig {
    SearchConfig::spans()
}

fn problems(text: &str, config: &SearchConfig) -> Vec<Problem> {
    parse(text, config, NOW).err().unwrap_or_default()
}

fn codes(text: &str, config: &SearchConfig) -> Vec<&'static str> {
    let problems = problems(text, config);
    problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}

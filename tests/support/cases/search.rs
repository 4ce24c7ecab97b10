//! Cases of searches for issues (search spec, sections 6 to 9).

use super::Outcome;
use crate::fresh::{Fresh, FreshStore};
use crate::rows::{self, Data};
use anyhow::{Context, Result, anyhow};
use picket_core::engine::find::{Asker, FindError, IssueList, ListRequest, list_issues};
use picket_core::store::{Store, TriageStore};
use serde_json::{Map, Value, json};

/// Runs the cases of a file one after the other, each on a store of its own with the data of the file.
pub async fn run(file: &str, text: &str, place: &Fresh) -> Vec<Outcome> {
    let (data, cases) = match data_and_cases(text) {
        Ok(read) => read,
        Err(why) => return vec![Outcome::unsupported(file, why)],
    };
    let mut outcomes = Vec::new();
    for case in cases {
        let name = super::name(&case);
        outcomes.push(match run_case(&case, &data, place).await {
            Ok(happened) => Outcome::of(name, &case["expect"], &happened),
            Err(error) => Outcome::unsupported(name, format!("{error:#}")),
        });
    }
    outcomes
}

fn data_and_cases(text: &str) -> Result<(Data, Vec<Value>), String> {
    let mut file: Value =
        serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    let data =
        serde_json::from_value(file["data"].take()).map_err(|error| format!("data: {error}"))?;
    Ok((data, super::of_file(&file.to_string())?))
}

async fn run_case(case: &Value, data: &Data, place: &Fresh) -> Result<Value> {
    let request = request_of(&case["request"])?;
    let fresh: FreshStore = place.open().await?;
    let happened = ask(&fresh.store, &request, data).await;
    fresh.remove().await?;
    Ok(answer(&happened?, &case["expect"]))
}

async fn ask(
    store: &Store,
    request: &ListRequest,
    data: &Data,
) -> Result<Result<IssueList, FindError>> {
    rows::load(store, data).await?;
    let directory = store.directory().await?;
    let asker = Asker {
        directory: &directory,
        me: data.acting_member,
    };
    Ok(list_issues(store, request, asker, data.now).await)
}

/// What happened, in the members that expectations can have.
fn answer(happened: &Result<IssueList, FindError>, expect: &Value) -> Value {
    let list = match happened {
        Ok(list) => list,
        Err(error) => {
            let code = error
                .code()
                .map_or_else(|| error.to_string(), str::to_owned);
            return json!({ "error": code });
        }
    };
    let ids: Vec<i64> = list
        .issues
        .iter()
        .filter_map(|issue| issue.id.parse().ok())
        .collect();
    if expect.get("error").is_some() {
        return json!({ "ids": ids });
    }
    let matching = list
        .issues
        .first()
        .and_then(|issue| issue.matching_event_id.as_ref());
    json!({
        "ids": ids,
        "prev": list.prev,
        "next": list.next,
        "hits": list.hits,
        "direct_hit": list.direct_hit,
        "matchingEventId": matching,
    })
}

/// A request from its JSON. Members that are not known are refused: a case that needs them cannot be carried out.
pub(super) fn request_of(json: &Value) -> Result<ListRequest> {
    let members: &Map<String, Value> = json.as_object().context("a request is an object")?;
    let mut request = ListRequest::default();
    for (name, value) in members {
        let text = || plain(value);
        match name.as_str() {
            "project" => {
                let ids = value.as_array().context("project: a list of ids")?;
                request.project = ids.iter().filter_map(Value::as_i64).collect();
            }
            "environment" => {
                let names = value.as_array().context("environment: a list of names")?;
                request.environment = names.iter().map(plain).collect();
            }
            "query" => request.query = Some(text()),
            "sort" => request.sort = Some(text()),
            "limit" => request.limit = Some(text()),
            "cursor" => request.cursor = Some(text()),
            "statsPeriod" => request.stats_period = Some(text()),
            "statsPeriodStart" => request.stats_period_start = Some(text()),
            "statsPeriodEnd" => request.stats_period_end = Some(text()),
            "start" => request.start = Some(text()),
            "end" => request.end = Some(text()),
            "groupStatsPeriod" => request.group_stats_period = Some(text()),
            "shortIdLookup" => request.short_id_lookup = text() == "1",
            "group" => {
                let ids = value.as_array().context("group: a list of ids")?;
                request.group = ids.iter().map(plain).collect();
            }
            other => return Err(anyhow!("request.{other} is not known")),
        }
    }
    Ok(request)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "1".to_owned(),
        other => other.to_string(),
    }
}

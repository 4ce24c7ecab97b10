//! Scenario files (occurrences spec, section 16.3). A file is one case.

use super::{Outcome, on_a_fresh_store};
use picket_tests::fresh::Fresh;
use picket_tests::scenario;
use serde_json::json;

pub async fn run(unnamed: &str, text: &str, place: &Fresh) -> Vec<Outcome> {
    let scenario = match scenario::format::parse(text, unnamed) {
        Ok(scenario) => scenario,
        Err(why) => return vec![Outcome::failed(unnamed, "unsupported", why)],
    };
    let (case, expect) = (scenario.name.clone(), scenario.expect.clone());
    let played = on_a_fresh_store(place, async move |store| {
        scenario::run(store, &scenario).await
    });
    vec![match played.await {
        Ok(actual) => Outcome {
            case,
            diff: scenario::differences(&expect, &actual),
            actual: json!(actual),
        },
        Err(error) => Outcome::failed(case, "failed", format!("{error:#}")),
    }]
}

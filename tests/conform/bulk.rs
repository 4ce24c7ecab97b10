//! Updates and deletes of many issues (search spec, sections 11 and 12).

use super::Outcome;
use picket_tests::cases::{self, bulk::File};
use picket_tests::fresh::Fresh;
use std::path::Path;

/// The file whose data a file without its own uses.
const DATA: &str = "issue_search.json";

pub async fn run(path: &Path, unnamed: &str, text: &str, place: &Fresh) -> Vec<Outcome> {
    let beside = std::fs::read_to_string(path.with_file_name(DATA)).ok();
    let file = match File::read(text, beside.as_deref()) {
        Ok(file) => file,
        Err(why) => return vec![Outcome::failed(unnamed, "unsupported", why)],
    };
    let outcomes = file.run(place).await.into_iter();
    outcomes
        .map(|cases::Outcome { case, actual, diff }| Outcome { case, actual, diff })
        .collect()
}

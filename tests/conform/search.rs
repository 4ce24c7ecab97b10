//! Searches for issues (search spec, sections 6 to 9).

use super::Outcome;
use picket_tests::cases;
use picket_tests::fresh::Fresh;

pub async fn run(file: &str, text: &str, place: &Fresh) -> Vec<Outcome> {
    let outcomes = cases::search::run(file, text, place).await.into_iter();
    outcomes
        .map(|cases::Outcome { case, actual, diff }| Outcome { case, actual, diff })
        .collect()
}

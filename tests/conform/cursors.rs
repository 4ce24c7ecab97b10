//! Pages of lists (search spec, section 10).

use super::Outcome;
use picket_tests::cases;

pub fn run(file: &str, text: &str) -> Vec<Outcome> {
    let outcomes = cases::cursors::run(file, text).into_iter();
    outcomes
        .map(|cases::Outcome { case, actual, diff }| Outcome { case, actual, diff })
        .collect()
}

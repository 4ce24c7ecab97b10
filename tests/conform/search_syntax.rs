//! Cases of the search language (search spec, sections 2 to 6.1). They need no store.

use super::Outcome;
use picket_tests::cases;

pub fn run(file: &str, text: &str) -> Vec<Outcome> {
    match cases::search_syntax::run(file, text) {
        Ok(outcomes) => outcomes
            .into_iter()
            .map(|cases::Outcome { case, actual, diff }| Outcome { case, actual, diff })
            .collect(),
        Err(why) => vec![Outcome::failed(file, "unsupported", why)],
    }
}

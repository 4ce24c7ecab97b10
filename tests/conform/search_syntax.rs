//! Cases of the search language (search spec, sections 2 to 6.1). They need no store.

use super::Outcome;
use picket_tests::search_syntax;

pub fn run(stem: &str, text: &str) -> Vec<Outcome> {
    match search_syntax::run(stem, text) {
        Ok(cases) => cases
            .into_iter()
            .map(|ran| Outcome {
                case: ran.case,
                actual: ran.actual,
                diff: ran.diff,
            })
            .collect(),
        Err(why) => vec![Outcome::failed(stem, "unsupported", why)],
    }
}

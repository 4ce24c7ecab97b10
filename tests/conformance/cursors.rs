//! The published cases of pages.

use super::{all_as_published, shared};
use picket_tests::cases;

#[test]
fn lists_are_paged_as_published() {
    let Some(file) = shared("search/cursors.json") else {
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let outcomes = cases::cursors::run("cursors", &text);
    all_as_published(&outcomes);
}

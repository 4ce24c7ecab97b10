//! The published cases of pages.

use super::shared;
use picket_tests::cases;

#[test]
fn lists_are_paged_as_published() {
    let Some(file) = shared("search/cursors.json") else {
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let outcomes = cases::cursors::run("cursors", &text);
    assert!(!outcomes.is_empty(), "the file has no cases");
    let failures: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| {
            outcome
                .diff
                .iter()
                .map(|line| format!("{}: {line}", outcome.case))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

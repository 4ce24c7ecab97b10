//! The published cases of searches, on both stores.

use super::{all_as_published, shared};
use picket_tests::cases::search;
use picket_tests::fresh::Fresh;
use picket_tests::service;

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_found_as_published_in_memory() {
    check(&Fresh::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_found_as_published_on_postgres() {
    if let Some(server) = service::postgres() {
        check(&Fresh::Postgres(server)).await;
    }
}

async fn check(place: &Fresh) {
    let Some(file) = shared("search/issue_search.json") else {
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let outcomes = search::run("issue_search", &text, place).await;
    all_as_published(&outcomes);
}

//! The published cases of updates and deletes, on both stores.

use super::{all_as_published, shared};
use picket_tests::cases::bulk::File;
use picket_tests::fresh::Fresh;
use picket_tests::service;

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_changed_in_bulk_as_published_in_memory() {
    check(&Fresh::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_changed_in_bulk_as_published_on_postgres() {
    if let Some(server) = service::postgres() {
        check(&Fresh::Postgres(server)).await;
    }
}

async fn check(place: &Fresh) {
    let (Some(file), Some(data)) = (
        shared("search/bulk.json"),
        shared("search/issue_search.json"),
    ) else {
        return;
    };
    let read = |path| std::fs::read_to_string(path).unwrap();
    let file = File::read(&read(file), Some(&read(data))).unwrap();
    let outcomes = file.run(place).await;
    all_as_published(&outcomes);
}

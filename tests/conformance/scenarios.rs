//! The published scenarios, on both stores.

use super::shared_folder;
use picket_tests::fresh::Fresh;
use picket_tests::{scenario, service};

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_end_as_published_in_memory() {
    play(&Fresh::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_end_as_published_on_postgres() {
    if let Some(server) = service::postgres() {
        play(&Fresh::Postgres(server)).await;
    }
}

async fn play(place: &Fresh) {
    let Some(folder) = shared_folder("occurrences") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the folder of scenarios is empty");
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let scenario = scenario::format::parse(&text, "unnamed").unwrap();
        let fresh = place.open().await.unwrap();
        let actual = scenario::run(fresh.store.clone(), &scenario).await;
        let actual = actual.unwrap_or_else(|error| panic!("{}: {error:#}", scenario.name));
        let differences = scenario::differences(&scenario.expect, &actual);
        failures.extend(
            differences
                .iter()
                .map(|line| format!("{}: {line}", scenario.name)),
        );
        fresh.remove().await.unwrap();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

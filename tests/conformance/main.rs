//! Examples and cases that lie beside the project, where they are at hand. Elsewhere this suite says that it looked
//! for them and passes: everything it covers has cases of the project's own, too.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test should stop where it fails"
)]

mod bulk;
mod cursors;
mod scenarios;
mod search;
mod search_syntax;

use picket_core::store::QueryStore;
use picket_core::view::OccurrencePosition;
use picket_tests::cases::Outcome;
use picket_tests::feeds::{observe, open, picture, wait_for_records};
use picket_tests::kafka::{Outgoing, Topic};
use picket_tests::postgres::Database;
use picket_tests::service;
use std::path::PathBuf;

/// A file of the shared fixtures.
fn shared(path: &str) -> Option<PathBuf> {
    beside(path).filter(|file| file.is_file())
}

/// A folder of the shared fixtures.
fn shared_folder(path: &str) -> Option<PathBuf> {
    beside(path).filter(|folder| folder.is_dir())
}

/// Fails with a line for each difference between what was published and what came about.
fn all_as_published(outcomes: &[Outcome]) {
    assert!(!outcomes.is_empty(), "the file has no cases");
    let failures: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| {
            let lines = outcome.diff.iter();
            lines.map(|line| format!("{}: {line}", outcome.case))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn beside(path: &str) -> Option<PathBuf> {
    let found = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/fixtures"
    ))
    .join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("conformance: {path} is not beside the project, so it was not tried");
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_example_becomes_an_issue_in_both_stores() {
    let Some(example) = shared("ingest-occurrences/monitor-failure.json") else {
        return;
    };
    let (Some(brokers), Some(server)) = (service::kafka(), service::postgres()) else {
        return;
    };
    let payload = std::fs::read(example).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(&server).await.unwrap();
    for url in [
        format!("sqlite://{}/picket.db", folder.path().display()),
        database.url().to_owned(),
    ] {
        let topic = Topic::create(&brokers, "example", 2).await.unwrap();
        topic
            .send([Outgoing::new(payload.clone()).key("cccccccccccccccccccccccccccccccc")])
            .unwrap();
        let store = open(&url).await;
        let feed = observe(&store, &topic);
        wait_for_records(&feed, 1).await;
        feed.stop().await.unwrap();

        let picture = picture(&store).await;
        let ((project, hash), issue) = picture.issues.first_key_value().unwrap();
        assert_eq!(
            (project.as_str(), hash.as_str()),
            ("project-1", "002747f85bbd2b71e55dd21406ef0674")
        );
        assert_eq!(issue.title, "Monitor failure: poll_service");
        assert_eq!(
            issue.subtitle,
            "Your monitor has reached its failure threshold."
        );
        assert_eq!(
            (issue.issue_type.as_str(), issue.priority.as_str()),
            ("monitor_check_in_failure", "high")
        );
        assert_eq!((issue.level.as_str(), issue.times_seen), ("error", 1));
        assert_eq!(issue.environments, ["us"]);
        assert_eq!((picture.occurrences, picture.events), (1, 1));

        let id = store
            .issue_by_short_id("project-1", 1)
            .await
            .unwrap()
            .unwrap();
        let occurrence = store
            .occurrence(id, &OccurrencePosition::Newest)
            .await
            .unwrap()
            .unwrap();
        let important: Vec<_> = occurrence
            .evidence
            .iter()
            .filter(|row| row.important)
            .collect();
        assert_eq!(important[0].value, "A missed check-in was detected");
        assert_eq!(occurrence.event_id, "b".repeat(32));
        assert!(
            occurrence
                .tags
                .iter()
                .any(|tag| tag.key == "monitor.slug" && tag.value == "poll_service")
        );
        assert_eq!(occurrence.origin.topic, topic.name());
        assert_eq!(
            occurrence.origin.key.as_deref(),
            Some("cccccccccccccccccccccccccccccccc")
        );
        store.close().await;
        topic.delete().await.unwrap();
    }
}

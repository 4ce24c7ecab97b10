//! Exports of what a store in memory holds.

use super::*;
use crate::engine::find::{Asker, Extent, Hits, ListRequest, Reach, all_hits};
use crate::export::{ColumnSet, Columns, ExportError, ExportFile, ExportOptions, Format, Progress};
use crate::model::{Directory, IssueId};
use crate::store::Store;
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// More issues than are read at once, so that an export has several parts.
const ISSUES: usize = 1_100;

/// When everything has just happened.
fn now() -> DateTime<Utc> {
    crate::engine::tests::now() + chrono::TimeDelta::seconds(1)
}

/// A store with [`ISSUES`] issues, an occurrence each.
async fn store() -> std::sync::Arc<Store> {
    let count = u32::try_from(ISSUES).unwrap();
    crate::engine::tests::with_issues(count).await
}

async fn hits(store: &Store, query: &str) -> Hits {
    let request = ListRequest {
        query: Some(query.to_owned()),
        ..ListRequest::default()
    };
    let directory = Directory::default();
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let hits = all_hits(store, &request, Reach::List, asker, now()).await;
    hits.unwrap()
}

fn file(
    path: &Path,
    columns: &Columns,
    cancel: &CancellationToken,
    report: impl FnMut(Progress) + Send + 'static,
) -> ExportFile<'static> {
    let options = ExportOptions {
        format: Format::Ndjson,
        columns: columns.clone(),
        overwrite: false,
        total: None,
    };
    ExportFile::create(path, options, cancel.clone(), report).unwrap()
}

fn all(set: ColumnSet) -> Columns {
    set.all([""; 0])
}

#[tokio::test]
async fn every_hit_is_written_once_and_in_order() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let hits = hits(&store, "").await;
    let path = folder.path().join("issues.ndjson");
    let (columns, cancel) = (all(ColumnSet::ISSUES), CancellationToken::new());
    let file = file(&path, &columns, &cancel, |_| {});
    let layout = (&columns, Extent::Row);
    let exported = export_issues(&*store, &hits, layout, file, &cancel, now())
        .await
        .unwrap();
    assert_eq!(exported.rows, ISSUES as u64);
    let text = std::fs::read_to_string(&path).unwrap();
    let ids: Vec<String> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let expected: Vec<String> = hits.ids().iter().map(IssueId::to_string).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_cancelled_export_leaves_nothing() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let hits = hits(&store, "").await;
    let path = folder.path().join("issues.ndjson");
    let columns = all(ColumnSet::ISSUES);
    let cancel = CancellationToken::new();
    let at_first_news = cancel.clone();
    let file = file(&path, &columns, &cancel, move |_| at_first_news.cancel());
    let layout = (&columns, Extent::Row);
    let ended = export_issues(&*store, &hits, layout, file, &cancel, now()).await;
    let Err(ExportFailure::Export(ExportError::Cancelled { rows, .. })) = ended else {
        panic!("{ended:?}");
    };
    assert!((1..ISSUES as u64).contains(&rows), "{rows}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_store_that_fails_leaves_nothing() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let hits = hits(&store, "").await;
    let path = folder.path().join("events.ndjson");
    let (columns, cancel) = (all(ColumnSet::EVENTS), CancellationToken::new());
    let counted = count_events(&*store, &hits, EventChoice::All)
        .await
        .unwrap();
    assert_eq!(counted.len(), ISSUES);
    let file = file(&path, &columns, &cancel, |_| {});
    store.close().await;
    let what = (&counted[..], EventChoice::All);
    let ended = export_events(&*store, &hits, what, None, file, &cancel, now()).await;
    assert!(matches!(ended, Err(ExportFailure::Find(_))), "{ended:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_disk_that_takes_nothing_ends_an_export() {
    let store = store().await;
    let hits = hits(&store, "").await;
    let (columns, cancel) = (all(ColumnSet::EVENTS), CancellationToken::new());
    let counted = count_events(&*store, &hits, EventChoice::All)
        .await
        .unwrap();
    let file = file(Path::new("/dev/full"), &columns, &cancel, |_| {});
    let what = (&counted[..], EventChoice::All);
    let ended = export_events(&*store, &hits, what, None, file, &cancel, now()).await;
    let Err(ExportFailure::Export(ExportError::Unwritable { row, .. })) = ended else {
        panic!("{ended:?}");
    };
    assert!(row > 1, "{row}");
}

#[tokio::test]
async fn actions_and_windows_find_what_a_list_does_not_reach() {
    let store = store().await;
    let later = now() + chrono::TimeDelta::days(91);
    let directory = Directory::default();
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let request = ListRequest {
        query: Some(String::new()),
        ..ListRequest::default()
    };
    let found = async |reach| {
        let hits = all_hits(&*store, &request, reach, asker, later).await;
        hits.unwrap().ids().len()
    };
    assert_eq!(
        (found(Reach::List).await, found(Reach::Always).await),
        (0, ISSUES)
    );
}

#[tokio::test]
async fn objects_have_exactly_the_members_that_a_list_serialises() {
    let store = store().await;
    let hits = hits(&store, "").await;
    let some = &hits.ids()[..1];
    let listed: Vec<ListedIssue> = hits.listed(&*store, some, now()).await.unwrap();
    let Value::Object(members) = serde_json::to_value(&listed[0]).unwrap() else {
        panic!("an issue is an object");
    };
    let members: Vec<&String> = members.keys().collect();
    assert_eq!(members, ColumnSet::ISSUE_OBJECTS.names);
}

#[test]
fn a_bundle_that_nobody_could_open_is_refused() {
    assert!(super::fits_bundle(20_000).is_ok());
    let refused = super::fits_bundle(20_001).unwrap_err().message;
    assert!(
        refused.contains("takes 20000 issues, and these are 20001"),
        "{refused}"
    );
}

/// Commands of the window run on any thread.
#[test]
fn exports_can_be_sent_between_threads() {
    fn is_send(_: &impl Send) {}
    let look = |store: &Store, hits: &Hits, columns: &Columns, file: ExportFile<'static>| {
        let cancel = CancellationToken::new();
        is_send(&export_issues(
            store,
            hits,
            (columns, Extent::Row),
            file,
            &cancel,
            now(),
        ));
    };
    let _ = look;
}

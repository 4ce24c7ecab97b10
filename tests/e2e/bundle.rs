//! A case is handed on as a file, and looked at by somebody else.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use picket_core::clock::{Clock, SystemClock};
use picket_core::engine::desk;
use picket_core::engine::find::{self, Asker};
use picket_core::model::Directory;
use picket_core::store::{Access, Store};
use picket_core::view::{
    BundleView, ExportFormat, ExportOptions, ExportRedaction, ExportTimes, ExportWhat, IssueColumn,
    Selection,
};
use picket_tests::fill::{Size, fill};
use picket_tests::wait::wait_until;
use thirtyfour::Key;
use tokio_util::sync::CancellationToken;

use crate::listed;
use crate::window::{Desk, SOON, Window};

/// A bundle of somebody else's issues, with how their list looked, and how many there are.
async fn handed_on(folder: &Path) -> (PathBuf, u64) {
    let url = format!("sqlite://{}", folder.join("theirs.db").display());
    let now: DateTime<Utc> = SystemClock.now();
    let size = Size {
        issues: 60,
        events: 600,
        seed: 7,
        now,
    };
    fill(&url, &size).await.unwrap();
    let store = Store::open(&url, Access::ReadOnly).await.unwrap();
    let directory = Directory::default();
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let sort = "events,users,first_seen:asc".parse().unwrap();
    let all = find::snapshot(&store, "", sort, asker, now).await.unwrap();
    let options = ExportOptions {
        what: ExportWhat::Bundle,
        format: ExportFormat::Ndjson,
        columns: Vec::new(),
        header: true,
        bom: false,
        separator: ",".to_owned(),
        formula_guard: true,
        times: ExportTimes::default(),
        zone: None,
        sort,
        redact: ExportRedaction {
            secrets: true,
            emails: true,
            ..ExportRedaction::default()
        },
        view: Some(BundleView {
            query: "is:unresolved".to_owned(),
            sort,
            grouping: None,
            columns: Some(vec![
                IssueColumn::Events,
                IssueColumn::Users,
                IssueColumn::First,
                IssueColumn::Level,
            ]),
        }),
    };
    let path = folder.join("case.picket");
    // Some of what is stored is hidden.
    let issues = all.ids.len() as u64;
    desk::to_file(
        &store,
        &(&Selection::Some { ids: all.ids }).into(),
        &options,
        (path.clone(), false),
        (asker, now),
        |_, _| {},
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    store.close().await;
    (path, issues)
}

/// Waits until as many issues are found.
async fn total_is(window: &Window<'_>, expected: u64) {
    wait_until(&format!("{expected} issues"), SOON, async || {
        window.total().await == expected
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_is_looked_at_and_closed() {
    let Some(desk) = Desk::new("bundle").await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (file, issues) = handed_on(folder.path()).await;

    let window = desk.open_file(&file).await;
    window.find("bundle-close").await;
    let notice = window.text("store-notice").await;
    for part in [
        "case.picket",
        &format!("{issues} issues"),
        "redacted",
        "read-only",
    ] {
        assert!(notice.contains(part), "{part} is not in {notice}");
    }
    window.find("issue-row").await;
    listed::order_is(&window, "events,users,first_seen:asc").await;
    let heads = listed::heads(&window).await;
    let heads: Vec<&str> = heads
        .iter()
        .filter_map(|head| head.split(' ').next())
        .collect();
    assert_eq!(heads, ["events", "users", "first", "level"]);
    let unresolved = window.total().await;
    assert!((1..issues).contains(&unresolved), "{unresolved}");
    window.picture("opened").await;

    // Nothing can be done to it: neither to the issue under the cursor nor to the list of views.
    window.cursor_row().await;
    window.keys("e").await;
    window.keys("2").await;
    total_is(&window, issues).await;
    window.keys("1").await;
    total_is(&window, unresolved).await;

    window.key(Key::Enter).await;
    window.find("issue-header").await;
    window.picture("issue").await;

    window.click("bundle-close").await;
    window.gone("store-notice").await;
    // The store of this window is empty, as it was before.
    window.find("start-demo").await;
    window.picture("closed").await;
    window.close().await;

    // The next start knows nothing of it, and a file that is none says so.
    let broken = folder.path().join("broken.picket");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    let window = desk.open_file(&broken).await;
    window.find("start-demo").await;
    window.find("toast").await;
    let words = window.text("toast").await;
    assert!(words.contains("is not whole: it ends at line"), "{words}");
    assert!(!window.exists("store-notice").await);
    window.picture("broken").await;
    window.close().await;
}

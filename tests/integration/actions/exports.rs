//! What the window exports of a selection.

use super::desk::Desk;
use chrono::{DateTime, Utc};
use picket_core::Error;
use picket_core::engine::bundle;
use picket_core::engine::desk;
use picket_core::engine::export::{BundleFace, EventChoice, count_events, export_bundle};
use picket_core::engine::find::{self, Asker, ListRequest, Reach, all_hits};
use picket_core::export::{ColumnSet, ExportFile, Format};
use picket_core::model::IssueId;
use picket_core::store::{Store, TriageStore};
use picket_core::view::{
    ExportFormat, ExportOptions, ExportPreview, ExportRedaction, ExportReport, ExportTimes,
    ExportWhat, IssueOrder, Selection,
};
use serde_json::{Value, json};
use std::path::Path;
use tokio_util::sync::CancellationToken;

fn options(what: ExportWhat, columns: &[&str]) -> ExportOptions {
    ExportOptions {
        what,
        format: ExportFormat::Ndjson,
        columns: columns.iter().map(|&name| name.to_owned()).collect(),
        header: true,
        bom: false,
        separator: ",".to_owned(),
        formula_guard: true,
        times: ExportTimes::default(),
        zone: None,
        sort: IssueOrder::default(),
        redact: ExportRedaction::default(),
        view: None,
    }
}

fn some(ids: &[i64]) -> Selection {
    Selection::Some {
        ids: ids.iter().map(ToString::to_string).collect(),
    }
}

fn asker(at: &Desk) -> Asker<'_> {
    Asker {
        directory: &at.directory,
        me: at.actor,
    }
}

async fn preview(at: &Desk, ids: &[i64], options: &ExportOptions) -> Result<ExportPreview, Error> {
    desk::preview(&*at.store, &(&some(ids)).into(), options, asker(at), at.now).await
}

async fn export(at: &Desk, ids: &[i64], options: &ExportOptions, file: &Path) -> ExportReport {
    let cancel = CancellationToken::new();
    let place = (file.to_owned(), false);
    let asked = (asker(at), at.now);
    let selection = some(ids);
    let chosen = (&selection).into();
    let written = desk::to_file(
        &*at.store,
        &chosen,
        options,
        place,
        asked,
        |_, _| {},
        &cancel,
    );
    written.await.unwrap()
}

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub async fn occurrences_of_a_selection_are_what_was_foreseen(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("occurrences.ndjson");
    let options = options(ExportWhat::Occurrences, &["issueId", "environment"]);
    let ids = [1, 2, 3];
    let preview = preview(at, &ids, &options).await.unwrap();
    let report = export(at, &ids, &options, &file).await;
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!((preview.shown, preview.rows, report.rows), (4.0, 4.0, 4.0));
    assert_eq!(written, preview.text, "few enough to be foreseen in full");
    let issues: Vec<Value> = lines(&file)
        .into_iter()
        .map(|line| line["issueId"].clone())
        .collect();
    assert_eq!(issues, ["1", "1", "2", "3"]);
    let selection = some(&ids);
    let chosen = (&selection).into();
    let text = desk::to_text(&*at.store, &chosen, &options, asker(at), at.now);
    assert_eq!(text.await.unwrap(), written);
    assert!(preview.suggested_name.starts_with("picket-occurrences-"));
}

/// Issues stand in a file as in the list, also where that is sorted by several keys.
pub async fn an_export_keeps_the_order_of_the_list(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let ids = [1, 2, 3, 4, 5, 7, 10];
    let mut orders = Vec::new();
    for order in [
        "last_seen",
        "events:asc,last_seen",
        "users,events,first_seen:asc",
    ] {
        let mut options = options(ExportWhat::Issues, &["id"]);
        options.sort = order.parse().unwrap();
        let file = folder.path().join(order.replace([',', ':'], "-"));
        export(at, &ids, &options, &file).await;
        let written: Vec<String> = lines(&file)
            .iter()
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect();
        let listed = find::snapshot(&*at.store, "", options.sort, asker(at), at.now).await;
        let mut listed = listed.unwrap().ids;
        listed.retain(|id| written.contains(id));
        assert!(written.len() > 3, "{written:?}");
        assert_eq!(written, listed, "{order}");
        orders.push(written);
    }
    orders.dedup();
    assert_eq!(orders.len(), 3, "each order is another: {orders:?}");
}

pub async fn what_is_foreseen_of_many_is_the_beginning_of_the_file(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let ids = [1, 2, 3, 4, 5, 7, 10];
    let columns = ["issueId", "title"];
    for (what, columns) in [
        (ExportWhat::Occurrences, &columns[..]),
        (ExportWhat::Issues, &["id", "title"]),
        (ExportWhat::Bundle, &[]),
    ] {
        let file = folder.path().join(format!("{what:?}"));
        let options = options(what, columns);
        let preview = preview(at, &ids, &options).await.unwrap();
        let report = export(at, &ids, &options, &file).await;
        let written = std::fs::read_to_string(&file).unwrap();
        assert_eq!(preview.rows, report.rows, "{what:?}");
        assert_eq!(preview.text.lines().count(), 5, "{what:?}");
        // The first line of a bundle says when it was made, which is the same instant here.
        assert!(written.starts_with(&preview.text), "{what:?}");
    }
}

pub async fn a_bundle_holds_all_there_is_of_an_issue_and_says_so(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    at.update(&[1], json!({"status": "resolved"})).await;
    let file = folder.path().join("one.picket");
    let options = ExportOptions {
        redact: ExportRedaction {
            emails: true,
            ..ExportRedaction::default()
        },
        ..options(ExportWhat::Bundle, &[])
    };
    let preview = preview(at, &[1], &options).await.unwrap();
    let report = export(at, &[1], &options, &file).await;
    assert_eq!((preview.rows, report.rows), (5.0, 5.0));
    assert!(
        preview.suggested_name.ends_with(".picket"),
        "{}",
        preview.suggested_name
    );
    let lines = lines(&file);
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["kind"]).collect();
    assert_eq!(
        kinds,
        ["bundle", "issue", "occurrence", "occurrence", "end"]
    );
    let data = |place: usize| &lines[place]["data"];
    assert_eq!(
        (&data(0)["version"], &data(0)["occurrences"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(data(0)["redacted"]["emails"], true);
    assert_eq!(data(1)["activities"][0]["kind"], "SET_RESOLVED");
    assert_eq!(data(1)["status"], "resolved");
    assert_eq!(data(2)["issueId"], "1");
    assert!(data(2)["record"].is_object(), "{}", data(2));
    assert_eq!(data(4), &json!({"issues": 1, "occurrences": 2}));
    assert!(
        preview
            .text
            .lines()
            .eq(std::fs::read_to_string(&file).unwrap().lines())
    );
}

pub async fn a_bundle_of_a_search_is_that_of_a_selection(at: &mut Desk) {
    at.update(&[1], json!({"status": "resolved"})).await;
    let folder = tempfile::tempdir().unwrap();
    let by_selection = folder.path().join("window.picket");
    // In the order of a search by newest event.
    let request = ListRequest {
        query: Some("message".to_owned()),
        ..ListRequest::default()
    };
    let hits = all_hits(&*at.store, &request, Reach::List, asker(at), at.now).await;
    let hits = hits.unwrap();
    let ids: Vec<i64> = hits.ids().iter().map(|id| id.0).collect();
    assert!(ids.len() > 3, "{ids:?}");
    let options = options(ExportWhat::Bundle, &[]);
    let report = export(at, &ids, &options, &by_selection).await;

    let by_search = folder.path().join("command.picket");
    let counted = count_events(&*at.store, &hits, EventChoice::All)
        .await
        .unwrap();
    let cancel = CancellationToken::new();
    let file_options = picket_core::export::ExportOptions {
        format: Format::Ndjson,
        columns: ColumnSet::BUNDLE.all([""; 0]),
        overwrite: false,
        total: None,
    };
    let file = ExportFile::create(&by_search, file_options, cancel.clone(), |_| {}).unwrap();
    let found = (&hits, &counted[..]);
    let face = BundleFace::default();
    let written = export_bundle(&*at.store, found, face, file, &cancel, at.now)
        .await
        .unwrap();
    assert_eq!(written.rows as f64, report.rows);
    let sorted = |file| {
        let mut lines: Vec<String> = lines(file).iter().map(Value::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&by_search), sorted(&by_selection));
}

/// Whichever store a bundle comes from, it is looked at as if it were that one.
pub async fn a_bundle_opens_as_the_store_it_comes_from(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.picket");
    at.update(&[2], json!({"status": "resolved"})).await;
    at.update(&[7], json!({"status": "ignored"})).await;
    at.update(&[1], json!({"assignedTo": "user:1", "priority": "high"}))
        .await;
    at.update(
        &[1, 3],
        json!({"labels": {"add": ["backend"]}, "note": "The pool."}),
    )
    .await;
    let all = find::snapshot(&*at.store, "", IssueOrder::default(), asker(at), at.now).await;
    let ids: Vec<i64> = all
        .unwrap()
        .ids
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    let options = options(ExportWhat::Bundle, &[]);
    export(at, &ids, &options, &file).await;
    let opened = bundle::open(&file, at.now).await.unwrap();
    assert_eq!(opened.head.issues, ids.len() as u64);

    let directory = opened.store.directory().await.unwrap();
    let theirs = Asker {
        directory: &directory,
        me: None,
    };
    let ours = Asker {
        directory: &at.directory,
        me: None,
    };
    for query in [
        "",
        "is:unresolved",
        "is:resolved",
        "is:archived",
        "assigned:ann",
        "browser:Lynx",
        "release:1.1",
        "environment:prod",
        "message 3",
        "user.id:u1",
        "issue.label:backend",
        "issue.note:pool",
    ] {
        let before = shown(&at.store, query, ours, at.now).await;
        let after = shown(&opened.store, query, theirs, at.now).await;
        assert!(!before.is_empty(), "{query}");
        assert_eq!(after, before, "{query}");
    }
}

/// What a list shows of the issues that a search finds, but for the numbers that a store gives them.
async fn shown(store: &Store, query: &str, asker: Asker<'_>, now: DateTime<Utc>) -> Vec<Value> {
    let list = find::snapshot(store, query, IssueOrder::default(), asker, now).await;
    let ids: Vec<IssueId> = list
        .unwrap()
        .ids
        .iter()
        .map(|id| IssueId(id.parse().unwrap()))
        .collect();
    let rows = find::rows(store, &ids, None, now).await.unwrap();
    let rows = rows.iter().map(|row| {
        let mut row = serde_json::to_value(row).unwrap();
        row["id"] = Value::Null;
        row
    });
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(|row| row["short_id"].to_string());
    rows
}

pub async fn a_pattern_that_cannot_be_searched_for_is_refused(at: &mut Desk) {
    let mut options = options(ExportWhat::Issues, &["title"]);
    options.redact.pattern = "(".to_owned();
    let refused = preview(at, &[1], &options).await.unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains("is no pattern"), "{refused}");
}

/// Tables have labels and the newest note; what is taken out of an export is taken out of these, too.
pub async fn what_people_wrote_is_exported_and_redacted(at: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let body =
        json!({"labels": {"add": ["ui", "backend"]}, "note": "It used password=hunter2 all day."});
    at.update(&[1], body).await;
    let mut table = options(ExportWhat::Issues, &["labels", "note"]);
    let file = folder.path().join("issues.ndjson");
    export(at, &[1, 2], &table, &file).await;
    assert_eq!(
        lines(&file),
        [
            json!({"labels": "", "note": null}),
            json!({"labels": "backend, ui", "note": "It used password=hunter2 all day."}),
        ]
    );
    table.redact.secrets = true;
    let redacted = folder.path().join("redacted.ndjson");
    export(at, &[1], &table, &redacted).await;
    let note = lines(&redacted)[0]["note"].clone();
    assert!(note.as_str().unwrap().ends_with(" all day."), "{note}");
    assert!(!note.as_str().unwrap().contains("hunter2"), "{note}");
    let mut bundle = options(ExportWhat::Bundle, &[]);
    bundle.redact.secrets = true;
    let file = folder.path().join("case.picket");
    export(at, &[1], &bundle, &file).await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(" all day.") && !text.contains("hunter2"));
}

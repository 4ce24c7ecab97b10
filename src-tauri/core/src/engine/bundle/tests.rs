//! Bundles that come back as they were.

mod refused;

use super::*;
use crate::engine::bulk::{self, Action, Context, Origin, Rules, Scope};
use crate::engine::export::{BundleFace, EventChoice, count_events, export_bundle};
use crate::engine::find::{self, Asker, ListRequest, Reach, all_hits};
use crate::engine::tests::{filled, message, now, with};
use crate::export::{ColumnSet, ExportFile, ExportOptions, Format, Redaction};
use crate::model::{Assignee, Directory, IssueId, Priority, User};
use crate::store::{QueryStore, Store, TriageStore, ViewStore};
use crate::triage::{ArchiveUntil, IssueChange};
use crate::view::{IssueColumn, IssueGrouping, OccurrencePosition};
use serde_json::{Value, json};
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

/// Four issues in two projects, one of them without an event, with tags, users, releases and a past.
async fn case() -> std::sync::Arc<Store> {
    let mut messages: Vec<Value> = (1..=4)
        .map(|n| {
            with(message(n, 1, &format!("lamp {}", n.min(3))), |m| {
                m["issue_title"] = json!(format!("Lamp {} is dark", n.min(3)));
                m["event"]["release"] = json!(format!("lamps@1.{n}"));
                m["event"]["environment"] = json!(if n == 2 { "attic" } else { "cellar" });
                m["event"]["user"] = json!({"id": format!("u{n}"), "email": "ana@example.org"});
                m["event"]["tags"] = json!({"socket": format!("s{n}"), "colour": "warm “white”"});
                m["evidence_display"] = json!([
                    {"name": "Bulb", "value": format!("bulb {n}"), "important": true},
                ]);
            })
        })
        .collect();
    messages.push(with(message(5, 2, "stairs"), |m| {
        // Its event is not stored, only described.
        m["is_buffered_spans"] = json!(true);
        m["event"]["tags"] = json!({"socket": "s5"});
        m["level"] = json!("fatal");
    }));
    let store = filled(&messages).await;
    let directory = Directory {
        users: vec![User {
            id: 7,
            username: "ana".to_owned(),
            email: Some("ana@example.org".to_owned()),
            is_member: true,
            assigns_itself: false,
        }],
        ..Directory::default()
    };
    store.set_directory(&directory).await.unwrap();
    let until = ArchiveUntil {
        count: Some(10),
        window: Some(60),
        ..ArchiveUntil::default()
    };
    for (issue, asked) in [
        (1, IssueChange::Assign(Some(Assignee::User(7)))),
        (1, IssueChange::SetPriority(Priority::High)),
        (2, IssueChange::ResolveInNextRelease),
        (3, IssueChange::ArchiveUntil(until)),
    ] {
        let ids = [IssueId(issue)];
        let scope = Scope {
            projects: &[],
            ids: &ids,
        };
        let context = Context {
            now: now(),
            actor: Some(7),
            directory: &directory,
            rules: Rules::default(),
            origin: Origin::default(),
        };
        let (action, cancel) = (Action::of(&asked), CancellationToken::new());
        let report = bulk::run(&*store, scope, &action, &context, |_| {}, &cancel).await;
        assert_eq!(report.unwrap().changed, 1, "{issue}");
    }
    store
}

fn view() -> BundleView {
    BundleView {
        query: "colour:warm*".to_owned(),
        sort: "events,first_seen:asc".parse().unwrap(),
        grouping: Some(IssueGrouping::Release),
        columns: Some(vec![IssueColumn::Users, IssueColumn::Level]),
    }
}

/// Everything a store has, as the text of a bundle.
async fn exported(store: &Store, redaction: Redaction) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.picket");
    let (directory, now) = (store.directory().await.unwrap(), now());
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let request = ListRequest {
        query: Some(String::new()),
        ..ListRequest::default()
    };
    let hits = all_hits(store, &request, Reach::Always, asker, now).await;
    let hits = hits.unwrap();
    let counted = count_events(store, &hits, EventChoice::All).await.unwrap();
    let options = ExportOptions {
        format: Format::Ndjson,
        columns: ColumnSet::BUNDLE.all([""; 0]),
        overwrite: false,
        total: None,
    };
    let cancel = CancellationToken::new();
    let file = ExportFile::create(&path, options, cancel.clone(), |_| {})
        .unwrap()
        .redacted(redaction.clone());
    let face = BundleFace {
        redaction,
        view: Some(view()),
    };
    export_bundle(store, (&hits, &counted), face, file, &cancel, now)
        .await
        .unwrap();
    std::fs::read(path).unwrap()
}

/// The lines of a bundle, to be changed.
async fn lines() -> Vec<Value> {
    let text = exported(&*case().await, Redaction::default()).await;
    let text = String::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Lines as they stand in a file.
fn text(lines: &[Value]) -> Vec<u8> {
    let lines = lines.iter().map(|line| format!("{line}\n"));
    lines.collect::<String>().into_bytes()
}

struct Written {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

fn written(bytes: &[u8]) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.picket");
    std::fs::write(&path, bytes).unwrap();
    Written {
        path,
        _folder: folder,
    }
}

async fn opened(bytes: &[u8]) -> Result<OpenBundle, BundleError> {
    open(&written(bytes).path, now()).await
}

/// What the window shows of all issues a search finds, without the numbers that a store gives.
async fn shown(store: &Store, query: &str) -> Vec<Value> {
    let (directory, now) = (store.directory().await.unwrap(), now());
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let order = "events,first_seen:asc".parse().unwrap();
    let snapshot = find::snapshot(store, query, order, asker, now).await;
    let mut all = Vec::new();
    for id in snapshot.unwrap().ids {
        let id = IssueId(id.parse().unwrap());
        let detail = find::detail(store, id, None, now).await.unwrap().unwrap();
        let mut detail = serde_json::to_value(detail).unwrap();
        detail["row"]["id"] = Value::Null;
        // In any order.
        if let Some(hashes) = detail["hashes"].as_array_mut() {
            hashes.sort_by_key(Value::to_string);
        }
        let mut occurrences = Vec::new();
        let mut position = OccurrencePosition::Newest;
        while let Some(one) = store.occurrence(id, &position).await.unwrap() {
            let mut one = serde_json::to_value(one).unwrap();
            // Where the record came from is the only thing that is not handed on.
            one["origin"] = Value::Null;
            one["issue_id"] = Value::Null;
            let older = one["older"].as_str().map(str::to_owned);
            occurrences.push(one);
            match older {
                Some(id) => position = OccurrencePosition::Exact(id),
                None => break,
            }
        }
        let activities = store.activities(id, 100).await.unwrap();
        all.push(json!([detail, occurrences, activities]));
    }
    all.sort_by_key(|issue| issue[0]["row"]["short_id"].to_string());
    all
}

#[tokio::test]
async fn a_bundle_comes_back_as_it_was() {
    let store = case().await;
    let bundle = opened(&exported(&store, Redaction::default()).await)
        .await
        .unwrap();
    assert_eq!((bundle.head.issues, bundle.head.occurrences), (4, 5));
    assert_eq!(bundle.head.made, now());
    assert!(!bundle.head.is_redacted);
    for (query, found) in [
        ("", 4),
        ("colour:\"warm “white”\"", 3),
        ("socket:s2", 1),
        ("release:lamps@1.4", 1),
        ("environment:attic", 1),
        ("user.id:u3", 1),
        ("Lamp 3", 1),
        ("is:archived", 1),
        ("is:resolved", 1),
        ("assigned:ana", 1),
        ("level:fatal", 1),
        ("firstRelease:lamps@1.1", 1),
        ("times_seen:2", 1),
        ("nothing like it", 0),
    ] {
        let (before, after) = (
            shown(&store, query).await,
            shown(&bundle.store, query).await,
        );
        assert_eq!(before.len(), found, "{query}");
        for (before, after) in before.iter().zip(&after) {
            let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            assert_eq!(text(before), text(after), "{query}");
        }
        assert_eq!(after.len(), found, "{query}");
    }
    let directory = bundle.store.directory().await.unwrap();
    let names: Vec<&str> = directory
        .users
        .iter()
        .map(|user| user.username.as_str())
        .collect();
    assert_eq!(names, ["ana"]);
}

#[tokio::test]
async fn a_bundle_of_a_bundle_is_the_same() {
    let first = exported(&*case().await, Redaction::default()).await;
    let bundle = opened(&first).await.unwrap();
    let second = exported(&bundle.store, Redaction::default()).await;
    let numberless = |text: Vec<u8>| -> Vec<String> {
        let text = String::from_utf8(text).unwrap();
        let lines = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            for place in ["id", "issueId"] {
                // Of an occurrence it is that of its event, which stays.
                if line["kind"] == "issue" || place == "issueId" {
                    line["data"][place] = Value::Null;
                }
            }
            line.to_string()
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        lines
    };
    let (first, second) = (numberless(first), numberless(second));
    assert_eq!(first.len(), second.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second);
    }
}

#[tokio::test]
async fn a_bundle_is_opened_with_its_view_and_all_of_it() {
    let bundle = opened(&exported(&*case().await, Redaction::default()).await)
        .await
        .unwrap();
    assert_eq!(bundle.head.view, Some(view()));
    let views = bundle.store.saved_views().await.unwrap();
    let queries: Vec<&str> = views.iter().map(|view| view.query.as_str()).collect();
    assert_eq!(queries, ["colour:warm*", ""]);
    assert_eq!(views[0], bundle.view);
    let BundleView {
        sort,
        grouping,
        columns,
        ..
    } = view();
    let shown = &bundle.view;
    assert_eq!((shown.sort, shown.grouping), (sort, grouping));
    assert_eq!(shown.columns, columns);
}

#[tokio::test]
async fn a_view_that_is_not_understood_is_no_reason_not_to_open() {
    let text = exported(&*case().await, Redaction::default()).await;
    let text = String::from_utf8(text).unwrap();
    for (word, other) in [
        ("\"release\"", "\"moon\""),
        ("\"view\"", "\"sight\""),
        ("[\"users\",\"level\"]", "[\"users\",\"users\"]"),
        ("colour:warm*", &"a".repeat(10_001)),
    ] {
        assert!(text.contains(word));
        let bundle = opened(text.replacen(word, other, 1).as_bytes())
            .await
            .unwrap();
        assert_eq!(bundle.head.view, None);
        assert_eq!(bundle.view.query, "");
        assert_eq!(bundle.store.saved_views().await.unwrap(), [bundle.view]);
    }
}

#[tokio::test]
async fn what_was_taken_out_stays_out() {
    let redaction = Redaction {
        secrets: true,
        emails: true,
        addresses: true,
        pattern: Redaction::pattern("socket").unwrap(),
    };
    let text = exported(&*case().await, redaction).await;
    let bundle = opened(&text).await.unwrap();
    assert!(bundle.head.is_redacted);
    let all = json!(shown(&bundle.store, "").await).to_string();
    assert_eq!(shown(&bundle.store, "").await.len(), 4);
    assert!(!all.contains("ana@example.org"), "{all}");
    assert!(all.contains("Lamp 1 is dark"), "{all}");
}

/// Ids and times are what a bundle holds together by.
#[tokio::test]
async fn whatever_a_pattern_finds_the_bundle_opens() {
    for pattern in [".", r"\d", r"\d{4,}", "-", "[a-f]+", "(?i)lamp"] {
        let redaction = Redaction {
            pattern: Redaction::pattern(pattern).unwrap(),
            ..Redaction::default()
        };
        let text = exported(&*case().await, redaction).await;
        let bundle = opened(&text)
            .await
            .unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert_eq!(shown(&bundle.store, "").await.len(), 4, "{pattern}");
        assert_eq!(bundle.head.occurrences, 5, "{pattern}");
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("[redacted]"), "{pattern}");
    }
}

#[tokio::test]
async fn a_search_for_what_is_taken_out_is_not_the_one_it_opens_with() {
    let redaction = Redaction {
        pattern: Redaction::pattern("warm").unwrap(),
        ..Redaction::default()
    };
    let bundle = opened(&exported(&*case().await, redaction).await)
        .await
        .unwrap();
    assert_eq!(bundle.head.view, None);
    assert_eq!(bundle.view.query, "");
}

/// As where an issue was archived until a time that has passed: lists say what that comes to.
#[tokio::test]
async fn a_finer_state_of_another_status_is_left_out() {
    let mut lines = lines().await;
    for (status, substatus, comes_to) in [
        (
            "unresolved",
            "archived_until_condition_met",
            json!("ongoing"),
        ),
        ("unresolved", "escalating", json!("escalating")),
        ("resolved", "ongoing", Value::Null),
        ("ignored", "new", Value::Null),
    ] {
        lines[1]["data"]["status"] = json!(status);
        lines[1]["data"]["substatus"] = json!(substatus);
        let short_id = &lines[1]["data"]["shortId"];
        let bundle = opened(&text(&lines)).await.unwrap();
        let all = shown(&bundle.store, "").await;
        let rows = all.iter().map(|issue| &issue[0]["row"]);
        let row = rows.into_iter().find(|row| row["short_id"] == *short_id);
        let row = row.unwrap();
        assert_eq!(row["status"], status);
        assert_eq!(row["substatus"], comes_to, "{status} {substatus}");
    }
}

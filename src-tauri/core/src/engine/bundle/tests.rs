//! Bundles that come back as they were, and files that are none.

use super::*;
use crate::engine::bulk::{self, Action, Context, Rules, Scope};
use crate::engine::export::{BundleFace, EventChoice, count_events, export_bundle};
use crate::engine::find::{self, Asker, ListRequest, Reach, all_hits};
use crate::engine::tests::{filled, message, now, with};
use crate::export::{ColumnSet, ExportFile, ExportOptions, Format, Redaction};
use crate::model::{Assignee, Directory, IssueId, Priority, User};
use crate::store::{QueryStore, Store, TriageStore, ViewStore};
use crate::triage::{ArchiveUntil, IssueChange};
use crate::view::{IssueColumn, IssueGrouping, OccurrencePosition};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
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
        };
        let (action, cancel) = (Action::of(&asked), CancellationToken::new());
        let report = bulk::run(&*store, scope, &action, &context, |_, _| {}, &cancel).await;
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
    for (word, other) in [("\"release\"", "\"moon\""), ("\"view\"", "\"sight\"")] {
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

/// The lines of a bundle, to be changed.
async fn lines() -> Vec<Value> {
    let text = exported(&*case().await, Redaction::default()).await;
    let text = String::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text(lines: &[Value]) -> Vec<u8> {
    let lines = lines.iter().map(|line| format!("{line}\n"));
    lines.collect::<String>().into_bytes()
}

#[tokio::test]
async fn a_line_that_is_not_what_it_should_be_is_named() {
    type Change = fn(&mut Vec<Value>);
    let good = lines().await;
    assert_eq!(good.len(), 11);
    let cases: [(&str, Change, u64, &str); 22] = [
        (
            "an issue without a title",
            |l| drop(l[1]["data"].as_object_mut().unwrap().remove("title")),
            2,
            "title",
        ),
        (
            "a status nobody knows",
            |l| l[1]["data"]["status"] = json!("melted"),
            2,
            "melted",
        ),
        (
            "a finer state nobody knows",
            |l| l[1]["data"]["substatus"] = json!("wet"),
            2,
            "wet",
        ),
        (
            "a type nobody knows",
            |l| l[1]["data"]["issueType"] = json!("leak"),
            2,
            "its type",
        ),
        (
            "a level nobody knows",
            |l| l[1]["data"]["level"] = json!("loud"),
            2,
            "its level",
        ),
        (
            "a reason nobody knows",
            |l| l[1]["data"]["state"]["inbox"] = json!({"reason": "why", "since": 0}),
            2,
            "why",
        ),
        (
            "an activity nobody knows",
            |l| l[1]["data"]["activities"] = json!([{"kind": "JUMP", "at": 0, "data": {}}]),
            2,
            "JUMP",
        ),
        (
            "half an instant",
            |l| l[1]["data"]["state"]["resolvedAt"] = json!(1.5),
            2,
            "not whole",
        ),
        (
            "an instant before all time",
            |l| l[1]["data"]["state"]["resolvedAt"] = json!(-9e15),
            2,
            "time",
        ),
        (
            "the end of all time",
            |l| l[1]["data"]["lastSeen"] = json!("+262142-12-31T23:59:59Z"),
            2,
            "time",
        ),
        (
            "less than nothing",
            |l| l[1]["data"]["count"] = json!("-1"),
            2,
            "less than nothing",
        ),
        (
            "a project that is none",
            |l| l[1]["data"]["project"]["id"] = json!("-4"),
            2,
            "project",
        ),
        (
            "a short id of another project",
            |l| l[1]["data"]["shortId"] = json!("MOON-1"),
            2,
            "short id",
        ),
        (
            "an issue that stands there twice",
            |l| l.insert(2, l[1].clone()),
            3,
            "twice",
        ),
        (
            "an issue behind the occurrences",
            |l| l.insert(9, l[1].clone()),
            10,
            "behind the occurrences",
        ),
        (
            "an occurrence of no issue",
            |l| l[6]["data"]["issueId"] = json!("99"),
            7,
            "not in the bundle",
        ),
        (
            "an occurrence that stands there twice",
            |l| l.insert(7, l[6].clone()),
            8,
            "twice",
        ),
        (
            "an occurrence without an id",
            |l| l[6]["data"]["occurrence"] = json!("x"),
            7,
            "its id",
        ),
        (
            "a record that is none",
            |l| l[6]["data"]["record"] = json!([1]),
            7,
            "occurrence",
        ),
        (
            "a kind of line nobody knows",
            |l| l[6]["kind"] = json!("ghost"),
            7,
            "ghost",
        ),
        (
            "numbers that do not fit",
            |l| l[10]["data"]["occurrences"] = json!(7),
            11,
            "7",
        ),
        (
            "something behind the end",
            |l| l.push(l[6].clone()),
            12,
            "behind the end",
        ),
    ];
    for (name, spoil, at, says) in cases {
        let mut lines = good.clone();
        spoil(&mut lines);
        let refused = opened(&text(&lines)).await;
        let Err(error @ BundleError::Damaged { line, .. }) = refused else {
            panic!("{name}: {refused:?}");
        };
        let words = error.to_string();
        assert_eq!(line, at, "{name}: {words}");
        assert!(words.contains(says), "{name}: {words}");
        assert!(words.contains(&format!("line {at}")), "{words}");
        assert!(words.ends_with("Export it again."), "{words}");
    }
}

#[tokio::test]
async fn a_bundle_that_is_cut_anywhere_is_not_opened() {
    let text = text(&lines().await);
    for cut in (0..text.len()).step_by(997).chain([text.len() - 1]) {
        match opened(&text[..cut]).await {
            Err(BundleError::Cut { line, .. }) => {
                let whole = text[..cut].iter().filter(|&&byte| byte == b'\n').count();
                assert!((whole as u64..=whole as u64 + 1).contains(&line), "{cut}");
            }
            // Within the first line it cannot be told from any other file.
            Err(BundleError::NotABundle { .. }) => assert!(!text[..cut].contains(&b'\n')),
            other => panic!("{cut}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn another_version_is_refused_with_what_to_do() {
    let mut lines = lines().await;
    lines[0]["data"]["version"] = json!(2);
    let refused = opened(&text(&lines)).await.unwrap_err();
    assert!(
        matches!(refused, BundleError::OtherVersion { version: 2, .. }),
        "{refused:?}"
    );
    let words = refused.to_string();
    assert!(
        words.contains("version 2") && words.contains("newer Picket"),
        "{words}"
    );
}

#[tokio::test]
async fn what_is_no_bundle_is_refused() {
    for bytes in [
        &b""[..],
        b"\n",
        b"id,title\n1,Lamp\n",
        b"{}\n",
        b"{\"kind\":\"bundle\",\"data\":{}}\n",
        b"\xff\xfe\x00\n",
        b"[[[[[[\n",
    ] {
        let refused = opened(bytes).await;
        assert!(
            matches!(refused, Err(BundleError::NotABundle { .. })),
            "{bytes:?}: {refused:?}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = open(folder.path(), now()).await;
    assert!(refused.is_err(), "a folder");
    let missing = open(&folder.path().join("none"), now()).await.unwrap_err();
    assert!(
        matches!(missing, BundleError::Unreadable { .. }),
        "{missing:?}"
    );
    let error = crate::Error::from(missing);
    assert_eq!(error.kind, crate::ErrorKind::NotFound);
}

#[tokio::test]
async fn a_line_without_an_end_is_not_read_to_its_end() {
    let mut text = text(&lines().await[..1]);
    text.extend(std::iter::repeat_n(b'[', 17 << 20));
    let refused = opened(&text).await;
    let Err(BundleError::Damaged {
        line: 2, problem, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(problem.contains("longer than"), "{problem}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_is_not_read() {
    let refused = open(Path::new("/dev/zero"), now()).await;
    assert!(
        matches!(refused, Err(BundleError::NotABundle { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_begun() {
    let file = written(&[]);
    let large = std::fs::File::create(&file.path).unwrap();
    // Without content, so it takes no room.
    large.set_len(MOST_BYTES + 1).unwrap();
    let refused = open(&file.path, now()).await;
    assert!(
        matches!(refused, Err(BundleError::TooLarge { .. })),
        "{refused:?}"
    );
}

/// Whatever a byte becomes, a bundle opens or is refused, and one that opens can be looked at.
#[test]
fn no_byte_makes_it_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let good = runtime.block_on(async { text(&lines().await) });
    let config = Config {
        cases: 100,
        ..Config::default()
    };
    let changes = prop::collection::vec((0..good.len(), any::<u8>()), 1..4);
    let checked = TestRunner::new(config).run(&changes, |changes| {
        let mut bytes = good.clone();
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        runtime.block_on(async {
            match opened(&bytes).await {
                Ok(bundle) => drop(shown(&bundle.store, "").await),
                Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
            }
        });
        Ok(())
    });
    checked.unwrap();
}

/// The same for numbers and texts that are what they should be, and more than anybody meant.
#[tokio::test]
async fn no_value_makes_it_panic() {
    let good = lines().await;
    let odd = [
        json!(null),
        json!(i64::MAX),
        json!(-1e300),
        json!(""),
        json!("\u{0}"),
        json!("9223372036854775807"),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!({}),
        json!([[]]),
    ];
    let mut tried = 0;
    for (at, line) in good.iter().enumerate() {
        let Some(members) = line["data"].as_object() else {
            continue;
        };
        // Lines of one kind have the same members.
        if !matches!(at, 0 | 1 | 6 | 10) {
            continue;
        }
        for name in members.keys() {
            for odd in &odd {
                let mut lines = good.clone();
                lines[at]["data"][name] = odd.clone();
                if let Ok(bundle) = opened(&text(&lines)).await {
                    drop(shown(&bundle.store, "").await);
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

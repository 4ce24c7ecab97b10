//! Labels and notes: what people write on issues.

use super::desk::Desk;
use picket_core::engine::bulk::{self, Skip};
use picket_core::engine::find::{self, Asker};
use picket_core::model::IssueId;
use picket_core::store::{ListedStore, QueryStore};
use picket_core::triage::Refusal;
use picket_core::view::{IssueGrouping, IssueOrder, IssueRow};
use serde_json::{Value, json};

fn asker(desk: &Desk) -> Asker<'_> {
    Asker {
        directory: &desk.directory,
        me: desk.actor,
    }
}

async fn row(desk: &Desk, issue: i64) -> IssueRow {
    let rows = find::rows(&*desk.store, &[IssueId(issue)], desk.actor, desk.now).await;
    rows.unwrap().pop().expect("the issue")
}

async fn labels(desk: &Desk, issue: i64) -> Vec<String> {
    row(desk, issue).await.labels
}

/// Texts of the notes of an issue, newest first, with who wrote them.
async fn notes(desk: &Desk, issue: i64) -> Vec<(String, Option<String>)> {
    let activities = desk.store.activities(IssueId(issue), 100).await.unwrap();
    let notes = activities.into_iter().filter(|one| one.kind == "NOTE");
    let told = notes.map(|note| {
        let data: Value = serde_json::from_str(&note.data).unwrap();
        (data["text"].as_str().unwrap().to_owned(), note.actor)
    });
    told.collect()
}

async fn found(desk: &Desk, query: &str) -> Vec<i64> {
    let order = IssueOrder::default();
    let list = find::snapshot(&*desk.store, query, order, asker(desk), desk.now).await;
    let mut ids: Vec<i64> = list
        .unwrap_or_else(|error| panic!("{query}: {error}"))
        .ids
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    ids.sort_unstable();
    ids
}

fn put(labels: &[&str]) -> Value {
    json!({ "labels": { "add": labels } })
}

fn take(labels: &[&str]) -> Value {
    json!({ "labels": { "remove": labels } })
}

pub async fn labels_are_put_on_and_taken_off(desk: &mut Desk) {
    let answer = desk.update(&[1, 2], put(&["UI", " Backend "])).await;
    assert_eq!(answer.changed.len(), 2);
    assert_eq!(
        answer.members["labels"],
        json!({"add": ["ui", "backend"], "remove": []})
    );
    for issue in [1, 2] {
        assert_eq!(labels(desk, issue).await, ["backend", "ui"]);
    }
    assert!(labels(desk, 3).await.is_empty());
    // Only who does not have it changes.
    let answer = desk.update(&[1, 3], put(&["BACKEND"])).await;
    assert_eq!(answer.changed, [IssueId(3)]);
    assert_eq!(answer.skipped, [(IssueId(1), Skip::Unchanged)]);
    let both = json!({"labels": {"add": ["urgent"], "remove": ["ui"]}});
    desk.update(&[1], both).await;
    assert_eq!(labels(desk, 1).await, ["backend", "urgent"]);
    let titles: Vec<String> = desk
        .journal()
        .await
        .into_iter()
        .map(|it| it.title)
        .collect();
    assert_eq!(
        titles,
        [
            "Label urgent, Remove label ui",
            "Label backend",
            "Label ui, backend"
        ]
    );
    // Nothing of it is an event of the issue itself.
    assert!(desk.activities(1).await.is_empty());
    assert_eq!(desk.stand(1).await, (0, 3));
}

pub async fn each_label_is_taken_back_by_itself(desk: &mut Desk) {
    let first = desk.update(&[1, 2], put(&["a"])).await.journal.unwrap();
    let second = desk.update(&[1], put(&["b"])).await.journal.unwrap();
    // A later label does not stand in the way of taking an earlier one back.
    let report = desk.undo(first).await;
    assert_eq!(report.restored, [IssueId(1), IssueId(2)]);
    assert_eq!(labels(desk, 1).await, ["b"]);
    assert!(labels(desk, 2).await.is_empty());
    let again = desk.undo(report.entry.unwrap()).await;
    assert_eq!(labels(desk, 1).await, ["a", "b"]);
    desk.undo(again.entry.unwrap()).await;
    // The same label does: it was taken off since.
    desk.update(&[1], take(&["b"])).await;
    let report = desk.undo(second).await;
    assert!(report.restored.is_empty());
    let told = &report.changed_since[0].differences[0];
    assert_eq!(
        (&*told.what, &*told.before, &*told.now),
        ("label “b”", "no", "no")
    );
    let forced = bulk::undo(&*desk.store, second, true, &desk.context()).await;
    assert_eq!(forced.unwrap().restored, [IssueId(1)]);
    assert!(labels(desk, 1).await.is_empty());
}

pub async fn what_is_no_label_or_note_is_refused_by_name(desk: &mut Desk) {
    let long = "x".repeat(65);
    let many: Vec<String> = (0..21).map(|number| format!("l{number}")).collect();
    for (body, parameter) in [
        (json!({"labels": ["a"]}), "labels"),
        (json!({"labels": {"put": ["a"]}}), "labels.put"),
        (json!({"labels": {"add": [1]}}), "labels.add"),
        (json!({"labels": {"add": [" "]}}), "labels.add"),
        (json!({"labels": {"add": ["a,b"]}}), "labels.add"),
        (json!({"labels": {"remove": ["a\u{7}"]}}), "labels.remove"),
        (json!({"labels": {"add": [long]}}), "labels.add"),
        (json!({"labels": {"add": many}}), "labels.add"),
        (json!({"labels": {"add": ["a"], "remove": ["A"]}}), "labels"),
        (json!({"note": ""}), "note"),
        (json!({"note": 7}), "note"),
        (json!({"note": "a\u{0}b"}), "note"),
        (json!({"note": "x".repeat(8193)}), "note"),
    ] {
        assert_eq!(desk.refused(&[1], body.clone()).await, parameter, "{body}");
    }
    // An issue that has as many as it can have is left out, and the others are not.
    let most: Vec<&str> = many[..20].iter().map(String::as_str).collect();
    desk.update(&[1], put(&most)).await;
    let answer = desk.update(&[1, 2], put(&["one more"])).await;
    assert_eq!(answer.changed, [IssueId(2)]);
    let refused = Skip::Refused(Refusal::TooManyLabels);
    assert_eq!(answer.skipped, [(IssueId(1), refused)]);
    assert_eq!(labels(desk, 1).await.len(), 20);
    // One that it has already, or one in place of another, is no more.
    desk.update(&[1], put(&["l3"])).await;
    let other = json!({"labels": {"add": ["other"], "remove": ["l3"]}});
    desk.update(&[1], other).await;
    assert!(labels(desk, 1).await.contains(&"other".to_owned()));
}

pub async fn a_note_is_written_and_taken_back(desk: &mut Desk) {
    let body = json!({"note": " The pool was too small.\r\nSee the runbook. "});
    let text = "The pool was too small.\nSee the runbook.";
    let answer = desk.update(&[1, 2], body).await;
    assert_eq!(answer.members["note"], text);
    let of_ann = |text: &str| (text.to_owned(), Some("ann".to_owned()));
    for issue in [1, 2] {
        assert_eq!(notes(desk, issue).await, [of_ann(text)]);
        assert_eq!(row(desk, issue).await.note.as_deref(), Some(text));
    }
    desk.wait(60);
    desk.update(&[1], json!({"note": "Fixed."})).await;
    assert_eq!(notes(desk, 1).await, [of_ann("Fixed."), of_ann(text)]);
    assert_eq!(row(desk, 1).await.note.as_deref(), Some("Fixed."));
    let listed = [IssueId(1)];
    let listed = desk
        .store
        .listed_issues(&listed, desk.actor, &desk.directory, desk.now)
        .await
        .unwrap();
    assert_eq!(listed[0].num_comments, 2);
    // The first one goes, the other stays.
    let report = desk.undo(answer.journal.unwrap()).await;
    assert_eq!(report.restored, [IssueId(1), IssueId(2)]);
    assert_eq!(notes(desk, 1).await, [of_ann("Fixed.")]);
    assert!(notes(desk, 2).await.is_empty());
    assert_eq!(row(desk, 2).await.note, None);
    // It comes back as it was, with its time.
    let at = "SELECT count(*) FROM activity AS a JOIN activity AS b ON b.issue_id = 1 AND b.data = a.data AND b.at = a.at
        WHERE a.issue_id = 2";
    desk.wait(60);
    let again = desk.undo(report.entry.unwrap()).await;
    assert_eq!(desk.number(at).await, Some(1));
    assert_eq!(notes(desk, 2).await, [of_ann(text)]);
    desk.undo(again.entry.unwrap()).await;
    assert!(notes(desk, 2).await.is_empty());
}

pub async fn a_merge_unites_and_its_undo_parts_exactly(desk: &mut Desk) {
    desk.update(&[1], put(&["a", "b"])).await;
    desk.update(&[2], put(&["b", "c"])).await;
    let written = desk.update(&[1, 2], json!({"note": "of both"})).await;
    let before = desk.rows().await;
    let merge = desk.update(&[1, 2], json!({"merge": true})).await;
    assert_eq!(labels(desk, 2).await, ["a", "b", "c"]);
    assert_eq!(notes(desk, 2).await.len(), 2, "each was its own");
    // Its own note goes; the one that came along is not touched, and goes back with its issue.
    let report = desk.undo(written.journal.unwrap()).await;
    assert_eq!(report.restored, [IssueId(2)]);
    let left: Vec<_> = report.not_restored.iter().map(|one| one.issue).collect();
    assert_eq!(left, [IssueId(1)]);
    assert_eq!(notes(desk, 2).await.len(), 1);
    let report = desk.undo(merge.journal.unwrap()).await;
    assert_eq!(report.restored.len(), 2);
    assert_eq!(desk.rows().await, before);
    assert_eq!(labels(desk, 1).await, ["a", "b"]);
    assert_eq!(labels(desk, 2).await, ["b", "c"]);
    assert_eq!(
        (notes(desk, 1).await.len(), notes(desk, 2).await.len()),
        (1, 0)
    );
    // Again, and a label that was taken off since is said.
    desk.undo(report.entry.unwrap()).await;
    assert_eq!(labels(desk, 2).await, ["a", "b", "c"]);
    let last = desk.journal().await[0].id;
    desk.update(&[2], take(&["a"])).await;
    let report = desk.undo(last).await;
    assert!(report.restored.is_empty());
    let members: Vec<_> = report.changed_since[0].members().collect();
    assert_eq!(members, ["label:a"]);
}

pub async fn a_delete_keeps_them_until_the_data_goes(desk: &mut Desk) {
    desk.update(&[1], put(&["a"])).await;
    desk.update(&[1], json!({"note": "kept"})).await;
    let deleted = desk.delete(&[1]).await;
    assert!(found(desk, "issue.label:a").await.is_empty());
    let uses = desk.store.label_uses(&[]).await.unwrap();
    assert!(uses.is_empty(), "{uses:?}");
    desk.undo(deleted.journal[0]).await;
    assert_eq!(labels(desk, 1).await, ["a"]);
    assert_eq!(notes(desk, 1).await.len(), 1);
    desk.delete(&[1]).await;
    desk.wait(7_200);
    desk.purge().await;
    let left = "SELECT count(*) FROM issue_label";
    assert_eq!(desk.number(left).await, Some(0));
    let left = "SELECT count(*) FROM activity WHERE issue_id = 1";
    assert_eq!(desk.number(left).await, Some(0));
}

pub async fn issues_are_found_by_what_was_written_on_them(desk: &mut Desk) {
    desk.update(&[1, 2], put(&["backend", "needs info"])).await;
    desk.update(&[3], put(&["Backlog", "100% sure"])).await;
    desk.update(&[2], json!({"note": "The Pool was too small"}))
        .await;
    desk.update(&[4], json!({"note": "a 50% chance of \"rain\" \\ snow"}))
        .await;
    for (query, expected) in [
        ("issue.label:backend", vec![1, 2]),
        ("issue.label:BACKEND", vec![1, 2]),
        ("issue.label:back*", vec![1, 2, 3]),
        ("issue.label:*LOG", vec![3]),
        ("issue.label:\"needs info\"", vec![1, 2]),
        ("issue.label:\"100% sure\"", vec![3]),
        ("issue.label:[backlog, nothing]", vec![3]),
        ("issue.label:need", vec![]),
        ("!issue.label:backend", vec![3, 4, 5, 7, 10]),
        ("has:issue.label", vec![1, 2, 3]),
        ("!has:issue.label", vec![4, 5, 7, 10]),
        ("issue.label:\"\"", vec![4, 5, 7, 10]),
        ("issue.note:pool", vec![2]),
        ("issue.note:p*small", vec![2]),
        ("issue.note:small*pool", vec![]),
        ("issue.note:50%", vec![4]),
        ("issue.note:5*chance", vec![4]),
        ("issue.note:\"\\\"rain\\\"\"", vec![4]),
        ("has:issue.note", vec![2, 4]),
        ("!has:issue.note issue.label:backend", vec![1]),
        ("issue.note:pool OR issue.label:backlog", vec![2, 3]),
    ] {
        assert_eq!(found(desk, query).await, expected, "{query}");
    }
    let refused = find::snapshot(
        &*desk.store,
        "issue.label:>a",
        IssueOrder::default(),
        asker(desk),
        desk.now,
    );
    // As of every text, an order of it is part of the text.
    assert!(refused.await.unwrap().ids.is_empty());
}

pub async fn lists_group_by_label_and_choosers_count_them(desk: &mut Desk) {
    desk.update(&[1, 2, 3], put(&["ui"])).await;
    desk.update(&[1], put(&["backend"])).await;
    desk.update_in(&[2], &[10], put(&["backend"]))
        .await
        .unwrap();
    let order = (IssueGrouping::Label, IssueOrder::default());
    let list = find::grouped_snapshot(&*desk.store, "", order, asker(desk), desk.now).await;
    let groups = list.unwrap().groups;
    let told: Vec<(Option<&str>, f64)> = groups
        .iter()
        .map(|group| (group.key.as_deref(), group.issues))
        .collect();
    // Of several labels the first one counts.
    assert_eq!(
        told,
        [(Some("ui"), 2.0), (Some("backend"), 2.0), (None, 3.0)]
    );
    let among = [1, 2, 4].map(IssueId);
    let uses = desk.store.label_uses(&among).await.unwrap();
    let counts: Vec<(&str, u64, u64)> = uses
        .iter()
        .map(|(label, uses)| (label.as_str(), uses.issues, uses.among))
        .collect();
    assert_eq!(counts, [("backend", 2, 1), ("ui", 3, 2)]);
}

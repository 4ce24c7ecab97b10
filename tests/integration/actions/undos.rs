//! The journal, and taking back what it has.

use super::desk::Desk;
use chrono::{DateTime, TimeDelta};
use picket_core::engine::bulk::{self, BulkError, Context, Hindrance, Origin, Scope};
use picket_core::engine::desk::undo_entry;
use picket_core::model::IssueId;
use picket_core::store::{
    Access, ActionStore, JournalFilter, JournalKind, JournalWord, Store, sqlite_url,
};
use picket_core::view::UndoReport;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Takes an entry back, as a window hears of it.
pub(super) async fn told_undo(desk: &Desk, entry: i64) -> UndoReport {
    let (context, cancel) = (desk.context(), CancellationToken::new());
    let undone = undo_entry(&*desk.store, entry, false, &context, |_| {}, &cancel);
    undone.await.unwrap().0
}

pub async fn every_update_is_taken_back_exactly(desk: &mut Desk) {
    let before = desk.rows().await;
    let bodies = [
        json!({"status": "resolved"}),
        json!({"status": "resolved", "statusDetails": {"inRelease": "1.0"}}),
        in_commit("abc"),
        json!({"status": "ignored"}),
        json!({"status": "ignored", "ignoreDuration": 5, "ignoreUserCount": 2}),
        json!({"substatus": "until_escalating"}),
        json!({"status": "unresolved"}),
        json!({"priority": "high"}),
        json!({"assignedTo": "team:5"}),
        json!({"assignedTo": ""}),
        json!({"hasSeen": true, "isBookmarked": true}),
        json!({"isBookmarked": false}),
        json!({"isSubscribed": true}),
        json!({"isPublic": true}),
        json!({"inbox": true}),
        json!({"inbox": false}),
        json!({"labels": {"add": ["backend", "ui"]}}),
        json!({"note": "See the runbook."}),
    ];
    for body in bodies {
        let answer = desk.update(&[1, 2, 3, 4, 5], body.clone()).await;
        let after = desk.rows().await;
        desk.wait(10);
        let report = desk.undo(answer.journal.unwrap()).await;
        assert_eq!(desk.rows().await, before, "{body}");
        assert_eq!(
            report.restored.len() as u64,
            desk.journal().await[1].undone,
            "{body}"
        );
        // Again, and back again.
        let again = desk.undo(report.entry.unwrap()).await;
        assert_eq!(desk.rows().await, after, "{body}");
        desk.undo(again.entry.unwrap()).await;
        assert_eq!(desk.rows().await, before, "{body}");
    }
}

fn in_commit(commit: &str) -> Value {
    let commit = json!({"repository": "group/web", "commit": commit});
    json!({"status": "resolved", "statusDetails": {"inCommit": commit}})
}

/// What a second change found is not its own to remove.
pub async fn a_link_goes_with_the_change_that_added_it(desk: &mut Desk) {
    let links = async |desk: &Desk| {
        let links = "SELECT issue_id FROM issue_link WHERE target = 'abc' ORDER BY issue_id";
        desk.numbers(links).await
    };
    let first = desk.update(&[1], in_commit("abc")).await;
    desk.wait(10);
    let second = desk.update(&[1, 2], in_commit("abc")).await;
    assert_eq!(links(desk).await, [1, 2]);
    let report = desk.undo(second.journal.unwrap()).await;
    assert_eq!(links(desk).await, [1]);
    desk.undo(report.entry.unwrap()).await;
    assert_eq!(links(desk).await, [1, 2]);
    desk.undo(desk.journal().await[0].id).await;
    desk.undo(first.journal.unwrap()).await;
    assert_eq!(links(desk).await, [0; 0]);
    // It is told by name where something else has removed it.
    let entry = desk.update(&[1], in_commit("abc")).await.journal.unwrap();
    desk.execute("DELETE FROM issue_link").await;
    let report = desk.undo(entry).await;
    let told = &report.changed_since[0].differences[0];
    let told = (&*told.what, &*told.before, &*told.now);
    assert_eq!(told, ("link to abc", "no", "no"));
}

pub async fn taking_back_is_noted_and_named(desk: &mut Desk) {
    let body = json!({"status": "resolved", "priority": "low", "assignedTo": "ben"});
    let entry = desk.update(&[1], body).await.journal.unwrap();
    desk.undo(entry).await;
    assert_eq!(
        desk.activities(1).await,
        [
            "SET_PRIORITY",
            "SET_RESOLVED",
            "ASSIGNED",
            "SET_UNRESOLVED",
            "SET_PRIORITY",
            "UNASSIGNED"
        ]
    );
    assert_eq!(desk.history(1).await.len(), 3, "history has no line of it");
    let journal = desk.journal().await;
    let named: Vec<_> = journal
        .iter()
        .map(|entry| (entry.kind, entry.title.as_str(), entry.undone))
        .collect();
    assert_eq!(
        named,
        [
            (
                JournalKind::Undo,
                "Undo: Priority low, Resolve, Assign to ben",
                0
            ),
            (
                JournalKind::Update,
                "Priority low, Resolve, Assign to ben",
                1
            ),
        ]
    );
    assert_eq!(journal[0].undoes, Some(entry));
    let again = desk.undo(journal[0].id).await;
    assert_eq!(
        (again.title.as_str(), desk.journal().await[0].title.as_str()),
        (
            "Priority low, Resolve, Assign to ben",
            "Priority low, Resolve, Assign to ben"
        ),
        "an undo that is taken back is called like the change itself"
    );
}

pub async fn what_has_changed_since_is_left_alone(desk: &mut Desk) {
    let entry = desk
        .update(&[1, 2, 3], json!({"status": "resolved"}))
        .await
        .journal
        .unwrap();
    desk.update(&[2], json!({"status": "unresolved"})).await;
    desk.update(&[3], json!({"priority": "high"})).await;
    let before = desk.rows().await;
    let report = desk.undo(entry).await;
    assert_eq!(
        report.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [1, 3],
        "another member does not matter"
    );
    assert_eq!(report.changed_since.len(), 1);
    assert_eq!(
        (
            report.changed_since[0].issue.0,
            report.changed_since[0].members().collect::<Vec<_>>()
        ),
        (2, vec!["stand"])
    );
    let stand = &report.changed_since[0].differences[0];
    assert_eq!(
        (&*stand.what, &*stand.before, &*stand.now),
        ("status", "unresolved, new", "unresolved, ongoing")
    );
    let rows = desk.rows().await;
    let of_two = |row: &&String| row.starts_with("2 ");
    assert!(before.iter().filter(of_two).eq(rows.iter().filter(of_two)));
    assert_eq!(desk.journal().await[1 + 2].undone, 2);
    // Those that were taken back are not looked at again; the other one is told, and put back with force.
    let told = told_undo(desk, entry).await;
    assert_eq!((told.restored, told.conflict_count), (0.0, 1.0));
    let conflict = &told.conflicts[0];
    assert_eq!((&*conflict.id, conflict.differences.len()), ("2", 1));
    assert_eq!(conflict.differences[0].now, "unresolved, ongoing");
    let forced = bulk::undo(&*desk.store, entry, true, &desk.context())
        .await
        .unwrap();
    assert_eq!(
        forced.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!(desk.stand(2).await, (0, 7));
}

pub async fn an_issue_that_is_gone_is_not_brought_back(desk: &mut Desk) {
    let entry = desk
        .update(&[1, 2], json!({"priority": "high"}))
        .await
        .journal
        .unwrap();
    desk.delete(&[1]).await;
    let report = desk.undo(entry).await;
    assert_eq!(
        report.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!(
        report
            .not_restored
            .iter()
            .map(|one| (one.issue.0, one.why))
            .collect::<Vec<_>>(),
        [(1, Hindrance::Deleted)]
    );
    let error = bulk::undo(&*desk.store, 999, false, &desk.context())
        .await
        .unwrap_err();
    assert!(matches!(error, BulkError::Bad(bad) if bad.parameter == "entry"));
}

pub async fn the_journal_is_read_from_its_end(desk: &mut Desk) {
    for priority in ["high", "low", "medium"] {
        desk.update(&[1], json!({"priority": priority})).await;
        desk.wait(3600 * 24 * 40);
    }
    let newest = desk
        .store
        .journal_entries(&JournalFilter::default(), 2)
        .await
        .unwrap();
    assert_eq!(
        newest
            .iter()
            .map(|entry| entry.title.as_str())
            .collect::<Vec<_>>(),
        ["Priority medium", "Priority low"]
    );
    let filter = JournalFilter {
        before: Some(newest[1].id),
        ..JournalFilter::default()
    };
    let older = desk.store.journal_entries(&filter, 2).await.unwrap();
    assert_eq!(
        older
            .iter()
            .map(|entry| entry.title.as_str())
            .collect::<Vec<_>>(),
        ["Priority high"]
    );
    assert_eq!((newest[0].actor, newest[0].undoes), (Some(1), None));
    let issues = desk
        .store
        .journal_issues(older[0].id, picket_core::model::IssueId(0), 10)
        .await
        .unwrap();
    assert_eq!(
        Value::from(issues[0].before.clone()),
        json!({"priority": 50, "priority_locked_at": null})
    );
    assert_eq!(issues[0].after["priority"], 75);
}

/// Two entries: the second was asked for by a search, along with something else.
pub async fn the_journal_is_searched(desk: &mut Desk) {
    desk.update(&[1], json!({"priority": "low"})).await;
    let context = Context {
        origin: Origin {
            query: Some("is:unresolved Région"),
            is_automatic: true,
        },
        ..desk.context()
    };
    let scope = Scope {
        projects: &[],
        ids: &[IssueId(1)],
    };
    let body = json!({"priority": "medium"});
    let updated = bulk::update(&*desk.store, scope, &body, &context).await;
    let entry = updated.unwrap().journal.unwrap();
    for _ in 0..2 {
        let took = Duration::from_millis(7);
        desk.store.add_took(entry, took).await.unwrap();
    }
    let shown = desk.store.journal_entry(entry).await.unwrap().unwrap();
    assert_eq!(shown.query.as_deref(), context.origin.query);
    assert_eq!(shown.took, Some(Duration::from_millis(14)));
    assert!(shown.is_automatic);
    let found = async |filter: JournalFilter| {
        let entries = desk.store.journal_entries(&filter, 9).await.unwrap();
        entries
            .into_iter()
            .map(|entry| entry.title)
            .collect::<Vec<_>>()
    };
    let words = |words: &[JournalWord]| JournalFilter {
        words: words.to_vec(),
        ..JournalFilter::default()
    };
    let text = |text: &str| JournalWord {
        typed: text.to_owned(),
        text: text.to_lowercase(),
        ..JournalWord::default()
    };
    let (medium, low) = ("Priority medium", "Priority low");
    assert_eq!(found(words(&[text("prio")])).await, [medium, low]);
    assert_eq!(
        found(words(&[text("PRIO"), text("Rég"), text("UNRESOLVED")])).await,
        [medium]
    );
    assert_eq!(found(words(&[text("no\0thing")])).await, [""; 0]);
    assert_eq!(found(words(&[text("elsewhere")])).await, [""; 0]);
    let of_actor = |actors: Vec<i64>| JournalWord {
        actors,
        ..text("elsewhere")
    };
    assert_eq!(found(words(&[of_actor(vec![7, 1])])).await, [medium, low]);
    assert_eq!(found(words(&[of_actor(vec![7])])).await, [""; 0]);
    let of_issue = |issue: i64| JournalWord {
        issues: vec![issue],
        ..text("elsewhere")
    };
    assert_eq!(found(words(&[of_issue(1), text("low")])).await, [low]);
    assert_eq!(found(words(&[of_issue(2)])).await, [""; 0]);
    let by_hand = JournalFilter {
        by_hand: true,
        ..JournalFilter::default()
    };
    assert_eq!(found(by_hand).await, [low]);
    let of_kind = |kind| JournalFilter {
        kind: Some(kind),
        ..JournalFilter::default()
    };
    assert_eq!(found(of_kind(JournalKind::Update)).await, [medium, low]);
    assert_eq!(found(of_kind(JournalKind::Merge)).await, [""; 0]);
}

pub async fn the_journal_forgets_what_is_old_or_too_much(desk: &mut Desk) {
    for priority in ["high", "low", "medium"] {
        desk.update(&[1], json!({"priority": priority})).await;
        desk.wait(3600 * 24 * 40);
    }
    let forget = async |before, most| {
        let forgotten = desk.store.forget_journal(before, most, desk.now).await;
        let kept = desk.journal().await.into_iter();
        let kept = kept.map(|entry| entry.title).collect::<Vec<_>>();
        (forgotten.unwrap(), kept)
    };
    let (medium, low) = ("Priority medium".to_owned(), "Priority low".to_owned());
    let both = vec![medium.clone(), low];
    assert_eq!(
        forget(desk.now - TimeDelta::days(90), 1_000).await,
        (1, both.clone())
    );
    // With all that belongs to it.
    let issues = "SELECT count(*) FROM journal_issue";
    assert_eq!(desk.number(issues).await, Some(2));
    // The newest entry stays however many issues it has.
    let long_ago = DateTime::UNIX_EPOCH;
    assert_eq!(forget(long_ago, 2).await, (0, both));
    assert_eq!(forget(long_ago, 1).await, (1, vec![medium.clone()]));
    assert_eq!(forget(long_ago, 0).await, (0, vec![medium]));
}

/// What the journal does not know can never be taken back.
pub async fn a_delete_is_not_forgotten_before_its_data_goes(desk: &mut Desk) {
    desk.rules.purge_delay = TimeDelta::days(2);
    let delete = desk.delete(&[4]).await.journal[0];
    desk.wait(60);
    desk.update(&[1], json!({"priority": "high"})).await;
    let forget = async |desk: &Desk| {
        let forgotten = desk.store.forget_journal(desk.now, 0, desk.now).await;
        (forgotten.unwrap(), desk.journal().await.len())
    };
    desk.wait(60);
    assert_eq!(forget(desk).await, (1, 1));
    assert_eq!(desk.undo(delete).await.restored, [IssueId(4)]);
    desk.wait(3600 * 48);
    assert_eq!(forget(desk).await.1, 0);
}

pub async fn an_assignment_by_release_is_found_by_its_activity_again(desk: &mut Desk) {
    let body = json!({"status": "resolved", "statusDetails": {"inRelease": "1.0"}});
    desk.update(&[1], body).await;
    let ident = "SELECT count(*) FROM issue_resolution AS r JOIN activity AS a ON a.issue_id = r.issue_id AND a.ident = r.id";
    assert_eq!(desk.number(ident).await, Some(1));
    let entry = desk
        .update(&[1], json!({"status": "unresolved"}))
        .await
        .journal
        .unwrap();
    assert_eq!(desk.number(ident).await, Some(0));
    desk.undo(entry).await;
    assert_eq!(desk.number(ident).await, Some(1));
}

/// The journal is all that is needed, so a program that has just been started can take back what another one did.
#[tokio::test]
async fn what_was_done_before_a_restart_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("picket.db")).unwrap();
    let open = async || Arc::new(Store::open(&url, Access::ReadWrite).await.unwrap());
    let mut desk = Desk::at(open().await).await;
    let before = desk.rows().await;
    let update = desk
        .update(&[1, 2], json!({"status": "resolved"}))
        .await
        .journal
        .unwrap();
    let merge = desk
        .update(&[3, 2], json!({"merge": true}))
        .await
        .journal
        .unwrap();
    let delete = desk.delete(&[4]).await.journal[0];
    for entry in [delete, merge, update] {
        desk.store.close().await;
        desk.store = open().await;
        desk.undo(entry).await;
    }
    assert_eq!(desk.rows().await, before);
    desk.store.close().await;
}

//! Deletes: acceptance cases of search spec, section 14, row `delete`; and discards.

use super::desk::Desk;
use super::undos::told_undo;
use picket_core::engine::bulk::{self, BulkError, Hindrance, UndoReport};
use picket_core::engine::desk::journal;
use picket_core::model::IssueId;
use picket_core::store::{ActionStore, JournalKind};
use picket_core::view::{JournalState, JournalWanted};
use picket_tests::rows::digest;
use serde_json::json;

fn parameter(error: &BulkError) -> &str {
    match error {
        BulkError::Bad(bad) => &bad.parameter,
        BulkError::Store(error) => panic!("{error}"),
    }
}

pub async fn only_what_is_in_scope_goes(desk: &mut Desk) {
    // (a) of another project, (b) on its way already.
    let deleted = desk.delete(&[1, 10, 6]).await;
    assert_eq!(
        deleted
            .signals
            .iter()
            .map(|signal| signal.issue.0)
            .collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(deleted.signals[0].kind, JournalKind::Delete);
    assert_eq!(
        (desk.stand(1).await, desk.stand(10).await),
        ((3, 0), (0, 2))
    );
    // Nothing left is success.
    let nothing = desk.delete(&[6, 99]).await;
    assert!(nothing.signals.is_empty() && nothing.journal.is_empty());
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job").await,
        Some(1)
    );
}

pub async fn one_issue_that_is_no_error_stops_everything(desk: &mut Desk) {
    let before = desk.rows().await;
    let error = desk.try_delete(&[1], &[1, 7]).await.unwrap_err();
    assert_eq!(parameter(&error), "id");
    assert_eq!(desk.rows().await, before);
    assert_eq!(
        desk.refused(&[1, 7], json!({"discard": true})).await,
        "discard"
    );
    desk.rules.allow_non_error = true;
    assert_eq!(desk.delete(&[1, 7]).await.signals.len(), 2);
    let many: Vec<i64> = (1..=1001).collect();
    assert_eq!(
        parameter(&desk.try_delete(&[1], &many).await.unwrap_err()),
        "id"
    );
}

pub async fn a_delete_takes_effect_at_once(desk: &mut Desk) {
    let deleted = desk.delete(&[2, 3, 1]).await;
    let order: Vec<i64> = deleted
        .signals
        .iter()
        .map(|signal| signal.issue.0)
        .collect();
    assert_eq!(order, [3, 1, 2], "those seen least first");
    let job = desk
        .numbers("SELECT issue_id FROM deletion_job_issue ORDER BY position")
        .await;
    assert_eq!(job, order);
    // (f) what was divided stays, without an issue. (g) out of the inbox.
    let left = async |condition: &str, desk: &Desk| {
        desk.number(&format!("SELECT count(*) FROM grouphash WHERE {condition}"))
            .await
            .unwrap()
    };
    assert_eq!(
        (
            left("1 = 1", desk).await,
            left("issue_id IS NULL AND state = 'split'", desk).await
        ),
        (1, 1)
    );
    assert_eq!(desk.in_inbox().await, [4]);
    let lines = desk.numbers("SELECT issue_id FROM audit WHERE event = 'issue delete' AND project = 'foo' AND actor = 1 ORDER BY id").await;
    assert_eq!(lines, order);
    assert_eq!(
        desk.number("SELECT count(DISTINCT transaction_id) FROM audit")
            .await,
        Some(1)
    );
    let journal = desk.journal().await;
    assert_eq!(
        (journal[0].kind, journal[0].issues),
        (JournalKind::Delete, 3)
    );
    assert_eq!(
        journal[0].undo_until,
        Some(desk.now + desk.rules.purge_delay)
    );
    // Nothing of an update reaches them.
    assert!(
        desk.update(&[1], json!({"status": "resolved"}))
            .await
            .members
            .is_empty()
    );
}

pub async fn each_project_has_a_job_and_an_entry_of_its_own(desk: &mut Desk) {
    let deleted = desk.try_delete(&[2, 1], &[1, 10, 3]).await.unwrap();
    assert_eq!(
        deleted
            .signals
            .iter()
            .map(|signal| signal.issue.0)
            .collect::<Vec<_>>(),
        [10, 3, 1]
    );
    assert_eq!(deleted.journal.len(), 2);
    assert_eq!(
        desk.numbers("SELECT project_id FROM deletion_job ORDER BY id")
            .await,
        [2, 1]
    );
    let issues: Vec<u64> = desk
        .journal()
        .await
        .iter()
        .map(|entry| entry.issues)
        .collect();
    assert_eq!(issues, [2, 1]);
    assert_eq!(
        desk.number("SELECT count(DISTINCT transaction_id) FROM audit")
            .await,
        Some(2)
    );
}

pub async fn the_data_goes_when_its_time_has_come(desk: &mut Desk) {
    desk.delete(&[1, 2]).await;
    let before = desk.rows().await;
    desk.wait(3599);
    assert_eq!((desk.purge().await, desk.rows().await == before), (0, true));
    desk.wait(1);
    assert_eq!(desk.purge().await, 2);
    let rows = desk.rows().await;
    let left: Vec<&String> = rows
        .iter()
        .filter(|row| row.starts_with("1 ") || row.starts_with("2 "))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let others = |row: &&String| !row.starts_with("1 ") && !row.starts_with("2 ");
    assert!(before.iter().filter(others).eq(rows.iter().filter(others)));
    assert_eq!(desk.number("SELECT count(*) FROM event").await, Some(5));
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job").await,
        Some(0)
    );
    // (h) again: nothing to do. (k) nothing comes back, and that is no error.
    assert_eq!(desk.purge().await, 0);
    let entry = desk.journal().await[0].id;
    let report = desk.undo(entry).await;
    assert_eq!((report.restored.len(), report.entry), (0, None));
    assert_eq!(
        report
            .not_restored
            .iter()
            .map(|one| (one.issue.0, one.why))
            .collect::<Vec<_>>(),
        [(1, Hindrance::Erased), (2, Hindrance::Erased)]
    );
}

pub async fn a_purge_that_is_interrupted_goes_on(desk: &mut Desk) {
    desk.delete(&[1, 2, 3]).await;
    desk.wait(3600);
    let job = desk
        .store
        .due_deletions(desk.now, 10)
        .await
        .unwrap()
        .remove(0);
    // However few transactions it is given, it comes to its end, and is never half of something that shows.
    let mut runs = 0;
    loop {
        let purged = bulk::run_deletion(&*desk.store, job.id, Some(1))
            .await
            .unwrap();
        runs += 1;
        assert!(runs < 50, "it does not come to an end");
        assert_eq!(
            desk.number("SELECT count(*) FROM issue WHERE id <= 3 AND status <> 4")
                .await,
            Some(0)
        );
        if purged.finished {
            break;
        }
        let two = bulk::run_deletion(&*desk.store, job.id, Some(3))
            .await
            .unwrap();
        if two.finished {
            break;
        }
    }
    assert_eq!(
        desk.number("SELECT count(*) FROM issue WHERE id <= 3")
            .await,
        Some(0)
    );
    // Its body may be shown by another occurrence.
    let again = bulk::run_deletion(&*desk.store, job.id, None)
        .await
        .unwrap();
    assert!(again.finished && again.issues == 0);
}

pub async fn a_deletion_is_run_by_one_and_tried_again_later(desk: &mut Desk) {
    desk.delete(&[1]).await;
    desk.wait(3600);
    let due = desk.store.due_deletions(desk.now, 10).await.unwrap();
    let later = desk.now + chrono::TimeDelta::minutes(5);
    assert!(desk.store.claim_deletion(&due[0], later).await.unwrap());
    assert!(
        !desk.store.claim_deletion(&due[0], later).await.unwrap(),
        "somebody has it"
    );
    assert!(
        desk.store
            .due_deletions(desk.now, 10)
            .await
            .unwrap()
            .is_empty()
    );
    desk.wait(300);
    let due = desk.store.due_deletions(desk.now, 10).await.unwrap();
    assert_eq!(due[0].attempts, 1);
    desk.store
        .delay_deletion(due[0].id, later, Some("the disk is full"))
        .await
        .unwrap();
    let due = desk.store.due_deletions(later, 10).await.unwrap();
    assert_eq!(due[0].problem.as_deref(), Some("the disk is full"));
    assert_eq!(desk.purge().await, 1);
}

pub async fn a_delete_is_taken_back_while_its_data_is_there(desk: &mut Desk) {
    let before = desk.rows().await;
    let deleted = desk.delete(&[1, 3]).await;
    desk.wait(60);
    let report = desk.undo(deleted.journal[0]).await;
    assert_eq!(
        report.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [1, 3]
    );
    assert!(report.hashes_taken.is_empty());
    assert_eq!(desk.rows().await, before);
    desk.wait(3600);
    assert_eq!((desk.purge().await, desk.rows().await), (0, before.clone()));
    let undone = "SELECT issue_id FROM audit WHERE event = 'issue delete undone' ORDER BY issue_id";
    assert_eq!(desk.numbers(undone).await, [1, 3]);
    assert_eq!(
        desk.number("SELECT count(DISTINCT transaction_id) FROM audit")
            .await,
        Some(1)
    );
    // A second time brings nothing back.
    let second = desk.undo(deleted.journal[0]).await;
    assert!(second.restored.is_empty() && second.entry.is_none());
    // Taking that back deletes again, with a delay of its own.
    let again = desk.undo(report.entry.unwrap()).await;
    assert_eq!((desk.stand(1).await, desk.stand(3).await), ((3, 0), (3, 0)));
    desk.undo(again.entry.unwrap()).await;
    assert_eq!(desk.rows().await, before);
}

pub async fn a_hash_that_is_taken_stays_with_the_newer_issue(desk: &mut Desk) {
    let deleted = desk.delete(&[1]).await;
    // As a batch that opened issue 4 with it would leave it.
    let literal = |hash: &str, store: &picket_core::store::Store| match store.connections() {
        picket_core::store::Connections::Sqlite(_) => format!("x'{}'", digest(hash)),
        picket_core::store::Connections::Postgres(_) => format!("'{}'", digest(hash)),
    };
    let hash = literal("h1", &desk.store);
    desk.execute(&format!(
        "INSERT INTO grouphash (project_id, hash, issue_id) VALUES (1, {hash}, 4)"
    ))
    .await;
    let report = desk.undo(deleted.journal[0]).await;
    assert_eq!(report.restored.len(), 1);
    let taken: Vec<_> = report
        .hashes_taken
        .iter()
        .map(|taken| (taken.issue.0, taken.hash, taken.now.0))
        .collect();
    assert_eq!(taken, [(1, digest("h1"), 4)]);
    assert_eq!(
        desk.numbers("SELECT issue_id FROM grouphash WHERE issue_id IN (1, 4) ORDER BY 1")
            .await,
        [1, 4]
    );
}

/// What is due and not purged yet can be taken back, whatever the clock shows.
pub async fn a_delete_that_is_due_can_be_taken_back(desk: &mut Desk) {
    let deleted = desk.delete(&[1, 2]).await;
    let state = async |desk: &Desk| {
        let (wanted, store) = (JournalWanted::default(), &*desk.store);
        let listed = journal(store, &wanted, (None, 9), &desk.directory, desk.now).await;
        listed.unwrap().remove(0).state
    };
    desk.wait(3 * 3600);
    assert_eq!(state(desk).await, JournalState::Done);
    desk.execute("UPDATE issue SET status = 4 WHERE id = 1")
        .await;
    assert_eq!(state(desk).await, JournalState::Done);
    desk.execute("UPDATE issue SET status = 4 WHERE id = 2")
        .await;
    assert_eq!(state(desk).await, JournalState::Purged);
    desk.execute("UPDATE issue SET status = 3 WHERE id = 2")
        .await;
    let report = desk.undo(deleted.journal[0]).await;
    assert_eq!(report.restored, [IssueId(2)]);
    assert_eq!(state(desk).await, JournalState::Done, "the undo");
}

/// Each that stays says why.
pub async fn an_undo_says_what_hinders_it(desk: &mut Desk) {
    let deleted = desk.delete(&[1, 2]).await.journal[0];
    let restored = desk.undo(deleted).await.entry.unwrap();
    desk.delete(&[1]).await;
    let report = desk.undo(restored).await;
    let hindered = |report: &UndoReport| {
        let hindered = report.not_restored.iter();
        hindered
            .map(|one| (one.issue.0, one.why))
            .collect::<Vec<_>>()
    };
    assert_eq!(report.restored, [IssueId(2)]);
    assert_eq!(hindered(&report), [(1, Hindrance::Deleted)]);
    let told = told_undo(desk, restored).await;
    assert_eq!(told.not_restored[0].reason, Hindrance::Deleted.to_string());
    // One that came back by something else is not deleted any more.
    desk.execute("UPDATE issue SET status = 0, substatus = 3 WHERE id = 1")
        .await;
    desk.execute("UPDATE journal_issue SET undone_by = NULL")
        .await;
    let back = desk.undo(deleted).await;
    assert_eq!(hindered(&back)[0], (1, Hindrance::Back));
}

pub async fn only_those_that_still_wait_come_back(desk: &mut Desk) {
    let deleted = desk.delete(&[1, 2, 3]).await;
    desk.execute("UPDATE issue SET status = 4 WHERE id = 2")
        .await;
    let report = desk.undo(deleted.journal[0]).await;
    assert_eq!(
        report.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [1, 3]
    );
    assert_eq!(
        report
            .not_restored
            .iter()
            .map(|one| (one.issue.0, one.why))
            .collect::<Vec<_>>(),
        [(2, Hindrance::BeingErased)]
    );
    desk.wait(3600);
    assert_eq!(desk.purge().await, 1);
    assert_eq!(desk.stand(1).await, (0, 3));
}

pub async fn a_discard_keeps_the_hashes_on_a_tombstone(desk: &mut Desk) {
    let before = desk.rows().await;
    let answer = desk.update(&[1, 3], json!({"discard": true})).await;
    assert_eq!((desk.stand(1).await, answer.changed.len()), ((3, 0), 2));
    assert_eq!(
        desk.numbers(
            "SELECT previous_issue_id FROM tombstone WHERE actor = 1 AND level = 40 ORDER BY 1"
        )
        .await,
        [1, 3]
    );
    let buried =
        "SELECT count(*) FROM grouphash WHERE issue_id IS NULL AND tombstone_id IS NOT NULL";
    assert_eq!(
        desk.number(buried).await,
        Some(3),
        "those that were divided, too"
    );
    assert_eq!(desk.journal().await[0].kind, JournalKind::Discard);
    for body in [
        json!({"discard": true, "status": "resolved"}),
        json!({"discard": true, "merge": true}),
    ] {
        assert_eq!(desk.refused(&[2], body).await, "discard");
    }
    let report = desk.undo(answer.journal.unwrap()).await;
    assert_eq!(
        (report.restored.len(), desk.rows().await),
        (2, before.clone())
    );
    assert_eq!(desk.number("SELECT count(*) FROM tombstone").await, Some(0));
    // Again, and this time for good: the tombstone outlives its issue.
    desk.undo(report.entry.unwrap()).await;
    assert_eq!(desk.number(buried).await, Some(3));
    desk.wait(3600);
    assert_eq!(desk.purge().await, 2);
    assert_eq!(
        (
            desk.number(buried).await,
            desk.number("SELECT count(*) FROM tombstone").await
        ),
        (Some(3), Some(2))
    );
}

pub async fn an_issue_with_a_tombstone_is_left_alone(desk: &mut Desk) {
    desk.execute(
        "INSERT INTO tombstone (previous_issue_id, project_id, level, message, culprit, data, at)
         SELECT 1, 1, 40, '', '', '{}', last_seen FROM issue WHERE id = 1",
    )
    .await;
    let answer = desk.update(&[1, 2], json!({"discard": true})).await;
    assert_eq!(
        answer.changed.iter().map(|id| id.0).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!((answer.skipped.len(), desk.stand(1).await), (1, (0, 3)));
}

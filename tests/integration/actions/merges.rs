//! Several issues become one, and several again.

use super::desk::Desk;
use picket_core::Error;
use picket_core::engine::bulk::{Hindrance, NotRestored};
use picket_core::engine::{desk, find};
use picket_core::model::IssueId;
use picket_core::view::{BulkReport, IssueChange};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Merges as the window does.
async fn merged(at: &Desk, ids: &[i64], into: &str) -> Result<BulkReport, Error> {
    let selected = desk::Selected {
        ids: ids.iter().copied().map(IssueId).collect(),
        ..desk::Selected::default()
    };
    let change = IssueChange::Merge {
        into: Some(into.to_owned()),
    };
    let (context, cancel) = (at.context(), CancellationToken::new());
    desk::bulk_change(&*at.store, &selected, change, &context, |_| {}, &cancel).await
}

pub async fn the_issue_that_is_named_stays(desk: &mut Desk) {
    let report = merged(desk, &[2, 3], "3").await.unwrap();
    // Issue 2 was seen more often.
    assert_eq!((desk.stand(2).await.0, desk.stand(3).await.0), (5, 0));
    let sums = "SELECT times_seen FROM issue WHERE id = 3";
    assert_eq!(desk.number(sums).await, Some(52));
    assert!(report.journal.is_some());
    let before = desk.rows().await;
    for (ids, into) in [([1, 4], "3"), ([1, 4], "77"), ([1, 4], "x")] {
        merged(desk, &ids, into).await.unwrap_err();
    }
    assert_eq!(
        desk.rows().await,
        before,
        "nothing is merged into what is not among them"
    );
}

/// A row says how many issues have become part of its issue, also by way of others, for as long as they are.
pub async fn a_row_says_how_many_are_part_of_it(desk: &mut Desk) {
    let parts = async |desk: &Desk| {
        let ids: Vec<IssueId> = (1..=5).map(IssueId).collect();
        let rows = find::rows(&*desk.store, &ids, Some(1), desk.now).await;
        let rows = rows.unwrap().into_iter();
        rows.map(|row| (row.id, row.merged)).collect::<Vec<_>>()
    };
    let row = |id: &str, merged| (id.to_owned(), merged);
    merged(desk, &[2, 3], "3").await.unwrap();
    assert_eq!(
        parts(desk).await,
        [row("1", 0.0), row("3", 1.0), row("4", 0.0), row("5", 0.0)]
    );
    let second = merged(desk, &[3, 4, 1], "1").await.unwrap();
    assert_eq!(parts(desk).await, [row("1", 3.0), row("5", 0.0)]);
    let detail = find::detail(&*desk.store, IssueId(1), Some(1), desk.now).await;
    assert_eq!(detail.unwrap().unwrap().row.merged, 3.0);
    desk.undo(second.journal.unwrap().parse().unwrap()).await;
    assert_eq!(
        parts(desk).await,
        [row("1", 0.0), row("3", 1.0), row("4", 0.0), row("5", 0.0)]
    );
}

pub async fn issues_say_which_others_they_are_like(desk: &mut Desk) {
    let now = desk.now;
    let similar = async |id| {
        find::similar(&*desk.store, IssueId(id), 20, Some(1), now)
            .await
            .unwrap()
    };
    // All they share is the word “message”, and 10 is of another project, 6 on its way out, 7 of another category.
    let found = similar(1).await.unwrap();
    let mut ids: Vec<&str> = found.issues.iter().map(|it| &*it.row.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["2", "3", "4", "5"]);
    assert_eq!(found.compared, 4.0);
    let best = &found.issues[0];
    assert!((best.score - 1.0).abs() < 1e-9 && !best.same_title && best.error_type.is_none());
    assert_eq!((best.words.same, best.words.of), (1.0, 1.0));
    let one = find::similar(&*desk.store, IssueId(1), 1, Some(1), now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(one.issues, found.issues[..1]);
    assert_eq!(similar(7).await.unwrap().issues, []);
    assert_eq!(similar(77).await, None);
}

pub async fn the_issue_seen_most_stays(desk: &mut Desk) {
    desk.update(&[3], json!({"priority": "high"})).await;
    let answer = desk.update(&[1, 2, 3], json!({"merge": true})).await;
    assert_eq!(answer.members["merge"]["parent"], "2");
    assert_eq!(answer.members["merge"]["children"], json!(["1", "3"]));
    assert_eq!((desk.stand(1).await, desk.stand(3).await), ((5, 0), (5, 0)));
    assert_eq!(desk.stand(2).await, (0, 7));
    let sums = "SELECT times_seen FROM issue WHERE id = 2";
    assert_eq!(desk.number(sums).await, Some(57));
    let same = |column: &str, of: &str| {
        format!(
            "SELECT count(*) FROM issue AS a JOIN issue AS b ON b.id = 2 WHERE a.id = {of} AND a.{column} = b.{column}"
        )
    };
    assert_eq!(
        desk.number(&same("first_seen", "1")).await,
        Some(1),
        "the oldest"
    );
    let seen = "SELECT count(*) FROM occurrence WHERE issue_id = 2";
    assert_eq!(desk.number(seen).await, Some(4));
    let hours = "SELECT sum(count) FROM issue_bucket WHERE issue_id = 2";
    assert_eq!(desk.number(hours).await, Some(4));
    assert_eq!(
        desk.number("SELECT count(*) FROM grouphash WHERE issue_id = 2")
            .await,
        Some(4)
    );
    assert_eq!(
        desk.numbers("SELECT old_id FROM issue_redirect WHERE new_id = 2 ORDER BY 1")
            .await,
        [1, 3]
    );
    assert_eq!(desk.in_inbox().await, [4]);
    assert_eq!(
        desk.activities(2).await,
        ["SET_PRIORITY", "MERGE"],
        "with what came along"
    );
    assert_eq!(
        desk.number("SELECT assigned_user FROM issue WHERE id = 2")
            .await,
        Some(2)
    );
    assert_eq!(
        desk.numbers("SELECT issue_id FROM issue_bookmark WHERE user_id = 1 ORDER BY 1")
            .await,
        [2, 3]
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_environment WHERE issue_id = 2")
            .await,
        Some(2)
    );
    // The children are hidden, and nobody acts on them any more.
    let answer = desk.update(&[1, 3], json!({"status": "resolved"})).await;
    assert!(answer.members.is_empty());
}

pub async fn of_equally_seen_ones_the_newest_stays(desk: &mut Desk) {
    let answer = desk
        .update(
            &[4, 5],
            json!({"merge": true, "status": "unresolved", "inbox": false}),
        )
        .await;
    assert_eq!(answer.members["merge"]["parent"], "5");
    assert_eq!((desk.stand(5).await, desk.stand(4).await), ((0, 3), (5, 0)));
    assert_eq!(answer.members["inbox"], false);
}

pub async fn what_cannot_be_merged_is_not(desk: &mut Desk) {
    let before = desk.rows().await;
    let answer = desk.update(&[1], json!({"merge": true})).await;
    assert!(answer.members.get("merge").is_none(), "one alone");
    assert_eq!(desk.refused(&[1, 7], json!({"merge": true})).await, "merge");
    let answer = desk
        .update_in(&[1, 2], &[1, 10], json!({"merge": true}))
        .await
        .unwrap();
    let words = answer.members["detail"].as_str().unwrap();
    assert!(words.contains("several projects"), "{words}");
    assert_eq!(desk.rows().await, before);
    desk.rules.allow_non_error = true;
    assert_eq!(
        desk.refused(&[1, 7], json!({"merge": true})).await,
        "merge",
        "of two categories"
    );
}

pub async fn a_merge_is_taken_back_exactly(desk: &mut Desk) {
    desk.update(&[1, 3], json!({"priority": "low"})).await;
    let before = desk.rows().await;
    let answer = desk.update(&[3, 1, 2], json!({"merge": true})).await;
    desk.wait(60);
    let report = desk.undo(answer.journal.unwrap()).await;
    assert_eq!(
        report.restored.iter().map(|id| id.0).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(report.changed_since.is_empty() && report.not_restored.is_empty());
    assert_eq!(desk.rows().await, before);
    assert_eq!(desk.activities(2).await, ["MERGE", "UNMERGE"]);
    assert_eq!(
        desk.activities(1).await,
        ["SET_PRIORITY"],
        "came back with it"
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_redirect").await,
        Some(0)
    );
    // Again, and back again.
    let again = desk.undo(report.entry.unwrap()).await;
    assert_eq!(desk.stand(1).await, (5, 0));
    assert_eq!(
        desk.number("SELECT times_seen FROM issue WHERE id = 2")
            .await,
        Some(57)
    );
    desk.undo(again.entry.unwrap()).await;
    assert_eq!(desk.rows().await, before);
}

pub async fn what_came_since_a_merge_stays_where_it_came(desk: &mut Desk) {
    let answer = desk.update(&[1, 2], json!({"merge": true})).await;
    // A new sighting, in a new release, as a batch would write it.
    desk.execute(
        "UPDATE issue SET times_seen = times_seen + 1 WHERE id = 2;
         INSERT INTO issue_release (issue_id, release, environment, first_seen, last_seen)
         SELECT 2, '2.0', 'prod', last_seen, last_seen FROM issue WHERE id = 2;
         UPDATE issue_bucket SET count = count + 1 WHERE issue_id = 2 AND hour = (SELECT max(hour) FROM issue_bucket WHERE issue_id = 2)",
    )
    .await;
    let report = desk.undo(answer.journal.unwrap()).await;
    assert_eq!(report.restored.len(), 2);
    assert_eq!(
        desk.numbers("SELECT times_seen FROM issue WHERE id IN (1, 2) ORDER BY id")
            .await,
        [5, 51]
    );
    assert_eq!(
        desk.numbers("SELECT issue_id FROM issue_release WHERE release = '2.0'")
            .await,
        [2]
    );
    assert_eq!(
        desk.number("SELECT sum(count) FROM issue_bucket WHERE issue_id = 2")
            .await,
        Some(2)
    );
}

pub async fn merges_into_each_other_are_taken_back_from_the_last_one_on(desk: &mut Desk) {
    let before = desk.rows().await;
    let first = desk
        .update(&[3, 1], json!({"merge": true}))
        .await
        .journal
        .unwrap();
    let between = desk.rows().await;
    let second = desk
        .update(&[1, 2], json!({"merge": true}))
        .await
        .journal
        .unwrap();
    let merged = desk.rows().await;
    let early = desk.undo(first).await;
    assert!(
        early.restored.is_empty(),
        "what it was merged into is part of another one"
    );
    assert_eq!(
        early.not_restored,
        [NotRestored {
            issue: IssueId(1),
            why: Hindrance::Merged
        }]
    );
    assert_eq!((early.entry, desk.rows().await), (None, merged));
    desk.undo(second).await;
    assert_eq!(desk.rows().await, between);
    desk.undo(first).await;
    assert_eq!(desk.rows().await, before);
}

pub async fn hashes_and_events_of_a_merged_issue_go_with_it_for_good(desk: &mut Desk) {
    desk.update(&[1, 2], json!({"merge": true})).await;
    desk.delete(&[2]).await;
    desk.wait(3600);
    assert_eq!(desk.purge().await, 2);
    let left: Vec<Value> = desk
        .numbers("SELECT id FROM issue WHERE id IN (1, 2)")
        .await
        .into_iter()
        .map(Value::from)
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(
        desk.number("SELECT count(*) FROM occurrence WHERE issue_id IN (1, 2)")
            .await,
        Some(0)
    );
}

//! What comes for issues that were deleted, discarded or merged.

use super::super::acceptance::world::{Desk, World};
use picket_core::engine::bulk::{self, Context, Deleted, Origin, Rules, Scope};
use picket_core::model::{Directory, IssueId};
use picket_core::store::{ActionStore, QueryStore};
use picket_tests::scenario::messages::{Message, occurrence};

fn seen(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

const RULES: fn() -> Rules = || Rules {
    allow_non_error: true,
    ..Rules::default()
};

fn context<'a>(desk: &Desk, directory: &'a Directory) -> Context<'a> {
    Context {
        now: desk.0.now(),
        actor: Some(7),
        directory,
        rules: RULES(),
        origin: Origin::default(),
    }
}

async fn remove(desk: &Desk, ids: &[IssueId], discards: bool) -> Deleted {
    let directory = Directory::default();
    let scope = Scope { projects: &[], ids };
    let context = context(desk, &directory);
    let removed = match discards {
        true => bulk::discard(desk.0.store(), scope, &context).await,
        false => bulk::delete(desk.0.store(), scope, &context).await,
    };
    removed.unwrap()
}

pub async fn after_a_delete_a_new_issue_opens(world: &World) {
    let mut desk = world.desk().await;
    desk.send([seen("a"), seen("a")]).await;
    let old = desk
        .0
        .issue_id(picket_core::model::ProjectId(1), "a")
        .await
        .unwrap();
    let deleted = remove(&desk, &[old], false).await;
    desk.send([seen("a")]).await;
    let new = desk
        .0
        .issue_id(picket_core::model::ProjectId(1), "a")
        .await
        .unwrap();
    assert_ne!(old, new);
    assert_eq!(desk.issue("a").await.times_seen, 1);
    // The old one comes back without its fingerprint; nothing is merged.
    let directory = Directory::default();
    let report = bulk::undo(
        desk.0.store(),
        deleted.journal[0],
        false,
        &context(&desk, &directory),
    )
    .await
    .unwrap();
    assert_eq!(
        (report.restored, report.hashes_taken[0].now),
        (vec![old], new)
    );
    desk.send([seen("a")]).await;
    assert_eq!(desk.issue("a").await.times_seen, 2);
    assert_eq!(desk.issues().await.len(), 2);
}

pub async fn after_a_discard_nothing_comes(world: &World) {
    let mut desk = world.desk().await;
    desk.send([seen("a"), seen("b")]).await;
    let old = desk
        .0
        .issue_id(picket_core::model::ProjectId(1), "a")
        .await
        .unwrap();
    let discarded = remove(&desk, &[old], true).await;
    let before = desk.0.store().summary().await.unwrap();
    desk.0.forget_counts();
    desk.send([seen("a"), seen("b"), seen("a")]).await;
    let actual = desk.actual().await;
    assert_eq!(actual.dropped.get("discarded"), Some(&2));
    assert_eq!(actual.issues.len(), 1, "b");
    let after = desk.0.store().summary().await.unwrap();
    assert_eq!(
        (after.occurrences, after.events),
        (before.occurrences + 1, before.events + 1),
        "nothing of it is stored"
    );
    // Once that is taken back, they come again.
    let directory = Directory::default();
    let report = bulk::undo(
        desk.0.store(),
        discarded.journal[0],
        false,
        &context(&desk, &directory),
    )
    .await
    .unwrap();
    assert_eq!(report.restored, [old]);
    desk.send([seen("a")]).await;
    assert_eq!(desk.issue("a").await.times_seen, 2);
    assert_eq!(
        desk.0
            .issue_id(picket_core::model::ProjectId(1), "a")
            .await
            .unwrap(),
        old
    );
}

pub async fn what_comes_for_a_merged_issue_joins_the_one_it_became(world: &World) {
    let mut desk = world.desk().await;
    desk.send([seen("a"), seen("b"), seen("b")]).await;
    let project = picket_core::model::ProjectId(1);
    let a = desk.0.issue_id(project, "a").await.unwrap();
    let b = desk.0.issue_id(project, "b").await.unwrap();
    let directory = Directory::default();
    let scope = Scope {
        projects: &[],
        ids: &[a, b],
    };
    let merged = bulk::update(
        desk.0.store(),
        scope,
        &serde_json::json!({"merge": true}),
        &context(&desk, &directory),
    )
    .await
    .unwrap();
    desk.send([seen("a")]).await;
    assert_eq!(desk.0.issue_id(project, "a").await.unwrap(), b);
    assert_eq!(desk.issue("b").await.times_seen, 4);
    let report = bulk::undo(
        desk.0.store(),
        merged.journal.unwrap(),
        false,
        &context(&desk, &directory),
    )
    .await
    .unwrap();
    assert_eq!(report.restored.len(), 2);
    assert_eq!(
        (
            desk.issue("a").await.times_seen,
            desk.issue("b").await.times_seen
        ),
        (1, 3)
    );
    desk.send([seen("a")]).await;
    assert_eq!(
        (
            desk.0.issue_id(project, "a").await.unwrap(),
            desk.issue("a").await.times_seen
        ),
        (a, 2)
    );
}

pub async fn a_purged_event_that_another_issue_shows_stays(world: &World) {
    let mut desk = world.desk().await;
    let shared = |fingerprint: &str| seen(fingerprint).event_id(&"f".repeat(32));
    desk.send([shared("a"), shared("b")]).await;
    let project = picket_core::model::ProjectId(1);
    let a = desk.0.issue_id(project, "a").await.unwrap();
    remove(&desk, &[a], false).await;
    let job = desk
        .0
        .store()
        .due_deletions(desk.0.now() + RULES().purge_delay, 10)
        .await
        .unwrap();
    bulk::run_deletion(desk.0.store(), job[0].id, None)
        .await
        .unwrap();
    let summary = desk.0.store().summary().await.unwrap();
    assert_eq!((summary.occurrences, summary.events), (1, 1));
}

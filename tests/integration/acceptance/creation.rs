//! Opening an issue: its number, its hash, its environments and releases (occurrences spec, section 12).

use super::rows::Rows;
use super::world::*;
use chrono::TimeDelta;
use picket_core::model::{GroupHash, format_short_id};
use picket_core::store::{Connections, Ending, LoadPlan};
use picket_core::triage::IssueChange;
use picket_tests::scenario::messages::{Message, occurrence};
use picket_tests::scenario::{Action, Play, Step};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

async fn numbers(desk: &Desk) -> Vec<(i64, i64)> {
    let issues = desk.issues().await;
    issues
        .iter()
        .map(|issue| (issue.project_id, issue.short_id))
        .collect()
}

async fn set_counter(desk: &mut Desk, value: i64) {
    desk.step(Step::Act(Action::SetShortIdCounter {
        project: Some(SHOP),
        value,
    }))
    .await;
}

pub async fn issues_are_numbered_by_project(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a"), cron("b").project(2), cron("c"), cron("a")])
        .await;
    desk.send([cron("d"), cron("e").project(2)]).await;
    assert_eq!(
        numbers(&desk).await,
        [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    );
    assert_eq!(desk.detail("c").await.row.short_id, "SHOP-2");
    assert_eq!(format_short_id("shop", 18), "SHOP-J");
    // A number is not given twice.
    desk.change("d", IssueChange::Delete).await;
    desk.send([cron("d")]).await;
    assert_eq!(
        numbers(&desk).await,
        [(1, 1), (1, 2), (1, 4), (2, 1), (2, 2)]
    );
}

pub async fn a_counter_that_fell_behind_is_corrected(world: &World) {
    let mut desk = world.desk().await;
    desk.send((1..=10).map(|n| cron(&n.to_string()))).await;
    set_counter(&mut desk, 4).await;
    desk.0.forget_counts();
    desk.send([cron("next")]).await;
    assert_eq!(desk.issues().await.last().unwrap().short_id, 11);
    assert_eq!(desk.counted("stuck_project.fixed_counter"), Some(1));
    assert_eq!(
        desk.counted_with("stuck_project.fixed_counter", "difference", "6"),
        1
    );
    desk.send([cron("one more")]).await;
    assert_eq!(desk.issues().await.last().unwrap().short_id, 12);
    assert_eq!(
        desk.counted("stuck_project.fixed_counter"),
        Some(1),
        "once is enough"
    );
}

/// Only writers of a server meet at a counter: whoever waits for it in vain is set aside, and the rest of its batch is not.
pub async fn who_waits_too_long_for_a_number_is_set_aside(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("known")]).await;
    desk.0.forget_counts();
    let Connections::Postgres(pool) = desk.0.store().connections() else {
        panic!("a case for a server");
    };
    let mut other = pool.begin().await.unwrap();
    let hold = "SELECT last_number FROM short_id_counter WHERE project_id = 1 FOR UPDATE";
    sqlx::query(hold).execute(&mut *other).await.unwrap();

    desk.send([cron("known"), cron("a"), cron("b").project(2)])
        .await;
    assert_eq!(desk.kept(), [1, 1, 0, 0], "in project 2, and the known one");
    assert_eq!(desk.dropped().await, reasons([("internal_error", 1)]));
    assert_eq!(desk.counted("next_short_id.timeout"), Some(1));
    other.rollback().await.unwrap();
    desk.send([cron("a")]).await;
    assert_eq!(numbers(&desk).await, [(1, 1), (1, 2), (2, 1)]);
}

/// A counter that is ahead is right; one that is behind is right as long as its numbers are free.
pub async fn a_counter_is_followed_where_it_can_be(world: &World) {
    let mut desk = world.desk().await;
    set_counter(&mut desk, 30).await;
    desk.send([cron("a")]).await;
    assert_eq!(desk.detail("a").await.row.short_id, "SHOP-Z");
    set_counter(&mut desk, 5).await;
    desk.send([cron("b")]).await;
    assert_eq!(numbers(&desk).await, [(1, 6), (1, 31)]);
    assert_eq!(desk.counted("stuck_project.fixed_counter"), None);
    // Several at once, over an obstacle.
    set_counter(&mut desk, 29).await;
    desk.send([cron("c"), cron("d"), cron("e")]).await;
    let mut found: Vec<_> = numbers(&desk)
        .await
        .iter()
        .map(|(_, number)| *number)
        .collect();
    found.dedup();
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found.contains(&30), "{found:?}");
}

/// Two batches open the same issue at the same moment: there is one, and both are counted.
pub async fn one_of_two_opens_the_issue(world: &World) {
    let desk = world.desk().await;
    let Desk(first) = desk;
    let second = first.beside("a second feed").await.unwrap();
    let feed = |mut play: Play| async move {
        for n in 0..20 {
            let message = cron(&format!("race {n}")).bytes();
            play.step(&Step::Message(message)).await.unwrap();
            play.flush().await.unwrap();
        }
        play
    };
    let (first, second) = tokio::join!(tokio::spawn(feed(first)), tokio::spawn(feed(second)));
    let (first, second) = (Desk(first.unwrap()), Desk(second.unwrap()));
    let issues = first.issues().await;
    assert_eq!(issues.len(), 20);
    assert!(issues.iter().all(|issue| issue.times_seen == 2));
    let both = |ending| first.ended(ending) + second.ended(ending);
    assert_eq!((both(Ending::Created), both(Ending::Updated)), (20, 20));
    let counted = |desk: &Desk| desk.counted("group.created").unwrap_or(0);
    assert_eq!(counted(&first) + counted(&second), 20);
    let numbers: Vec<_> = issues.iter().map(|issue| issue.short_id).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

/// The last seen time of a release moves in steps of more than a minute.
pub async fn a_release_is_seen_in_steps_of_a_minute(world: &World) {
    let mut desk = world.desk().await;
    let seen = |time: &str| cron("a").release("1.0").environment("prod").at(time);
    desk.send([seen("09:00:00")]).await;
    let steps = [
        ("09:00:30", "09:00:00"),
        ("09:01:00", "09:00:00"),
        ("09:01:00.000001", "09:01:00.000001"),
        ("09:02:00", "09:01:00.000001"),
        ("08:00:00", "09:01:00.000001"),
        ("09:02:01", "09:02:01"),
    ];
    for (time_of_event, expected) in steps {
        desk.send([seen(time_of_event)]).await;
        assert_eq!(
            last_seen(&desk, "1.0", "prod").await,
            Some(time(expected)),
            "{time_of_event}"
        );
    }
    assert_eq!(last_seen(&desk, "1.0", "").await, None);
    // Within one batch, too, and one by one the same.
    desk.send([seen("09:10:00"), seen("09:10:50"), seen("09:11:30")])
        .await;
    assert_eq!(
        last_seen(&desk, "1.0", "prod").await,
        Some(time("09:11:30"))
    );
}

async fn last_seen(
    desk: &Desk,
    release: &str,
    environment: &str,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let plan = LoadPlan {
        hashes: vec![(SHOP, GroupHash::of("a"))],
        releases: vec![(SHOP, release.to_owned())],
        ..LoadPlan::default()
    };
    let state = desk.load(plan).await;
    let id = state.hashes[&(SHOP, GroupHash::of("a"))];
    let key = (id, release.to_owned(), environment.to_owned());
    state.issue_releases.get(&key).copied()
}

/// The counts of a release: issues it opened, and environments in which issues were seen first with it.
pub async fn releases_count_what_began_with_them(world: &World) {
    let rows = Rows::fresh(world).await;
    let mut desk = rows.desk().await;
    desk.send([cron("a").release("1.0").environment("prod")])
        .await;
    let issue = desk.issue("a").await;
    assert_eq!(issue.first_release.as_deref(), Some("1.0"));
    assert_eq!(rows.new_groups("1.0").await, Some(1));
    assert_eq!(rows.new_issues("1.0", "prod").await, Some(1));

    desk.advance(TimeDelta::seconds(5)).await;
    desk.send([
        cron("a").release("1.0").environment("prod"),
        cron("a").release("1.0").environment("stage"),
        cron("a").release("2.0").environment("prod"),
        cron("b").release("2.0"),
    ])
    .await;
    assert_eq!(rows.new_groups("1.0").await, Some(1));
    assert_eq!(rows.new_issues("1.0", "prod").await, Some(1));
    assert_eq!(rows.new_issues("1.0", "stage").await, Some(1));
    assert_eq!(rows.new_groups("2.0").await, Some(1));
    assert_eq!(rows.new_issues("2.0", "prod").await, None);
    assert_eq!(rows.new_issues("2.0", "").await, Some(1));
    // An environment is dated by the clock and names the release it was seen first in.
    assert_eq!(
        rows.environment("a", "prod").await,
        (Some("1.0".to_owned()), time("10:00:00"))
    );
    assert_eq!(
        rows.environment("a", "stage").await,
        (Some("1.0".to_owned()), time("10:00:05"))
    );
    assert_eq!(desk.detail("a").await.environments, ["prod", "stage"]);
    rows.remove(desk).await;
}

/// Names that a release cannot have are no releases.
pub async fn an_invalid_version_is_no_release(world: &World) {
    let mut desk = world.desk().await;
    let versions = [
        "", " ", ".", "..", "latest", "LaTest", "a/b", "a\\b", "a\nb", "a\tb",
    ];
    for (place, version) in versions.into_iter().enumerate() {
        let name = place.to_string();
        desk.send([cron(&name).release(version)]).await;
        assert_eq!(desk.issue(&name).await.first_release, None, "{version:?}");
    }
    let long = "v".repeat(250);
    desk.send([
        cron("long").release(&long),
        cron("longer").release(&format!("{long}v")),
    ])
    .await;
    assert_eq!(desk.issue("long").await.first_release, Some(long));
    assert_eq!(desk.issue("longer").await.first_release, None);
}

/// A hash that leads to no issue any more leads to the next one.
pub async fn a_released_hash_is_free(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    let first = desk.id("a").await;
    desk.change("a", IssueChange::Delete).await;
    desk.send([cron("a").title("again"), cron("a")]).await;
    let second = desk.id("a").await;
    assert_ne!(first, second);
    assert_eq!(desk.times_seen("a").await, 2);
    assert_eq!(desk.issues().await.len(), 1);
}

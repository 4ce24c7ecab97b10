//! Noise reduction and the quota of new issues (occurrences spec, sections 10 and 11).

use super::world::*;
use chrono::TimeDelta;
use picket_core::store::Ending;
use picket_core::triage::IssueChange;
use picket_tests::scenario::messages::{Message, occurrence};

const THRESHOLD: &str = "noise_reduction.should_create_group.threshold";
const NOISE: &str = "issues.issue.dropped.noise_reduction";
const QUOTA: &str = "issues.issue.dropped.rate_limiting";

fn of_type(number: u16, fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(number)
}

pub async fn an_issue_is_opened_by_the_occurrence_with_the_number_of_its_limit(world: &World) {
    for (number, limit) in [(1006, 3), (1009, 5), (1007, 15), (2007, 1), (1010, 1)] {
        let mut desk = world.desk().await;
        for n in 1..=limit {
            assert!(!desk.has("a").await, "{number}");
            let time = format!("09:{n:02}:00");
            desk.send([of_type(number, "a").at(&time)]).await;
        }
        let issue = desk.issue("a").await;
        assert_eq!(
            issue.times_seen, 1,
            "{number}: the ignored ones do not count"
        );
        assert_eq!(
            issue.first_seen,
            time(&format!("09:{limit:02}:00")),
            "{number}"
        );
        let ignored = limit - 1;
        assert_eq!(desk.ended(Ending::Created), 1);
        assert_eq!(desk.counted(NOISE).unwrap_or(0), ignored);
        let of = |over| desk.counted_with(THRESHOLD, "over_threshold", over);
        let asked = u64::from(limit > 1);
        assert_eq!((of("false"), of("true")), (ignored, asked), "{number}");
    }
}

/// Counting knows no batches.
pub async fn a_batch_counts_like_single_messages(world: &World) {
    let mut desk = world.desk().await;
    let n_plus_one = |name: &str| of_type(1006, name);
    desk.send([n_plus_one("a"), n_plus_one("b"), n_plus_one("a")])
        .await;
    desk.send([
        n_plus_one("a"),
        n_plus_one("a"),
        n_plus_one("b"),
        n_plus_one("b"),
    ])
    .await;
    assert_eq!(
        (desk.times_seen("a").await, desk.times_seen("b").await),
        (2, 1)
    );
    assert_eq!(
        desk.counted_with(THRESHOLD, "group_type", "performance_n_plus_one_db_queries"),
        6
    );
    desk.send([of_type(1006, "a").project(2)]).await;
    assert_eq!(
        desk.counted(NOISE),
        Some(5),
        "each project counts for itself"
    );
}

/// Each ignored occurrence makes the count last for another 24 hours.
pub async fn ignored_occurrences_are_forgotten_after_a_day(world: &World) {
    let mut desk = world.desk().await;
    let send = async |desk: &mut Desk, name: &str| desk.send([of_type(1006, name)]).await;
    send(&mut desk, "slides").await;
    desk.advance(TimeDelta::hours(23)).await;
    send(&mut desk, "slides").await;
    desk.advance(TimeDelta::hours(23)).await;
    send(&mut desk, "slides").await;
    assert!(desk.has("slides").await);

    for (name, seconds, opens) in [("just in time", 86_399, true), ("too late", 86_400, false)] {
        send(&mut desk, name).await;
        send(&mut desk, name).await;
        desk.advance(TimeDelta::seconds(seconds)).await;
        send(&mut desk, name).await;
        assert_eq!(desk.has(name).await, opens, "{name}");
    }
    send(&mut desk, "too late").await;
    assert!(!desk.has("too late").await, "counting began anew with one");
    send(&mut desk, "too late").await;
    assert!(desk.has("too late").await);
}

/// Opening the issue does not reset the count, so one that is deleted comes back at once while the count lasts.
pub async fn the_count_outlives_its_issue(world: &World) {
    let mut desk = world.desk().await;
    let slow = || of_type(1006, "a");
    desk.send([slow(), slow(), slow()]).await;
    desk.change("a", IssueChange::Delete).await;
    assert!(!desk.has("a").await);
    assert_eq!(desk.issues().await.len(), 0);
    desk.send([slow()]).await;
    assert_eq!(desk.times_seen("a").await, 1);
    assert_eq!(desk.issues().await[0].short_id, 2);

    desk.change("a", IssueChange::Delete).await;
    desk.advance(TimeDelta::hours(24)).await;
    desk.send([slow()]).await;
    assert!(
        !desk.has("a").await,
        "the count of the last ignored one is over"
    );
}

/// An occurrence over its limit that the quota refuses is let through by the next free unit.
pub async fn the_noise_test_is_passed_once(world: &World) {
    let mut desk = world.desk().await;
    for name in ["1", "2", "3", "4", "5"] {
        desk.send([(); 3].map(|()| of_type(1006, name))).await;
    }
    desk.send([(); 3].map(|()| of_type(1006, "late"))).await;
    assert_eq!(desk.counted(QUOTA), Some(1));
    desk.wait_until("11:00:00").await;
    desk.send([of_type(1006, "late")]).await;
    assert_eq!(desk.times_seen("late").await, 1);
}

pub async fn five_issues_an_hour(world: &World) {
    let mut desk = world.desk().await;
    for n in 1..=6 {
        desk.send([occurrence(&n.to_string())]).await;
    }
    assert_eq!(desk.issues().await.len(), 5);
    assert_eq!(desk.counted(QUOTA), Some(1));
    assert_eq!(desk.dropped().await, reasons([("rate_limited", 1)]));
    desk.send([occurrence("1"), occurrence("5")]).await;
    assert_eq!(
        desk.times_seen("1").await,
        2,
        "issues that exist are never limited"
    );
    desk.send([
        occurrence("other project").project(2),
        of_type(2011, "other type"),
    ])
    .await;
    assert_eq!(desk.issues().await.len(), 7);
}

/// A unit that was used at 10:00:30 is free again at 11:00:00.
pub async fn a_unit_is_free_an_hour_after_its_minute(world: &World) {
    let mut desk = world.desk().await;
    desk.wait_until("10:00:30").await;
    desk.send(["1", "2", "3", "4", "5"].map(occurrence)).await;
    desk.wait_until("10:59:59.999999").await;
    desk.send([occurrence("6")]).await;
    assert!(!desk.has("6").await);
    desk.wait_until("11:00:00").await;
    desk.send([occurrence("7")]).await;
    assert!(desk.has("7").await, "a refusal takes no unit");
    desk.send(["8", "9", "10", "11", "12"].map(occurrence))
        .await;
    let expected = reasons([("rate_limited", 2)]);
    assert_eq!(desk.dropped().await, expected, "four more are free");
}

/// Units become free minute by minute.
pub async fn the_window_slides(world: &World) {
    let mut desk = world.desk().await;
    for minute in [0, 10, 20, 30, 40] {
        desk.wait_until(&format!("10:{minute:02}:59")).await;
        desk.send([occurrence(&format!("at {minute}"))]).await;
    }
    let tries = [
        ("10:59:59", false),
        ("11:00:00", true),
        ("11:00:01", false),
        ("11:09:59", false),
        ("11:10:00", true),
        ("11:29:59", true),
        ("11:29:59.5", false),
    ];
    for (time, opens) in tries {
        desk.wait_until(time).await;
        desk.send([occurrence(time)]).await;
        assert_eq!(desk.has(time).await, opens, "{time}");
    }
}

/// The retired numbers of a type share its budget.
pub async fn types_of_one_slug_share_a_budget(world: &World) {
    let mut desk = world.desk().await;
    for number in [4001, 4002, 4003] {
        let crowd = (0..4).map(|n| of_type(number, &format!("{number} {n}")));
        desk.send(crowd).await;
    }
    let issues = desk.issues().await;
    let types: Vec<_> = issues
        .iter()
        .step_by(4)
        .map(|issue| issue.group_type)
        .collect();
    assert_eq!(types, [4001, 4002, 4003]);
    assert_eq!(desk.used_quota(1, "monitor_check_in_failure").await, 12);
    desk.send([occurrence("other")]).await;
    assert_eq!(desk.used_quota(1, "profile_regex_main_thread").await, 1);
    assert_eq!(desk.used_quota(2, "monitor_check_in_failure").await, 0);
}

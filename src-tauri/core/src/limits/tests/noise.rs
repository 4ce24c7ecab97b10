//! Noise reduction (occurrences spec, section 10).

use super::support::{
    Decision::{Joined, Noise, Opened, Refused},
    Desk, FORGE, HOUR, IGNORES_3, IGNORES_5, NOISE_FREE, Place, SHOP, at, decide, wants,
};
use crate::limits::{Grants, HashWant, NoiseWant, Used, Wants};
use crate::model::{GroupHash, NoiseLimit};
use chrono::TimeDelta;
use std::time::Duration;

const A: &str = "slow query";
const B: &str = "another query";
const DAY: i64 = 24 * HOUR;
const MINUTE: Duration = Duration::from_secs(60);

pub async fn the_occurrence_at_the_limit_opens(place: &Place) {
    let mut desk = Desk::at(place);
    for (seconds, decision) in [(0, Noise), (5, Noise), (9, Opened), (10, Joined)] {
        assert_eq!(
            desk.store(&[(SHOP, A, IGNORES_3)], at(seconds)).await,
            [decision]
        );
    }
    // All at once, and counted apart for each hash and project.
    let http = (FORGE, A, IGNORES_5);
    assert_eq!(
        desk.store(
            &[http, http, (FORGE, B, IGNORES_3), http, http, http, http],
            at(20)
        )
        .await,
        [Noise, Noise, Noise, Noise, Noise, Opened, Joined]
    );
}

pub async fn a_type_without_noise_reduction_is_not_counted(place: &Place) {
    let mut desk = Desk::at(place);
    assert_eq!(
        desk.store(&[(SHOP, A, NOISE_FREE), (SHOP, A, IGNORES_3)], at(0))
            .await,
        [Opened, Joined]
    );
    desk.forget(SHOP, A);
    assert_eq!(desk.store(&[(SHOP, A, NOISE_FREE)], at(1)).await, [Opened]);
    desk.forget(SHOP, A);
    assert_eq!(desk.counted(SHOP, A, at(2)).await, 0);
}

pub async fn a_count_expires_a_day_after_the_last_ignored_occurrence(place: &Place) {
    let mut desk = Desk::at(place);
    for (hash, wait, decision) in [(A, DAY, Noise), (B, DAY - 1, Opened)] {
        desk.store(&[(SHOP, hash, IGNORES_3), (SHOP, hash, IGNORES_3)], at(0))
            .await;
        assert_eq!(
            desk.store(&[(SHOP, hash, IGNORES_3)], at(wait)).await,
            [decision]
        );
    }
    // It began anew with 1.
    assert_eq!(desk.counted(SHOP, A, at(DAY + 1)).await, 1);
}

pub async fn every_ignored_occurrence_restarts_the_day(place: &Place) {
    let mut desk = Desk::at(place);
    for (hours, decision) in [(0, Noise), (23, Noise), (46, Opened)] {
        assert_eq!(
            desk.store(&[(SHOP, A, IGNORES_3)], at(hours * HOUR)).await,
            [decision]
        );
    }
}

pub async fn an_occurrence_over_the_limit_neither_resets_nor_prolongs(place: &Place) {
    let mut desk = Desk::at(place);
    let one = [(SHOP, A, IGNORES_3)];
    desk.store(&[one[0], one[0]], at(0)).await;
    for hours in [1, 12, 23] {
        assert_eq!(desk.store(&one, at(hours * HOUR)).await, [Opened]);
        desk.forget(SHOP, A);
    }
    // A day after the last that was ignored, not after the last.
    assert_eq!(desk.store(&one, at(DAY)).await, [Noise]);
}

pub async fn what_the_quota_refuses_stays_counted(place: &Place) {
    let mut desk = Desk::at(place);
    let n_plus_one = |part| (SHOP, part, IGNORES_3);
    for part in ["1", "2", "3", "4", "5"] {
        assert_eq!(
            desk.store(&[n_plus_one(part); 3], at(0)).await,
            [Noise, Noise, Opened]
        );
    }
    assert_eq!(
        desk.store(&[n_plus_one(A); 4], at(0)).await,
        [Noise, Noise, Refused, Refused]
    );
    assert_eq!(desk.store(&[n_plus_one(A)], at(HOUR)).await, [Opened]);
}

/// One occurrence of a type whose counts last a minute.
fn one_that_ignores(ignore_limit: u32, hash: GroupHash) -> Wants {
    let noise = NoiseWant {
        occurrences: 1,
        ignore_limit,
        expiry: MINUTE,
    };
    Wants {
        hashes: vec![HashWant {
            project: SHOP,
            hash,
            noise: Some(noise),
            noise_free: false,
            quotas: vec![("feedback", 10)],
        }],
        ..Wants::default()
    }
}

fn opens(grants: &Grants, ignore_limit: u32, hash: GroupHash) -> Used {
    let noise = NoiseLimit {
        ignore_limit,
        expiry: MINUTE,
    };
    let mut spending = grants.spend();
    assert!(spending.passes_noise(SHOP, hash, Some(noise)));
    assert!(spending.takes_quota(SHOP, "feedback"));
    spending.finish()
}

pub async fn limits_of_none_and_one_ignore_nothing(place: &Place) {
    let counters = place.writer();
    for (part, ignore_limit) in [("none", 0), ("one", 1)] {
        let hash = GroupHash::of(part);
        let wants = one_that_ignores(ignore_limit, hash);
        for (seconds, before) in [(0, 0), (59, 1), (60, 0)] {
            let grants = counters.take(&wants, at(seconds)).await;
            assert_eq!(
                grants.noise_before(SHOP, hash),
                before,
                "{part} at {seconds}"
            );
            let used = opens(&grants, ignore_limit, hash);
            let rows = counters.rows(&grants, &used);
            if let Place::Memory(_) = place {
                // It has an expiry, although nothing was ignored.
                assert_eq!(
                    (rows[0].add, rows[0].expires_at),
                    (1, at(if seconds < 60 { 60 } else { 120 }))
                );
            }
            counters.settle(grants, &used, at(seconds)).await;
        }
    }
}

pub async fn what_is_not_settled_counts_for_others(place: &Place) {
    let (here, there) = (place.writer(), place.writer());
    let hash = GroupHash::of(A);
    let wants = one_that_ignores(1, hash);
    let first = here.take(&wants, at(0)).await;
    let second = there.take(&wants, at(1)).await;
    assert_eq!(second.noise_before(SHOP, hash), 1);
    let used = opens(&first, 1, hash);
    here.settle(first, &used, at(2)).await;
    there.settle(second, &Used::default(), at(2)).await;
    let third = here.take(&wants, at(59)).await;
    assert_eq!(third.noise_before(SHOP, hash), 1);
    here.settle(third, &Used::default(), at(59)).await;
}

pub async fn a_count_that_others_are_prolonging_does_not_expire(place: &Place) {
    let (mut here, mut there) = (Desk::at(place), Desk::at(place));
    let one = [(SHOP, A, IGNORES_5)];
    here.store(&one, at(0)).await;
    let lost = here.take(&one, at(DAY - 2)).await;
    let kept = there.take(&one, at(DAY - 1)).await;
    assert_eq!(here.counted(SHOP, A, at(DAY + 1)).await, 3);
    // One of the two remains, and it is enough.
    here.counters
        .settle(lost, &Used::default(), at(DAY + 1))
        .await;
    assert_eq!(here.counted(SHOP, A, at(DAY + 1)).await, 2);
    let (decisions, used) = decide(&kept, &mut there.issues, &one);
    assert_eq!(decisions, [Noise]);
    there.counters.settle(kept, &used, at(DAY + 1)).await;
    assert_eq!(here.counted(SHOP, A, at(2 * DAY - 2)).await, 2);
    assert_eq!(here.counted(SHOP, A, at(2 * DAY - 1)).await, 0);
}

pub async fn types_that_share_a_hash_share_its_count(place: &Place) {
    let mut desk = Desk::at(place);
    assert_eq!(
        desk.store(
            &[
                (SHOP, A, IGNORES_5),
                (SHOP, A, IGNORES_3),
                (SHOP, A, IGNORES_5)
            ],
            at(0)
        )
        .await,
        [Noise, Noise, Noise]
    );
    // The fourth is ignored by its own type, although the other type's limit is passed.
    assert_eq!(
        desk.store(&[(SHOP, A, IGNORES_5), (SHOP, A, IGNORES_3)], at(DAY - 1))
            .await,
        [Noise, Opened]
    );
    desk.forget(SHOP, A);
    assert_eq!(desk.counted(SHOP, A, at(2 * DAY - 2)).await, 5);
    assert_eq!(desk.counted(SHOP, A, at(2 * DAY - 1)).await, 0);
}

pub async fn a_batch_that_is_not_stored_leaves_no_trace(place: &Place) {
    let mut desk = Desk::at(place);
    let one = (SHOP, A, IGNORES_3);
    desk.roll_back(&[one; 7], at(0)).await;
    assert_eq!(place.len().await, 0);

    desk.store(&[one], at(0)).await;
    desk.roll_back(&[one; 7], at(23 * HOUR)).await;
    assert_eq!(desk.counted(SHOP, A, at(DAY - 1)).await, 1);
    // The first expiry is back in force.
    assert_eq!(desk.counted(SHOP, A, at(DAY)).await, 0);
}

pub async fn batches_that_overlap_and_are_not_stored_leave_no_trace(place: &Place) {
    let (mut here, there) = (Desk::at(place), Desk::at(place));
    let one = [(SHOP, A, IGNORES_5)];
    here.store(&one, at(0)).await;
    let first = here.take(&one, at(22 * HOUR)).await;
    let second = there.take(&one, at(23 * HOUR)).await;
    assert_eq!(second.noise_before(SHOP, GroupHash::of(A)), 2);
    here.counters
        .settle(first, &Used::default(), at(23 * HOUR))
        .await;
    there
        .counters
        .settle(second, &Used::default(), at(23 * HOUR))
        .await;
    assert_eq!(here.counted(SHOP, A, at(DAY - 1)).await, 1);
    assert_eq!(here.counted(SHOP, A, at(DAY)).await, 0);
}

pub async fn one_of_two_overlapping_batches_is_stored(place: &Place) {
    let (mut here, mut there) = (Desk::at(place), Desk::at(place));
    let one = [(SHOP, A, IGNORES_5)];
    here.store(&one, at(0)).await;
    let lost = here.take(&one, at(22 * HOUR)).await;
    let kept = there.take(&[one[0], one[0]], at(22 * HOUR)).await;
    let (decisions, used) = decide(&kept, &mut there.issues, &[one[0], one[0]]);
    assert_eq!(decisions, [Noise, Noise]);
    here.counters
        .settle(lost, &Used::default(), at(22 * HOUR))
        .await;
    there.counters.settle(kept, &used, at(22 * HOUR)).await;
    assert_eq!(here.counted(SHOP, A, at(46 * HOUR - 1)).await, 3);
    assert_eq!(here.counted(SHOP, A, at(46 * HOUR)).await, 0);
}

pub async fn what_a_batch_did_not_need_is_given_back(place: &Place) {
    let mut desk = Desk::at(place);
    let one = (SHOP, A, IGNORES_3);
    assert_eq!(
        desk.store(&[one; 9], at(0)).await[1..4],
        [Noise, Opened, Joined]
    );
    desk.forget(SHOP, A);
    assert_eq!(desk.counted(SHOP, A, at(1)).await, 3);
}

pub async fn a_late_settlement_does_not_touch_a_count_that_began_anew(place: &Place) {
    let mut desk = Desk::at(place);
    let one = (SHOP, A, IGNORES_3);
    desk.store(&[one, one], at(0)).await;
    // Over the limit, so it does not prolong; and it comes to nothing.
    let late = desk.take(&[one; 4], at(DAY - 1)).await;
    desk.store(&[one, one], at(DAY)).await;
    desk.counters
        .settle(late, &Used::default(), at(DAY + 1))
        .await;
    assert_eq!(desk.counted(SHOP, A, at(DAY + 1)).await, 2);
}

pub async fn expiry_is_judged_to_the_millisecond(place: &Place) {
    let mut desk = Desk::at(place);
    let start = at(0) + TimeDelta::milliseconds(250);
    desk.store(&[(SHOP, A, IGNORES_3)], start).await;
    let end = start + TimeDelta::days(1);
    assert_eq!(
        desk.counted(SHOP, A, end - TimeDelta::milliseconds(1))
            .await,
        1
    );
    assert_eq!(desk.counted(SHOP, A, end).await, 0);
}

pub async fn a_hash_that_stays_noise_takes_no_quota(place: &Place) {
    let mut desk = Desk::at(place);
    let items = [
        (SHOP, A, IGNORES_3),
        (SHOP, A, IGNORES_3),
        (SHOP, B, IGNORES_3),
        (SHOP, B, IGNORES_3),
        (SHOP, B, IGNORES_3),
    ];
    let grants = desk.take(&items, at(0)).await;
    assert_eq!(grants.quota(SHOP, "performance_n_plus_one_db_queries"), 1);
    desk.counters.settle(grants, &Used::default(), at(0)).await;
    // Nothing is asked about hashes that have an issue.
    desk.store(&[(SHOP, A, NOISE_FREE)], at(0)).await;
    assert_eq!(
        wants(&desk.issues, &[(SHOP, A, IGNORES_3)]),
        Wants::default()
    );
    let nothing = desk.take(&[(SHOP, A, IGNORES_3)], at(0)).await;
    assert_eq!(nothing.quota(SHOP, "performance_n_plus_one_db_queries"), 0);
    desk.counters.settle(nothing, &Used::default(), at(0)).await;
}

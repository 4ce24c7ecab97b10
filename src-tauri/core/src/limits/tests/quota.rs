//! Creation quotas (occurrences spec, section 11).

use super::support::{
    Decision::{Opened, Refused},
    Desk, FORGE, HOUR, IGNORES_3, Item, NOISE_FREE, Place, SHOP, at, decide, group_type, wants,
};
use crate::limits::{HashWant, Used, Wants};
use crate::model::{GroupHash, ProjectId};
use std::collections::HashSet;

fn new(project: ProjectId, part: &'static str) -> Item {
    (project, part, NOISE_FREE)
}

const SIX: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

pub async fn the_sixth_issue_is_refused(place: &Place) {
    let mut desk = Desk::at(place);
    for (part, decision) in SIX
        .into_iter()
        .zip([Opened, Opened, Opened, Opened, Opened, Refused])
    {
        assert_eq!(
            desk.store(&[new(SHOP, part)], at(0)).await,
            [decision],
            "{part}"
        );
    }
    // The same in one batch.
    let items = SIX.map(|part| new(FORGE, part));
    assert_eq!(
        desk.store(&items, at(0)).await,
        [Opened, Opened, Opened, Opened, Opened, Refused]
    );
}

pub async fn a_unit_is_free_again_with_the_start_of_a_minute(place: &Place) {
    let mut desk = Desk::at(place);
    let five = SIX.map(|part| new(SHOP, part));
    desk.store(&five[..5], at(30)).await;
    assert_eq!(desk.store(&five[5..], at(HOUR - 1)).await, [Refused]);
    assert_eq!(desk.store(&five[5..], at(HOUR)).await, [Opened]);
    assert_eq!(desk.left(SHOP, at(HOUR)).await, 4);
}

pub async fn units_come_free_as_they_were_taken(place: &Place) {
    let mut desk = Desk::at(place);
    desk.store(&[new(SHOP, "a"), new(SHOP, "b")], at(59)).await;
    desk.store(&[new(SHOP, "c")], at(60)).await;
    desk.store(&[new(SHOP, "d"), new(SHOP, "e")], at(40 * 60))
        .await;
    for (seconds, left) in [
        (3_599, 0),
        (3_600, 2),
        (3_659, 2),
        (3_660, 3),
        (5_999, 3),
        (6_000, 5),
    ] {
        assert_eq!(
            desk.left(SHOP, at(seconds)).await,
            left,
            "after {seconds} s"
        );
    }
}

pub async fn projects_and_slugs_have_quotas_of_their_own(place: &Place) {
    let mut desk = Desk::at(place);
    desk.store(&SIX.map(|part| new(SHOP, part)), at(0)).await;
    assert_eq!(
        desk.store(
            &[
                new(SHOP, "g"),
                new(FORGE, "g"),
                (SHOP, "h", 1010),
                (SHOP, "i", 2011)
            ],
            at(0)
        )
        .await,
        [Refused, Opened, Opened, Opened]
    );
}

pub async fn types_with_one_slug_share_a_quota(place: &Place) {
    let desk = Desk::at(place);
    let slug = group_type(4002).slug;
    let want = |part: &str, limit| HashWant {
        project: SHOP,
        hash: GroupHash::of(part),
        noise: None,
        noise_free: true,
        quotas: vec![(slug, limit)],
    };
    assert_eq!(
        wants(&HashSet::new(), &[(SHOP, "a", 4001), (SHOP, "a", 4003)]).hashes[0].quotas,
        [(slug, 60_000)]
    );
    // Where they differed, the lower limit would count.
    let wants = Wants {
        hashes: vec![want("a", 9), want("b", 2), want("c", 9)],
        ..Wants::default()
    };
    let grants = desk.counters.take(&wants, at(0)).await;
    assert_eq!(grants.quota(SHOP, slug), 2);
    desk.counters.settle(grants, &Used::default(), at(0)).await;
}

pub async fn a_refusal_takes_nothing(place: &Place) {
    let mut desk = Desk::at(place);
    desk.store(&SIX.map(|part| new(SHOP, part)), at(0)).await;
    for minute in 1..60 {
        assert_eq!(
            desk.store(&[new(SHOP, "f")], at(minute * 60)).await,
            [Refused]
        );
    }
    assert_eq!(desk.left(SHOP, at(HOUR)).await, 5);
}

pub async fn what_is_not_used_is_given_back(place: &Place) {
    let mut desk = Desk::at(place);
    desk.roll_back(&SIX.map(|part| new(SHOP, part)), at(0))
        .await;
    assert_eq!(place.len().await, 0);
    // Three hashes may open an issue of either type; each opens one of the first.
    let mut items = Vec::new();
    for part in ["a", "b", "c"] {
        items.extend([new(SHOP, part), (SHOP, part, 1010)]);
    }
    desk.store(&items, at(0)).await;
    assert_eq!(desk.left(SHOP, at(0)).await, 2);
    let fresh = ["g", "h", "i", "j", "k"].map(|part| (SHOP, part, 1010));
    assert_eq!(desk.store(&fresh, at(0)).await, [Opened; 5]);
}

pub async fn what_is_given_back_late_goes_where_it_came_from(place: &Place) {
    let mut desk = Desk::at(place);
    let items = SIX.map(|part| new(SHOP, part));
    let lost = desk.take(&items[..3], at(50)).await;
    desk.store(&items[3..5], at(130)).await;
    assert_eq!(desk.left(SHOP, at(131)).await, 0);
    desk.counters.settle(lost, &Used::default(), at(190)).await;
    assert_eq!(desk.left(SHOP, at(190)).await, 3);
    assert_eq!(desk.left(SHOP, at(HOUR + 119)).await, 3);
    assert_eq!(desk.left(SHOP, at(HOUR + 120)).await, 5);
}

pub async fn giving_back_after_an_hour_changes_nothing(place: &Place) {
    let mut desk = Desk::at(place);
    let items = SIX.map(|part| new(SHOP, part));
    let lost = desk.take(&items[..5], at(0)).await;
    desk.store(&items[..2], at(2 * HOUR)).await;
    desk.counters
        .settle(lost, &Used::default(), at(2 * HOUR))
        .await;
    assert_eq!(desk.left(SHOP, at(2 * HOUR)).await, 3);
}

pub async fn writers_together_get_the_limit_and_no_more(place: &Place) {
    let slug = group_type(6001).slug;
    let mut tasks = Vec::new();
    for writer in 0..8_u32 {
        let counters = place.writer();
        tasks.push(tokio::spawn(async move {
            let mut granted = 0;
            for batch in 0..20_u32 {
                let hashes = (0..10).map(|part| HashWant {
                    project: SHOP,
                    hash: GroupHash::of(&format!("{writer} {batch} {part}")),
                    noise: None,
                    noise_free: true,
                    quotas: vec![(slug, 1_000)],
                });
                let wants = Wants {
                    hashes: hashes.collect(),
                    ..Wants::default()
                };
                // Clocks of different writers differ.
                let now = at(i64::from(batch * 10 + writer * 20));
                let grants = counters.take(&wants, now).await;
                assert!(!grants.is_open());
                // Every third batch uses half of what it got.
                let quota = grants.quota(SHOP, slug);
                let really = if batch % 3 == 0 { quota / 2 } else { quota };
                let mut used = Used::default();
                used.quotas.insert((SHOP, slug), really);
                granted += really;
                counters.settle(grants, &used, now).await;
            }
            granted
        }));
    }
    let mut granted = 0;
    for task in tasks {
        granted += task.await.unwrap();
    }
    assert!(granted <= 1_000, "{granted}");
    // What was given back is there for whoever asks.
    let wants = Wants {
        hashes: (0..2_000)
            .map(|part| HashWant {
                project: SHOP,
                hash: GroupHash::of(&part.to_string()),
                noise: None,
                noise_free: true,
                quotas: vec![(slug, 1_000)],
            })
            .collect(),
        ..Wants::default()
    };
    let counters = place.writer();
    let rest = counters.take(&wants, at(400)).await;
    assert_eq!(granted + rest.quota(SHOP, slug), 1_000);
    counters.settle(rest, &Used::default(), at(400)).await;
}

pub async fn a_writer_whose_clock_is_behind_sees_what_others_took(place: &Place) {
    let (mut ahead, mut behind) = (Desk::at(place), Desk::at(place));
    assert_eq!(
        ahead
            .store(
                &SIX[..4]
                    .iter()
                    .map(|part| new(SHOP, part))
                    .collect::<Vec<_>>(),
                at(61)
            )
            .await,
        [Opened; 4]
    );
    assert_eq!(
        behind
            .store(&[new(SHOP, "e"), new(SHOP, "f")], at(59))
            .await,
        [Opened, Refused]
    );
    assert_eq!(ahead.left(SHOP, at(62)).await, 0);
}

pub async fn a_big_batch_is_decided_like_a_small_one(place: &Place) {
    let mut desk = Desk::at(place);
    let parts: Vec<&'static str> = (0..1_000).map(|part| &*part.to_string().leak()).collect();
    let items: Vec<Item> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| (ProjectId(index as i64 % 40), *part, IGNORES_3))
        .collect();
    let grants = desk.take(&items, at(0)).await;
    let (decisions, used) = decide(&grants, &mut desk.issues, &items);
    assert!(
        decisions
            .iter()
            .all(|decision| *decision == super::support::Decision::Noise)
    );
    desk.counters.settle(grants, &used, at(0)).await;
    desk.store(&items, at(1)).await;
    let opened = desk.store(&items, at(2)).await;
    assert_eq!(
        opened
            .iter()
            .filter(|decision| **decision == Opened)
            .count(),
        40 * 5
    );
    assert_eq!(
        opened
            .iter()
            .filter(|decision| **decision == Refused)
            .count(),
        40 * 20
    );
}

//! Stepping through the occurrences of an issue.

use super::ingest::event;
use super::support::*;
use crate::model::{GroupHash, IssueId, OccurrenceId};
use crate::store::{Effects, LoadPlan, OccurrenceWrite, QueryStore, Slot, Store};
use crate::view::{
    EvidenceRow, FrameName, OccurrenceDetail, OccurrencePosition, StackFrame, TagPair,
};
use uuid::Uuid;

const ISSUE: IssueId = IssueId(1);

fn id(number: u32) -> String {
    OccurrenceId(Uuid::from_u128(u128::from(number))).to_string()
}

async fn show(store: &Store, position: OccurrencePosition) -> OccurrenceDetail {
    store.occurrence(ISSUE, &position).await.unwrap().unwrap()
}

async fn exact(store: &Store, number: u32) -> OccurrenceDetail {
    show(store, OccurrencePosition::Exact(id(number))).await
}

pub async fn occurrences_are_stepped_through_in_order(store: &Store) {
    let times = [(40, 10), (10, 0), (30, 10), (20, 10), (50, 5)];
    let mut effects = Effects {
        issues: vec![
            opening(issue(SHOP, "crash", at(0)), "crash"),
            opening(issue(SHOP, "other", at(0)), "other"),
        ],
        ..Effects::default()
    };
    effects.occurrences = times
        .iter()
        .map(|&(number, time)| occurrence(number, Some(Slot(0)), at(time)))
        .collect();
    effects
        .occurrences
        .push(occurrence(60, Some(Slot(1)), at(7)));
    effects.occurrences.push(occurrence(70, None, at(8)));
    store_effects(store, &effects).await;

    // By time; those of one time in the order they arrived in.
    let order = [10, 50, 40, 30, 20];
    for (index, &number) in order.iter().enumerate() {
        let shown = exact(store, number).await;
        assert_eq!(
            (shown.position, shown.total),
            (f64::from(u8::try_from(index).unwrap()) + 1.0, 5.0)
        );
        assert_eq!(
            shown.older,
            index.checked_sub(1).map(|older| id(order[older]))
        );
        assert_eq!(shown.newer, order.get(index + 1).map(|&newer| id(newer)));
        assert_eq!(shown.id, id(number));
    }
    assert_eq!(show(store, OccurrencePosition::Newest).await.id, id(20));
    assert_eq!(show(store, OccurrencePosition::Oldest).await.id, id(10));

    for (issue, position) in [
        (ISSUE, OccurrencePosition::Exact(id(60))),
        (ISSUE, OccurrencePosition::Exact(id(70))),
        (ISSUE, OccurrencePosition::Exact("no id".to_owned())),
        (IssueId(9), OccurrencePosition::Newest),
        (IssueId(9), OccurrencePosition::Oldest),
    ] {
        assert!(
            store.occurrence(issue, &position).await.unwrap().is_none(),
            "{issue} {position:?}"
        );
    }
}

pub async fn a_replaced_occurrence_keeps_its_place(store: &Store) {
    let mut effects = Effects {
        issues: vec![opening(issue(SHOP, "crash", at(0)), "crash")],
        ..Effects::default()
    };
    effects.occurrences = [1, 2, 3]
        .map(|number| occurrence(number, Some(Slot(0)), at(0)))
        .to_vec();
    store_effects(store, &effects).await;

    let plan = LoadPlan {
        hashes: vec![(SHOP, GroupHash::of("crash"))],
        ..LoadPlan::default()
    };
    store_batch(store, &plan, |state| {
        let known = state.issues.into_values().next().unwrap();
        let again = OccurrenceWrite {
            offset: 500,
            ..occurrence(1, Some(Slot(0)), at(0))
        };
        let issues = vec![crate::store::IssueWrite {
            state: known,
            new_hash: None,
            hours: vec![],
        }];
        Effects {
            issues,
            occurrences: vec![again],
            now: Some(at(60)),
            ..Effects::default()
        }
    })
    .await;
    let shown = exact(store, 1).await;
    assert_eq!((shown.position, shown.total), (1.0, 3.0));
    assert_eq!(shown.origin.offset, "500");
}

pub async fn what_an_occurrence_shows_comes_from_its_record_and_event(store: &Store) {
    let body = r#"{"event_id":"00000000000000000000000000000001","project":1,"type":"generic","platform":"python",
        "timestamp":1723464000.0,"received":1723464001.0,"tags":[["level","info"],["browser","Firefox"]],
        "metadata":{"title":"segfault"},"level":"info","stacktrace":{"frames":[
            {"function":"main","filename":"app.py","lineno":3,"in_app":true},
            {"function":"touch","filename":"id.py","in_app":true},{"function":"lib","in_app":false}]}}"#;
    let light = OccurrenceWrite {
        light_tags: vec![
            ("b".to_owned(), "2".to_owned()),
            ("a".to_owned(), "\0".to_owned()),
        ],
        environment: String::new(),
        release: None,
        key: Some(b"k\xfe".as_slice().into()),
        ..occurrence(2, Some(Slot(0)), at(1))
    };
    let effects = Effects {
        issues: vec![opening(issue(SHOP, "crash", at(0)), "crash")],
        occurrences: vec![occurrence(1, Some(Slot(0)), at(0)), light],
        events: vec![event(SHOP, 1, body), event(FORGE, 2, "{}")],
        now: Some(at(100)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let shown = exact(store, 1).await;
    assert_eq!(
        (shown.title.as_str(), shown.subtitle.as_str()),
        ("segfault", "buffer overflow")
    );
    assert_eq!(
        (shown.culprit.as_str(), shown.level.as_str()),
        ("app.main", "warning")
    );
    assert_eq!(
        (shown.event_time, shown.detection_time),
        (1_723_464_000_000.0, 1_723_463_970_000.0)
    );
    assert_eq!(shown.resource_id.as_deref(), Some("r-1"));
    assert_eq!(shown.fingerprint, [GroupHash::of("touch-id").to_string()]);
    let evidence = EvidenceRow {
        name: "Suspect".to_owned(),
        value: "regex".to_owned(),
        important: true,
    };
    assert_eq!(shown.evidence, [evidence]);
    assert_eq!(
        shown.evidence_data.as_deref(),
        Some("{\n  \"speed\": 12\n}")
    );
    assert_eq!(
        (shown.environment.as_str(), shown.release.as_deref()),
        ("prod", Some("app@1.0"))
    );
    assert_eq!((shown.issue_id.as_str(), shown.event_id), ("1", id(1)));
    assert!(
        shown.tags.contains(&tag("browser", "Firefox")),
        "{:?}",
        shown.tags
    );
    assert!(
        shown
            .event_json
            .unwrap()
            .contains("\n  \"platform\": \"python\"")
    );
    let frame = |function: &str, place: &str, file: &str| StackFrame {
        function: function.to_owned(),
        place: place.to_owned(),
        named_by: Some(FrameName {
            key: "stack.filename".to_owned(),
            value: file.to_owned(),
        }),
    };
    let frames = [
        frame("touch", "id.py", "id.py"),
        frame("main", "app.py:3", "app.py"),
    ];
    assert_eq!(shown.top_frames, frames);
    let origin = shown.origin;
    assert_eq!(
        (origin.source.as_str(), origin.topic.as_str()),
        ("demo", "ingest-occurrences")
    );
    assert_eq!(
        (
            origin.partition,
            origin.offset.as_str(),
            origin.key.as_deref()
        ),
        (3, "1", Some("touch-id"))
    );
    assert_eq!(origin.stored_at, 1_723_464_100_000.0);

    let light = exact(store, 2).await;
    assert_eq!(light.tags, [tag("b", "2"), tag("a", "\0")]);
    assert_eq!(
        light.event_json, None,
        "an event of another project is not this one's"
    );
    assert_eq!(light.top_frames, []);
    assert_eq!((light.environment.as_str(), light.release), ("", None));
    assert_eq!(light.origin.key.as_deref(), Some("k\\xFE"));
}

fn tag(key: &str, value: &str) -> TagPair {
    TagPair {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

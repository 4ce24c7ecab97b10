use super::*;
use crate::decode::{DecodeContext, EventPath, Message, Mode, ProjectPolicy, decode_record};
use crate::model::{DropReason, RejectReason, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn start() -> DateTime<Utc> {
    "2025-11-20T14:00:00Z".parse().unwrap()
}

fn context() -> DecodeContext {
    DecodeContext {
        now: start(),
        projects: ProjectPolicy::CreateUnknown,
        features: Arc::default(),
        directory: Arc::default(),
        mode: Mode::Batched,
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let options = GeneratorOptions {
        backlog: 500,
        ..GeneratorOptions::new(start())
    };
    let take = |seed| {
        Generator::new(seed, options)
            .take(2_000)
            .collect::<Vec<_>>()
    };
    assert_eq!(take(11), take(11));
    assert_ne!(take(11), take(12));
}

#[test]
fn every_record_ends_as_its_kind_says() {
    let options = GeneratorOptions {
        defects: 600,
        ..GeneratorOptions::new(start())
    };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sent: BTreeSet<String> = BTreeSet::new();
    let mut defects: BTreeSet<Defect> = BTreeSet::new();
    for record in Generator::new(5, options).take(6_000) {
        let verdict = decode_record(&record.payload, &context()).verdict;
        let text = || String::from_utf8_lossy(&record.payload).into_owned();
        match (record.kind, verdict) {
            (GeneratedKind::Inline, Verdict::Keep(Message::Occurrence(message))) => {
                assert!(matches!(message.event, EventPath::Inline(_)));
                sent.insert(message.occurrence.event_id.to_string());
                *kinds.entry("inline").or_default() += 1;
            }
            (GeneratedKind::Light, Verdict::Keep(Message::Occurrence(message))) => {
                assert!(matches!(message.event, EventPath::Light(_)));
                *kinds.entry("light").or_default() += 1;
            }
            (GeneratedKind::Lookup, Verdict::Keep(Message::Occurrence(message))) => {
                assert!(matches!(message.event, EventPath::Lookup));
                assert!(
                    sent.contains(&message.occurrence.event_id.to_string()),
                    "the event was sent before"
                );
                *kinds.entry("lookup").or_default() += 1;
            }
            (GeneratedKind::Unreleased, Verdict::Drop(reason)) => {
                assert_eq!(reason, DropReason::FeatureDisabled);
                *kinds.entry("unreleased").or_default() += 1;
            }
            (GeneratedKind::StatusChange, Verdict::Keep(Message::StatusChange(change))) => {
                assert!((0..=2).contains(&change.status));
                *kinds.entry("status").or_default() += 1;
            }
            (
                GeneratedKind::Defective(Defect::EventNeverSeen),
                Verdict::Keep(Message::Occurrence(message)),
            ) => {
                assert!(matches!(message.event, EventPath::Lookup));
                assert!(!sent.contains(&message.occurrence.event_id.to_string()));
                defects.insert(Defect::EventNeverSeen);
            }
            (GeneratedKind::Defective(defect), Verdict::Reject(rejection)) => {
                let expected: &[RejectReason] = match defect {
                    Defect::Truncated | Defect::NotText => &[RejectReason::InvalidJson],
                    Defect::UnknownType => &[RejectReason::UnknownGroupType],
                    Defect::BadEvent => &[RejectReason::InvalidEventSchema],
                    Defect::UnknownMessage => &[RejectReason::InvalidPayloadType],
                    _ => &[RejectReason::InvalidPayload],
                };
                assert!(
                    expected.contains(&rejection.reason),
                    "{defect:?} gave {rejection:?}: {}",
                    text()
                );
                defects.insert(defect);
            }
            (kind, other) => panic!("{kind:?} ended as {other:?}: {}", text()),
        }
    }
    assert_eq!(defects.len(), Defect::ALL.len(), "every defect occurs");
    for (kind, least) in [
        ("inline", 4_000),
        ("light", 150),
        ("lookup", 80),
        ("unreleased", 3),
        ("status", 60),
    ] {
        assert!(
            kinds.get(kind).is_some_and(|count| *count >= least),
            "{kind} in {kinds:?}"
        );
    }
}

#[test]
fn the_backlog_covers_a_day_and_the_present_follows() {
    let options = GeneratorOptions {
        backlog: 1_000,
        ..GeneratorOptions::new(start())
    };
    let records: Vec<Generated> = Generator::new(1, options).take(1_200).collect();
    let slack = TimeDelta::seconds(4);
    let first = start() - TimeDelta::hours(24);
    assert!((first - slack..=first).contains(&records[0].time));
    assert!(
        records
            .windows(2)
            .all(|pair| pair[1].time > pair[0].time - slack)
    );
    assert!(records[..1_000].iter().all(|record| record.time < start()));
    assert!(
        records[1_199].time > start() - slack
            && records[1_199].time < start() + TimeDelta::seconds(2)
    );
}

#[test]
fn few_issues_make_most_of_the_noise() {
    let options = GeneratorOptions::new(start());
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for record in Generator::new(9, options).take(20_000) {
        *counts.entry(record.issue).or_default() += 1;
    }
    let top: usize = (0..100).filter_map(|index| counts.get(&index)).sum();
    assert!(
        (8_000..14_000).contains(&top),
        "the first hundred issues have {top} of 20 000"
    );
    assert!(counts.len() > 3_000, "{} distinct issues", counts.len());
    assert!(counts.keys().all(|index| *index < 50_000));
}

#[test]
fn each_issue_can_come_first() {
    let options = GeneratorOptions {
        issues: 300,
        each_issue_first: true,
        ..GeneratorOptions::new(start())
    };
    let records: Vec<Generated> = Generator::new(4, options).take(300).collect();
    let keys: BTreeSet<&[u8]> = records.iter().map(|record| &*record.key).collect();
    assert_eq!(keys.len(), 300, "fingerprints differ");
}

#[test]
fn an_issue_keeps_its_title_and_its_partition() {
    let options = GeneratorOptions {
        issues: 40,
        defects: 0,
        status_changes: 0,
        ..GeneratorOptions::new(start())
    };
    let mut titles: BTreeMap<u32, (String, i32)> = BTreeMap::new();
    let mut distinct: BTreeSet<String> = BTreeSet::new();
    for record in Generator::new(4, options).take(2_000) {
        let message: serde_json::Value = serde_json::from_slice(&record.payload).unwrap();
        let title = message["issue_title"].as_str().unwrap().to_owned();
        assert!(!title.contains("{s") && !title.contains("{e"), "{title}");
        distinct.insert(title.clone());
        let now = (title, record.partition(4));
        assert_eq!(
            *titles.entry(record.issue).or_insert_with(|| now.clone()),
            now
        );
    }
    assert!(distinct.len() > 35, "{distinct:?}");
    let partitions: BTreeSet<i32> = titles.values().map(|(_, partition)| *partition).collect();
    assert_eq!(partitions, BTreeSet::from([0, 1, 2, 3]));
}

#[test]
fn projects_types_levels_and_environments_are_varied() {
    let (mut projects, mut types, mut levels, mut environments) = (
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
    );
    for record in Generator::new(2, GeneratorOptions::new(start())).take(3_000) {
        if record.kind != GeneratedKind::Inline {
            continue;
        }
        let message: serde_json::Value = serde_json::from_slice(&record.payload).unwrap();
        projects.insert(message["project_id"].as_i64().unwrap());
        types.insert(message["type"].as_u64().unwrap());
        levels.insert(message["level"].as_str().unwrap().to_owned());
        environments.insert(message["event"]["environment"].as_str().unwrap().to_owned());
        assert!(
            message["evidence_display"]
                .as_array()
                .unwrap()
                .iter()
                .any(|line| line["important"] == true)
        );
    }
    assert_eq!(projects, projects_known());
    assert!(types.len() >= 15, "{types:?}");
    assert_eq!(levels.len(), 4, "{levels:?}");
    assert_eq!(environments.len(), 4);
}

fn projects_known() -> BTreeSet<i64> {
    super::projects().into_iter().map(|(id, _)| id).collect()
}

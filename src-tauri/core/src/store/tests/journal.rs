//! What was noted about an issue, whole and in order.

use super::support::*;
use crate::model::{Activity, ActivityKind, History, HistoryKind, IssueId, IssueState};
use crate::store::{
    Effects, IssueWrite, Journal, JournalLine, ListedStore, LoadPlan, QueryStore, Store,
    TriageStore,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

fn activity(kind: ActivityKind, data: Value, time: DateTime<Utc>) -> Activity {
    Activity {
        kind,
        actor: Some(7),
        ident: Some("r-1".to_owned()),
        data,
        at: time,
    }
}

fn line(kind: HistoryKind, time: DateTime<Utc>) -> History {
    History {
        kind,
        actor: None,
        release: Some("app@1".to_owned()),
        at: time,
    }
}

/// Writes a note on an issue.
pub(super) async fn note_at(store: &Store, id: IssueId, seconds: i64) {
    note(store, id, |state| {
        let said = json!({ "text": format!("at {seconds}") });
        state.activities = vec![activity(ActivityKind::Note, said, at(seconds))];
    })
    .await;
}

async fn note(store: &Store, id: IssueId, change: impl Fn(&mut IssueState) + Send + Sync) {
    let plan = LoadPlan {
        issues: vec![id],
        ..LoadPlan::default()
    };
    let decide = |mut state: crate::store::BatchState| {
        let mut state = state.issues.remove(&id).unwrap();
        change(&mut state);
        Effects {
            issues: vec![IssueWrite {
                state,
                new_hash: None,
                hours: Vec::new(),
            }],
            ..Effects::default()
        }
    };
    store.apply(&plan, &decide).await.unwrap();
}

pub async fn a_journal_leaves_nothing_out(store: &Store) {
    let issues = vec![issue(SHOP, "first", at(0)), issue(SHOP, "other", at(0))];
    let ids = open_issues(store, issues).await;
    let ignored = || activity(ActivityKind::SetIgnored, Value::Null, at(10));
    let archived = line(HistoryKind::ArchivedUntilEscalating, at(10));
    let escalating = line(HistoryKind::Escalating, at(20));
    note(store, ids[0], |state| {
        state.activities = vec![ignored(), ignored()];
        state.history = vec![archived.clone()];
    })
    .await;
    let said = activity(ActivityKind::SetEscalating, json!({"forecast": 3}), at(20));
    note(store, ids[0], |state| {
        state.activities = vec![said.clone()];
        state.history = vec![escalating.clone()];
    })
    .await;
    let expected = Journal {
        activities: vec![ignored(), ignored(), said.clone()],
        history: vec![
            JournalLine {
                line: archived.clone(),
                undoes: None,
            },
            JournalLine {
                line: escalating.clone(),
                undoes: Some(at(10)),
            },
        ],
    };
    assert_eq!(store.journal(ids[0]).await.unwrap(), expected);
    assert_eq!(store.journal(ids[1]).await.unwrap(), Journal::default());
}

/// A merge brings notes that are older than those that are there.
pub async fn the_newest_note_is_the_last_one_written(store: &Store) {
    let issues = vec![issue(SHOP, "first", at(0)), issue(SHOP, "other", at(0))];
    let ids = open_issues(store, issues).await;
    for (text, seconds) in [("second", 20), ("third", 30), ("first", 10)] {
        note(store, ids[0], |state| {
            let said = activity(ActivityKind::Note, json!({ "text": text }), at(seconds));
            let seen = activity(ActivityKind::SetResolved, Value::Null, at(seconds + 40));
            state.activities = vec![said, seen];
        })
        .await;
    }
    let wordings = store.wordings(&ids).await.unwrap();
    assert_eq!(wordings[&ids[0]].note.as_deref(), Some("third"));
    assert!(!wordings.contains_key(&ids[1]));
    let notes = store.notes(ids[0]).await.unwrap();
    let texts: Vec<Value> = notes
        .iter()
        .map(|note| serde_json::from_str(&note.data).unwrap())
        .collect();
    assert_eq!(
        texts,
        ["third", "second", "first"].map(|text| json!({ "text": text }))
    );
    assert_eq!(store.notes(ids[1]).await.unwrap(), []);
}

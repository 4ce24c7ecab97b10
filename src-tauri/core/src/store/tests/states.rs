//! The rows beside an issue, what happened to it, and its history.

use super::support::*;
use crate::model::{
    Activity, ActivityKind, Assignee, Forecast, History, HistoryKind, InboxDetails, InboxEntry,
    InboxReason, IssueId, IssueState, Kept, Resolution, ResolutionKind, ResolutionStatus, Snooze,
    StoredActivity,
};
use crate::store::TriageStore;
use crate::store::{Effects, LoadPlan, Store};
use serde_json::{Value, json};

fn resolution(id: &str, release: &str) -> Resolution {
    Resolution {
        id: id.to_owned(),
        kind: Some(ResolutionKind::InRelease),
        status: ResolutionStatus::Resolved,
        release: release.to_owned(),
        release_added: at(10),
        current_release_version: None,
        announced: None,
    }
}

/// The issue with nothing beside it.
fn bare(read: &IssueState) -> IssueState {
    IssueState {
        loaded_content: read.loaded_content,
        ..IssueState::stored(read.issue.clone())
    }
}

pub async fn rows_beside_an_issue_are_put_replaced_and_taken(store: &Store) {
    let inbox = InboxEntry {
        reason: InboxReason::Escalating,
        details: Some(InboxDetails {
            until: Some(at(60)),
            count: Some(3),
            ..InboxDetails::default()
        }),
        since: at(1),
    };
    let snooze = Snooze {
        until: Some(at(500)),
        count: Some(1),
        window: Some(2),
        user_count: Some(3),
        user_window: Some(4),
        times_seen: Some(5),
        users_seen: Some(6),
        actor: Some(7),
    };
    let forecast = Forecast {
        values: vec![36, 0, u64::MAX],
        made_at: at(2),
    };
    let mut opened = opening(issue(SHOP, "crash", at(0)), "crash");
    opened.state.inbox.set(inbox.clone());
    opened.state.snooze.set(snooze.clone());
    opened.state.forecast.set(forecast.clone());
    opened.state.resolution.set(Resolution {
        current_release_version: Some("app@1".to_owned()),
        ..resolution("r-1", "app@2")
    });
    let effects = Effects {
        issues: vec![opened, opening(issue(SHOP, "other", at(0)), "other")],
        releases: vec![
            release(SHOP, "app@1", at(5)),
            release(SHOP, "app@2", at(10)),
        ],
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let issue = loaded(store, IssueId(1)).await;
    assert_eq!(issue.inbox, Kept::loaded(Some(inbox)));
    assert_eq!(issue.snooze, Kept::loaded(Some(snooze)));
    assert_eq!(issue.forecast, Kept::loaded(Some(forecast)));
    let stored = issue.resolution.get().unwrap();
    assert_eq!(stored.current_release_version.as_deref(), Some("app@1"));
    assert_eq!(stored.release_added, at(10));
    let other = loaded(store, IssueId(2)).await;
    assert_eq!(other, bare(&other), "nothing beside it");

    let manual = InboxEntry {
        reason: InboxReason::Manual,
        details: None,
        since: at(9),
    };
    let replaced = resolution("r-2", "app@1");
    change(store, IssueId(1), |issue| {
        issue.inbox.set(manual.clone());
        issue.snooze.set(Snooze::default());
        issue.forecast.set(Forecast {
            values: Vec::new(),
            made_at: at(3),
        });
        issue.resolution.set(Resolution {
            kind: None,
            status: ResolutionStatus::Pending,
            ..replaced.clone()
        });
    })
    .await;
    let issue = loaded(store, IssueId(1)).await;
    assert_eq!(issue.inbox.get(), Some(&manual));
    assert_eq!(issue.snooze.get(), Some(&Snooze::default()));
    assert_eq!(issue.forecast.get().unwrap().made_at, at(3));
    let expected = Resolution {
        kind: None,
        status: ResolutionStatus::Pending,
        release_added: at(5),
        ..replaced
    };
    assert_eq!(issue.resolution.get(), Some(&expected));

    // What has not changed is not written: another writer may have been there since.
    execute(store, "UPDATE issue_inbox SET reason = 2").await;
    change(store, IssueId(1), |issue| {
        issue.inbox = Kept::loaded(Some(manual.clone()));
        issue.forecast = Kept::loaded(None);
    })
    .await;
    let issue = loaded(store, IssueId(1)).await;
    assert_eq!(issue.inbox.get().unwrap().reason, InboxReason::Regression);
    assert!(issue.forecast.get().is_some());

    change(store, IssueId(1), |issue| {
        issue.inbox.clear();
        issue.snooze.clear();
        issue.forecast.clear();
        issue.resolution.clear();
    })
    .await;
    let issue = loaded(store, IssueId(1)).await;
    assert_eq!(issue, bare(&issue));
    for table in [
        "issue_inbox",
        "issue_snooze",
        "issue_forecast",
        "issue_resolution",
    ] {
        let count = number(store, &format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(count, 0, "{table}");
    }
}

pub async fn details_that_make_no_sense_are_no_details(store: &Store) {
    let mut opened = opening(issue(SHOP, "crash", at(0)), "crash");
    opened.state.inbox.set(InboxEntry {
        reason: InboxReason::Ongoing,
        details: Some(InboxDetails::default()),
        since: at(0),
    });
    let effects = Effects {
        issues: vec![opened],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    execute(store, r#"UPDATE issue_inbox SET details = '{"colour": 4}'"#).await;
    let issue = loaded(store, IssueId(1)).await;
    let entry = issue.inbox.get().unwrap();
    assert_eq!((entry.reason, entry.details), (InboxReason::Ongoing, None));
}

pub async fn what_people_set_on_an_issue_is_kept(store: &Store) {
    open_issues(store, vec![issue(SHOP, "crash", at(0))]).await;
    for assignee in [Some(Assignee::User(7)), Some(Assignee::Team(7)), None] {
        change(store, IssueId(1), |issue| {
            issue.issue.assignee = assignee;
            issue.issue.resolved_at = assignee.map(|_| at(4));
            issue.issue.priority_locked_at = assignee.map(|_| at(5));
        })
        .await;
        let issue = loaded(store, IssueId(1)).await.issue;
        assert_eq!(issue.assignee, assignee);
        assert_eq!(issue.resolved_at, assignee.map(|_| at(4)));
        assert_eq!(issue.priority_locked_at, assignee.map(|_| at(5)));
    }
    // A new issue can come with all of it.
    let mut given = issue(SHOP, "given", at(0));
    given.assignee = Some(Assignee::Team(3));
    given.resolved_at = Some(at(6));
    given.priority_locked_at = Some(at(7));
    let ids = open_issues(store, vec![given.clone()]).await;
    given.id = Some(ids[0]);
    assert_eq!(loaded(store, ids[0]).await.issue, given);
}

fn activity(kind: ActivityKind, ident: Option<&str>, data: Value) -> Activity {
    Activity {
        kind,
        actor: None,
        ident: ident.map(str::to_owned),
        data,
        at: at(0),
    }
}

pub async fn a_resolution_finds_the_activity_that_announced_it(store: &Store) {
    let mut opened = opening(issue(SHOP, "crash", at(0)), "crash");
    opened.state.resolution.set(resolution("r-1", "app@1"));
    let announcing = ActivityKind::SetResolvedInRelease;
    opened.state.activities = vec![
        activity(announcing, Some("r-1"), json!({"version": "old"})),
        activity(announcing, Some("r-1"), json!({"version": ""})),
        activity(announcing, Some("r-2"), json!({"version": "another"})),
        activity(ActivityKind::Note, Some("r-1"), json!("a note")),
        activity(announcing, None, Value::Null),
    ];
    let mut other = opening(issue(SHOP, "other", at(0)), "other");
    other.state.activities = vec![activity(announcing, Some("r-1"), json!(1))];
    let effects = Effects {
        issues: vec![opened, other],
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let issue = loaded(store, IssueId(1)).await;
    let resolution = issue.resolution.get().unwrap();
    let announced = resolution.announced.clone().unwrap();
    assert_eq!(announced.data, json!({"version": ""}));
    // The release it names was never stored.
    assert_eq!(resolution.release_added, chrono::DateTime::UNIX_EPOCH);

    let corrected = StoredActivity {
        data: json!({"version": "app@2", "nul": "\0"}),
        ..announced
    };
    change(store, IssueId(1), |issue| {
        issue.corrected = vec![corrected.clone()];
    })
    .await;
    let issue = loaded(store, IssueId(1)).await;
    assert_eq!(issue.resolution.get().unwrap().announced, Some(corrected));
    let data = lines(store, "SELECT data FROM activity WHERE issue_id = 2").await;
    assert_eq!(data, ["1"], "no other activity was touched");
}

pub async fn what_happened_is_kept_in_order(store: &Store) {
    open_issues(
        store,
        (0..3)
            .map(|n| issue(SHOP, &format!("i{n}"), at(0)))
            .collect(),
    )
    .await;
    let plan = LoadPlan {
        issues: vec![IssueId(1), IssueId(2), IssueId(3)],
        ..LoadPlan::default()
    };
    store
        .apply(&plan, &|state: crate::store::BatchState| {
            let happened = |id: i64, words: &[&str]| {
                let mut issue = state.issues[&IssueId(id)].clone();
                let notes = words.iter().map(|word| Activity {
                    actor: Some(id),
                    at: at(-id),
                    ..activity(ActivityKind::Note, None, json!({ "text": word }))
                });
                issue.activities = notes.collect();
                touching(issue)
            };
            Effects {
                issues: vec![
                    happened(3, &["first", "second"]),
                    happened(1, &["third"]),
                    happened(2, &[]),
                ],
                ..Effects::default()
            }
        })
        .await
        .unwrap();
    let rows =
        "SELECT issue_id || ' ' || kind || ' ' || actor || ' ' || data FROM activity ORDER BY id";
    assert_eq!(
        lines(store, rows).await,
        [
            r#"3 8 3 {"text":"first"}"#,
            r#"3 8 3 {"text":"second"}"#,
            r#"1 8 1 {"text":"third"}"#,
        ]
    );
    assert_eq!(
        number(store, "SELECT count(DISTINCT at) FROM activity").await,
        2
    );
}

fn line(kind: HistoryKind, seconds: i64) -> History {
    History {
        kind,
        actor: None,
        release: None,
        at: at(seconds),
    }
}

/// Issue, kind and number of each line, and the number it points to.
async fn links(store: &Store) -> Vec<String> {
    let sql = "SELECT issue_id || ': ' || kind || ' #' || id || ' -> ' || coalesce(CAST(previous_id AS text), 'none')
        FROM issue_history ORDER BY id";
    lines(store, sql).await
}

pub async fn a_line_of_history_points_to_what_it_undoes(store: &Store) {
    use HistoryKind::{
        ArchivedForever, Assigned, Escalating, Ignored, Ongoing, Regressed, Resolved,
        ResolvedInRelease, Unassigned, Unignored,
    };
    open_issues(
        store,
        vec![issue(SHOP, "a", at(0)), issue(SHOP, "b", at(0))],
    )
    .await;
    let write = async |id: i64, history: Vec<History>| {
        change(store, IssueId(id), |issue| issue.history = history.clone()).await;
    };
    // The date says nothing about which line is newer.
    write(1, vec![line(Resolved, 500)]).await;
    write(1, vec![line(ResolvedInRelease, 20), line(Assigned, 21)]).await;
    write(2, vec![line(Regressed, 30)]).await;
    // Several at once: each sees those before it.
    let chain = vec![
        line(Regressed, 40),
        line(Resolved, 41),
        line(Ongoing, 42),
        line(ArchivedForever, 43),
        line(Escalating, 44),
        line(Unassigned, 45),
        line(Assigned, 46),
    ];
    write(1, chain).await;
    write(1, vec![line(Ignored, 50)]).await;
    write(1, vec![line(Unignored, 51), line(Escalating, 52)]).await;
    assert_eq!(
        links(store).await,
        [
            "1: 1 #1 -> none",
            "1: 11 #2 -> none",
            "1: 5 #3 -> none",
            "2: 7 #4 -> none",
            "1: 7 #5 -> 2",
            "1: 1 #6 -> 5",
            "1: 0 #7 -> 6",
            "1: 16 #8 -> none",
            "1: 14 #9 -> none",
            "1: 6 #10 -> 3",
            "1: 5 #11 -> 10",
            "1: 3 #12 -> none",
            "1: 4 #13 -> 12",
            "1: 14 #14 -> 12",
        ]
    );
    let copied =
        "SELECT count(*) FROM issue_history AS h JOIN issue_history AS p ON p.id = h.previous_id
        WHERE h.previous_at = p.at";
    assert_eq!(number(store, copied).await, 7);
    let without =
        "SELECT count(*) FROM issue_history WHERE previous_id IS NULL AND previous_at IS NULL";
    assert_eq!(number(store, without).await, 7);
}

pub async fn lines_of_several_issues_at_once_find_their_own(store: &Store) {
    open_issues(
        store,
        (0..40)
            .map(|n| issue(SHOP, &format!("i{n}"), at(0)))
            .collect(),
    )
    .await;
    let ids: Vec<_> = (1..=40).map(IssueId).collect();
    let plan = LoadPlan {
        issues: ids.clone(),
        ..LoadPlan::default()
    };
    for kinds in [
        &[HistoryKind::Assigned][..],
        &[HistoryKind::Unassigned, HistoryKind::Assigned],
    ] {
        let decide = |mut state: crate::store::BatchState| {
            let issues = ids.iter().rev().map(|id| {
                let mut issue = state.issues.remove(id).unwrap();
                issue.history = kinds
                    .iter()
                    .map(|&kind| History {
                        actor: Some(id.0),
                        release: Some(format!("app@{id}")),
                        ..line(kind, id.0)
                    })
                    .collect();
                touching(issue)
            });
            Effects {
                issues: issues.collect(),
                ..Effects::default()
            }
        };
        store.apply(&plan, &decide).await.unwrap();
    }
    let linked = "SELECT count(*) FROM issue_history AS h JOIN issue_history AS p ON p.id = h.previous_id
        WHERE h.issue_id = p.issue_id AND h.actor = h.issue_id AND h.previous_at = p.at AND h.kind + p.kind = 11
            AND h.release = 'app@' || h.issue_id";
    assert_eq!(number(store, linked).await, 80);
    assert_eq!(
        number(store, "SELECT count(*) FROM issue_history").await,
        120
    );
}

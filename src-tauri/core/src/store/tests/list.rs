//! The issue list and the head of an issue.

use super::support::*;
use super::triage::instant;
use crate::model::{
    GroupHash, Issue, IssueId, IssueStatus, ResolutionKind, ResolutionStatus, Substatus,
};
use crate::search::{Condition, IssueTest, Plan};
use crate::store::{
    Access, Effects, HEAD_CAP, Held, IssueEnvironmentWrite, IssueWrite, OccurrenceWrite,
    QueryStore, ROWS_CAP, SearchStore, Slot, Store, search,
};
use crate::view::{self, IssueChanges, IssueOrder, IssueResolution};
use std::time::Duration;

fn seen(title: &str, first: i64, last: i64, times: i64) -> Issue {
    let mut issue = issue(SHOP, title, at(first));
    issue.last_seen = at(last);
    issue.times_seen = times;
    issue
}

pub async fn snapshots_are_totally_ordered(store: &Store) {
    let opened = vec![
        seen("a", 5, 50, 3),
        seen("b", 1, 90, 3),
        seen("c", 5, 90, 8),
        seen("d", 9, 10, 3),
    ];
    let ids = open_issues(store, opened).await;
    let [a, b, c, d] = [0, 1, 2, 3].map(|index: usize| ids[index].to_string());
    for (order, expected) in [
        ("last_seen", [&c, &b, &a, &d]),
        ("first_seen", [&d, &c, &a, &b]),
        ("events", [&c, &b, &a, &d]),
        ("last_seen:asc", [&d, &a, &c, &b]),
        ("events:asc", [&b, &a, &d, &c]),
        ("events,first_seen:asc", [&c, &b, &a, &d]),
        ("first_seen:asc,events:asc", [&b, &a, &c, &d]),
        ("last_seen,events:asc", [&b, &c, &a, &d]),
    ] {
        let snapshot = store
            .issue_snapshot(&Plan::everything(), order.parse().unwrap(), at(0))
            .await
            .unwrap();
        assert_eq!(snapshot.ids.iter().collect::<Vec<_>>(), expected, "{order}");
        assert_eq!(snapshot.total, 4.0);
        assert_eq!(
            snapshot.revision,
            store.summary().await.unwrap().revision.to_string()
        );
        assert!(snapshot.took_ms >= 0.0);
    }
}

/// The head of a list is how its snapshot begins, where there is more of it and it can be told before.
pub async fn the_head_of_a_list_is_how_it_begins(store: &Store) {
    let titles = (0..=HEAD_CAP).map(|n| format!("i{n}"));
    let opened = titles
        .zip(0..)
        .map(|(title, n)| seen(&title, n % 7, 50 + n % 40, 1 + n % 3));
    let ids = open_issues(store, opened.collect()).await;
    let everything = Plan::everything();
    let ample = Duration::from_secs(600);
    let head = async |plan: &Plan, order: &str, within| {
        let order = order.parse().unwrap();
        store.head(plan, order, within, at(100)).await.unwrap()
    };
    for order in ["last_seen", "events:asc", "title,first_seen"] {
        let snapshot = store.issue_snapshot(&everything, order.parse().unwrap(), at(100));
        let snapshot = snapshot.await.unwrap();
        assert_eq!(snapshot.ids.len(), HEAD_CAP + 1);
        let head = head(&everything, order, ample).await.unwrap();
        assert_eq!(head.ids, snapshot.ids[..HEAD_CAP], "{order}");
        assert_eq!(head.revision, snapshot.revision);
        assert!(head.took_ms >= 0.0);
    }
    // A sum is known of all at once, and what comes late is of no use.
    assert_eq!(head(&everything, "users", ample).await, None);
    assert_eq!(head(&everything, "last_seen", Duration::ZERO).await, None);
    let of = |count: usize| {
        let ids = ids[..count].iter().map(|id| id.0).collect();
        asking(Condition::Issue(IssueTest::Id(ids)))
    };
    let full = head(&of(HEAD_CAP), "last_seen", ample).await.unwrap();
    assert_eq!(full.ids.len(), HEAD_CAP);
    // Fewer are the whole list.
    assert_eq!(head(&of(HEAD_CAP - 1), "last_seen", ample).await, None);
}

pub async fn changes_add_up_to_the_new_count(store: &Store) {
    let unresolved = of_status(IssueStatus::Unresolved);
    let ids = open_issues(
        store,
        (0..5)
            .map(|n| issue(SHOP, &format!("i{n}"), at(n)))
            .collect(),
    )
    .await;
    let snapshot = store
        .issue_snapshot(&unresolved, IssueOrder::default(), at(0))
        .await
        .unwrap();
    let revision: i64 = snapshot.revision.parse().unwrap();
    let moved = |added, changed, left| {
        move |now: &IssueChanges| {
            assert_eq!((now.added, now.changed, now.left), (added, changed, left));
        }
    };
    let kept = |goes_by_time| Held {
        ids: Some(&ids),
        goes_by_time,
        ..Held::of(revision, 5)
    };
    // The same by the sums, by what was written, and by all ids.
    let changes = || async {
        let of = async |held: Held<'_>| store.issue_changes(&unresolved, &held).await.unwrap();
        let by_sums = of(Held::of(revision, 5)).await;
        for goes_by_time in [false, true] {
            assert_eq!(of(kept(goes_by_time)).await, by_sums);
        }
        by_sums
    };
    moved(0.0, 0.0, 0.0)(&changes().await);

    rewrite(store, &ids[..2], IssueStatus::Unresolved).await;
    moved(0.0, 2.0, 0.0)(&changes().await);
    rewrite(store, &ids[1..4], IssueStatus::Resolved).await;
    moved(0.0, 1.0, 3.0)(&changes().await);
    // Since before anything is remembered, two of the five were not written again.
    let ever = Held {
        ids: Some(&ids),
        ..Held::of(-1, 5)
    };
    moved(0.0, 2.0, 3.0)(&store.issue_changes(&unresolved, &ever).await.unwrap());
    open_issues(
        store,
        vec![issue(SHOP, "late", at(9)), issue(SHOP, "later", at(9))],
    )
    .await;
    let now = changes().await;
    moved(2.0, 1.0, 3.0)(&now);
    assert_eq!(
        now.revision,
        store.summary().await.unwrap().revision.to_string()
    );

    // Seen from a list of resolved ones, three issues came in that are not new.
    let resolved = of_status(IssueStatus::Resolved);
    let held = Held::of(revision, 0);
    moved(3.0, 0.0, 0.0)(&store.issue_changes(&resolved, &held).await.unwrap());
}

pub async fn changes_by_id_tell_what_came_from_what_left(store: &Store) {
    let resolved = of_status(IssueStatus::Resolved);
    let issues = (0..5).map(|n| issue(SHOP, &format!("i{n}"), at(n)));
    let ids = open_issues(store, issues.collect()).await;
    rewrite(store, &ids[..2], IssueStatus::Resolved).await;
    let revision = store.summary().await.unwrap().revision;
    let of = async |held: Held<'_>| {
        let now = store.issue_changes(&resolved, &held).await.unwrap();
        (now.added, now.changed, now.left)
    };
    let kept = |goes_by_time| Held {
        ids: Some(&ids[..2]),
        goes_by_time,
        ..Held::of(revision, 2)
    };
    // One of two leaves, and another one comes.
    rewrite(store, &ids[..1], IssueStatus::Unresolved).await;
    rewrite(store, &ids[3..4], IssueStatus::Resolved).await;
    assert_eq!(of(Held::of(revision, 2)).await, (0.0, 1.0, 0.0));
    assert_eq!(of(kept(false)).await, (1.0, 0.0, 1.0));
    assert_eq!(of(kept(true)).await, (1.0, 0.0, 1.0));

    // Nothing was written since, and yet time has passed over a list that goes by it.
    let revision = store.summary().await.unwrap().revision;
    let older = |goes_by_time| Held {
        ids: Some(&ids[..3]),
        goes_by_time,
        ..Held::of(revision, 3)
    };
    assert_eq!(of(older(false)).await, (0.0, 0.0, 0.0));
    assert_eq!(of(older(true)).await, (1.0, 0.0, 2.0));
}

async fn rewrite(store: &Store, ids: &[IssueId], status: IssueStatus) {
    let hashes: Vec<_> = (0..5)
        .map(|n| (SHOP, GroupHash::of(&format!("i{n}"))))
        .collect();
    let state = load(store, &hashes).await;
    let issues = ids.iter().map(|id| {
        let mut issue = state.issues[id].clone();
        issue.issue.status = status;
        issue.issue.substatus = (status == IssueStatus::Unresolved).then_some(Substatus::Ongoing);
        IssueWrite {
            state: issue,
            new_hash: None,
            hours: Vec::new(),
        }
    });
    store_effects(
        store,
        &Effects {
            issues: issues.collect(),
            ..Effects::default()
        },
    )
    .await;
}

pub async fn rows_come_in_the_order_asked_for(store: &Store) {
    let mut busy = opening(issue(SHOP, "busy", at(0)), "busy");
    busy.hours = vec![(NOON, 4), (NOON - 23, 2), (NOON - 24, 9), (NOON + 1, 9)];
    let quiet = opening(issue(SHOP, "quiet", at(0)), "quiet");
    store_effects(
        store,
        &Effects {
            issues: vec![busy, quiet],
            ..Effects::default()
        },
    )
    .await;
    let ids = open_issues(store, vec![issue(FORGE, "other", at(0))]).await;
    let all = [ids[0], IssueId(1), IssueId(99), IssueId(2)];

    let rows = store.issue_rows(&all, at(1800)).await.unwrap();
    let titles: Vec<_> = rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["other", "busy", "quiet"]);
    let busy = &rows[1];
    assert_eq!(busy.trend.len(), 24);
    assert_eq!(
        (
            busy.trend[0],
            busy.trend[23],
            busy.trend.iter().sum::<f64>()
        ),
        (2.0, 4.0, 6.0)
    );
    assert_eq!(
        (
            busy.id.as_str(),
            busy.short_id.as_str(),
            busy.project.as_str()
        ),
        ("1", "PROJECT-1-1", "project-1")
    );
    assert_eq!(
        (
            busy.subtitle.as_str(),
            busy.culprit.as_str(),
            busy.platform.as_str()
        ),
        ("below it", "app.main", "python")
    );
    assert_eq!(
        (
            busy.level.as_str(),
            busy.status.as_str(),
            busy.priority.as_str()
        ),
        ("error", "unresolved", "low")
    );
    assert_eq!(busy.substatus.as_deref(), Some("new"));
    assert_eq!(busy.issue_type, "profile_regex_main_thread");
    assert_eq!(busy.issue_type_name, "Regex on Main Thread");
    assert_eq!(
        (busy.first_seen, busy.last_seen, busy.times_seen),
        (1_723_464_000_000.0, 1_723_464_000_000.0, 1.0)
    );

    assert!(store.issue_rows(&[], at(0)).await.unwrap().is_empty());
    let too_many: Vec<_> = (0..ROWS_CAP)
        .map(|_| IssueId(99))
        .chain([IssueId(1)])
        .collect();
    assert!(store.issue_rows(&too_many, at(0)).await.unwrap().is_empty());
}

pub async fn the_head_of_an_issue_is_complete(store: &Store) {
    let mut opened = opening(issue(SHOP, "crash", at(0)), "crash");
    opened.state.issue.first_release = Some("app@0.9".to_owned());
    opened.hours = vec![(NOON, 3), (NOON - 167, 1), (NOON - 168, 7)];
    let without_release = OccurrenceWrite {
        release: None,
        ..occurrence(3, Some(Slot(0)), at(30))
    };
    let old_release = OccurrenceWrite {
        release: Some("app@0.9".to_owned()),
        ..occurrence(1, Some(Slot(0)), at(0))
    };
    let environment = |name: &str| IssueEnvironmentWrite {
        slot: Slot(0),
        environment: name.to_owned(),
        first_release: None,
        first_seen: at(0),
    };
    let effects = Effects {
        issues: vec![opened],
        occurrences: vec![
            without_release,
            old_release,
            occurrence(2, Some(Slot(0)), at(20)),
            occurrence(4, None, at(40)),
        ],
        issue_environments: vec![environment("prod"), environment(""), environment("dev")],
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let detail = store
        .issue_detail(IssueId(1), at(0))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        detail.row,
        store.issue_rows(&[IssueId(1)], at(0)).await.unwrap()[0]
    );
    assert_eq!(detail.hours.len(), 168);
    assert_eq!((detail.hours[0].count, detail.hours[167].count), (1.0, 3.0));
    assert_eq!(detail.hours[167].start, f64::from(NOON) * 3_600_000.0);
    assert_eq!(detail.hours.iter().map(|bar| bar.count).sum::<f64>(), 4.0);
    assert_eq!(detail.stored_occurrences, 3.0);
    assert_eq!(detail.first_release.as_deref(), Some("app@0.9"));
    assert_eq!(detail.last_release.as_deref(), Some("app@1.0"));
    assert_eq!(detail.environments, ["", "dev", "prod"]);
    assert_eq!(detail.hashes, [GroupHash::of("crash").to_string()]);
    assert!(
        store
            .issue_detail(IssueId(2), at(0))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_list_beyond_the_cap_is_counted_exactly() {
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    open_issues(&store, vec![issue(SHOP, "crash", at(0))]).await;
    let columns =
        "group_type, status, substatus, priority, level, first_seen, active_at, times_seen, score,
        first_release, revision, created_revision";
    let content = "platform, message, culprit, title, subtitle, data";
    let copies = format!(
        "WITH RECURSIVE n (n) AS (VALUES (2) UNION ALL SELECT n + 1 FROM n WHERE n < 9)
         INSERT INTO issue (id, project_id, short_id, last_seen, {columns})
         SELECT n, 1, n, last_seen + n, {columns} FROM n CROSS JOIN issue WHERE issue.id = 1;
         INSERT INTO issue_content (issue_id, {content})
         SELECT i.id, {content} FROM issue AS i CROSS JOIN issue_content AS c WHERE c.issue_id = 1 AND i.id > 1"
    );
    execute(&store, &copies).await;
    for (cap, last) in [(4, "6"), (9, "1"), (20, "1")] {
        let everything = Plan::everything();
        let snapshot = search::snapshot(&store, &everything, IssueOrder::default(), cap, at(0))
            .await
            .unwrap();
        assert_eq!(snapshot.ids.len(), cap.min(9));
        assert_eq!(snapshot.total, 9.0);
        let ends = (snapshot.ids.first(), snapshot.ids.last());
        assert_eq!(ends, (Some(&"9".to_owned()), Some(&last.to_owned())));
    }
}

pub async fn rows_say_what_ends_their_state(store: &Store) {
    let titles = [
        "open",
        "for a while",
        "until seen",
        "fixed",
        "fixed next",
        "newer word",
    ];
    let issues = titles.map(|title| issue(SHOP, title, at(0))).to_vec();
    let ids = open_issues(store, issues).await;
    let until = instant(store, at(900));
    for (at, until) in [(1, until.as_str()), (2, "NULL")] {
        let sql = format!(
            "INSERT INTO issue_snooze (issue_id, until, count) VALUES ({}, {until}, 5)",
            ids[at]
        );
        execute(store, &sql).await;
    }
    let pending = ResolutionStatus::Pending.number();
    let done = ResolutionStatus::Resolved.number();
    for (at, kind, status) in [
        (3, ResolutionKind::InRelease.number(), done),
        (4, ResolutionKind::InNextRelease.number(), pending),
        (5, 99, done),
    ] {
        let sql = format!(
            "INSERT INTO issue_resolution (issue_id, project_id, id, kind, status, release) \
             VALUES ({}, 1, 'r', {kind}, {status}, '2.4.1')",
            ids[at]
        );
        execute(store, &sql).await;
    }
    let rows = store.issue_rows(&ids, at(0)).await.unwrap();
    let ends: Vec<_> = rows.iter().map(|row| row.snoozed_until).collect();
    let until = view::millis(at(900));
    assert_eq!(ends, [None, Some(until), None, None, None, None]);
    let resolved = |kind, status| {
        let release = Some("2.4.1".to_owned());
        Some(IssueResolution {
            release,
            kind,
            status,
        })
    };
    let resolutions: Vec<_> = rows.into_iter().map(|row| row.resolution).collect();
    assert_eq!(
        resolutions,
        [
            None,
            None,
            None,
            resolved(
                view::ResolutionKind::InRelease,
                view::ResolutionStatus::Resolved
            ),
            resolved(
                view::ResolutionKind::InNextRelease,
                view::ResolutionStatus::Pending
            ),
            None,
        ]
    );
}

//! What is due, what repeats, and what is over.

use super::support::*;
use crate::limits::CounterRow;
use crate::model::{Issue, IssueId, IssueStatus, ProjectId, Substatus};
use crate::search::Plan;
use crate::store::backend::Backend;
use crate::store::{Access, Due, Held, QueryStore, Store, TriageStore};
use chrono::{DateTime, TimeDelta, Utc};

/// A time as a value in SQL.
pub fn instant(store: &Store, time: DateTime<Utc>) -> String {
    match store.backend() {
        Backend::Sqlite(_) => time.timestamp_micros().to_string(),
        Backend::Postgres(_) => format!("'{}'::timestamptz", time.to_rfc3339()),
    }
}

/// The next time that can be told apart from it.
fn just_after(time: DateTime<Utc>) -> DateTime<Utc> {
    time + TimeDelta::microseconds(1)
}

fn standing(
    title: &str,
    seen: DateTime<Utc>,
    status: IssueStatus,
    substatus: Option<Substatus>,
) -> Issue {
    Issue {
        status,
        substatus,
        ..issue(SHOP, title, seen)
    }
}

fn unresolved(title: &str, seen: DateTime<Utc>, substatus: Substatus) -> Issue {
    standing(title, seen, IssueStatus::Unresolved, Some(substatus))
}

async fn add_history(store: &Store, issue: IssueId, kind: i16, at: DateTime<Utc>) {
    let at = instant(store, at);
    let sql =
        format!("INSERT INTO issue_history (issue_id, kind, at) VALUES ({issue}, {kind}, {at})");
    execute(store, &sql).await;
}

/// A snooze row with an end, or without one.
async fn add_snooze(store: &Store, issue: IssueId, until: Option<DateTime<Utc>>) {
    let until = until.map_or_else(|| "NULL".to_owned(), |until| instant(store, until));
    let sql = format!("INSERT INTO issue_snooze (issue_id, until) VALUES ({issue}, {until})");
    execute(store, &sql).await;
}

pub async fn new_issues_are_due_from_their_first_sighting_on_oldest_first(store: &Store) {
    let resolved = standing("done", at(-50), IssueStatus::Resolved, None);
    let ids = open_issues(
        store,
        vec![
            unresolved("at the time", at(0), Substatus::New),
            unresolved("after it", just_after(at(0)), Substatus::New),
            unresolved("known", at(-60), Substatus::Ongoing),
            unresolved("oldest", at(-90), Substatus::New),
            unresolved("as old as the first", at(0), Substatus::New),
            resolved,
        ],
    )
    .await;
    let due = Due::New(at(0));
    assert_eq!(store.due(&due, 10).await.unwrap(), [ids[3], ids[0], ids[4]]);
    assert_eq!(store.due(&due, 2).await.unwrap(), [ids[3], ids[0]]);
    assert!(store.due(&due, 0).await.unwrap().is_empty());
    let earlier = Due::New(at(-90) - TimeDelta::microseconds(1));
    assert!(store.due(&earlier, 10).await.unwrap().is_empty());
}

pub async fn what_came_back_is_due_by_its_newest_row_of_that_kind(store: &Store) {
    const REGRESSED: i16 = 7;
    const ESCALATING: i16 = 14;
    for (substatus, kind, other, due) in [
        (
            Substatus::Regressed,
            REGRESSED,
            ESCALATING,
            Due::Regressed as fn(_) -> _,
        ),
        (
            Substatus::Escalating,
            ESCALATING,
            REGRESSED,
            Due::Escalating,
        ),
    ] {
        let title = |what: &str| format!("{what} {kind}");
        let ids = open_issues(
            store,
            vec![
                unresolved(&title("at the time"), at(0), substatus),
                unresolved(&title("again since"), at(0), substatus),
                unresolved(&title("without a row"), at(0), substatus),
                unresolved(&title("row of another kind"), at(0), substatus),
                unresolved(&title("ongoing"), at(0), Substatus::Ongoing),
                unresolved(&title("older"), at(0), substatus),
            ],
        )
        .await;
        for (issue, kind, time) in [
            (ids[0], kind, at(0)),
            (ids[0], kind, at(-9)),
            // The newest by its time, not by its number.
            (ids[1], kind, just_after(at(0))),
            (ids[1], kind, at(-1_000)),
            (ids[3], other, at(-1_000)),
            (ids[4], kind, at(-1_000)),
            (ids[5], kind, at(-500)),
            (ids[5], other, at(500)),
        ] {
            add_history(store, issue, kind, time).await;
        }
        let found = store.due(&due(at(0)), 10).await.unwrap();
        assert_eq!(found, [ids[0], ids[5]], "{substatus:?}");
        assert_eq!(store.due(&due(at(0)), 1).await.unwrap(), [ids[0]]);
        let later = store.due(&due(just_after(at(0))), 10).await.unwrap();
        assert_eq!(later, [ids[0], ids[1], ids[5]], "{substatus:?}");
    }
}

pub async fn a_snooze_is_due_at_its_end_whatever_the_status(store: &Store) {
    let archived = |title: &str| {
        let until = Some(Substatus::UntilConditionMet);
        standing(title, at(0), IssueStatus::Ignored, until)
    };
    let ids = open_issues(
        store,
        vec![
            archived("at the time"),
            archived("later"),
            archived("no end"),
            standing("resolved", at(0), IssueStatus::Resolved, None),
            archived("no row"),
        ],
    )
    .await;
    add_snooze(store, ids[0], Some(at(60))).await;
    add_snooze(store, ids[1], Some(just_after(at(60)))).await;
    add_snooze(store, ids[2], None).await;
    add_snooze(store, ids[3], Some(at(-60))).await;
    let due = Due::Snoozed(at(60));
    assert_eq!(store.due(&due, 10).await.unwrap(), [ids[3], ids[0]]);
    assert_eq!(store.due(&due, 1).await.unwrap(), [ids[3]]);
}

pub async fn quiet_issues_are_found_by_project_type_and_last_sighting(store: &Store) {
    let of_type = |title: &str, seen, group_type| Issue {
        group_type,
        ..unresolved(title, seen, Substatus::Ongoing)
    };
    let elsewhere = Issue {
        project_id: FORGE,
        ..of_type("another project", at(-100), 2007)
    };
    let ids = open_issues(
        store,
        vec![
            of_type("at the time", at(0), 2007),
            of_type("after it", just_after(at(0)), 2007),
            of_type("another type", at(-100), 1018),
            of_type("oldest", at(-300), 1006),
            elsewhere,
            standing("resolved", at(-100), IssueStatus::Resolved, None),
        ],
    )
    .await;
    let quiet = |project, group_types: &[u16]| Due::Quiet {
        project,
        group_types: group_types.to_vec(),
        last_seen: at(0),
    };
    let found = async |due: Due, limit| store.due(&due, limit).await.unwrap();
    let wanted = [1006, 2007];
    assert_eq!(found(quiet(SHOP, &wanted), 10).await, [ids[3], ids[0]]);
    assert_eq!(found(quiet(SHOP, &wanted), 1).await, [ids[3]]);
    assert_eq!(found(quiet(SHOP, &[1006]), 10).await, [ids[3]]);
    assert_eq!(found(quiet(FORGE, &wanted), 10).await, [ids[4]]);
    assert!(found(quiet(SHOP, &[]), 10).await.is_empty());
    assert!(found(quiet(ProjectId(9), &wanted), 10).await.is_empty());
}

pub async fn archived_until_escalating_is_due_while_it_is_seen(store: &Store) {
    let archived =
        |title: &str, seen, substatus| standing(title, seen, IssueStatus::Ignored, Some(substatus));
    let ids = open_issues(
        store,
        vec![
            archived("at the time", at(0), Substatus::UntilEscalating),
            archived(
                "not for long",
                just_after(at(-1)),
                Substatus::UntilEscalating,
            ),
            archived("since", at(900), Substatus::UntilEscalating),
            archived("forever", at(900), Substatus::Forever),
            unresolved("escalating", at(900), Substatus::Escalating),
        ],
    )
    .await;
    let due = Due::UntilEscalating(at(0));
    assert_eq!(store.due(&due, 10).await.unwrap(), [ids[0], ids[2]]);
    assert_eq!(store.due(&due, 1).await.unwrap(), [ids[0]]);
}

pub async fn nothing_is_due_in_an_empty_store(store: &Store) {
    for due in [
        Due::New(at(0)),
        Due::Regressed(at(0)),
        Due::Escalating(at(0)),
        Due::Snoozed(at(0)),
        Due::UntilEscalating(at(0)),
        Due::Quiet {
            project: SHOP,
            group_types: vec![2007],
            last_seen: at(0),
        },
    ] {
        assert!(store.due(&due, 100).await.unwrap().is_empty(), "{due:?}");
    }
    assert_eq!(store.clear_inbox(at(0)).await.unwrap(), 0);
    store.forget_expired(at(0)).await.unwrap();
    assert!(store.counters(at(0)).await.unwrap().is_empty());
    assert_eq!(store.summary().await.unwrap().revision, 0);
}

pub async fn a_task_is_claimed_once_in_its_time(store: &Store) {
    const EVERY: i64 = 300;
    let claim = async |task: &str, project, seconds| {
        let now = at(seconds);
        let not_since = at(seconds - EVERY);
        let claimed = store.claim_task(task, project, not_since, now).await;
        claimed.unwrap()
    };
    let everywhere = ProjectId(0);
    assert!(claim("wake", everywhere, 0).await, "never run before");
    assert!(!claim("wake", everywhere, 0).await);
    assert!(!claim("wake", everywhere, EVERY - 1).await);
    // A claim that was refused moves nothing.
    assert!(claim("wake", everywhere, EVERY).await, "exactly in time");
    assert!(!claim("wake", everywhere, EVERY + 1).await);
    assert!(claim("wake", SHOP, 1).await, "another project");
    assert!(claim("wake", FORGE, 1).await, "another project");
    assert!(claim("sleep", everywhere, 1).await, "another task");
    assert!(!claim("wake", SHOP, 2).await);
}

pub async fn of_many_that_claim_a_task_at_once_one_gets_it(store: &Store) {
    const ROUNDS: i64 = 10;
    // A SQLite file has one writing process; a server has many.
    let second = match store.backend() {
        Backend::Sqlite(_) => None,
        Backend::Postgres(_) => Some(
            Store::open(&address_of(store), Access::ReadWrite)
                .await
                .unwrap(),
        ),
    };
    let processes = [store, second.as_ref().unwrap_or(store)];
    for round in 0..ROUNDS {
        let now = at(round * 60);
        let claims = processes
            .iter()
            .cycle()
            .take(8)
            .map(|process| process.claim_task("wake", ProjectId(0), at(round * 60 - 60), now));
        let claims = futures_util::future::join_all(claims).await;
        let given = claims.into_iter().filter(|claim| *claim.as_ref().unwrap());
        assert_eq!(given.count(), 1, "round {round}");
    }
    if let Some(second) = second {
        second.close().await;
    }
}

async fn put_into_inbox(store: &Store, issue: IssueId, since: DateTime<Utc>) {
    let since = instant(store, since);
    let sql =
        format!("INSERT INTO issue_inbox (issue_id, reason, since) VALUES ({issue}, 0, {since})");
    execute(store, &sql).await;
}

pub async fn old_rows_leave_the_inbox_and_lists_notice(store: &Store) {
    let titles = ["old", "at the time", "new", "not there"];
    let issues = titles.map(|title| issue(SHOP, title, at(0))).to_vec();
    let ids = open_issues(store, issues).await;
    put_into_inbox(store, ids[0], at(-1)).await;
    put_into_inbox(store, ids[1], at(0)).await;
    put_into_inbox(store, ids[2], at(1)).await;
    let everything = Plan::everything();
    let before = store.summary().await.unwrap().revision;

    assert_eq!(store.clear_inbox(at(0)).await.unwrap(), 1);
    assert_eq!(store.summary().await.unwrap().revision, before + 1);
    let changes = store
        .issue_changes(&everything, &Held::of(before, 4))
        .await
        .unwrap();
    assert_eq!(
        (changes.added, changes.changed, changes.left),
        (0.0, 1.0, 0.0)
    );
    let touched = format!("SELECT revision FROM issue WHERE id = {}", ids[0]);
    assert_eq!(number(store, &touched).await, before + 1);
    let rows = store.issue_rows(&ids, at(0)).await.unwrap();
    let reasons: Vec<_> = rows.iter().map(|row| row.inbox_reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("new"), Some("new"), None]);

    assert_eq!(store.clear_inbox(at(0)).await.unwrap(), 0);
    assert_eq!(store.summary().await.unwrap().revision, before + 1);
    assert_eq!(store.clear_inbox(at(2)).await.unwrap(), 2);
    assert_eq!(number(store, "SELECT count(*) FROM issue_inbox").await, 0);
}

/// A statement that adds a row for each number up to 2 500, which it calls `i`.
fn many(insert: &str, values: &str) -> String {
    format!(
        "{insert} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
         SELECT {values} FROM n"
    )
}

pub async fn a_full_inbox_is_cleared_whole(store: &Store) {
    let old = instant(store, at(-1));
    let new = instant(store, at(1));
    let since = format!("CASE WHEN i <= 2400 THEN {old} ELSE {new} END");
    let sql = many(
        "INSERT INTO issue_inbox (issue_id, reason, since)",
        &format!("i, 0, {since}"),
    );
    execute(store, &sql).await;
    assert_eq!(store.clear_inbox(at(0)).await.unwrap(), 2_400);
    assert_eq!(number(store, "SELECT count(*) FROM issue_inbox").await, 100);
}

async fn mark(store: &Store, message: &str, at: DateTime<Utc>) {
    let at = instant(store, at);
    let sql = format!(
        "INSERT INTO message_mark (project_id, message_id, marked_at) VALUES (1, '{message}', {at})"
    );
    execute(store, &sql).await;
}

async fn count_up(store: &Store, key: &str, expires_at: DateTime<Utc>) {
    let expires_at = instant(store, expires_at);
    let sql =
        format!("INSERT INTO counter (key, count, expires_at) VALUES ('{key}', 3, {expires_at})");
    execute(store, &sql).await;
}

pub async fn what_is_over_is_forgotten_to_the_microsecond(store: &Store) {
    mark(store, "over", at(-300)).await;
    mark(store, "still known", just_after(at(-300))).await;
    count_up(store, "over", at(0)).await;
    count_up(store, "b", just_after(at(0))).await;
    count_up(store, "B", at(600)).await;

    let row = |key: &str, expires_at| CounterRow {
        key: key.to_owned(),
        count: 3,
        expires_at,
    };
    let known = [row("B", at(600)), row("b", just_after(at(0)))];
    assert_eq!(store.counters(at(0)).await.unwrap(), known);
    let revision = store.summary().await.unwrap().revision;
    store.forget_expired(at(0)).await.unwrap();
    assert_eq!(store.counters(at(0)).await.unwrap(), known);
    assert_eq!(number(store, "SELECT count(*) FROM counter").await, 2);
    let left = "SELECT count(*) FROM message_mark WHERE message_id = 'still known'";
    assert_eq!(number(store, left).await, 1);
    assert_eq!(number(store, "SELECT count(*) FROM message_mark").await, 1);
    // Nothing that a list shows has changed.
    assert_eq!(store.summary().await.unwrap().revision, revision);
}

pub async fn much_that_is_over_is_forgotten_whole(store: &Store) {
    let old = instant(store, at(-900));
    let insert = "INSERT INTO message_mark (project_id, message_id, marked_at)";
    execute(store, &many(insert, &format!("1, 'm' || i, {old}"))).await;
    let insert = "INSERT INTO counter (key, count, expires_at)";
    let spread = match store.backend() {
        Backend::Sqlite(_) => format!("{old} + i"),
        Backend::Postgres(_) => format!("{old} + i * interval '1 microsecond'"),
    };
    execute(store, &many(insert, &format!("'c' || i, 1, {spread}"))).await;
    mark(store, "still known", at(0)).await;
    count_up(store, "still counting", at(1)).await;
    store.forget_expired(at(0)).await.unwrap();
    assert_eq!(number(store, "SELECT count(*) FROM message_mark").await, 1);
    assert_eq!(number(store, "SELECT count(*) FROM counter").await, 1);
}

pub async fn the_next_issue_follows_the_number_that_was_set(store: &Store) {
    let short_ids = async |titles: &[&str]| {
        let issues = titles.iter().map(|title| issue(SHOP, title, at(0)));
        let ids = open_issues(store, issues.collect()).await;
        let rows = store.issue_rows(&ids, at(0)).await.unwrap();
        rows.into_iter().map(|row| row.short_id).collect::<Vec<_>>()
    };
    store.set_short_id_counter(SHOP, 32).await.unwrap();
    assert_eq!(
        short_ids(&["a", "b"]).await,
        ["PROJECT-1-11", "PROJECT-1-12"]
    );
    store.set_short_id_counter(SHOP, 63).await.unwrap();
    assert_eq!(short_ids(&["c"]).await, ["PROJECT-1-20"]);
    let counters = number(store, "SELECT count(*) FROM short_id_counter").await;
    assert_eq!(counters, 1);
}

//! What a selection of everything in a list means by the time something is done with it.

use super::desk::Desk;
use chrono::{DateTime, TimeDelta, Utc};
use picket_core::engine::desk::{self, Chosen, LeftOut, Listed, Lists, Selected};
use picket_core::engine::find::{self, Asker};
use picket_core::model::IssueId;
use picket_core::store::Store;
use picket_core::view::{
    BulkReport, Count, ExportFormat, ExportOptions, ExportRedaction, ExportTimes, ExportWhat,
    IssueChange, IssueOrder, IssueSnapshot, JournalWanted, Selection, SelectionSummary, SkipReason,
    SkippedCount,
};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const OPEN: &str = "is:unresolved";

fn asker(at: &Desk) -> Asker<'_> {
    Asker {
        directory: &at.directory,
        me: at.actor,
    }
}

/// Reads a list as the window does.
async fn listed(at: &Desk, query: &str) -> IssueSnapshot {
    find::snapshot(&*at.store, query, IssueOrder::default(), asker(at), at.now)
        .await
        .unwrap()
}

async fn kept(at: &Desk, lists: &Lists<Store>, query: &str) -> IssueSnapshot {
    let mut snapshot = listed(at, query).await;
    lists.keep(&at.store, query, &mut snapshot);
    snapshot
}

fn all_of(query: &str, snapshot: &IssueSnapshot, except: &[i64]) -> Selection {
    Selection::Query {
        query: query.to_owned(),
        as_of: snapshot.revision.clone(),
        list: snapshot.list.clone(),
        except: except.iter().map(ToString::to_string).collect(),
    }
}

/// What has changed since a list was read: what came, changed and left.
async fn moved(
    at: &Desk,
    lists: &Lists<Store>,
    (query, list): (&str, &IssueSnapshot),
    now: DateTime<Utc>,
) -> [Count; 3] {
    let name = list.list.as_deref().unwrap();
    let held = lists.held(&at.store, query, name);
    let since = (
        list.revision.parse().unwrap(),
        list.ids.len() as u64,
        held.as_deref().and_then(Listed::whole),
    );
    let moved = find::changes(&*at.store, query, since, asker(at), now).await;
    let moved = moved.unwrap();
    [moved.added, moved.changed, moved.left]
}

pub async fn a_list_tells_what_came_from_what_left(at: &mut Desk) {
    let lists = Lists::default();
    at.update(&[2], json!({"status": "resolved"})).await;
    let list = kept(at, &lists, OPEN).await;
    let open = (OPEN, &list);
    assert_eq!(moved(at, &lists, open, at.now).await, [0.0, 0.0, 0.0]);
    at.update(&[1], json!({"status": "resolved"})).await;
    assert_eq!(moved(at, &lists, open, at.now).await, [0.0, 0.0, 1.0]);
    // By their number alone it would look as if one had changed.
    at.update(&[2], json!({"status": "unresolved"})).await;
    assert_eq!(moved(at, &lists, open, at.now).await, [1.0, 0.0, 1.0]);
    at.update(&[3], json!({"priority": "high"})).await;
    assert_eq!(moved(at, &lists, open, at.now).await, [1.0, 1.0, 1.0]);
    let unkept = moved(at, &Lists::default(), open, at.now).await;
    assert_eq!(unkept, [0.0, 2.0, 0.0]);
}

pub async fn a_list_tells_what_time_alone_has_changed(at: &mut Desk) {
    const LATELY: &str = "last_seen:-30d";
    const BEFORE: &str = "last_seen:+30d";
    let lists = Lists::default();
    let recent = kept(at, &lists, LATELY).await;
    let old = kept(at, &lists, BEFORE).await;
    let count = recent.total;
    assert!(count > 0.0, "nothing was seen lately");
    let much_later = at.now + TimeDelta::days(400);
    let of = async |query, list, now| moved(at, &lists, (query, list), now).await;
    assert_eq!(of(LATELY, &recent, at.now).await, [0.0, 0.0, 0.0]);
    assert_eq!(of(LATELY, &recent, much_later).await, [0.0, 0.0, count]);
    assert_eq!(of(BEFORE, &old, much_later).await, [count, 0.0, 0.0]);
    // What does not ask for the present is not moved by it.
    let open = kept(at, &lists, OPEN).await;
    assert_eq!(of(OPEN, &open, much_later).await, [0.0, 0.0, 0.0]);
}

/// What a selection means, ascending, and what is left out.
async fn means(at: &Desk, chosen: &Chosen<'_>) -> (Vec<i64>, Vec<(i64, LeftOut)>) {
    let selected = desk::selected(&*at.store, chosen, asker(at), at.now).await;
    let Selected { ids, left_out, .. } = selected.unwrap();
    let mut ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    let mut left_out: Vec<_> = left_out.into_iter().map(|(id, why)| (id.0, why)).collect();
    left_out.sort_unstable_by_key(|(id, _)| *id);
    (ids, left_out)
}

/// The issues of an export of a selection, ascending.
async fn exported(at: &Desk, chosen: &Chosen<'_>) -> Vec<i64> {
    let options = ExportOptions {
        what: ExportWhat::Issues,
        format: ExportFormat::Ndjson,
        columns: vec!["id".to_owned()],
        header: true,
        bom: false,
        separator: ",".to_owned(),
        formula_guard: true,
        times: ExportTimes::default(),
        zone: None,
        sort: IssueOrder::default(),
        redact: ExportRedaction::default(),
        view: None,
    };
    let text = desk::to_text(
        &*at.store,
        &chosen.clone().into(),
        &options,
        asker(at),
        at.now,
    )
    .await;
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["id"].to_string().trim_matches('"').parse().unwrap()
    };
    let mut ids: Vec<i64> = text.unwrap().lines().map(row).collect();
    ids.sort_unstable();
    ids
}

async fn summary(at: &Desk, chosen: &Chosen<'_>) -> SelectionSummary {
    let delay = at.rules.purge_delay;
    desk::summary(&*at.store, chosen, asker(at), delay, at.now)
        .await
        .unwrap()
}

async fn carried_out(at: &Desk, chosen: &Chosen<'_>, change: IssueChange) -> BulkReport {
    let selected = desk::selected(&*at.store, chosen, asker(at), at.now).await;
    let (context, cancel) = (at.context(), CancellationToken::new());
    let selected = selected.unwrap();
    desk::bulk_change(&*at.store, &selected, change, &context, |_| {}, &cancel)
        .await
        .unwrap()
}

fn counted(reasons: &[SkippedCount]) -> Vec<(SkipReason, Count)> {
    reasons.iter().map(|it| (it.reason, it.issues)).collect()
}

pub async fn what_came_to_match_later_is_not_taken_in(at: &mut Desk) {
    let lists = Lists::default();
    let snapshot = kept(at, &lists, OPEN).await;
    let selection = all_of(OPEN, &snapshot, &[7]);
    let chosen = || lists.chosen(&at.store, &selection);
    assert_eq!(means(at, &chosen()).await, (vec![1, 2, 3, 10], vec![]));
    // An issue that is older than the list comes back, and one of the list changes.
    at.update(&[5], json!({"status": "unresolved"})).await;
    at.update(&[2], json!({"priority": "high"})).await;
    assert_eq!(listed(at, OPEN).await.total, 6.0);
    assert_eq!(means(at, &chosen()).await, (vec![1, 2, 3, 10], vec![]));
    assert_eq!(exported(at, &chosen()).await, [1, 2, 3, 10]);
    let report = carried_out(at, &chosen(), IssueChange::Resolve).await;
    assert_eq!((report.changed, report.skipped_total), (4.0, 0.0));
    assert_eq!((at.stand(5).await.0, at.stand(7).await.0), (0, 0));
}

pub async fn the_journal_tells_the_search_and_every_issue(at: &mut Desk) {
    let snapshot = listed(at, OPEN).await;
    let selection = all_of(OPEN, &snapshot, &[7]);
    let chosen = Chosen::from(&selection);
    let report = carried_out(at, &chosen, IssueChange::Resolve).await;
    let opened = desk::opened(&*at.store, IssueId(7), &at.context()).await;
    assert_eq!(opened.unwrap().changed, 1.0);
    let journal = async |wanted: JournalWanted| {
        let (store, directory) = (&*at.store, &at.directory);
        desk::journal(store, &wanted, (None, 9), directory, at.now)
            .await
            .unwrap()
    };
    let all = journal(JournalWanted::default()).await;
    assert_eq!(all.len(), 2);
    assert!(all[0].automatic && !all[1].automatic);
    assert_eq!(
        (all[0].query.as_deref(), all[1].query.as_deref()),
        (None, Some(OPEN))
    );
    let took = (all[0].took_ms, all[1].took_ms.is_some());
    assert_eq!(took, (None, true), "nobody waited for the first");
    // What is undone next is what was done on purpose.
    let by_hand = JournalWanted {
        by_hand: true,
        ..JournalWanted::default()
    };
    let entries = journal(by_hand).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(Some(&entries[0].id), report.journal.as_ref());
    let words = |words: &str| JournalWanted {
        words: words.to_owned(),
        ..JournalWanted::default()
    };
    assert_eq!(journal(words("UNRESOLVED resolve")).await.len(), 1);
    let short_ids = desk::short_ids(&*at.store, &[IssueId(7)], at.now).await;
    let short_id = &short_ids.unwrap()[&IssueId(7)];
    let of_issue = journal(words(short_id)).await;
    assert_eq!((of_issue.len(), of_issue[0].automatic), (1, true));
    let entry = report.journal.unwrap().parse().unwrap();
    let page = async |after| {
        let issues = desk::journal_issues(&*at.store, entry, (IssueId(after), 3), at.now).await;
        let issues = issues.unwrap().into_iter();
        issues
            .map(|issue| (issue.id, issue.title.is_some(), issue.undone))
            .collect::<Vec<_>>()
    };
    let issue = |id: &str| (id.to_owned(), true, false);
    assert_eq!(page(0).await, [issue("1"), issue("2"), issue("3")]);
    assert_eq!(page(3).await, [issue("10")]);
    assert_eq!(page(10).await, []);
}

pub async fn what_dropped_out_is_left_alone_and_reported(at: &mut Desk) {
    let lists = Lists::default();
    let snapshot = kept(at, &lists, OPEN).await;
    let selection = all_of(OPEN, &snapshot, &[]);
    let chosen = || lists.chosen(&at.store, &selection);
    at.update(&[1], json!({"status": "resolved"})).await;
    at.update(&[2], json!({"status": "ignored"})).await;
    at.delete(&[3]).await;
    let left_out = vec![
        (1, LeftOut::Resolved),
        (2, LeftOut::Archived),
        (3, LeftOut::Gone),
    ];
    assert_eq!(means(at, &chosen()).await, (vec![7, 10], left_out));
    let numbers = summary(at, &chosen()).await;
    assert_eq!(numbers.issues, 2.0);
    let reasons = [
        (SkipReason::Gone, 1.0),
        (SkipReason::ResolvedMeanwhile, 1.0),
        (SkipReason::ArchivedMeanwhile, 1.0),
    ];
    assert_eq!(counted(&numbers.left_out), reasons);

    let report = carried_out(at, &chosen(), IssueChange::ArchiveForever).await;
    assert_eq!((report.changed, report.skipped_total), (2.0, 3.0));
    assert_eq!(counted(&report.reasons), reasons);
    let words: Vec<_> = report.skipped.iter().map(|it| &*it.reason).collect();
    assert!(words.contains(&"it was resolved meanwhile"), "{words:?}");
    // The resolved one is no archived one.
    assert_eq!((at.stand(1).await.0, at.stand(7).await.0), (1, 2));
}

pub async fn what_no_longer_matches_otherwise_is_reported_as_that(at: &mut Desk) {
    let lists = Lists::default();
    let query = "is:unresolved is:assigned";
    let snapshot = kept(at, &lists, query).await;
    let selection = all_of(query, &snapshot, &[]);
    assert_eq!(snapshot.ids, ["3"]);
    at.update(&[3], json!({"assignedTo": ""})).await;
    at.update(&[1], json!({"assignedTo": "ben"})).await;
    let chosen = lists.chosen(&at.store, &selection);
    assert_eq!(
        means(at, &chosen).await,
        (vec![], vec![(3, LeftOut::NoMatch)])
    );
    let report = carried_out(at, &chosen, IssueChange::Resolve).await;
    assert_eq!((report.changed, report.skipped_total), (0.0, 1.0));
    assert_eq!(report.journal, None);
    assert_eq!(at.stand(1).await.0, 0);
}

pub async fn without_its_list_what_has_changed_is_left_out(at: &mut Desk) {
    let snapshot = listed(at, OPEN).await;
    let selection = all_of(OPEN, &snapshot, &[]);
    at.update(&[5], json!({"status": "unresolved"})).await;
    at.update(&[2], json!({"priority": "high"})).await;
    let lists = Lists::default();
    let chosen = lists.chosen(&at.store, &selection);
    let unsure = vec![(2, LeftOut::Unsure), (5, LeftOut::Unsure)];
    assert_eq!(means(at, &chosen).await, (vec![1, 3, 7, 10], unsure));
    // An export changes nothing: it would rather have one too many than lack what happens right now.
    assert_eq!(exported(at, &chosen).await, [1, 2, 3, 5, 7, 10]);
    let numbers = summary(at, &chosen).await;
    assert_eq!(counted(&numbers.left_out), [(SkipReason::Unsure, 2.0)]);
}

pub async fn beyond_the_end_of_its_list_what_has_changed_is_left_out(at: &mut Desk) {
    let lists = Lists::default();
    let mut snapshot = listed(at, OPEN).await;
    // As if it were too long: it knows of issues that it does not name.
    snapshot.ids.retain(|id| id == "2" || id == "3");
    lists.keep(&at.store, OPEN, &mut snapshot);
    let selection = all_of(OPEN, &snapshot, &[]);
    at.update(&[2, 7], json!({"priority": "high"})).await;
    at.update(&[3], json!({"status": "resolved"})).await;
    let chosen = lists.chosen(&at.store, &selection);
    let left_out = vec![(3, LeftOut::Resolved), (7, LeftOut::Unsure)];
    assert_eq!(means(at, &chosen).await, (vec![1, 2, 10], left_out));
}

pub async fn a_list_of_another_store_says_nothing(at: &mut Desk) {
    let lists = Lists::default();
    let other = Arc::new(
        Store::open("sqlite::memory:", picket_core::store::Access::ReadWrite)
            .await
            .unwrap(),
    );
    let mut snapshot = listed(at, OPEN).await;
    lists.keep(&other, OPEN, &mut snapshot);
    let selection = all_of(OPEN, &snapshot, &[]);
    at.update(&[2], json!({"priority": "high"})).await;
    let chosen = lists.chosen(&at.store, &selection);
    let unsure = vec![(2, LeftOut::Unsure)];
    assert_eq!(means(at, &chosen).await, (vec![1, 3, 7, 10], unsure));
}

pub async fn a_summary_says_how_old_and_how_new_it_is(at: &mut Desk) {
    let ids = ["1", "3", "10"].map(str::to_owned).to_vec();
    let selection = Selection::Some { ids };
    let chosen = Chosen::from(&selection);
    let numbers = summary(at, &chosen).await;
    let time = |text: &str| {
        let time: chrono::DateTime<chrono::Utc> = text.parse().unwrap();
        Some(picket_core::view::millis(time))
    };
    assert_eq!(numbers.newest, time("2024-06-01T11:00:00Z"));
    assert_eq!(numbers.oldest, time("2024-05-21T10:00:00Z"));
    assert_eq!((numbers.never_read, numbers.ignore_rules), (3.0, 3.0));
    at.update(&[1], json!({"hasSeen": true})).await;
    at.update(&[3], json!({"hasSeen": true})).await;
    at.update(&[3], json!({"hasSeen": false})).await;
    let numbers = summary(at, &chosen).await;
    assert_eq!((numbers.issues, numbers.never_read), (3.0, 2.0));
    let nothing = Selection::Some { ids: Vec::new() };
    let numbers = summary(at, &Chosen::from(&nothing)).await;
    assert_eq!((numbers.newest, numbers.oldest), (None, None));
    assert_eq!((numbers.never_read, numbers.ignore_rules), (0.0, 0.0));
}

pub async fn ids_that_are_gone_are_reported(at: &mut Desk) {
    at.delete(&[3]).await;
    let ids = ["1", "3", "77"].map(str::to_owned).to_vec();
    let selection = Selection::Some { ids };
    let chosen = Chosen::from(&selection);
    let numbers = summary(at, &chosen).await;
    assert_eq!(numbers.issues, 1.0);
    assert_eq!(counted(&numbers.left_out), [(SkipReason::Gone, 2.0)]);
    let report = carried_out(at, &chosen, IssueChange::Resolve).await;
    assert_eq!((report.changed, report.skipped_total), (1.0, 2.0));
    assert_eq!(counted(&report.reasons), [(SkipReason::Gone, 2.0)]);
}

/// The counts of a view: of everything it holds, and of what whoever acts has not seen since it happened again.
pub async fn a_view_counts_what_was_not_seen(at: &mut Desk) {
    let totals = async |at: &Desk, me| {
        let asker = Asker { me, ..asker(at) };
        find::totals(&*at.store, OPEN, asker, at.now).await.unwrap()
    };
    let all = totals(at, None).await.0;
    let unseen = totals(at, Some(1)).await.1.unwrap();
    at.update(&[1, 3], json!({"hasSeen": true})).await;
    assert_eq!(totals(at, Some(1)).await, (all, Some(unseen - 2)));
    assert_eq!(totals(at, None).await, (all, None));
    // It happened again after it was seen.
    at.execute("UPDATE issue SET active_at = (SELECT max(seen_at) FROM issue_seen) WHERE id = 3")
        .await;
    assert_eq!(totals(at, Some(1)).await, (all, Some(unseen - 1)));
    assert!(
        find::totals(&*at.store, "is:nowhere", asker(at), at.now)
            .await
            .is_err()
    );
}

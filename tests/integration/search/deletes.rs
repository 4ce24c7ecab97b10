//! Actions by query: acceptance cases of search spec, section 14, row `delete` (c) and (d), and `count_hits`.

use super::base::{self, ago, event, issue};
use super::generate::now;
use super::shelf::{Place, Shelf, search};
use picket_core::engine::bulk::{self, Context, MOST_BY_ID, Origin, Rules};
use picket_core::engine::find::{Deed, FindError, ListRequest, Reach, action_hits, count_hits};
use picket_core::model::{IssueId, ProjectId};
use picket_tests::rows::format::Data;
use picket_tests::rows::look;

async fn named(shelf: &Shelf, request: &ListRequest) -> Vec<i64> {
    named_for(shelf, request, (Reach::Action, Deed::Update))
        .await
        .unwrap()
}

async fn named_for(
    shelf: &Shelf,
    request: &ListRequest,
    how: (Reach, Deed),
) -> Result<Vec<i64>, FindError> {
    let hits = action_hits(&*shelf.store, request, how, shelf.asker(), now()).await?;
    Ok(hits.ids().iter().map(|id| id.0).collect())
}

/// Deletes what a query names.
async fn delete(shelf: &Shelf, request: &ListRequest) {
    let how = (Reach::Action, Deed::Delete);
    let found = named_for(shelf, request, how).await.unwrap();
    let ids: Vec<IssueId> = found.into_iter().take(MOST_BY_ID).map(IssueId).collect();
    let projects: Vec<ProjectId> = request.project.iter().copied().map(ProjectId).collect();
    let scope = bulk::Scope {
        projects: &projects,
        ids: &ids,
    };
    let context = Context {
        now: now(),
        actor: shelf.data.acting_member,
        directory: &shelf.directory,
        rules: Rules::default(),
        origin: Origin::default(),
    };
    bulk::delete(&*shelf.store, scope, &context).await.unwrap();
}

async fn pending(shelf: &Shelf) -> Vec<i64> {
    let sql = "SELECT id FROM issue WHERE status = 3 ORDER BY id";
    look::numbers(&shelf.store, sql).await.unwrap()
}

/// (c) and `count_hits`: a thousand at once, though a list counts on and an export counts all.
pub async fn a_delete_by_query_takes_the_first_thousand(place: &Place) {
    const COUNT: i64 = 1_500;
    let data = Data {
        issues: (1..=COUNT).map(|id| issue(id, id)).collect(),
        // Those without events count as if one stood at their last sighting.
        events: (1..=50).map(|id| event(id, id, id)).collect(),
        ..base::empty()
    };
    let shelf = place.shelf(data).await;
    let list = shelf.list(&search("")).await.unwrap();
    assert_eq!(list.hits, Some(1_000));
    let last = ListRequest {
        cursor: Some(format!("{}:0:0", ago(1_450).timestamp_millis())),
        ..search("")
    };
    let list = shelf.list(&last).await.unwrap();
    assert_eq!(
        (list.issues.len(), list.hits, list.next.results),
        (51, Some(1_000), false)
    );
    let all = count_hits(&*shelf.store, &search(""), shelf.asker(), now()).await;
    assert_eq!(all.unwrap(), 1_500);
    delete(&shelf, &search("")).await;
    let first: Vec<i64> = (1..=1_000).collect();
    assert_eq!(pending(&shelf).await, first);
    let untouched = "SELECT count(*) FROM issue WHERE status = 0 AND substatus = 3 AND id > 1000";
    assert_eq!(
        look::number(&shelf.store, untouched).await.unwrap(),
        Some(500)
    );
    let list = shelf.list(&search("")).await.unwrap();
    assert_eq!(list.hits, Some(500));
}

/// (d): without a query only what the default query finds, in the selected projects.
pub async fn a_delete_without_a_query_takes_what_a_list_shows(place: &Place) {
    let shelf = base::shelf(place).await;
    let request = ListRequest {
        project: vec![1],
        ..ListRequest::default()
    };
    assert_eq!(named(&shelf, &request).await, [1, 2]);
    delete(&shelf, &request).await;
    assert_eq!(pending(&shelf).await, [1, 2]);
    assert_eq!(shelf.found("").await, [3, 4, 5, 10]);
    // What is on its way is not found again.
    assert_eq!(named(&shelf, &request).await, [0_i64; 0]);
}

/// Where an action names no time it is about the window of a search (section 5.2): 90 days and a minute ahead. Whoever
/// chose among all issues acts on all.
pub async fn an_action_has_the_window_of_a_search(place: &Place) {
    const DAY: i64 = 24 * 60;
    let minutes_ago = [89 * DAY, 91 * DAY, 0, -2];
    let places = || (1..).zip(minutes_ago);
    let data = Data {
        issues: places().map(|(id, ago)| issue(id, ago)).collect(),
        events: places().map(|(id, ago)| event(id, id, ago)).collect(),
        ..base::empty()
    };
    let shelf = place.shelf(data).await;
    let all = async |reach| {
        let how = (reach, Deed::Delete);
        let mut ids = named_for(&shelf, &search(""), how).await.unwrap();
        ids.sort_unstable();
        ids
    };
    assert_eq!(all(Reach::Action).await, [1, 3]);
    assert_eq!(all(Reach::Always).await, [1, 2, 3, 4]);
}

/// An action has no step before the search.
pub async fn what_a_list_refuses_an_action_refuses(place: &Place) {
    let shelf = base::shelf(place).await;
    let refused = async |request: &ListRequest| {
        let named = named_for(&shelf, request, (Reach::Action, Deed::Update)).await;
        named.unwrap_err().code().unwrap()
    };
    let sorted = |query: &str, sort: &str| ListRequest {
        sort: Some(sort.to_owned()),
        ..search(query)
    };
    assert_eq!(refused(&search("is:wrong")).await, "is_unknown");
    assert_eq!(refused(&sorted("", "meow")).await, "sort_unknown");
    assert_eq!(
        refused(&sorted("is:unresolved", "inbox")).await,
        "inbox_only"
    );
    assert_eq!(
        named(&shelf, &sorted("is:unresolved is:for_review", "inbox")).await,
        [0_i64; 0]
    );
    assert_eq!(named(&shelf, &sorted("", "new")).await, [3, 4, 5, 10, 1, 2]);
    let inbox = sorted("is:unresolved is:for_review", "inbox");
    let deleted = named_for(&shelf, &inbox, (Reach::Action, Deed::Delete)).await;
    assert!(matches!(deleted, Err(FindError::Parameter(bad)) if bad.parameter == "sort"));
    let id = &shelf.data.events[0].event_id;
    assert_eq!(named(&shelf, &search(id)).await, [0_i64; 0]);
}

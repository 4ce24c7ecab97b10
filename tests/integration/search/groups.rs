//! The window's list in groups.

use super::base::base;
use super::shelf::{Place, Shelf};
use picket_core::engine::find;
use picket_core::model::IssueId;
use picket_core::view::{IssueGrouping, IssueOrder};

/// Key, events and issues of each group of a search, whichever was seen last first.
async fn groups(
    shelf: &Shelf,
    query: &str,
    grouping: IssueGrouping,
) -> Vec<(Option<String>, u64, Vec<i64>)> {
    let (order, now) = ((grouping, IssueOrder::default()), shelf.data.now);
    let found = find::grouped_snapshot(&*shelf.store, query, order, shelf.asker(), now).await;
    let snapshot = found.unwrap();
    let whole = |number: f64| number.to_string().parse::<u64>().unwrap();
    let mut ids = snapshot.ids.iter().map(|id| id.parse().unwrap());
    let groups = snapshot.groups.into_iter().map(|group| {
        let count = usize::try_from(whole(group.issues)).unwrap();
        let issues: Vec<i64> = ids.by_ref().take(count).collect();
        assert_eq!(issues.len(), count);
        (group.key, whole(group.events), issues)
    });
    let groups: Vec<_> = groups.collect();
    assert_eq!(ids.next(), None, "every issue is in a group");
    groups
}

/// Each search has the issues of the list without groups, whatever it asks for.
pub async fn a_search_comes_in_groups(place: &Place) {
    let mut data = base();
    let of_cart = data.events.iter_mut();
    for event in of_cart.filter(|event| event.issue.is_some_and(|issue| issue <= 2)) {
        event.tags.insert("service".to_owned(), "cart".to_owned());
    }
    let shelf = place.shelf(data).await;
    let named = |key: &str| Some(key.to_owned());
    for (query, grouping, expected) in [
        (
            "",
            IssueGrouping::Project,
            vec![
                (named("foo"), 8, vec![1, 2, 3, 4, 5]),
                (named("bar"), 1, vec![10]),
            ],
        ),
        (
            "",
            IssueGrouping::Service,
            vec![(named("cart"), 5, vec![1, 2]), (None, 4, vec![3, 4, 5, 10])],
        ),
        (
            "is:unresolved",
            IssueGrouping::Project,
            vec![
                (named("foo"), 6, vec![1, 2, 5]),
                (named("bar"), 1, vec![10]),
            ],
        ),
        (
            "browser:Chrome",
            IssueGrouping::Level,
            vec![(named("error"), 5, vec![1, 2])],
        ),
        (
            "times_seen:>=2",
            IssueGrouping::FirstSeenDay,
            vec![
                (named("2024-06-01"), 2, vec![1]),
                (named("2024-05-29"), 3, vec![2]),
            ],
        ),
        (
            "is:resolved OR times_seen:>=3",
            IssueGrouping::Assignee,
            vec![(None, 4, vec![2, 3])],
        ),
        ("message:nowhere", IssueGrouping::Release, vec![]),
    ] {
        assert_eq!(
            groups(&shelf, query, grouping).await,
            expected,
            "{query:?} {grouping:?}"
        );
    }
}

/// A header sums what the rows of its issues show, of those that the search finds.
pub async fn a_header_shows_the_trend_of_what_was_found(place: &Place) {
    let shelf = place.shelf(base()).await;
    let (store, now) = (&*shelf.store, shelf.data.now);
    let grouping = IssueGrouping::Project;
    for query in [
        "",
        "is:unresolved",
        "browser:Chrome",
        "times_seen:>=2",
        "message:nowhere",
    ] {
        let found = groups(&shelf, query, grouping).await;
        let keys: Vec<_> = found.iter().map(|(key, ..)| key.clone()).collect();
        let asked = (grouping, &keys[..]);
        let trends = find::group_trends(store, query, asked, shelf.asker(), now).await;
        let trends = trends.unwrap();
        assert_eq!(trends.len(), found.len());
        for ((key, _, issues), trend) in found.iter().zip(trends) {
            let ids: Vec<_> = issues.iter().map(|&id| IssueId(id)).collect();
            let rows = find::rows(store, &ids, None, now).await.unwrap();
            let bar = |hour: usize| rows.iter().map(|row| row.trend[hour]).sum();
            let expected: Vec<f64> = (0..24).map(bar).collect();
            assert_eq!(trend, expected, "{query:?} {key:?}");
        }
    }
    let keys = [None];
    let refused = (grouping, &keys[..]);
    let refused = find::group_trends(store, "is:wrong", refused, shelf.asker(), now).await;
    assert!(matches!(refused, Err(find::FindError::Query(_))));
}

/// What cannot be understood is refused as in any list.
pub async fn a_text_without_sense_has_no_groups(place: &Place) {
    let shelf = place.shelf(base()).await;
    let order = (IssueGrouping::Level, IssueOrder::default());
    let (store, now) = (&*shelf.store, shelf.data.now);
    let refused = find::grouped_snapshot(store, "is:wrong", order, shelf.asker(), now).await;
    assert!(
        matches!(refused, Err(find::FindError::Query(_))),
        "{refused:?}"
    );
}

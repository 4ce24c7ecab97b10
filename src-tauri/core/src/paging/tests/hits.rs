use super::*;
use std::convert::Infallible;

/// Finds hits in a list of `length` rows; second, up to where rows were counted, if they were.
async fn find(plan: Hits, length: i64) -> (Option<i64>, Option<i64>) {
    let mut counted = None;
    let hits = plan
        .find(async |at_most| {
            counted = Some(at_most);
            Ok::<_, Infallible>(length.min(at_most))
        })
        .await;
    let hits = hits.unwrap();
    assert_eq!(plan.of_length(length), hits);
    (hits, counted)
}

#[tokio::test]
async fn hits_are_counted_up_to_a_bound() {
    for (max_hits, length, hits) in [
        (Some(1000), 2, 2),
        (Some(1), 2, 1),
        (None, 999, 999),
        (None, 1000, 1000),
        (None, 1001, 1000),
        (Some(5000), 2000, 2000),
        (Some(7), 0, 0),
    ] {
        let found = find(Hits::plan(true, max_hits, false), length).await;
        assert_eq!(
            found,
            (Some(hits), Some(max_hits.unwrap_or(1000))),
            "{max_hits:?}"
        );
    }
}

#[tokio::test]
async fn what_is_known_is_not_counted() {
    assert_eq!(
        find(Hits::plan(true, Some(0), false), 2).await,
        (Some(0), None)
    );
    assert_eq!(find(Hits::plan(true, None, true), 2).await, (Some(0), None));
}

#[tokio::test]
async fn hits_nobody_asked_for_are_absent() {
    assert_eq!(find(Hits::plan(false, None, false), 2).await, (None, None));
    assert_eq!(
        find(Hits::plan(false, Some(0), true), 2).await,
        (None, None)
    );
}

#[tokio::test]
async fn a_backend_that_counts_on_changes_nothing() {
    let hits = Hits::plan(true, Some(3), false)
        .find(async |_| Ok::<_, Infallible>(50))
        .await;
    assert_eq!(hits, Ok(Some(3)));
}

#[tokio::test]
async fn an_error_of_counting_is_passed_on() {
    let hits = Hits::plan(true, None, false)
        .find(async |_| Err::<i64, _>("no answer"))
        .await;
    assert_eq!(hits, Err("no answer"));
}

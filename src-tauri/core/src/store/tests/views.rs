//! Searches that people keep.

use super::support::execute;
use crate::store::{Store, ViewStore};
use crate::view::{IssueColumn, IssueGrouping, RowDensity, SavedView, ViewIcon};

pub async fn a_view_comes_back_as_it_was_saved(store: &Store) {
    use IssueGrouping as By;
    let orders = [
        ("last_seen", None),
        ("first_seen", Some(By::Level)),
        ("events", Some(By::FirstSeenDay)),
        ("users,last_seen:asc", Some(By::Project)),
        ("trends:asc,events,first_seen", Some(By::Service)),
        ("last_seen", Some(By::Release)),
        ("last_seen", Some(By::ErrorType)),
        ("last_seen", Some(By::Trace)),
        ("last_seen", Some(By::Assignee)),
        ("last_seen", Some(By::Label)),
    ];
    for (sort, grouping) in orders {
        let sort = sort.parse().unwrap();
        let new = SavedView {
            id: String::new(),
            name: "Night watch".to_owned(),
            query: "is:unresolved".to_owned(),
            sort,
            grouping,
            columns: None,
            density: None,
            follow: false,
            icon: None,
            position: 90,
            pinned: true,
        };
        let saved = store.save_view(None, &new).await.unwrap();
        let views = store.saved_views().await.unwrap();
        let found = views.iter().find(|view| view.id == saved.id).unwrap();
        assert_eq!((found.sort, found.grouping), (sort, grouping));
        assert_eq!(
            (&*found.name, &*found.query, found.position, found.pinned),
            ("Night watch", "is:unresolved", 90, true)
        );
    }
}

pub async fn the_columns_of_a_view_keep_their_order(store: &Store) {
    use IssueColumn as Is;
    let every = [
        Is::Size,
        Is::Traces,
        Is::Frame,
        Is::Topic,
        Is::Service,
        Is::LastRelease,
        Is::FirstRelease,
        Is::Release,
        Is::Environment,
        Is::Note,
        Is::Labels,
        Is::Platform,
        Is::Type,
        Is::Project,
        Is::Level,
        Is::Priority,
        Is::Status,
        Is::Assignee,
        Is::Last,
        Is::First,
        Is::Users,
        Is::Events,
        Is::Trend,
    ];
    // The views that come with a store have the columns of other lists.
    let views = store.saved_views().await.unwrap();
    assert!(!views.is_empty() && views.iter().all(|view| view.columns.is_none()));
    let first = views[0].clone();
    let id = Some(first.id.parse().unwrap());
    for columns in [
        Some(every.to_vec()),
        Some(vec![Is::Last]),
        Some(Vec::new()),
        None,
    ] {
        let changed = SavedView {
            columns: columns.clone(),
            ..first.clone()
        };
        let saved = store.save_view(id, &changed).await.unwrap();
        assert_eq!(saved, changed);
        assert_eq!(store.saved_views().await.unwrap()[0], changed);
    }
    // Those of a newer program, and what somebody wrote by hand.
    execute(
        store,
        "UPDATE saved_view SET columns = 'last,weather,last,,events' WHERE position = 0",
    )
    .await;
    let found = store.saved_views().await.unwrap().remove(0);
    assert_eq!(found.columns, Some(vec![Is::Last, Is::Events]));
}

pub async fn the_look_of_a_view_is_kept(store: &Store) {
    let first = store.saved_views().await.unwrap().remove(0);
    assert_eq!(
        (first.density, first.follow, first.icon),
        (None, false, None)
    );
    let id = Some(first.id.parse().unwrap());
    let densities = [
        RowDensity::Compact,
        RowDensity::Cosy,
        RowDensity::Comfortable,
    ];
    for density in densities {
        let changed = SavedView {
            density: Some(density),
            follow: true,
            ..first.clone()
        };
        store.save_view(id, &changed).await.unwrap();
        assert_eq!(store.saved_views().await.unwrap()[0], changed);
    }
    use ViewIcon as Is;
    let icons = [
        Is::Bug,
        Is::Flame,
        Is::Bell,
        Is::Clock,
        Is::User,
        Is::Star,
        Is::Shield,
        Is::Gauge,
        Is::Database,
        Is::Tag,
    ];
    for icon in icons.map(Some).into_iter().chain([None]) {
        let changed = SavedView {
            icon,
            ..first.clone()
        };
        store.save_view(id, &changed).await.unwrap();
        assert_eq!(store.saved_views().await.unwrap()[0], changed);
    }
    // What a newer program knows looks as other lists do.
    execute(
        store,
        "UPDATE saved_view SET icon = 'comet', density = 'airy' WHERE position = 0",
    )
    .await;
    let found = store.saved_views().await.unwrap().remove(0);
    assert_eq!((found.density, found.icon), (None, None));
}

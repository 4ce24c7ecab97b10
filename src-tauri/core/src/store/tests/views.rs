//! Searches that people keep.

use crate::store::{Store, ViewStore};
use crate::view::{IssueGrouping, SavedView};

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
        ("last_seen", Some(By::Assignee)),
    ];
    for (sort, grouping) in orders {
        let sort = sort.parse().unwrap();
        let new = SavedView {
            id: String::new(),
            name: "Night watch".to_owned(),
            query: "is:unresolved".to_owned(),
            sort,
            grouping,
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

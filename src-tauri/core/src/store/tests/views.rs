//! Searches that people keep.

use crate::store::{Store, ViewStore};
use crate::view::{IssueGrouping, IssueSort, SavedView};

pub async fn a_view_comes_back_as_it_was_saved(store: &Store) {
    use IssueGrouping as By;
    use IssueSort as Sort;
    let orders = [
        (Sort::LastSeen, None),
        (Sort::FirstSeen, Some(By::Level)),
        (Sort::Events, Some(By::FirstSeenDay)),
        (Sort::Users, Some(By::Project)),
        (Sort::Trends, Some(By::Service)),
        (Sort::LastSeen, Some(By::Release)),
        (Sort::LastSeen, Some(By::ErrorType)),
        (Sort::LastSeen, Some(By::Assignee)),
    ];
    for (sort, grouping) in orders {
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

//! Lists the window was given. A selection of everything in a list means what that list held (ux, section 7), and up to a
//! million ids do not cross the bridge again for it.

use crate::model::IssueId;
use crate::view::{IssueSnapshot, Selection};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Ids that are kept in all, 16 MB: two of the longest lists, or very many of the usual ones. The list that was used
/// longest ago goes first.
const MOST_IDS: usize = 2_000_000;

/// The lists that were lately read, for the selections made in them.
#[derive(Debug)]
pub struct Lists<S> {
    shelf: Mutex<Shelf<S>>,
    most_ids: usize,
}

#[derive(Debug)]
struct Shelf<S> {
    /// Lists that were ever kept.
    named: u64,
    /// The one used longest ago first.
    kept: VecDeque<Kept<S>>,
}

#[derive(Debug)]
struct Kept<S> {
    /// Ids of one store are others in the next.
    store: Weak<S>,
    query: String,
    name: String,
    list: Arc<Listed>,
}

/// What a list held.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// Ascending.
    ids: Vec<IssueId>,
    /// Whether these are all: a list has no more ids than [`crate::store::SNAPSHOT_CAP`].
    pub(super) is_whole: bool,
}

impl Listed {
    pub(super) fn contains(&self, id: IssueId) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    /// All its issues, ascending; nothing where it holds only a part of them.
    #[must_use]
    pub fn whole(&self) -> Option<&[IssueId]> {
        self.is_whole.then_some(&*self.ids)
    }

    /// Ascending.
    pub(super) fn ids(&self) -> impl Iterator<Item = IssueId> + '_ {
        self.ids.iter().copied()
    }
}

/// A selection, with the list it was made in where that is still known.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    pub(super) selection: &'a Selection,
    pub(super) list: Option<Arc<Listed>>,
}

impl<'a> From<&'a Selection> for Chosen<'a> {
    /// Without the list it was made in.
    fn from(selection: &'a Selection) -> Self {
        Self {
            selection,
            list: None,
        }
    }
}

impl<S> Default for Lists<S> {
    fn default() -> Self {
        Self::of_at_most(MOST_IDS)
    }
}

impl<S> Lists<S> {
    fn of_at_most(most_ids: usize) -> Self {
        let shelf = Shelf {
            named: 0,
            kept: VecDeque::new(),
        };
        Self {
            shelf: Mutex::new(shelf),
            most_ids,
        }
    }

    /// Keeps a list of `store` that was read for `query`, and gives it a name that no other list of this process has.
    pub fn keep(&self, store: &Arc<S>, query: &str, snapshot: &mut IssueSnapshot) {
        let numbers = snapshot.ids.iter().filter_map(|id| id.parse().ok());
        let mut ids: Vec<IssueId> = numbers.map(IssueId).collect();
        let is_whole = crate::view::count(ids.len() as u64) >= snapshot.total;
        ids.sort_unstable();
        let mut shelf = self.shelf();
        shelf.named += 1;
        let name = shelf.named.to_string();
        snapshot.list = Some(name.clone());
        shelf.kept.push_back(Kept {
            store: Arc::downgrade(store),
            query: query.to_owned(),
            name,
            list: Arc::new(Listed { ids, is_whole }),
        });
        shelf.kept.retain(|kept| kept.store.strong_count() > 0);
        // The newest one is kept however long it is.
        while shelf.kept.len() > 1 && shelf.ids() > self.most_ids {
            shelf.kept.pop_front();
        }
    }

    /// A selection in `store`, with the list it was made in where that is still kept.
    pub fn chosen<'a>(&self, store: &Arc<S>, selection: &'a Selection) -> Chosen<'a> {
        let list = match selection {
            Selection::Query {
                query,
                list: Some(name),
                ..
            } => self.shelf().take(store, query, name),
            Selection::Query { list: None, .. } | Selection::Some { .. } => None,
        };
        Chosen { selection, list }
    }

    /// What the list of this name held, which was read from `store` for `query`; nothing where it is no longer kept.
    #[must_use]
    pub fn held(&self, store: &Arc<S>, query: &str, name: &str) -> Option<Arc<Listed>> {
        self.shelf().take(store, query, name)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf<S>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Shelf<S> {
    fn ids(&self) -> usize {
        self.kept.iter().map(|kept| kept.list.ids.len()).sum()
    }

    /// The list of a name, which is the one used last from now on.
    fn take(&mut self, store: &Arc<S>, query: &str, name: &str) -> Option<Arc<Listed>> {
        let is_it = |kept: &Kept<S>| {
            kept.name == name
                && kept.query == query
                && Weak::ptr_eq(&kept.store, &Arc::downgrade(store))
        };
        let place = self.kept.iter().position(is_it)?;
        let kept = self.kept.remove(place)?;
        let list = Arc::clone(&kept.list);
        self.kept.push_back(kept);
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(ids: &[i64], total: f64) -> IssueSnapshot {
        IssueSnapshot {
            revision: "1".to_owned(),
            list: None,
            total,
            ids: ids.iter().map(ToString::to_string).collect(),
            groups: Vec::new(),
            took_ms: 0.0,
        }
    }

    fn all_of(query: &str, snapshot: &IssueSnapshot) -> Selection {
        Selection::Query {
            query: query.to_owned(),
            as_of: snapshot.revision.clone(),
            list: snapshot.list.clone(),
            except: Vec::new(),
        }
    }

    #[test]
    fn a_list_is_found_by_its_name_query_and_store_together() {
        let lists = Lists::default();
        let [store, other] = [1, 2].map(Arc::new);
        let (mut first, mut second) = (snapshot(&[1, 2], 2.0), snapshot(&[1], 9.0));
        lists.keep(&store, "is:unresolved", &mut first);
        lists.keep(&store, "is:unresolved", &mut second);
        assert_ne!(first.list, second.list);
        let found = |store: &Arc<i32>, query: &str, snapshot: &IssueSnapshot| {
            let selection = all_of(query, snapshot);
            let list = lists.chosen(store, &selection).list?;
            Some((list.ids.len(), list.is_whole))
        };
        assert_eq!(found(&store, "is:unresolved", &first), Some((2, true)));
        assert_eq!(found(&store, "is:unresolved", &second), Some((1, false)));
        assert_eq!(found(&store, "is:resolved", &first), None);
        assert_eq!(found(&other, "is:unresolved", &first), None);
        let held = |snapshot: &IssueSnapshot| {
            let name = snapshot.list.as_deref().unwrap();
            lists.held(&store, "is:unresolved", name).unwrap()
        };
        let ids = [1, 2].map(IssueId);
        assert_eq!(held(&first).whole(), Some(&ids[..]));
        assert_eq!(held(&second).whole(), None);
        assert_eq!(lists.held(&store, "is:unresolved", "none"), None);
        assert_eq!(
            found(&store, "is:unresolved", &snapshot(&[1, 2], 2.0)),
            None
        );
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_the_newest_stays() {
        let lists = Lists::of_at_most(5);
        let store = Arc::new(());
        let mut kept = [snapshot(&[1, 2], 2.0), snapshot(&[3, 4], 2.0)];
        for snapshot in &mut kept {
            lists.keep(&store, "", snapshot);
        }
        let is_kept =
            |snapshot: &IssueSnapshot| lists.chosen(&store, &all_of("", snapshot)).list.is_some();
        assert!(is_kept(&kept[0]));
        let mut third = snapshot(&[5, 6], 2.0);
        lists.keep(&store, "", &mut third);
        assert!(is_kept(&kept[0]) && !is_kept(&kept[1]) && is_kept(&third));
        let mut long = snapshot(&[1, 2, 3, 4, 5, 6, 7], 7.0);
        lists.keep(&store, "", &mut long);
        assert!(!is_kept(&kept[0]) && !is_kept(&third) && is_kept(&long));
    }
}

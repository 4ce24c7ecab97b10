//! Stores with rows on them, and short ways to search there.

use picket_core::engine::find::{
    Asker, FindError, IssueList, ListRequest, list_issues, stats_of_issues,
};
use picket_core::model::Directory;
use picket_core::store::{Connections, Store, TriageStore};
use picket_core::view::ListedIssue;
use picket_tests::fresh::{Fresh, FreshStore};
use picket_tests::rows::{self, Data};
use picket_tests::service;
use std::sync::{Arc, Mutex};

/// Opens the stores of one case and removes them in the end.
pub struct Place {
    fresh: Fresh,
    opened: Mutex<Vec<FreshStore>>,
}

/// Runs a case on SQLite in memory.
pub async fn in_memory(case: impl AsyncFnOnce(&Place)) {
    Place::run(Fresh::Memory, case).await;
}

/// Runs a case on the PostgreSQL server, if there is one.
pub async fn on_postgres(case: impl AsyncFnOnce(&Place)) {
    if let Some(server) = service::postgres() {
        Place::run(Fresh::Postgres(server), case).await;
    }
}

impl Place {
    async fn run(fresh: Fresh, case: impl AsyncFnOnce(&Self)) {
        let place = Self {
            fresh,
            opened: Mutex::default(),
        };
        case(&place).await;
        for fresh in place.opened.into_inner().unwrap() {
            fresh.remove().await.unwrap();
        }
    }

    /// A store with these rows and nothing else.
    pub async fn shelf(&self, data: Data) -> Shelf {
        let fresh = self.fresh.open().await.unwrap();
        let store = Arc::clone(&fresh.store);
        self.opened.lock().unwrap().push(fresh);
        rows::load(&store, &data).await.unwrap();
        let directory = store.directory().await.unwrap();
        Shelf {
            store,
            data,
            directory,
        }
    }
}

/// A store with rows.
pub struct Shelf {
    pub store: Arc<Store>,
    pub data: Data,
    pub directory: Directory,
}

impl Shelf {
    pub fn is_sqlite(&self) -> bool {
        matches!(self.store.connections(), Connections::Sqlite(_))
    }

    /// Who asks.
    pub fn asker(&self) -> Asker<'_> {
        Asker {
            directory: &self.directory,
            me: self.data.acting_member,
        }
    }

    pub async fn list(&self, request: &ListRequest) -> Result<IssueList, FindError> {
        list_issues(&*self.store, request, self.asker(), self.data.now).await
    }

    pub async fn stats(&self, request: &ListRequest) -> Result<Vec<ListedIssue>, FindError> {
        stats_of_issues(&*self.store, request, self.asker(), self.data.now).await
    }

    /// The issues of the page, in its order.
    pub async fn ids(&self, request: &ListRequest) -> Vec<i64> {
        match self.list(request).await {
            Ok(list) => ids(&list),
            Err(error) => panic!("{error}: {request:?}"),
        }
    }

    /// The issues of a search over everything, in its order.
    pub async fn found(&self, query: &str) -> Vec<i64> {
        self.ids(&search(query)).await
    }

    /// The code of the error.
    pub async fn refused(&self, request: &ListRequest) -> &'static str {
        match self.list(request).await {
            Ok(list) => panic!("{:?} and no error: {request:?}", ids(&list)),
            Err(error) => error.code().unwrap(),
        }
    }

    /// Changes the rows by hand.
    pub async fn execute(&self, sql: &str) {
        rows::execute(&self.store, sql).await.unwrap();
    }
}

/// The ids of a list.
pub fn ids(list: &IssueList) -> Vec<i64> {
    let issues = list.issues.iter();
    issues.map(|issue| issue.id.parse().unwrap()).collect()
}

/// A request for a search over everything.
pub fn search(query: &str) -> ListRequest {
    ListRequest {
        query: Some(query.to_owned()),
        ..ListRequest::default()
    }
}

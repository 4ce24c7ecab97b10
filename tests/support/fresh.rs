//! Stores that nobody has used: in memory, or in a schema of its own on a PostgreSQL server.

use crate::postgres::Schema;
use anyhow::{Context, Result, bail};
use picket_core::store::{Access, Store};
use std::sync::Arc;

/// Where fresh stores come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fresh {
    /// SQLite in memory.
    Memory,
    /// The PostgreSQL server with this URL.
    Postgres(String),
}

/// A fresh store.
#[derive(Debug)]
pub struct FreshStore {
    pub store: Arc<Store>,
    schema: Option<Schema>,
}

impl Fresh {
    /// Reads the address of a place for fresh stores.
    ///
    /// # Errors
    /// For an address at which something is already, or none.
    pub fn at(url: &str) -> Result<Self> {
        match url {
            "sqlite::memory:" => Ok(Self::Memory),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => bail!(
                "cases need fresh stores, so the store is sqlite::memory: or the postgres:// address of a server"
            ),
        }
    }

    /// Opens a fresh store.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(&self) -> Result<FreshStore> {
        let (url, schema) = match self {
            Self::Memory => ("sqlite::memory:".to_owned(), None),
            Self::Postgres(server) => {
                let schema = Schema::new(server);
                (schema.url().to_owned(), Some(schema))
            }
        };
        let store = Store::open(&url, Access::ReadWrite)
            .await
            .context("a fresh store cannot be opened")?;
        Ok(FreshStore {
            store: Arc::new(store),
            schema,
        })
    }
}

impl FreshStore {
    /// Closes the store and removes it.
    ///
    /// # Errors
    /// When the server does not answer any more.
    pub async fn remove(self) -> Result<()> {
        self.store.close().await;
        match self.schema {
            Some(schema) => schema.remove().await,
            None => Ok(()),
        }
    }
}

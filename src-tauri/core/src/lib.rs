//! The engine of Picket: records of a Kafka topic become stored, searchable issues. It knows of no window and no
//! command line; both are clients of this crate, and so are the tests.
//!
//! # The way of one record
//!
//! | station | what happens there |
//! | --- | --- |
//! | [`source`] | A thread of its own reads the topic and hands on [`source::Record`]s. When too much is in flight it pauses the partitions and keeps polling. It never commits anything: where to read on is asked of the store. |
//! | [`pipeline`], `collect` | A lane gathers records into a batch, at most 1 000 of them, 8 MiB, or 250 ms old. A partition always goes through the same lane, so its records stay in order. |
//! | [`decode`] | Bytes become a validated [`decode::Message`], an occurrence or a status change, on all cores, order kept. From here on a record carries a [`model::Verdict`]: keep, drop with a counted reason, or reject as a dead letter. |
//! | [`store::IngestStore::ingest`] | One transaction begins: the offsets are moved from exactly where the batch was read from, else another writer owns the partition and nothing is written. The state of everything the batch touches is loaded at once. |
//! | [`pipeline`], `buckets` | The messages are put in order by project and fingerprint, and status changes left out that a later one makes pointless. |
//! | [`limits`] | What the batch may need of the counters of noise reduction and quotas is taken in one step. |
//! | [`pipeline`], `route` | One message after another: repetitions are left out, and each of the others opens an issue, joins one, changes one, or ends here. |
//! | [`pipeline`], `apply` | Issue by issue, in parallel: its messages change it in order, by the rules of [`triage`]. The result is a set of plain rows, [`store::Effects`]. |
//! | [`store`] | The rows are written in multi-row statements and the transaction ends. Issues, events, counters, dead letters, outcomes and offsets are there together, or not at all. |
//! | [`pipeline::Feed::revisions`] | Clients hear that the store has a new revision, and ask again for what they show. |
//! | [`store::QueryStore`] | Answers them with [`view`]s, on connections that never wait for the writer. |
//!
//! Nothing is lost on this way: each record ends as exactly one of stored, dropped with a reason, or dead-lettered,
//! and its offset moves only in the transaction that says which. A crash in between repeats the batch, and since the
//! offsets did not move, repeating it is the first time it happens.
//!
//! Beside this way, [`engine`] changes issues for people and as time passes, and tries dead letters again. What people
//! search for is read by [`query`], given a meaning by [`search`], answered by the store, handed out in pages
//! ([`paging`]), and can go into a file ([`export`]). [`similar`] says how alike two issues are.
//!
//! # Which module may use which
//!
//! `model` ← `decode`, `triage`, `limits`, `query`, `similar`, `view` ← `search` ← `store` ← `pipeline` ← `engine`; `source` knows
//! only `model` and `config`; `source` and `store` meet in `pipeline` and nowhere else. `paging` knows nothing of the
//! others, and `export` only `paging`. Time comes from a [`clock::Clock`] that is passed in.

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test should stop where it fails"
    )
)]

pub mod clock;
pub mod config;
pub mod decode;
pub mod engine;
pub mod error;
pub mod export;
pub mod limits;
pub mod model;
pub mod paging;
pub mod pipeline;
pub mod query;
pub mod search;
pub mod similar;
pub mod source;
pub mod store;
pub mod triage;
pub mod view;

pub use error::{Error, ErrorKind, Result};

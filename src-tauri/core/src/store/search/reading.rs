//! Reading transactions of whichever store it is.

/// Runs something in a transaction that PostgreSQL begins in a way of its own.
macro_rules! in_transaction {
    ($store:expr, $begin:ident, ($backend:ident, $ask:ident) => $answer:expr) => {
        match $store.backend() {
            $crate::store::backend::Backend::Sqlite($backend) => {
                let mut tx = $crate::store::search::ask::Reader($backend.begin_read().await?);
                let $ask = &mut tx;
                $answer
            }
            $crate::store::backend::Backend::Postgres($backend) => {
                let mut tx = $crate::store::search::ask::Reader($backend.$begin().await?);
                let $ask = &mut tx;
                $answer
            }
        }
    };
}

/// Runs something in a reading transaction, for what is named by ids or otherwise.
macro_rules! reading {
    ($store:expr, $ask:ident => $answer:expr) => {
        $crate::store::search::reading::in_transaction!($store, begin_read, (store, $ask) => $answer)
    };
}

/// As [`reading`], for what has to be found: PostgreSQL plans for what is looked for.
macro_rules! searching {
    ($store:expr, $ask:ident => $answer:expr) => {
        $crate::store::search::reading::in_transaction!($store, begin_search, (store, $ask) => $answer)
    };
}

/// As [`searching`], for what can take long: the store stops when nobody waits for the answer any more.
macro_rules! searching_while_wanted {
    ($store:expr, $ask:ident => $answer:expr) => {
        $crate::store::search::reading::in_transaction!($store, begin_search, (store, $ask) => {
            let wanted = $ask.while_wanted(store).await?;
            let answer = $answer;
            wanted.end();
            answer
        })
    };
}

pub(super) use {in_transaction, reading, searching, searching_while_wanted};

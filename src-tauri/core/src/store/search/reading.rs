//! Reading transactions of whichever store it is.

/// Runs something in a reading transaction.
macro_rules! reading {
    ($store:expr, $ask:ident => $answer:expr) => {
        match $store.backend() {
            $crate::store::backend::Backend::Sqlite(store) => {
                let mut tx = $crate::store::search::ask::Reader(store.begin_read().await?);
                let $ask = &mut tx;
                $answer
            }
            $crate::store::backend::Backend::Postgres(store) => {
                let mut tx = $crate::store::search::ask::Reader(store.begin_read().await?);
                let $ask = &mut tx;
                $answer
            }
        }
    };
}

/// As [`reading`], for what can take long: the store stops when nobody waits for the answer any more.
macro_rules! reading_while_wanted {
    ($store:expr, $ask:ident => $answer:expr) => {
        match $store.backend() {
            $crate::store::backend::Backend::Sqlite(store) => {
                let mut tx = $crate::store::search::ask::Reader(store.begin_read().await?);
                let wanted = tx.while_wanted(store).await?;
                let $ask = &mut tx;
                let answer = $answer;
                wanted.end();
                answer
            }
            $crate::store::backend::Backend::Postgres(store) => {
                let mut tx = $crate::store::search::ask::Reader(store.begin_read().await?);
                let wanted = tx.while_wanted(store).await?;
                let $ask = &mut tx;
                let answer = $answer;
                wanted.end();
                answer
            }
        }
    };
}

pub(super) use {reading, reading_while_wanted};

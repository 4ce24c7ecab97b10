//! What a batch writes for searches.

use super::statement::{MultiRow, integer_uuid_pairs, integers, texts};
use crate::model::{EventFacts, SearchText, Term};
use crate::store::known::{Known, Learned};
use crate::store::search_backlog::Untold;
use crate::store::search_rows::{FactRow, SearchRows};
use crate::store::{Effects, StoreError};
use sqlx::SqliteConnection;
use std::sync::Arc;
use uuid::Uuid;

const ADD_TEXTS: MultiRow = MultiRow {
    head: "INSERT INTO search_text (issue_id, hash, text, facts)",
    tail: "ON CONFLICT (issue_id, hash) DO NOTHING",
};
/// Replaces facts that are there already.
macro_rules! put_facts {
    () => {
        "ON CONFLICT (seq) DO UPDATE SET message = excluded.message, stack = excluded.stack, facts = excluded.facts"
    };
}
/// Ends a statement that inserts facts of occurrences. `occurrence` by its unique (id, project_id).
macro_rules! of_occurrences {
    ($on_conflict:expr) => {
        concat!(
            ") AS v CROSS JOIN occurrence AS o ON o.id = v.column2 AND o.project_id = v.column1 WHERE TRUE ",
            $on_conflict
        )
    };
}
const PUT_FACTS: MultiRow = MultiRow {
    head: "INSERT INTO event_fact (seq, message, stack, facts) SELECT o.seq, v.column3, v.column4, v.column5 FROM (",
    tail: of_occurrences!(put_facts!()),
};
/// As [`PUT_FACTS`], for occurrences that have none.
const ADD_FACTS: MultiRow = MultiRow {
    head: PUT_FACTS.head,
    tail: of_occurrences!("ON CONFLICT (seq) DO NOTHING"),
};
/// As [`PUT_FACTS`], for occurrences whose numbers are known.
const PUT_NUMBERED_FACTS: MultiRow = MultiRow {
    head: "INSERT INTO event_fact (seq, message, stack, facts)",
    tail: put_facts!(),
};
/// `issue` by its key.
const SET_ISSUE_TEXTS: MultiRow = MultiRow {
    head: "UPDATE issue SET text_hash = v.column2 FROM (",
    tail: ") AS v WHERE issue.id = v.column1",
};
/// `occurrence` by its key. One that came again meanwhile has its bits.
const SET_TERM_BITS: MultiRow = MultiRow {
    head: "UPDATE occurrence SET term_bits = v.column2 FROM (",
    tail: ") AS v WHERE occurrence.seq = v.column1 AND occurrence.term_bits IS NULL",
};
/// `occurrence` by its unique (id, project_id).
const ADD_EVENTS: MultiRow = MultiRow {
    head: "INSERT INTO occurrence_event_fts (rowid, event_id) SELECT o.seq, v.column3 FROM (",
    tail: ") AS v CROSS JOIN occurrence AS o ON o.id = v.column2 AND o.project_id = v.column1",
};
const ADD_NUMBERED_EVENTS: MultiRow = MultiRow {
    head: "INSERT INTO occurrence_event_fts (rowid, event_id)",
    tail: "",
};
const ADD_TERMS: MultiRow = MultiRow {
    head: "INSERT INTO search_term_fts (rowid, terms)",
    tail: "",
};
const ADD_PERSONS: MultiRow = MultiRow {
    head: "INSERT INTO search_person_fts (rowid, parts)",
    tail: "",
};
const ADD_VALUES: MultiRow = MultiRow {
    head: "INSERT INTO search_value (key, value)",
    tail: "ON CONFLICT (key, value) DO NOTHING",
};
/// `occurrence` by its unique (id, project_id), `event_fact` by its key. ?1: `[[project, occurrence in hex], …]`.
const DROP_FACTS: &str = "
    DELETE FROM event_fact WHERE seq IN (
        SELECT o.seq FROM json_each(?1) AS w
        CROSS JOIN occurrence AS o ON o.id = unhex(w.value ->> 1) AND o.project_id = w.value ->> 0)";
const KEYS: &str = "SELECT DISTINCT key FROM search_value";
/// `search_value` by the first part of its key. ?1: `[key, …]`.
const VALUES: &str =
    "SELECT v.key, v.value FROM json_each(?1) AS w CROSS JOIN search_value AS v ON v.key = w.value";
/// `occurrence_by_issue`, `event_fact` by its key. ?1: `[issue, …]`.
const DELETE_FACTS: &str = "
    DELETE FROM event_fact WHERE seq IN (
        SELECT o.seq FROM json_each(?1) AS w CROSS JOIN occurrence AS o ON o.issue_id = w.value)";
/// `search_text` by the first part of its unique key. ?1: `[issue, …]`.
const DELETE_TEXTS: &str =
    "DELETE FROM search_text WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `search_heir` by the first part of its key. ?1: `[issue, …]`.
const DELETE_HEIRS: &str =
    "DELETE FROM search_heir WHERE from_id IN (SELECT value FROM json_each(?1))";
/// `search_text` by the first part of its unique key. ?1: issue that has got events, ?2: issue they came from.
const COPY_TEXTS: &str = "
    INSERT INTO search_text (issue_id, hash, text, facts)
    SELECT ?1, t.hash, t.text, t.facts FROM search_text AS t WHERE t.issue_id = ?2
    ON CONFLICT (issue_id, hash) DO NOTHING";
/// `search_heir_by_issue`. ?1: issue that has got events, ?2: issue they came from.
const INHERIT_TERMS: &str = "
    INSERT INTO search_heir (from_id, issue_id)
    SELECT ?2, ?1 UNION SELECT h.from_id, ?1 FROM search_heir AS h WHERE h.issue_id = ?2 AND h.from_id <> ?1
    ON CONFLICT (from_id, issue_id) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[KEYS, INHERIT_TERMS];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DROP_FACTS,
    VALUES,
    DELETE_FACTS,
    DELETE_TEXTS,
    DELETE_HEIRS,
    COPY_TEXTS,
];
/// With their numbers of columns.
#[cfg(test)]
pub(super) const MULTI_ROW: &[(MultiRow, usize)] = &[
    (ADD_TEXTS, 4),
    (PUT_FACTS, 5),
    (ADD_FACTS, 5),
    (PUT_NUMBERED_FACTS, 4),
    (SET_ISSUE_TEXTS, 2),
    (SET_TERM_BITS, 2),
    (ADD_EVENTS, 3),
    (ADD_NUMBERED_EVENTS, 2),
    (ADD_TERMS, 2),
    (ADD_PERSONS, 2),
    (ADD_VALUES, 2),
];

/// Bits of a row of `search_term_fts` that tell rows of one issue apart.
const ROW_BITS: u32 = 30;

/// Writes what searches read of a batch. Answers what is known once it is committed.
pub(super) async fn rows<'a>(
    connection: &mut SqliteConnection,
    mut search: SearchRows<'a>,
    effects: &'a Effects,
    known: &Known,
    revision: i64,
) -> Result<Learned, StoreError> {
    let facts = || effects.occurrences.iter().map(|write| &*write.facts);
    load_values(connection, known, facts).await?;
    search.values(&known.lock(), facts());
    write(connection, &mut search, &PUT_FACTS, revision).await
}

/// Writes what searches had not read of rows that were stored before. Answers what is known once it is committed.
pub(super) async fn add<'a>(
    connection: &mut SqliteConnection,
    search: &mut SearchRows<'a>,
    facts: &'a [Arc<EventFacts>],
    known: &Known,
    revision: i64,
) -> Result<Learned, StoreError> {
    let facts = || facts.iter().map(|facts| &**facts);
    load_values(connection, known, facts).await?;
    search.values(&known.lock(), facts());
    write(connection, search, &ADD_FACTS, revision).await
}

/// Points issues to their own texts, which are there.
pub(super) async fn set_issue_texts(
    connection: &mut SqliteConnection,
    issues: &[Untold],
    texts: &[SearchText],
) -> Result<(), StoreError> {
    let rows: Vec<_> = issues.iter().zip(texts).collect();
    SET_ISSUE_TEXTS
        .run(connection, &rows, |row, (issue, text)| {
            row.push_bind(issue.id).push_bind(text.hash);
        })
        .await
}

/// Gives occurrences the bits of their terms, by their numbers.
pub(super) async fn set_term_bits(
    connection: &mut SqliteConnection,
    bits: &[(i64, i64)],
) -> Result<(), StoreError> {
    SET_TERM_BITS
        .run(connection, bits, |row, (seq, bits)| {
            row.push_bind(*seq).push_bind(*bits);
        })
        .await
}

/// Asks for those stored values without which new ones cannot be told.
async fn load_values<'f, I: Iterator<Item = &'f EventFacts>>(
    connection: &mut SqliteConnection,
    known: &Known,
    facts: impl Fn() -> I,
) -> Result<(), StoreError> {
    let knows_keys = known.lock().knows_keys();
    if !knows_keys {
        let keys: Vec<String> = sqlx::query_scalar(KEYS).fetch_all(&mut *connection).await?;
        known.lock().set_keys(keys.iter().map(String::as_str));
    }
    let wanted = SearchRows::wanted_keys(&known.lock(), facts());
    if !wanted.is_empty() {
        let stored: Vec<(String, String)> = sqlx::query_as(VALUES)
            .bind(texts(&wanted)?)
            .fetch_all(connection)
            .await?;
        let mut known = known.lock();
        for (key, value) in stored {
            known.set_values(&key, &value);
        }
    }
    Ok(())
}

async fn write(
    connection: &mut SqliteConnection,
    search: &mut SearchRows<'_>,
    facts: &MultiRow,
    revision: i64,
) -> Result<Learned, StoreError> {
    if !search.dropped.is_empty() {
        let dropped = search.dropped.iter().copied();
        sqlx::query(DROP_FACTS)
            .bind(integer_uuid_pairs(dropped))
            .execute(&mut *connection)
            .await?;
    }
    let texts: Vec<_> = search.texts.iter().collect();
    ADD_TEXTS
        .run(connection, &texts, |row, ((issue, hash), text)| {
            row.push_bind(*issue)
                .push_bind(*hash)
                .push_bind(text.text.as_str())
                .push_bind(text.facts.as_deref());
        })
        .await?;
    events(connection, &search.facts, facts).await?;
    terms(connection, search, revision).await?;
    persons(connection, search).await?;
    let values: Vec<_> = search.values.iter().collect();
    ADD_VALUES
        .run(connection, &values, |row, (key, value)| {
            row.push_bind(*key).push_bind(*value);
        })
        .await?;
    Ok(search.learned())
}

/// What can be asked of events, and their ids. Those whose numbers are not known are looked up by `facts`.
async fn events(
    connection: &mut SqliteConnection,
    list: &[FactRow<'_>],
    facts: &MultiRow,
) -> Result<(), StoreError> {
    let numbered: Option<Vec<_>> = list
        .iter()
        .map(|fact| Some((fact.place.seq?, fact)))
        .collect();
    if let Some(numbered) = numbered {
        PUT_NUMBERED_FACTS
            .run(connection, &numbered, |row, (seq, fact)| {
                row.push_bind(*seq)
                    .push_bind(fact.message)
                    .push_bind(fact.stack)
                    .push_bind(fact.facts);
            })
            .await?;
        return ADD_NUMBERED_EVENTS
            .run(connection, &numbered, |row, (seq, fact)| {
                row.push_bind(*seq)
                    .push_bind(event_token(fact.place.event_id));
            })
            .await;
    }
    facts
        .run(connection, list, |row, fact| {
            row.push_bind(fact.place.project_id)
                .push_bind(fact.place.id)
                .push_bind(fact.message)
                .push_bind(fact.stack)
                .push_bind(fact.facts);
        })
        .await?;
    ADD_EVENTS
        .run(connection, list, |row, fact| {
            row.push_bind(fact.place.project_id)
                .push_bind(fact.place.id)
                .push_bind(event_token(fact.place.event_id));
        })
        .await
}

/// A row for each issue, in the order of the rows: one out of order would end the run that is being written.
async fn terms(
    connection: &mut SqliteConnection,
    search: &SearchRows<'_>,
    revision: i64,
) -> Result<(), StoreError> {
    let mask = (1_i64 << ROW_BITS) - 1;
    let rows: Vec<(i64, String)> = search
        .terms
        .iter()
        .map(|(issue, terms)| {
            let place = (issue << ROW_BITS) | (revision & mask);
            (place, joined(terms.iter()))
        })
        .collect();
    ADD_TERMS
        .run(connection, &rows, |row, (place, terms)| {
            row.push_bind(*place).push_bind(terms.as_str());
        })
        .await
}

/// In the order of the rows, as [`terms`]. Once nothing is known of it, the same row may come again: searches find the one
/// that was written last.
async fn persons(
    connection: &mut SqliteConnection,
    search: &SearchRows<'_>,
) -> Result<(), StoreError> {
    let mut rows: Vec<(i64, String)> = search
        .persons
        .iter()
        .map(|(whole, parts)| (whole.number(), joined(parts.iter())))
        .collect();
    rows.sort_unstable();
    ADD_PERSONS
        .run(connection, &rows, |row, (whole, parts)| {
            row.push_bind(*whole).push_bind(parts.as_str());
        })
        .await
}

fn joined<'t>(terms: impl Iterator<Item = &'t Term>) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for term in terms {
        // Writing into a text cannot fail.
        let _ = write!(text, "{term} ");
    }
    text
}

/// What an event is looked up by: the first half of its id.
pub(super) fn event_token(event: Uuid) -> String {
    let mut digits = event.simple().to_string();
    digits.truncate(12);
    digits
}

/// Removes everything searches read of these issues and their events. Call it while the occurrences are there.
///
/// Their terms stay until the file is rebuilt: they take two bytes each, and lead to issues that are gone.
pub(in crate::store) async fn delete_search_rows(
    connection: &mut SqliteConnection,
    issues: &[i64],
) -> Result<(), StoreError> {
    for statement in [DELETE_FACTS, DELETE_TEXTS, DELETE_HEIRS] {
        sqlx::query(statement)
            .bind(integers(issues.iter().copied()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// After occurrences have moved from one issue to another: what searches read of them follows. What stays behind with
/// the first issue does no harm, and is there should they come back.
pub(in crate::store) async fn move_search_rows(
    connection: &mut SqliteConnection,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    for statement in [COPY_TEXTS, INHERIT_TERMS] {
        sqlx::query(statement)
            .bind(to)
            .bind(from)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

//! What a batch writes for searches: each table in one statement, from one list a column.

use super::write::column;
use crate::model::{EventFacts, SearchText};
use crate::store::known::{Known, Learned};
use crate::store::rows::Rows;
use crate::store::search_backlog::Untold;
use crate::store::search_rows::{FactRow, SearchRows};
use crate::store::{Effects, StoreError};
use sqlx::PgConnection;
use std::sync::Arc;
use uuid::Uuid;

/// $1: issues, $2: hashes, $3: texts, $4: lists.
const ADD_TEXTS: &str = "
    INSERT INTO search_text (issue_id, hash, text, facts)
    SELECT w.issue_id, w.hash, w.text, w.facts::jsonb
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS w (issue_id, hash, text, facts)
    ORDER BY 1, 2
    ON CONFLICT (issue_id, hash) DO NOTHING";
/// $1 to $3: a list a column, $4: numbers of occurrences, which are locked.
const PUT_FACTS: &str = "
    INSERT INTO event_fact (seq, message, stack, facts)
    SELECT w.seq, w.message, w.stack, w.facts::jsonb
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS w (message, stack, facts, seq)
    ON CONFLICT (seq) DO UPDATE SET message = excluded.message, stack = excluded.stack, facts = excluded.facts";
/// As [`PUT_FACTS`], of occurrences that were stored before: they may be gone, or have facts by now. `occurrence` by its
/// unique (id, project_id). $1 to $3: of facts as above, $4: projects, $5: occurrences.
const ADD_FACTS: &str = "
    INSERT INTO event_fact (seq, message, stack, facts)
    SELECT o.seq, w.message, w.stack, w.facts::jsonb
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::uuid[]) AS w
        (message, stack, facts, project_id, id)
    CROSS JOIN LATERAL (
        SELECT n.seq FROM occurrence AS n WHERE n.id = w.id AND n.project_id = w.project_id LIMIT 1) AS o
    ORDER BY 1
    ON CONFLICT (seq) DO NOTHING";
/// `issue` by its key. $1: issues, which are locked, $2: hashes.
const SET_ISSUE_TEXTS: &str = "
    UPDATE issue AS i SET text_hash = w.hash FROM unnest($1::bigint[], $2::bigint[]) AS w (issue_id, hash)
    WHERE i.id = w.issue_id";
/// `occurrence` by its key. $1: numbers, $2: bits. One that came again meanwhile has its bits, and one that is being written
/// gets them by that: nothing waits for a lock.
const SET_TERM_BITS: &str = "
    UPDATE occurrence AS o SET term_bits = w.bits
    FROM unnest($1::bigint[], $2::bigint[]) AS w (seq, bits)
    WHERE o.seq = w.seq AND o.seq IN (
        SELECT n.seq FROM occurrence AS n WHERE n.seq = ANY($1) AND n.term_bits IS NULL FOR UPDATE SKIP LOCKED)";
/// $1: terms, $2: issues.
const ADD_TERMS: &str = "
    INSERT INTO search_own_term (term, issue_id)
    SELECT w.* FROM unnest($1::bigint[], $2::bigint[]) AS w (term, issue_id) ORDER BY 1, 2
    ON CONFLICT (term, issue_id) DO NOTHING";
/// $1: terms, $2: those that stand for them.
const ADD_PERSONS: &str = "
    INSERT INTO search_person (part, whole)
    SELECT w.* FROM unnest($1::bigint[], $2::bigint[]) AS w (part, whole) ORDER BY 1, 2
    ON CONFLICT (part, whole) DO NOTHING";
/// $1: keys, $2: values.
const ADD_VALUES: &str = r#"
    INSERT INTO search_value (key, value)
    SELECT w.* FROM unnest($1::text[], $2::text[]) AS w (key, value) ORDER BY w.key COLLATE "C", w.value COLLATE "C"
    ON CONFLICT (key, value) DO NOTHING"#;
/// `occurrence` by its unique (id, project_id), `event_fact` by its key. $1: projects, $2: occurrences.
const DROP_FACTS: &str = "
    DELETE FROM event_fact AS f USING unnest($1::bigint[], $2::uuid[]) AS w (project_id, id)
    JOIN occurrence AS o ON o.id = w.id AND o.project_id = w.project_id WHERE f.seq = o.seq";
const KEYS: &str = "SELECT DISTINCT key FROM search_value";
/// `search_value` by the first part of its key. $1: keys.
const VALUES: &str = "SELECT key, value FROM search_value WHERE key = ANY($1)";
/// `occurrence_by_issue`, `event_fact` by its key. $1: issues.
const DELETE_FACTS: &str = "
    DELETE FROM event_fact AS f USING occurrence AS o WHERE o.issue_id = ANY($1) AND f.seq = o.seq";
/// `search_text` by the first part of its unique key. $1: issues.
const DELETE_TEXTS: &str = "DELETE FROM search_text WHERE issue_id = ANY($1)";
/// `search_heir` by the first part of its key. $1: issues.
const DELETE_HEIRS: &str = "DELETE FROM search_heir WHERE from_id = ANY($1)";
/// $1: issues whose terms are to be swept out.
const ADD_GHOSTS: &str = "
    INSERT INTO search_ghost (issue_id) SELECT w.id FROM unnest($1::bigint[]) AS w (id) ORDER BY 1
    ON CONFLICT (issue_id) DO NOTHING";
/// `search_text` by the first part of its unique key. $1: issue that has got events, $2: issue they came from.
const COPY_TEXTS: &str = "
    INSERT INTO search_text (issue_id, hash, text, facts)
    SELECT $1, t.hash, t.text, t.facts FROM search_text AS t WHERE t.issue_id = $2 ORDER BY 2
    ON CONFLICT (issue_id, hash) DO NOTHING";
/// `search_heir_by_issue`. $1: issue that has got events, $2: issue they came from.
const INHERIT_TERMS: &str = "
    INSERT INTO search_heir (from_id, issue_id)
    SELECT $2::bigint, $1::bigint
    UNION SELECT h.from_id, $1 FROM search_heir AS h WHERE h.issue_id = $2 AND h.from_id <> $1
    ON CONFLICT (from_id, issue_id) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    ADD_TEXTS,
    PUT_FACTS,
    ADD_FACTS,
    ADD_TERMS,
    ADD_PERSONS,
    ADD_VALUES,
    ADD_GHOSTS,
    KEYS,
];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DROP_FACTS,
    VALUES,
    DELETE_FACTS,
    DELETE_TEXTS,
    DELETE_HEIRS,
    COPY_TEXTS,
    INHERIT_TERMS,
    SET_ISSUE_TEXTS,
    SET_TERM_BITS,
];

/// Writes what searches read of a batch, whose occurrences have these numbers. Answers what is known once it is
/// committed.
pub(super) async fn rows(
    connection: &mut PgConnection,
    effects: &Effects,
    rows: &Rows<'_>,
    known: &Known,
    seqs: Vec<i64>,
) -> Result<Learned, StoreError> {
    let mut search = SearchRows::of(effects, rows, known, Some(seqs));
    let facts = || effects.occurrences.iter().map(|write| &*write.facts);
    load_values(connection, known, facts).await?;
    search.values(&known.lock(), facts());
    write(connection, &mut search).await
}

/// Writes what searches had not read of rows that were stored before. Answers what is known once it is committed.
pub(super) async fn add<'a>(
    connection: &mut PgConnection,
    search: &mut SearchRows<'a>,
    facts: &'a [Arc<EventFacts>],
    known: &Known,
) -> Result<Learned, StoreError> {
    let facts = || facts.iter().map(|facts| &**facts);
    load_values(connection, known, facts).await?;
    search.values(&known.lock(), facts());
    write(connection, search).await
}

/// Points issues, which are locked, to their own texts, which are there.
pub(super) async fn set_issue_texts(
    connection: &mut PgConnection,
    issues: &[Untold],
    texts: &[SearchText],
) -> Result<(), StoreError> {
    sqlx::query(SET_ISSUE_TEXTS)
        .bind(column(issues, |issue| issue.id))
        .bind(column(texts, |text| text.hash))
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives occurrences the bits of their terms, by their numbers.
pub(super) async fn set_term_bits(
    connection: &mut PgConnection,
    bits: &[(i64, i64)],
) -> Result<(), StoreError> {
    sqlx::query(SET_TERM_BITS)
        .bind(column(bits, |(seq, _)| *seq))
        .bind(column(bits, |(_, bits)| *bits))
        .execute(connection)
        .await?;
    Ok(())
}

/// Asks for those stored values without which new ones cannot be told.
async fn load_values<'f, I: Iterator<Item = &'f EventFacts>>(
    connection: &mut PgConnection,
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
            .bind(wanted)
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
    connection: &mut PgConnection,
    search: &mut SearchRows<'_>,
) -> Result<Learned, StoreError> {
    if !search.dropped.is_empty() {
        let (projects, ids): (Vec<i64>, Vec<Uuid>) = search.dropped.iter().copied().unzip();
        sqlx::query(DROP_FACTS)
            .bind(projects)
            .bind(ids)
            .execute(&mut *connection)
            .await?;
    }
    if !search.texts.is_empty() {
        let texts: Vec<_> = search.texts.iter().collect();
        sqlx::query(ADD_TEXTS)
            .bind(column(&texts, |((issue, _), _)| *issue))
            .bind(column(&texts, |((_, hash), _)| *hash))
            .bind(column(&texts, |(_, text)| text.text.as_str()))
            .bind(column(&texts, |(_, text)| text.facts.as_deref()))
            .execute(&mut *connection)
            .await?;
    }
    put_facts(connection, &search.facts).await?;
    if !search.terms.is_empty() {
        let terms = search.terms.iter();
        let (terms, issues): (Vec<i64>, Vec<i64>) = terms
            .flat_map(|(&issue, terms)| terms.iter().map(move |term| (term.number(), issue)))
            .unzip();
        sqlx::query(ADD_TERMS)
            .bind(terms)
            .bind(issues)
            .execute(&mut *connection)
            .await?;
    }
    if !search.persons.is_empty() {
        let persons = search.persons.iter();
        let (parts, wholes): (Vec<i64>, Vec<i64>) = persons
            .flat_map(|(whole, parts)| parts.iter().map(|part| (part.number(), whole.number())))
            .unzip();
        sqlx::query(ADD_PERSONS)
            .bind(parts)
            .bind(wholes)
            .execute(&mut *connection)
            .await?;
    }
    if !search.values.is_empty() {
        let (keys, values): (Vec<&str>, Vec<&str>) = search.values.iter().copied().unzip();
        sqlx::query(ADD_VALUES)
            .bind(keys)
            .bind(values)
            .execute(connection)
            .await?;
    }
    Ok(search.learned())
}

/// The numbers of occurrences that were stored before are asked for, to see whether they are still there.
async fn put_facts(connection: &mut PgConnection, facts: &[FactRow<'_>]) -> Result<(), StoreError> {
    if facts.is_empty() {
        return Ok(());
    }
    let seqs: Option<Vec<i64>> = facts.iter().map(|fact| fact.place.seq).collect();
    let query = sqlx::query(if seqs.is_some() { PUT_FACTS } else { ADD_FACTS })
        .bind(column(facts, |fact| fact.message))
        .bind(column(facts, |fact| fact.stack))
        .bind(column(facts, |fact| fact.facts));
    let query = match seqs {
        Some(seqs) => query.bind(seqs),
        None => query
            .bind(column(facts, |fact| fact.place.project_id))
            .bind(column(facts, |fact| fact.place.id)),
    };
    query.execute(connection).await?;
    Ok(())
}

/// Removes everything searches read of these issues and their events. Call it while the occurrences are there.
///
/// Their terms stay until they are swept out, and lead to issues that are gone.
pub(in crate::store) async fn delete_search_rows(
    connection: &mut PgConnection,
    issues: &[i64],
) -> Result<(), StoreError> {
    for statement in [DELETE_FACTS, DELETE_TEXTS, DELETE_HEIRS, ADD_GHOSTS] {
        sqlx::query(statement)
            .bind(issues)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// After occurrences have moved from one issue to another, both locked: what searches read of them follows. What stays
/// behind with the first issue does no harm, and is there should they come back.
pub(in crate::store) async fn move_search_rows(
    connection: &mut PgConnection,
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

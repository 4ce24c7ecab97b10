//! A search condition as SQL. The shape is the same in both dialects; every value is bound.

use crate::query::ast::IssueFilter;
use sqlx::{Database, Encode, QueryBuilder, Type};

/// The statements lowered here call the issue table `i`.
const FALSE: &str = "1 = 0";
const TRUE: &str = "1 = 1";

/// Issues with a greater status are never shown (group-states spec, section 1.1). The statements in `hot` say the
/// same of single issues.
const SHOWN: &str = "i.status <= 2";

/// Appends the condition `filter`, for issues that are shown at all. The list indexes hold the status.
///
/// Free text is looked for in `search_text`, which holds title, subtitle, message and culprit in lower case. This
/// reads every issue that the other conditions leave over; a full-text index can serve the same `LIKE` later.
pub(super) fn push_filter<DB>(sql: &mut QueryBuilder<DB>, filter: &IssueFilter)
where
    DB: Database,
    i16: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(SHOWN).push(" AND ");
    push_condition(sql, filter);
}

fn push_condition<DB>(sql: &mut QueryBuilder<DB>, filter: &IssueFilter)
where
    DB: Database,
    i16: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    match filter {
        IssueFilter::All(parts) => push_joined(sql, parts, " AND ", TRUE),
        IssueFilter::Any(parts) => push_joined(sql, parts, " OR ", FALSE),
        IssueFilter::Not(part) => {
            sql.push("NOT (");
            push_condition(sql, part);
            sql.push(")");
        }
        IssueFilter::Status(status) => {
            sql.push("i.status = ").push_bind(status.number());
        }
        IssueFilter::Level(levels) => {
            push_list(
                sql,
                "i.level IN (",
                levels.iter().map(|level| level.number()),
                ")",
            );
        }
        IssueFilter::Project(slugs) => {
            let slugs = slugs.iter().map(|slug| slug.to_lowercase());
            push_list(
                sql,
                "i.project_id IN (SELECT p.id FROM project p WHERE p.slug IN (",
                slugs,
                "))",
            );
        }
        IssueFilter::Text(text) => {
            sql.push("i.search_text LIKE ")
                .push_bind(contains_pattern(text))
                .push(r" ESCAPE '\'");
        }
    }
}

fn push_joined<DB>(sql: &mut QueryBuilder<DB>, parts: &[IssueFilter], operator: &str, empty: &str)
where
    DB: Database,
    i16: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    if parts.is_empty() {
        sql.push(empty);
        return;
    }
    for (index, part) in parts.iter().enumerate() {
        sql.push(if index == 0 { "(" } else { operator });
        push_condition(sql, part);
    }
    sql.push(")");
}

/// `open ?, ?, ? close`, or nothing that matches where the list is empty.
fn push_list<DB, T>(
    sql: &mut QueryBuilder<DB>,
    open: &str,
    values: impl ExactSizeIterator<Item = T>,
    close: &str,
) where
    DB: Database,
    T: for<'q> Encode<'q, DB> + Type<DB>,
{
    if values.len() == 0 {
        sql.push(FALSE);
        return;
    }
    sql.push(open);
    let mut list = sql.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    sql.push(close);
}

/// The `LIKE` pattern, with `\` as its escape character, for text that contains `text`.
fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in super::column::storable(text).to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IssueStatus, Level};
    use sqlx::{Postgres, Sqlite};

    fn lowered<DB>(filter: &IssueFilter) -> String
    where
        DB: Database,
        i16: for<'q> Encode<'q, DB> + Type<DB>,
        String: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let mut sql = QueryBuilder::<DB>::new("");
        push_filter(&mut sql, filter);
        sql.into_string()
    }

    #[test]
    fn both_dialects_have_one_shape_and_no_value_in_the_text() {
        let filter = IssueFilter::All(vec![
            IssueFilter::Status(IssueStatus::Unresolved),
            IssueFilter::Not(Box::new(IssueFilter::Any(vec![
                IssueFilter::Level(vec![Level::Error, Level::Fatal]),
                IssueFilter::Text("'; DROP TABLE issue".to_owned()),
            ]))),
            IssueFilter::Project(vec!["shop".to_owned()]),
        ]);
        assert_eq!(
            lowered::<Sqlite>(&filter),
            "i.status <= 2 AND (i.status = ? AND NOT ((i.level IN (?, ?) OR i.search_text LIKE ? ESCAPE '\\')) \
             AND i.project_id IN (SELECT p.id FROM project p WHERE p.slug IN (?)))"
        );
        assert_eq!(
            lowered::<Postgres>(&filter),
            "i.status <= 2 AND (i.status = $1 AND NOT ((i.level IN ($2, $3) OR i.search_text LIKE $4 ESCAPE '\\')) \
             AND i.project_id IN (SELECT p.id FROM project p WHERE p.slug IN ($5)))"
        );
    }

    #[test]
    fn empty_lists_match_everything_or_nothing() {
        let shown = |condition: &str| format!("i.status <= 2 AND {condition}");
        assert_eq!(lowered::<Sqlite>(&IssueFilter::everything()), shown(TRUE));
        for nothing in [
            IssueFilter::Any(vec![]),
            IssueFilter::Level(vec![]),
            IssueFilter::Project(vec![]),
        ] {
            assert_eq!(lowered::<Sqlite>(&nothing), shown(FALSE));
        }
    }

    #[test]
    fn wildcards_are_escaped_and_case_is_folded() {
        assert_eq!(contains_pattern(r"50%_Öl\"), r"%50\%\_öl\\%");
    }
}

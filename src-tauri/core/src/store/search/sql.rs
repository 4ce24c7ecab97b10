//! SQL that is put together from fixed pieces and bound values. Nothing else can get into a text: [`Sql::push`] takes
//! only what is written in the program.

use crate::store::column::{Stamp, storable};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Which database reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    Sqlite,
    Postgres,
}

/// A bound value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) enum Bind {
    Integer(i64),
    Number(f64),
    Text(String),
    Time(Stamp),
    Uuid(Uuid),
    Integers(Vec<i64>),
    Texts(Vec<String>),
    Uuids(Vec<Uuid>),
}

/// Longer lists are bound as one value, of which a statement takes a limited number.
const LONGEST_LIST: usize = 64;
/// More ranges than this are no faster than a set.
const MOST_RANGES: usize = 4;
/// More parts than this are joined in halves: a chain of them is as deep as it is long.
const LONGEST_CHAIN: usize = 64;

/// A statement in the making.
#[derive(Debug, Clone)]
pub(in crate::store) struct Sql {
    pub dialect: Dialect,
    pub text: String,
    pub binds: Vec<Bind>,
}

impl Sql {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            text: String::new(),
            binds: Vec::new(),
        }
    }

    /// Appends a fixed piece.
    pub fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// The statement of SQLite that answers all rows of this one as one JSON text: a list of lists of these columns.
    pub fn packed(mut self, columns: &[&'static str]) -> Self {
        let rows = std::mem::take(&mut self.text);
        self.push("SELECT json_group_array(json_array(");
        for (place, column) in columns.iter().enumerate() {
            self.push(if place == 0 { "" } else { ", " }).push(column);
        }
        self.push(")) FROM (");
        self.text.push_str(&rows);
        self.push(")");
        self
    }

    /// The statement between two fixed pieces.
    pub fn around(mut self, before: &'static str, behind: &'static str) -> Self {
        self.text.insert_str(0, before);
        self.push(behind);
        self
    }

    /// Appends the piece of this database.
    pub fn push_either(&mut self, sqlite: &'static str, postgres: &'static str) -> &mut Self {
        match self.dialect {
            Dialect::Sqlite => self.push(sqlite),
            Dialect::Postgres => self.push(postgres),
        }
    }

    fn bind(&mut self, value: Bind) -> &mut Self {
        self.binds.push(value);
        match self.dialect {
            Dialect::Sqlite => self.text.push('?'),
            Dialect::Postgres => {
                self.text.push('$');
                self.text.push_str(&self.binds.len().to_string());
            }
        }
        self
    }

    pub fn integer(&mut self, value: i64) -> &mut Self {
        self.bind(Bind::Integer(value))
    }

    pub fn number(&mut self, value: f64) -> &mut Self {
        self.bind(Bind::Number(value))
    }

    pub fn word(&mut self, value: &str) -> &mut Self {
        self.bind(Bind::Text(storable(value).into_owned()))
    }

    /// A time. Those beyond the years that both stores can hold are cut: no row has one.
    pub fn time(&mut self, value: DateTime<Utc>) -> &mut Self {
        let value = value.clamp(YEAR_1, YEAR_9999);
        self.bind(Bind::Time(Stamp::of(value)))
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bind(Bind::Uuid(value))
    }

    /// A list of integers as one value.
    pub fn bound_integers(&mut self, values: Vec<i64>) -> &mut Self {
        self.bind(Bind::Integers(values))
    }

    /// A list of texts as one value.
    pub fn bound_texts(&mut self, values: Vec<String>) -> &mut Self {
        self.bind(Bind::Texts(values))
    }

    /// `(a, b, c)` of integers.
    pub fn integers(&mut self, values: impl IntoIterator<Item = i64>) -> &mut Self {
        let values: Vec<i64> = values.into_iter().collect();
        if is_bound_at_once(values.len()) {
            return self.elements("value", Bind::Integers(values));
        }
        self.list(values, Self::integer)
    }

    /// `(a, b, c)` of texts.
    pub fn words<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let values: Vec<&str> = values.into_iter().collect();
        if is_bound_at_once(values.len()) {
            let values = values.into_iter().map(|value| storable(value).into_owned());
            return self.elements("value", Bind::Texts(values.collect()));
        }
        self.list(values, Self::word)
    }

    /// `(a, b, c)` of ids.
    pub fn uuids(&mut self, values: &[Uuid]) -> &mut Self {
        if is_bound_at_once(values.len()) {
            return self.elements("unhex(value, '-')", Bind::Uuids(values.to_vec()));
        }
        self.list(values.iter().copied(), Self::uuid)
    }

    /// `(a, b, c)`.
    fn list<T>(
        &mut self,
        values: impl IntoIterator<Item = T>,
        bind: impl Fn(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        self.push("(");
        for (place, value) in values.into_iter().enumerate() {
            if place > 0 {
                self.push(", ");
            }
            bind(self, value);
        }
        self.push(")")
    }

    /// That a column, in SQLite called `sqlite`, holds one of these integers: as ranges where they are few, because every
    /// row of a list is compared with these faster than it is looked for in a set.
    pub fn in_ranges(
        &mut self,
        (sqlite, postgres): (&'static str, &'static str),
        mut values: Vec<i64>,
    ) -> &mut Self {
        values.sort_unstable();
        values.dedup();
        let ranges: Vec<&[i64]> = values
            .chunk_by(|a, b| a.checked_add(1) == Some(*b))
            .collect();
        if values.len() < 3 || ranges.len() > MOST_RANGES {
            return self
                .push_either(sqlite, postgres)
                .push(" IN ")
                .integers(values);
        }
        self.joined(ranges, " OR ", "1 = 0", |sql, range| {
            sql.push_either(sqlite, postgres)
                .push(" BETWEEN ")
                .integer(range[0])
                .push(" AND ")
                .integer(range[range.len() - 1]);
        })
    }

    /// That what stands before is one of these integers, however many. PostgreSQL then sees a condition of the key and
    /// cannot think of reading the whole table first, with what is costly to ask of every row; as a table of its own a
    /// list is one of those it joins, and from the ninth on it joins them as they are written.
    pub fn one_of(&mut self, values: Vec<i64>) -> &mut Self {
        match self.dialect {
            Dialect::Sqlite => self.push(" IN ").elements("value", Bind::Integers(values)),
            Dialect::Postgres => self
                .push(" = ANY(")
                .bind(Bind::Integers(values))
                .push("::bigint[])"),
        }
    }

    /// `(SELECT … )` of the elements of one bound list, in SQLite a JSON text.
    fn elements(&mut self, column: &'static str, list: Bind) -> &mut Self {
        let array = match &list {
            Bind::Texts(_) => "::text[]))",
            Bind::Uuids(_) => "::uuid[]))",
            _ => "::bigint[]))",
        };
        match self.dialect {
            Dialect::Sqlite => self
                .push("(SELECT ")
                .push(column)
                .push(" FROM json_each(")
                .bind(list)
                .push("))"),
            Dialect::Postgres => self.push("(SELECT unnest(").bind(list).push(array),
        }
    }

    /// Parts with `between` between them, in parentheses; of none `empty`.
    pub fn joined<T>(
        &mut self,
        parts: impl IntoIterator<Item = T>,
        between: &'static str,
        empty: &'static str,
        mut push: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        let parts: Vec<T> = parts.into_iter().collect();
        let count = parts.len();
        match count {
            0 => self.push(empty),
            _ => self.halves(&mut parts.into_iter(), count, between, &mut push),
        }
    }

    /// The next `count` parts, in parentheses.
    fn halves<T>(
        &mut self,
        parts: &mut std::vec::IntoIter<T>,
        count: usize,
        between: &'static str,
        push: &mut impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.push("(");
        if count > LONGEST_CHAIN {
            let half = count / 2;
            self.halves(parts, half, between, push);
            self.push(between);
            self.halves(parts, count - half, between, push);
        } else {
            for (place, part) in parts.take(count).enumerate() {
                if place > 0 {
                    self.push(between);
                }
                push(self, part);
            }
        }
        self.push(")")
    }
}

/// An empty list has to hold nothing, not null: whether something is in a list of null is unknown, and so is the
/// opposite.
fn is_bound_at_once(length: usize) -> bool {
    length == 0 || length > LONGEST_LIST
}

/// A list as SQLite reads it.
pub(in crate::store) fn json_list(list: impl serde::Serialize) -> String {
    serde_json::to_string(&list).unwrap_or_else(|_| "[]".to_owned())
}

const YEAR_1: DateTime<Utc> = DateTime::from_timestamp(-62_135_596_800, 0).unwrap();
const YEAR_9999: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(dialect: Dialect, fill: impl FnOnce(&mut Sql)) -> (String, usize) {
        let mut sql = Sql::new(dialect);
        fill(&mut sql);
        (sql.text, sql.binds.len())
    }

    #[test]
    fn long_lists_and_empty_ones_are_one_value() {
        let numbers = |count| move |sql: &mut Sql| _ = sql.integers(0..count);
        assert_eq!(
            sql(Dialect::Postgres, numbers(2)),
            ("($1, $2)".to_owned(), 2)
        );
        assert_eq!(sql(Dialect::Sqlite, numbers(64)).1, 64);
        for count in [0, 65] {
            assert_eq!(
                sql(Dialect::Sqlite, numbers(count)),
                ("(SELECT value FROM json_each(?))".to_owned(), 1)
            );
            assert_eq!(
                sql(Dialect::Postgres, numbers(count)),
                ("(SELECT unnest($1::bigint[]))".to_owned(), 1)
            );
        }
    }

    #[test]
    fn numbers_in_a_row_are_a_range() {
        let among = |values: &[i64]| {
            let column = ("+x", "x");
            let mut sql = Sql::new(Dialect::Sqlite);
            sql.in_ranges(column, values.to_vec());
            (sql.text, sql.binds)
        };
        let bound = |values: &[i64]| values.iter().copied().map(Bind::Integer).collect();
        assert_eq!(among(&[7]), ("+x IN (?)".to_owned(), bound(&[7])));
        assert_eq!(
            among(&[9, 2, 3, 1, 2, i64::MAX]),
            (
                "(+x BETWEEN ? AND ? OR +x BETWEEN ? AND ? OR +x BETWEEN ? AND ?)".to_owned(),
                bound(&[1, 3, 9, 9, i64::MAX, i64::MAX])
            )
        );
        assert_eq!(
            among(&[1, 3, 5, 7, 9]),
            ("+x IN (?, ?, ?, ?, ?)".to_owned(), bound(&[1, 3, 5, 7, 9]))
        );
        assert_eq!(
            among(&[]).0,
            "+x IN (SELECT value FROM json_each(?))".to_owned()
        );
    }

    #[test]
    fn many_parts_are_joined_in_halves() {
        let joined = |count: i64| {
            let fill = |sql: &mut Sql| {
                sql.joined(0..count, " OR ", "1 = 0", |sql, _| _ = sql.push("x"));
            };
            sql(Dialect::Sqlite, fill).0
        };
        assert_eq!(joined(0), "1 = 0");
        assert_eq!(joined(1), "(x)");
        assert_eq!(joined(3), "(x OR x OR x)");
        let many = joined(1_000);
        assert_eq!(many.matches('x').count(), 1_000);
        assert_eq!(many.matches(" OR ").count(), 999);
        let deepest = many
            .chars()
            .fold((0, 0), |(now, most), character| match character {
                '(' => (now + 1, most.max(now + 1)),
                ')' => (now - 1, most),
                _ => (now, most),
            });
        assert_eq!(deepest, (0, 5));
    }

    #[test]
    fn times_are_cut_to_those_a_store_can_hold() {
        let mut sql = Sql::new(Dialect::Postgres);
        sql.time(DateTime::<Utc>::MIN_UTC)
            .time(DateTime::<Utc>::MAX_UTC);
        let years: Vec<_> = sql
            .binds
            .iter()
            .map(|bind| match bind {
                Bind::Time(stamp) => stamp.0.format("%Y").to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(years, ["0001", "9999"]);
    }
}

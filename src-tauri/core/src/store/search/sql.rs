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
}

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

    pub fn time(&mut self, value: DateTime<Utc>) -> &mut Self {
        self.bind(Bind::Time(Stamp::of(value)))
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bind(Bind::Uuid(value))
    }

    /// `(a, b, c)`; of nothing a list that holds nothing.
    pub fn list<T>(
        &mut self,
        values: impl IntoIterator<Item = T>,
        mut bind: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.push("(");
        let mut is_empty = true;
        for value in values {
            if !is_empty {
                self.push(", ");
            }
            is_empty = false;
            bind(self, value);
        }
        self.push(if is_empty { "NULL)" } else { ")" })
    }

    /// `(a, b, c)` of integers.
    pub fn integers(&mut self, values: impl IntoIterator<Item = i64>) -> &mut Self {
        self.list(values, |sql, value| {
            sql.integer(value);
        })
    }

    /// `(a, b, c)` of texts.
    pub fn words<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) -> &mut Self {
        self.list(values, |sql, value| {
            sql.word(value);
        })
    }

    /// Parts with `between` between them, in parentheses; of none `empty`.
    pub fn joined<T>(
        &mut self,
        parts: impl IntoIterator<Item = T>,
        between: &'static str,
        empty: &'static str,
        mut push: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        let mut is_empty = true;
        for part in parts {
            self.push(if is_empty { "(" } else { between });
            is_empty = false;
            push(self, part);
        }
        self.push(if is_empty { empty } else { ")" })
    }
}

//! The issue search (search spec, sections 5 to 9) on SQLite in memory and on PostgreSQL.

mod generate;
mod model;
mod property;
mod shelf;

//! The issue search on both stores: conditions lowered to SQL, and the statements around them.

mod condition;
mod fields;
mod sql;
mod text;

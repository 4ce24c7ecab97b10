//! The stations a record passes, wired together.

//! Rows as JSON: in one array, or an object a line.

use super::{Columns, ExportRow};
use std::io::{self, Write};

pub(super) struct Json<W> {
    out: W,
    layout: Layout,
    is_empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Array,
    Lines,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W, layout: Layout) -> Self {
        Self {
            out,
            layout,
            is_empty: true,
        }
    }

    pub(super) fn write(&mut self, columns: &Columns, row: &ExportRow) -> io::Result<()> {
        let before: &[u8] = match (self.layout, self.is_empty) {
            (Layout::Array, true) => b"[\n",
            (Layout::Array, false) => b",\n",
            (Layout::Lines, _) => b"",
        };
        self.is_empty = false;
        self.out.write_all(before)?;
        serde_json::to_writer(&mut self.out, &columns.object(row))?;
        match self.layout {
            Layout::Array => Ok(()),
            Layout::Lines => self.out.write_all(b"\n"),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let after: &[u8] = match (self.layout, self.is_empty) {
            (Layout::Array, true) => b"[]\n",
            (Layout::Array, false) => b"\n]\n",
            (Layout::Lines, _) => b"",
        };
        self.out.write_all(after)?;
        Ok(self.out)
    }
}

//! Rows as CSV.

use super::{Cell, Columns, CsvOptions, ExportRow};
use std::borrow::Cow;
use std::io::{self, Write};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a text begins with that a spreadsheet runs instead of showing it.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) struct Delimited<W: Write> {
    out: csv::Writer<W>,
    guard_formulas: bool,
}

impl<W: Write> Delimited<W> {
    pub(super) fn new(mut out: W, options: CsvOptions, columns: &Columns) -> io::Result<Self> {
        if options.bom {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut writer = Self {
            out: csv::WriterBuilder::new()
                .delimiter(options.separator.byte())
                .terminator(csv::Terminator::CRLF)
                .from_writer(out),
            guard_formulas: options.guard_formulas,
        };
        if options.header {
            for name in columns.names() {
                writer.field(name.into(), true)?;
            }
            writer.end_line()?;
        }
        Ok(writer)
    }

    pub(super) fn write(&mut self, columns: &Columns, row: &ExportRow) -> io::Result<()> {
        for cell in columns.cells(row) {
            self.field(cell.text(), Cell::is_foreign(cell))?;
        }
        self.end_line()
    }

    fn field(&mut self, text: Cow<'_, str>, is_foreign: bool) -> io::Result<()> {
        let text = printable(text);
        if self.guard_formulas && is_foreign && text.starts_with(FORMULA_STARTS) {
            return self.out.write_field(format!("'{text}")).map_err(io_error);
        }
        self.out.write_field(text.as_bytes()).map_err(io_error)
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.out.write_record(None::<&[u8]>).map_err(io_error)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

/// The text without NUL, at which many readers of text files stop.
pub(super) fn printable(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.as_bytes().contains(&0) {
        text.replace('\0', "\u{fffd}").into()
    } else {
        text
    }
}

/// The error underneath, with its kind: that says what to do about it.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

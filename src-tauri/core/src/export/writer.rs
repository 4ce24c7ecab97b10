//! Rows as text of one of the formats.

use super::delimited::Delimited;
use super::json::{Json, Layout};
use super::markdown::Markdown;
use super::{Columns, ExportRow, Format, Redaction, Times};
use std::io::{self, Write};

/// Writes rows one after the other. It keeps nothing of a row once it is written, except in a buffer of fixed size.
pub struct RowWriter<W: Write> {
    columns: Columns,
    body: Body<W>,
    redaction: Redaction,
    times: Times,
}

enum Body<W: Write> {
    Csv(Box<Delimited<W>>),
    Json(Json<W>),
    Markdown(Markdown<W>),
}

impl<W: Write> RowWriter<W> {
    /// Begins a text of `format` with these columns.
    ///
    /// # Errors
    /// When `out` takes nothing.
    pub fn new(out: W, format: Format, columns: Columns) -> io::Result<Self> {
        let body = match format {
            Format::Csv(options) => Body::Csv(Delimited::new(out, options, &columns)?.into()),
            Format::Json => Body::Json(Json::new(out, Layout::Array)),
            Format::Ndjson => Body::Json(Json::new(out, Layout::Lines)),
            Format::Markdown => Body::Markdown(Markdown::new(out, &columns)?),
        };
        Ok(Self {
            columns,
            body,
            redaction: Redaction::default(),
            times: Times::default(),
        })
    }

    /// From now on this is taken out of what is written. Names of columns stay.
    pub fn redact(&mut self, redaction: Redaction) {
        self.redaction = redaction;
    }

    /// From now on instants are written so.
    pub fn write_times(&mut self, times: Times) {
        self.times = times;
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When `out` does not take it. What follows is then no valid text any more.
    pub fn write(&mut self, row: &ExportRow) -> io::Result<()> {
        let redacted;
        let row = if self.redaction.is_off() {
            row
        } else {
            redacted = self.redaction.row(&self.columns, row);
            &redacted
        };
        let timed = self.times.row(&self.columns, row);
        let row = timed.as_ref().unwrap_or(row);
        match &mut self.body {
            Body::Csv(body) => body.write(&self.columns, row),
            Body::Json(body) => body.write(&self.columns, row),
            Body::Markdown(body) => body.write(&self.columns, row),
        }
    }

    /// Ends the text, and gives back where it went.
    ///
    /// # Errors
    /// When `out` does not take the end.
    pub fn finish(self) -> io::Result<W> {
        let mut out = match self.body {
            Body::Csv(body) => body.finish()?,
            Body::Json(body) => body.finish()?,
            Body::Markdown(body) => body.finish(),
        };
        out.flush()?;
        Ok(out)
    }
}

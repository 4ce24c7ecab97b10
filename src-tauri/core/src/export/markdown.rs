//! Rows as a Markdown table. What stands in a cell is shown as it is and never becomes markup: a link or an image in
//! a report would be somebody else's.

use super::delimited::printable;
use super::{Columns, ExportRow};
use std::io::{self, Write};

pub(super) struct Markdown<W> {
    out: W,
    line: String,
}

impl<W: Write> Markdown<W> {
    pub(super) fn new(out: W, columns: &Columns) -> io::Result<Self> {
        let mut writer = Self {
            out,
            line: String::new(),
        };
        for name in columns.names() {
            writer.cell(name);
        }
        writer.end_line()?;
        for _ in columns.names() {
            writer.line.push_str("| --- ");
        }
        writer.end_line()?;
        Ok(writer)
    }

    pub(super) fn write(&mut self, columns: &Columns, row: &ExportRow) -> io::Result<()> {
        for cell in columns.cells(row) {
            self.cell(&printable(cell.text()));
        }
        self.end_line()
    }

    fn cell(&mut self, text: &str) {
        self.line.push_str("| ");
        escape(text, &mut self.line);
        self.line.push(' ');
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push_str("|\n");
        let written = self.out.write_all(self.line.as_bytes());
        self.line.clear();
        written
    }

    pub(super) fn finish(self) -> W {
        self.out
    }
}

fn escape(text: &str, into: &mut String) {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            // A line break of two characters is one.
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => into.push_str("<br>"),
            // Within a word it is no markup, and names are full of it.
            '_' if is_word(before) && is_word(chars.peek().copied()) => into.push(char),
            '\\' | '|' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '&' => {
                into.extend(['\\', char]);
            }
            _ => into.push(char),
        }
        before = Some(char);
    }
}

fn is_word(char: Option<char>) -> bool {
    char.is_some_and(char::is_alphanumeric)
}

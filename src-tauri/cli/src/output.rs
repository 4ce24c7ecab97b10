//! What goes to standard output.

use anyhow::Result;
use chrono::{DateTime, Utc};
use comfy_table::{Table, presets};
use serde::Serialize;
use std::io::Write;

/// Prints one JSON document.
pub fn json(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Prints lines of text.
pub fn text(text: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{}", printable(text))?;
    Ok(())
}

/// A table with a header and without lines.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(header.iter().copied());
    table
}

/// Payloads are hostile: a terminal must not act on what they contain.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            let acts = character.is_control() && !matches!(character, '\n' | '\t');
            if acts { '\u{fffd}' } else { character }
        })
        .collect()
}

/// One table cell: printable, on one line, at most `limit` characters.
pub fn cell(text: &str, limit: usize) -> String {
    let line = printable(text).replace(['\n', '\t'], " ");
    if line.chars().count() <= limit {
        line
    } else {
        line.chars().take(limit - 1).chain(['…']).collect()
    }
}

/// An age such as `4 s`, `12 m`, `3 h` or `5 d`; a dash for what never happened.
pub fn age(now: DateTime<Utc>, at: Option<DateTime<Utc>>) -> String {
    let Some(at) = at else {
        return "–".to_owned();
    };
    let seconds = (now - at).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// The instant of a view's milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    reason = "milliseconds since the epoch"
)]
pub fn instant(millis: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis as i64)
}

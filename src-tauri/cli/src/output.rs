//! What goes to standard output.

use anyhow::Result;
use chrono::{DateTime, Utc};
use comfy_table::{Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use picket_core::view::Count;
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
    span((now - at).num_seconds().max(0))
}

/// A length of time in its largest unit, such as `4 s` or `3 h`.
pub fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// So many issues.
pub fn issues_in_words(count: u64) -> String {
    match count {
        1 => "1 issue".to_owned(),
        count => format!("{count} issues"),
    }
}

/// How far work is, on standard error.
pub fn bar(total: u64, is_shown: bool) -> ProgressBar {
    if !is_shown {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = "{bar:24} {human_pos} of {human_len} · {per_sec} · {eta} left";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A view's count.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count is whole, and never negative"
)]
pub fn whole(count: Count) -> u64 {
    count as u64
}

/// The instant of a view's milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    reason = "milliseconds since the epoch"
)]
pub fn instant(millis: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis as i64)
}

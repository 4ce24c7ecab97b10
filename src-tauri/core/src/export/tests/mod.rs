mod columns;
mod csv_text;
mod errors;
mod json_text;
mod markdown_text;
mod redaction;
mod streaming;
mod times;

use super::*;
use serde_json::{Value, json};

/// What a program that is watched may send, and somebody opens in a spreadsheet or a browser.
const HOSTILE: &[&str] = &[
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=HYPERLINK(\"http://example.com\",\"click\")",
    "plain",
    " =1",
    "a,b;c\td|e",
    "a \"quoted\" word",
    "\"",
    "two\nlines",
    "two\r\nlines",
    "two\rlines",
    "\n",
    "nul\0byte",
    "\0=1",
    "",
    " ",
    "umläut 日本 🦀",
    "\u{feff}mark",
    "<script>alert(1)</script>",
    "![x](http://example.com/x.png)",
    "*b* _i_ `c` ~s~ &amp; [l](m) \\ \\| |",
    "snake_case_name",
];

fn written(format: Format, columns: &Columns, rows: &[ExportRow]) -> String {
    let mut writer = RowWriter::new(Vec::new(), format, columns.clone()).unwrap();
    for row in rows {
        writer.write(row).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn columns(text: &str) -> Columns {
    ColumnSet::ISSUES.choose(text).unwrap()
}

/// A row with the same text in every column.
fn full_of(columns: &Columns, text: &str) -> ExportRow {
    columns.names().fold(ExportRow::new(), |row, name| {
        row.with(name.to_owned(), text)
    })
}

fn of_every_type() -> ExportRow {
    ExportRow::new()
        .with("id", 12_i64)
        .with("shortId", "SHOP-1A")
        .with("count", i64::MIN)
        .with("priority", 0.25)
        .with("level", f64::NAN)
        .with(
            "firstSeen",
            "2024-06-01T12:00:00.5Z"
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap(),
        )
        .with("isUnhandled", true)
        .with("assignee", None::<String>)
        .with("project", json!({"slug": "shop", "id": 1}))
        .with_tag("browser", "Firefox")
}

const EVERY_TYPE: &str =
    "id,shortId,count,priority,level,firstSeen,isUnhandled,assignee,project,tags[browser],title";

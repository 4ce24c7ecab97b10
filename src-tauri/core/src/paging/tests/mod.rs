mod cursors;
mod hits;
mod keyset;
mod limits;
mod offsets;
mod scores;
mod walks;

use super::*;

/// A page in one line: its rows, then `prev` and `next`, each with a `+` where it has results.
fn show<T: ToString>(page: &Page<T>) -> String {
    let rows: Vec<_> = page.rows.iter().map(ToString::to_string).collect();
    let link = |link: &Link| {
        let results = if link.results { "+" } else { "-" };
        format!("{}{results}", link.cursor)
    };
    format!(
        "[{}] {} {}",
        rows.join(" "),
        link(&page.prev),
        link(&page.next)
    )
}

fn cursor(text: &str) -> Option<Cursor> {
    Cursor::parse(text).unwrap()
}

fn limit(rows: i64) -> Limit {
    Limit::new(rows, PAGE_CAP).unwrap()
}

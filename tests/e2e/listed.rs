//! What the list on screen shows: its columns, its order, its rows.

use std::cmp::Reverse;

use picket_tests::wait::{wait_for, wait_until};

use crate::window::{SOON, Window};

/// The numbers of a row that the tests sort by.
#[derive(Clone, Debug)]
pub struct Counted {
    pub events: u64,
    pub users: u64,
    /// First sighting, in milliseconds; whole seconds, because that is what the window says.
    pub first: u64,
}

/// The rows around those on screen, in their order. One whose content is still to come is left out.
pub async fn rows(window: &Window<'_>) -> Vec<Counted> {
    let script = "const rows = [...document.querySelectorAll(`[data-testid='issue-row']`)]; \
        rows.sort((a, b) => a.dataset.index - b.dataset.index); \
        const cell = (row, name) => row.querySelector(`[data-column='${name}']`); \
        return rows.map((row) => [cell(row, 'events').textContent, cell(row, 'users').textContent, \
            Date.parse(cell(row, 'first').dataset.tip?.replace('First seen ', ''))]);";
    let rows = window.script(script, vec![]).await;
    let rows = rows.as_array().into_iter().flatten();
    let filled = rows.filter_map(|row| {
        Some(Counted {
            events: number(row[0].as_str()?),
            users: number(row[1].as_str()?),
            first: row[2].as_u64()?,
        })
    });
    filled.collect()
}

/// The rows, once they come by most events, then by most users, then by first sighting.
pub async fn rows_by_three_keys(window: &Window<'_>) -> Vec<Counted> {
    wait_for("a list in its order", SOON, async || {
        let rows = rows(window).await;
        let sorted =
            rows.is_sorted_by_key(|row| (Reverse(row.events), Reverse(row.users), row.first));
        (sorted && rows.len() > 10).then_some(rows)
    })
    .await
}

/// What people read of a row that the tests sort by.
#[derive(Clone, Debug)]
pub struct Read {
    /// The title, with small letters only.
    pub title: String,
    pub priority: String,
}

/// The rows around those on screen, once they come as this says.
pub async fn rows_as_read(window: &Window<'_>, are_sorted: impl Fn(&[Read]) -> bool) -> Vec<Read> {
    // The title is in two pieces, behind the mark of what waits for review.
    let script = "const rows = [...document.querySelectorAll(`[data-testid='issue-row']`)]; \
        rows.sort((a, b) => a.dataset.index - b.dataset.index); \
        return rows.map((row) => [row.children[2].firstElementChild.children, \
            row.querySelector(`[data-testid='badge-priority']`)?.dataset.value]) \
            .map(([line, priority]) => [line[1].textContent + line[2].textContent, priority]);";
    wait_for("a list in its order", SOON, async || {
        let rows = window.script(script, vec![]).await;
        let rows = rows.as_array().into_iter().flatten();
        let filled = rows.filter_map(|row| {
            Some(Read {
                title: row[0].as_str()?.to_ascii_lowercase(),
                priority: row[1].as_str()?.to_owned(),
            })
        });
        let rows: Vec<Read> = filled.collect();
        (rows.len() > 10 && are_sorted(&rows)).then_some(rows)
    })
    .await
}

/// A number as the window writes it, `12 431`; 0 where there is none.
pub fn number(text: &str) -> u64 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// The columns behind the issue, with the marks of those that are sorted by.
pub async fn heads(window: &Window<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[role='columnheader'][data-column]`)].map((head) => \
        [head.dataset.column, head.querySelector('[aria-hidden]')?.textContent.trim()].filter(Boolean).join(' '));";
    serde_json::from_value(window.script(script, vec![]).await).unwrap()
}

/// Waits until the list says that it is sorted so.
pub async fn order_is(window: &Window<'_>, expected: &str) {
    wait_until(&format!("the order {expected}"), SOON, async || {
        window.attribute("sorting", "data-value").await.as_deref() == Some(expected)
    })
    .await;
}

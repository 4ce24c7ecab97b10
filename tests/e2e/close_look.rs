//! What a list and an issue offer beside the usual ways: cells, heads of columns, values, a merge, the builder.

use picket_tests::wait::wait_until;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

use crate::listed::heads;
use crate::steps::{fill_from_the_demo, leave_the_search_field, show};
use crate::window::{Desk, SOON, Window};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_and_issues_are_looked_at_closely() {
    let Some(desk) = Desk::new("close-look").await else {
        return;
    };
    let window = desk.open().await;
    fill_from_the_demo(&window, 100).await;
    window.keys("gg").await;
    window.cursor_at(0).await;
    cells_say_what_they_have_no_room_for(&window).await;
    columns_are_moved_and_widened(&window).await;
    a_value_narrows_the_list(&window).await;
    the_one_that_stays_is_chosen(&window).await;
    the_builder_joins_by_or(&window).await;
    a_fast_scroll_says_where_it_is(&window).await;
    window.close().await;
}

/// The text of the tooltip; nothing while there is none.
async fn tip(window: &Window<'_>) -> Option<String> {
    let script = "const tip = document.querySelector(`[role='tooltip']:not([hidden])`); return tip && tip.textContent;";
    window
        .script(script, vec![])
        .await
        .as_str()
        .map(str::to_owned)
}

async fn cells_say_what_they_have_no_room_for(window: &Window<'_>) {
    let script = "return document.querySelector(`[data-testid='issue-row'][data-cursor] [data-cut]`)?.dataset.cut;";
    window.key(Key::Right).await;
    window.key(Key::Right).await;
    wait_until("the tip of the issue", SOON, async || {
        let whole = window.script(script, vec![]).await;
        let title = whole.as_str().and_then(|text| text.lines().next());
        let tip = tip(window).await;
        title
            .zip(tip)
            .is_some_and(|(title, tip)| tip.contains(title))
    })
    .await;
    window.picture("cell").await;
    window.key(Key::Right).await;
    wait_until("the tip of the trend", SOON, async || {
        tip(window)
            .await
            .is_some_and(|tip| tip.starts_with("Trend"))
    })
    .await;
    window.picture("cell-of-the-trend").await;
    for _ in 0..3 {
        window.key(Key::Left).await;
    }
    assert_eq!(tip(window).await, None);
}

/// The width of the head of a column.
async fn width(window: &Window<'_>, column: &str) -> f64 {
    let script = "return document.querySelector(`[role='columnheader'][data-column='${arguments[0]}']`) \
                  .getBoundingClientRect().width;";
    let width = window.script(script, vec![json!(column)]).await;
    width.as_f64().unwrap()
}

async fn columns_are_moved_and_widened(window: &Window<'_>) {
    let before = heads(window).await;
    window.shift('v').await;
    window.alt(Key::Right).await;
    wait_until("the first column to be the second", SOON, async || {
        let now = heads(window).await;
        now[1] == before[0] && now[0] == before[1]
    })
    .await;
    let was = width(window, "trend").await;
    for _ in 0..4 {
        window
            .chord(&[Key::Alt, Key::Shift], Key::Right.into())
            .await;
    }
    wait_until("the column to be wider", SOON, async || {
        (width(window, "trend").await - was - 32.0).abs() < 1.0
    })
    .await;
    window.picture("heads").await;
    window.alt(Key::Left).await;
    wait_until("the columns to stand as before", SOON, async || {
        heads(window).await == before
    })
    .await;
    window.key(Key::Down).await;
}

async fn a_value_narrows_the_list(window: &Window<'_>) {
    window.keys("gg").await;
    window.cursor_at(0).await;
    window.keys(" ").await;
    let value = "[data-testid='preview'] li [data-testid='value'][data-field^='tags']";
    window.find_css(value).await;
    let script = "const value = document.querySelector(arguments[0]); value.focus(); return value.dataset.field;";
    let field = window.script(script, vec![json!(value)]).await;
    let field = field.as_str().unwrap().to_owned();
    window.key(Key::Enter).await;
    window.find("value-filter").await;
    window.picture("value").await;
    window.click("value-filter").await;
    wait_until("the query to ask for the tag", SOON, async || {
        window.text("query-input").await.contains(&field)
    })
    .await;
    assert!(window.total().await > 0);
    window.picture("narrowed").await;
    window.search("is:unresolved").await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    // Leaving for the search has closed it.
    window.gone("preview").await;
}

async fn the_one_that_stays_is_chosen(window: &Window<'_>) {
    // All there are belong to several projects.
    window.keys("gg").await;
    window.cursor_at(0).await;
    window.chord(&[Key::Control], 'a').await;
    window.shift('m').await;
    wait_until("why they cannot become one", SOON, async || {
        let said = window.text("remove-dialog").await;
        said.contains("only issues of one project can become one")
    })
    .await;
    window.picture("not-merged").await;
    window.key(Key::Escape).await;
    window.gone("remove-dialog").await;
    window.key(Key::Escape).await;

    show(window, "is:unresolved project:storefront").await;
    window.cursor_at(0).await;
    window.keys("xjxjx").await;
    window.shift('m').await;
    window.find("merge-table").await;
    let third = window
        .find_css("[data-testid='merge-table'] tr:nth-child(3) [data-testid='merge-into']")
        .await;
    third.click().await.unwrap();
    let row = third.find(By::XPath("ancestor::tr")).await.unwrap();
    let row = row.text().await.unwrap();
    window.picture("merge").await;
    let result = window.text("merge-result").await;
    let (_, name) = result.split_once("one issue, ").unwrap();
    let name = name.split(['.', ',']).next().unwrap();
    assert!(row.contains(name), "{row} is not what stays: {result}");
    window.key(Key::Escape).await;
    window.gone("merge-table").await;
    window.key(Key::Escape).await;
    show(window, "is:unresolved").await;
}

async fn the_builder_joins_by_or(window: &Window<'_>) {
    window.chord(&[Key::Control, Key::Shift], 'b').await;
    window.find("query-builder").await;
    window
        .find_css("[role='radio'][aria-label='or'], [role='radiogroup'] [role='radio']:last-child")
        .await
        .click()
        .await
        .unwrap();
    window.click("query-builder-value").await;
    window.find_css("[role='listbox'] [role='option']").await;
    window.picture("builder").await;
    window.keys("resolved").await;
    window.key(Key::Enter).await;
    wait_until("the query to have both", SOON, async || {
        window.text("query-input").await == "is:unresolved OR is:resolved"
    })
    .await;
    window.picture("joined").await;
    window.key(Key::Escape).await;
    window.key(Key::Escape).await;
    window.search("is:unresolved").await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
}

async fn a_fast_scroll_says_where_it_is(window: &Window<'_>) {
    let script = "const list = document.querySelector(`[data-testid='issue-list'] [role='rowgroup']`); \
                  list.scrollTop = list.scrollHeight / 2; return null;";
    let bubble = "const bubble = document.querySelector(`[data-testid='scroll-bubble']`); \
                  return bubble.hidden ? null : bubble.textContent;";
    window.script(script, vec![]).await;
    wait_until("the place of the list", SOON, async || {
        let said = window.script(bubble, vec![]).await;
        said.as_str().is_some_and(|said| said.contains("row "))
    })
    .await;
    window.picture("bubble").await;
    wait_until("the place to go", SOON, async || {
        window.script(bubble, vec![]).await == Value::Null
    })
    .await;
}

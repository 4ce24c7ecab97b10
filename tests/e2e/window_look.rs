//! How large the window is drawn, its rail and its panel, a query in lines, the look of a view, and a link to it all.

use crate::steps::{begin_as_ana, leave_the_search_field, open_as_ana, show};
use crate::window::{Desk, SOON, Window};
use picket_tests::wait::wait_until;
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_looks_as_it_was_left() {
    let Some(desk) = Desk::new("window-look").await else {
        return;
    };
    let window = begin_as_ana(&desk, "some issues", async |window| {
        window.total().await > 5
    })
    .await;
    window.keys("1").await;
    let natural = width(&window).await;

    window.control('=').await;
    window.control('=').await;
    width_becomes(&window, "larger", |now| now < 0.85 * natural).await;
    window.picture("zoomed").await;
    window.control('b').await;
    window.find_css("nav[aria-label='Screens'] a").await;
    window.control('\\').await;
    window.find("preview").await;
    window.picture("wide-rail-and-panel").await;

    // It is all there after a restart.
    window.close().await;
    let window = open_as_ana(&desk).await;
    window.find("issue-row").await;
    window.find("preview").await;
    width_becomes(&window, "as large again", |now| now < 0.85 * natural).await;
    window.control('0').await;
    width_becomes(&window, "of its natural size", |now| now >= 0.99 * natural).await;
    nothing_is_lost_at_twice_the_size(&window, natural).await;

    the_query_is_written_in_lines(&window).await;
    a_view_gets_rows_and_an_icon_of_its_own(&window).await;
    window.close().await;
}

/// Every control lies within the window, but for tabs and columns, which scroll; and words have room in theirs.
async fn nothing_is_lost_at_twice_the_size(window: &Window<'_>, natural: f64) {
    for _ in 0..5 {
        window.control('=').await;
    }
    width_becomes(window, "twice as large", |now| now < 0.51 * natural).await;
    let script = "return [...document.querySelectorAll('button, a[href], [role=combobox]')] \
        .filter((one) => !one.closest('[role=tablist], [data-testid=issue-list]') && one.checkVisibility()) \
        .filter((one) => one.getBoundingClientRect().right > innerWidth || one.scrollWidth > one.clientWidth + 1) \
        .map((one) => one.textContent || one.ariaLabel);";
    wait_until("all controls to be in the window", SOON, async || {
        window.script(script, vec![]).await == json!([])
    })
    .await;
    window.picture("twice-as-large").await;
    window.control('0').await;
    width_becomes(window, "of its natural size", |now| now >= 0.99 * natural).await;
}

async fn the_query_is_written_in_lines(window: &Window<'_>) {
    show(window, "is:unresolved level:error").await;
    window.chord(&[Key::Control, Key::Shift], 'l').await;
    wait_until("a term in each line", SOON, async || {
        let script = "return document.querySelectorAll('.cm-line').length;";
        window.script(script, vec![]).await == json!(2)
    })
    .await;
    window.picture("query-in-lines").await;
    leave_the_search_field(window).await;
    window.click("view-revert").await;
    window.gone("view-revert").await;
}

async fn a_view_gets_rows_and_an_icon_of_its_own(window: &Window<'_>) {
    window.click("view-menu").await;
    window.picture("view-menu").await;
    window.key(Key::Escape).await;
    // Letters go to a menu as long as it is there.
    wait_until("the menu to be gone", SOON, async || {
        let script = "return document.querySelector(`[role='menu']`) === null;";
        window.script(script, vec![]).await == json!(true)
    })
    .await;
    window.keys("d").await;
    wait_until("a change of the view", SOON, async || {
        window.exists("view-revert").await
    })
    .await;
    window.picture("rows-of-a-view").await;
    window.control('s').await;
    window.gone("view-revert").await;
    let tab = "[data-testid='view-tab'][aria-selected='true']";
    wait_until("issues that were not seen", SOON, async || {
        let script = "return Number(document.querySelector(arguments[0]).dataset.unseen);";
        window.script(script, vec![tab.into()]).await.as_u64() > Some(0)
    })
    .await;
}

/// Width of the page in its own pixels; the larger it is drawn, the fewer there are.
async fn width(window: &Window<'_>) -> f64 {
    let width = window.script("return window.innerWidth;", vec![]).await;
    width.as_f64().unwrap()
}

async fn width_becomes(window: &Window<'_>, what: &str, is_there: impl Fn(f64) -> bool) {
    wait_until(&format!("the window to be {what}"), SOON, async || {
        is_there(width(window).await)
    })
    .await;
}

//! A list in an order of one's own, with columns of one's own, and what keeps both: a restart, a view, a view as text.

use picket_tests::wait::{wait_for, wait_until};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::listed::{
    Counted, Read, heads, number, order_is, rows, rows_as_read, rows_by_three_keys,
};
use crate::steps::{fill_from_the_demo, run_command, tab_to, view_is, views};
use crate::window::{Desk, SOON, Window};

const ORDER: &str = "events,users,first_seen:asc";
const HEADS: &[&str] = &[
    "trend",
    "events ↓1",
    "users ↓2",
    "first ↑3",
    "last",
    "assignee",
];
const VIEW: &str = "Loudest first";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_three_keys_and_its_columns_are_kept() {
    let Some(desk) = Desk::new("order-and-views").await else {
        return;
    };
    let window = desk.open().await;
    fill_from_the_demo(&window, 60).await;

    three_keys_are_chosen(&window).await;
    the_order_is_turned_round_and_back(&window).await;
    a_column_is_put_in_front(&window).await;
    the_list_is_kept_as_a_view(&window).await;
    the_view_goes_and_comes_back_as_text(&window).await;
    headers_of_groups_show_their_trend(&window).await;
    window.keys("ggjjj").await;
    let last = window.cursor_at(3).await;
    window.picture("before-restart").await;

    window.close().await;
    let window = desk.open().await;
    window.find("issue-row").await;
    assert_eq!(window.cursor_at(3).await.id, last.id);
    view_is(&window, VIEW).await;
    order_is(&window, ORDER).await;
    assert_eq!(heads(&window).await, [&["project"][..], HEADS].concat());
    rows_by_three_keys(&window).await;
    window.picture("after-restart").await;
    words_are_sorted_by(&window).await;
    window.close().await;
}

async fn three_keys_are_chosen(window: &Window<'_>) {
    window.keys("s").await;
    focus_is_on(window, "last_seen").await;
    window.picture("chooser").await;
    window.key(Key::Down).await;
    window.key(Key::Down).await;
    window.key(Key::Enter).await;
    order_is(window, "events").await;
    wait_until("the list to have the keyboard again", SOON, async || {
        focused(window).await["list"] == true
    })
    .await;

    window.keys("s").await;
    focus_is_on(window, "events").await;
    window.key(Key::Down).await;
    window.keys(" ").await;
    order_is(window, "events,users").await;
    window.key(Key::Up).await;
    window.key(Key::Up).await;
    // Added, and turned round.
    window.keys("  ").await;
    order_is(window, ORDER).await;
    window.picture("three-keys-chosen").await;
    window.key(Key::Escape).await;
    // The cursor stays on its issue, wherever that is now.
    window.keys("gg").await;
    window.cursor_at(0).await;
    assert_eq!(heads(window).await, HEADS);
    let top = rows_by_three_keys(window).await;
    assert!(top[0].events > top[top.len() - 1].events, "{top:?}");
    window.picture("three-keys").await;
    // At the end are those that happened once: there the third key decides.
    window.key(Key::End).await;
    window.cursor_at(window.total().await - 1).await;
    let end = rows_by_three_keys(window).await;
    let alike =
        |pair: &[Counted]| pair[0].events == pair[1].events && pair[0].users == pair[1].users;
    assert!(
        end.windows(2)
            .any(|pair| alike(pair) && pair[0].first < pair[1].first),
        "{end:?}"
    );
    window.keys("gg").await;
}

/// By clicks on the headers, of the issue itself and of a column that is put in for it.
async fn words_are_sorted_by(window: &Window<'_>) {
    let above = |sorts: &str| format!("[role='columnheader'][data-sorts='{sorts}']");
    window
        .find_css(&above("title"))
        .await
        .click()
        .await
        .unwrap();
    order_is(window, "title:asc").await;
    window.keys("gg").await;
    let by_title = |rows: &[Read]| rows.is_sorted_by_key(|row| row.title.clone());
    let rows = rows_as_read(window, by_title).await;
    assert_ne!(rows[0].title, rows[rows.len() - 1].title, "{rows:?}");
    window.picture("by-title").await;
    // Above the mark of the level there is no word.
    window
        .find_css(&above("level"))
        .await
        .click()
        .await
        .unwrap();
    order_is(window, "level").await;
    window.picture("by-level").await;

    window.keys("v").await;
    window.find("column-chooser").await;
    tab_to(
        window,
        "[data-testid='list-column'][data-name='priority'] *",
    )
    .await;
    window.keys(" ").await;
    window.key(Key::Escape).await;
    window.gone("column-chooser").await;
    let head = window.find_css(&above("priority")).await;
    head.click().await.unwrap();
    order_is(window, "priority").await;
    window.keys("gg").await;
    let urgency = |row: &Read| {
        ["high", "medium", "low"]
            .iter()
            .position(|word| *word == row.priority)
    };
    let by_priority = |rows: &[Read]| rows.is_sorted_by_key(urgency);
    let rows = rows_as_read(window, by_priority).await;
    assert_eq!(rows[0].priority, "high", "{rows:?}");
    window.picture("by-priority").await;

    window.shift_click(&above("title")).await;
    order_is(window, "priority,title:asc").await;
    window.keys("gg").await;
    let by_both = |rows: &[Read]| rows.is_sorted_by_key(|row| (urgency(row), row.title.clone()));
    rows_as_read(window, by_both).await;
    window.keys("s").await;
    focus_is_on(window, "priority").await;
    window.picture("all-keys").await;
    window.key(Key::Escape).await;
}

async fn the_order_is_turned_round_and_back(window: &Window<'_>) {
    let most = rows_by_three_keys(window).await[0].events;
    window.shift('S').await;
    order_is(window, "events:asc,users,first_seen:asc").await;
    window.keys("gg").await;
    wait_until("the fewest events first", SOON, async || {
        rows(window)
            .await
            .first()
            .is_some_and(|row| row.events < most)
    })
    .await;
    window.shift('S').await;
    order_is(window, ORDER).await;
    window.keys("gg").await;
    rows_by_three_keys(window).await;
}

async fn a_column_is_put_in_front(window: &Window<'_>) {
    window.keys("v").await;
    window.find("column-chooser").await;
    tab_to(window, "[data-testid='list-column'][data-name='project'] *").await;
    window.keys(" ").await;
    for _ in 0..6 {
        window.alt(Key::Up).await;
    }
    wait_until("the column to be the first", SOON, async || {
        heads(window)
            .await
            .first()
            .is_some_and(|head| head == "project")
    })
    .await;
    window.picture("columns").await;
    window.key(Key::Escape).await;
    window.gone("column-chooser").await;
    let draft = window.attribute("view-save", "aria-keyshortcuts").await;
    assert!(
        draft.is_some(),
        "what was changed in the open view can be saved"
    );
    window.picture("changed").await;
}

async fn the_list_is_kept_as_a_view(window: &Window<'_>) {
    window.chord(&[Key::Control, Key::Shift], 'S').await;
    window.find("view-name").await;
    window.retype(VIEW).await;
    window.picture("view-name").await;
    window.key(Key::Enter).await;
    window.gone("view-name").await;
    view_is(window, VIEW).await;
    // The view it was made of is as it was saved.
    window.keys("1").await;
    order_is(window, "last_seen").await;
    assert_eq!(heads(window).await[0], "trend");
    window.keys("5").await;
    order_is(window, ORDER).await;
    assert_eq!(heads(window).await[0], "project");
}

/// Copied, deleted, and pasted again.
async fn the_view_goes_and_comes_back_as_text(window: &Window<'_>) {
    tab_to(window, "[data-testid='view-menu']").await;
    window.key(Key::Enter).await;
    window.find_css("[role='menu']").await;
    window.picture("view-menu").await;
    // Goes to the entry that begins so.
    window.keys("copy").await;
    window.key(Key::Enter).await;
    told(window, &format!("Copied “{VIEW}”")).await;

    run_command(window, "delete the view").await;
    wait_until("the view to be gone", SOON, async || {
        !views(window).await.contains(&VIEW.to_owned())
    })
    .await;
    wait_until("the columns to be those of other lists", SOON, async || {
        heads(window).await[0] == "trend"
    })
    .await;

    run_command(window, "import views").await;
    window.find("view-import").await;
    window.control('v').await;
    wait_until("the view as text", SOON, async || {
        let text: Option<Value> = serde_json::from_str(&window.focused_value().await).ok();
        text.is_some_and(|view| view["name"] == VIEW && view["sort"] == ORDER)
    })
    .await;
    window.picture("import").await;
    tab_to(window, "[role='dialog'] [type='submit']").await;
    window.key(Key::Enter).await;
    window.gone("view-import").await;
    wait_until("the view to be back", SOON, async || {
        views(window).await.contains(&VIEW.to_owned())
    })
    .await;
    window.keys("5").await;
    view_is(window, VIEW).await;
    order_is(window, ORDER).await;
    assert_eq!(heads(window).await[0], "project");
    window.picture("imported").await;
}

async fn headers_of_groups_show_their_trend(window: &Window<'_>) {
    window.keys("bp").await;
    let script = "return [...document.querySelectorAll(`[data-testid='issue-group']`)].map((row) => \
        [row.ariaLabel, row.lastElementChild.ariaLabel, row.lastElementChild.querySelector('path').getAttribute('d')]);";
    let headers = wait_for("trends in the headers", SOON, async || {
        let headers = window.script(script, vec![]).await.as_array()?.clone();
        let drawn = headers
            .iter()
            .all(|header| header[2].as_str().is_some_and(|path| !path.is_empty()));
        (drawn && !headers.is_empty()).then_some(headers)
    })
    .await;
    for header in &headers {
        // “checkout, 12 issues, 34 events” and “30 events in the last 24 h”.
        let of_all = number(header[0].as_str().unwrap().rsplit(", ").next().unwrap());
        let of_a_day = number(header[1].as_str().unwrap().split(" in ").next().unwrap());
        assert!(0 < of_a_day && of_a_day <= of_all, "{header}");
    }
    window.picture("groups").await;
    window.keys("bc").await;
    let is_trace =
        |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    wait_until("groups of traces", SOON, async || {
        let headers = window.script(script, vec![]).await;
        let headers = headers.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut names = headers
            .iter()
            .filter_map(|header| header[0].as_str()?.split(", ").next());
        names.clone().any(is_trace) && names.all(|name| is_trace(name) || name == "No trace")
    })
    .await;
    window.picture("traces").await;
    window.keys("bn").await;
    window.gone("issue-group").await;
}

/// What has the keyboard: a thing to sort by, or the list.
async fn focused(window: &Window<'_>) -> Value {
    let script = "const at = document.activeElement; return { sort: at?.dataset.sort ?? null, \
        list: at?.dataset.testid === 'issue-list' };";
    window.script(script, vec![]).await
}

async fn focus_is_on(window: &Window<'_>, sort: &str) {
    wait_until(&format!("the keyboard on {sort}"), SOON, async || {
        focused(window).await["sort"] == json!(sort)
    })
    .await;
}

async fn told(window: &Window<'_>, words: &str) {
    let script = "return [...document.querySelectorAll(`[data-testid='toast']`)].some((toast) => \
        toast.textContent.includes(arguments[0]));";
    wait_until(&format!("a message “{words}”"), SOON, async || {
        window.script(script, vec![json!(words)]).await == json!(true)
    })
    .await;
}

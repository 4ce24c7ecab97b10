//! Steps that several journeys take.

use crate::window::{Desk, SOON, Window};
use picket_tests::wait::wait_until;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use thirtyfour::Key;

const PEOPLE: &str = "
[people]
me = \"ana\"

[people.users.ana]
id = 7

[people.users.ben]
id = 8
";

/// Writes settings in which Ana works here, and Ben.
fn settings_of_ana(desk: &Desk) -> PathBuf {
    std::fs::create_dir_all(desk.data()).unwrap();
    let settings = desk.data().join("picket.toml");
    std::fs::write(&settings, PEOPLE).unwrap();
    settings
}

/// Opens the window with the settings of Ana, as it was left.
pub async fn open_as_ana(desk: &Desk) -> Window<'_> {
    let settings = settings_of_ana(desk);
    desk.open_with(&[("PICKET_CONFIG", settings.to_str().unwrap())])
        .await
}

/// Opens the window with the settings of Ana, and lets the demo run until there is `enough`. All it brought is shown.
pub async fn begin_as_ana<'d>(
    desk: &'d Desk,
    what: &str,
    enough: impl AsyncFn(&Window<'_>) -> bool,
) -> Window<'d> {
    let window = open_as_ana(desk).await;
    window.click("start-demo").await;
    window.find("issue-row").await;
    wait_until(what, SOON, async || enough(&window).await).await;
    stop_the_feed(&window).await;
    apply_what_waits(&window).await;
    window
}

/// Shows what a query finds, with the cursor on the first row.
pub async fn show(window: &Window<'_>, query: &str) {
    window.search(query).await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    window.keys("gg").await;
}

/// Gives the keyboard back to the list. Where suggestions are shown, the first Escape is about them.
pub async fn leave_the_search_field(window: &Window<'_>) {
    wait_until(
        "the search field to let go of the keyboard",
        SOON,
        async || {
            let script =
                "return document.activeElement?.closest(`[data-testid='query-input']`) === null;";
            let has_left = window.script(script, vec![]).await == serde_json::json!(true);
            if !has_left {
                window.key(Key::Escape).await;
            }
            has_left
        },
    )
    .await;
}

/// Starts the demo and stops it once it has brought more than so many issues, all of which are shown.
pub async fn fill_from_the_demo(window: &Window<'_>, more_than: u64) {
    window.click("start-demo").await;
    window.find("issue-row").await;
    wait_until(&format!("more than {more_than} issues"), SOON, async || {
        if window.exists("pending-updates").await {
            window.keys(".").await;
        }
        window.total().await > more_than
    })
    .await;
    stop_the_feed(window).await;
    apply_what_waits(window).await;
}

/// Runs what the palette finds for these words.
pub async fn run_command(window: &Window<'_>, words: &str) {
    window.control('k').await;
    window.find("palette").await;
    window.keys(words).await;
    window.picture("palette").await;
    window.key(Key::Enter).await;
    window.gone("palette").await;
}

/// Through the palette, as a person would who does not know the key.
pub async fn stop_the_feed(window: &Window<'_>) {
    run_command(window, "stop the feed of").await;
    wait_until("the feed to stop", SOON, async || {
        window.attribute("feed-pill", "data-state").await.as_deref() == Some("off")
    })
    .await;
}

/// Until nothing new has been waiting for a while: the store reports its changes at most four times a second.
pub async fn apply_what_waits(window: &Window<'_>) {
    let mut quiet = Instant::now();
    wait_until("the list to stand still", SOON, async || {
        if window.exists("pending-updates").await {
            window.keys(".").await;
            quiet = Instant::now();
        }
        quiet.elapsed() > Duration::from_millis(1500)
    })
    .await;
}

/// Presses Tab until what is selected by this CSS has the focus.
pub async fn tab_to(window: &Window<'_>, css: &str) {
    let script = "return document.activeElement?.matches(arguments[0]) ?? false;";
    for _ in 0..60 {
        if window.script(script, vec![css.into()]).await == serde_json::json!(true) {
            return;
        }
        window.key(Key::Tab).await;
    }
    panic!("Tab does not lead to {css}");
}

/// Goes from the list of the screen into the row under its cursor, as far as this button.
pub async fn button_of_the_row(window: &Window<'_>, list: &str, css: &str) {
    tab_to(window, &format!("[data-testid='{list}']")).await;
    let script = "return document.activeElement?.matches(arguments[0]) ?? false;";
    for _ in 0..6 {
        window.key(Key::Right).await;
        if window.script(script, vec![css.into()]).await == serde_json::json!(true) {
            return;
        }
    }
    panic!("The row under the cursor has no {css}");
}

/// The names of the saved views that have a tab.
pub async fn views(window: &Window<'_>) -> Vec<String> {
    named_tabs(window, "").await
}

/// Waits until this view is the open one.
pub async fn view_is(window: &Window<'_>, name: &str) {
    wait_until(&format!("the view {name}"), SOON, async || {
        named_tabs(window, "[aria-selected='true']").await == [name]
    })
    .await;
}

/// Beside its name a tab has its key and its number of issues, each in an element of its own.
async fn named_tabs(window: &Window<'_>, which: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[data-testid='view-tab']${arguments[0]}`)].map((tab) => \
        [...tab.childNodes].find((node) => node.nodeType === Node.TEXT_NODE).data);";
    let names = window.script(script, vec![which.into()]).await;
    serde_json::from_value(names).expect("a list of names")
}

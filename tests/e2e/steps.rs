//! Steps that several journeys take.

use crate::window::{SOON, Window};
use picket_tests::wait::wait_until;
use std::time::{Duration, Instant};
use thirtyfour::Key;

/// Gives the keyboard back to the list.
pub async fn leave_the_search_field(window: &Window<'_>) {
    window.key(Key::Escape).await;
    wait_until(
        "the search field to let go of the keyboard",
        SOON,
        async || {
            let script =
                "return document.activeElement?.closest(`[data-testid='query-input']`) === null;";
            window.script(script, vec![]).await == serde_json::json!(true)
        },
    )
    .await;
}

/// Through the palette, as a person would who does not know the key.
pub async fn stop_the_feed(window: &Window<'_>) {
    window.control('k').await;
    window.find("palette").await;
    window.keys("stop the feed of").await;
    window.picture("palette").await;
    window.key(Key::Enter).await;
    window.gone("palette").await;
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

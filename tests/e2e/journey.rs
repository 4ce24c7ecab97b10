//! From the first start to finding everything again after a restart.

use std::time::Duration;

use picket_tests::wait::{wait_for, wait_until};
use thirtyfour::Key;

use crate::steps::{apply_what_waits, leave_the_search_field, stop_the_feed};
use crate::window::{Desk, SOON, Window};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn demo_inbox_issue_and_back() {
    let Some(desk) = Desk::new("journey").await else {
        return;
    };
    let window = desk.open().await;

    // First start: nothing stored, three ways to begin.
    window.find("start-demo").await;
    window.picture("welcome").await;
    window.click("start-demo").await;

    // Rows appear, and their number grows while the feed runs.
    window.find("issue-row").await;
    window.picture("first-rows").await;
    let first = window.total().await;
    wait_until(
        "more issues to arrive",
        Duration::from_secs(60),
        async || {
            if window.exists("pending-updates").await {
                window.keys(".").await;
            }
            window.total().await > first
        },
    )
    .await;
    window.picture("more-rows").await;

    // A mistake in the query is shown where it is, and the result stays.
    window.search("is:unresolvd").await;
    window.find("query-problem").await;
    let code = window.attribute("query-problem", "data-code").await;
    assert!(
        code.is_some_and(|code| !code.is_empty()),
        "a problem has a code"
    );
    window.picture("query-problem").await;

    // Corrected, it answers with errors only.
    window.search("level:error").await;
    window.gone("query-problem").await;
    window.key(Key::Enter).await;
    let errors = window.total().await;
    assert!(errors > 3, "the demo has more than {errors} errors");
    window.picture("errors").await;

    // From here on the list stands still: nothing arrives, and what has arrived is shown.
    stop_the_feed(&window).await;
    leave_the_search_field(&window).await;
    apply_what_waits(&window).await;
    let errors = window.total().await;

    // The keyboard walks the list.
    let start = window.cursor_row().await;
    window.keys("j").await;
    window.cursor_at(start.index + 1).await;
    window.keys("jj").await;
    window.cursor_at(start.index + 3).await;
    window.keys("k").await;
    let chosen = window.cursor_at(start.index + 2).await;
    window.picture("cursor").await;

    // Enter opens the issue, with everything that is known about it.
    window.key(Key::Enter).await;
    window.find("issue-header").await;
    assert_eq!(
        window.attribute("issue-header", "data-issue-id").await,
        Some(chosen.id.clone())
    );
    for section in ["evidence", "tags", "event-json", "origin"] {
        window.find(section).await;
    }
    let origin = window.text("origin").await;
    for fact in ["opic", "artition", "ffset"] {
        assert!(
            origin.contains(fact),
            "the origin names no …{fact}: {origin}"
        );
    }
    window.picture("issue").await;

    // Back to the list: the same row, in the same place on the screen.
    window.key(Key::Escape).await;
    let back = window.cursor_at(chosen.index).await;
    assert_eq!(back.id, chosen.id);
    assert!(
        (back.top - chosen.top).abs() < 1.0,
        "the row moved from {} to {}",
        chosen.top,
        back.top
    );
    assert_eq!(window.total().await, errors);
    window.picture("back").await;

    walk_occurrences(&window).await;
    window.key(Key::Escape).await;
    let last_seen = window.cursor_row().await;

    // Everything is there again after a restart: the data, the query, the row.
    window.close().await;
    let window = desk.open().await;
    window.find("issue-row").await;
    assert_eq!(window.total().await, errors);
    let restored = window.cursor_row().await;
    assert_eq!(
        (restored.id, restored.index),
        (last_seen.id, last_seen.index)
    );
    assert!(window.text("query-input").await.contains("level:error"));
    window.picture("after-restart").await;
    window.close().await;
}

/// `n` and `p` go through the occurrences of an issue that has several.
async fn walk_occurrences(window: &Window<'_>) {
    // From the top, the first issue with at least two stored occurrences.
    window.keys("gg").await;
    let mut index = window.cursor_at(0).await.index;
    loop {
        window.key(Key::Enter).await;
        window.find("occurrence-position").await;
        let (_, total) = position(window).await;
        if total > 1 {
            break;
        }
        window.key(Key::Escape).await;
        window.cursor_at(index).await;
        window.keys("j").await;
        index = window.cursor_at(index + 1).await.index;
        assert!(
            index < 20,
            "none of the first twenty demo issues has two occurrences"
        );
    }
    // Newest first: `p` is the one before it in time, `n` the one after.
    let (begin, total) = position(window).await;
    window.keys("p").await;
    let older = moved(window, begin).await;
    window.picture("older-occurrence").await;
    window.keys("n").await;
    wait_until("the newer occurrence again", SOON, async || {
        position(window).await == (begin, total)
    })
    .await;
    assert_eq!(begin.abs_diff(older), 1);
    // Two presses in a row are two steps, however fast they come.
    if total > 2 {
        window.keys("pp").await;
        wait_until("two steps", SOON, async || {
            position(window).await.0.abs_diff(begin) == 2
        })
        .await;
    }
}

async fn position(window: &Window<'_>) -> (u64, u64) {
    wait_for("the position of the occurrence", SOON, async || {
        let at = window
            .attribute("occurrence-position", "data-position")
            .await?
            .parse()
            .ok()?;
        let total = window
            .attribute("occurrence-position", "data-total")
            .await?
            .parse()
            .ok()?;
        Some((at, total))
    })
    .await
}

async fn moved(window: &Window<'_>, from: u64) -> u64 {
    wait_for("another occurrence", SOON, async || {
        Some(position(window).await.0).filter(|at| *at != from)
    })
    .await
}

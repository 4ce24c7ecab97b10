//! Dealing with issues and dead letters by keyboard.

use crate::steps::{begin_as_ana, open_as_ana, show};
use crate::window::{Desk, SOON, Window};
use picket_tests::wait::wait_until;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issues_and_dead_letters_are_dealt_with_by_keyboard() {
    let Some(desk) = Desk::new("triage").await else {
        return;
    };
    let window = begin_as_ana(&desk, "a dead letter", async |window| {
        window.exists("nav-dead-letters-count").await
    })
    .await;

    let issue = the_first_issue_is_archived_and_comes_back(&window).await;
    dead_letters_are_tried_again_and_discarded(&window).await;

    // All of it is there after a restart.
    window.close().await;
    let window = open_as_ana(&desk).await;
    window.keys("gi").await;
    window.find("issue-list").await;
    show(&window, "is:resolved").await;
    let mut index = 0;
    while window.cursor_at(index).await.id != issue {
        index += 1;
        assert!(
            index < window.total().await,
            "the resolved issue is in the list"
        );
        window.keys("j").await;
    }
    window.key(Key::Enter).await;
    window.find("issue-header").await;
    assert_eq!(badge(&window, "status").await, "resolved");
    assert_eq!(badge(&window, "assignee").await, "user:8");
    // What was done here is newest; the demo may have done something to the issue before.
    let kinds = activity_kinds(&window).await;
    assert_eq!(
        kinds[..5],
        [
            "SET_RESOLVED",
            "ASSIGNED",
            "SET_PRIORITY",
            "SET_UNRESOLVED",
            "SET_IGNORED",
        ]
    );
    assert_eq!(kinds.last().map(String::as_str), Some("FIRST_SEEN"));
    window.picture("after-restart").await;
    window.close().await;
}

async fn the_first_issue_is_archived_and_comes_back(window: &Window<'_>) -> String {
    show(window, "is:unresolved").await;
    window.key(Key::Enter).await;
    window.find("issue-header").await;
    window.picture("open").await;

    // Archived until it has been seen three more times, by the chooser.
    window.keys("h").await;
    window.click("snooze-choice-times").await;
    window.fill("snooze-field-count", "3").await;
    wait_until("the dialog to say what it will do", SOON, async || {
        window.text("snooze-summary").await.contains("3 more times")
    })
    .await;
    window.picture("snooze").await;
    window.click("snooze-confirm").await;
    status_is(window, "archived_until_condition_met").await;
    let state = window.text("issue-state").await;
    assert!(state.contains("3 more"), "{state}");
    window.picture("archived").await;

    window.keys("oo").await;
    wait_until("the issue to be open again", SOON, async || {
        ["new", "ongoing"].contains(&badge(window, "status").await.as_str())
    })
    .await;

    // A priority and somebody to take care of it.
    let other = match badge(window, "priority").await.as_str() {
        "high" => "low",
        _ => "high",
    };
    window.click("issue-action-priority").await;
    focus_is(window, "priority-input").await;
    window.keys(other).await;
    window.key(Key::Enter).await;
    wait_until("another priority", SOON, async || {
        badge(window, "priority").await == other
    })
    .await;
    window.keys("a").await;
    focus_is(window, "assign-input").await;
    window.keys("ben").await;
    window.picture("assign").await;
    window.key(Key::Enter).await;
    wait_until("an assignee", SOON, async || {
        window.exists("badge-assignee").await && badge(window, "assignee").await == "user:8"
    })
    .await;

    window.keys("e").await;
    status_is(window, "resolved").await;
    window.picture("resolved").await;
    let id = window.attribute("issue-header", "data-issue-id").await;
    window.key(Key::Escape).await;
    window.find("issue-list").await;
    id.unwrap()
}

async fn dead_letters_are_tried_again_and_discarded(window: &Window<'_>) {
    window.keys("gd").await;
    window.find("dead-letter-row").await;
    let total = letters(window).await;
    window.picture("dead-letters").await;
    window.find("dead-letter-detail").await;

    // Nothing has been fixed, so it fails again and stays.
    window.keys("r").await;
    window.find("toast").await;
    window.picture("tried-again").await;
    assert_eq!(letters(window).await, total);

    window.key(Key::Delete).await;
    wait_until("one dead letter less", SOON, async || {
        letters(window).await == total - 1
    })
    .await;
    window.picture("discarded").await;
}

async fn letters(window: &Window<'_>) -> u64 {
    let total = window.attribute("dead-letter-total", "data-total").await;
    total.and_then(|total| total.parse().ok()).unwrap_or(0)
}

/// What a badge in the head of the open issue says.
async fn badge(window: &Window<'_>, kind: &str) -> String {
    let script = "return document.querySelector(`[data-testid='issue-header'] [data-testid='badge-${arguments[0]}']`)?.dataset.value ?? '';";
    let value = window.script(script, vec![kind.into()]).await;
    value.as_str().unwrap_or_default().to_owned()
}

/// Waits until the keyboard goes to this field.
async fn focus_is(window: &Window<'_>, id: &str) {
    wait_until(&format!("{id} to have the focus"), SOON, async || {
        let script = "return document.activeElement?.dataset.testid ?? '';";
        window.script(script, vec![]).await == id
    })
    .await;
}

async fn status_is(window: &Window<'_>, status: &str) {
    wait_until(&format!("the status {status}"), SOON, async || {
        badge(window, "status").await == status
    })
    .await;
}

async fn activity_kinds(window: &Window<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[data-testid='activity-entry']`)].map((entry) => entry.dataset.kind);";
    window.find("activity-entry").await;
    let kinds = window.script(script, vec![]).await;
    let kinds = kinds.as_array().cloned().unwrap_or_default();
    let kinds = kinds.iter().filter_map(|kind| kind.as_str());
    kinds.map(str::to_owned).collect()
}

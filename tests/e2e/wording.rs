//! Labels and notes by keyboard.

use crate::steps::{begin_as_ana, leave_the_search_field, show};
use crate::window::{Desk, SOON, Window};
use picket_tests::wait::wait_until;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_and_notes_are_written_found_and_taken_back() {
    let Some(desk) = Desk::new("wording").await else {
        return;
    };
    let window = begin_as_ana(&desk, "some issues", async |window| {
        window.total().await > 5
    })
    .await;
    show(&window, "is:unresolved").await;

    three_get_a_label(&window).await;
    a_fourth_one_makes_the_box_mixed(&window).await;
    a_note_is_written_on_them(&window).await;

    // They are found, and stand in groups.
    window.keys("bg").await;
    window.find("issue-group").await;
    window.picture("grouped").await;
    window.keys("bn").await;
    window.search("issue.label:back* issue.note:pool").await;
    window.key(Key::Enter).await;
    leave_the_search_field(&window).await;
    wait_until("those with the label", SOON, async || {
        window.total().await == 4
    })
    .await;

    window.keys("gg").await;
    window.key(Key::Enter).await;
    window.find("issue-header").await;
    let newest = window.find("activity-entry").await;
    let told = newest.text().await.unwrap();
    assert!(told.contains("The pool was too small."), "{told}");
    window.picture("activity").await;

    // The note is taken back, and the issue is no longer found by it.
    window.key(Key::Escape).await;
    window.find("issue-list").await;
    // What was cleared last is the selection, when the query was typed. Then comes that the issue was opened, which
    // marked it as seen, and then the note.
    window.control('z').await;
    wait_until("the selection to be back", SOON, async || {
        let script = "return document.querySelectorAll(`[data-testid='issue-row'][aria-selected='true']`).length;";
        window.script(script, vec![]).await == 4
    })
    .await;
    window.control('z').await;
    window.find_named("Redo").await;
    window.control('z').await;
    wait_until("the note to be gone", SOON, async || {
        window.total().await == 0
    })
    .await;
    window.picture("taken-back").await;
    window.close().await;
}

/// Labels of the rows on screen, in their order.
async fn row_labels(window: &Window<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[data-testid='issue-row']`)]
        .filter((row) => row.dataset.issueId).sort((a, b) => a.dataset.index - b.dataset.index)
        .map((row) => row.querySelector(`[data-testid='row-labels']`)?.dataset.labels ?? '');";
    let labels = window.script(script, vec![]).await;
    let labels = labels.as_array().cloned().unwrap_or_default();
    let labels = labels.iter().filter_map(|label| label.as_str());
    labels.map(str::to_owned).collect()
}

async fn three_get_a_label(window: &Window<'_>) {
    window.keys("x").await;
    window.shift('j').await;
    window.shift('j').await;
    window.keys("l").await;
    window.find("label-input").await;
    focus_is(window, "label-input").await;
    window.keys("Backend").await;
    window.picture("new-label").await;
    window.key(Key::Enter).await;
    window.gone("label-input").await;
    wait_until("the label in three rows", SOON, async || {
        row_labels(window).await[..4] == ["backend", "backend", "backend", ""]
    })
    .await;
    window.picture("labelled").await;
}

async fn a_fourth_one_makes_the_box_mixed(window: &Window<'_>) {
    window.shift('j').await;
    window.keys("l").await;
    focus_is(window, "label-input").await;
    let option = window.find_css("[role=option][data-value=backend]").await;
    let checked = option.attr("aria-checked").await.unwrap();
    assert_eq!(checked.as_deref(), Some("mixed"));
    window.picture("mixed").await;
    window.keys("back").await;
    window.key(Key::Enter).await;
    window.gone("label-input").await;
    wait_until("the label in four rows", SOON, async || {
        row_labels(window).await[..4] == ["backend"; 4]
    })
    .await;
}

async fn a_note_is_written_on_them(window: &Window<'_>) {
    window.keys("c").await;
    focus_is(window, "note-input").await;
    window.keys("The pool was too small.").await;
    window.picture("note").await;
    window.chord(&[Key::Control], Key::Enter.into()).await;
    window.gone("note-input").await;
    window.picture("noted").await;
}

/// Waits until the keyboard goes to this field.
async fn focus_is(window: &Window<'_>, id: &str) {
    wait_until(&format!("{id} to have the focus"), SOON, async || {
        let script = "return document.activeElement?.dataset.testid ?? '';";
        window.script(script, vec![]).await == id
    })
    .await;
}

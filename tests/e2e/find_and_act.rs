//! Finding issues and dealing with hundreds of them, by keyboard alone.

use std::path::Path;

use picket_tests::wait::{wait_for, wait_until};
use serde_json::Value;
use thirtyfour::Key;

use crate::steps::{apply_what_waits, fill_from_the_demo, leave_the_search_field, tab_to, view_is};
use crate::window::{Desk, SOON, Window};

/// Above so many issues their number has to be typed before they are deleted.
const UNTYPED: u64 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_are_found_resolved_deleted_exported_and_kept_as_a_view() {
    let Some(desk) = Desk::new("find-and-act").await else {
        return;
    };
    let window = desk.open().await;
    fill_from_the_demo(&window, 2 * UNTYPED).await;

    let found = a_mistake_is_mended_by_its_suggestion(&window).await;
    all_are_resolved_and_taken_back(&window, found).await;
    all_are_deleted_and_taken_back(&window, found).await;
    what_was_changed_again_is_overwritten(&window, found).await;
    let listed = whole_list(&window, found).await;
    let file = desk.data().join("exported.ndjson");
    the_list_is_exported(&window, &file).await;
    assert_eq!(exported_ids(&file), listed);

    the_list_stands_in_groups(&window, found).await;
    the_search_is_kept_as_a_view(&window).await;
    window.keys("gg").await;
    window.keys("jjjjj").await;
    let last = window.cursor_at(5).await;
    assert_eq!(last.id, listed[5]);
    window.picture("before-restart").await;

    window.close().await;
    let window = desk.open().await;
    window.find("issue-row").await;
    let restored = window.cursor_at(5).await;
    assert_eq!(restored.id, last.id);
    assert_eq!(window.total().await, found);
    view_is(&window, "Night watch").await;
    window.picture("after-restart").await;
    window.close().await;
}

async fn a_mistake_is_mended_by_its_suggestion(window: &Window<'_>) -> u64 {
    window.search("is:unresolvd").await;
    window.find("query-problem").await;
    let code = window.attribute("query-problem", "data-code").await;
    assert_eq!(code.as_deref(), Some("is_unknown"));
    window.picture("mistake").await;
    window.alt(Key::Enter).await;
    window.gone("query-problem").await;
    assert_eq!(window.text("query-input").await, "is:unresolved");
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    apply_what_waits(window).await;
    let found = window.total().await;
    assert!(found > UNTYPED, "{found} open issues are too few");
    window.picture("mended").await;
    found
}

async fn all_are_resolved_and_taken_back(window: &Window<'_>, found: u64) {
    select_all(window, found).await;
    window.picture("all-selected").await;
    window.keys("e").await;
    total_becomes(window, 0).await;
    window.picture("resolved").await;
    window.control('z').await;
    total_becomes(window, found).await;
    window.picture("unresolved-again").await;
}

async fn all_are_deleted_and_taken_back(window: &Window<'_>, found: u64) {
    select_all(window, found).await;
    the_dialog_counts(window, found).await;
    // Its letters act from within the number as well, and the list has the keyboard again.
    window.chord(&[Key::Alt], 'c').await;
    window.gone("remove-dialog").await;
    the_dialog_counts(window, found).await;
    // A wrong number deletes nothing, and nor does Enter by itself.
    window.keys("1").await;
    window.chord(&[Key::Control], Key::Enter.into()).await;
    assert!(window.exists("remove-dialog").await);
    window.retype(&found.to_string()).await;
    window.key(Key::Enter).await;
    assert!(window.exists("remove-dialog").await);
    window.picture("delete").await;
    window.chord(&[Key::Control], Key::Enter.into()).await;
    window.gone("remove-dialog").await;
    total_becomes(window, 0).await;
    window.picture("deleted").await;
    window.control('z').await;
    total_becomes(window, found).await;
    window.picture("back-again").await;
}

async fn the_dialog_counts(window: &Window<'_>, found: u64) {
    window.keys("#").await;
    wait_until("the dialog to have counted", SOON, async || {
        window.attribute("remove-dialog", "data-count").await == Some(found.to_string())
    })
    .await;
}

/// Two issues are resolved and one of them archived later: taking the first change back asks about that one.
async fn what_was_changed_again_is_overwritten(window: &Window<'_>, found: u64) {
    window.keys("gg").await;
    let first = window.cursor_at(0).await;
    window.keys("xjx").await;
    window.keys("e").await;
    total_becomes(window, found - 2).await;
    window.search("is:resolved").await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    wait_until("the resolved ones to be listed", SOON, async || {
        let total = window.total().await;
        total >= 2 && total < found - 2
    })
    .await;
    let resolved = window.total().await;
    // The demo resolves issues as well.
    window.keys("gg").await;
    for place in 0..resolved {
        if window.cursor_at(place).await.id == first.id {
            break;
        }
        window.keys("j").await;
    }
    assert_eq!(window.cursor_row().await.id, first.id);
    window.keys("i").await;
    total_becomes(window, resolved - 1).await;
    window.keys("gu").await;
    window.find("journal-entry").await;
    let older = "[data-testid='journal-entry']:nth-child(2) [data-testid='journal-undo']";
    window.find_css(older).await.click().await.unwrap();
    window.find("undo-report").await;
    let conflicts = window.attribute("undo-report", "data-conflicts").await;
    assert_eq!(conflicts.as_deref(), Some("1"));
    let told = window.text("undo-report").await;
    assert!(
        told.contains("archived until it escalates") && told.contains("unresolved"),
        "{told}"
    );
    window.picture("conflict").await;
    window.click("undo-overwrite").await;
    window.gone("undo-report").await;
    window.keys("gi").await;
    window.search("is:unresolved").await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    apply_what_waits(window).await;
    total_becomes(window, found).await;
    window.picture("overwritten").await;
}

async fn the_list_is_exported(window: &Window<'_>, file: &Path) {
    window.control('e').await;
    window.find("export-dialog").await;
    wait_until("the dialog to say where to", SOON, async || {
        window.focused_value().await.contains("picket-issues-")
    })
    .await;
    window.retype(file.to_str().unwrap()).await;
    tab_to(
        window,
        "[data-testid='export-dialog'] [role='radio'][aria-label='CSV']",
    )
    .await;
    for _ in 0..2 {
        window.key(Key::Right).await;
    }
    tab_to(window, "[data-testid='export-column'][data-name='id'] *").await;
    window.keys(" ").await;
    wait_until("the preview to begin with ids", SOON, async || {
        window.text("export-preview").await.starts_with("{\"id\":")
    })
    .await;
    window.picture("export").await;
    tab_to(window, "[data-testid='export-path']").await;
    window.key(Key::Enter).await;
    window.find("export-result").await;
    window.picture("exported").await;
    window.key(Key::Escape).await;
    window.gone("export-dialog").await;
}

fn exported_ids(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let rows = text.lines().map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        row["id"].as_str().unwrap().to_owned()
    });
    rows.collect()
}

/// By level: a group is selected whole, all are collapsed, and they have as many issues as the list.
async fn the_list_stands_in_groups(window: &Window<'_>, found: u64) {
    window.keys("gg").await;
    window.keys("bl").await;
    window.find("issue-group").await;
    window.keys("{").await;
    let mut header = group_at_cursor(window, 0).await;
    window.keys("x").await;
    wait_until("the group to be selected", SOON, async || {
        window.attribute("selection-bar", "data-count").await == Some(header.issues.to_string())
    })
    .await;
    window.picture("group-selected").await;
    window.key(Key::Escape).await;
    window.gone("selection-bar").await;

    let mut issues = 0;
    for next in 1.. {
        issues += header.issues;
        assert!(header.expanded);
        window.key(Key::Left).await;
        wait_until("the group to be collapsed", SOON, async || {
            !group_at_cursor(window, next - 1).await.expanded
        })
        .await;
        if issues >= found {
            break;
        }
        window.keys("}").await;
        header = group_at_cursor(window, next).await;
    }
    assert_eq!(issues, found);
    window.picture("groups-collapsed").await;
    window.keys("bn").await;
    window.gone("issue-group").await;
    assert_eq!(window.total().await, found);
}

struct GroupHeader {
    issues: u64,
    expanded: bool,
}

/// The header of a group, once the cursor is on it.
async fn group_at_cursor(window: &Window<'_>, group: u64) -> GroupHeader {
    let script = "const at = document.querySelector(`[data-testid='issue-group'][data-cursor]`);\
        return at && [Number(at.dataset.group), at.getAttribute('aria-expanded') === 'true', at.ariaLabel];";
    wait_for("the cursor on a header", SOON, async || {
        let at = window.script(script, vec![]).await;
        let numbers = at[2].as_str()?.split(", ").nth(1)?;
        let digits: String = numbers.chars().filter(char::is_ascii_digit).collect();
        (at[0].as_u64() == Some(group)).then_some(GroupHeader {
            issues: digits.parse().ok()?,
            expanded: at[1].as_bool()?,
        })
    })
    .await
}

async fn the_search_is_kept_as_a_view(window: &Window<'_>) {
    window.control('S').await;
    window.find("view-name").await;
    window.retype("Night watch").await;
    window.key(Key::Enter).await;
    window.gone("view-name").await;
    view_is(window, "Night watch").await;
    window.picture("view").await;
}

async fn select_all(window: &Window<'_>, found: u64) {
    window.control('a').await;
    wait_until("all to be selected", SOON, async || {
        window.attribute("selection-bar", "data-count").await == Some(found.to_string())
    })
    .await;
}

async fn total_becomes(window: &Window<'_>, expected: u64) {
    wait_until(
        &format!("{expected} issues to be listed"),
        SOON,
        async || {
            if window.exists("pending-updates").await {
                window.keys(".").await;
            }
            window.total().await == expected
        },
    )
    .await;
}

/// The ids of the whole list in its order, read from the rows that are shown while the cursor goes down.
async fn whole_list(window: &Window<'_>, found: u64) -> Vec<String> {
    let mut ids = vec![None; usize::try_from(found).unwrap()];
    window.keys("gg").await;
    window.cursor_at(0).await;
    loop {
        let script = "return [...document.querySelectorAll(`[data-testid='issue-row'][data-issue-id]`)].map((row) => [Number(row.dataset.index), row.dataset.issueId]);";
        let rows = window.script(script, vec![]).await;
        for row in rows.as_array().into_iter().flatten() {
            let index = usize::try_from(row[0].as_u64().unwrap()).unwrap();
            ids[index] = row[1].as_str().map(str::to_owned);
        }
        let before = window.cursor_row().await.index;
        if before + 1 == found && ids.iter().all(Option::is_some) {
            return ids.into_iter().flatten().collect();
        }
        if before + 1 < found {
            window.key(Key::PageDown).await;
        }
        wait_for("the cursor to go down", SOON, async || {
            let at = window.cursor_row().await.index;
            (at > before || at + 1 == found).then_some(())
        })
        .await;
    }
}

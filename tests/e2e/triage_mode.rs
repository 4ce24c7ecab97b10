//! Going through a list issue by issue, over a restart: triage mode.

use picket_tests::wait::{wait_for, wait_until};
use serde_json::json;
use thirtyfour::Key;

use crate::steps::{fill_from_the_demo, open_as_ana, tab_to};
use crate::window::{Desk, SOON, Window};

/// From this score on an issue is offered to be merged into.
const SIMILAR_FROM: f64 = 0.3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_gone_through_over_a_restart_and_all_of_it_taken_back() {
    let Some(desk) = Desk::new("triage-mode").await else {
        return;
    };
    let window = open_as_ana(&desk).await;
    fill_from_the_demo(&window, 60).await;
    window.keys("gg").await;
    let first = window.cursor_at(0).await;
    let total = window.total().await;

    window.keys("t").await;
    let begin = step_at(&window, 1).await;
    assert_eq!((begin.issue, begin.of), (first.id.clone(), total));
    window.picture("begun").await;
    window.keys("e").await;
    step_at(&window, 2).await;
    window.find("toast").await;
    window.picture("resolved").await;
    it_is_given_to_ben_by_the_palette(&window).await;
    let skipped = the_next_with_a_similar_one(&window).await;
    let merged = it_is_merged_taken_back_and_merged_again(&window, 3 + skipped).await;
    let at = step_at(&window, 4 + skipped).await;

    // The same place after a restart, in the window and from the list.
    window.close().await;
    let window = open_as_ana(&desk).await;
    assert_eq!(step_at(&window, at.place).await, at);
    window.picture("after-restart").await;
    window.keys("gi").await;
    window.find("issue-row").await;
    assert_eq!(window.total().await, total - 2);
    window.shift('T').await;
    assert_eq!(step_at(&window, at.place).await, at);
    // What was done before the restart can be taken back step by step, too.
    window.control('z').await;
    let back = step_at(&window, at.place - 1).await;
    assert_eq!(back.issue, merged.issue);
    assert_eq!(similar(&window).await.0, merged.into);
    window.keys("s").await;
    step_at(&window, at.place).await;

    window.key(Key::Escape).await;
    window.find("triage-end").await;
    assert_eq!(sum(&window, "data-done").await, 2);
    assert_eq!(sum(&window, "data-skipped").await, skipped + 1);
    let summary = window.text("triage-end").await;
    assert!(summary.contains("1 issue resolved"), "{summary}");
    window.picture("end").await;
    tab_to(&window, "[data-testid='triage-undo-run']").await;
    window.key(Key::Enter).await;
    wait_until("all of it to be taken back", SOON, async || {
        window.text("triage-undo-run").await == "Taken back"
    })
    .await;
    window.picture("taken-back").await;
    window.key(Key::Escape).await;
    window.find("issue-row").await;
    wait_until("the whole list again", SOON, async || {
        if window.exists("pending-updates").await {
            window.keys(".").await;
        }
        window.total().await == total
    })
    .await;
    window.keys("gg").await;
    assert_eq!(window.cursor_at(0).await.id, first.id);
    window.picture("list").await;
    window.close().await;
}

async fn sum(window: &Window<'_>, name: &str) -> u64 {
    let sum = window.attribute("triage-end", name).await;
    sum.unwrap().parse().unwrap()
}

/// The command is found by its words, and Tab asks whom.
async fn it_is_given_to_ben_by_the_palette(window: &Window<'_>) {
    window.control('k').await;
    window.find("palette").await;
    window.keys("assign").await;
    window.picture("palette").await;
    window.key(Key::Tab).await;
    wait_until("the palette to ask to whom", SOON, async || {
        window.text("palette").await.contains("To whom")
    })
    .await;
    window.picture("palette-to-whom").await;
    window.keys("ben").await;
    window.key(Key::Enter).await;
    window.gone("palette").await;
    step_at(window, 3).await;
    window.keys("gu").await;
    let entries = "return [...document.querySelectorAll(`[data-testid='journal-entry']`)].map((entry) => entry.innerText).join('\\n');";
    wait_until("the change in the journal", SOON, async || {
        let entries = window.script(entries, vec![]).await;
        entries
            .as_str()
            .is_some_and(|entries| entries.contains("Assign to ben"))
    })
    .await;
    window.picture("journal").await;
    window.alt(Key::Left).await;
    step_at(window, 3).await;
}

/// Skips issues until one has another one that is like it. Answers how many.
async fn the_next_with_a_similar_one(window: &Window<'_>) -> u64 {
    for skipped in 0..20 {
        step_at(window, 3 + skipped).await;
        let (_, score) = similar(window).await;
        if score >= SIMILAR_FROM {
            window.picture("similar").await;
            return skipped;
        }
        if skipped == 0 {
            window.picture("not-similar").await;
        }
        window.keys("s").await;
    }
    panic!("none of twenty issues of the demo is like another one");
}

struct Merged {
    issue: String,
    into: String,
}

async fn it_is_merged_taken_back_and_merged_again(window: &Window<'_>, place: u64) -> Merged {
    let issue = step_at(window, place).await.issue;
    let (into, _) = similar(window).await;
    window.shift('M').await;
    step_at(window, place + 1).await;
    window.picture("merged").await;
    window.control('z').await;
    assert_eq!(step_at(window, place).await.issue, issue);
    // The other one is an issue of its own again.
    assert_eq!(similar(window).await.0, into);
    window.picture("merge-taken-back").await;
    window.shift('M').await;
    step_at(window, place + 1).await;
    Merged { issue, into }
}

#[derive(Debug, PartialEq)]
struct Step {
    issue: String,
    place: u64,
    of: u64,
}

/// The issue that is looked at, once it is the one at this place.
async fn step_at(window: &Window<'_>, place: u64) -> Step {
    let script = "const step = document.querySelector(`[data-testid='triage-screen']`)?.dataset; \
        return step && [step.issueId, Number(step.place), Number(step.total)];";
    wait_for(&format!("the issue at place {place}"), SOON, async || {
        let step = window.script(script, vec![]).await;
        (step[1] == json!(place)).then_some(Step {
            issue: step[0].as_str()?.to_owned(),
            place,
            of: step[2].as_u64()?,
        })
    })
    .await
}

/// The issue most like the one that is looked at, and how like it is; nothing and 0 where none is.
async fn similar(window: &Window<'_>) -> (String, f64) {
    wait_until("what is similar to be known", SOON, async || {
        window.attribute("similar", "aria-busy").await.as_deref() == Some("false")
    })
    .await;
    let issue = window.attribute("similar", "data-issue-id").await;
    let score = window.attribute("similar", "data-score").await;
    let score = score.and_then(|score| score.parse().ok());
    (issue.unwrap_or_default(), score.unwrap_or(0.0))
}

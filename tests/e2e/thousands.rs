//! Thousands of issues at once: a change of them that is taken back, stopped on the way and gone on with, and what a
//! list of them says about itself.

use chrono::{DateTime, Utc};
use picket_core::clock::{Clock, SystemClock};
use picket_core::engine::find::{self, Asker};
use picket_core::model::{Directory, IssueId};
use picket_core::store::{Access, Store};
use picket_core::view::IssueRow;
use picket_tests::fill::{Size, fill};
use picket_tests::wait::{wait_for, wait_until};
use serde_json::json;
use std::path::Path;
use thirtyfour::Key;

use crate::steps::{button_of_the_row, leave_the_search_field, run_command, show, tab_to};
use crate::window::{Desk, SOON, Window};

/// So many that a change of the open ones can be stopped before it is through.
const ISSUES: usize = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_are_resolved_taken_back_in_parts_and_looked_into() {
    let Some(desk) = Desk::new("thousands").await else {
        return;
    };
    let stored = Stored::filled(&desk).await;
    let window = desk.open_with(&[("GTK_THEME", "Adwaita:dark")]).await;
    show(&window, "is:unresolved").await;
    let open = stored.total("is:unresolved").await;
    assert!(open > 1_000, "{open} open issues are no job");
    total_is(&window, open).await;
    the_trend_is_that_of_the_store(&window, &stored).await;
    window.picture("list-dark").await;

    all_are_resolved_as_a_job(&window, &stored, open).await;
    the_undo_is_stopped_and_goes_on_from_its_message(&window, &stored, open).await;
    it_is_done_again_and_that_goes_on_from_the_jobs(&window, &stored, open).await;
    the_journal_is_exported(&window, &desk.data().join("journal.csv")).await;
    all_come_back(&window, &stored, open).await;

    the_day_is_chosen_from_a_calendar(&window, &stored).await;
    three_become_one(&window, &stored).await;
    each_step_of_the_search_has_its_time(&window, &stored).await;
    everything_looks_well_in_the_light(&window).await;
    window.close().await;
}

/// The store of the window, read beside it.
struct Stored(Store);

impl Stored {
    async fn filled(desk: &Desk) -> Self {
        std::fs::create_dir_all(desk.data()).unwrap();
        let url = format!("sqlite://{}", desk.data().join("picket.db").display());
        let size = Size {
            issues: ISSUES,
            events: 3 * ISSUES,
            seed: 4,
            now: SystemClock.now(),
        };
        fill(&url, &size).await.unwrap();
        Self(Store::open(&url, Access::ReadOnly).await.unwrap())
    }

    async fn total(&self, query: &str) -> u64 {
        let directory = Directory::default();
        let asker = Asker {
            directory: &directory,
            me: None,
        };
        let total = find::total(&self.0, query, asker, SystemClock.now()).await;
        total.unwrap()
    }

    async fn row(&self, id: &str, now: DateTime<Utc>) -> IssueRow {
        let ids = [IssueId(id.parse().unwrap())];
        let rows = find::rows(&self.0, &ids, None, now).await.unwrap();
        rows.into_iter().next().unwrap()
    }
}

async fn total_is(window: &Window<'_>, expected: u64) {
    wait_until(&format!("{expected} issues"), SOON, async || {
        window.total().await == expected
    })
    .await;
}

/// What the last message says, once it is of a kind.
async fn message(window: &Window<'_>, wanted: &str) -> String {
    wait_for(&format!("a message of {wanted}"), SOON, async || {
        let script = "return [...document.querySelectorAll(`[data-testid='toast']`)].map((toast) => toast.innerText) \
                      .find((text) => text.includes(arguments[0])) ?? null;";
        let said = window.script(script, vec![json!(wanted)]).await;
        said.as_str().map(str::to_owned)
    })
    .await
}

/// The numbers in a text, in their order.
fn numbers(text: &str) -> Vec<u64> {
    let digits: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{202f}' | '\u{a0}' | ','))
        .map(|letter| {
            if letter.is_ascii_digit() {
                letter
            } else {
                '\n'
            }
        })
        .collect();
    digits
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect()
}

async fn the_trend_is_that_of_the_store(window: &Window<'_>, stored: &Stored) {
    window.keys("gg").await;
    let row = window.cursor_at(0).await;
    let tip = wait_for("the trend of the row", SOON, async || {
        let script = "return document.querySelector(`[data-testid='issue-row'][data-cursor] [data-column='trend'] svg`)?.dataset.tip ?? null;";
        let tip = window.script(script, vec![]).await;
        tip.as_str().map(str::to_owned)
    })
    .await;
    let counts = stored.row(&row.id, SystemClock.now()).await.trend;
    let sum: f64 = counts.iter().sum();
    assert_eq!(
        tip.split(' ').next(),
        Some(format!("{sum}").as_str()),
        "{tip}"
    );
}

async fn all_are_resolved_as_a_job(window: &Window<'_>, stored: &Stored, open: u64) {
    let before = stored.total("is:resolved").await;
    window.control('a').await;
    wait_until("all to be selected", SOON, async || {
        window.attribute("selection-bar", "data-count").await == Some(open.to_string())
    })
    .await;
    window.keys("e").await;
    // Of more than a thousand it asks first, and Enter is the answer.
    window.find("selection-confirm").await;
    window.picture("asked-first").await;
    window.key(Key::Enter).await;
    window.find("selection-progress").await;
    window.picture("resolving").await;
    let said = message(window, "esolved").await;
    assert_eq!(numbers(&said).first(), Some(&open), "{said}");
    window.picture("resolved").await;
    assert_eq!(stored.total("is:unresolved").await, 0);
    assert_eq!(stored.total("is:resolved").await, before + open);
}

/// Presses the button that stops what is under way, as soon as a part of it is done.
async fn a_part_is_done(window: &Window<'_>, all: u64) {
    let script = "const progress = document.querySelector(`[data-testid='selection-progress']`); \
        return progress && [Number(progress.dataset.done), Number(progress.dataset.total)];";
    wait_until("a part to be done", SOON, async || {
        let at = window.script(script, vec![]).await;
        at[0].as_u64() > Some(0) && at[1].as_u64() == Some(all)
    })
    .await;
}

/// Presses the second button of the message, which has the keyboard with F6.
async fn second_of_the_message(window: &Window<'_>) {
    let script = "return document.activeElement?.closest(`[data-region='messages']`) != null;";
    for _ in 0..12 {
        if window.script(script, vec![]).await == json!(true) {
            break;
        }
        window.key(Key::F6).await;
    }
    tab_to(window, "[data-testid='toast-second']").await;
    window.picture("at-the-message").await;
    window.key(Key::Enter).await;
}

async fn the_undo_is_stopped_and_goes_on_from_its_message(
    window: &Window<'_>,
    stored: &Stored,
    open: u64,
) {
    window.control('z').await;
    a_part_is_done(window, open).await;
    tab_to(window, "[data-testid='selection-cancel']").await;
    window.key(Key::Enter).await;
    window.picture("stopping").await;
    let said = message(window, "Stopped").await;
    let [back, rest, ..] = numbers(&said)[..] else {
        panic!("{said} does not say how many");
    };
    assert!(back > 0 && rest > 0, "{said}");
    assert_eq!(back + rest, open, "{said}");
    assert_eq!(stored.total("is:unresolved").await, back);
    total_is(window, back).await;
    window.picture("stopped").await;
    second_of_the_message(window).await;
    total_is(window, open).await;
    assert_eq!(stored.total("is:unresolved").await, open);
    message(window, "Took back").await;
    window.picture("all-back").await;
}

async fn it_is_done_again_and_that_goes_on_from_the_jobs(
    window: &Window<'_>,
    stored: &Stored,
    open: u64,
) {
    window.chord(&[Key::Control, Key::Shift], 'z').await;
    window.find("selection-progress").await;
    window.keys("gj").await;
    a_part_is_done(window, open).await;
    window.keys("gg").await;
    button_of_the_row(window, "jobs-list", "[data-testid='selection-cancel']").await;
    window.key(Key::Enter).await;
    let said = message(window, "Stopped").await;
    let again = numbers(&said)[0];
    assert!(again > 0 && again < open, "{said}");
    wait_until("the job to be listed as stopped", SOON, async || {
        window.attribute("job", "data-state").await.as_deref() == Some("cancelled")
    })
    .await;
    assert_eq!(stored.total("is:unresolved").await, open - again);
    window.picture("jobs").await;
    button_of_the_row(window, "jobs-list", "[data-testid='job-resume']").await;
    window.key(Key::Enter).await;
    wait_until("all to be resolved again", SOON, async || {
        stored.total("is:unresolved").await == 0
    })
    .await;
    message(window, "Did it again").await;
    window.gone("work-pill").await;
    wait_until("the job to be done", SOON, async || {
        window.attribute("job", "data-state").await.as_deref() == Some("done")
    })
    .await;
    window.picture("jobs-done").await;
    the_journal_is_walked(window, open).await;
}

/// A line for each entry that is listed, below the names of the columns.
async fn the_journal_is_exported(window: &Window<'_>, file: &Path) {
    let entries = "return document.querySelectorAll(`[data-testid='journal-entry']`).length;";
    let entries = window.script(entries, vec![]).await.as_u64().unwrap();
    window.control('e').await;
    window.find("export-dialog").await;
    wait_until("the dialog to say where to", SOON, async || {
        window.focused_value().await.ends_with(".csv")
    })
    .await;
    window.retype(file.to_str().unwrap()).await;
    wait_until("the preview to show the entries", SOON, async || {
        window.text("export-preview").await.contains("Resolve")
    })
    .await;
    window.picture("journal-export").await;
    window.key(Key::Enter).await;
    window.find("export-result").await;
    window.picture("journal-exported").await;
    window.key(Key::Escape).await;
    window.gone("export-dialog").await;
    let text = std::fs::read_to_string(file).unwrap();
    let (names, rows) = text.split_once("\r\n").unwrap();
    assert!(names.split(',').any(|name| name == "issues"), "{names}");
    assert_eq!(rows.lines().count() as u64, entries, "{text}");
}

/// With its newest entry, which is about all issues, shown with them.
async fn the_journal_is_walked(window: &Window<'_>, open: u64) {
    window.keys("gu").await;
    window.find("journal-entry").await;
    let title = "return document.querySelector(`[data-testid='journal-entry'] p`).textContent;";
    let title = window.script(title, vec![]).await;
    assert_eq!(numbers(title.as_str().unwrap()), [open], "{title}");
    window.keys("gg").await;
    window.key(Key::Enter).await;
    window.find("journal-issue").await;
    window.keys("jj").await;
    let at = "return document.querySelector('[data-cursor]').getAttribute('aria-posinset');";
    assert_eq!(window.script(at, vec![]).await, json!("2"));
    window.picture("journal").await;
    window.key(Key::Left).await;
    button_of_the_row(window, "journal-list", "[data-testid='journal-undo']").await;
    window.picture("journal-button").await;
    window.key(Key::Home).await;
    window.key(Key::Enter).await;
    window.gone("journal-issue").await;
}

async fn all_come_back(window: &Window<'_>, stored: &Stored, open: u64) {
    window.keys("gi").await;
    total_is(window, 0).await;
    window.control('z').await;
    wait_until("all to be back", SOON, async || {
        if window.exists("pending-updates").await {
            window.keys(".").await;
        }
        window.total().await == open
    })
    .await;
    assert_eq!(stored.total("is:unresolved").await, open);
}

async fn the_day_is_chosen_from_a_calendar(window: &Window<'_>, stored: &Stored) {
    window.search("firstSeen:>=").await;
    let wanted = "[data-testid='suggestions'] [data-opens='calendar']";
    window.find_css(wanted).await;
    window.picture("day-offered").await;
    let script = "return document.querySelector(arguments[0])?.ariaSelected === 'true';";
    for _ in 0..20 {
        window.key(Key::Down).await;
        if window.script(script, vec![json!(wanted)]).await == json!(true) {
            break;
        }
    }
    window.key(Key::Enter).await;
    window.find("calendar").await;
    let day = "return document.activeElement?.dataset.day ?? null;";
    wait_until("the keyboard to be on a day", SOON, async || {
        window.script(day, vec![]).await.is_string()
    })
    .await;
    window.key(Key::PageUp).await;
    window.key(Key::Left).await;
    window.picture("calendar").await;
    let chosen = window.script(day, vec![]).await;
    let query = format!("firstSeen:>={}", chosen.as_str().unwrap());
    window.key(Key::Enter).await;
    window.gone("calendar").await;
    wait_until("the day in the query", SOON, async || {
        window.text("query-input").await.trim_end() == query
    })
    .await;
    window.key(Key::Enter).await;
    leave_the_search_field(window).await;
    let total = stored.total(&query).await;
    assert!(total > 0 && total < ISSUES as u64, "{total} since {chosen}");
    total_is(window, total).await;
    window.picture("since-a-day").await;
}

async fn three_become_one(window: &Window<'_>, stored: &Stored) {
    // Issues of one project can become one.
    let query = "is:unresolved project:checkout-api";
    show(window, query).await;
    let open = stored.total(query).await;
    total_is(window, open).await;
    window.cursor_at(0).await;
    window.keys("xjxjx").await;
    window.shift('m').await;
    window.find("merge-table").await;
    window.picture("merge").await;
    tab_to(window, "[data-testid='remove-confirm']").await;
    window.key(Key::Enter).await;
    window.gone("remove-dialog").await;
    wait_until("two issues less", SOON, async || {
        if window.exists("pending-updates").await {
            window.keys(".").await;
        }
        window.total().await == open - 2
    })
    .await;
    assert_eq!(stored.total(query).await, open - 2);
    window.find("badge-merged").await;
    assert_eq!(window.text("badge-merged").await, "Merged ×2");
    let script = "return document.querySelector(`[data-testid='badge-merged']`).closest(`[data-testid='issue-row']`).dataset.issueId;";
    let id = window.script(script, vec![]).await;
    let row = stored.row(id.as_str().unwrap(), SystemClock.now()).await;
    assert!((row.merged - 2.0).abs() < 0.1, "{row:?}");
    window.picture("merged").await;
}

async fn each_step_of_the_search_has_its_time(window: &Window<'_>, stored: &Stored) {
    let query = "is:unresolved level:error timeout";
    show(window, query).await;
    total_is(window, stored.total(query).await).await;
    window.control('i').await;
    let script = "return [...document.querySelectorAll(`[data-testid='explain'] li`)].map((step) => step.innerText);";
    let steps: Vec<String> = wait_for("the steps", SOON, async || {
        let steps = window.script(script, vec![]).await;
        let steps: Vec<String> = serde_json::from_value(steps).unwrap();
        (!steps.is_empty()).then_some(steps)
    })
    .await;
    for step in &steps {
        assert!(
            step.contains(" ms") || step.contains(" s"),
            "{step} took no time"
        );
    }
    window.picture("explained").await;
    window.key(Key::Escape).await;
    window.gone("explain").await;
}

async fn everything_looks_well_in_the_light(window: &Window<'_>) {
    run_command(window, "theme: light").await;
    show(window, "is:unresolved").await;
    window.picture("list-light").await;
    window.control('i').await;
    window.find_css("[data-testid='explain'] li").await;
    window.picture("explained-light").await;
    window.key(Key::Escape).await;
    window.gone("explain").await;
    window.keys("gj").await;
    window.find("job").await;
    window.picture("jobs-light").await;
    window.keys("gu").await;
    window.find("journal-entry").await;
    window.keys("gg").await;
    window.key(Key::Enter).await;
    window.find("journal-issue").await;
    window.keys("j").await;
    window.picture("journal-light").await;
    window.keys("gi").await;
    window.find("issue-row").await;
}

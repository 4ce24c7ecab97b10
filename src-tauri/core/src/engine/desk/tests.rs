//! Exports of lists that are none of issues, against what is in the store.

use super::rows::{ListPages, Listing};
use super::*;
use crate::Error;
use crate::engine::bulk::{Context, Origin, Rules};
use crate::engine::export::RowStream;
use crate::engine::find::Asker;
use crate::export::ColumnSet;
use crate::model::{Directory, IssueId, TransactionId};
use crate::store::{ActionStore, JobState, NewJob, Store};
use crate::view::{
    ExportFormat, ExportOptions, ExportRedaction, ExportTimes, ExportWhat, IssueChange, IssueOrder,
    JournalAction, JournalEntry, JournalWanted,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// More than are read at once.
const JOBS: usize = 501;
/// What a spreadsheet would run, with what should not leave the house.
const HOSTILE: &str = "=HYPERLINK(\"http://x\") password=hunter2 ann@example.com";

fn now() -> DateTime<Utc> {
    crate::engine::tests::now() + TimeDelta::seconds(1)
}

fn options(what: ExportWhat, format: ExportFormat, columns: &[&str]) -> ExportOptions {
    ExportOptions {
        what,
        format,
        columns: columns.iter().map(|&name| name.to_owned()).collect(),
        header: true,
        bom: false,
        separator: ",".to_owned(),
        formula_guard: true,
        times: ExportTimes::Unix,
        zone: None,
        sort: IssueOrder::default(),
        redact: ExportRedaction::default(),
        view: None,
    }
}

async fn text(
    store: &Store,
    source: &Exporting<'_>,
    options: &ExportOptions,
) -> Result<String, Error> {
    let directory = Directory::default();
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let text = to_text(store, source, options, asker, now()).await?;
    // What is foreseen is how it begins, with the number of all rows.
    let foreseen = preview(store, source, options, asker, now()).await?;
    assert!(text.starts_with(&foreseen.text), "{}", foreseen.text);
    if options.format == ExportFormat::Ndjson {
        assert_eq!(
            foreseen.rows,
            crate::view::count(text.lines().count() as u64)
        );
    }
    Ok(text)
}

async fn lines(store: &Store, source: &Exporting<'_>, options: &ExportOptions) -> Vec<Value> {
    let text = text(store, source, options).await.unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A store in which nine changes were made, by searches and by hand.
async fn changed() -> std::sync::Arc<Store> {
    let store = crate::engine::tests::with_issues(4).await;
    let directory = Directory::default();
    for step in 0..9 {
        let change = if step % 2 == 0 {
            IssueChange::Resolve
        } else {
            IssueChange::Unresolve
        };
        let selected = Selected {
            ids: [1, 2, 3, 4].map(IssueId).to_vec(),
            left_out: Vec::new(),
            query: (step % 3 == 0).then(|| HOSTILE.to_owned()),
        };
        let context = Context {
            now: now() + TimeDelta::milliseconds(step),
            actor: None,
            directory: &directory,
            rules: Rules::default(),
            origin: Origin::default(),
        };
        let cancel = CancellationToken::new();
        let changed = bulk_change(&*store, &selected, change, &context, |_| {}, &cancel).await;
        changed.unwrap();
    }
    store
}

async fn listed(store: &Store, wanted: &JournalWanted) -> Vec<JournalEntry> {
    let directory = Directory::default();
    let listed = journal(store, wanted, (None, 100), &directory, now()).await;
    listed.unwrap()
}

#[tokio::test]
async fn an_export_of_the_journal_says_what_its_list_says() {
    let store = changed().await;
    for (wanted, expected) in [
        (JournalWanted::default(), 9),
        (
            JournalWanted {
                words: "hyperlink".to_owned(),
                ..JournalWanted::default()
            },
            3,
        ),
        (
            JournalWanted {
                action: Some(JournalAction::Merge),
                ..JournalWanted::default()
            },
            0,
        ),
    ] {
        let columns = ColumnSet::JOURNAL.names;
        let options = options(ExportWhat::Journal, ExportFormat::Ndjson, columns);
        let written = lines(&store, &Exporting::Journal(&wanted), &options).await;
        let listed = listed(&store, &wanted).await;
        assert_eq!((written.len(), listed.len()), (expected, expected));
        for (line, entry) in written.iter().zip(&listed) {
            assert_eq!(
                *line,
                json!({
                    "id": entry.id,
                    "at": line["at"],
                    "actor": null,
                    "action": "update",
                    "title": entry.title,
                    "issues": 4,
                    "state": "done",
                    "undoUntil": line["undoUntil"],
                    "undoes": null,
                    "query": entry.query,
                    "tookMs": entry.took_ms,
                    "automatic": false,
                    "examples": entry.examples,
                })
            );
            assert_eq!(line["at"].as_f64(), Some(entry.at));
            assert_eq!(line["undoUntil"].as_f64(), entry.undo_until);
            assert_eq!(entry.examples.len(), 3);
        }
    }
}

#[tokio::test]
async fn pages_of_the_journal_leave_nothing_out_and_nothing_twice() {
    let store = changed().await;
    let all: Vec<String> = listed(&store, &JournalWanted::default())
        .await
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    let directory = Directory::default();
    let columns = ColumnSet::JOURNAL.choose("id").unwrap();
    let listing = Listing::journal(crate::store::JournalFilter::default(), &columns);
    for (size, expected) in [(1, 9), (3, 3), (4, 3), (9, 1), (100, 1)] {
        let mut pages = ListPages::new(&*store, (&listing, &directory), Some(size), now());
        let (mut ids, mut parts) = (Vec::new(), 0);
        while let Some(rows) = pages.next().await.unwrap() {
            parts += 1;
            ids.extend(rows.iter().map(|row| row.get("id").text().into_owned()));
        }
        assert_eq!((&ids, parts), (&all, expected), "pages of {size}");
    }
}

#[tokio::test]
async fn an_export_of_jobs_has_them_all_newest_first() {
    let store = crate::engine::tests::with_issues(1).await;
    let mut ids = Vec::new();
    for at in 0..JOBS {
        let title = format!("Job {at}");
        let job = NewJob {
            transaction: TransactionId::random(),
            kind: "update",
            title: if at == 0 { HOSTILE } else { &title },
            request: &Value::Null,
            actor: (at == 1).then_some(7),
            issues: &[IssueId(1)],
        };
        ids.push(store.add_job(&job, now()).await.unwrap().to_string());
    }
    let end = now() + TimeDelta::milliseconds(1_500);
    let first = ids[0].parse().unwrap();
    let problem = Some("@it broke");
    let ended = store.end_job(first, 0, JobState::Failed, end, problem);
    ended.await.unwrap();
    let columns = ColumnSet::JOBS.names;
    let mut options = options(ExportWhat::Jobs, ExportFormat::Ndjson, columns);
    let written = lines(&store, &Exporting::Jobs, &options).await;
    let found: Vec<&str> = written
        .iter()
        .rev()
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert_eq!(found, ids);
    let [.., second, first] = &written[..] else {
        panic!("two jobs");
    };
    assert_eq!(
        *first,
        json!({
            "id": ids[0], "title": HOSTILE, "state": "failed", "actor": null, "total": 1, "done": 0, "skipped": 0,
            "startedAt": now().timestamp_millis(), "endedAt": end.timestamp_millis(), "tookMs": 1500.0,
            "journal": null, "problem": "@it broke",
        })
    );
    assert_eq!(second["actor"], "user:7");
    assert_eq!(
        (&second["state"], &second["endedAt"]),
        (&json!("running"), &Value::Null)
    );

    // Whoever opens it runs nothing, and reads no secrets.
    options.format = ExportFormat::Csv;
    options.redact = ExportRedaction {
        secrets: true,
        emails: true,
        ..ExportRedaction::default()
    };
    options.columns = ["title", "problem"].map(str::to_owned).to_vec();
    let text = text(&store, &Exporting::Jobs, &options).await.unwrap();
    let expected = "\"'=HYPERLINK(\"\"http://x\"\") password=[secret] [e-mail]\",'@it broke";
    assert_eq!(text.lines().last(), Some(expected));
}

#[tokio::test]
async fn a_file_of_the_journal_is_whole_or_not_there() {
    let store = changed().await;
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::default();
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let wanted = JournalWanted::default();
    let options = options(ExportWhat::Journal, ExportFormat::Ndjson, &["id", "title"]);
    let write = async |name: &str, cancel: &CancellationToken| {
        let file = (folder.path().join(name), false);
        let source = Exporting::Journal(&wanted);
        let asked = (asker, now());
        to_file(&*store, &source, &options, file, asked, |_, _| {}, cancel).await
    };
    let cancel = CancellationToken::new();
    let report = write("whole", &cancel).await.unwrap();
    assert_eq!((report.rows, report.cancelled), (9.0, false));
    let written = std::fs::read_to_string(folder.path().join("whole")).unwrap();
    assert_eq!(written.lines().count(), 9);
    cancel.cancel();
    assert!(write("cancelled", &cancel).await.unwrap().cancelled);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_a_list_has_not_is_refused() {
    let store = crate::engine::tests::with_issues(1).await;
    let ndjson = |what, column| options(what, ExportFormat::Ndjson, &[column]);
    let options = ndjson(ExportWhat::Issues, "id");
    assert!(text(&store, &Exporting::Jobs, &options).await.is_err());
    let options = ndjson(ExportWhat::Jobs, "tags[os]");
    assert!(text(&store, &Exporting::Jobs, &options).await.is_err());
    let options = ndjson(ExportWhat::Jobs, "id");
    assert_eq!(text(&store, &Exporting::Jobs, &options).await.unwrap(), "");
}

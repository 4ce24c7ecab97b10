//! `conform KIND FILE…`: runs case files on fresh stores with a virtual clock, through the same code as the programs,
//! and prints what happened in each case beside what was expected (cli spec, "Conformance runner").

mod bulk;
mod cursors;
mod occurrences;
mod search;
mod search_syntax;

use anyhow::{Context, Result, anyhow};
use clap::{Parser, ValueEnum};
use picket_tests::fresh::{Fresh, FreshStore};
use serde::Serialize;
use serde_json::Value;
use std::future::Future;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Checks case files on fresh stores
#[derive(Debug, Parser)]
struct Arguments {
    /// What the cases are about
    kind: Kind,
    /// Case files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the cases run: sqlite::memory: or postgres://…, in schemas of their own
    #[arg(long, value_name = "URL", default_value = "sqlite::memory:", value_parser = fresh)]
    store: Fresh,
    /// Folder of stack-trace rules, for kinds that group
    #[arg(long, value_name = "DIR")]
    enhancements_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Scenario files of the occurrence pipeline
    Occurrences,
    /// What search texts are read as
    SearchSyntax,
    /// Updates and deletes of many issues
    Bulk,
    /// Searches for issues
    Search,
    /// Pages of lists
    Cursors,
}

fn fresh(url: &str) -> Result<Fresh, String> {
    Fresh::at(url).map_err(|error| error.to_string())
}

/// What is printed for a case.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: &'a str,
    case: &'a str,
    pass: bool,
    actual: &'a Value,
    diff: &'a [String],
}

/// How a case ended.
#[derive(Debug)]
struct Outcome {
    case: String,
    actual: Value,
    /// Empty where the case passes.
    diff: Vec<String>,
}

impl Outcome {
    /// A case that could not be carried out, or not to its end.
    fn failed(case: impl Into<String>, code: &str, why: impl Into<String>) -> Self {
        Self {
            case: case.into(),
            actual: serde_json::json!({ "error": code }),
            diff: vec![why.into()],
        }
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let (mut passed, mut failed) = (0, 0);
    for file in &arguments.files {
        let outcomes = match std::fs::read_to_string(file) {
            Ok(text) => match arguments.kind {
                Kind::Occurrences => occurrences::run(&name(file), &text, &arguments.store).await,
                Kind::SearchSyntax => search_syntax::run(&name(file), &text),
                Kind::Bulk => bulk::run(file, &name(file), &text, &arguments.store).await,
                Kind::Search => search::run(&name(file), &text, &arguments.store).await,
                Kind::Cursors => cursors::run(&name(file), &text),
            },
            Err(error) => {
                let why = format!("the file cannot be read: {error}");
                vec![Outcome::failed(name(file), "unreadable", why)]
            }
        };
        for outcome in outcomes {
            let pass = outcome.diff.is_empty();
            *(if pass { &mut passed } else { &mut failed }) += 1;
            print(&Line {
                file: &file.display().to_string(),
                case: &outcome.case,
                pass,
                actual: &outcome.actual,
                diff: &outcome.diff,
            })?;
        }
    }
    eprintln!("{passed} passed, {failed} failed");
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or(file.as_os_str());
    stem.to_string_lossy().into_owned()
}

fn print(line: &Line<'_>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, line)?;
    writeln!(out)?;
    out.flush().context("standard output is closed")
}

/// Runs a case on a store of its own. A panic ends the case and not the run.
async fn on_a_fresh_store<T, F>(
    place: &Fresh,
    case: impl FnOnce(Arc<picket_core::store::Store>) -> F,
) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let fresh: FreshStore = place.open().await?;
    let ended = tokio::spawn(case(Arc::clone(&fresh.store))).await;
    let removed = fresh.remove().await;
    let answer = match ended {
        Ok(answer) => answer?,
        Err(error) if error.is_panic() => return Err(anyhow!("panicked: {}", said(error))),
        Err(error) => return Err(error.into()),
    };
    removed.context("the store of the case could not be removed")?;
    Ok(answer)
}

fn said(error: tokio::task::JoinError) -> String {
    let panic = error.into_panic();
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "standard error says where".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Fresh, on_a_fresh_store};

    #[tokio::test]
    async fn a_panic_ends_its_case_only() {
        let panicking =
            on_a_fresh_store::<(), _>(&Fresh::Memory, async |_| panic!("the case fell over"));
        let error = panicking.await.unwrap_err().to_string();
        assert_eq!(error, "panicked: the case fell over");
        let answer = on_a_fresh_store(&Fresh::Memory, async |_| Ok(5)).await;
        assert_eq!(answer.unwrap(), 5);
    }
}

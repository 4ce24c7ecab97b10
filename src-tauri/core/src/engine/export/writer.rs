//! The thread that writes.

use super::ExportFailure;
use super::parts::RowStream;
use crate::export::{ExportError, ExportFile, ExportRow, Exported};
use std::future::Future;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Parts that wait to be written.
const WAITING: usize = 2;

/// Where rows go.
pub(in crate::engine) struct Rows(mpsc::Sender<Step>);

enum Step {
    Rows(Vec<ExportRow>),
    /// There are no more. Without it the file is thrown away.
    End,
}

impl Rows {
    /// Hands over a part. Answers whether it makes sense to go on: not where writing has failed.
    pub(in crate::engine) async fn push(&self, rows: Vec<ExportRow>) -> bool {
        self.0.send(Step::Rows(rows)).await.is_ok()
    }
}

/// Lets `read` hand over rows and writes them, until there are no more or `cancel` is cancelled, which `file` has to
/// listen to as well.
pub(in crate::engine) async fn write<F>(
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    read: impl FnOnce(Rows) -> F,
) -> Result<Exported, ExportFailure>
where
    F: Future<Output = Result<(), ExportFailure>>,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    let work = tokio::task::spawn_blocking(move || take(file, receiver));
    let end = sender.clone();
    match cancel.run_until_cancelled(read(Rows(sender))).await {
        Some(Err(failure)) => {
            drop(end);
            // What was written goes away before anybody hears of the failure.
            let _ = ended(work).await;
            Err(failure)
        }
        // A cancelled file says so itself when it is to be finished. One that has failed takes no end.
        Some(Ok(())) | None => {
            let _ = end.send(Step::End).await;
            drop(end);
            Ok(ended(work).await?)
        }
    }
}

/// Writes everything there is. `heard` gets the number of rows handed over, part by part.
pub(in crate::engine) async fn write_all(
    mut parts: impl RowStream,
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    heard: impl Fn(u64),
) -> Result<Exported, ExportFailure> {
    let read = async |sink: Rows| {
        let mut done = 0;
        let mut next = parts.next().await?;
        while let Some(rows) = next {
            done += rows.len() as u64;
            // Reading goes on while a part waits to be written.
            let (is_taken, following) = tokio::join!(sink.push(rows), parts.next());
            if !is_taken {
                break;
            }
            heard(done);
            next = following?;
        }
        Ok(())
    };
    write(file, cancel, read).await
}

fn take(
    mut file: ExportFile<'static>,
    mut steps: mpsc::Receiver<Step>,
) -> Result<Exported, ExportError> {
    while let Some(step) = steps.blocking_recv() {
        match step {
            Step::Rows(rows) => {
                for row in &rows {
                    file.push(row)?;
                }
            }
            Step::End => return file.finish(),
        }
    }
    Ok(Exported { rows: 0, bytes: 0 })
}

async fn ended(work: JoinHandle<Result<Exported, ExportError>>) -> Result<Exported, ExportError> {
    match work.await {
        Ok(ended) => ended,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

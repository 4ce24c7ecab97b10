//! A running source.

use super::{SourceHealth, StopSignal};
use crate::error::{Error, ErrorKind};
use std::sync::Arc;
use std::thread::JoinHandle;

/// A source on its own thread. Dropping the handle asks the source to stop and does not wait for it.
#[derive(Debug)]
pub struct SourceHandle {
    stop: StopSignal,
    health: Arc<SourceHealth>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

impl SourceHandle {
    /// Starts `run` on a thread called `name`. When it ends with an error, the health says so.
    pub(super) fn spawn(
        name: &str,
        stop: StopSignal,
        health: Arc<SourceHealth>,
        run: impl FnOnce() -> Result<(), Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let outcome = Arc::clone(&health);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let result = run();
                match &result {
                    Ok(()) => outcome.set_state(super::SourceState::Finished),
                    Err(error) => outcome.failed(error.message.clone()),
                }
                result
            })
            .map_err(|error| {
                Error::caused(
                    ErrorKind::Internal,
                    "The system gives no further thread.",
                    error,
                )
            })?;
        Ok(Self {
            stop,
            health,
            thread: Some(thread),
        })
    }

    /// What the source says about itself.
    #[must_use]
    pub fn health(&self) -> &Arc<SourceHealth> {
        &self.health
    }

    /// Asks the source to stop. Returns at once.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether the source has ended, for whatever reason.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the source has ended. Blocking: not for a thread of a runtime.
    ///
    /// # Errors
    /// What ended the source. Having been stopped is not an error.
    pub fn join(mut self) -> Result<(), Error> {
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(Error::new(
                ErrorKind::Internal,
                "The source ended by a defect. Please report this.",
            )),
        }
    }
}

impl Drop for SourceHandle {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.stop.cancel();
        }
    }
}

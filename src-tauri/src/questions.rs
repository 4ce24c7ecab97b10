//! Questions that whoever asked can withdraw: somebody who types asks anew before the last answer is there, and the
//! store should not go on looking for what nobody will see.

use crate::error::{CommandError, CommandResult};
use picket_core::ErrorKind;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// The questions that are being answered, by the names they were given.
#[derive(Default)]
pub struct Questions {
    open: Mutex<HashMap<String, CancellationToken>>,
}

impl Questions {
    /// Waits for an answer until the question is withdrawn; the answer is dropped then. One without a name cannot be.
    ///
    /// # Errors
    /// [`ErrorKind::Withdrawn`]; else as `answer`.
    pub async fn answer<T>(
        &self,
        name: Option<String>,
        answer: impl Future<Output = CommandResult<T>>,
    ) -> CommandResult<T> {
        let Some(name) = name else {
            return answer.await;
        };
        let withdrawn = CancellationToken::new();
        self.open().insert(name.clone(), withdrawn.clone());
        let answered = withdrawn.run_until_cancelled(answer).await;
        self.open().remove(&name);
        answered.unwrap_or_else(|| {
            let message = "This was not answered, because it was asked anew.";
            Err(CommandError::new(ErrorKind::Withdrawn, message))
        })
    }

    /// Withdraws a question. One that was answered meanwhile stays so.
    pub fn withdraw(&self, name: &str) {
        if let Some(question) = self.open().get(name) {
            question.cancel();
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    struct Dropped(Arc<AtomicBool>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_question_that_is_withdrawn_is_dropped() {
        let questions = Questions::default();
        let dropped = Arc::new(AtomicBool::new(false));
        let looking = Dropped(Arc::clone(&dropped));
        let answer = async move {
            let _looking = looking;
            std::future::pending::<CommandResult<()>>().await
        };
        let withdraw = async {
            while questions.open().is_empty() {
                tokio::task::yield_now().await;
            }
            questions.withdraw("another");
            assert!(!dropped.load(Ordering::SeqCst));
            questions.withdraw("list-1");
        };
        let name = Some("list-1".to_owned());
        let (answered, ()) = tokio::join!(questions.answer(name, answer), withdraw);
        assert_eq!(answered.unwrap_err().code, ErrorKind::Withdrawn);
        assert!(dropped.load(Ordering::SeqCst));
        assert!(questions.open().is_empty());
    }

    #[tokio::test]
    async fn a_question_that_nobody_withdraws_is_answered() {
        let questions = Questions::default();
        for name in [None, Some("list-1".to_owned())] {
            let answered = questions.answer(name, async { Ok(7) }).await;
            assert_eq!(answered.unwrap(), 7);
        }
        assert!(questions.open().is_empty());
    }
}

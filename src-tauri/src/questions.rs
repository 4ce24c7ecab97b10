//! Questions that whoever asked can withdraw: somebody who types asks anew before the last answer is there, and the
//! store should not go on looking for what nobody will see. Those of a window that is closed are withdrawn with it.

use crate::error::{CommandError, CommandResult};
use picket_core::ErrorKind;
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Withdrawals that came before their questions, of which no more are kept: the two go different ways.
const MOST_EARLY: usize = 64;

/// The questions that are being answered.
#[derive(Default)]
pub struct Questions {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By the names they were given.
    open: HashMap<String, Asked>,
    /// Names that were withdrawn and are no questions yet; the newest at the end.
    early: VecDeque<String>,
}

/// A question that is being answered.
struct Asked {
    /// The window that asked.
    window: String,
    withdrawn: CancellationToken,
}

impl Questions {
    /// Waits for an answer until the question is withdrawn; the answer is dropped then. One without a name cannot be.
    ///
    /// # Errors
    /// [`ErrorKind::Withdrawn`]; else as `answer`.
    pub async fn answer<T>(
        &self,
        window: &str,
        name: Option<String>,
        answer: impl Future<Output = CommandResult<T>>,
    ) -> CommandResult<T> {
        let Some(name) = name else {
            return answer.await;
        };
        let withdrawn = CancellationToken::new();
        {
            let mut known = self.known();
            known.early.retain(|early| {
                let is_this = *early == name;
                if is_this {
                    withdrawn.cancel();
                }
                !is_this
            });
            let asked = Asked {
                window: window.to_owned(),
                withdrawn: withdrawn.clone(),
            };
            known.open.insert(name.clone(), asked);
        }
        let answered = withdrawn.run_until_cancelled(answer).await;
        self.known().open.remove(&name);
        answered.unwrap_or_else(|| {
            let message = "This was not answered, because it was asked anew.";
            Err(CommandError::new(ErrorKind::Withdrawn, message))
        })
    }

    /// Withdraws a question, also one that is still to come. One that was answered meanwhile stays so.
    pub fn withdraw(&self, name: String) {
        let mut known = self.known();
        if let Some(question) = known.open.get(&name) {
            question.withdrawn.cancel();
            return;
        }
        known.early.push_back(name);
        if known.early.len() > MOST_EARLY {
            known.early.pop_front();
        }
    }

    /// Withdraws what a window has asked, which is closed.
    pub fn window_closed(&self, window: &str) {
        for question in self.known().open.values() {
            if question.window == window {
                question.withdrawn.cancel();
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
            while questions.known().open.is_empty() {
                tokio::task::yield_now().await;
            }
            questions.withdraw("another".to_owned());
            assert!(!dropped.load(Ordering::SeqCst));
            questions.withdraw("list-1".to_owned());
        };
        let name = Some("list-1".to_owned());
        let (answered, ()) = tokio::join!(questions.answer("main", name, answer), withdraw);
        assert_eq!(answered.unwrap_err().code, ErrorKind::Withdrawn);
        assert!(dropped.load(Ordering::SeqCst));
        assert!(questions.known().open.is_empty());
    }

    #[tokio::test]
    async fn a_question_whose_withdrawal_was_faster_is_not_answered() {
        let questions = Questions::default();
        questions.withdraw("list-1".to_owned());
        let name = || Some("list-1".to_owned());
        let answered = questions.answer("main", name(), async { Ok(7) }).await;
        assert_eq!(answered.unwrap_err().code, ErrorKind::Withdrawn);
        // It was meant once.
        assert_eq!(
            questions
                .answer("main", name(), async { Ok(7) })
                .await
                .unwrap(),
            7
        );
        for number in 0..=MOST_EARLY {
            questions.withdraw(format!("list-{number}"));
        }
        assert_eq!(questions.known().early.len(), MOST_EARLY);
        let first = Some("list-0".to_owned());
        assert_eq!(
            questions
                .answer("main", first, async { Ok(7) })
                .await
                .unwrap(),
            7
        );
    }

    #[tokio::test]
    async fn questions_of_a_closed_window_are_withdrawn_and_those_of_others_are_not() {
        let questions = Questions::default();
        let (send, receive) = tokio::sync::oneshot::channel();
        let forever = std::future::pending::<CommandResult<i64>>();
        let closed = questions.answer("window-2", Some("list-1".to_owned()), forever);
        let open = async { Ok(receive.await.unwrap()) };
        let open = questions.answer("main", Some("list-2".to_owned()), open);
        let close = async {
            while questions.known().open.len() < 2 {
                tokio::task::yield_now().await;
            }
            questions.window_closed("window-2");
            send.send(7).unwrap();
        };
        let (closed, open, ()) = tokio::join!(closed, open, close);
        assert_eq!(closed.unwrap_err().code, ErrorKind::Withdrawn);
        assert_eq!(open.unwrap(), 7);
        assert!(questions.known().open.is_empty());
    }

    #[tokio::test]
    async fn a_question_that_nobody_withdraws_is_answered() {
        let questions = Questions::default();
        for name in [None, Some("list-1".to_owned())] {
            let answered = questions.answer("main", name, async { Ok(7) }).await;
            assert_eq!(answered.unwrap(), 7);
        }
        assert!(questions.known().open.is_empty());
    }
}

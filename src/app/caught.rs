//! A fault of the program over one thing ends with that thing, and not with whoever works it off.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt as _;

use crate::messages::RenderError;

/// What `work` gives; `None` when it panicked. What it says of itself is in the log already, and may quote somebody's words.
///
/// State that `work` shares with others must be whole at each of its steps: here that is a transaction, which is dropped.
pub(super) async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

/// What `words` makes of one message; a fault of the program is a failure of that message, and of no other.
pub(super) fn worded<T>(words: impl FnOnce() -> Result<T, RenderError>) -> Result<T, RenderError> {
    catch_unwind(AssertUnwindSafe(words)).unwrap_or_else(|_| Err(RenderError::fault()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_over_the_words_of_a_message_is_a_failure_of_that_message() {
        assert_eq!(worded(|| Ok(1)).unwrap(), 1);
        let letters = "ạ".to_owned();
        let failed = worded(|| Ok(letters[1..].len())).unwrap_err();
        assert!(
            failed.to_string().contains("a fault of the program"),
            "{failed}"
        );
    }

    #[tokio::test]
    async fn a_fault_gives_nothing_and_leaves_its_caller_alive() {
        assert_eq!(caught(async { 1 }).await, Some(1));
        let letters = "ạ".to_owned();
        let fault = async {
            tokio::task::yield_now().await;
            letters[1..].len()
        };
        assert_eq!(caught(fault).await, None);
    }
}

//! A fault of the program over one thing ends with that thing, and not with whoever works it off.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

/// What `work` gives; `None` when it panicked. What it says of itself is in the log already, and may quote somebody's words.
///
/// State that `work` shares with others must be whole at each of its steps: here that is a transaction, which is dropped.
pub(super) async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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

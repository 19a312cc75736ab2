//! A replay waits for SQLite, and SQLite for its next question: they never work at the same time. On one processor a question
//! takes a switch of threads; to wake another processor for it takes longer than most of the answers.

use std::io;
use std::thread;

use super::processor::Kept;

/// Runs a replay to its end on this thread, and with all threads that it starts on one processor.
///
/// # Errors
/// When there is no runtime to be had.
pub fn alone<T>(replay: impl Future<Output = T>) -> io::Result<T> {
    // Nothing is sent or received: without sockets the runtime asks the system for nothing between two looks.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let kept = Kept::here();
    let played = runtime.block_on(replay);
    drop(kept);
    Ok(played)
}

/// Keeps the thread from going to sleep whenever it waits for the database: a replay asks tens of thousands of short
/// questions one after another, and being woken takes longer than most of the answers. On one processor others go first.
pub(super) async fn stay_awake() -> std::convert::Infallible {
    const LOOKS: u32 = 64;
    let looks = match thread::available_parallelism() {
        Ok(processors) if processors.get() > 1 => LOOKS,
        _ => 1,
    };
    loop {
        for _ in 0..looks {
            std::hint::spin_loop();
            tokio::task::yield_now().await;
        }
        thread::yield_now();
    }
}

//! The processors that a thread may run on.

#[cfg(target_os = "linux")]
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// While it lives, this thread stays on the processor on which it was, and so do the threads that it starts. Where the
/// system does not grant it, nothing changes.
#[cfg(target_os = "linux")]
pub(super) struct Kept {
    before: Option<CpuSet>,
}

#[cfg(target_os = "linux")]
impl Kept {
    pub(super) fn here() -> Self {
        Self {
            before: stay_here(),
        }
    }
}

#[cfg(target_os = "linux")]
impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // Where this fails the thread stays where it is, as slowly as there.
            let _ = sched_setaffinity(None, before);
        }
    }
}

/// Where this thread might run before.
#[cfg(target_os = "linux")]
fn stay_here() -> Option<CpuSet> {
    let before = sched_getaffinity(None).ok()?;
    let processor = own_processor()?;
    if processor >= CpuSet::MAX_CPU || !before.is_set(processor) {
        return None;
    }
    let mut here = CpuSet::new();
    here.set(processor);
    sched_setaffinity(None, &here).ok()?;
    Some(before)
}

/// The number of the processor on which this thread runs: the 39th field, of which the second, a name in brackets, may hold
/// anything. (What asks the kernel by a page shared with it does not run under valgrind.)
#[cfg(target_os = "linux")]
fn own_processor() -> Option<usize> {
    let fields = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
    let (_, from_the_third) = fields.rsplit_once(')')?;
    let mut fields = from_the_third.split_ascii_whitespace();
    fields.nth(36)?.parse().ok()
}

/// Elsewhere the system decides.
#[cfg(not(target_os = "linux"))]
pub(super) struct Kept;

#[cfg(not(target_os = "linux"))]
impl Kept {
    pub(super) fn here() -> Self {
        Self
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::thread::{available_parallelism, spawn};

    use super::*;

    #[test]
    fn a_thread_and_those_that_it_starts_stay_on_one_processor_for_a_while() {
        let processors = || available_parallelism().unwrap().get();
        let checked = spawn(move || {
            let before = processors();
            let kept = Kept::here();
            assert_eq!(processors(), 1);
            assert_eq!(spawn(processors).join().unwrap(), 1);
            drop(kept);
            assert_eq!(processors(), before);
        });
        checked.join().unwrap();
    }
}

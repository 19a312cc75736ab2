//! Work without waiting, spread over the processors.

use std::thread;

/// Fewer items than this for a thread are not worth starting it.
const FEWEST: usize = 16;

/// `work` done on each item, in order. The calling thread does its share and waits.
pub(super) fn spread<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    // How many processors there are is read from files of the system: only where it matters.
    let threads = match items.len() / FEWEST {
        0 | 1 => 1,
        worth => thread::available_parallelism().map_or(1, |all| all.get().min(worth)),
    };
    let mut shares = shares(items, threads);
    let own = shares.pop().unwrap_or_default();
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<R>>()))
            .collect();
        let own: Vec<R> = own.into_iter().map(work).collect();
        let mut done = Vec::new();
        for other in others {
            match other.join() {
                Ok(share) => done.extend(share),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done.extend(own);
        done
    })
}

/// So many runs of about the same length, in order.
fn shares<T>(mut items: Vec<T>, count: usize) -> Vec<Vec<T>> {
    let mut shares = Vec::with_capacity(count);
    for left in (1..count).rev() {
        let length = items.len() / (left + 1);
        let rest = items.split_off(length);
        shares.push(std::mem::replace(&mut items, rest));
    }
    shares.push(items);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items_however_many_there_are() {
        for count in [0, 1, 15, 33, 1000] {
            let expected: Vec<usize> = (0..count).map(|number| number * 2).collect();
            let doubled = spread((0..count).collect(), |number: usize| number * 2);
            assert_eq!(doubled, expected);
        }
    }

    #[test]
    fn shares_differ_in_length_by_one_at_most() {
        let lengths: Vec<usize> = shares((0..10).collect(), 3).iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 3, 4]);
    }
}

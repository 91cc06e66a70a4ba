//! Work on many things by as many threads as there are processors, and what is common to all work by threads.

use parking_lot::Mutex;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{ScopedJoinHandle, available_parallelism, scope};

/// More threads than this are not worth their beginning.
const MAX_THREADS: usize = 8;
/// Nor is a thread for fewer things.
const MIN_THINGS: usize = 4_096;

/// How many threads a piece of work has at most.
fn max_threads() -> usize {
    available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS)
}

/// How many of so many things go to a thread; all of them where more threads than one are not worth it.
fn part_size(things: usize) -> usize {
    things
        .div_ceil(max_threads().min(things / MIN_THINGS).max(1))
        .max(1)
}

/// What `work` makes of consecutive parts of a range, in order.
pub fn map_ranges<T: Send>(range: Range<usize>, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let size = part_size(range.len());
    if size >= range.len() {
        return vec![work(range)];
    }
    let parts = range
        .clone()
        .step_by(size)
        .map(|start| start..range.end.min(start + size));
    scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        threads.into_iter().map(joined).collect()
    })
}

/// A piece of work for any thread.
pub type Task<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// What jobs make, in their order. As many run at a time as there are processors, the first begin first: the longest should be
/// the first.
pub fn run_tasks<T: Send>(jobs: Vec<Task<'_, T>>) -> Vec<T> {
    let threads = max_threads().min(jobs.len());
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let next = || waiting.lock().next();
    let work = || {
        std::iter::from_fn(next)
            .map(|(number, job)| (number, job()))
            .collect::<Vec<_>>()
    };
    let mut made: Vec<(usize, T)> = scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(joined).collect()
    });
    made.sort_unstable_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, made)| made).collect()
}

/// What a thread has made; if it has panicked, its panic goes on here.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_done_once_and_answer_in_their_order() {
        for count in [0, 1, 50] {
            let jobs = (0..count)
                .map(|number| Box::new(move || number) as Task<'_, i32>)
                .collect();
            assert_eq!(run_tasks(jobs), Vec::from_iter(0..count));
        }
    }

    #[test]
    fn parts_are_the_whole_in_order() {
        for count in [0, 1, 4_095, 8_192, 100_003] {
            let parts = map_ranges(3..3 + count, Vec::from_iter);
            assert_eq!(parts.concat(), Vec::from_iter(3..3 + count));
        }
    }
}

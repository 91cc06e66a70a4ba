//! Runs work on as many threads as there are processors, up to eight. It knows nothing about the work.

use parking_lot::Mutex;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{Builder, ScopedJoinHandle, available_parallelism, scope};

use fihrist_arabic::Analyzer;

/// The most threads: more cost more than they gain.
const MAX_THREADS: usize = 8;
/// The fewest items that are worth a thread.
const MIN_ITEMS: usize = 4_096;

/// Returns the most threads for one piece of work.
fn max_threads() -> usize {
    available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS)
}

/// Returns the number of items for each thread; all of them if a second thread is not worth it.
fn part_size(items: usize) -> usize {
    let threads = max_threads().min(items / MIN_ITEMS).max(1);
    items.div_ceil(threads).max(1)
}

/// Splits a range into consecutive parts, runs `work` on each, and returns the results in order.
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

/// A piece of work for one thread.
pub type Task<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// Runs tasks and returns their results, in the order of the tasks. At most [`max_threads`] run at a time. They start in order,
/// so the longest task should be the first.
pub fn run_tasks<T: Send>(tasks: Vec<Task<'_, T>>) -> Vec<T> {
    let threads = max_threads().min(tasks.len());
    let waiting = Mutex::new(tasks.into_iter().enumerate());
    let next = || waiting.lock().next();
    let work = || {
        std::iter::from_fn(next)
            .map(|(number, task)| (number, task()))
            .collect::<Vec<_>>()
    };
    let mut results: Vec<(usize, T)> = scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(joined).collect()
    });
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Runs tasks on as many threads as there are processors.
pub fn run_all(tasks: Vec<Task<'_, ()>>) {
    run_tasks(tasks);
}

/// Warms an analyzer on its own thread, once it has analysed enough words for that to pay. The caller does not wait.
pub fn warm_in_background(analyzer: &Analyzer) {
    if analyzer.should_warm(0) {
        let analyzer = analyzer.clone();
        let warm = move || analyzer.warm_with(run_all);
        // If no thread can be started, analysis continues more slowly.
        drop(Builder::new().name("stems".to_owned()).spawn(warm));
    }
}

/// Warms an analyzer before it analyses this many words, if that pays.
pub fn warm_for(analyzer: &Analyzer, word_count: usize) {
    if analyzer.should_warm(word_count) {
        analyzer.warm_with(run_all);
    }
}

/// Returns the result of a thread. If the thread has panicked, the panic continues here.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_run_once_and_return_in_their_order() {
        for count in [0, 1, 50] {
            let tasks = (0..count)
                .map(|number| Box::new(move || number) as Task<'_, i32>)
                .collect();
            assert_eq!(run_tasks(tasks), Vec::from_iter(0..count));
        }
    }

    #[test]
    fn parts_make_up_the_range_in_order() {
        for count in [0, 1, 4_095, 8_192, 100_003] {
            let parts = map_ranges(3..3 + count, Vec::from_iter);
            assert_eq!(parts.concat(), Vec::from_iter(3..3 + count));
        }
    }
}

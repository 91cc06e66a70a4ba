//! Runs work on several threads: one for each processor, but at most eight. It does not depend on
//! what the work does.

use parking_lot::Mutex;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{Builder, ScopedJoinHandle, available_parallelism, scope};

use fihrist_arabic::Analyzer;

/// The greatest number of threads. In measurements, more threads cost more time than they saved.
const MAX_THREADS: usize = 8;
/// The least number of items for which another thread saves time.
const MIN_ITEMS: usize = 4_096;

/// The number of items in one part of uneven work.
const UNEVEN_ITEMS: usize = 256;

/// Returns the greatest number of threads for one piece of work.
pub fn max_threads() -> usize {
    available_parallelism().map_or(1, |threads| threads.get().min(MAX_THREADS))
}

/// Splits a range into consecutive parts, runs `work` on each part, and returns the results in
/// order.
pub fn map_ranges<T: Send>(range: Range<usize>, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = max_threads().min(range.len() / MIN_ITEMS);
    if threads <= 1 {
        return vec![work(range)];
    }
    let size = range.len().div_ceil(threads);
    let parts = range
        .clone()
        .step_by(size)
        .map(|start| start..range.end.min(start + size));
    scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        threads.into_iter().map(joined).collect()
    })
}

/// Splits a range into many small parts, runs `work` on each part, and returns the results in
/// order. It is for work that takes much longer for some items than for others.
pub fn map_uneven<T: Send>(range: Range<usize>, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let work = &work;
    let task = |start| {
        let part = start..range.end.min(start + UNEVEN_ITEMS);
        Box::new(move || work(part)) as Task<'_, T>
    };
    run_tasks(range.clone().step_by(UNEVEN_ITEMS).map(task).collect())
}

/// A piece of work for one thread.
pub type Task<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// Runs tasks on at most [`max_threads`] threads, and returns their results in the order of the
/// tasks. Tasks are started in this order, so the longest task should be first.
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

/// Runs tasks that return nothing, like [`run_tasks`].
pub fn run_all(tasks: Vec<Task<'_, ()>>) {
    run_tasks(tasks);
}

/// Warms an analyzer on a thread of its own, if it has analysed enough words to make this
/// worthwhile. The caller does not wait.
pub fn warm_in_background(analyzer: &Analyzer) {
    if analyzer.should_warm(0) {
        let analyzer = analyzer.clone();
        let warm = move || analyzer.warm_with(run_all);
        // If the thread cannot be started, analysis continues at its present speed.
        drop(Builder::new().name("stems".to_owned()).spawn(warm));
    }
}

/// Warms an analyzer if it is about to analyse enough words to make this worthwhile. The caller
/// waits.
pub fn warm_for(analyzer: &Analyzer, word_count: usize) {
    if analyzer.should_warm(word_count) {
        analyzer.warm_with(run_all);
    }
}

/// Waits for a thread and returns its result. If the thread has panicked, the panic continues here.
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
            let range = 3..3 + count;
            let parts = map_ranges(range.clone(), Vec::from_iter);
            assert_eq!(parts.concat(), Vec::from_iter(range.clone()));
            let parts = map_uneven(range.clone(), Vec::from_iter);
            assert_eq!(parts.concat(), Vec::from_iter(range));
        }
    }
}

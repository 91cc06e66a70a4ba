//! Reads parts of a generation in several threads, and reports the progress. It does not know what
//! the parts are.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};

use crate::error::Result;
use crate::learning::JobControl;
use crate::parallel::{joined, max_threads};
use crate::progress::{Phase, ProgressUpdate};

const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// A scan that is running: what its threads have in common.
#[derive(Default)]
pub struct Scan {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Scan {
    /// Returns whether the threads should end, because the job was cancelled or a thread has
    /// failed.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Counts an article that was read.
    pub fn count_article(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Calls `work` on several threads, with the number of the thread. Each thread takes parts from the
/// function that it is given, until there are none or the scan is stopped. `total` is the number of
/// articles in all parts. Returns false if the job was cancelled.
pub fn scan_parts<P: Send>(
    parts: impl Iterator<Item = P> + Send,
    (phase, total): (Phase, u64),
    control: JobControl<'_>,
    work: impl Fn(usize, &(dyn Fn() -> Option<P> + Sync), &Scan) -> Result<()> + Sync,
) -> Result<bool> {
    let parts = Mutex::new(parts);
    let scan = Scan::default();
    let next = || parts.lock().next().filter(|_| !scan.is_stopped());
    let advanced = || {
        let articles = scan.done.load(Ordering::Relaxed);
        control.progress.advanced(ProgressUpdate {
            phase,
            done: articles,
            total,
            articles,
        });
    };
    // The first report says which phase begins.
    advanced();
    let cancel = || control.cancel.load(Ordering::Relaxed);
    scan.stop.store(cancel(), Ordering::Relaxed);
    std::thread::scope(|scope| {
        let (running, ended) = bounded::<()>(0);
        let start = |thread| {
            let (running, next, scan, work) = (running.clone(), &next, &scan, &work);
            scope.spawn(move || {
                let _open_until_the_end = running;
                let outcome = work(thread, next, scan);
                scan.stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
                outcome
            })
        };
        let threads: Vec<_> = (0..max_threads()).map(start).collect();
        drop(running);
        // No message is ever sent: the channel closes when the last thread ends.
        while ended.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
            scan.stop.fetch_or(cancel(), Ordering::Relaxed);
            advanced();
        }
        threads.into_iter().try_for_each(joined)
    })?;
    advanced();
    Ok(!scan.is_stopped())
}

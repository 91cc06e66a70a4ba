//! Watches files and folders, and runs a job after changes have settled. It does not know the job.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::folder_of;
use crate::remedy::explain;

/// A change is processed after this time without further changes: files are written in several
/// steps.
const QUIET: Duration = Duration::from_millis(500);
/// If changes never stop, they are processed after this time.
const AT_LEAST_EVERY: Duration = Duration::from_secs(10);
/// Time before a failed job is retried, for example because another process holds the index.
const RETRY: Duration = Duration::from_secs(5);
/// How often the flag that ends the watch is checked.
const TICK: Duration = Duration::from_millis(200);
/// How often folders are scanned that the system cannot watch, such as network folders.
const POLL: Duration = Duration::from_secs(5);

/// Starts to watch `paths`. Changes after this call are not missed; [`follow`](Watching::follow)
/// processes them. A link that leads out of a folder is followed only with `follows_links`.
pub fn watch(paths: &[PathBuf], follows_links: bool) -> Result<Watching> {
    let (sender, changes) = channel();
    let tell = move |event: notify::Result<Event>| {
        // An error of the watch counts as a change, because it may hide one. Sending fails if the
        // receiver is gone, which is ignored.
        // Reading a file does not change it.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            let _ = sender.send(());
        }
    };
    let config = Config::default()
        .with_poll_interval(POLL)
        .with_follow_symlinks(follows_links);
    let watcher = start::<RecommendedWatcher>(paths, config, tell.clone())
        .or_else(|_| start::<PollWatcher>(paths, config, tell))
        .context("cannot watch")?;
    Ok(Watching {
        _watcher: watcher,
        changes,
    })
}

/// A running watch.
pub struct Watching {
    _watcher: Box<dyn Watcher + Send>,
    changes: Receiver<()>,
}

impl Watching {
    /// Calls `run` after each settled change, until `stop` is set. A failed run is reported and
    /// retried.
    pub fn follow(&self, stop: &AtomicBool, mut run: impl FnMut() -> Result<()>) {
        let mut pending: Option<Pending> = None;
        while !stop.load(Ordering::Relaxed) {
            match self.changes.recv_timeout(TICK) {
                Ok(()) => {
                    pending = Some(Pending {
                        last: Instant::now(),
                        ..pending.unwrap_or_else(|| Pending::new(Duration::ZERO))
                    })
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if pending.as_ref().is_some_and(Pending::is_due) {
                pending = match run() {
                    Ok(()) => None,
                    Err(error) => {
                        eprintln!("fihrist: {}; retrying", explain(&error));
                        Some(Pending::new(RETRY))
                    }
                };
            }
        }
    }
}

/// Changes that have not been processed, with the times that decide when they are due.
struct Pending {
    first: Instant,
    last: Instant,
    not_before: Instant,
}

impl Pending {
    /// Returns a change at this time, which is processed after `delay` at the earliest.
    fn new(delay: Duration) -> Self {
        let now = Instant::now();
        Self {
            first: now,
            last: now,
            not_before: now + delay,
        }
    }

    fn is_due(&self) -> bool {
        let has_settled = self.last.elapsed() >= QUIET || self.first.elapsed() >= AT_LEAST_EVERY;
        has_settled && Instant::now() >= self.not_before
    }
}

/// Starts a watcher. `PollWatcher` is the fallback for folders that the system cannot watch.
fn start<W: Watcher + Send + 'static>(
    paths: &[PathBuf],
    config: Config,
    tell: impl Fn(notify::Result<Event>) + Send + 'static,
) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = W::new(tell, config)?;
    for path in paths {
        if path.is_dir() || path.parent().is_none() {
            watcher.watch(path, RecursiveMode::Recursive)?;
        } else {
            // An editor replaces a file by a new one. Only a watch of the folder notices that.
            watcher.watch(folder_of(path), RecursiveMode::NonRecursive)?;
        }
    }
    Ok(Box::new(watcher))
}

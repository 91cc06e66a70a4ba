//! Watches files and folders, and runs a job after changes have settled. It does not know the job.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

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
/// processes them.
pub fn watch(paths: &[PathBuf]) -> anyhow::Result<Watching> {
    let (sender, changes) = channel();
    let tell = move |event: notify::Result<Event>| {
        // An error of the watch counts as a change, because it may hide one. Sending fails if the
        // receiver is gone, which is ignored.
        if event.map_or(true, |event| is_change(&event.kind)) {
            let _ = sender.send(());
        }
    };
    let watcher = recommended(paths, tell.clone()).or_else(|_| polling(paths, tell))?;
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
    pub fn follow(&self, stop: &AtomicBool, mut run: impl FnMut() -> anyhow::Result<()>) {
        let mut pending: Option<Pending> = None;
        while !stop.load(Ordering::Relaxed) {
            match self.changes.recv_timeout(TICK) {
                Ok(()) => pending = Some(Pending::changed(pending)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if pending.as_ref().is_some_and(Pending::is_due) {
                pending = match run() {
                    Ok(()) => None,
                    Err(error) => {
                        eprintln!("fihrist: {}; retrying", explain(&error));
                        Some(Pending::again())
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
    fn changed(before: Option<Self>) -> Self {
        let now = Instant::now();
        let (first, not_before) =
            before.map_or((now, now), |pending| (pending.first, pending.not_before));
        Self {
            first,
            last: now,
            not_before,
        }
    }

    fn again() -> Self {
        let now = Instant::now();
        Self {
            first: now,
            last: now,
            not_before: now + RETRY,
        }
    }

    fn is_due(&self) -> bool {
        let has_settled = self.last.elapsed() >= QUIET || self.first.elapsed() >= AT_LEAST_EVERY;
        has_settled && Instant::now() >= self.not_before
    }
}

/// Whether an event may have changed a file. Reading a file does not change it.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

fn recommended(
    paths: &[PathBuf],
    tell: impl Fn(notify::Result<Event>) + Send + 'static,
) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = RecommendedWatcher::new(tell, Config::default())?;
    watch_all(paths, &mut watcher)?;
    Ok(Box::new(watcher))
}

fn polling(
    paths: &[PathBuf],
    tell: impl Fn(notify::Result<Event>) + Send + 'static,
) -> anyhow::Result<Box<dyn Watcher + Send>> {
    let mut watcher = PollWatcher::new(tell, Config::default().with_poll_interval(POLL))
        .context("cannot watch")?;
    watch_all(paths, &mut watcher).context("cannot watch")?;
    Ok(Box::new(watcher))
}

fn watch_all(paths: &[PathBuf], watcher: &mut dyn Watcher) -> notify::Result<()> {
    for path in paths {
        match path.parent() {
            // An editor replaces a file by a new one. Only a watch of the folder notices that.
            Some(parent) if !path.is_dir() => {
                let parent = if parent.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    parent
                };
                watcher.watch(parent, RecursiveMode::NonRecursive)?;
            }
            Some(_) | None => watcher.watch(path, RecursiveMode::Recursive)?,
        }
    }
    Ok(())
}

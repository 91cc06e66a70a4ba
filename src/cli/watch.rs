//! Following files and folders: runs a job again when something in them has changed and has been quiet for a moment. What the
//! job does is not its business.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::remedy::explain;

/// A change is looked at when nothing has changed for so long: files are written in several steps.
const QUIET: Duration = Duration::from_millis(500);
/// Or after so long, where something changes all the time.
const AT_LEAST_EVERY: Duration = Duration::from_secs(10);
/// A job that fails, because another holds the index, is tried again after so long.
const RETRY: Duration = Duration::from_secs(5);
/// How often the flag that ends it is looked at.
const TICK: Duration = Duration::from_millis(200);
/// How often folders are looked through that the system cannot watch, such as those of a network.
const POLL: Duration = Duration::from_secs(5);

/// Watches until `stop` is set and calls `run` after changes. It begins to watch before it returns, so that nothing is
/// missed that changes from then on.
pub fn watch(paths: &[PathBuf]) -> anyhow::Result<Watching> {
    let (sender, changes) = channel();
    let tell = move |event: notify::Result<Event>| {
        // An error of the watch may hide a change; whoever listens no longer is gone.
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

/// A watch that has begun.
pub struct Watching {
    _watcher: Box<dyn Watcher + Send>,
    changes: Receiver<()>,
}

impl Watching {
    /// Calls `run` after each change that has settled, until `stop` is set. A run that fails is said and tried again.
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
                        eprintln!("fihrist: trying again after a failure: {}", explain(&error));
                        Some(Pending::again())
                    }
                };
            }
        }
    }
}

/// A change that has not been looked at.
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

/// Reading changes nothing.
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
            // An editor puts a new file in the place of the old one, which only the folder notices.
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

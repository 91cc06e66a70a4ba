//! The turn to write to an index: processes that want to write wait for one another. A cluster has
//! several writers side by side, so there every process has its turn at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Location;
use super::tantivy::{Turn, is_turn_taken};
use crate::error::{Error, ErrorKind, Result};

/// The pause before another attempt, if another process was quicker or rebuilds an index in a cluster.
const RETRY: Duration = Duration::from_millis(200);

/// How long a caller waits while another process writes to the index.
#[derive(Clone, Copy)]
pub struct LockWait<'a> {
    /// The longest time to wait.
    pub time_limit: Duration,
    /// Ends the wait when it is set.
    pub cancel: &'a AtomicBool,
    /// Called once if the caller must wait. The error names the process that is writing.
    pub on_wait: &'a dyn Fn(&Error),
}

impl LockWait<'_> {
    /// Returns whether a wait that began at `started` is over.
    pub(crate) fn is_over(&self, started: Instant) -> bool {
        started.elapsed() >= self.time_limit || self.cancel.load(Ordering::Relaxed)
    }
}

/// The turn to write to an index, until it is dropped. No other process that waits for its turn
/// writes meanwhile.
pub struct WriterTurn {
    _turn: Option<Turn>,
}

impl WriterTurn {
    /// Waits until no other process writes. Fails with [`Error::Busy`] when the wait is over before
    /// that.
    pub fn wait(location: &Location, wait: &LockWait<'_>) -> Result<Self> {
        let turn = match location {
            Location::Folder(data) => Turn::wait(data, wait)?,
            Location::Cluster(_) => None,
        };
        Ok(Self { _turn: turn })
    }

    /// Returns whether a process waits for its turn. A writer that goes on for long should then
    /// finish soon.
    pub fn is_awaited(location: &Location) -> bool {
        match location {
            Location::Folder(data) => is_turn_taken(data),
            Location::Cluster(_) => false,
        }
    }
}

/// Waits for the turn to write, and calls `attempt`, which opens the index for writing. If another
/// process was quicker, waits and calls it again. Fails with [`Error::Busy`] when the wait is over.
pub fn in_turn<T>(
    location: &Location,
    wait: &LockWait<'_>,
    mut attempt: impl FnMut() -> Result<T>,
) -> Result<T> {
    let started = Instant::now();
    let mut has_waited = false;
    loop {
        let remaining = LockWait {
            time_limit: wait.time_limit.saturating_sub(started.elapsed()),
            ..*wait
        };
        let _turn = WriterTurn::wait(location, &remaining)?;
        match attempt() {
            Err(error) if error.kind() == ErrorKind::Busy && !wait.is_over(started) => {
                if !has_waited {
                    (wait.on_wait)(&error);
                    has_waited = true;
                }
                sleep(RETRY);
            }
            outcome => return outcome,
        }
    }
}

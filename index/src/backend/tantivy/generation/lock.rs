//! Allows one writer at a time: an advisory lock on `writer.lock`. The file names the process that
//! holds the lock. Readers need no lock.
//!
//! A second lock, on `writer.next`, is the turn to write next. A process that wants to write waits for
//! the turn, then for the lock, and then releases the turn. A service that writes for long checks
//! whether the turn is taken, and then releases the lock.
//!
//! Both locks end with the process, even when it is killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::whole_files::create_directory;
use crate::backend::LockWait;
use crate::error::{Error, Result};

const LOCK: &str = "writer.lock";
const NEXT: &str = "writer.next";

/// The time between two attempts to take a lock.
const RETRY: Duration = Duration::from_millis(20);

/// Holds the lock of a data directory until it is dropped.
pub struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Takes the lock of a data directory. Fails when another process has it; the error names that
    /// process. Fails also when the directory cannot be written to.
    pub fn acquire(data: &Path) -> Result<Arc<Self>> {
        let path = data.join(LOCK);
        let opened = create_directory(data).and_then(|_| open(&path));
        let file = opened.map_err(|error| match error.kind() {
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                let data = data.to_owned();
                Error::ReadOnly { data }
            }
            _ => Error::io("open", &path)(error),
        })?;
        if !try_lock(&file).map_err(Error::io("lock", &path))? {
            return Err(busy(data));
        }
        let since = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
        let holder = format!("process {} since {since}", std::process::id());
        // The name is only for messages, so a disk without room for it is no error.
        let _unnamed = file
            .set_len(0)
            .and_then(|()| (&file).write_all(holder.as_bytes()));
        Ok(Arc::new(Self { file }))
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // The next holder must not seem to be this process until it has written its name.
        let _name_stays = self.file.set_len(0);
    }
}

/// The turn to write next to a data directory, until it is dropped.
pub struct Turn {
    _ticket: File,
}

impl Turn {
    /// Waits for the turn, and then until nobody holds the writer's lock. Returns `None` if the
    /// directory has never been written to, or cannot be. Fails when the wait is over before that;
    /// the error names the process that holds the lock.
    pub fn wait(data: &Path, wait: &LockWait<'_>) -> Result<Option<Self>> {
        let Ok(lock) = OpenOptions::new().write(true).open(data.join(LOCK)) else {
            return Ok(None);
        };
        let Ok(ticket) = open(&data.join(NEXT)) else {
            return Ok(None);
        };
        let started = Instant::now();
        let mut has_waited = false;
        for file in [&ticket, &lock] {
            while !try_lock(file).map_err(Error::io("lock", data))? {
                let error = busy(data);
                if wait.is_over(started) {
                    return Err(error);
                }
                if !has_waited {
                    (wait.on_wait)(&error);
                    has_waited = true;
                }
                sleep(RETRY);
            }
        }
        Ok(Some(Self { _ticket: ticket }))
    }
}

/// Returns whether a process waits for its turn to write, or has it.
pub fn is_turn_taken(data: &Path) -> bool {
    // A shared lock that is released at once delays a process that takes the turn by one attempt.
    File::open(data.join(NEXT))
        .is_ok_and(|ticket| matches!(ticket.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Returns the error that names the process that holds the writer's lock.
fn busy(data: &Path) -> Error {
    // The file is empty until the holder of the lock has written its name.
    let mut holder = fs::read_to_string(data.join(LOCK)).unwrap_or_default();
    if holder.is_empty() {
        holder.push_str("a process that has just started");
    }
    let data = data.to_owned();
    Error::Busy { data, holder }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

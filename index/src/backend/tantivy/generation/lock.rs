//! Allows one writer at a time: an advisory lock on `writer.lock`. The file names the process that
//! holds the lock. The lock ends with the process, even when it is killed. Readers need no lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};

const LOCK: &str = "writer.lock";

/// Holds the lock of a data directory until it is dropped.
pub struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of a data directory. Fails when another process has it; the error names that
    /// process.
    pub fn acquire(data: &Path) -> Result<Arc<Self>> {
        fs::create_dir_all(data).map_err(Error::io("create", data))?;
        let path = data.join(LOCK);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // The file is empty until the holder of the lock has written its name.
                let mut holder = fs::read_to_string(&path).unwrap_or_default();
                if holder.is_empty() {
                    holder.push_str("a process that has just started");
                }
                let data = data.to_owned();
                return Err(Error::Busy { data, holder });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        let since = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
        let holder = format!("process {} since {since}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(Error::io("write", &path))?;
        Ok(Arc::new(Self { _file: file }))
    }
}

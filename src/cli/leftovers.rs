//! Temporary files and folders of long commands. The next command removes what a killed one left.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tempfile::{Builder, NamedTempFile, TempDir};

/// The name of the file that is locked while a temporary folder is in use.
const LOCK: &str = "in-use.lock";

/// A leftover is removed when it is as old. A younger one may belong to a command that has just
/// started and has not locked it yet.
const MIN_AGE: Duration = Duration::from_secs(60);

/// Creates a temporary file in a folder, and removes those that killed commands left there. `mode`
/// has the permissions of the file.
pub fn temporary_file(folder: &Path, prefix: &str, mode: u32) -> io::Result<NamedTempFile> {
    remove_leftovers(folder, prefix);
    let mut builder = Builder::new();
    builder
        .prefix(prefix)
        .permissions(Permissions::from_mode(mode));
    let file = builder.tempfile_in(folder)?;
    file.as_file().lock()?;
    Ok(file)
}

/// A temporary folder. It is removed when this value is dropped.
pub struct TemporaryFolder {
    _lock: File,
    folder: TempDir,
}

impl TemporaryFolder {
    /// Creates a temporary folder in another one, and removes those that killed commands left there.
    pub fn new(folder: &Path, prefix: &str) -> io::Result<Self> {
        remove_leftovers(folder, prefix);
        let folder = Builder::new().prefix(prefix).tempdir_in(folder)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self {
            _lock: lock,
            folder,
        })
    }

    /// Returns the path of a new folder within.
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }
}

/// Removes the files and folders with this prefix that no command uses. A failure does not matter.
fn remove_leftovers(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(prefix);
        let Some(metadata) = entry.metadata().ok().filter(|_| is_ours) else {
            continue;
        };
        let age = metadata
            .modified()
            .ok()
            .and_then(|time| time.elapsed().ok());
        if age.is_none_or(|age| age < MIN_AGE) {
            continue;
        }
        let path = entry.path();
        let lock = if metadata.is_dir() {
            path.join(LOCK)
        } else {
            path.clone()
        };
        let is_in_use = File::open(lock).is_ok_and(|lock| lock.try_lock().is_err());
        if is_in_use {
            continue;
        }
        let _stays_if_it_cannot_be_removed = if metadata.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    }
}

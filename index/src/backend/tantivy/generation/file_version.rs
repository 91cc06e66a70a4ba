//! Detects whether a file was replaced. It does not read the file's content.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Identifies one version of a file that is only ever replaced as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileVersion {
    inode: u64,
    size_bytes: u64,
    modified_seconds: i64,
    modified_nanoseconds: i64,
}

impl FileVersion {
    /// Returns the version of the file at `path`; `None` if there is no such file.
    pub fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            inode: file.ino(),
            size_bytes: file.len(),
            modified_seconds: file.mtime(),
            modified_nanoseconds: file.mtime_nsec(),
        })
    }
}

//! Copies a stream that can be read only once, such as standard input, to a temporary file. It does
//! not look at the content.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// A copy of a stream in an unnamed file. The file is deleted when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Spool {
    file: Arc<File>,
    size_bytes: u64,
}

impl Spool {
    /// Copies `stream` to a file in `directory`, or in the system's temporary folder if `directory`
    /// is not writable.
    pub fn copy(stream: &mut dyn Read, directory: &Path) -> io::Result<Self> {
        let mut file = tempfile::tempfile_in(directory).or_else(|_| tempfile::tempfile())?;
        let size_bytes = io::copy(stream, &mut file)?;
        file.rewind()?;
        Ok(Self {
            file: Arc::new(file),
            size_bytes,
        })
    }

    /// Returns the length of the stream in bytes.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

//! A file of a segment, as Tantivy wrote it: a file of its own, or a part of a compound file. What
//! is read of it is verified, or can be verified as a whole.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::footer;
use super::paged_file::{FileVersion, PagedFile};

/// The number of bytes that are verified or read at a time when a whole file is.
const CHUNK_BYTES: usize = 1 << 20;

/// An open file of a segment. It stays readable after it was removed.
#[derive(Debug, Clone)]
pub struct VerifiedFile {
    file: Arc<PagedFile>,
    /// The bytes of this file in `file`.
    range: Range<usize>,
}

impl VerifiedFile {
    /// Returns the part of `file` at `range`.
    pub fn part(file: Arc<PagedFile>, range: Range<usize>) -> Self {
        Self { file, range }
    }

    /// Returns the whole of `file`.
    pub fn whole(file: Arc<PagedFile>) -> Self {
        let range = 0..file.len();
        Self { file, range }
    }

    /// Returns the path of the file that holds this one.
    #[cfg(test)]
    pub fn path(&self) -> &std::path::Path {
        &self.file.path
    }

    /// Returns the version of the file that holds this one.
    pub fn version(&self) -> FileVersion {
        self.file.version
    }

    /// Returns whether the file has page checksums. Files of earlier versions have none.
    pub fn has_page_checksums(&self) -> bool {
        self.file.has_page_checksums()
    }

    /// Verifies the whole file. Calls `advanced` with the number of bytes that were verified since
    /// the last call.
    pub fn verify(&self, mut advanced: impl FnMut(u64)) -> io::Result<()> {
        let mut each = |chunk: &[u8]| advanced(chunk.len() as u64);
        if self.has_page_checksums() {
            return self.chunks(self.len(), each);
        }
        let footer = footer::read(self.len(), |range| self.read_bytes(range))?;
        let footer = footer.ok_or_else(|| self.file.damage("its footer is damaged"))?;
        let mut hasher = crc32fast::Hasher::new();
        self.chunks(footer.body_bytes, |chunk| {
            hasher.update(chunk);
            each(chunk);
        })?;
        if hasher.finalize() == footer.checksum {
            return Ok(());
        }
        Err(self.file.damage("its checksum is wrong").into())
    }

    /// Returns a reader of the file without its page checksums. Reading a damaged page fails.
    pub fn reader(&self) -> impl Read {
        BodyReader {
            file: self.clone(),
            position: 0,
            chunk: OwnedBytes::empty(),
        }
    }

    /// Calls `each` for the first `size_bytes` bytes, chunk by chunk.
    fn chunks(&self, size_bytes: usize, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        for start in (0..size_bytes).step_by(CHUNK_BYTES) {
            each(&self.read_bytes(start..size_bytes.min(start + CHUNK_BYTES))?);
        }
        Ok(())
    }
}

impl HasLen for VerifiedFile {
    fn len(&self) -> usize {
        self.range.len()
    }
}

impl FileHandle for VerifiedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.len() {
            let what = "its content names bytes beyond its end";
            return Err(self.file.damage(what).into());
        }
        let start = self.range.start;
        self.file.read_bytes(start + range.start..start + range.end)
    }
}

struct BodyReader {
    file: VerifiedFile,
    position: usize,
    chunk: OwnedBytes,
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() {
            let end = self.file.len().min(self.position + CHUNK_BYTES);
            self.chunk = self.file.read_bytes(self.position..end)?;
            self.position = end;
        }
        self.chunk.read(buffer)
    }
}

//! An open file with page checksums. The pages of a file in memory are verified at their first
//! read, those of another file at each read.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::pages::{PAGE_BYTES, PageTable, Protection};
use crate::damage::Damage;

/// Identifies what a file held at one time: its inode, its size, and when it was last modified, in
/// seconds and nanoseconds.
pub type FileVersion = (u64, u64, i64, i64);

/// Returns the version of the file at `path`.
pub fn version_of(path: &Path) -> io::Result<FileVersion> {
    let file = fs::metadata(path)?;
    Ok((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
}

/// Where the bytes of a file come from.
#[derive(Debug)]
pub enum Content {
    /// They are mapped into memory, or were read into memory.
    Memory(OwnedBytes),
    /// They are read piece by piece. The file stays readable after it was removed.
    Read {
        /// The open file.
        file: File,
        /// Its size when it was opened.
        size_bytes: usize,
    },
}

impl Content {
    /// Opens a file that is read piece by piece.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size_bytes = file.metadata()?.len() as usize;
        Ok(Self::Read { file, size_bytes })
    }

    fn size_bytes(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Read { size_bytes, .. } => *size_bytes,
        }
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match self {
            Self::Memory(bytes) => Ok(bytes.slice(range)),
            Self::Read { file, .. } => {
                let mut bytes = vec![0; range.len()];
                file.read_exact_at(&mut bytes, range.start as u64)?;
                Ok(OwnedBytes::new(bytes))
            }
        }
    }
}

/// An open file.
#[derive(Debug)]
pub struct PagedFile {
    /// Where it was opened.
    pub path: PathBuf,
    /// Its version when it was opened.
    pub version: FileVersion,
    content: Content,
    protection: Protection,
    /// One bit for each page of a file in memory: whether its checksum was found to be right.
    verified: Box<[AtomicU64]>,
}

impl PagedFile {
    /// Opens the file at `path`. Fails when its end is damaged.
    pub fn new(path: &Path, version: FileVersion, content: Content) -> io::Result<Self> {
        let protection = Protection::of(content.size_bytes(), |range| content.read(range))?;
        let protection = protection.map_err(|what| Damage::new(path, what))?;
        let pages = match (&content, &protection) {
            (Content::Memory(_), Protection::Pages(table)) => table.count(),
            (Content::Read { .. }, _) | (_, Protection::Footer) => 0,
        };
        let words = pages.div_ceil(u64::BITS as usize);
        Ok(Self {
            path: path.to_owned(),
            version,
            content,
            protection,
            verified: (0..words).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    /// Returns whether the file has page checksums. Files of earlier versions have none.
    pub fn has_page_checksums(&self) -> bool {
        matches!(self.protection, Protection::Pages(_))
    }

    /// Describes damage to this file.
    pub fn damage(&self, what: impl Into<String>) -> Damage {
        Damage::new(&self.path, what)
    }

    /// Verifies the pages of a file in memory that hold `range`, unless they were verified before.
    fn verify_in_memory(&self, table: &PageTable, range: &Range<usize>) -> io::Result<()> {
        let mut page = range.start / PAGE_BYTES;
        let end = range.end.div_ceil(PAGE_BYTES);
        while page < end {
            let verified = &self.verified[page / u64::BITS as usize];
            let bit = page % u64::BITS as usize;
            // The number of pages from here on that this word knows to be right.
            let known = (verified.load(Ordering::Relaxed) >> bit).trailing_ones() as usize;
            if known > 0 {
                page += known;
                continue;
            }
            let bytes = self.content.read(table.range(page))?;
            self.check(table, page, &bytes)?;
            verified.fetch_or(1 << bit, Ordering::Relaxed);
            page += 1;
        }
        Ok(())
    }

    /// Reads and verifies the pages that hold `range`, and returns the bytes of `range`.
    fn read_pages(&self, table: &PageTable, range: Range<usize>) -> io::Result<OwnedBytes> {
        let first = range.start / PAGE_BYTES;
        let start = first * PAGE_BYTES;
        let end = range.end.next_multiple_of(PAGE_BYTES).min(table.body_bytes);
        let bytes = self.content.read(start..end)?;
        for (page, bytes) in (first..).zip(bytes.chunks(PAGE_BYTES)) {
            self.check(table, page, bytes)?;
        }
        Ok(bytes.slice(range.start - start..range.end - start))
    }

    fn check(&self, table: &PageTable, page: usize, bytes: &[u8]) -> io::Result<()> {
        if table.matches(page, bytes) {
            return Ok(());
        }
        let (page, count) = (page + 1, table.count());
        let what = format!("page {page} of {count} does not match its checksum");
        Err(self.damage(what).into())
    }
}

impl HasLen for PagedFile {
    fn len(&self) -> usize {
        match &self.protection {
            Protection::Pages(table) => table.body_bytes,
            Protection::Footer => self.content.size_bytes(),
        }
    }
}

impl FileHandle for PagedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.len() {
            return Err(self.damage("its content names bytes beyond its end").into());
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        match (&self.content, &self.protection) {
            (Content::Memory(bytes), Protection::Pages(table)) => {
                self.verify_in_memory(table, &range)?;
                Ok(bytes.slice(range))
            }
            (Content::Read { .. }, Protection::Pages(table)) => self.read_pages(table, range),
            (content, Protection::Footer) => content.read(range),
        }
    }
}

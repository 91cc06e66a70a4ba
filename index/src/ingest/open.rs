//! Opens files and counts the bytes read from them. It does not look at the content.

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{File, FileLocation};

/// An open file that counts the bytes read from it.
pub struct Opened<'a> {
    inner: Box<dyn Bytes>,
    bytes_read: &'a AtomicU64,
    /// The number of the file's bytes that are not counted yet. A byte that is read twice is
    /// counted once.
    uncounted: u64,
}

/// The bytes of a file, on disk or in memory.
trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

/// Opens `file`. The bytes read from it are added to `bytes_read`.
pub fn open<'a>(file: &File, bytes_read: &'a AtomicU64) -> io::Result<Opened<'a>> {
    let inner: Box<dyn Bytes> = match &file.location {
        // A file under `/proc` has no size. Reading it may block, or may not end.
        FileLocation::Disk(_) if file.size_bytes == 0 => Box::new(Cursor::new(&[])),
        FileLocation::Disk(path) => Box::new(fs::File::open(path)?),
        FileLocation::Memory(bytes) => Box::new(Cursor::new(*bytes)),
        FileLocation::Spool(spool) => {
            let mut copy = spool.file().try_clone()?;
            copy.rewind()?;
            Box::new(copy)
        }
    };
    Ok(Opened {
        inner,
        bytes_read,
        uncounted: file.size_bytes,
    })
}

impl Read for Opened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let counted = self.uncounted.min(count as u64);
        self.uncounted -= counted;
        self.bytes_read.fetch_add(counted, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Opened<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

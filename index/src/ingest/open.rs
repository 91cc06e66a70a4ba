//! Opens files and counts the bytes read from them. It does not look at the content.

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

use super::walk::{File, FileLocation};

/// An open file that counts the bytes read from it.
pub struct Opened<'a> {
    inner: Inner,
    bytes_read: &'a AtomicU64,
    /// The number of the file's bytes that are not counted yet. A byte that is read twice is
    /// counted once.
    uncounted: u64,
}

enum Inner {
    File(fs::File),
    Memory(Cursor<&'static [u8]>),
}

/// Opens `file`. The bytes read from it are added to `bytes_read`.
pub fn open<'a>(file: &File, bytes_read: &'a AtomicU64) -> io::Result<Opened<'a>> {
    let inner = match &file.location {
        FileLocation::Disk(path) => Inner::File(fs::File::open(path)?),
        FileLocation::Memory(bytes) => Inner::Memory(Cursor::new(*bytes)),
        FileLocation::Spool(spool) => {
            let mut copy = spool.file().try_clone()?;
            copy.rewind()?;
            Inner::File(copy)
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
        let count = match &mut self.inner {
            Inner::File(file) => file.read(buffer)?,
            Inner::Memory(bytes) => bytes.read(buffer)?,
        };
        let counted = self.uncounted.min(count as u64);
        self.uncounted -= counted;
        self.bytes_read.fetch_add(counted, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Opened<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.inner {
            Inner::File(file) => file.seek(to),
            Inner::Memory(bytes) => bytes.seek(to),
        }
    }
}

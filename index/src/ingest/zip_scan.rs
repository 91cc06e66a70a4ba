//! A damaged zip archive → its files, without its directory: the header before each file says what
//! follows.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use rustc_hash::FxHashSet;
use zip::read::read_zipfile_from_stream;

use super::archive::{member_name, zip_failure};
use super::{Entry, ExpansionLimit, SmallReads, Unpack};

/// The first bytes of the header of a file.
const SIGNATURE: &[u8] = b"PK\x03\x04";
const CHUNK_BYTES: u64 = 64 << 10;
/// The bytes of damaged files are searched again as long as they are at most this many times the
/// archive. More would take quadratic time.
const MAX_REREADS: u64 = 16;

impl Unpack<'_> {
    /// Reads the files of an archive, except those with the names in `known`.
    pub fn zip_scan(
        &mut self,
        entry: &Entry<'_>,
        mut bytes: impl BufRead + Seek,
        known: &FxHashSet<String>,
    ) -> ControlFlow<()> {
        let mut start = 0;
        let mut reread_bytes = 0;
        loop {
            match seek_signature(&mut bytes, start) {
                Ok(Some(found)) => start = found,
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => return self.reject(entry, zip_failure(&error.into())),
            }
            let is_whole = self.zip_file_here(entry, &mut bytes, known)?;
            let end = bytes.stream_position().unwrap_or(start);
            if is_whole {
                start = end;
                continue;
            }
            start += SIGNATURE.len() as u64;
            reread_bytes += end.saturating_sub(start);
            if reread_bytes > MAX_REREADS * end {
                return self.reject(entry, "cut off or damaged: too much of the archive");
            }
        }
    }

    /// Reads the file whose header is next. Returns whether it was read to its end.
    fn zip_file_here(
        &mut self,
        entry: &Entry<'_>,
        bytes: &mut impl BufRead,
        known: &FxHashSet<String>,
    ) -> ControlFlow<(), bool> {
        let file = match read_zipfile_from_stream(bytes) {
            Ok(Some(file)) => file,
            Ok(None) => return ControlFlow::Continue(false),
            Err(error) => {
                self.reject(entry, zip_failure(&error))?;
                return ControlFlow::Continue(false);
            }
        };
        let name = member_name(file.name_raw(), file.name()).unwrap_or_else(|| "?".to_owned());
        if known.contains(&name) || !file.is_file() || self.is_left_out(entry, &name)? {
            return ControlFlow::Continue(false);
        }
        let taken_bytes = Cell::new(file.compressed_size());
        let is_whole = Cell::new(false);
        let watched = Watched {
            inner: file,
            is_whole: &is_whole,
        };
        let content = ExpansionLimit::new(SmallReads::new(watched), &taken_bytes);
        self.stream(&entry.member(&name), &mut BufReader::new(content))?;
        ControlFlow::Continue(is_whole.get())
    }
}

/// A reader that notes when it has been read to its end without an error.
struct Watched<'a, R> {
    inner: R,
    is_whole: &'a Cell<bool>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.is_whole.set(count == 0 && !buffer.is_empty());
        Ok(count)
    }
}

/// Goes to the next signature at or after `start`. Returns its offset; `None` at the end.
fn seek_signature(bytes: &mut (impl Read + Seek), start: u64) -> io::Result<Option<u64>> {
    let mut offset = bytes.seek(SeekFrom::Start(start))?;
    let mut window = Vec::new();
    loop {
        let kept = window.len();
        bytes.by_ref().take(CHUNK_BYTES).read_to_end(&mut window)?;
        if window.len() == kept {
            return Ok(None);
        }
        if let Some(index) = memchr::memmem::find(&window, SIGNATURE) {
            return bytes.seek(SeekFrom::Start(offset + index as u64)).map(Some);
        }
        // A signature may lie across two chunks.
        let passed = window.len().saturating_sub(SIGNATURE.len() - 1);
        window.drain(..passed);
        offset += passed as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_signature_is_found_across_chunks() {
        for before in [0, 5, CHUNK_BYTES - 2, CHUNK_BYTES, 3 * CHUNK_BYTES - 1] {
            let mut bytes = vec![b'P'; before as usize];
            bytes.extend(SIGNATURE);
            bytes.extend(b"PK\x03");
            let mut bytes = Cursor::new(bytes);
            assert_eq!(seek_signature(&mut bytes, 0).unwrap(), Some(before));
            assert_eq!(bytes.position(), before);
            assert_eq!(seek_signature(&mut bytes, before + 1).unwrap(), None);
        }
    }
}

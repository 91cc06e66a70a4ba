//! A damaged zip archive → its files, without its directory: the header before each file says what
//! follows.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use crc32fast::Hasher;
use flate2::bufread::DeflateDecoder;
use rustc_hash::FxHashSet;
use zip::read::read_zipfile_from_stream;

use super::archive::{member_name, zip_failure};
use super::{Entry, ExpansionLimit, MeteredReader, SmallReads, Unpack};

/// The first bytes of the header of a file.
const SIGNATURE: &[u8] = b"PK\x03\x04";
const CHUNK_BYTES: u64 = 64 << 10;
/// The bytes of damaged files are searched again as long as they are at most this many times the
/// archive. More would take quadratic time.
const MAX_REREADS: u64 = 16;

/// The size of the header before a file, without its name and extra fields.
const HEADER_BYTES: usize = 30;
/// The greatest size of what follows a file: its checksum and its two sizes.
const DESCRIPTOR_BYTES: usize = 24;
/// The flag of a header without checksum and sizes. They follow the file.
const IS_STREAMED: u16 = 8;
const IS_ENCRYPTED: u16 = 1;
const DEFLATE: u16 = 8;

/// The files that the directory of an archive names.
#[derive(Default)]
pub struct ListedFiles {
    pub names: FxHashSet<String>,
    pub places: Vec<FilePlace>,
}

/// The place of a file in an archive.
pub struct FilePlace {
    /// The offset of the header before the file.
    pub start: u64,
    pub compressed_bytes: u64,
}

impl ListedFiles {
    /// Returns whether no other file stands at the beginning of the archive or after one of these.
    pub fn are_all(&self, bytes: &mut (impl Read + Seek)) -> io::Result<bool> {
        let starts: FxHashSet<u64> = self.places.iter().map(|place| place.start).collect();
        let mut ends = vec![0];
        for place in &self.places {
            bytes.seek(SeekFrom::Start(place.start))?;
            if let Some(header) = LocalHeader::read(bytes)? {
                ends.push(place.start + header.length_bytes + place.compressed_bytes);
            }
        }
        let mut next = Vec::new();
        for end in ends {
            bytes.seek(SeekFrom::Start(end))?;
            next.clear();
            let length = DESCRIPTOR_BYTES + SIGNATURE.len();
            bytes.by_ref().take(length as u64).read_to_end(&mut next)?;
            let found = memchr::memmem::find(&next, SIGNATURE);
            if found.is_some_and(|at| !starts.contains(&(end + at as u64))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The header before a file.
struct LocalHeader {
    flags: u16,
    method: u16,
    compressed_bytes: u32,
    name_bytes: u16,
    /// The size of the header with the name and the extra fields.
    length_bytes: u64,
}

impl LocalHeader {
    /// Reads a header up to the name. Returns `None` if there is none.
    fn read(bytes: &mut impl Read) -> io::Result<Option<Self>> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        bytes
            .by_ref()
            .take(HEADER_BYTES as u64)
            .read_to_end(&mut header)?;
        if header.len() < HEADER_BYTES || !header.starts_with(SIGNATURE) {
            return Ok(None);
        }
        let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (name_bytes, extra_bytes) = (number(26), number(28));
        Ok(Some(Self {
            flags: number(6),
            method: number(8),
            compressed_bytes: u32::from(number(18)) | u32::from(number(20)) << 16,
            name_bytes,
            length_bytes: HEADER_BYTES as u64 + u64::from(name_bytes) + u64::from(extra_bytes),
        }))
    }

    /// Returns whether only the compressed data says where the file ends.
    const fn has_no_size(&self) -> bool {
        self.flags & (IS_STREAMED | IS_ENCRYPTED) == IS_STREAMED
            && self.method == DEFLATE
            && self.compressed_bytes == 0
    }
}

/// A file whose checksum follows it.
struct StreamedFile<R> {
    /// `None` after the end of the file.
    data: Option<DeflateDecoder<R>>,
    hasher: Hasher,
}

impl<R: BufRead> Read for StreamedFile<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(data) = &mut self.data else {
            return Ok(0);
        };
        let count = data.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() {
            let mut descriptor = [0; 8];
            data.get_mut().read_exact(&mut descriptor)?;
            self.data = None;
            // A signature may stand before the checksum.
            let checksum = match descriptor.split_first_chunk() {
                Some((b"PK\x07\x08", rest)) => rest,
                _ => &descriptor[..4],
            };
            if self.hasher.clone().finalize().to_le_bytes() != checksum {
                return Err(io::Error::other("invalid checksum"));
            }
        }
        Ok(count)
    }
}

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
        bytes: &mut (impl BufRead + Seek),
        known: &FxHashSet<String>,
    ) -> ControlFlow<(), bool> {
        let start = bytes.stream_position().unwrap_or_default();
        if let Ok(Some(header)) = LocalHeader::read(bytes)
            && header.has_no_size()
        {
            return self.streamed_file(entry, bytes, &header, known);
        }
        if let Err(error) = bytes.seek(SeekFrom::Start(start)) {
            self.reject(entry, zip_failure(&error.into()))?;
            return ControlFlow::Continue(false);
        }
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
        self.watched_file(&entry.member(&name), file, &taken_bytes)
    }

    /// Reads a file whose size is unknown. Its name is next. Returns whether it was read to its end.
    fn streamed_file(
        &mut self,
        entry: &Entry<'_>,
        bytes: &mut impl BufRead,
        header: &LocalHeader,
        known: &FxHashSet<String>,
    ) -> ControlFlow<(), bool> {
        let mut name = vec![0; usize::from(header.name_bytes)];
        let extra_bytes = header.length_bytes - (HEADER_BYTES + name.len()) as u64;
        let read = bytes.read_exact(&mut name);
        let read = read.and_then(|()| io::copy(&mut bytes.take(extra_bytes), &mut io::sink()));
        let name = String::from_utf8_lossy(&name).into_owned();
        if read.is_err() || known.contains(&name) || self.is_left_out(entry, &name)? {
            return ControlFlow::Continue(false);
        }
        let taken_bytes = Cell::new(0);
        let metered = MeteredReader {
            inner: bytes,
            taken_bytes: &taken_bytes,
        };
        let file = StreamedFile {
            data: Some(DeflateDecoder::new(metered)),
            hasher: Hasher::new(),
        };
        self.watched_file(&entry.member(&name), file, &taken_bytes)
    }

    fn watched_file(
        &mut self,
        member: &Entry<'_>,
        file: impl Read,
        taken_bytes: &Cell<u64>,
    ) -> ControlFlow<(), bool> {
        let is_whole = Cell::new(false);
        let watched = Watched {
            inner: file,
            is_whole: &is_whole,
        };
        let content = ExpansionLimit::new(SmallReads::new(watched), taken_bytes);
        self.stream(member, &mut BufReader::new(content))?;
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

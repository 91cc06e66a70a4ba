//! Gzip → its content. A gzip file can hold several members, each compressed by itself; WARC files
//! have one for each record. After a damaged member, reading continues with the next one.

use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

use super::Pushback;

/// The maximum number of bytes of a member that are kept in memory, to search them for the next
/// member. After damage in a longer member, the search begins at the damage.
const MAX_KEPT_BYTES: usize = 8 << 20;
const HEADER_BYTES: usize = 10;

/// Decompresses the members of a gzip stream.
///
/// After damage, reading fails once with [`LostMember`] and then continues with the next member, if
/// there is one. The content before the damage has been read by then.
pub struct GzipMembers<R> {
    /// `None` at the end of the stream.
    decoder: Option<GzDecoder<Recorder<R>>>,
    /// The number of decompressed bytes.
    given_bytes: u64,
    /// The number of decompressed bytes before the present member.
    member_start: u64,
}

/// The error for a damaged member. Reading continues after it.
#[derive(Debug)]
pub struct LostMember {
    /// The offset in the decompressed stream at which the member begins.
    pub start: u64,
    cause: io::Error,
}

impl LostMember {
    /// Returns the kind of the damage: `UnexpectedEof` if the stream ends within the member.
    pub fn kind(&self) -> ErrorKind {
        self.cause.kind()
    }

    /// Returns the lost member if the error is one.
    pub fn in_error(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for LostMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for LostMember {}

impl<R: BufRead> GzipMembers<R> {
    /// Creates the reader.
    pub fn new(raw: R) -> Self {
        Self {
            decoder: Some(GzDecoder::new(Recorder::new(raw))),
            given_bytes: 0,
            member_start: 0,
        }
    }

    /// Goes on with the next member, if there is one.
    fn begin_member(&mut self) -> io::Result<()> {
        let Some(decoder) = self.decoder.take() else {
            return Ok(());
        };
        let mut raw = decoder.into_inner();
        raw.forget();
        self.member_start = self.given_bytes;
        if !raw.fill_buf()?.is_empty() {
            self.decoder = Some(GzDecoder::new(raw));
        }
        Ok(())
    }

    /// Searches the next member after damage. Returns the [`LostMember`]; `None` if only zeros follow
    /// the last member.
    fn recover(&mut self, cause: io::Error) -> io::Result<Option<io::Error>> {
        let Some(decoder) = self.decoder.take() else {
            return Ok(Some(cause));
        };
        let mut raw = decoder.into_inner();
        let start = self.member_start;
        let is_padding = self.given_bytes == start && start > 0 && raw.is_zeros_to_end()?;
        if is_padding {
            return Ok(None);
        }
        if raw.seek_member()? {
            self.decoder = Some(GzDecoder::new(raw));
            self.member_start = self.given_bytes;
        }
        let lost = LostMember { start, cause };
        Ok(Some(io::Error::new(ErrorKind::InvalidData, lost)))
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            match decoder.read(buffer) {
                Ok(0) if buffer.is_empty() => return Ok(0),
                Ok(0) => self.begin_member()?,
                Ok(count) => {
                    self.given_bytes += count as u64;
                    return Ok(count);
                }
                Err(error) if is_damage(&error) => {
                    if let Some(error) = self.recover(error)? {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(0)
    }
}

/// Returns whether the bytes are damaged, and reading them did not fail.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
    )
}

/// A reader that keeps the bytes of a member, so that they can be read again.
struct Recorder<R> {
    raw: Pushback<R>,
    kept: Vec<u8>,
    /// True if the member is too long to be kept.
    is_too_long: bool,
}

impl<R: BufRead> Recorder<R> {
    const fn new(raw: R) -> Self {
        Self {
            raw: Pushback::new(raw),
            kept: Vec::new(),
            is_too_long: false,
        }
    }

    fn forget(&mut self) {
        self.kept.clear();
        self.is_too_long = false;
    }

    /// Returns whether the member and all that follows it are zeros. Keeps the member's bytes
    /// otherwise.
    fn is_zeros_to_end(&mut self) -> io::Result<bool> {
        loop {
            let bytes = self.fill_buf()?;
            let (count, zeros) = (bytes.len(), bytes.iter().all(|byte| *byte == 0));
            if !zeros || self.kept.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            if count == 0 {
                return Ok(true);
            }
            self.consume(count);
        }
    }

    /// Returns to the second byte of the member and skips to the beginning of the next one. Returns
    /// false if there is none.
    fn seek_member(&mut self) -> io::Result<bool> {
        let kept = std::mem::take(&mut self.kept);
        self.raw.push_back(kept.get(1..).unwrap_or_default());
        self.forget();
        loop {
            let bytes = self.raw.fill_buf()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let first = memchr::memchr(0x1F, bytes);
            let skipped = first.unwrap_or(bytes.len());
            self.raw.consume(skipped);
            if first.is_some() {
                let mut header = Vec::with_capacity(HEADER_BYTES);
                let mut beginning = (&mut self.raw).take(HEADER_BYTES as u64);
                beginning.read_to_end(&mut header)?;
                if is_header(&header) {
                    self.raw.push_back(&header);
                    return Ok(true);
                }
                self.raw.push_back(&header[1..]);
            }
        }
    }
}

/// Returns whether the bytes are the header of a member, as programs write it. In compressed data,
/// such bytes are as good as impossible.
fn is_header(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1F, 0x8B, 8, flags, _, _, _, _, extra, system]
        if *flags < 0x20 && matches!(extra, 0 | 2 | 4) && (*system < 14 || *system == 0xFF))
}

impl<R: BufRead> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Recorder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.raw.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if self.kept.len() + count > MAX_KEPT_BYTES {
            self.kept = Vec::new();
            self.is_too_long = true;
        }
        if !self.is_too_long {
            // The bytes are still in the buffer, so this does not read.
            if let Ok(bytes) = self.raw.fill_buf() {
                self.kept.extend_from_slice(&bytes[..count]);
            }
        }
        self.raw.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn member(content: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// Reads a stream to its end. Each error is shown in brackets.
    fn content(raw: &[u8]) -> String {
        let mut members = GzipMembers::new(raw);
        let mut content = String::new();
        loop {
            let mut part = [0; 7];
            match members.read(&mut part) {
                Ok(0) => return content,
                Ok(count) => content.push_str(&String::from_utf8_lossy(&part[..count])),
                Err(error) => {
                    let lost = LostMember::in_error(&error).unwrap();
                    content.push_str(&format!("[lost from {}]", lost.start));
                }
            }
        }
    }

    #[test]
    fn a_damaged_member_costs_only_itself() {
        let members = ["first ", "second ", "third"].map(member);
        let at = members[0].len();
        assert_eq!(content(&members.concat()), "first second third");
        let damaged = |offset: usize| {
            let mut bytes = members.concat();
            bytes[at + offset] ^= 0xFF;
            content(&bytes)
        };
        // The header, and the checksum at the end.
        assert_eq!(damaged(0), "first [lost from 6]third");
        assert_eq!(
            damaged(members[1].len() - 6),
            "first second [lost from 6]third"
        );
        for offset in 10..members[1].len() {
            let seen = damaged(offset);
            assert!(
                seen.starts_with("first ") && seen.ends_with("]third"),
                "{seen}"
            );
        }
        let end = members.concat().len() - 3;
        let cut = &members.concat()[..end];
        assert_eq!(content(cut), "first second third[lost from 13]");
    }

    #[test]
    fn zeros_after_the_last_member_are_no_damage() {
        assert_eq!(content(&[member("a"), vec![0; 600]].concat()), "a");
        let other = [member("a"), b"rest of a disk".to_vec()].concat();
        assert_eq!(content(&other), "a[lost from 1]");
    }
}

//! Page checksums: a file of a segment is a body and a tail. The body is what Tantivy wrote. The
//! tail has a checksum for each page of the body, and a trailer.
//!
//! | part | bytes |
//! |---|---|
//! | body | any number |
//! | CRC-32 of each page of the body, in order | 4 for each page |
//! | length of the body | 8 |
//! | CRC-32 of the page checksums and the length | 4 |
//! | [`MAGIC`] | 8 |
//!
//! All numbers are little-endian. This module computes and parses; it reads no file.

use std::io;
use std::ops::Range;

use crc32fast::Hasher;
use tantivy::directory::OwnedBytes;

/// The size of a page. The last page of a body may be shorter.
pub const PAGE_BYTES: usize = 4096;

const SUM_BYTES: usize = 4;
const TRAILER_BYTES: usize = 20;
/// The last bytes of a file with page checksums.
const MAGIC: [u8; 8] = *b"fhpages1";
/// The last bytes of a file as Tantivy writes it: the end of Tantivy's footer.
const FOOTER_MAGIC: [u8; 4] = 1337_u32.to_le_bytes();

/// Computes the page checksums of a file that is written from its start to its end.
#[derive(Default)]
pub struct PageSums {
    page: Hasher,
    bytes_in_page: usize,
    body_bytes: u64,
    sums: Vec<u8>,
}

impl PageSums {
    /// Adds the next bytes of the body.
    pub fn add(&mut self, mut bytes: &[u8]) {
        self.body_bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = PAGE_BYTES - self.bytes_in_page;
            let (here, rest) = bytes.split_at(bytes.len().min(room));
            self.page.update(here);
            self.bytes_in_page += here.len();
            if self.bytes_in_page == PAGE_BYTES {
                self.end_page();
            }
            bytes = rest;
        }
    }

    /// Returns the tail of the file.
    pub fn into_tail(mut self) -> Vec<u8> {
        if self.bytes_in_page > 0 {
            self.end_page();
        }
        let mut tail = self.sums;
        tail.extend(self.body_bytes.to_le_bytes());
        tail.extend(crc32fast::hash(&tail).to_le_bytes());
        tail.extend(MAGIC);
        tail
    }

    fn end_page(&mut self) {
        let page = std::mem::take(&mut self.page);
        self.sums.extend(page.finalize().to_le_bytes());
        self.bytes_in_page = 0;
    }
}

/// How the bytes of a file can be verified.
#[derive(Debug)]
pub enum Protection {
    /// By page checksums.
    Pages(PageTable),
    /// Only as a whole, by the checksum in Tantivy's footer. An earlier version of this program
    /// wrote the file.
    Footer,
}

/// The page checksums of a file.
#[derive(Debug)]
pub struct PageTable {
    /// The length of the body.
    pub body_bytes: usize,
    tail: OwnedBytes,
}

impl Protection {
    /// Reads the end of a file of `file_bytes` bytes. The inner error says what is damaged.
    pub fn of(
        file_bytes: usize,
        read: impl Fn(Range<usize>) -> io::Result<OwnedBytes>,
    ) -> io::Result<Result<Self, &'static str>> {
        let trailer = read(file_bytes.saturating_sub(TRAILER_BYTES)..file_bytes)?;
        if !trailer.ends_with(&MAGIC) {
            return Ok(if trailer.ends_with(&FOOTER_MAGIC) {
                Ok(Self::Footer)
            } else {
                Err("its end is missing or damaged")
            });
        }
        let body_bytes = usize::try_from(number(&trailer, 0)).unwrap_or(usize::MAX);
        let sums_bytes = body_bytes.div_ceil(PAGE_BYTES).saturating_mul(SUM_BYTES);
        let tail_bytes = sums_bytes.saturating_add(TRAILER_BYTES);
        if body_bytes.checked_add(tail_bytes) != Some(file_bytes) {
            return Ok(Err("its length is not the one that its trailer names"));
        }
        let tail = read(body_bytes..file_bytes)?;
        let (covered, rest) = tail.split_at(tail.len() - SUM_BYTES - MAGIC.len());
        if !rest.starts_with(&crc32fast::hash(covered).to_le_bytes()) {
            return Ok(Err("its page checksums are damaged"));
        }
        Ok(Ok(Self::Pages(PageTable { body_bytes, tail })))
    }
}

impl PageTable {
    /// Returns the number of pages.
    pub fn count(&self) -> usize {
        self.body_bytes.div_ceil(PAGE_BYTES)
    }

    /// Returns the bytes of a page within the body.
    pub fn range(&self, page: usize) -> Range<usize> {
        let start = page * PAGE_BYTES;
        start..self.body_bytes.min(start + PAGE_BYTES)
    }

    /// Returns whether these are the bytes of a page.
    pub fn matches(&self, page: usize, bytes: &[u8]) -> bool {
        let start = page * SUM_BYTES;
        let sum = self.tail.get(start..start + SUM_BYTES);
        sum == Some(&crc32fast::hash(bytes).to_le_bytes())
    }
}

/// Returns the eight bytes at `start` as a number; 0 if there are fewer.
fn number(bytes: &[u8], start: usize) -> u64 {
    let bytes = bytes.get(start..start + 8);
    let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
    u64::from_le_bytes(bytes.unwrap_or_default())
}

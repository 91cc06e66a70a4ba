//! Limits on streams: how far a stream may expand in decompression, and how long one record may be.
//! It decodes nothing.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

/// A decompressed stream may always grow to this size.
const FREE_BYTES: u64 = 64 << 20;
/// Beyond [`FREE_BYTES`], a stream may grow to this many times its compressed size. JSON files of
/// news compress by a factor of 5 to 15.
const MAX_GROWTH: u64 = 250;

/// A step of [`SmallReads`].
const STEP_BYTES: usize = 256;

/// A reader that counts the bytes read from its stream.
pub struct MeteredReader<'a> {
    pub inner: &'a mut dyn BufRead,
    pub taken_bytes: &'a Cell<u64>,
}

impl Read for MeteredReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.taken_bytes.set(self.taken_bytes.get() + count as u64);
        Ok(count)
    }
}

impl BufRead for MeteredReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.taken_bytes.set(self.taken_bytes.get() + count as u64);
        self.inner.consume(count);
    }
}

/// A reader that fills a buffer in small steps. When a decoder fails, it does not say how much of the
/// buffer it has filled; so the content before the damage is lost from the last step only.
pub struct SmallReads<R> {
    inner: R,
    error: Option<io::Error>,
}

impl<R: Read> SmallReads<R> {
    /// Creates the reader.
    pub const fn new(inner: R) -> Self {
        Self { inner, error: None }
    }
}

impl<R: Read> Read for SmallReads<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let mut filled = 0;
        while filled < buffer.len() {
            let end = buffer.len().min(filled + STEP_BYTES);
            match self.inner.read(&mut buffer[filled..end]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if filled == 0 => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        Ok(filled)
    }
}

/// A reader that fails when its stream has expanded too far. It stops decompression bombs.
pub struct ExpansionLimit<'a, R> {
    inner: R,
    taken_bytes: &'a Cell<u64>,
    given_bytes: u64,
}

impl<'a, R: Read> ExpansionLimit<'a, R> {
    /// Creates the reader. `taken_bytes` is the number of compressed bytes read so far.
    pub const fn new(inner: R, taken_bytes: &'a Cell<u64>) -> Self {
        Self {
            inner,
            taken_bytes,
            given_bytes: 0,
        }
    }
}

impl<R: Read> Read for ExpansionLimit<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.given_bytes += count as u64;
        if self.given_bytes > FREE_BYTES && self.given_bytes / MAX_GROWTH > self.taken_bytes.get() {
            return Err(io::Error::other(format!(
                "it expands to more than {MAX_GROWTH} times its size"
            )));
        }
        Ok(count)
    }
}

/// A reader that fails when one record exceeds a limit. Without it, a parser would buffer the whole
/// file while looking for the record's end.
pub struct RecordLimit<'a, R> {
    inner: R,
    left_bytes: &'a Cell<u64>,
}

impl<'a, R: BufRead> RecordLimit<'a, R> {
    /// Creates the reader. `left_bytes` is the number of bytes that the record may still take. The
    /// caller resets it for every record.
    pub const fn new(inner: R, left_bytes: &'a Cell<u64>) -> Self {
        Self { inner, left_bytes }
    }
}

/// The message of the error when a record exceeds its [`RecordLimit`].
const RECORD_TOO_LONG: &str =
    "something in it does not end within 64 MiB, perhaps a missing quote or tag";

impl<R: BufRead> Read for RecordLimit<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for RecordLimit<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left_bytes.get() == 0 {
            return Err(io::Error::other(RECORD_TOO_LONG));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left_bytes
            .set(self.left_bytes.get().saturating_sub(count as u64));
        self.inner.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_zeros_come_to_an_end() {
        let taken_bytes = Cell::new(1_000);
        let copied = io::copy(
            &mut ExpansionLimit::new(io::repeat(0), &taken_bytes),
            &mut io::sink(),
        );
        assert_eq!(
            copied.unwrap_err().to_string(),
            "it expands to more than 250 times its size"
        );
        let taken_bytes = Cell::new(1 << 20);
        let mut modest = ExpansionLimit::new(io::repeat(0).take(80 << 20), &taken_bytes);
        assert_eq!(io::copy(&mut modest, &mut io::sink()).unwrap(), 80 << 20);
    }

    #[test]
    fn a_record_limit_is_reset_for_each_record() {
        let left_bytes = Cell::new(4);
        let mut stream = RecordLimit::new(&b"0123456789"[..], &left_bytes);
        let mut buffer = [0; 4];
        stream.read_exact(&mut buffer).unwrap();
        assert!(stream.read(&mut buffer).is_err());
        left_bytes.set(4);
        stream.read_exact(&mut buffer).unwrap();
        assert_eq!(&buffer, b"4567");
    }
}

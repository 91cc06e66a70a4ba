//! JSON in UTF-16 → JSON in UTF-8. All other JSON is UTF-8.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::{InvalidBytes, ReadResult, Reading, Replaced, decoded, read_head};

/// Passes a stream to `read`. If it is in UTF-16, it is decoded before.
pub fn read_decoded(
    input: &mut dyn BufRead,
    reading: &mut Reading<'_>,
    read: impl FnOnce(&mut dyn BufRead, &mut Reading<'_>) -> ReadResult,
) -> ReadResult {
    // An error comes again when the stream is read.
    let encoding = input.fill_buf().map_or(None, utf16);
    let Some(encoding) = encoding else {
        return read(input, reading);
    };
    reading.note_encoding(encoding.name())?;
    let mut head = read_head(input);
    let (left_bytes, invalid) = (Cell::new(u64::MAX), InvalidBytes::default());
    let mut counted = Counted {
        inner: decoded(&mut head, input, encoding, &left_bytes, &invalid),
        invalid: &invalid,
        replaced: None,
    };
    let result = read(&mut counted, reading);
    reading.note_replaced(counted.replaced)?;
    result
}

/// Returns the encoding of a stream that begins with a byte order mark of UTF-16, or with a zero
/// beside its first character.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        // The mark of UTF-32.
        [0xFF, 0xFE, 0, 0, ..] => None,
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [b'{' | b'[', 0, second, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'{' | b'[', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// A decoded stream that counts its invalid bytes, so that they take no memory.
struct Counted<'a, R> {
    inner: R,
    invalid: &'a InvalidBytes,
    replaced: Option<Replaced>,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.inner.fill_buf()?;
        if let Some((first_byte, more)) = self.invalid.take_before(u64::MAX) {
            let none_yet = Replaced {
                first_byte,
                count: 0,
            };
            self.replaced.get_or_insert(none_yet).count += more;
        }
        Ok(bytes)
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
    }
}

//! Decodes a stream to UTF-8 while it is read, for files too long to be read whole. The caller
//! names the encoding.
//!
//! Whole files are decoded by [`decode`](super::decode()).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_16BE, UTF_16LE};

/// The invalid bytes that were found in a stream and not yet reported, in order.
#[derive(Default)]
pub struct InvalidBytes(RefCell<VecDeque<InvalidByte>>);

struct InvalidByte {
    /// The offset in the stream before decoding.
    at: u64,
    /// The offset of U+FFFD in the decoded stream.
    decoded_at: u64,
}

impl InvalidBytes {
    /// Removes the invalid bytes that come before an offset in the decoded stream. Returns the
    /// offset of the first one before decoding, and their number; `None` if there are none.
    pub fn take_before(&self, decoded_end: u64) -> Option<(u64, u64)> {
        let mut found = self.0.borrow_mut();
        let first = found.front().map(|invalid| invalid.at)?;
        let count = found.partition_point(|invalid| invalid.decoded_at < decoded_end);
        found.drain(..count);
        (count > 0).then_some((first, count as u64))
    }
}

/// A reader that decodes its stream. Bytes that are invalid in the encoding become `U+FFFD`. If a byte
/// of UTF-16 is missing, the next line is read rightly again.
pub struct Transcoding<'a, R> {
    inner: R,
    decoder: Decoder,
    invalid: &'a InvalidBytes,
    ready: Vec<u8>,
    given: usize,
    is_done: bool,
    /// The number of bytes read from `inner`.
    taken_bytes: u64,
    /// The number of bytes before the first character that the decoder has read.
    decoder_start: u64,
    /// The number of decoded bytes before those in `ready`.
    given_bytes: u64,
}

impl<'a, R: BufRead> Transcoding<'a, R> {
    /// Creates the reader. It removes a byte order mark, and reports to `invalid`.
    pub fn new(inner: R, encoding: &'static Encoding, invalid: &'a InvalidBytes) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            invalid,
            ready: Vec::new(),
            given: 0,
            is_done: false,
            taken_bytes: 0,
            decoder_start: 0,
            given_bytes: 0,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let bytes = self.inner.fill_buf()?;
        let is_last = bytes.is_empty();
        let is_odd = (self.taken_bytes - self.decoder_start) % 2 == 1;
        let shifted = shifted_line_break(bytes, self.decoder.encoding(), is_odd);
        let bytes = &bytes[..shifted.unwrap_or(bytes.len())];
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(bytes.len())
            .unwrap_or(bytes.len() * 4 + 16);
        self.given_bytes += self.ready.len() as u64;
        // Three bytes more hold U+FFFD.
        self.ready.resize(room + 3, 0);
        let (result, read, mut written) = self.decoder.decode_to_utf8_without_replacement(
            bytes,
            &mut self.ready[..room],
            is_last,
        );
        self.inner.consume(read);
        self.taken_bytes += read as u64;
        let invalid_bytes = match result {
            DecoderResult::Malformed(bad_bytes, bytes_after) => Some(bad_bytes + bytes_after),
            DecoderResult::InputEmpty if shifted.is_some() => {
                // The decoder forgets the half of a character before the line break.
                self.decoder = self.decoder.encoding().new_decoder_without_bom_handling();
                self.decoder_start = self.taken_bytes;
                Some(1)
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => None,
        };
        if let Some(invalid_bytes) = invalid_bytes {
            self.invalid.0.borrow_mut().push_back(InvalidByte {
                at: self.taken_bytes - u64::from(invalid_bytes),
                decoded_at: self.given_bytes + written as u64,
            });
            self.ready[written..written + 3].copy_from_slice("\u{FFFD}".as_bytes());
            written += 3;
        } else {
            self.is_done = is_last;
        }
        self.ready.truncate(written);
        self.given = 0;
        Ok(())
    }
}

/// Returns the offset of the first line break in UTF-16 that does not begin where a character does.
/// `is_odd` says that the bytes begin in the middle of one.
fn shifted_line_break(bytes: &[u8], encoding: &Encoding, is_odd: bool) -> Option<usize> {
    let line_break = match encoding {
        _ if encoding == UTF_16LE => *b"\n\0",
        _ if encoding == UTF_16BE => *b"\0\n",
        _ => return None,
    };
    let mut pairs = (usize::from(is_odd)..).zip(bytes.windows(2));
    let (at, _) = pairs.find(|(at, pair)| at % 2 == 1 && *pair == line_break)?;
    Some(at - usize::from(is_odd))
}

impl<R: BufRead> Read for Transcoding<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.is_done {
            self.decode_more()?;
        }
        let count = (&self.ready[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn a_stream_in_small_pieces() {
        let text = "العنوان؛النص\n«خبر»؛متن\n";
        let (bytes, encoding, _) = encoding_rs::WINDOWS_1256.encode(text);
        for piece_bytes in [1, 2, 5, 1 << 10] {
            let mut read = String::new();
            let stream = BufReader::with_capacity(piece_bytes, &*bytes);
            Transcoding::new(stream, encoding, &InvalidBytes::default())
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, text);
        }
        let utf16: Vec<u8> = "\u{FEFF}خبر"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut read = String::new();
        let stream = BufReader::with_capacity(1, &*utf16);
        Transcoding::new(stream, encoding_rs::UTF_16LE, &InvalidBytes::default())
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, "خبر");
    }

    #[test]
    fn utf_16_without_a_byte_is_read_again_from_the_next_line() {
        let text = "أول\nثان\nثالث\nرابع\n";
        for (encoding, to_bytes) in [
            (UTF_16LE, u16::to_le_bytes as fn(u16) -> [u8; 2]),
            (UTF_16BE, u16::to_be_bytes),
        ] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(to_bytes).collect();
            for missing in 8..14 {
                let bytes = [&bytes[..missing], &bytes[missing + 1..]].concat();
                let invalid = InvalidBytes::default();
                let mut read = String::new();
                Transcoding::new(&*bytes, encoding, &invalid)
                    .read_to_string(&mut read)
                    .unwrap();
                let lines: Vec<&str> = read.lines().collect();
                assert_eq!(lines[0], "أول", "{read}");
                assert_eq!(lines[lines.len() - 2..], ["ثالث", "رابع"], "{read}");
                assert!(invalid.take_before(u64::MAX).is_some());
            }
        }
    }

    #[test]
    fn invalid_bytes_are_replaced_and_found() {
        for piece_bytes in [1, 2, 5, 1 << 10] {
            let stream = BufReader::with_capacity(piece_bytes, &b"ab\xFFcd\xD8 \xD8"[..]);
            let invalid = InvalidBytes::default();
            let mut read = String::new();
            Transcoding::new(stream, encoding_rs::UTF_8, &invalid)
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, "ab\u{FFFD}cd\u{FFFD} \u{FFFD}");
            assert_eq!(invalid.take_before(2), None);
            assert_eq!(invalid.take_before(3), Some((2, 1)));
            assert_eq!(invalid.take_before(u64::MAX), Some((5, 2)));
            assert_eq!(invalid.take_before(u64::MAX), None);
        }
    }
}

//! Decodes a stream to UTF-8 while it is read, for files too long to be read whole. The caller
//! names the encoding.
//!
//! Whole files are decoded by [`decode`](super::decode()).

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding};

/// A reader that decodes its stream. Bytes that are invalid in the encoding become `U+FFFD`.
pub struct Transcoding<R> {
    inner: R,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    is_done: bool,
}

impl<R: BufRead> Transcoding<R> {
    /// Creates the reader. It removes a byte order mark.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            inner,
            decoder,
            ready: Vec::new(),
            given: 0,
            is_done: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let bytes = self.inner.fill_buf()?;
        self.is_done = bytes.is_empty();
        let room = self
            .decoder
            .max_utf8_buffer_length(bytes.len())
            .unwrap_or(bytes.len() * 4 + 16);
        self.ready.resize(room, 0);
        let (_, read, written, _) =
            self.decoder
                .decode_to_utf8(bytes, &mut self.ready, self.is_done);
        self.inner.consume(read);
        self.ready.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Transcoding<R> {
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
            Transcoding::new(stream, encoding)
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
        Transcoding::new(stream, encoding_rs::UTF_16LE)
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, "خبر");
    }
}

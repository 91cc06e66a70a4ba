//! Helpers that read streams: size limits, reading a whole stream, and decoding a stream that is too
//! long to be read whole.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_8};

use super::{HEAD_BYTES, InvalidBytes, RecordLimit, Transcoding, decode_as, read_failure};

/// The maximum length of one article: a decompressed text file, a JSON record, a row or a feed
/// entry. Anything larger is rejected.
pub const MAX_ARTICLE_BYTES: u64 = 64 << 20;
/// The maximum length of one web page.
pub const MAX_PAGE_BYTES: u64 = 8 << 20;

/// Reads a stream to its end. Fails if it is longer than `max_bytes`; the reason then ends with
/// `otherwise`.
pub fn read_whole(
    input: &mut dyn BufRead,
    max_bytes: u64,
    otherwise: &str,
) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    input
        .take(max_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| read_failure(&error))?;
    if bytes.len() as u64 > max_bytes {
        return Err(format!("larger than {} MiB: {otherwise}", max_bytes >> 20));
    }
    Ok(bytes)
}

/// The first bytes of a stream, from which its content and its encoding are detected.
pub struct Head {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The error that came after them, before the head was full.
    pub error: Option<io::Error>,
}

/// Reads the head of a stream.
pub fn read_head(input: &mut dyn BufRead) -> Head {
    let mut bytes = Vec::new();
    let error = input.take(HEAD_BYTES).read_to_end(&mut bytes).err();
    Head { bytes, error }
}

impl Head {
    /// Returns the whole stream again: the head, its error, and the rest.
    pub fn chain<'a>(&'a mut self, rest: &'a mut dyn BufRead) -> impl BufRead + 'a {
        let error = FailOnce(self.error.take());
        self.bytes.as_slice().chain(error).chain(rest)
    }
}

/// An empty reader that fails once.
struct FailOnce(Option<io::Error>);

impl Read for FailOnce {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl BufRead for FailOnce {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.take().map_or(Ok(&[]), Err)
    }

    fn consume(&mut self, _: usize) {}
}

/// Returns a stream in UTF-8, from its head on. It fails if one record takes more than `left_bytes`.
/// Invalid bytes become U+FFFD and are reported to `invalid`.
pub fn decoded<'a>(
    head: &'a mut Head,
    input: &'a mut dyn BufRead,
    encoding: &'static Encoding,
    left_bytes: &'a Cell<u64>,
    invalid: &'a InvalidBytes,
) -> impl BufRead + 'a {
    let whole = RecordLimit::new(head.chain(input), left_bytes);
    BufReader::new(Transcoding::new(whole, encoding, invalid))
}

/// Detects the encoding of a long stream from its head. `declared` is the encoding that the stream
/// names, which the bytes may contradict.
pub fn stream_encoding(head: &[u8], declared: Option<&str>) -> Result<&'static Encoding, String> {
    let label = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let label = label.filter(|label| label.is_ascii_compatible());
    // An ASCII head says nothing about the rest.
    if head.is_ascii()
        && let Some(label) = label
    {
        return Ok(label);
    }
    let whole_lines = up_to_last(head, |byte| *byte == b'\n');
    let decoded = decode_as(whole_lines.to_vec(), label.map(Encoding::name))?;
    Ok(Encoding::for_label(decoded.encoding.as_bytes()).unwrap_or(UTF_8))
}

/// Returns the head of a stream up to the last byte that is a boundary, so that no character is cut.
/// A complete file is returned whole.
pub fn up_to_last(head: &[u8], is_boundary: impl Fn(&u8) -> bool) -> &[u8] {
    let is_cut_off = head.len() as u64 >= HEAD_BYTES;
    let last = head.iter().rposition(is_boundary).filter(|_| is_cut_off);
    &head[..last.unwrap_or(head.len())]
}

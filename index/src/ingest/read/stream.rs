//! Helpers that read streams: size limits, reading a whole stream, and decoding a stream that is too
//! long to be read whole.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_8};

use super::{HEAD_BYTES, RecordLimit, Transcoding, decode, read_failure};

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

/// Returns the head of a stream, from which its content and its encoding are detected. Fails if the
/// stream cannot be read.
pub fn read_head(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// Returns a stream in UTF-8, from its head on. It fails if one record takes more than `left_bytes`.
/// Bytes that are invalid in UTF-8 are not replaced, so the reader of the records finds them.
pub fn decoded<'a>(
    head: &'a [u8],
    input: &'a mut dyn BufRead,
    encoding: &'static Encoding,
    left_bytes: &'a Cell<u64>,
) -> Box<dyn BufRead + 'a> {
    let whole = RecordLimit::new(head.chain(input), left_bytes);
    if encoding == UTF_8 {
        Box::new(whole)
    } else {
        Box::new(BufReader::new(Transcoding::new(whole, encoding)))
    }
}

/// Detects the encoding of a long stream from its head. UTF-8 with a few damaged bytes is still
/// detected as UTF-8.
pub fn stream_encoding(head: &[u8]) -> Result<&'static Encoding, String> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    let whole_lines = up_to_last(head, |byte| *byte == b'\n');
    if std::str::from_utf8(whole_lines).is_ok() {
        return Ok(UTF_8);
    }
    match decode(whole_lines.to_vec()) {
        Ok(decoded) => Ok(Encoding::for_label(decoded.encoding.as_bytes()).unwrap_or(UTF_8)),
        // The rows with the damaged bytes are rejected one by one.
        Err(reason) if reason.starts_with("damaged UTF-8") => Ok(UTF_8),
        Err(reason) => Err(reason),
    }
}

/// Returns the head of a stream up to the last byte that is a boundary, so that no character is cut.
/// A complete file is returned whole.
pub fn up_to_last(head: &[u8], is_boundary: impl Fn(&u8) -> bool) -> &[u8] {
    let is_cut_off = head.len() as u64 >= HEAD_BYTES;
    let last = head.iter().rposition(is_boundary).filter(|_| is_cut_off);
    &head[..last.unwrap_or(head.len())]
}

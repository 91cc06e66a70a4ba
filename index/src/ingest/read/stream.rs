//! Helpers that read streams: size limits, reading a whole stream, and detecting the encoding of a
//! stream that is too long to be read whole.

use std::io::{BufRead, Read};

use encoding_rs::{Encoding, UTF_8};

use crate::ingest::content::HEAD_BYTES;
use crate::ingest::decode::decode;
use crate::ingest::rejection::read_failure;

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

/// Detects the encoding of a long stream from its head. UTF-8 with a few damaged bytes is still
/// detected as UTF-8.
pub fn stream_encoding(head: &[u8]) -> Result<&'static Encoding, String> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    let whole_lines = whole_lines(head);
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

/// Returns the head up to its last line end, so that no character is cut. A complete file is
/// returned whole.
fn whole_lines(head: &[u8]) -> &[u8] {
    let is_cut_off = head.len() as u64 >= HEAD_BYTES;
    let last_line_end = head.iter().rposition(|byte| *byte == b'\n');
    match last_line_end {
        Some(end) if is_cut_off => &head[..end],
        Some(_) | None => head,
    }
}

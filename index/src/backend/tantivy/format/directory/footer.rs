//! Tantivy's footer: the end of a file as Tantivy writes it. It has a checksum of the whole file.

use std::io;
use std::ops::Range;

use serde::Deserialize;
use tantivy::directory::OwnedBytes;

/// The length of the JSON object and the magic number.
const END_BYTES: usize = 8;
/// The greatest length of the JSON object that is read. Tantivy accepts the same.
const MAX_JSON_BYTES: usize = 50_000;

/// What Tantivy's footer says about a file.
pub struct Footer {
    /// The number of bytes before the footer.
    pub body_bytes: usize,
    /// The CRC-32 of these bytes.
    pub checksum: u32,
}

#[derive(Deserialize)]
struct Json {
    crc: u32,
}

/// Reads the footer of a file of `file_bytes` bytes that ends with the magic number; `None` if it
/// is damaged.
pub fn read(
    file_bytes: usize,
    read: impl Fn(Range<usize>) -> io::Result<OwnedBytes>,
) -> io::Result<Option<Footer>> {
    let Some(json_end) = file_bytes.checked_sub(END_BYTES) else {
        return Ok(None);
    };
    let length = read(json_end..json_end + 4)?;
    let length = u32::from_le_bytes(length.as_slice().try_into().unwrap_or_default()) as usize;
    let start = json_end.checked_sub(length);
    let Some(body_bytes) = start.filter(|_| length <= MAX_JSON_BYTES) else {
        return Ok(None);
    };
    let json: Option<Json> = serde_json::from_slice(&read(body_bytes..json_end)?).ok();
    Ok(json.map(|json| Footer {
        body_bytes,
        checksum: json.crc,
    }))
}

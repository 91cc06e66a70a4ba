//! Text with U+FFFD in place of invalid bytes, and where these are. Whether the bytes are text at all
//! is decided by `decode`.

use std::fmt;

use encoding_rs::{Encoding, UTF_16BE};

/// Bytes that are invalid in the encoding of their text, and became U+FFFD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// The offset of the first such byte.
    pub first_byte: u64,
    /// The number of characters U+FFFD that took their place.
    pub count: u64,
}

impl fmt::Display for Replaced {
    /// Writes the place, such as `byte 19 and 2 more`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.first_byte)?;
        match self.count - 1 {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Returns UTF-8 with U+FFFD in place of each invalid sequence, and where these are.
pub fn replace_invalid(bytes: &[u8]) -> (String, Option<Replaced>) {
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = None;
    let mut offset = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        offset += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            add_replaced(&mut replaced, offset as u64);
            offset += chunk.invalid().len();
        }
    }
    (text, replaced)
}

/// Counts one more replaced character.
pub fn add_replaced(replaced: &mut Option<Replaced>, first_byte: u64) {
    let count = 0;
    let replaced = replaced.get_or_insert(Replaced { first_byte, count });
    replaced.count += 1;
}

/// Returns UTF-16 as text, with U+FFFD in place of each lone surrogate and of half a code unit, and
/// where these are.
pub fn replace_bad_units(bytes: &[u8], encoding: &'static Encoding) -> (String, Option<Replaced>) {
    let to_unit = if encoding == UTF_16BE {
        u16::from_be_bytes
    } else {
        u16::from_le_bytes
    };
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = None;
    let mut offset = 0;
    let pairs = bytes.chunks_exact(2);
    let has_half = !pairs.remainder().is_empty();
    for decoded in char::decode_utf16(pairs.map(|pair| to_unit([pair[0], pair[1]]))) {
        let character = decoded.unwrap_or_else(|_| {
            add_replaced(&mut replaced, offset);
            char::REPLACEMENT_CHARACTER
        });
        text.push(character);
        offset += character.len_utf16() as u64 * 2;
    }
    if has_half {
        add_replaced(&mut replaced, offset);
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, replaced)
}

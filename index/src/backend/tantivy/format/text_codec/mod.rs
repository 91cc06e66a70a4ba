//! Encodes Arabic text in few bytes: two for a common word, one for any other letter. It does not
//! compress; the document store then compresses the text in blocks. The blocks take four fifths of
//! the space that they would take with one byte for each letter and no words. With UTF-8, they
//! would be more than twice as large.
//!
//! A common word is stored as its number among the most frequent words of the model that made the
//! terms of the index. So a reader of the text also learns which of its words are common. The space
//! between two words is not stored. This is the spaceless word model of Moura, Navarro, Ziviani and
//! Baeza-Yates: Fast and flexible word searching on compressed text, ACM TOIS 2000.
//!
//! | bytes | meaning |
//! |---|---|
//! | `80..=FF` and one more | the common word with this number, in 15 bits |
//! | `0F..=14` and two as above | one word: a letter of [`PROCLITICS`], then the common word |
//! | `15..=1E`, then 1 to 10 bytes | a word of 1 to 10 letters of U+0600 to U+067F, the lower seven bits of each |
//! | `1F`, a count, then that many bytes | a longer word of the same letters |
//! | `0E` | no space stands between the words before and after |
//! | `01..=08`, `0B` | a sign of [`SIGNS`] |
//! | `0C`, a count, then that many bytes | UTF-8 |
//! | other ASCII | itself |
//!
//! An example with a model that gives `عاد` the number 0 and `البيت` the number 1. The text is `عاد
//! إلى البيت، وعاد`:
//!
//! | text | bytes | why |
//! |---|---|---|
//! | `عاد` | `80 00` | common word 0 |
//! | ` إلى` | `17 25 44 49` | three letters: U+0625, U+0644, U+0649; the space is not stored |
//! | ` البيت` | `80 01` | common word 1; the space is not stored |
//! | `،` | `01` | a sign |
//! | space | `20` | itself, because a sign stands before it |
//! | `وعاد` | `0F 80 00` | the proclitic `و`, then common word 0 |

mod decode;
mod encode;
#[cfg(test)]
mod tests;

pub use decode::{decode, decode_schema_5, decode_without_words};
pub use encode::encode;

/// Signs outside ASCII that are frequent in news, each with its byte.
const SIGNS: [(u8, char); 9] = [
    (0x01, '،'),
    (0x02, '؛'),
    (0x03, '؟'),
    (0x04, '«'),
    (0x05, '»'),
    (0x06, '“'),
    (0x07, '”'),
    (0x08, '–'),
    (0x0B, '…'),
];

/// Begins a run of UTF-8: its length in bytes and the bytes follow.
const UTF8_RUN: u8 = 0x0C;

/// Says that no space stands between two words.
const NO_SPACE: u8 = 0x0E;

/// The letters that are most often written onto the next word, each with its byte.
const PROCLITICS: [(u8, char); 6] = [
    (FIRST_PROCLITIC, 'و'),
    (FIRST_PROCLITIC + 1, 'ب'),
    (FIRST_PROCLITIC + 2, 'ل'),
    (FIRST_PROCLITIC + 3, 'ف'),
    (FIRST_PROCLITIC + 4, 'ك'),
    (FIRST_PROCLITIC + 5, 'س'),
];

/// The byte of the first of [`PROCLITICS`].
const FIRST_PROCLITIC: u8 = 0x0F;

/// The first of the 128 characters that take one byte each.
const LETTER_BASE: u32 = 0x600;

/// Begins a word of one letter. The byte one higher begins a word of two letters, and so on.
const ONE_LETTER: u8 = 0x15;

/// Begins a word of more than ten letters: their count and the letters follow.
const MANY_LETTERS: u8 = 0x1F;

/// The highest bit of a common word's first byte.
const COMMON_WORD: u8 = 0x80;

/// Returns whether an ASCII character is stored as itself.
fn is_literal(byte: u8) -> bool {
    matches!(byte, b' '..0x80 | b'\t' | b'\n' | b'\r')
}

/// Returns whether some UTF-8 begins with a character of U+0600 to U+067F.
fn starts_with_letter(utf8: &[u8]) -> bool {
    matches!(utf8.first(), Some(0xD8 | 0xD9))
}

/// Returns the byte of the sign that some UTF-8 begins with, and the sign's length in UTF-8.
fn leading_sign(utf8: &[u8]) -> Option<(u8, usize)> {
    // This test rules out almost all letters at once: all signs begin with one of these bytes.
    if !matches!(utf8, [0xC2 | 0xE2, ..] | [0xD8, 0x8C | 0x9B | 0x9F, ..]) {
        return None;
    }
    for (byte, sign) in SIGNS {
        if utf8.starts_with(sign.encode_utf8(&mut [0; 4]).as_bytes()) {
            return Some((byte, sign.len_utf8()));
        }
    }
    None
}

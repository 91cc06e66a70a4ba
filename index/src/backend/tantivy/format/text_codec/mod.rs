//! Arabic text in few bytes: two bytes a common word, a byte another letter. It compresses nothing itself; the blocks of the
//! store do, to four fifths of what they make of letters and less than half of what they make of UTF-8.
//!
//! A common word is its place among the commonest words of the model that made the terms of the index, so that who reads a
//! text knows its words, too. Between two words a space is left out, as in the spaceless word model of Moura, Navarro, Ziviani
//! and Baeza-Yates (Fast and flexible word searching on compressed text, ACM TOIS 2000).
//!
//! | bytes | stand for |
//! |---|---|
//! | `80..` and another | the common word with this place, in 15 bits |
//! | `0F..=14` and two as above | the common word behind a letter of [`PROCLITICS`], as one word |
//! | `15..=1E`, `1F` and a number | so many characters of U+0600 to U+067F, which follow as the lower seven bits of each |
//! | `0E` | that there is no space between the word before and the one behind |
//! | `01..=08`, `0B` | a sign of [`SIGNS`] |
//! | `0C` and a number | so many bytes of UTF-8 |
//! | other ASCII | itself |

mod decode;
mod encode;
#[cfg(test)]
mod tests;

pub use decode::{expand, expand_fifth};
pub use encode::compact;

/// Signs of the news that are no ASCII.
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

/// Stands before the length of a run and its UTF-8.
const UTF8: u8 = 0x0C;

/// Stands between two words without a space.
const JOINS: u8 = 0x0E;

/// The letters that words are written together with most, and what stands for each.
const PROCLITICS: [(u8, char); 6] = [
    (FIRST_PROCLITIC, 'و'),
    (FIRST_PROCLITIC + 1, 'ب'),
    (FIRST_PROCLITIC + 2, 'ل'),
    (FIRST_PROCLITIC + 3, 'ف'),
    (FIRST_PROCLITIC + 4, 'ك'),
    (FIRST_PROCLITIC + 5, 'س'),
];

/// Stands for the first of them.
const FIRST_PROCLITIC: u8 = 0x0F;

/// The first character of those that are a byte.
const WINDOW: u32 = 0x600;

/// Stands before one letter, the next before two.
const LETTER: u8 = 0x15;

/// Stands before the number of letters and these.
const LETTERS: u8 = 0x1F;

/// Set in the first byte of a common word.
const COMMON: u8 = 0x80;

/// Whether an ASCII character stands for itself.
fn is_itself(byte: u8) -> bool {
    matches!(byte, b' '..0x80 | b'\t' | b'\n' | b'\r')
}

/// Whether a character of U+0600 to U+067F stands first.
fn is_in_window(utf8: &[u8]) -> bool {
    matches!(utf8.first(), Some(0xD8 | 0xD9))
}

/// What stands for the sign that stands first, and how many bytes that is.
fn sign(utf8: &[u8]) -> Option<(u8, usize)> {
    // No letter begins as these do, but for the first three.
    if !matches!(utf8, [0xC2 | 0xE2, ..] | [0xD8, 0x8C | 0x9B | 0x9F, ..]) {
        return None;
    }
    let starts_with = |sign: char| utf8.starts_with(sign.encode_utf8(&mut [0; 4]).as_bytes());
    SIGNS
        .iter()
        .find(|(_, sign)| starts_with(*sign))
        .map(|(byte, sign)| (*byte, sign.len_utf8()))
}

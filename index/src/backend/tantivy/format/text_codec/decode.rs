//! Reads the bytes that [`encode`](super::encode) writes, and the bytes of an older schema. Damaged
//! bytes give `None`, never a panic.

use fihrist_arabic::{CommonWords, Pretokenized, Span};

use super::{
    COMMON_WORD, FIRST_PROCLITIC, LETTER_BASE, MANY_LETTERS, NO_SPACE, ONE_LETTER, PROCLITICS,
    SIGNS, UTF8_RUN, is_literal,
};

/// Begins a run of UTF-8 in a text of schema 5.
pub(super) const SCHEMA_5_UTF8_RUN: u8 = 0x0E;

/// Decodes a text that was encoded with the same words. Returns the text and the common words that
/// its bytes name; `None` if the bytes are not an encoded text.
pub fn decode(bytes: &[u8], words: &CommonWords) -> Option<(String, Pretokenized)> {
    decode_with(bytes, |number| words.get(number))
}

/// Decodes a text whose words are lost. Each common word becomes `…`.
pub fn decode_without_words(bytes: &[u8]) -> Option<String> {
    decode_with(bytes, |_| Some("…")).map(|(text, _)| text)
}

fn decode_with<'a>(
    mut bytes: &[u8],
    word_of: impl Fn(u16) -> Option<&'a str>,
) -> Option<(String, Pretokenized)> {
    // The text grows as a string, not as bytes: validating all of it as UTF-8 would take as long as
    // decoding it.
    let mut text = String::with_capacity(5 * bytes.len());
    let mut pretokenized = Pretokenized::with_capacity(bytes.len() / 2);
    let mut is_after_word = false;
    let mut is_joined = false;
    while let Some(&first) = bytes.split_off_first() {
        let is_word = first >= COMMON_WORD || (FIRST_PROCLITIC..=MANY_LETTERS).contains(&first);
        if is_word && is_after_word && !is_joined {
            text.push(' ');
        }
        is_joined = first == NO_SPACE;
        is_after_word = is_word || is_joined;
        match first {
            COMMON_WORD.. => {
                let number = u16::from_be_bytes([first & !COMMON_WORD, *bytes.split_off_first()?]);
                let word = word_of(number)?;
                let span = Span::new(text.len(), text.len() + word.len());
                pretokenized.push(span, number);
                text.push_str(word);
            }
            FIRST_PROCLITIC..ONE_LETTER => {
                let (&[high, low], rest) = bytes.split_first_chunk()?;
                let (_, letter) = PROCLITICS[usize::from(first - FIRST_PROCLITIC)];
                text.push(letter);
                text.push_str(word_of(u16::from_be_bytes([high & !COMMON_WORD, low]))?);
                bytes = rest;
            }
            ONE_LETTER..=MANY_LETTERS => {
                let letters = match first {
                    MANY_LETTERS => take_counted(&mut bytes)?,
                    _ => bytes.split_off(..usize::from(first - ONE_LETTER + 1))?,
                };
                let characters = letters
                    .iter()
                    .filter_map(|letter| char::from_u32(LETTER_BASE + u32::from(letter & 0x7F)));
                text.extend(characters);
            }
            NO_SPACE => {}
            UTF8_RUN => text.push_str(std::str::from_utf8(take_counted(&mut bytes)?).ok()?),
            _ if is_literal(first) => text.push(char::from(first)),
            _ => text.push(SIGNS.iter().find(|(byte, _)| *byte == first)?.1),
        }
    }
    Some((text, pretokenized))
}

/// Decodes a text of schema 5, which stores letters as one byte each and no words. Returns `None`
/// if the bytes are not such a text.
pub fn decode_schema_5(mut bytes: &[u8]) -> Option<String> {
    let mut text = Vec::with_capacity(bytes.len() * 2);
    while let Some(&first) = bytes.split_off_first() {
        match first {
            SCHEMA_5_UTF8_RUN => text.extend_from_slice(take_counted(&mut bytes)?),
            0..0x80 => text.push(first),
            0x80.. => text.extend([0xD8 | first >> 6 & 1, 0x80 | first & 0x3F]),
        }
    }
    String::from_utf8(text).ok()
}

/// Removes a count from the start of `bytes` and as many bytes after it, and returns these bytes.
fn take_counted<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let count = *bytes.split_off_first()?;
    bytes.split_off(..usize::from(count))
}

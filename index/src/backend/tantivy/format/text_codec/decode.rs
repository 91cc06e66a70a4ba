//! Bytes → the text that they were made of, and those of its words that are common.

use fihrist_arabic::{CommonWord, WrittenWords};

use super::{
    COMMON, FIRST_PROCLITIC, JOINS, LETTER, LETTERS, PROCLITICS, SIGNS, UTF8, WINDOW, is_itself,
};

/// Reads what [`compact`](super::compact) wrote with the same words: the text and those words of it that it tells. `None` of anything else.
pub fn expand(mut bytes: &[u8], words: &WrittenWords) -> Option<(String, Vec<CommonWord>)> {
    // A text and not bytes, since to look whether all of it is UTF-8 takes as long as to put it together.
    let mut text = String::with_capacity(5 * bytes.len());
    let mut common = Vec::with_capacity(bytes.len() / 2);
    let (mut after_word, mut joins) = (false, false);
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        let is_word = first >= COMMON || (FIRST_PROCLITIC..=LETTERS).contains(&first);
        if is_word && after_word && !joins {
            text.push(' ');
        }
        joins = first == JOINS;
        after_word = is_word || joins;
        match first {
            COMMON.. => {
                let (&low, rest) = rest.split_first()?;
                let place = u16::from_be_bytes([first & !COMMON, low]);
                let word = words.get(place)?;
                common.push(CommonWord {
                    start: u32::try_from(text.len()).ok()?,
                    size_bytes: word.len() as u16,
                    place,
                });
                text.push_str(word);
                bytes = rest;
            }
            FIRST_PROCLITIC..LETTER => {
                let (&[high, low], rest) = rest.split_first_chunk()?;
                let (_, letter) = PROCLITICS[usize::from(first - FIRST_PROCLITIC)];
                text.push(letter);
                text.push_str(words.get(u16::from_be_bytes([high & !COMMON, low]))?);
                bytes = rest;
            }
            LETTER..=LETTERS => {
                let (count, rest) = if first == LETTERS {
                    let (&count, rest) = rest.split_first()?;
                    (count, rest)
                } else {
                    (first - LETTER + 1, rest)
                };
                let (letters, rest) = rest.split_at_checked(usize::from(count))?;
                text.extend(
                    letters
                        .iter()
                        .filter_map(|letter| char::from_u32(WINDOW + u32::from(letter & 0x7F))),
                );
                bytes = rest;
            }
            JOINS => {}
            UTF8 => {
                let (&length, rest) = rest.split_first()?;
                let (run, rest) = rest.split_at_checked(usize::from(length))?;
                text.push_str(std::str::from_utf8(run).ok()?);
                bytes = rest;
            }
            _ if is_itself(first) => text.push(char::from(first)),
            _ => text.push(SIGNS.iter().find(|(byte, _)| *byte == first)?.1),
        }
    }
    Some((text, common))
}

/// Stands before the length of a run and its UTF-8 in texts of the fifth schema.
pub(super) const FIFTH_UTF8: u8 = 0x0E;

/// Reads a text as the fifth schema has it: a byte a letter, without words.
pub fn expand_fifth(mut bytes: &[u8]) -> Option<String> {
    let mut text = Vec::with_capacity(bytes.len() * 2);
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        match first {
            FIFTH_UTF8 => {
                let (&length, rest) = rest.split_first()?;
                let (run, rest) = rest.split_at_checked(usize::from(length))?;
                text.extend_from_slice(run);
                bytes = rest;
            }
            0..0x80 => text.push(first),
            0x80.. => text.extend([0xD8 | first >> 6 & 1, 0x80 | first & 0x3F]),
        }
    }
    String::from_utf8(text).ok()
}

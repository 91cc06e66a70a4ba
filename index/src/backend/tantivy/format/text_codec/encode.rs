//! Writes a text as the bytes that the table of [`text_codec`](super) lists. It does not decide
//! which words are common.

use fihrist_arabic::{CommonWords, Pretokenized};

use super::{
    COMMON_WORD, LETTER_BASE, MANY_LETTERS, NO_SPACE, ONE_LETTER, PROCLITICS, UTF8_RUN, is_literal,
    leading_sign, starts_with_letter,
};

/// The greatest number of letters, or of bytes of UTF-8, that fits in the byte of a count.
const MAX_COUNT: usize = u8::MAX as usize;

/// Encodes a text. `pretokenized` names words of the text that are in `words`, but need not name
/// all of them.
pub fn encode(text: &str, pretokenized: &Pretokenized, words: &CommonWords) -> Vec<u8> {
    let mut encoder = Encoder {
        text: text.as_bytes(),
        words,
        out: Vec::with_capacity(text.len() / 4 + 16),
        is_after_word: false,
        has_pending_space: false,
    };
    let mut start = 0;
    for (span, number) in pretokenized.words() {
        encoder.write_between(start, span.start, true);
        encoder.begin_word();
        encoder.write_common(number);
        start = span.end;
    }
    encoder.write_between(start, text.len(), false);
    encoder.out
}

struct Encoder<'a> {
    text: &'a [u8],
    words: &'a CommonWords,
    out: Vec<u8>,
    /// Whether the last thing written was a word.
    is_after_word: bool,
    /// Whether a space follows that word. The space is not written, because a word comes next.
    has_pending_space: bool,
}

impl Encoder<'_> {
    /// Writes a range of the text that holds no common word. `is_before_word` says whether a common
    /// word follows the range: then a space at its end need not be written.
    fn write_between(&mut self, mut start: usize, end: usize, is_before_word: bool) {
        while start < end {
            let rest = &self.text[start..end];
            if let [b' ', next @ ..] = rest
                && self.is_after_word
                && !self.has_pending_space
                && begins_word(next, is_before_word)
            {
                self.has_pending_space = true;
                start += 1;
                continue;
            }
            let code = match rest[0] {
                first if is_literal(first) => Some((first, 1)),
                _ => leading_sign(rest),
            };
            start += match code {
                Some((byte, size_bytes)) => {
                    self.out.push(byte);
                    self.is_after_word = false;
                    size_bytes
                }
                None if starts_with_letter(rest) => self.write_letters(start, end),
                None => self.write_utf8(rest),
            };
        }
    }

    fn begin_word(&mut self) {
        if self.is_after_word && !self.has_pending_space {
            self.out.push(NO_SPACE);
        }
        self.is_after_word = true;
        self.has_pending_space = false;
    }

    fn write_common(&mut self, number: u16) {
        let [high, low] = number.to_be_bytes();
        self.out.extend([COMMON_WORD | high, low]);
    }

    /// Writes the letters at `start` as one word, and returns their length in UTF-8. The rest of a
    /// very long word is left for the next call.
    fn write_letters(&mut self, start: usize, end: usize) -> usize {
        let pairs = self.text[start..end].chunks_exact(2).take(MAX_COUNT);
        let count = pairs
            .take_while(|pair| starts_with_letter(pair) && leading_sign(pair).is_none())
            .count();
        let size_bytes = 2 * count;
        self.begin_word();
        if let Some((byte, number)) = self.after_proclitic(start, start + size_bytes) {
            self.out.push(byte);
            self.write_common(number);
            return size_bytes;
        }
        let long = usize::from(MANY_LETTERS - ONE_LETTER);
        match ONE_LETTER + (count - 1).min(long) as u8 {
            MANY_LETTERS => self.out.extend([MANY_LETTERS, count as u8]),
            short => self.out.push(short),
        }
        let (letters, _) = self.text[start..start + size_bytes].as_chunks::<2>();
        self.out
            .extend(letters.iter().map(|letter| low_bits(*letter)));
        size_bytes
    }

    /// Returns the byte of the proclitic that a word begins with, and the number of the common word
    /// after it; `None` for any other word.
    fn after_proclitic(&self, start: usize, end: usize) -> Option<(u8, u16)> {
        let (letters, _) = self.text[start..end].as_chunks::<2>();
        let [first, _, _, ..] = letters else {
            return None;
        };
        let first = LETTER_BASE | u32::from(low_bits(*first));
        let mut proclitics = PROCLITICS.iter();
        let (byte, _) = proclitics.find(|(_, letter)| first == u32::from(*letter))?;
        Some((*byte, self.words.find(self.text, start + 2, end)?))
    }

    /// Writes the characters at the start of `rest` that have no shorter code, and returns their
    /// length. The rest of a very long run is left for the next call.
    fn write_utf8(&mut self, rest: &[u8]) -> usize {
        let mut size_bytes = 0;
        while let Some(&first) = rest.get(size_bytes) {
            let next = &rest[size_bytes..];
            let character_bytes = match first {
                0..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0.. => 4,
            };
            if is_literal(first)
                || starts_with_letter(next)
                || leading_sign(next).is_some()
                || size_bytes + character_bytes > MAX_COUNT
            {
                break;
            }
            size_bytes += character_bytes;
        }
        self.out.extend([UTF8_RUN, size_bytes as u8]);
        self.out.extend_from_slice(&rest[..size_bytes]);
        self.is_after_word = false;
        size_bytes
    }
}

/// The lower seven bits of a character of U+0600 to U+067F.
fn low_bits([first, second]: [u8; 2]) -> u8 {
    (first & 1) << 6 | second & 0x3F
}

/// Returns whether a word follows a space. `rest` is the text between the space and the next common
/// word or the end.
fn begins_word(rest: &[u8], is_before_word: bool) -> bool {
    if rest.is_empty() {
        is_before_word
    } else {
        starts_with_letter(rest) && leading_sign(rest).is_none()
    }
}

//! A text → its bytes. What the bytes stand for is told in the module above.

use fihrist_arabic::{CommonWord, WrittenWords};

use super::{
    COMMON, JOINS, LETTER, LETTERS, PROCLITICS, UTF8, WINDOW, is_in_window, is_itself, sign,
};

/// Writes a text in few bytes. `common` are some of the words of it that are in `words`, in order, not overlapping.
pub fn compact(text: &str, common: &[CommonWord], words: &WrittenWords) -> Vec<u8> {
    let out = Vec::with_capacity(text.len() / 4 + 16);
    let mut writer = Writer {
        text: text.as_bytes(),
        words,
        out,
        after_word: false,
        is_spaced: false,
    };
    let mut at = 0;
    for word in common {
        let span = word.span();
        writer.other(at, span.start, true);
        writer.begin_word();
        writer.common(word.place);
        at = span.end;
    }
    writer.other(at, text.len(), false);
    writer.out
}

struct Writer<'a> {
    text: &'a [u8],
    words: &'a WrittenWords,
    out: Vec<u8>,
    /// The last that was written is a word.
    after_word: bool,
    /// Between it and what follows is a space, which was left out.
    is_spaced: bool,
}

impl Writer<'_> {
    /// Writes what holds no common word; whether one follows makes a difference to the last space.
    fn other(&mut self, mut at: usize, end: usize, word_follows: bool) {
        while at < end {
            let rest = &self.text[at..end];
            at += match rest {
                [b' ', next @ ..]
                    if self.after_word && !self.is_spaced && begins_word(next, word_follows) =>
                {
                    self.is_spaced = true;
                    1
                }
                [first, ..] if is_itself(*first) => {
                    self.out.push(*first);
                    self.after_word = false;
                    1
                }
                _ => match sign(rest) {
                    Some((byte, size)) => {
                        self.out.push(byte);
                        self.after_word = false;
                        size
                    }
                    None if is_in_window(rest) => self.letters(at, end),
                    None => self.utf8(rest),
                },
            };
        }
    }

    fn begin_word(&mut self) {
        if self.after_word && !self.is_spaced {
            self.out.push(JOINS);
        }
        (self.after_word, self.is_spaced) = (true, false);
    }

    fn common(&mut self, place: u16) {
        let [high, low] = place.to_be_bytes();
        self.out.extend([COMMON | high, low]);
    }

    /// Writes the letters at `at`, as many as one number can tell, and says how many bytes they are.
    fn letters(&mut self, at: usize, end: usize) -> usize {
        let pairs = self.text[at..end].chunks_exact(2);
        let count = pairs
            .take(255)
            .take_while(|pair| is_in_window(pair) && sign(pair).is_none())
            .count();
        self.begin_word();
        let (letters, _) = self.text[at..at + 2 * count].as_chunks::<2>();
        let first = letters
            .first()
            .map(|[first, second]| WINDOW | u32::from(first & 1) << 6 | u32::from(second & 0x3F));
        let proclitic = PROCLITICS
            .iter()
            .find(|(_, letter)| first == Some(u32::from(*letter)))
            .filter(|_| count > 2);
        let rest = proclitic.and_then(|_| self.words.find(self.text, at + 2, at + 2 * count));
        if let (Some((byte, _)), Some(Ok(place))) = (proclitic, rest.map(u16::try_from)) {
            self.out.push(*byte);
            self.common(place);
            return 2 * count;
        }
        match LETTER + (count - 1).min(usize::from(LETTERS - LETTER)) as u8 {
            LETTERS => self.out.extend([LETTERS, count as u8]),
            short => self.out.push(short),
        }
        self.out.extend(
            letters
                .iter()
                .map(|[first, second]| (first & 1) << 6 | second & 0x3F),
        );
        2 * count
    }

    /// Writes the characters at the beginning of `rest` that nothing else stands for, as many as one number can tell, and says
    /// how many bytes they are.
    fn utf8(&mut self, rest: &[u8]) -> usize {
        let mut size = 0;
        while let Some(&first) = rest.get(size) {
            let next = &rest[size..];
            let character = match first {
                0..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0.. => 4,
            };
            if is_itself(first)
                || is_in_window(next)
                || sign(next).is_some()
                || size + character > usize::from(u8::MAX)
            {
                break;
            }
            size += character;
        }
        self.out.extend([UTF8, size as u8]);
        self.out.extend_from_slice(&rest[..size]);
        self.after_word = false;
        size
    }
}

fn begins_word(rest: &[u8], word_follows: bool) -> bool {
    if rest.is_empty() {
        word_follows
    } else {
        is_in_window(rest) && sign(rest).is_none()
    }
}

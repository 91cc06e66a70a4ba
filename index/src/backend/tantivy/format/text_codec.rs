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

use fihrist_arabic::{CommonWords, Pretokenized, Span};

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

/// Writes a text in few bytes. `pretokenized` are some of the words of it that are in `words`, in order, not overlapping.
pub fn compact(text: &str, pretokenized: &Pretokenized, words: &CommonWords) -> Vec<u8> {
    let out = Vec::with_capacity(text.len() / 4 + 16);
    let mut writer = Writer {
        text: text.as_bytes(),
        words,
        out,
        after_word: false,
        is_spaced: false,
    };
    let mut at = 0;
    for (span, number) in pretokenized.words() {
        writer.other(at, span.start, true);
        writer.begin_word();
        writer.common(number);
        at = span.end;
    }
    writer.other(at, text.len(), false);
    writer.out
}

struct Writer<'a> {
    text: &'a [u8],
    words: &'a CommonWords,
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
        if let (Some((byte, _)), Some(place)) = (proclitic, rest) {
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

/// Reads what [`compact`] wrote with the same words: the text and those words of it that it tells. `None` of anything else.
pub fn expand(mut bytes: &[u8], words: &CommonWords) -> Option<(String, Pretokenized)> {
    // A text and not bytes, since to look whether all of it is UTF-8 takes as long as to put it together.
    let mut text = String::with_capacity(5 * bytes.len());
    let mut pretokenized = Pretokenized::with_capacity(bytes.len() / 2);
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
                pretokenized.push(Span::new(text.len(), text.len() + word.len()), place);
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
    Some((text, pretokenized))
}

/// Stands before the length of a run and its UTF-8 in texts of the fifth schema.
const FIFTH_UTF8: u8 = 0x0E;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use fihrist_arabic::{Counts, TokenKind, words};

    fn dictionary() -> CommonWords {
        let mut counts = Counts::default();
        for (times, word) in (1..).zip(["هادئ", "البحر", "قالوا", "الصيادون", "عاد", "بيت"])
        {
            (0..times).for_each(|_| counts.add(word, word));
        }
        CommonWords::of(&counts.finish(10))
    }

    /// The words of a text that are in the dictionary, where they stand alone.
    fn common(text: &str, dictionary: &CommonWords) -> Pretokenized {
        let mut found = Pretokenized::default();
        words(text, |word| {
            let place = dictionary.find(text.as_bytes(), word.span.start, word.span.end);
            if let Some(place) = place.filter(|_| word.kind == TokenKind::Arabic) {
                found.push(word.span, place);
            }
        });
        found
    }

    fn there_and_back(text: &str) -> Vec<u8> {
        let dictionary = dictionary();
        let common = common(text, &dictionary);
        let bytes = compact(text, &common, &dictionary);
        assert_eq!(expand(&bytes, &dictionary), Some((text.to_owned(), common)));
        let without_words = compact(text, &Pretokenized::default(), &dictionary);
        assert_eq!(
            expand(&without_words, &dictionary)
                .map(|(text, _)| text)
                .as_deref(),
            Some(text)
        );
        bytes
    }

    #[test]
    fn a_common_word_takes_two_bytes_and_its_space_none() {
        assert_eq!(there_and_back("عاد الصيادون").len(), 2 + 2);
        assert_eq!(
            there_and_back("عاد الصيادون، وقالوا: «البحر هادئ» (BBC) 2019\n").len(),
            4 + 2 + 3 + 2 + 6 + 1 + 11
        );
        // The rest is as long as its letters.
        assert_eq!(there_and_back("عاد الملاحون").len(), 2 + 1 + 8);
        // Two spaces are no space, and none is none.
        assert_eq!(there_and_back("عاد  البحر ").len(), 2 + 2 + 2 + 1);
        assert_eq!(there_and_back("عاد٢").len(), 2 + 1 + 2);
    }

    #[test]
    fn damage_is_no_text() {
        let no_text: [&[u8]; 8] = [
            &[b'a', UTF8],
            &[UTF8, 3, b'a'],
            &[UTF8, 1, 0xC3],
            &[0],
            &[COMMON],
            &[COMMON, 6],
            &[0x0F, 0x80],
            &[LETTER + 1, 1],
        ];
        for bytes in no_text {
            assert_eq!(expand(bytes, &dictionary()), None, "{bytes:x?}");
        }
        assert_eq!(expand_fifth(&[b'a', FIFTH_UTF8]), None);
        assert_eq!(expand_fifth(&[FIFTH_UTF8, 3, b'a']), None);
        assert_eq!(expand_fifth(&[FIFTH_UTF8, 1, 0xC3]), None);
    }

    #[test]
    fn texts_of_the_fifth_schema_are_read() {
        let bytes = b"\xB9\xA7\xAF (BBC)\x0E\x02\xC2\xAB\n";
        assert_eq!(expand_fifth(bytes).as_deref(), Some("عاد (BBC)«\n"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[\\PC\u{0}-\u{1F}\u{600}-\u{6FF}\n]{0,60}|[漢🜁é]{100,200}|[ا-ي ]{0,80}|[ا-ي]{250,600}") {
            there_and_back(&text);
        }

        #[test]
        fn any_words_come_back(parts in prop::collection::vec("[وبلفكس]?(هادئ|البحر|قالوا|الصيادون|عاد|بيت)[ ،٢ًa.]{0,2}|[ا-ي]{1,12}| ", 0..20)) {
            there_and_back(&parts.concat());
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            expand(&bytes, &dictionary());
            expand_fifth(&bytes);
        }
    }
}

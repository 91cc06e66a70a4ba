//! Segmentation finds the words of a text, as spans of the original. It does not fold. It drops no
//! letters except proclitics that are written apart.
//!
//! ```text
//!     text    قالت أ.ف.ب: لـ«مجلس النواب»
//!     words   قالت | أ.ف.ب | مجلس | النواب
//! ```
//!
//! `index/tests/spec/segmentation.md` specifies the rules and says how frequent each case is in the
//! news.

mod proclitic;

use crate::chars::{self, Class, TATWEEL, class};
use crate::pretokenized::PretokenizedCursor;
use crate::{Span, address, number};
use proclitic::is_lone_proclitic;
pub use proclitic::is_proclitic;

/// The kind of a word, by the characters it is made of. It decides how the word's term is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters of the Arabic script.
    Arabic,
    /// Single letters of one script with separators between them: `أ.ف.ب`, `U.N`.
    Abbreviation,
    /// Letters of another script, or one ideograph.
    Other,
    /// Digits with their separators.
    Number,
    /// A whole hashtag, handle or address. Its parts follow as words of their own.
    Whole,
}

impl TokenKind {
    /// Returns the name of the kind in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arabic => "arabic",
            Self::Abbreviation => "abbreviation",
            Self::Other => "other",
            Self::Number => "number",
            Self::Whole => "whole",
        }
    }
}

/// A word of a text, found by segmentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The range of the word's bytes in the text.
    pub span: Span,
    /// What the word is made of.
    pub kind: TokenKind,
    /// The number of the sentence that contains the word, from 0.
    pub sentence: u32,
    /// The number of the word among the common words, if an earlier analysis found it there.
    pub(crate) common_number: Option<u16>,
}

/// Returns an iterator over the words of `text`, in order.
///
/// Invariant: spans are in bounds, on character boundaries and not empty. Their starts never go
/// backwards.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    words_with(text, PretokenizedCursor::default())
}

/// Does what [`words`] does. The words in `common` are taken as found and are not segmented again.
pub fn words_with<'a>(text: &'a str, common: PretokenizedCursor<'a>) -> impl Iterator<Item = Word> {
    Segmenter {
        text,
        common,
        position: 0,
        sentence: 0,
        breaks: false,
        last: None,
        parts_until: 0,
    }
}

/// Returns the first word of a text, skipping whole hashtags, handles and addresses. It reads no
/// further.
pub fn first_word(text: &str) -> Option<Word> {
    words(text).find(|word| word.kind != TokenKind::Whole)
}

struct Segmenter<'a> {
    text: &'a str,
    common: PretokenizedCursor<'a>,
    position: usize,
    sentence: u32,
    /// Whether a sentence ended since the last word.
    breaks: bool,
    last: Option<Word>,
    /// The end of the hashtag, handle or address whose parts are being found. Before it, no other
    /// whole begins.
    parts_until: usize,
}

impl Iterator for Segmenter<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            if let Some((number, end)) = self.common.at(self.position, self.text) {
                let word = self.word(TokenKind::Arabic, self.position, end);
                // Nearly every word ends at a space, which is skipped without a look-up of its
                // class.
                self.position += usize::from(self.text.as_bytes().get(end) == Some(&b' '));
                return Some(Word {
                    common_number: Some(number),
                    ..word
                });
            }
            let character = self.peek(self.position)?;
            let next = self.position + character.len_utf8();
            let word = match class(character) {
                Class::Gap => self.gap(character, next),
                Class::Invisible => {
                    self.position = next;
                    None
                }
                Class::Arabic => self.arabic(),
                Class::Letter => Some(self.letters()),
                Class::Digit => {
                    let end = number::number_end(self.text, self.position);
                    Some(self.word(TokenKind::Number, self.position, end))
                }
                Class::Ideograph => Some(self.word(TokenKind::Other, self.position, next)),
            };
            if word.is_some() {
                return word;
            }
        }
    }
}

impl Segmenter<'_> {
    fn peek(&self, position: usize) -> Option<char> {
        self.text[position..].chars().next()
    }

    /// Returns the word at the bytes `start..end`, and goes on at its end.
    fn word(&mut self, kind: TokenKind, start: usize, end: usize) -> Word {
        if self.breaks && self.last.is_some() {
            self.sentence += 1;
        }
        self.breaks = false;
        let word = Word {
            span: Span::new(start, end),
            kind,
            sentence: self.sentence,
            common_number: None,
        };
        self.last = Some(word);
        self.position = end;
        word
    }

    fn gap(&mut self, character: char, next: usize) -> Option<Word> {
        let start = self.position;
        let end = match character {
            '#' if start >= self.parts_until => address::hashtag_end(self.text, start),
            '@' if start >= self.parts_until => address::handle_end(self.text, start),
            _ => None,
        };
        let whole = end.map(|end| {
            self.parts_until = end;
            self.word(TokenKind::Whole, start, end)
        });
        self.breaks |= self.ends_sentence(character, next);
        self.position = next;
        whole
    }

    fn ends_sentence(&self, character: char, next: usize) -> bool {
        match character {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '!' | '?' | '؟' | '…' | '۔' | '。' => true,
            '.' => {
                let Some(last) = self.last.filter(|word| word.span.end + 1 == next) else {
                    return true;
                };
                let initial = last.kind == TokenKind::Abbreviation
                    || is_single_letter(last.span.slice(self.text));
                let inside = last.kind == TokenKind::Other
                    && self.peek(next).is_some_and(|c| c.is_ascii_alphanumeric());
                !initial && !inside && self.position >= self.parts_until
            }
            _ => false,
        }
    }

    fn arabic(&mut self) -> Option<Word> {
        let start = self.position;
        let end = run_end(self.text, start, Class::Arabic);
        let joined = self.abbreviation_end(start, end, Class::Arabic);
        if joined > end {
            Some(self.word(TokenKind::Abbreviation, start, joined))
        } else if is_lone_proclitic(self.text, start, end) {
            self.position = end;
            None
        } else {
            Some(self.word(TokenKind::Arabic, start, end))
        }
    }

    fn letters(&mut self) -> Word {
        let start = self.position;
        if start >= self.parts_until
            && let Some((parts, end)) = address::address(self.text, start)
        {
            let whole = self.word(TokenKind::Whole, start, end);
            self.position = parts;
            self.parts_until = end;
            return whole;
        }
        let end = run_end(self.text, start, Class::Letter);
        let joined = if start >= self.parts_until {
            self.abbreviation_end(start, end, Class::Letter)
        } else {
            end
        };
        let kind = if joined > end {
            TokenKind::Abbreviation
        } else {
            TokenKind::Other
        };
        self.word(kind, start, joined)
    }

    /// Returns the end of a chain of single letters with one separator between each two; `end` if
    /// there is no chain.
    fn abbreviation_end(&self, start: usize, end: usize, script: Class) -> usize {
        if !is_single_letter(&self.text[start..end]) {
            return end;
        }
        let mut chain = end;
        while let Some(separator) = self.peek(chain) {
            let joins = match script {
                Class::Arabic => matches!(separator, '.' | ',' | '،' | '؛' | ':' | '/' | '-'),
                _ => separator == '.',
            };
            let next = chain + separator.len_utf8();
            if !joins || self.peek(next).is_none_or(|c| class(c) != script) {
                break;
            }
            let next_end = run_end(self.text, next, script);
            if !is_single_letter(&self.text[next..next_end]) {
                break;
            }
            chain = next_end;
        }
        chain
    }
}

/// Returns the end of the run of letters of `script` that starts at `start`. Invisible characters
/// between the letters belong to it. At its end, marks and tatweel belong to it, and controls do
/// not.
fn run_end(text: &str, start: usize, script: Class) -> usize {
    let plain = if script == Class::Arabic {
        start + plain_arabic_bytes(&text.as_bytes()[start..])
    } else {
        start
    };
    let mut end = plain;
    for (offset, character) in text[plain..].char_indices() {
        let class = class(character);
        if class == script
            || (class == Class::Invisible && (character == TATWEEL || !chars::is_format(character)))
        {
            end = plain + offset + character.len_utf8();
        } else if class != Class::Invisible {
            break;
        }
    }
    end
}

/// Returns how many bytes at the beginning of `text` are plain letters from hamza to yeh. Nearly
/// all letters of the news are plain.
fn plain_arabic_bytes(text: &[u8]) -> usize {
    let is_letter = |utf8: &&[u8]| matches!(utf8, [0xD8, 0xA1..=0xBA] | [0xD9, 0x81..=0x8A]);
    2 * text.chunks_exact(2).take_while(is_letter).count()
}

fn is_single_letter(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| class(*c) != Class::Invisible);
    letters.next().is_some() && letters.next().is_none()
}

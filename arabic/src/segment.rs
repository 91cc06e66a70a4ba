//! Segmentation: where the words of a text stand, as spans of the original. It folds nothing and drops nothing but
//! lone proclitics.
//!
//! Rules and their rates in the news: the specification table `index/tests/spec/segmentation.md`.

use std::ops::ControlFlow;

use crate::Span;
use crate::address;
use crate::chars::{self, Class, TATWEEL, class};
use crate::number;

/// What a word is made of, which decides how its term is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters of the Arabic script.
    Arabic,
    /// Single letters of one script with separators between them: `أ.ف.ب`, `U.N`.
    Abbreviation,
    /// Letters of another script, or one ideograph.
    Other,
    /// Digits with their separators.
    Number,
    /// A hashtag, handle or address as a whole; its parts follow.
    Whole,
}

impl Kind {
    /// The name in the API.
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

/// A word of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: Kind,
    /// The number of its sentence, from 0, in order.
    pub sentence: u32,
    /// Its place among the commonest words of a model, if it was told as one of [`CommonWords`].
    pub common: Option<u16>,
}

/// A word of a text that is one of the commonest of a model, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommonWord {
    /// The byte at which it begins.
    pub start: u32,
    /// How many bytes it takes.
    pub size_bytes: u16,
    /// Its place among them.
    pub place: u16,
}

impl CommonWord {
    /// Where it stands.
    pub fn span(self) -> Span {
        let start = self.start as usize;
        Span::new(start, start + usize::from(self.size_bytes))
    }
}

/// The common words of a text, in order, as an earlier analysis with the same model found them: to segment it again, they
/// need not be looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct CommonWords<'a> {
    words: &'a [CommonWord],
    /// Where the text begins in the one that the words were found in.
    start: usize,
    are_all: bool,
}

impl<'a> CommonWords<'a> {
    /// Those of the part `span` of a text, of whose words these are some. If there are any, another that is not among them is
    /// taken for one that is not common: its terms are the same, it takes longer.
    pub fn within(words: &'a [CommonWord], span: Span) -> Self {
        let some = Self::among_others(words, span);
        Self {
            are_all: !some.words.is_empty(),
            ..some
        }
    }

    /// The same where others are looked up.
    pub fn among_others(words: &'a [CommonWord], span: Span) -> Self {
        let from = words.partition_point(|word| (word.start as usize) < span.start);
        let until = words.partition_point(|word| (word.start as usize) < span.end);
        Self {
            words: words.get(from..until).unwrap_or_default(),
            start: span.start,
            are_all: false,
        }
    }

    /// Whether there are no others.
    pub fn are_all(&self) -> bool {
        self.are_all
    }

    /// Which of them begins at `position` of the text, and where it ends. Positions never go backwards.
    fn at(&mut self, position: usize, text: &str) -> Option<(u16, usize)> {
        while let Some((word, rest)) = self.words.split_first() {
            let Span { start, end } = word.span();
            if start > self.start + position {
                return None;
            }
            self.words = rest;
            if start == self.start + position {
                let end = end - self.start;
                return Some((word.place, end))
                    .filter(|_| end > position && text.is_char_boundary(end));
            }
        }
        None
    }
}

/// Calls `on_word` for every word of `text`, in order.
///
/// Invariant: spans are in bounds, on character boundaries, not empty, and their starts never go backwards.
pub fn words(text: &str, mut on_word: impl FnMut(Word)) {
    words_with(text, CommonWords::default(), |word| {
        on_word(word);
        ControlFlow::Continue(())
    });
}

/// The same until `on_word` breaks, in a text some words of which are known.
pub fn words_with(
    text: &str,
    common: CommonWords<'_>,
    on_word: impl FnMut(Word) -> ControlFlow<()>,
) {
    let flow = ControlFlow::Continue(());
    Segmenter {
        text,
        common,
        position: 0,
        sentence: 0,
        breaks: false,
        last: None,
        parts_until: 0,
        on_word,
        flow,
    }
    .run();
}

/// The first word of a text that is no whole: nothing behind it is looked at.
pub fn first_word(text: &str) -> Option<Word> {
    let mut first = None;
    words_with(text, CommonWords::default(), |word| {
        if word.kind == Kind::Whole {
            return ControlFlow::Continue(());
        }
        first = Some(word);
        ControlFlow::Break(())
    });
    first
}

struct Segmenter<'a, F> {
    text: &'a str,
    common: CommonWords<'a>,
    position: usize,
    sentence: u32,
    /// A sentence ended since the last word.
    breaks: bool,
    last: Option<Word>,
    /// Inside a whole already emitted: only parts are looked for up to here.
    parts_until: usize,
    on_word: F,
    flow: ControlFlow<()>,
}

impl<F: FnMut(Word) -> ControlFlow<()>> Segmenter<'_, F> {
    fn run(mut self) {
        while self.flow.is_continue() {
            if let Some((place, end)) = self.common.at(self.position, self.text) {
                self.emit_word(Kind::Arabic, self.position, end, Some(place));
                // Nearly every word is followed by one, which says nothing else.
                self.position += usize::from(self.text.as_bytes().get(end) == Some(&b' '));
                continue;
            }
            let Some(character) = self.peek(self.position) else {
                break;
            };
            match class(character) {
                Class::Gap => self.gap(character),
                Class::Invisible => self.position += character.len_utf8(),
                Class::Arabic => self.arabic(),
                Class::Letter => self.letters(),
                Class::Digit => self.number(),
                Class::Ideograph => self.emit(
                    Kind::Other,
                    self.position,
                    self.position + character.len_utf8(),
                ),
            }
        }
    }

    fn peek(&self, position: usize) -> Option<char> {
        self.text[position..].chars().next()
    }

    fn emit(&mut self, kind: Kind, start: usize, end: usize) {
        self.emit_word(kind, start, end, None);
    }

    fn emit_word(&mut self, kind: Kind, start: usize, end: usize, common: Option<u16>) {
        if self.breaks && self.last.is_some() {
            self.sentence += 1;
        }
        self.breaks = false;
        let word = Word {
            span: Span::new(start, end),
            kind,
            sentence: self.sentence,
            common,
        };
        self.last = Some(word);
        self.position = if kind == Kind::Whole { start } else { end };
        self.flow = (self.on_word)(word);
    }

    fn gap(&mut self, character: char) {
        let start = self.position;
        let next = start + character.len_utf8();
        if start >= self.parts_until
            && let Some(end) = match character {
                '#' => address::hashtag_end(self.text, start),
                '@' => address::handle_end(self.text, start),
                _ => None,
            }
        {
            self.emit(Kind::Whole, start, end);
            self.parts_until = end;
        }
        self.breaks |= self.ends_sentence(character, next);
        self.position = next;
    }

    fn ends_sentence(&self, character: char, next: usize) -> bool {
        match character {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '!' | '?' | '؟' | '…' | '۔' | '。' => true,
            '.' => {
                let Some(last) = self.last.filter(|word| word.span.end + 1 == next) else {
                    return true;
                };
                let initial =
                    last.kind == Kind::Abbreviation || is_single_letter(last.span.slice(self.text));
                let inside = last.kind == Kind::Other
                    && self.peek(next).is_some_and(|c| c.is_ascii_alphanumeric());
                !initial && !inside && self.position >= self.parts_until
            }
            _ => false,
        }
    }

    fn arabic(&mut self) {
        let start = self.position;
        let end = run_end(self.text, start, Class::Arabic);
        let joined = self.abbreviation_end(start, end, Class::Arabic);
        if joined > end {
            self.emit(Kind::Abbreviation, start, joined);
        } else if is_lone_proclitic(self.text, start, end) {
            self.position = end;
        } else {
            self.emit(Kind::Arabic, start, end);
        }
    }

    fn letters(&mut self) {
        let start = self.position;
        if start >= self.parts_until
            && let Some((parts, end)) = address::address(self.text, start)
        {
            self.emit(Kind::Whole, start, end);
            self.position = parts;
            self.parts_until = end;
            return;
        }
        let end = run_end(self.text, start, Class::Letter);
        let joined = if start >= self.parts_until {
            self.abbreviation_end(start, end, Class::Letter)
        } else {
            end
        };
        self.emit(
            if joined > end {
                Kind::Abbreviation
            } else {
                Kind::Other
            },
            start,
            joined,
        );
    }

    fn number(&mut self) {
        let end = number::number_end(self.text, self.position);
        self.emit(Kind::Number, self.position, end);
    }

    /// The end of a chain of single letters with one separator between each two, or `end` where there is none.
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

/// The end of the run of `script` that starts at `start`: letters and what is invisible between them, marks and
/// tatweel at its end included, controls at its end not.
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

/// How many bytes the plain letters from hamza to yeh take, which are nearly all of the news.
fn plain_arabic_bytes(text: &[u8]) -> usize {
    let is_letter = |utf8: &&[u8]| matches!(utf8, [0xD8, 0xA1..=0xBA] | [0xD9, 0x81..=0x8A]);
    2 * text.chunks_exact(2).take_while(is_letter).count()
}

fn is_single_letter(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| class(*c) != Class::Invisible);
    letters.next().is_some() && letters.next().is_none()
}

/// Conjunctions, prepositions and the article as they are written before a quote or a Latin word.
const PROCLITICS: [&str; 25] = [
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وبال", "فبال",
    "وكال", "فكال", "وب", "ول", "وك", "فب", "فل", "فك", "أل", "وأل",
];

/// The same as numbers: the longest have four letters of two bytes.
const PROCLITIC_BYTES: [[u8; 8]; PROCLITICS.len()] = {
    let mut all = [[0; 8]; PROCLITICS.len()];
    let mut i = 0;
    while i < all.len() {
        let letters = PROCLITICS[i].as_bytes();
        let mut j = 0;
        while j < letters.len() {
            all[i][j] = letters[j];
            j += 1;
        }
        i += 1;
    }
    all
};

/// Whether a word is one of the proclitics that may be written apart, tatweel and marks aside.
pub fn is_proclitic(word: &str) -> bool {
    let mut letters = [0u8; 8];
    let mut length = 0;
    for character in word.chars().filter(|c| class(*c) == Class::Arabic) {
        if length + character.len_utf8() > letters.len() {
            return false;
        }
        length += character.encode_utf8(&mut letters[length..]).len();
    }
    PROCLITIC_BYTES.contains(&letters)
}

/// Whether the Arabic run `start..end` is a proclitic that stands before a quote, a Latin word or a number
/// (`لـ«مجلس`, `الـBBC`, `و2019`), or one cut off by tatweel or by a stray space (`لـ مجلس`, `و قال`).
fn is_lone_proclitic(text: &str, start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let stretched = word.ends_with(TATWEEL);
    // What stands before a space, as nearly every word does, is a proclitic only if it is drawn out, or a lone و.
    if text[end..].starts_with(' ') && !stretched && word != "و" {
        return false;
    }
    if !is_proclitic(word) {
        return false;
    }
    let mut after = text[end..]
        .chars()
        .filter(|c| class(*c) != Class::Invisible);
    let Some(next) = after.next() else {
        return false;
    };
    let second = after.next();
    let opens_word = second.is_some_and(|c| chars::is_word(c) || matches!(c, '#' | '@'));
    match next {
        '«' | '“' | '(' | '[' | '{' | '‹' | '<' => true,
        '"' | '\'' | '”' | '»' | '’' | '‘' | '„' => {
            opens_word && !text[..start].ends_with(next)
        }
        '#' | '@' => opens_word,
        ' ' | '\u{A0}' if stretched => {
            opens_word || second.is_some_and(|c| matches!(c, '«' | '“' | '"' | '('))
        }
        // A و written apart belongs to the next word, unless it is a letter among letters (و ا ف).
        ' ' | '\u{A0}' => {
            word == "و"
                && second.is_some_and(|c| class(c) == Class::Arabic)
                && after.next().is_some_and(|c| class(c) == Class::Arabic)
        }
        c => matches!(class(c), Class::Letter | Class::Digit),
    }
}

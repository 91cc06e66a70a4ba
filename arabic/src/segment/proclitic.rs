//! Proclitics that are written apart from their word: `لـ«مجلس`, `الـBBC`, `و قال`. Segmentation
//! skips them, because they are no words.

use crate::chars::{self, Class, TATWEEL, class};

/// Conjunctions, prepositions and the article, as they are written before a quote or a Latin word.
const PROCLITICS: [&str; 25] = [
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وبال", "فبال",
    "وكال", "فكال", "وب", "ول", "وك", "فب", "فل", "فك", "أل", "وأل",
];

/// The bytes of each of the [`PROCLITICS`], padded with zeros. The longest have four letters of two
/// bytes.
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

/// Returns whether a word is one of the proclitics that may be written apart. Tatweel and marks are
/// ignored.
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

/// Whether the Arabic run at the bytes `start..end` is a proclitic that is written apart. A quote,
/// a Latin word or a number may follow it (`لـ«مجلس`, `الـBBC`, `و2019`). Tatweel or a stray space
/// may separate it from its word (`لـ مجلس`, `و قال`).
pub(super) fn is_lone_proclitic(text: &str, start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let stretched = word.ends_with(TATWEEL);
    // Nearly every word stands before a space. There, only a proclitic with tatweel or a lone و is
    // a proclitic.
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
        // A و before a space belongs to the next word, unless it is a letter in a list of letters
        // (و ا ف).
        ' ' | '\u{A0}' => {
            word == "و"
                && second.is_some_and(|c| class(c) == Class::Arabic)
                && after.next().is_some_and(|c| class(c) == Class::Arabic)
        }
        c => matches!(class(c), Class::Letter | Class::Digit),
    }
}

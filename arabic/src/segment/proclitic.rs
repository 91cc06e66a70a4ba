//! Proclitics that are written apart from their word: `لـ«مجلس`, `الـBBC`, `و قال`. Segmentation
//! skips them, because they are no words.

use crate::PackedWord;
use crate::chars::{self, Class, TATWEEL, class};

/// Conjunctions, prepositions and the article, as they are written before a quote or a Latin word.
const PROCLITICS: [PackedWord; 25] = PackedWord::all([
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وبال", "فبال",
    "وكال", "فكال", "وب", "ول", "وك", "فب", "فل", "فك", "أل", "وأل",
]);

/// The maximum number of letters in the [`PROCLITICS`].
const MAX_LETTERS: usize = 4;

/// Returns whether a word is one of the proclitics that may be written apart. Tatweel and marks are
/// ignored.
pub fn is_proclitic(word: &str) -> bool {
    let letters = word.chars().filter(|c| class(*c) == Class::Arabic);
    PackedWord::pack_chars(letters.take(MAX_LETTERS + 1))
        .is_some_and(|letters| PROCLITICS.contains(&letters))
}

/// Whether the Arabic run at the bytes `start..end` is a proclitic that is written apart. A quote,
/// a Latin word or a number may follow it (`لـ«مجلس`, `الـBBC`, `و2019`). Tatweel or a stray space
/// may separate it from its word (`لـ مجلس`, `و قال`).
pub fn is_lone_proclitic(text: &str, start: usize, end: usize) -> bool {
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

//! From a written word to its terms: the folded word, the form and the stem. The terms of the other
//! kinds of tokens are made here, too. Finding the words is not done here.

use crate::MAX_TERM_CHARS;
use crate::fold::{fold, fold_arabic_word};
use crate::form::form;
use crate::lexicon::Lexicon;
use crate::model::packed_word::PackedWord;
use crate::segment::TokenKind;
use crate::{address, chars, number, stem};

/// Returns the folded word and the stem of an Arabic word, borrowed from the text or the lexicon
/// where possible.
pub(crate) fn arabic_terms<'a>(
    lexicon: &'a Lexicon,
    written: &'a str,
    folded: &'a mut String,
    stemmed: &'a mut String,
) -> (&'a str, &'a str) {
    // No character folds to more than four letters, and those that fold to more than one take three
    // bytes.
    if written.len() <= MAX_TERM_CHARS * 3 / 4 {
        let (packed, surface) = fold_arabic_word(written, folded);
        return (surface, stem::stem(lexicon, packed, surface, stemmed));
    }
    form_surface(TokenKind::Arabic, written, folded);
    let packed = PackedWord::pack(folded);
    (folded, stem::stem(lexicon, packed, folded, stemmed))
}

/// Returns surface, form and stem of an Arabic word.
pub(crate) fn terms_of_arabic(lexicon: &Lexicon, written: &str) -> [String; 3] {
    let mut folded = String::new();
    let mut stemmed = String::new();
    let mut spelled = String::new();
    let (surface, stem) = arabic_terms(lexicon, written, &mut folded, &mut stemmed);
    let form = form(TokenKind::Arabic, written, surface, &mut spelled);
    [surface, form, stem].map(str::to_owned)
}

/// Writes the folded word to `surface`. It is empty if the word consists of marks alone.
pub(crate) fn form_surface(kind: TokenKind, written: &str, surface: &mut String) {
    match kind {
        TokenKind::Arabic | TokenKind::Other => fold(written, surface),
        TokenKind::Number => number::number_term(written, surface),
        TokenKind::Whole => address::whole_term(written, surface),
        TokenKind::Abbreviation => {
            fold(written, surface);
            surface.retain(chars::is_word);
        }
    }
    limit(surface);
}

/// Cuts a term longer than [`MAX_TERM_CHARS`]: its beginning and a hash of all of it remain, so
/// long terms stay distinct.
fn limit(term: &mut String) {
    // Short in bytes is short in characters.
    if term.len() <= MAX_TERM_CHARS || term.chars().count() <= MAX_TERM_CHARS {
        return;
    }
    let hash = fnv1a(term.as_bytes());
    let beginning = term.char_indices().nth(MAX_TERM_CHARS - 17);
    term.truncate(beginning.map_or(term.len(), |(offset, _)| offset));
    term.push_str(&format!("~{hash:016x}"));
}

/// The 64-bit FNV-1a hash: stable between versions and machines, which `std`'s hashers do not
/// promise.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash
}

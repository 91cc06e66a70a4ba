//! Computes the folded word of a written word of any kind. The words are found in `segment` and
//! stemmed in `stem`.

use crate::fnv1a::fnv1a;
use crate::fold::fold;
use crate::segment::TokenKind;
use crate::{MAX_TERM_CHARS, address, chars, number};

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

/// Cuts a term that is longer than [`MAX_TERM_CHARS`]. It keeps the beginning and appends a hash of
/// the whole term, so long terms stay distinct.
fn limit(term: &mut String) {
    // A term has at most as many characters as bytes, so most terms need no count of characters.
    if term.len() <= MAX_TERM_CHARS || term.chars().count() <= MAX_TERM_CHARS {
        return;
    }
    let hash = fnv1a(term.as_bytes());
    let beginning = term.char_indices().nth(MAX_TERM_CHARS - 17);
    term.truncate(beginning.map_or(term.len(), |(offset, _)| offset));
    term.push_str(&format!("~{hash:016x}"));
}

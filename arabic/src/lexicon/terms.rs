//! Computes the terms of a word: the folded word, the form and the stem.

use super::Lexicon;
use crate::fold::{fold, fold_arabic_word};
use crate::light10::light10;
use crate::stem::{Steps, is_arabic, learn, spelling};
use crate::{MAX_TERM_CHARS, PackedWord, TokenKind, address, chars, fnv1a, form, number};

impl Lexicon {
    /// Returns the folded word and the stem of a word, borrowed from the text or the lexicon where
    /// possible. Both are empty if the word consists of marks alone.
    pub fn terms<'a>(
        &'a self,
        kind: TokenKind,
        written: &'a str,
        folded: &'a mut String,
        stemmed: &'a mut String,
    ) -> (&'a str, &'a str) {
        let (packed, surface) = surface(kind, written, folded);
        if kind != TokenKind::Arabic {
            return (surface, surface);
        }
        (
            surface,
            self.stem_as_written(packed, surface, written, stemmed),
        )
    }

    /// Returns the stem of a written word, given also as folded. It differs from that of the folded
    /// word if the word is a form of a separated spelling. Otherwise see [`stem`](Self::stem).
    pub fn stem_as_written<'a>(
        &'a self,
        packed: Option<PackedWord>,
        folded: &'a str,
        written: &str,
        buffer: &'a mut String,
    ) -> &'a str {
        let model = &*self.model;
        let stems = self.stems.get();
        let index = packed.and_then(|word| stems.and_then(|_| model.words.find(word)));
        let known = stems.zip(index);
        let may_differ = match known {
            Some((stems, index)) => stems.may_differ_by_spelling(index),
            None => model.separations().has_spellings(),
        };
        let steps = packed
            .filter(|_| may_differ)
            .map(|word| Steps::of(model, word));
        let separated = steps.as_ref().and_then(|steps| {
            let path = steps.path(model);
            let may_differ = known.is_some() || spelling::may_differ(model, &path);
            let path = may_differ.then(|| spelling::spelled_path(model, steps, &path, written))?;
            spelling::separated(model, &path)
        });
        if let Some(spelling) = separated {
            return write(spelling, buffer);
        }
        let learnt = match (known, steps) {
            (Some((stems, index)), _) => stems.get(index),
            (None, Some(steps)) => write(steps.stemmed(model).stem, buffer),
            (None, None) => return self.stem(packed, folded, buffer),
        };
        if learnt.is_empty() {
            by_rules(folded)
        } else {
            learnt
        }
    }

    /// Returns the folded word, the form and the stem of an Arabic word.
    pub fn terms_of_arabic(&self, written: &str) -> [String; 3] {
        let mut folded = String::new();
        let mut stemmed = String::new();
        let mut spelled = String::new();
        let (surface, stem) = self.terms(TokenKind::Arabic, written, &mut folded, &mut stemmed);
        let form = form(TokenKind::Arabic, written, surface, &mut spelled);
        [surface, form, stem].map(str::to_owned)
    }

    /// Returns the stem of a folded word, given as text and, if it is short enough, packed. The
    /// stem is borrowed from the lexicon or the word where possible, and otherwise written to
    /// `buffer`.
    ///
    /// A word that is not all Arabic letters is its own stem. Invariants: the stem of a word is not
    /// empty. It has at most one letter more than the word: a final weak letter that writing omits.
    pub fn stem<'a>(
        &'a self,
        packed: Option<PackedWord>,
        folded: &'a str,
        buffer: &'a mut String,
    ) -> &'a str {
        if let Some(word) = packed {
            let stems = self.stems.get();
            match stems.and_then(|stems| Some(stems.get(self.model.words.find(word)?))) {
                // The counts have no evidence about the word.
                Some("") => {}
                Some(stem) => return stem,
                None => {
                    let learnt = learn(&self.model, word).stem;
                    if learnt != PackedWord::NONE {
                        return write(learnt, buffer);
                    }
                }
            }
        }
        by_rules(folded)
    }
}

/// Returns the stem of a word about which the counts have no evidence.
fn by_rules(folded: &str) -> &str {
    if is_arabic(folded) {
        light10(folded)
    } else {
        folded
    }
}

fn write(word: PackedWord, buffer: &mut String) -> &str {
    buffer.clear();
    buffer.extend(word.chars());
    buffer
}

/// Returns the folded word, also packed if it is an Arabic word that is short enough. It is
/// borrowed from the text where possible, and empty if the word consists of marks alone.
pub fn surface<'a>(
    kind: TokenKind,
    written: &'a str,
    folded: &'a mut String,
) -> (Option<PackedWord>, &'a str) {
    // No character folds to more than four letters, and a character that folds to more than one
    // takes three bytes. So the folded word cannot exceed the maximum length.
    if kind == TokenKind::Arabic && written.len() <= MAX_TERM_CHARS * 3 / 4 {
        return fold_arabic_word(written, folded);
    }
    write_surface(kind, written, folded);
    let is_arabic = kind == TokenKind::Arabic;
    (
        is_arabic.then(|| PackedWord::pack(folded)).flatten(),
        folded,
    )
}

/// Writes the folded word to `surface`. It is empty if the word consists of marks alone.
pub fn write_surface(kind: TokenKind, written: &str, surface: &mut String) {
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

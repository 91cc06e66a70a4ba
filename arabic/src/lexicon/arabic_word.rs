//! Computes the terms of an Arabic word: the folded word, the form and the stem. Terms of other
//! kinds of tokens are computed in `term`.

use super::Lexicon;
use crate::MAX_TERM_CHARS;
use crate::fold::fold_arabic_word;
use crate::form::form;
use crate::light10::light10;
use crate::model::packed_word::PackedWord;
use crate::segment::TokenKind;
use crate::stem::{is_arabic, learn};
use crate::term::form_surface;

impl Lexicon {
    /// Returns the folded word and the stem of an Arabic word, borrowed from the text or the
    /// lexicon where possible.
    pub(crate) fn arabic_terms<'a>(
        &'a self,
        written: &'a str,
        folded: &'a mut String,
        stemmed: &'a mut String,
    ) -> (&'a str, &'a str) {
        // No character folds to more than four letters, and a character that folds to more than one
        // takes three bytes. So the folded word cannot exceed the maximum length.
        if written.len() <= MAX_TERM_CHARS * 3 / 4 {
            let (packed, surface) = fold_arabic_word(written, folded);
            return (surface, self.stem(packed, surface, stemmed));
        }
        form_surface(TokenKind::Arabic, written, folded);
        let packed = PackedWord::pack(folded);
        (folded, self.stem(packed, folded, stemmed))
    }

    /// Returns the folded word, the form and the stem of an Arabic word.
    pub(super) fn terms_of_arabic(&self, written: &str) -> [String; 3] {
        let mut folded = String::new();
        let mut stemmed = String::new();
        let mut spelled = String::new();
        let (surface, stem) = self.arabic_terms(written, &mut folded, &mut stemmed);
        let form = form(TokenKind::Arabic, written, surface, &mut spelled);
        [surface, form, stem].map(str::to_owned)
    }

    /// Returns the stem of a folded word, given as text and, if it is short enough, packed. The
    /// stem is borrowed from the lexicon or the word where possible, and otherwise written to
    /// `buffer`.
    ///
    /// A word that is not all Arabic letters is its own stem. Invariants: the stem of a word is not
    /// empty. It has at most one letter more than the word: a final weak letter that writing omits.
    pub(crate) fn stem<'a>(
        &'a self,
        packed: Option<PackedWord>,
        folded: &'a str,
        buffer: &'a mut String,
    ) -> &'a str {
        if let Some(word) = packed {
            if let Some(stem) = self.known_stem(word) {
                return if stem.is_empty() {
                    light10(folded)
                } else {
                    stem
                };
            }
            let learnt = learn(&self.model, word).stem;
            if learnt != PackedWord::NONE {
                buffer.clear();
                buffer.extend(learnt.chars());
                return buffer;
            }
        }
        if is_arabic(folded) {
            light10(folded)
        } else {
            folded
        }
    }

    /// Returns the stored stem of a word of the model. It is empty if the counts have no evidence
    /// about the word. Returns `None` if the word is not in the model, or if no stems are stored
    /// yet.
    fn known_stem(&self, folded: PackedWord) -> Option<&str> {
        let stems = self.stems.get()?;
        self.model.find(folded).map(|index| stems.get(index))
    }
}

//! The terms of the [common words](super::common_words), by number, computed once. The analysis
//! looks a common word up here and neither folds nor stems it. The terms are computed in
//! `terms`.

use super::term_filter::TermHashes;
use crate::fnv1a;

/// The terms of one word.
#[derive(Default)]
pub struct WordTerms<'a> {
    /// The folded word.
    pub surface: &'a str,
    /// The word as it is spelled: its [`form`](crate::form()).
    pub form: &'a str,
    /// The stem.
    pub stem: &'a str,
}

/// The terms of the common words, by number.
#[derive(Default)]
pub struct CommonTerms {
    offsets: Vec<TermOffsets>,
    /// The hashes by number, stored apart from the offsets because a search mostly needs the hashes
    /// alone.
    hashes: Vec<TermHashes>,
    /// The form and the stem of each word, one after another without separators.
    text: String,
}

/// Where the terms of a word stand in the text: the form first, which begins with the folded word,
/// then the stem.
struct TermOffsets {
    offset: u32,
    surface_bytes: u8,
    form_bytes: u8,
    stem_bytes: u8,
    surface_hash: u64,
}

impl CommonTerms {
    /// Stores the surface, form and stem of each word, in the order of the numbers.
    pub fn new(words: impl Iterator<Item = [String; 3]>) -> Self {
        let mut terms = Self::default();
        for [surface, form, stem] in words {
            terms.hashes.push(TermHashes::of(&surface, &stem));
            terms.offsets.push(TermOffsets {
                offset: terms.text.len() as u32,
                surface_bytes: surface.len() as u8,
                form_bytes: form.len() as u8,
                stem_bytes: stem.len() as u8,
                surface_hash: fnv1a(surface.as_bytes()),
            });
            terms.text.push_str(&form);
            terms.text.push_str(&stem);
        }
        terms.offsets.shrink_to_fit();
        terms.hashes.shrink_to_fit();
        terms.text.shrink_to_fit();
        terms
    }

    /// Returns [`fnv1a`] of the folded word; `None` if no common word has this number.
    pub fn surface_hash(&self, number: u16) -> Option<u64> {
        let offsets = self.offsets.get(usize::from(number))?;
        Some(offsets.surface_hash)
    }

    /// Returns the hashes of a word's terms for a [`TermFilter`](super::TermFilter).
    pub fn hashes(&self, number: u16) -> Option<TermHashes> {
        self.hashes.get(usize::from(number)).copied()
    }

    pub fn get(&self, number: u16) -> Option<WordTerms<'_>> {
        let word = self.offsets.get(usize::from(number))?;
        let start = word.offset as usize;
        let middle = start + usize::from(word.form_bytes);
        let form = &self.text[start..middle];
        Some(WordTerms {
            surface: &form[..usize::from(word.surface_bytes)],
            form,
            stem: &self.text[middle..middle + usize::from(word.stem_bytes)],
        })
    }
}

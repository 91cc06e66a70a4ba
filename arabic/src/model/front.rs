//! The terms of the commonest [written words](super::written), by their places, worked out once. How a word becomes its terms,
//! the analyser says.

use crate::fnv1a;
use crate::wanted::TermHashes;

/// So many of the commonest words: nine of ten of the news, in some five megabytes.
pub(super) const MAX_WORDS: usize = 1 << 15;

/// The terms of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordTerms<'a> {
    /// The folded word.
    pub surface: &'a str,
    /// The word as it is spelled: its [`form`](crate::form()).
    pub form: &'a str,
    /// Its stem.
    pub stem: &'a str,
}

/// Terms by place.
#[derive(Default)]
pub(super) struct Front {
    entries: Vec<Entry>,
    /// Beside them, since most that is asked is answered by them alone.
    hashes: Vec<TermHashes>,
    /// The terms, one after the other.
    text: String,
}

#[derive(Clone, Copy)]
struct Entry {
    offset: u32,
    surface_bytes: u8,
    form_bytes: u8,
    stem_bytes: u8,
    surface_hash: u64,
}

impl Front {
    /// Takes the terms of written words in their order: surface, form and stem.
    pub(super) fn new(words: impl Iterator<Item = [String; 3]>) -> Self {
        let mut front = Self::default();
        for [surface, form, stem] in words {
            let offset = front.text.len() as u32;
            // A form is its folded word, or begins with it.
            let [surface_bytes, form_bytes, stem_bytes] =
                [&surface, &form, &stem].map(|term| term.len() as u8);
            front.text.push_str(&form);
            front.text.push_str(&stem);
            let surface_hash = fnv1a(surface.as_bytes());
            front.hashes.push(TermHashes::of(&surface, &stem));
            front.entries.push(Entry {
                offset,
                surface_bytes,
                form_bytes,
                stem_bytes,
                surface_hash,
            });
        }
        front.entries.shrink_to_fit();
        front.hashes.shrink_to_fit();
        front.text.shrink_to_fit();
        front
    }

    /// [`fnv1a`] of the folded word at a place.
    pub(super) fn surface_hash(&self, place: usize) -> Option<u64> {
        self.entries.get(place).map(|entry| entry.surface_hash)
    }

    /// Hashes of the terms of the word at a place.
    pub(super) fn hashes(&self, place: usize) -> Option<TermHashes> {
        self.hashes.get(place).copied()
    }

    /// The terms of the word at a place.
    pub(super) fn get(&self, place: usize) -> Option<WordTerms<'_>> {
        let Entry {
            offset,
            surface_bytes,
            form_bytes,
            stem_bytes,
            ..
        } = *self.entries.get(place)?;
        let (start, middle) = (offset as usize, offset as usize + usize::from(form_bytes));
        let form = &self.text[start..middle];
        let stem = &self.text[middle..middle + usize::from(stem_bytes)];
        Some(WordTerms {
            surface: &form[..usize::from(surface_bytes)],
            form,
            stem,
        })
    }
}

//! The terms of the commonest written words, worked out once. How a word becomes its terms, the analyser says.

use super::written::WrittenWords;
use crate::analysis::fnv1a;
use crate::span::Span;

/// So many of the commonest words: nine of ten of the news, in some five megabytes.
pub(super) const MAX_WORDS: usize = 1 << 15;

/// The terms of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordTerms<'a> {
    /// The folded word.
    pub surface: &'a str,
    /// The word as it is spelled: its [`form`](crate::analysis::form()).
    pub form: &'a str,
    /// Its stem.
    pub stem: &'a str,
}

/// Terms by written word.
#[derive(Default)]
pub(super) struct Front {
    words: WrittenWords,
    entries: Vec<Entry>,
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
    /// Takes written words, each once, with what `terms_of` makes of them: surface, form and stem.
    pub(super) fn new(words: &[String], terms_of: impl Fn(&str) -> [String; 3]) -> Self {
        let mut front = Self { words: WrittenWords::new(words.iter().map(String::as_str)), ..Self::default() };
        for word in words {
            let [surface, form, stem] = terms_of(word);
            let offset = front.text.len() as u32;
            // A form is its folded word, or begins with it.
            let [surface_bytes, form_bytes, stem_bytes] = [&surface, &form, &stem].map(|term| term.len() as u8);
            front.text.push_str(&form);
            front.text.push_str(&stem);
            let surface_hash = fnv1a(surface.as_bytes());
            front.entries.push(Entry { offset, surface_bytes, form_bytes, stem_bytes, surface_hash });
        }
        front.entries.shrink_to_fit();
        front.text.shrink_to_fit();
        front
    }

    /// The place of the word at a span of a text.
    pub(super) fn find(&self, text: &str, word: Span) -> Option<usize> {
        self.words.find(text.as_bytes(), word.start, word.end)
    }

    /// [`fnv1a`] of the folded word at a place.
    pub(super) fn surface_hash(&self, place: usize) -> Option<u64> {
        self.entries.get(place).map(|entry| entry.surface_hash)
    }

    /// The terms of the word at a place.
    pub(super) fn get(&self, place: usize) -> Option<WordTerms<'_>> {
        let Entry { offset, surface_bytes, form_bytes, stem_bytes, .. } = *self.entries.get(place)?;
        let (start, middle) = (offset as usize, offset as usize + usize::from(form_bytes));
        let form = &self.text[start..middle];
        let stem = &self.text[middle..middle + usize::from(stem_bytes)];
        Some(WordTerms { surface: &form[..usize::from(surface_bytes)], form, stem })
    }
}

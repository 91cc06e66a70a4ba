//! The stem of every word of a model, worked out once: eight bytes a word and the text of the distinct stems.
//! What the stem of a word is, the stemmer says.

use rustc_hash::FxHashMap;

use super::letters::Letters;
use crate::analysis::stem::Stemmed;

/// The stems, by the place of their words in the model's table.
#[derive(Default)]
pub(super) struct Stems {
    words: Vec<Word>,
    /// The distinct stems, one after the other, in the order in which words ask for them.
    text: String,
}

#[derive(Clone, Copy)]
struct Word {
    offset: u32,
    size_bytes: u8,
    proclitics: u8,
    enclitics: u8,
}

/// A stemmed word whose stem is borrowed from the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) struct Known<'a> {
    /// Empty of a word that the counts say nothing about.
    pub(in crate::analysis) stem: &'a str,
    pub(in crate::analysis) proclitics: u8,
    pub(in crate::analysis) enclitics: u8,
}

impl Stems {
    /// Keeps the stems of all words, which come in the order of their places.
    pub(super) fn new(words: impl Iterator<Item = Stemmed>) -> Self {
        let mut stems = Self::default();
        let mut offsets: FxHashMap<Letters, u32> = FxHashMap::default();
        for word in words {
            let offset = *offsets.entry(word.stem).or_insert_with(|| {
                let offset = stems.text.len() as u32;
                stems.text.extend(word.stem.chars());
                offset
            });
            stems.words.push(Word {
                offset,
                // At most sixteen letters of two bytes.
                size_bytes: (2 * word.stem.letter_count()) as u8,
                proclitics: word.proclitics,
                enclitics: word.enclitics,
            });
        }
        stems.words.shrink_to_fit();
        stems.text.shrink_to_fit();
        stems
    }

    pub(super) fn get(&self, place: usize) -> Known<'_> {
        let Word { offset, size_bytes, proclitics, enclitics } = self.words[place];
        let start = offset as usize;
        Known { stem: &self.text[start..start + usize::from(size_bytes)], proclitics, enclitics }
    }
}

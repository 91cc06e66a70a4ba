//! The occurrences of the query's words in an article. Backends read them from postings or from the
//! article itself; this module adds them up. It computes no score.

use super::{FREQUENCIES, ScoringTerm};
use crate::document::Field;

/// The position of the first word of a caption. It is so high that no word of a caption is near a
/// word of the body.
const CAPTION_START: u32 = 1 << 30;

/// The occurrences of one word of the query in an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Occurrences {
    /// The number of occurrences at each level, and of the typed spelling, weighted by field.
    pub frequencies: [f32; FREQUENCIES],
    /// The positions at which the word matches, ascending. [`start_of`] returns the first position
    /// of each field.
    pub positions: Vec<u32>,
}

/// The occurrences of all words of the query in an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleOccurrences {
    /// The number of words in the article, weighted by field.
    pub length: f32,
    /// The number of words in the title.
    pub title_words: u32,
    /// The occurrences of each word of the query, in the order of the scoring words.
    pub words: Vec<Occurrences>,
}

impl ArticleOccurrences {
    /// Returns empty occurrences for a query of `words` words.
    pub fn none(words: usize) -> Self {
        Self {
            length: 0.0,
            title_words: 0,
            words: vec![Occurrences::default(); words],
        }
    }

    /// Adds the words of a field to the length of the article.
    pub fn add_field(&mut self, field: Field, field_weight: f32, words: u32) {
        self.length += field_weight * words as f32;
        if field == Field::Title {
            self.title_words = words;
        }
    }

    /// Returns the field that has a position.
    pub fn field_of(&self, position: u32) -> Field {
        if position >= CAPTION_START {
            Field::Caption
        } else if position >= self.title_words {
            Field::Body
        } else {
            Field::Title
        }
    }

    /// Sorts the positions. The caller does this after the last field.
    pub fn sort_positions(&mut self) {
        for word in &mut self.words {
            word.positions.sort_unstable();
        }
    }
}

impl Occurrences {
    /// Adds `times` occurrences of one of the word's scoring terms in a field.
    pub fn add(&mut self, term: &ScoringTerm, field_weight: f32, times: u32) {
        let frequency = term.weight * field_weight * times as f32;
        for level in term.counts_for {
            self.frequencies[*level] += frequency;
        }
    }
}

/// Returns the position of a field's first word. The body's positions continue after the title's.
/// With a title of 5 words, the first word of the body has position 5.
pub const fn start_of(field: Field, title_words: u32) -> u32 {
    match field {
        Field::Title => 0,
        Field::Body => title_words,
        Field::Caption => CAPTION_START,
    }
}

//! What an article holds of the words of a query. Backends count, from postings or from the article itself; the rules
//! of counting are here. The score is not computed here.

use super::{LEVELS, ScoringTerm};
use crate::document::Field;

/// The position of the first word of a caption. It is so far behind the body that no word of a caption is near a word
/// of the body.
const CAPTION_START: u32 = 1 << 30;

/// What an article holds of one word of the query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Occurrences {
    /// How often the article holds the word, for each level, weighted by field.
    pub frequencies: [f32; LEVELS],
    /// The positions of the word at the level that matches, ascending; [`start_of`] says where each field starts.
    pub positions: Vec<u32>,
}

/// What an article holds of all words of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleOccurrences {
    /// The number of words in the article, weighted by field.
    pub length: f32,
    /// One entry for each word of the query.
    pub words: Vec<Occurrences>,
}

impl ArticleOccurrences {
    /// Returns the occurrences of `words` words in an article of which nothing has been counted yet.
    pub fn none(words: usize) -> Self {
        Self {
            length: 0.0,
            words: vec![Occurrences::default(); words],
        }
    }

    /// Adds the length of a field.
    pub fn add_field(&mut self, field_weight: f32, words: u32) {
        self.length += field_weight * words as f32;
    }

    /// Sorts the positions, when all fields have been counted.
    pub fn sort_positions(&mut self) {
        for word in &mut self.words {
            word.positions.sort_unstable();
        }
    }
}

impl Occurrences {
    /// Adds how often a field holds one of the word's terms.
    pub fn add(&mut self, term: &ScoringTerm, field_weight: f32, times: u32) {
        let frequency = term.weight * field_weight * times as f32;
        for level in term.counts_for {
            if let Some(sum) = self.frequencies.get_mut(*level) {
                *sum += frequency;
            }
        }
    }
}

/// Returns the position of a field's first word. The words of the body continue after those of the title. With a
/// title of 5 words, the first word of the body has position 5.
pub const fn start_of(field: Field, title_words: u32) -> u32 {
    match field {
        Field::Title => 0,
        Field::Body => title_words,
        Field::Caption => CAPTION_START,
    }
}

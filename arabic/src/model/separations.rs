//! Separations: pairs of words that the stemmer keeps apart, although its rules would strip one to
//! the other. In the news, `رياضة` (sport) and `رياض` (Riyadh) are both common and occur beside
//! different words, so the model has the pair `رياضه`, `رياض`. The caller decides which pairs to
//! separate; this module stores them.

use super::PackedWord;

/// Pairs of folded words. The stemmer never strips the first word of a pair to the second.
#[derive(Clone, Debug, Default)]
pub struct Separations {
    /// Sorted, each pair once.
    pairs: Vec<(PackedWord, PackedWord)>,
}

impl Separations {
    /// Returns the separations of these pairs, which may come in any order and several times.
    pub fn new(mut pairs: Vec<(PackedWord, PackedWord)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs }
    }

    /// Whether the pair is separated.
    pub fn contains(&self, from: PackedWord, to: PackedWord) -> bool {
        self.pairs.binary_search(&(from, to)).is_ok()
    }

    /// Returns the pairs, sorted.
    pub fn pairs(&self) -> &[(PackedWord, PackedWord)] {
        &self.pairs
    }
}

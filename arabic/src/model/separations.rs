//! Separations: words that the stemmer keeps apart, although its rules would bring them together.
//! The caller decides which words to separate; this module stores them. There are two kinds of
//! pairs:
//!
//! - Two folded words. In the news, `رياضة` (sport) and `رياض` (Riyadh) are both common and occur
//!   beside different words, so the model has the pair `رياضه`, `رياض`.
//! - A spelling and its folded word. `آلية` (mechanism) and `إليه` (to him) fold alike, so the model
//!   has the pair `آلية`, `اليه`.

use super::PackedWord;
use crate::fold::folded;

/// Pairs of words. The stemmer never reduces the first word of a pair to the second.
#[derive(Clone, Debug, Default)]
pub struct Separations {
    /// Sorted, each pair once.
    pairs: Vec<(PackedWord, PackedWord)>,
    /// The pairs of a spelling and its folded word. The folded word comes first, so the spellings
    /// of a word stand together.
    spellings: Vec<(PackedWord, PackedWord)>,
}

impl Separations {
    /// Returns the separations of these pairs, which may come in any order and several times.
    pub fn new(mut pairs: Vec<(PackedWord, PackedWord)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let is_spelling = |(from, to): &&(PackedWord, PackedWord)| {
            let written: String = from.chars().collect();
            PackedWord::pack(&folded(&written)) == Some(*to)
        };
        let spellings = pairs.iter().filter(is_spelling);
        let mut spellings: Vec<_> = spellings.map(|(from, to)| (*to, *from)).collect();
        spellings.sort_unstable();
        Self { pairs, spellings }
    }

    /// Whether the pair is separated.
    pub fn contains(&self, from: PackedWord, to: PackedWord) -> bool {
        self.pairs.binary_search(&(from, to)).is_ok()
    }

    /// Returns the pairs, sorted.
    pub fn pairs(&self) -> &[(PackedWord, PackedWord)] {
        &self.pairs
    }

    /// Returns the separated spellings of a folded word.
    pub fn spellings(&self, folded: PackedWord) -> impl Iterator<Item = PackedWord> {
        let start = self.spellings.partition_point(|(word, _)| *word < folded);
        let of_word = self.spellings[start..].iter();
        of_word
            .take_while(move |(word, _)| *word == folded)
            .map(|(_, written)| *written)
    }

    /// Whether any spelling is separated.
    pub fn has_spellings(&self) -> bool {
        !self.spellings.is_empty()
    }
}

//! Occurrences of a compound: a word that an article writes as two words. Backends count single
//! words; this module adds a pair to the occurrences of the word wherever its parts follow one
//! another.
//!
//! The query has `أبوظبي`, and an article has `أبو` at the positions 3 and 9 and `ظبي` at 4. The word
//! then occurs once more, at the position 3.

use super::{ArticleOccurrences, STEM, Weights};

/// A word of the query that is also written as two words. The numbers are places among the scoring
/// words. The parts come after all words of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoringPair {
    /// The number of the word.
    pub word: usize,
    /// The numbers of its parts.
    pub parts: [usize; 2],
}

impl ArticleOccurrences {
    /// Adds the occurrences of pairs to their words, and removes the words after the first `words`
    /// words, which are the parts. The positions must be sorted; they stay sorted.
    pub fn take_pairs(&mut self, pairs: &[ScoringPair], words: usize, weights: &Weights) {
        for ScoringPair { word, parts } in pairs {
            let [firsts, seconds] = parts.map(|part| &self.words[part].positions);
            let is_followed = |first: &&u32| seconds.binary_search(&(**first + 1)).is_ok();
            let starts: Vec<u32> = firsts.iter().filter(is_followed).copied().collect();
            for start in &starts {
                let weight = weights.related * weights.of(self.field_of(*start));
                self.words[*word].frequencies[STEM] += weight;
            }
            let positions = &mut self.words[*word].positions;
            positions.extend(starts);
            positions.sort_unstable();
        }
        self.words.truncate(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Field;

    fn article(positions: [&[u32]; 3]) -> ArticleOccurrences {
        let mut article = ArticleOccurrences::none(3);
        article.add_field(Field::Title, 2.0, 5);
        for (word, positions) in article.words.iter_mut().zip(positions) {
            word.positions = positions.to_vec();
        }
        article
    }

    #[test]
    fn parts_count_where_they_follow_one_another() {
        let pair = ScoringPair {
            word: 0,
            parts: [1, 2],
        };
        let mut article = article([&[7], &[3, 9, 20], &[4, 8, 21]]);
        article.take_pairs(&[pair], 1, &Weights::default());
        assert_eq!(article.words.len(), 1);
        assert_eq!(article.words[0].positions, [3, 7, 20]);
        // One pair is in the title, which has weight 2, and one in the body.
        assert_eq!(article.words[0].frequencies[STEM], 3.0);
    }
}

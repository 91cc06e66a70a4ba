//! Scores candidates by the occurrences of the query's words in them. The formula is in
//! [`ranking`](crate::ranking).

use super::searcher::Searcher;
use crate::backend::{Candidate, Order, PreparedQuery};
use crate::error::Result;
use crate::ranking::{
    self, ArticleOccurrences, ScoreParts, ScoringPair, ScoringWord, ScoringWords, Weights,
    WordWeight, scoring_terms,
};

/// Scores candidates for one query, with the terms and weights of its words.
pub struct Scorer<'a> {
    searcher: Searcher<'a>,
    weights: &'a Weights,
    /// The different words that are scored: first single words and words of phrases, then patterns,
    /// then the parts of compounds.
    pub words: Vec<ScoringWord>,
    /// For each word of the query, its place in `words`.
    pub places: Vec<usize>,
    /// The words that are also written as two words.
    pairs: Vec<ScoringPair>,
    /// The weights of the words, without the parts of compounds.
    word_weights: Vec<WordWeight>,
    mean_length: f32,
}

impl<'a> Scorer<'a> {
    /// Looks up the terms of a query and their document frequencies.
    pub fn new(searcher: Searcher<'a>, query: PreparedQuery<'a>) -> Result<Self> {
        let terms = searcher.snapshot.terms();
        let deadline = &searcher.context.deadline;
        let ScoringWords {
            words,
            places,
            pairs,
        } = scoring_terms(terms, query.query, query.weights, deadline)?;
        let of_query = words.iter().take(words.len() - 2 * pairs.len());
        let word_weights = of_query.map(|word| word.weight).collect();
        Ok(Self {
            searcher,
            weights: query.weights,
            words,
            places,
            pairs,
            word_weights,
            mean_length: terms.mean_length(query.weights)?,
        })
    }

    /// Gives each candidate its score for the query, and the sort key for the order. Leaves the
    /// candidates sorted by document.
    pub fn rescore(&self, candidates: &mut [Candidate], order: Order) -> Result<()> {
        candidates.sort_unstable_by_key(|candidate| candidate.rank.document);
        let parts = self.parts(candidates)?;
        for (candidate, parts) in candidates.iter_mut().zip(parts) {
            candidate.rescore(parts.total(), order);
        }
        Ok(())
    }

    /// Returns the parts of each candidate's score, in the same order. The candidates must be
    /// sorted by document.
    pub fn parts(&self, candidates: &mut [Candidate]) -> Result<Vec<ScoreParts>> {
        let Searcher {
            snapshot, context, ..
        } = self.searcher;
        let mut found = snapshot.occurrences(&self.words, self.weights, candidates, context)?;
        for article in &mut found {
            article.take_pairs(&self.pairs, self.word_weights.len(), self.weights);
        }
        let score = |article: &ArticleOccurrences| {
            let ArticleOccurrences { length, words, .. } = article;
            ranking::score(
                self.weights,
                &self.word_weights,
                &self.places,
                words,
                *length,
                self.mean_length,
            )
        };
        Ok(found.iter().map(score).collect())
    }
}

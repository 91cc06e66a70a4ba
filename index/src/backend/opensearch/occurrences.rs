//! Counts the words of a query in candidates, by analysing their articles as they were analysed for the index. The
//! score is computed in [`ranking`](crate::ranking).

use std::thread::{available_parallelism, scope};

use rustc_hash::FxHashMap;

use crate::deadline::Deadline;
use crate::document::{AnalyzedArticle, Article, Field};
use crate::error::Result;
use crate::parallel::joined;
use crate::query::Level;
use crate::ranking::{ArticleOccurrences, ScoringTerm, ScoringWord, Weights, start_of};
use fihrist_arabic::Analyzer;

/// The least number of articles for which another thread is started. For fewer, starting it would
/// take longer than it saves.
const ARTICLES_A_THREAD: usize = 16;

/// For each term, the words of the query that look it up: the index of the word, the word, and its
/// scoring term.
type WordsOfTerm<'a> = FxHashMap<&'a str, Vec<(usize, &'a ScoringWord, &'a ScoringTerm)>>;

/// Counts the words of one query.
pub struct OccurrenceCounter<'a> {
    analyzer: &'a Analyzer,
    weights: &'a Weights,
    /// The number of words in the query.
    words: usize,
    forms: WordsOfTerm<'a>,
    stems: WordsOfTerm<'a>,
}

impl<'a> OccurrenceCounter<'a> {
    /// Prepares to count words. `analyzer` made the terms of the index.
    pub fn new(analyzer: &'a Analyzer, words: &'a [ScoringWord], weights: &'a Weights) -> Self {
        Self {
            analyzer,
            weights,
            words: words.len(),
            forms: words_of_terms(words, Level::Exact),
            stems: words_of_terms(words, Level::Stem),
        }
    }

    /// Counts the words in each article. If there are many articles, several threads divide them.
    pub fn count(
        &self,
        articles: &[&Article],
        deadline: &Deadline,
    ) -> Result<Vec<ArticleOccurrences>> {
        let threads = available_parallelism()
            .map_or(1, usize::from)
            .min(articles.len() / ARTICLES_A_THREAD);
        if threads < 2 {
            return self.count_in_turn(articles, deadline);
        }
        scope(|scope| {
            let parts = articles.chunks(articles.len().div_ceil(threads));
            let workers: Vec<_> = parts
                .map(|part| scope.spawn(move || self.count_in_turn(part, deadline)))
                .collect();
            let mut all = Vec::with_capacity(articles.len());
            for worker in workers {
                all.extend(joined(worker)?);
            }
            Ok(all)
        })
    }

    fn count_in_turn(
        &self,
        articles: &[&Article],
        deadline: &Deadline,
    ) -> Result<Vec<ArticleOccurrences>> {
        let counted = articles.iter().map(|article| {
            deadline.check()?;
            Ok(self.count_one(article))
        });
        counted.collect()
    }

    fn count_one(&self, article: &Article) -> ArticleOccurrences {
        let analyzed = AnalyzedArticle::new(article, 0, self.analyzer);
        let mut found = ArticleOccurrences::none(self.words);
        let terms_and_weights = analyzed.fields.iter().zip(self.weights.fields);
        for (field, (terms, field_weight)) in Field::ALL.into_iter().zip(terms_and_weights) {
            let start = start_of(field, found.title_words);
            for (position, word) in (start..).zip(terms.words()) {
                for (term, words) in [(word.form(), &self.forms), (word.stem(), &self.stems)] {
                    for (number, word, term) in words.get(term).into_iter().flatten() {
                        if word.scope.contains(field) {
                            let found = &mut found.words[*number];
                            found.add(term, field_weight, 1);
                            if term.has_positions {
                                found.positions.push(position);
                            }
                        }
                    }
                }
            }
            found.add_field(field, field_weight, terms.len() as u32);
        }
        found.sort_positions();
        found
    }
}

fn words_of_terms(words: &[ScoringWord], level: Level) -> WordsOfTerm<'_> {
    let mut of_terms = WordsOfTerm::default();
    for (number, word) in words.iter().enumerate() {
        for term in word.scoring_terms.iter().filter(|term| term.level == level) {
            let known = of_terms.entry(term.text.as_str()).or_default();
            known.push((number, word, term));
        }
    }
    of_terms
}

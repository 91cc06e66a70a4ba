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

/// For each term, the scoring terms that look it up, each with the index of its word in the query.
type WordsOfTerm<'a> = FxHashMap<&'a str, Vec<(usize, &'a ScoringTerm)>>;

/// Counts the words of one query.
pub struct OccurrenceCounter<'a> {
    analyzer: &'a Analyzer,
    words: &'a [ScoringWord],
    weights: &'a Weights,
    forms: WordsOfTerm<'a>,
    stems: WordsOfTerm<'a>,
}

impl<'a> OccurrenceCounter<'a> {
    /// Prepares to count words. `analyzer` made the terms of the index.
    pub fn new(analyzer: &'a Analyzer, words: &'a [ScoringWord], weights: &'a Weights) -> Self {
        Self {
            analyzer,
            words,
            weights,
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
        let parts: Vec<_> = scope(|scope| {
            let parts = articles.chunks(articles.len().div_ceil(threads));
            let workers: Vec<_> = parts
                .map(|part| scope.spawn(move || self.count_in_turn(part, deadline)))
                .collect();
            workers.into_iter().map(joined).collect()
        });
        let mut all = Vec::with_capacity(articles.len());
        for part in parts {
            all.extend(part?);
        }
        Ok(all)
    }

    fn count_in_turn(
        &self,
        articles: &[&Article],
        deadline: &Deadline,
    ) -> Result<Vec<ArticleOccurrences>> {
        let mut all = Vec::with_capacity(articles.len());
        for article in articles {
            deadline.check()?;
            all.push(self.count_one(article));
        }
        Ok(all)
    }

    fn count_one(&self, article: &Article) -> ArticleOccurrences {
        let analyzed = AnalyzedArticle::new(article, 0, self.analyzer);
        let mut found = ArticleOccurrences::none(self.words.len());
        let mut title_words = 0;
        let terms_and_weights = analyzed.fields.iter().zip(self.weights.fields);
        for (field, (terms, field_weight)) in Field::ALL.into_iter().zip(terms_and_weights) {
            let start = start_of(field, title_words);
            for (position, word) in (start..).zip(terms.words()) {
                for (term, words) in [(word.form(), &self.forms), (word.stem(), &self.stems)] {
                    for (number, scoring_term) in words.get(term).into_iter().flatten() {
                        self.add(&mut found, *number, scoring_term, field, position);
                    }
                }
            }
            found.add_field(field_weight, terms.len() as u32);
            if field == Field::Title {
                title_words = terms.len() as u32;
            }
        }
        found.sort_positions();
        found
    }

    /// Adds one occurrence of a term to each word of the query that looks the term up.
    fn add(
        &self,
        found: &mut ArticleOccurrences,
        number: usize,
        term: &ScoringTerm,
        field: Field,
        position: u32,
    ) {
        let (Some(word), Some(found)) = (self.words.get(number), found.words.get_mut(number))
        else {
            return;
        };
        if !word.scope.contains(field) {
            return;
        }
        found.add(term, self.weights.of(field), 1);
        if term.has_positions {
            found.positions.push(position);
        }
    }
}

fn words_of_terms(words: &[ScoringWord], level: Level) -> WordsOfTerm<'_> {
    let mut of_terms = WordsOfTerm::default();
    for (number, word) in words.iter().enumerate() {
        for term in word.scoring_terms.iter().filter(|term| term.level == level) {
            let known = of_terms.entry(term.text.as_str()).or_default();
            known.push((number, term));
        }
    }
    of_terms
}

//! Reads from articles what [`ranking`](crate::ranking) weighs: frequencies, positions and lengths, by analysing
//! them as they were analysed for the index. It decides nothing about their order.

use std::thread::{available_parallelism, scope};

use rustc_hash::FxHashMap;

use super::view::View;
use crate::deadline::Deadline;
use crate::document::AnalyzedArticle;
use crate::document::{Article, Field};
use crate::error::Result;
use crate::parallel::joined;
use crate::query::{Level, Query};
use crate::ranking::{self, Occurrences, Parts, Weights, WordWeight};
use crate::ranking::{ScoringTerm, ScoringWord, scoring_terms};
use fihrist_arabic::Analyzer;

/// Captions stand so far behind the body that no word of one is near a word of the other.
const CAPTION_POSITION: u32 = 1 << 30;

/// Fewer are not worth a thread of their own.
const ARTICLES_A_THREAD: usize = 16;

/// A query, ready to rank articles.
pub struct Ranking<'a> {
    analyzer: &'a Analyzer,
    weights: &'a Weights,
    wanted: Vec<ScoringWord>,
    word_weights: Vec<WordWeight>,
    mean_length: f32,
}

/// The probes for a term, each with the number of its word.
type Sought<'a> = FxHashMap<&'a str, Vec<(usize, &'a ScoringTerm)>>;

impl<'a> Ranking<'a> {
    /// Looks up how telling the words of a query are.
    pub fn new(
        view: &'a View,
        query: &Query,
        weights: &'a Weights,
        deadline: &Deadline,
    ) -> Result<Self> {
        let wanted = scoring_terms(
            &view.dictionary,
            &*view.root_groups()?,
            query,
            weights,
            deadline,
        )?;
        let word_weights = wanted.iter().map(|word| word.weight).collect();
        let mean_length = view
            .dictionary
            .mean_words()
            .iter()
            .zip(weights.fields)
            .map(|(mean, weight)| mean * weight)
            .sum();
        Ok(Self {
            analyzer: &view.generation.analyzer,
            weights,
            wanted,
            word_weights,
            mean_length,
        })
    }

    /// What is looked for of each word: those of the texts, then the patterns.
    pub fn wanted(&self) -> &[ScoringWord] {
        &self.wanted
    }

    /// What makes up the scores of articles. Many are analysed on some threads: somebody waits for them.
    pub fn parts(&self, articles: &[&Article], deadline: &Deadline) -> Result<Vec<Parts>> {
        let sought = [Level::Exact, Level::Stem].map(|level| self.sought(level));
        let threads = available_parallelism()
            .map_or(1, usize::from)
            .min(articles.len() / ARTICLES_A_THREAD);
        if threads < 2 {
            return self.parts_of(articles, &sought, deadline);
        }
        let sought = &sought;
        let parts: Vec<_> = scope(|scope| {
            let some = articles.chunks(articles.len().div_ceil(threads));
            let workers: Vec<_> = some
                .map(|some| scope.spawn(move || self.parts_of(some, sought, deadline)))
                .collect();
            workers.into_iter().map(joined).collect()
        });
        let mut all = Vec::with_capacity(articles.len());
        for some in parts {
            all.extend(some?);
        }
        Ok(all)
    }

    fn parts_of(
        &self,
        articles: &[&Article],
        sought: &[Sought<'_>; 2],
        deadline: &Deadline,
    ) -> Result<Vec<Parts>> {
        let [forms, stems] = sought;
        let parts = articles.iter().map(|article| {
            deadline.check()?;
            let (occurrences, length) = self.read(article, forms, stems);
            Ok(ranking::score(
                self.weights,
                &self.word_weights,
                &occurrences,
                length,
                self.mean_length,
            ))
        });
        parts.collect()
    }

    fn sought(&self, level: Level) -> Sought<'_> {
        let mut sought = Sought::default();
        for (word, wanted) in self.wanted.iter().enumerate() {
            for probe in wanted
                .scoring_terms
                .iter()
                .filter(|probe| probe.level == level)
            {
                sought
                    .entry(probe.text.as_str())
                    .or_default()
                    .push((word, probe));
            }
        }
        sought
    }

    /// What an article holds of the words, and its length, weighed by field.
    fn read(
        &self,
        article: &Article,
        forms: &Sought<'_>,
        stems: &Sought<'_>,
    ) -> (Vec<Occurrences>, f32) {
        let analyzed = AnalyzedArticle::new(article, 0, self.analyzer);
        let mut all = vec![Occurrences::default(); self.wanted.len()];
        let (mut length, mut title_length) = (0.0, 0);
        for ((field, terms), weight) in Field::ALL
            .into_iter()
            .zip(&analyzed.fields)
            .zip(self.weights.fields)
        {
            let start = match field {
                Field::Title => 0,
                Field::Body => title_length,
                Field::Caption => CAPTION_POSITION,
            };
            for (position, term) in (start..).zip(terms.words()) {
                for (term, sought) in [(term.form(), forms), (term.stem(), stems)] {
                    for (word, probe) in sought.get(term).into_iter().flatten() {
                        self.note(&mut all, *word, probe, field, weight, position);
                    }
                }
            }
            length += weight * terms.len() as f32;
            if field == Field::Title {
                title_length = terms.len() as u32;
            }
        }
        for occurrences in &mut all {
            occurrences.positions.sort_unstable();
        }
        (all, length)
    }

    fn note(
        &self,
        all: &mut [Occurrences],
        word: usize,
        probe: &ScoringTerm,
        field: Field,
        weight: f32,
        position: u32,
    ) {
        let is_wanted = self
            .wanted
            .get(word)
            .is_some_and(|wanted| wanted.scope.contains(field));
        let Some(found) = all.get_mut(word).filter(|_| is_wanted) else {
            return;
        };
        for level in probe.counts_for {
            if let Some(sum) = found.frequencies.get_mut(*level) {
                *sum += probe.weight * weight;
            }
        }
        if probe.has_places {
            found.positions.push(position);
        }
    }
}

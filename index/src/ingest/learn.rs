//! Learns the graph of related stems while a pass analyses articles. Without an index, it also
//! learns a model: the base model and the base graph in the binary are made this way.

use std::sync::Arc;
use std::time::Instant;

use super::count::{Copies, CountedInput, count};
use super::{
    CacheUse, Event, IngestJob, IngestReport, Ledger, Pass, Phase, Progress, ReadArticle,
    ReadCache, UnchangedFiles,
};
use crate::document::{AnalyzedArticle, content_hash};
use crate::learning::graph::{CooccurrenceCounts, Graph, Learner};
use crate::learning::{CompanyLearner, finish_graph, learner_of, observe, stemmed_words};
use crate::parallel::joined;
use crate::{Result, TrainingSize};
use fihrist_arabic::{Analyzer, Model};

/// A model and a graph of related stems that were learned from articles.
#[derive(Debug)]
pub struct LearnedModel {
    /// How often each word form occurs.
    pub model: Arc<Model>,
    /// The pairs of related stems.
    pub graph: Graph,
    /// The number of articles and words that both were learned from.
    pub learnt: TrainingSize,
}

impl IngestJob {
    /// Learns a model of `max_forms` word forms and a graph from the input, without an index.
    /// Returns no model if the job was cancelled.
    pub fn learn(
        &self,
        max_forms: usize,
        progress: &dyn Progress,
    ) -> Result<(Option<LearnedModel>, IngestReport)> {
        let started = Instant::now();
        let mut report = IngestReport::default();
        let read_cache = ReadCache::default();
        let counting = Pass {
            job: self,
            phase: Phase::CountingWords,
            progress,
            unchanged: &UnchangedFiles::survey(self, Ledger::default()),
            cache: CacheUse::Fill(&read_cache),
        };
        let mut learned = None;
        if let Some(counted) = count(&counting, &mut report)? {
            learned = self.learn_relations(&counting, counted, max_forms, &read_cache)?;
        }
        report.is_cancelled = learned.is_none();
        report.elapsed = started.elapsed();
        Ok((learned, report))
    }

    /// Counts the company of all words in one pass. It decides the separations, and then the graph of
    /// the stems as they are after the separations. Returns `None` if the job was cancelled.
    fn learn_relations(
        &self,
        counting: &Pass<'_>,
        counted: CountedInput,
        max_forms: usize,
        read_cache: &ReadCache,
    ) -> Result<Option<LearnedModel>> {
        let counts = counted.counts;
        let (all_forms, model) = std::thread::scope(|scope| {
            let all = counts.clone();
            let all_forms = scope.spawn(|| all.finish(usize::MAX));
            let model = counts.finish(max_forms);
            (joined(all_forms), Arc::new(model))
        });
        let analyzer = Analyzer::new(Arc::clone(&model));
        let learner = CompanyLearner::new(&all_forms, &analyzer);
        let pass = Pass {
            phase: Phase::LearningGraph,
            cache: CacheUse::Drain(read_cache),
            ..*counting
        };
        let new_counts = || learner.cooccurrence_counts();
        let Some(parts) = observed(&pass, &analyzer, counted.copies, new_counts)? else {
            return Ok(None);
        };
        let company = learner.company(parts);
        let model = Arc::new(company.separate(&model));
        let analyzer = Analyzer::new(Arc::clone(&model));
        let stemmed = stemmed_words(&all_forms, &analyzer);
        let learner = learner_of(&stemmed, &analyzer);
        Ok(Some(LearnedModel {
            graph: company.graph(&learner, &stemmed),
            model,
            learnt: counted.learnt,
        }))
    }
}

/// Counts the words of the input that are near one another. Returns the counts of each thread, or
/// `None` if the job was cancelled.
fn observed<'a>(
    pass: &Pass<'_>,
    analyzer: &Analyzer,
    copies: Vec<Copies>,
    new_counts: impl Fn() -> CooccurrenceCounts<'a>,
) -> Result<Option<Vec<CooccurrenceCounts<'a>>>> {
    let observer = |copies| GraphObserver {
        cooccurrence_counts: new_counts(),
        copies,
    };
    let observers = copies.into_iter().map(observer).collect();
    let observe = |observer: &mut GraphObserver<'a>, read: &ReadArticle| {
        let article = &read.article;
        // The counting pass has found the common words of most articles.
        let counted = read.counted.get();
        let hash = counted.map_or_else(|| content_hash(article), |counted| counted.content_hash);
        if observer.copies.counts(&article.id, hash) {
            let found = counted.map(|counted| analyzer.renumber(&counted.noted));
            let counts = &mut observer.cooccurrence_counts;
            CompanyLearner::observe(article, analyzer, &found.unwrap_or_default(), counts);
        }
        Event::Counted
    };
    // The counting pass has reported the same rejections and notes.
    let outcome = pass.run_into(observers, observe, &mut IngestReport::default())?;
    let counts = outcome.workers.into_iter();
    let counts = counts
        .map(|observer| observer.cooccurrence_counts)
        .collect();
    Ok(outcome.is_complete.then_some(counts))
}

/// The co-occurrence counts of one thread. All copies of an article come to the same thread.
pub struct GraphObserver<'a> {
    cooccurrence_counts: CooccurrenceCounts<'a>,
    copies: Copies,
}

impl<'a> GraphObserver<'a> {
    /// Creates one observer for each element of `copies`. `copies` must come from a pass with the
    /// same number of threads.
    pub fn for_threads(learner: &'a Learner, copies: Vec<Copies>) -> Vec<Self> {
        let observer = |copies| Self {
            cooccurrence_counts: learner.cooccurrence_counts(),
            copies,
        };
        copies.into_iter().map(observer).collect()
    }

    /// Adds an article to the counts, unless another copy of it is the one that is counted.
    /// `read_hash` is the content hash of the article as it was read.
    ///
    /// Invariant: the sum of the counts over all observers does not depend on the order of the
    /// input.
    pub fn observe(&mut self, article: &AnalyzedArticle<'_>, read_hash: u64) {
        if self.copies.counts(&article.article.id, read_hash) {
            observe(article, &mut self.cooccurrence_counts);
        }
    }

    /// Computes the graph of related stems from the counts of all observers.
    pub fn finish(learner: &'a Learner, observers: Vec<Self>) -> Graph {
        let observers = observers.into_iter();
        let counts = observers.map(|observer| observer.cooccurrence_counts);
        finish_graph(learner, counts.collect())
    }
}

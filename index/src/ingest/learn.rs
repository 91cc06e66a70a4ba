//! Learns the graph of related stems while a pass analyses articles. Without an index, it also
//! learns a model: the base model and the base graph in the binary are made this way.

use std::sync::Arc;
use std::time::Instant;

use super::count::{Copies, count};
use super::{
    CacheUse, Event, IngestJob, IngestReport, Ledger, Pass, Phase, Progress, ReadArticle,
    ReadCache, UnchangedFiles,
};
use crate::document::{AnalyzedArticle, content_hash};
use crate::learning::graph::{CooccurrenceCounts, Graph, Learner};
use crate::learning::{finish_graph, graph_learner, observe};
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
            let all_forms = counted.counts.clone().finish(usize::MAX);
            let model = Arc::new(counted.counts.finish(max_forms));
            let analyzer = Analyzer::new(Arc::clone(&model));
            let learner = graph_learner(&all_forms, &analyzer);
            let observers = GraphObserver::for_threads(&learner, counted.copies);
            let observe = |observer: &mut GraphObserver<'_>, read: &ReadArticle| {
                let hash = content_hash(&read.article);
                let analyzed = AnalyzedArticle::new(&read.article, hash, &analyzer);
                observer.observe(&analyzed, hash);
                Event::Counted
            };
            let relating = Pass {
                phase: Phase::LearningGraph,
                cache: CacheUse::Drain(&read_cache),
                ..counting
            };
            // The counting pass has reported the same rejections and notes.
            let outcome = relating.run_into(observers, observe, &mut IngestReport::default())?;
            learned = outcome.is_complete.then(|| LearnedModel {
                model,
                graph: GraphObserver::finish(&learner, outcome.workers),
                learnt: counted.learnt,
            });
        }
        report.is_cancelled = learned.is_none();
        report.elapsed = started.elapsed();
        Ok((learned, report))
    }
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

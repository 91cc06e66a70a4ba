//! Learns a model and a graph of related stems from articles, without an index. The base model and
//! the base graph in the binary are made this way.

use std::sync::Arc;
use std::time::Instant;

use super::count::count;
use super::event::Event;
use super::graph_observer::GraphObserver;
use super::job::IngestJob;
use super::ledger::Ledger;
use super::pass::Pass;
use super::read_cache::{CacheUse, ReadArticle, ReadCache};
use super::report::IngestReport;
use super::unchanged_files::UnchangedFiles;
use crate::document::{AnalyzedArticle, content_hash};
use crate::error::Result;
use crate::learning::graph::Graph;
use crate::learning::{TrainingSize, graph_learner};
use crate::progress::{Phase, Progress};
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
        let settings = self.pass_settings();
        let (unchanged, bytes_total) = UnchangedFiles::survey(&settings, Ledger::default());
        let read_cache = ReadCache::default();
        let pass = |phase, cache| Pass {
            settings,
            phase,
            bytes_total,
            progress,
            unchanged: &unchanged,
            cache,
        };
        let counting = pass(Phase::CountingWords, CacheUse::Fill(&read_cache));
        let counted = count(&counting, &mut report)?;
        let mut learned = None;
        if let Some(counted) = counted {
            let learnt = counted.learnt();
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
            let mut articles = 0;
            let relating = pass(Phase::LearningGraph, CacheUse::Drain(&read_cache));
            let outcome = relating.run(observers, observe, |event| {
                articles += u64::from(matches!(event, Some(Event::Counted)));
                Ok(articles)
            })?;
            if outcome.is_complete {
                learned = Some(LearnedModel {
                    model,
                    graph: GraphObserver::finish(&learner, outcome.workers),
                    learnt,
                });
            }
        }
        report.is_cancelled = learned.is_none();
        report.elapsed = started.elapsed();
        Ok((learned, report))
    }
}

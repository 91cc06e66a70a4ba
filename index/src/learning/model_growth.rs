//! Decides when a collection has outgrown its model or its graph, and describes what they were learnt from. It rebuilds
//! nothing; backends do.
//!
//! A model that has learnt from 100 articles is outgrown at 400 articles, its graph at 200:
//!
//! ```
//! use fihrist_index::learning::Growth;
//!
//! let growth = Growth { articles: 200, learnt_articles: 100, graph_articles: Some(100) };
//! assert!(growth.is_graph_due() && !growth.is_rebuild_due());
//! ```

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::progress::Progress;

/// Reports the progress of long work, and can cancel it.
#[derive(Clone, Copy)]
pub struct JobControl<'a> {
    /// Receives the progress.
    pub progress: &'a dyn Progress,
    /// Ends the work early when it is set to true.
    pub cancel: &'a AtomicBool,
}

/// How much a model or a graph was learnt from, besides the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrainingSize {
    /// The number of articles.
    pub articles: u64,
    /// The number of Arabic words in them, every occurrence counted.
    pub words: u64,
}

/// How large a collection is, compared with what its model and its graph have learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// The committed articles.
    pub articles: u64,
    /// The articles that the model has learnt from.
    pub learnt_articles: u64,
    /// The articles that the graph has learnt from; `None` if there is only the base graph.
    pub graph_articles: Option<u64>,
}

impl Growth {
    /// A collection is due for a rebuild when it has this many times the articles that its model has learnt from. With a
    /// factor of four, all rebuilds of a growing collection together analyse at most 4/3 of the articles of the last one. A
    /// model lags at most two doublings behind, which the base model makes up for.
    const REBUILD_FACTOR: u64 = 4;

    /// A graph is learnt more often: it only reads the articles, and it matters most for new words.
    const GRAPH_FACTOR: u64 = 2;

    /// Returns whether the collection has outgrown its graph.
    pub fn is_graph_due(self) -> bool {
        let learnt_from = self.graph_articles.unwrap_or(0).max(1);
        self.articles >= learnt_from.saturating_mul(Self::GRAPH_FACTOR)
    }

    /// Returns whether the collection has outgrown its model.
    pub fn is_rebuild_due(self) -> bool {
        let learnt_from = self.learnt_articles.max(1);
        self.articles >= learnt_from.saturating_mul(Self::REBUILD_FACTOR)
    }
}

/// The result of a rebuild.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    /// The articles of the new generation.
    pub articles: u64,
    /// The name of the new generation.
    pub generation: String,
    /// The hash of the model before.
    pub old_model_hash: String,
    /// The hash of the model now.
    pub model_hash: String,
    /// The articles and words that the new model was learnt from.
    pub learnt: TrainingSize,
    /// The duration of the rebuild.
    pub elapsed: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_outgrows_its_model_at_four_times_its_size() {
        let check = |articles, learnt_articles, expected| {
            assert_eq!(
                Growth {
                    articles,
                    learnt_articles,
                    graph_articles: None
                }
                .is_rebuild_due(),
                expected,
                "{articles} of {learnt_articles}"
            );
        };
        check(399, 100, false);
        check(400, 100, true);
        check(3, 0, false);
        check(4, 0, true);
        check(0, 0, false);
        check(u64::MAX, u64::MAX, true);
    }
}

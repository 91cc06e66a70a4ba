//! Decides when a collection has outgrown its model or its graph, and records how much each was
//! learnt from. It rebuilds nothing; backends do.
//!
//! If the model and the graph were learnt from 100 articles, the graph is outgrown at 200 articles
//! and the model at 400:
//!
//! ```
//! use fihrist_index::learning::Growth;
//!
//! let growth = Growth { articles: 200, learnt_articles: 100, graph_articles: Some(100) };
//! assert!(growth.is_graph_due() && !growth.is_rebuild_due());
//! ```

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::progress::Progress;
use fihrist_arabic::Counts;

/// Where long work reports its progress, and how it is cancelled.
#[derive(Clone, Copy)]
pub struct JobControl<'a> {
    /// Receives reports of the progress.
    pub progress: &'a dyn Progress,
    /// Ends the work early when it is set to true.
    pub cancel: &'a AtomicBool,
}

/// How many articles and words a model or a graph was learnt from. The articles of the base model or
/// base graph do not count. A stored graph includes this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrainingSize {
    /// The number of articles that it was learnt from.
    pub articles: u64,
    /// The number of Arabic words in these articles, counting every occurrence.
    pub words: u64,
}

impl TrainingSize {
    /// Returns the size for word counts of a number of articles.
    pub fn of(articles: u64, counts: &Counts) -> Self {
        let words = counts.total();
        Self { articles, words }
    }
}

/// The size of a collection now, and when its model and its graph were learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// The number of committed articles.
    pub articles: u64,
    /// The number of articles that the model was learnt from.
    pub learnt_articles: u64,
    /// The number of articles that the graph was learnt from; `None` if there is only the base
    /// graph.
    pub graph_articles: Option<u64>,
}

impl Growth {
    /// The model is outgrown if the collection has this many times the articles that the model was
    /// learnt from. With a factor of four, all rebuilds of a growing collection together analyse at
    /// most 4/3 of the articles of the last one. Between two rebuilds, the model lacks the words of
    /// the newest articles; the base model has most of them.
    const REBUILD_FACTOR: u64 = 4;

    /// The graph is outgrown if the collection has this many times the articles that the graph was
    /// learnt from. The factor is lower because learning a graph writes no articles, and new words
    /// need it most.
    const GRAPH_FACTOR: u64 = 2;

    /// Returns whether the collection has outgrown its graph.
    pub fn is_graph_due(self) -> bool {
        self.has_grown(self.graph_articles.unwrap_or(0), Self::GRAPH_FACTOR)
    }

    /// Returns whether the collection has outgrown its model.
    pub fn is_rebuild_due(self) -> bool {
        self.has_grown(self.learnt_articles, Self::REBUILD_FACTOR)
    }

    fn has_grown(self, learnt_from: u64, factor: u64) -> bool {
        self.articles >= learnt_from.max(1).saturating_mul(factor)
    }
}

/// The result of a rebuild.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    /// The number of articles in the new generation.
    pub articles: u64,
    /// The name of the new generation.
    pub generation: String,
    /// The hash of the model before the rebuild.
    pub old_model_hash: String,
    /// The hash of the new model.
    pub model_hash: String,
    /// The number of articles and words that the new model was learnt from.
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

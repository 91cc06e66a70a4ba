//! The life of a generation's model, in figures: what it has learnt from, when it is outgrown, what a rebuild did.
//! How a backend rebuilds is its own business.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::progress::Progress;

/// Who watches long work, and may end it.
#[derive(Clone, Copy)]
pub struct JobControl<'a> {
    /// Told how far it is.
    pub progress: &'a dyn Progress,
    /// Set to true, it ends the work early.
    pub cancel: &'a AtomicBool,
}

/// What a model has learnt from, besides the base model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrainingSize {
    /// Articles.
    pub articles: u64,
    /// Arabic words in them, every occurrence counted.
    pub words: u64,
}

/// How large a collection is beside what its model has learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Articles that are committed.
    pub articles: u64,
    /// Articles that the model has learnt from.
    pub learnt_articles: u64,
    /// Articles that the graph has learnt from; `None` if there is only the base graph.
    pub graph_articles: Option<u64>,
}

impl Growth {
    /// A collection this many times larger than its model has seen is due to be rebuilt. Growing by fours, all the
    /// rebuilds of a collection's life together analyse at most 4/3 as many articles as the last of them alone, and a
    /// model never lags further behind than two doublings, which the base model makes up for.
    const REBUILD_FACTOR: u64 = 4;

    /// A graph is learnt more often: only the articles are read for it, and new words are what it is for.
    const GRAPH_FACTOR: u64 = 2;

    /// Whether the collection has outgrown its graph.
    pub fn is_graph_due(self) -> bool {
        self.articles
            >= self
                .graph_articles
                .unwrap_or(0)
                .max(1)
                .saturating_mul(Self::GRAPH_FACTOR)
    }

    /// Whether the collection has outgrown its model.
    pub fn is_rebuild_due(self) -> bool {
        self.articles
            >= self
                .learnt_articles
                .max(1)
                .saturating_mul(Self::REBUILD_FACTOR)
    }
}

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    /// Articles of the new generation.
    pub articles: u64,
    /// Name of the new generation.
    pub generation: String,
    /// Hash of the model before.
    pub old_model_hash: String,
    /// Hash of the model now.
    pub model_hash: String,
    /// What it has learnt from.
    pub learnt: TrainingSize,
    /// How long it took.
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

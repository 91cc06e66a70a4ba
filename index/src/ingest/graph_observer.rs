//! Counts which stems occur near each other while a pass analyses articles. It does not compute the
//! graph of related stems itself.

use super::count::Copies;
use crate::document::AnalyzedArticle;
use crate::learning::graph::{CooccurrenceCounts, Graph, Learner};
use crate::learning::{finish_graph, observe};

/// The co-occurrence counts of one thread. All copies of an article come to the same thread.
pub struct GraphObserver<'a> {
    cooccurrence_counts: CooccurrenceCounts<'a>,
    copies: Copies,
}

impl<'a> GraphObserver<'a> {
    /// Creates one observer for each element of `copies`. `copies` must come from a pass with the
    /// same number of threads.
    pub fn for_threads(learner: &'a Learner, copies: Vec<Copies>) -> Vec<Self> {
        let mut observers = Vec::with_capacity(copies.len());
        for copies in copies {
            observers.push(Self {
                cooccurrence_counts: learner.cooccurrence_counts(),
                copies,
            });
        }
        observers
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
        let counts = observers
            .into_iter()
            .map(|observer| observer.cooccurrence_counts);
        finish_graph(learner, counts)
    }
}

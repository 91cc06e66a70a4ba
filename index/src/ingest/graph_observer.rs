//! The company of words, looked at while the articles of a pass are analysed. What is made of it is not decided here.

use super::count::Copies;
use crate::document::AnalyzedArticle;
use crate::learning::graph::{CooccurrenceCounts, Graph, Learner};
use crate::learning::{finish_graph, observe};

/// What one thread of a pass sees. All copies of an article come to the same thread.
pub struct GraphObserver<'a> {
    cooccurrence_counts: CooccurrenceCounts<'a>,
    copies: Copies,
}

impl<'a> GraphObserver<'a> {
    /// A observer for each thread of a pass, where a pass of as many threads has said which copies count.
    pub fn for_threads(learner: &'a Learner, copies: Vec<Copies>) -> Vec<Self> {
        copies
            .into_iter()
            .map(|copies| Self {
                cooccurrence_counts: learner.cooccurrence_counts(),
                copies,
            })
            .collect()
    }

    /// Takes in an article, if it is the copy that counts, by the hash of how it was read.
    ///
    /// Invariant: what all observers have seen is the same in any order of the input.
    pub fn observe(&mut self, article: &AnalyzedArticle<'_>, read_hash: u64) {
        if self.copies.counts(&article.article.id, read_hash) {
            observe(article, &mut self.cooccurrence_counts);
        }
    }

    /// The graph of what all have seen.
    pub fn finish(learner: &'a Learner, observers: Vec<Self>) -> Graph {
        finish_graph(
            learner,
            observers
                .into_iter()
                .map(|observer| observer.cooccurrence_counts),
        )
    }
}

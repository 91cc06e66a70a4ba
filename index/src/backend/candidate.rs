//! Candidates: the documents that a backend finds, and the ranks that order them. This module
//! neither fetches documents nor scores them.

use std::cmp::{Ordering, Reverse};

use super::{Order, SortKey};
use crate::document::Article;

/// The values that order candidates. The greater rank comes first.
///
/// Ranks compare by key, then by date (newer is greater), by content hash, and by document (lower is greater). So the
/// order does not depend on how the documents came into the index, except for equal articles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// The result of [`Order::key`].
    pub key: f64,
    /// How well the document matches: at first the backend's BM25, after reranking the score of
    /// [`ranking`](crate::ranking). Only the key orders by it.
    pub score: f32,
    /// The time of publication, in seconds since 1970. Of equal keys, articles without a date come
    /// last.
    pub published: Option<i64>,
    /// [`AnalyzedArticle::content_hash`](crate::document::AnalyzedArticle::content_hash).
    pub content_hash: u64,
    /// The number of the document, unique within one answer. Backends read documents fastest in
    /// ascending order of this number.
    pub document: u64,
}

/// A document that a backend found.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The values that order the candidate.
    pub rank: Rank,
    /// The document's cluster of copies; `None` if it has no copy.
    pub cluster: Option<u64>,
    /// The number of other articles in that cluster.
    pub copies: u64,
    /// Parts of the document that came with the answer; `None` if the backend reads documents by number.
    pub delivered: Option<Box<Delivered>>,
}

/// Parts of a document that a remote backend sends together with a candidate.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The article's id.
    pub id: String,
    /// The article; `None` if the request did not ask for articles.
    pub article: Option<Article>,
}

impl Candidate {
    /// Replaces the score, and computes the key of the rank from it.
    pub fn rescore(&mut self, score: f32, order: Order) {
        self.rank.score = score;
        self.rank.key = order.key(score, self.rank.published);
    }

    /// Returns the id that came with the candidate; empty if none came.
    pub fn id(&self) -> &str {
        let delivered = self.delivered.as_ref();
        delivered.map_or("", |delivered| delivered.id.as_str())
    }

    /// Removes and returns the article that came with the candidate; `None` if none came.
    pub fn take_article(&mut self) -> Option<Article> {
        self.delivered.as_mut()?.article.take()
    }
}

impl Rank {
    /// Returns the part of the rank that a cursor keeps.
    pub const fn sort_key(&self) -> SortKey {
        SortKey {
            key: self.key,
            content_hash: self.content_hash,
        }
    }

    /// Returns whether the candidate comes after a hit with this sort key. Valid only for an order
    /// by date: there, the key depends on the article alone.
    pub fn is_after(&self, sort_key: SortKey) -> bool {
        let by_key = self.key.total_cmp(&sort_key.key);
        by_key.then(self.content_hash.cmp(&sort_key.content_hash)) == Ordering::Less
    }
}

impl Eq for Rank {}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key
            .total_cmp(&other.key)
            .then(self.published.cmp(&other.published))
            .then(self.content_hash.cmp(&other.content_hash))
            .then(other.document.cmp(&self.document))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Sorts copies: the newest first, those without a date last, copies of the same second by id.
pub fn sort_copies(copies: &mut [Candidate]) {
    copies.sort_by(|one, other| {
        let by_date = other.rank.published.cmp(&one.rank.published);
        by_date.then_with(|| one.id().cmp(other.id()))
    });
}

/// Sorts candidates by rank, the greatest rank first.
pub fn sort_candidates(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by_key(|candidate| Reverse(candidate.rank));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_compare_by_key_then_date_then_hash_then_document() {
        let rank = |key, published, content_hash, document| Rank {
            key,
            score: 0.0,
            published,
            content_hash,
            document,
        };
        let in_order = [
            rank(2.0, None, 0, 9),
            rank(1.0, Some(5), 0, 9),
            rank(1.0, Some(4), 8, 9),
            rank(1.0, Some(4), 7, 0),
            rank(1.0, Some(4), 7, 1),
            rank(1.0, None, 9, 0),
        ];
        assert!(in_order.is_sorted_by(|one, next| one > next));
    }
}

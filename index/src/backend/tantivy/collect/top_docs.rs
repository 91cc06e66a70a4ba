//! The first articles of a search in an order that does not depend on how they came into the index: of equal ones the newest
//! comes first, then a hash decides. Tantivy's own collector takes equal ones in the order of its files.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::backend::{Order, SortKey};

/// Ranks articles that are equal otherwise: greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// Seconds since 1970; unknown comes last.
    pub published: Option<i64>,
    pub content_hash: Option<u64>,
}

/// What ranks the articles of one segment.
pub struct Ties {
    published: Column<i64>,
    content_hash: Column<u64>,
}

impl Ties {
    /// Opens the columns of a segment.
    pub fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            published: fast.i64("published")?,
            content_hash: fast.u64("content_hash")?,
        })
    }

    /// The rank of an article among its equals.
    pub fn get(&self, document: DocId) -> Tie {
        Tie {
            published: self.published.first(document),
            content_hash: self.content_hash.first(document),
        }
    }
}

/// An article that matches; greater comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// What it is ordered by.
    pub key: f64,
    pub tie: Tie,
    pub score: Score,
    pub address: DocAddress,
}

impl Candidate {
    /// Gives it another score, and its place by that.
    pub fn rescore(&mut self, score: Score, order: Order) {
        self.score = score;
        self.key = order.key(score, self.tie.published);
    }

    /// Where it stands.
    pub fn sort_key(&self) -> SortKey {
        SortKey {
            key: self.key,
            content_hash: self.tie.content_hash.unwrap_or_default(),
        }
    }

    /// Whether it comes after a place, in an order that follows from the articles alone.
    pub fn is_after(&self, sort_key: SortKey) -> bool {
        let here = self.sort_key();
        here.key
            .total_cmp(&sort_key.key)
            .then(here.content_hash.cmp(&sort_key.content_hash))
            == Ordering::Less
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_key = self
            .key
            .total_cmp(&other.key)
            .then(self.tie.cmp(&other.tie));
        by_key.then(other.address.cmp(&self.address))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Room for no more is made before it is needed.
const USUAL_LIMIT: usize = 128;

/// Collects the first articles, in order.
pub struct TopArticles {
    /// How many.
    pub limit: usize,
    /// By what.
    pub order: Order,
}

/// The first of one segment.
pub struct SegmentTopDocs {
    segment: SegmentOrdinal,
    ties: Ties,
    limit: usize,
    order: Order,
    /// The last on top.
    best: BinaryHeap<Reverse<Candidate>>,
}

impl Collector for TopArticles {
    type Fruit = Vec<Candidate>;
    type Child = SegmentTopDocs;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentTopDocs> {
        let Self { limit, order } = *self;
        let best = BinaryHeap::with_capacity(limit.min(USUAL_LIMIT));
        Ok(SegmentTopDocs {
            segment,
            ties: Ties::of(reader)?,
            limit,
            order,
            best,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order.needs_scores()
    }

    fn merge_fruits(&self, segments: Vec<Vec<Candidate>>) -> tantivy::Result<Self::Fruit> {
        let mut all: Vec<Candidate> = segments.into_iter().flatten().collect();
        all.sort_unstable_by(|one, other| other.cmp(one));
        all.truncate(self.limit);
        Ok(all)
    }
}

impl SegmentCollector for SegmentTopDocs {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, document: DocId, score: Score) {
        let is_full = self.best.len() >= self.limit;
        // Most articles are dropped here, before their columns are read.
        let is_behind = |Reverse(last): &Reverse<Candidate>| f64::from(score) < last.key;
        if is_full && self.order == Order::Relevance && self.best.peek().is_none_or(is_behind) {
            return;
        }
        let tie = self.ties.get(document);
        let key = self.order.key(score, tie.published);
        let candidate = Candidate {
            key,
            tie,
            score,
            address: DocAddress::new(self.segment, document),
        };
        if !is_full {
            self.best.push(Reverse(candidate));
        } else if let Some(mut last) = self.best.peek_mut()
            && last.0 < candidate
        {
            *last = Reverse(candidate);
        }
    }

    fn harvest(self) -> Vec<Candidate> {
        self.best
            .into_iter()
            .map(|Reverse(candidate)| candidate)
            .collect()
    }
}

//! The best articles of a search in an order that does not depend on how they came into the index: of equal scores the newest
//! comes first, then a hash decides. Tantivy's own collector takes equal ones in the order of its files.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// Ranks articles whose scores are equal: greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// Seconds since 1970; unknown comes last.
    published: Option<i64>,
    content_hash: Option<u64>,
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
        Ok(Self { published: fast.i64("published")?, content_hash: fast.u64("content_hash")? })
    }

    /// The rank of an article among its equals.
    pub fn get(&self, document: DocId) -> Tie {
        Tie { published: self.published.first(document), content_hash: self.content_hash.first(document) }
    }
}

/// An article that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    score: Score,
    tie: Tie,
    address: DocAddress,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = self.score.total_cmp(&other.score).then(self.tie.cmp(&other.tie));
        by_score.then(other.address.cmp(&self.address))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects the best articles, best first.
pub struct TopArticles {
    /// How many.
    pub limit: usize,
}

/// The best of one segment.
pub struct TopOfSegment {
    segment: SegmentOrdinal,
    ties: Ties,
    limit: usize,
    /// The worst on top.
    best: BinaryHeap<Reverse<Candidate>>,
}

impl Collector for TopArticles {
    type Fruit = Vec<(Score, DocAddress)>;
    type Child = TopOfSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<TopOfSegment> {
        Ok(TopOfSegment { segment, ties: Ties::of(reader)?, limit: self.limit, best: BinaryHeap::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Candidate>>) -> tantivy::Result<Self::Fruit> {
        let mut all: Vec<Candidate> = segments.into_iter().flatten().collect();
        all.sort_unstable_by(|one, other| other.cmp(one));
        Ok(all.into_iter().take(self.limit).map(|candidate| (candidate.score, candidate.address)).collect())
    }
}

impl SegmentCollector for TopOfSegment {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, document: DocId, score: Score) {
        let is_full = self.best.len() >= self.limit;
        if is_full && self.best.peek().is_none_or(|Reverse(worst)| score < worst.score) {
            return;
        }
        let address = DocAddress::new(self.segment, document);
        let candidate = Candidate { score, tie: self.ties.get(document), address };
        if !is_full {
            self.best.push(Reverse(candidate));
        } else if let Some(mut worst) = self.best.peek_mut()
            && worst.0 < candidate
        {
            *worst = Reverse(candidate);
        }
    }

    fn harvest(self) -> Vec<Candidate> {
        self.best.into_iter().map(|Reverse(candidate)| candidate).collect()
    }
}

//! Collects the first documents of a search in the order of [`Rank`], which does not depend on how
//! the documents came into the index. Tantivy's own collector orders equal documents by their
//! document numbers.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Result, Score, SegmentOrdinal, SegmentReader};

use super::Duplicates;
use crate::backend::{Candidate, Order, Rank};

/// The columns of an index segment that ranks need.
pub struct RankColumns {
    segment: SegmentOrdinal,
    published: Column<i64>,
    content_hash: Column<u64>,
}

impl RankColumns {
    /// Opens the columns of a segment.
    pub fn open(segment: SegmentOrdinal, reader: &SegmentReader) -> Result<Self> {
        let fast_fields = reader.fast_fields();
        Ok(Self {
            segment,
            published: fast_fields.i64("published")?,
            content_hash: fast_fields.u64("content_hash")?,
        })
    }

    /// Returns the rank of a document with this score.
    pub fn rank(&self, document: DocId, score: Score, order: Order) -> Rank {
        let published = self.published.first(document);
        Rank {
            key: order.key(score, published),
            score,
            published,
            content_hash: self.content_hash.first(document).unwrap_or_default(),
            document: u64::from(self.segment) << 32 | u64::from(document),
        }
    }
}

/// Returns the address of the document with this number. Numbers ascend by segment, then by
/// document.
pub fn address(number: u64) -> DocAddress {
    DocAddress::new((number >> 32) as SegmentOrdinal, number as DocId)
}

/// Returns the candidate for the document with this rank.
pub fn candidate(rank: Rank, duplicates: &Duplicates) -> Candidate {
    let cluster = duplicates.cluster(address(rank.document));
    Candidate {
        rank,
        cluster: cluster.map(u64::from),
        copies: cluster.map_or(0, |cluster| duplicates.copies(cluster)),
        delivered: None,
    }
}

/// The greatest number of documents for which memory is reserved in advance.
const USUAL_LIMIT: usize = 128;

/// A collector of the first documents of a search.
#[derive(Clone, Copy)]
pub struct TopArticles {
    /// The greatest number of documents to collect.
    pub limit: usize,
    /// The order of the documents.
    pub order: Order,
}

/// The first documents of one segment.
pub struct SegmentTopDocs {
    columns: RankColumns,
    top: TopArticles,
    /// A heap whose top is the last of the documents that were kept.
    best: BinaryHeap<Reverse<Rank>>,
}

impl Collector for TopArticles {
    type Fruit = Vec<Rank>;
    type Child = SegmentTopDocs;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<SegmentTopDocs> {
        Ok(SegmentTopDocs {
            columns: RankColumns::open(segment, reader)?,
            top: *self,
            best: BinaryHeap::with_capacity(self.limit.min(USUAL_LIMIT)),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order.needs_scores()
    }

    fn merge_fruits(&self, segments: Vec<Vec<Reverse<Rank>>>) -> Result<Vec<Rank>> {
        let mut all = segments.concat();
        all.sort_unstable();
        all.truncate(self.limit);
        Ok(all.into_iter().map(|Reverse(rank)| rank).collect())
    }
}

impl SegmentCollector for SegmentTopDocs {
    type Fruit = Vec<Reverse<Rank>>;

    fn collect(&mut self, document: DocId, score: Score) {
        let TopArticles { limit, order } = self.top;
        let is_full = self.best.len() >= limit;
        // Most documents are dropped here, before their columns are read.
        let is_behind = |Reverse(last): &Reverse<Rank>| f64::from(score) < last.key;
        if is_full && order == Order::Relevance && self.best.peek().is_none_or(is_behind) {
            return;
        }
        let rank = self.columns.rank(document, score, order);
        if !is_full {
            self.best.push(Reverse(rank));
        } else if let Some(mut last) = self.best.peek_mut()
            && last.0 < rank
        {
            *last = Reverse(rank);
        }
    }

    fn harvest(self) -> Vec<Reverse<Rank>> {
        self.best.into_vec()
    }
}

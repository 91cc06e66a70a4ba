//! Which segments a deletion is about. Tantivy goes by the numbers of operations, which documents have that it has indexed
//! itself; to a segment that comes ready-made it applies whatever was deleted lately, be it before the segment came. So a
//! deletion of ours says itself that it is about older segments only.

use parking_lot::RwLock;
use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, Term};

/// The segments that were written since the last commit, in their order.
#[derive(Clone, Default)]
pub struct Written {
    segments: Arc<RwLock<FxHashMap<SegmentId, usize>>>,
}

impl Written {
    /// Takes note of a segment before it becomes part of the index.
    pub fn add(&self, segment: SegmentId) {
        let mut segments = self.segments.write();
        let number = segments.len();
        segments.insert(segment, number);
    }

    /// Forgets all, when every deletion has been applied.
    pub fn clear(&self) {
        self.segments.write().clear();
    }

    /// The documents with a term in the segments that there are now.
    pub fn older(&self, term: Term) -> ScopedDelete {
        let count = self.segments.read().len();
        ScopedDelete {
            term,
            count,
            written: self.clone(),
        }
    }

    /// Whether a segment was there when so many had been written. One that is not known is, or was merged from such.
    fn is_among(&self, segment: SegmentId, count: usize) -> bool {
        let segments = self.segments.read();
        segments.get(&segment).is_none_or(|number| *number < count)
    }
}

/// See [`Written::older`].
#[derive(Clone)]
pub struct ScopedDelete {
    term: Term,
    count: usize,
    written: Written,
}

impl fmt::Debug for ScopedDelete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Older")
            .field("term", &self.term)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl Query for ScopedDelete {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = TermQuery::new(self.term.clone(), IndexRecordOption::Basic).weight(scoring)?;
        Ok(Box::new(OlderWeight {
            inner,
            count: self.count,
            written: self.written.clone(),
        }))
    }
}

struct OlderWeight {
    inner: Box<dyn Weight>,
    count: usize,
    written: Written,
}

impl Weight for OlderWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.written.is_among(reader.segment_id(), self.count) {
            return self.inner.scorer(reader, boost);
        }
        Ok(Box::new(EmptyScorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(reader, doc)
    }
}

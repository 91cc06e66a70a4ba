//! Limits a deletion to the segments that existed when it was made.
//!
//! Tantivy orders deletions and documents by the numbers of their operations (opstamps). Documents
//! that Tantivy did not index itself have no such number. So Tantivy applies a deletion to a whole
//! ready-made segment, even if the segment was added after the deletion. A [`ScopedDelete`] knows
//! which segments existed, and matches nothing in the others.
//!
//! An example: article A is committed, then written three times, and each copy gets into another
//! segment.
//!
//! | step | segment of the new copy | deletes A in | matches nothing in |
//! |---|---|---|---|
//! | commit with A | S0 | | |
//! | first copy, then its segment | S1 (number 0) | S0 | S1, S2: their numbers are 0 or more |
//! | second copy, then its segment | S2 (number 1) | S0, S1 | S2: its number is 1 or more |
//! | third copy, not in a segment yet | | S0, S1, S2 | |
//!
//! Tantivy may apply each deletion to all three segments. Without scopes, the first deletion would
//! remove the later copies.

use parking_lot::RwLock;
use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::{SegmentId, SegmentMeta, SegmentReader};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, IndexWriter, Score, Term};

/// The segments that were written since the last commit, numbered from 0.
#[derive(Clone, Default)]
pub struct UncommittedSegments {
    numbers: Arc<RwLock<FxHashMap<SegmentId, usize>>>,
}

impl UncommittedSegments {
    /// Numbers a segment and adds it to the index.
    pub fn add(&self, writer: &IndexWriter, segment: SegmentMeta) -> tantivy::Result<()> {
        {
            let mut numbers = self.numbers.write();
            let number = numbers.len();
            numbers.insert(segment.id(), number);
        }
        writer.add_segment(segment)
    }

    /// Deletes the documents that hold a term in a segment of now or earlier.
    pub fn delete(&self, writer: &IndexWriter, term: Term) -> tantivy::Result<()> {
        let existing = self.numbers.read().len();
        writer.delete_query(Box::new(ScopedDelete {
            term,
            existing,
            segments: self.clone(),
        }))?;
        Ok(())
    }

    /// Forgets all segments. Call this after a commit: Tantivy has then applied all deletions.
    pub fn clear(&self) {
        self.numbers.write().clear();
    }

    /// Returns whether a segment was among the first `existing` ones. A segment without a number is
    /// a committed one, or was merged from committed ones, and so existed.
    fn is_among(&self, segment: SegmentId, existing: usize) -> bool {
        let numbers = self.numbers.read();
        numbers
            .get(&segment)
            .is_none_or(|number| *number < existing)
    }
}

/// A deletion made by [`UncommittedSegments::delete`].
#[derive(Clone)]
struct ScopedDelete {
    term: Term,
    /// How many uncommitted segments existed.
    existing: usize,
    segments: UncommittedSegments,
}

impl fmt::Debug for ScopedDelete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedDelete")
            .field("term", &self.term)
            .field("existing", &self.existing)
            .finish_non_exhaustive()
    }
}

impl Query for ScopedDelete {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = TermQuery::new(self.term.clone(), IndexRecordOption::Basic).weight(scoring)?;
        Ok(Box::new(ScopedWeight {
            inner,
            existing: self.existing,
            segments: self.segments.clone(),
        }))
    }
}

struct ScopedWeight {
    inner: Box<dyn Weight>,
    existing: usize,
    segments: UncommittedSegments,
}

impl Weight for ScopedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.segments.is_among(reader.segment_id(), self.existing) {
            return self.inner.scorer(reader, boost);
        }
        Ok(Box::new(EmptyScorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(reader, doc)
    }
}

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
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::{SegmentId, SegmentMeta, SegmentReader};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, IndexWriter, Result, Score, Term};

/// The segments that were written since the last commit, numbered from 0.
#[derive(Debug, Clone, Default)]
pub struct UncommittedSegments {
    numbers: Arc<RwLock<FxHashMap<SegmentId, usize>>>,
}

impl UncommittedSegments {
    /// Numbers a segment and adds it to the index.
    pub fn add(&self, writer: &IndexWriter, segment: SegmentMeta) -> Result<()> {
        {
            let mut numbers = self.numbers.write();
            let number = numbers.len();
            numbers.insert(segment.id(), number);
        }
        writer.add_segment(segment)
    }

    /// Deletes the documents that hold a term in a segment of now or earlier.
    pub fn delete(&self, writer: &IndexWriter, term: Term) -> Result<()> {
        let existing = self.numbers.read().len();
        let segments = self.clone();
        let deletion = ScopedDelete {
            term,
            existing,
            segments,
        };
        writer.delete_query(Box::new(deletion)).map(drop)
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
#[derive(Debug, Clone)]
struct ScopedDelete {
    term: Term,
    /// How many uncommitted segments existed.
    existing: usize,
    segments: UncommittedSegments,
}

impl Query for ScopedDelete {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for ScopedDelete {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        if self.segments.is_among(reader.segment_id(), self.existing) {
            let index = reader.inverted_index(self.term.field())?;
            if let Some(postings) = index.read_postings(&self.term, IndexRecordOption::Basic)? {
                return Ok(Box::new(ConstScorer::new(postings, boost)));
            }
        }
        Ok(Box::new(EmptyScorer))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> Result<Explanation> {
        Ok(Explanation::new("a deletion has no score", 0.0))
    }
}

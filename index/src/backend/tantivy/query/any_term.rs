//! A Tantivy query for any of many terms with equal scores: the words of a pattern. Tantivy's own
//! query reads the postings of all terms before the first document, and cannot be stopped at a
//! deadline.

use std::sync::Arc;

use tantivy::index::SegmentReader;
use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocId, Result, Score, Term};

use super::{check_deadline, explanation};
use crate::deadline::Deadline;

/// Matches the documents that hold at least one of several terms. Matches no more documents after
/// the deadline.
#[derive(Debug, Clone)]
pub struct AnyTerm {
    terms: Arc<[Term]>,
    deadline: Deadline,
}

impl AnyTerm {
    /// Returns a query for any of `terms`.
    pub fn new(mut terms: Vec<Term>, deadline: &Deadline) -> Self {
        // The terms get the order of the dictionary, so that each block of the dictionary is read
        // once.
        terms.sort_unstable();
        terms.dedup();
        Self {
            terms: terms.into(),
            deadline: deadline.clone(),
        }
    }
}

impl Query for AnyTerm {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for term in &*self.terms {
            visitor(term, false);
        }
    }
}

impl Weight for AnyTerm {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        let mut documents = BitSet::with_max_value(reader.max_doc());
        for term in &*self.terms {
            check_deadline(&self.deadline)?;
            let index = reader.inverted_index(term.field())?;
            let postings = index.read_block_postings(term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else {
                continue;
            };
            while !postings.docs().is_empty() {
                for document in postings.docs() {
                    documents.insert(*document);
                }
                postings.advance();
            }
        }
        let documents = BitSetDocSet::from(documents);
        Ok(Box::new(ConstScorer::new(documents, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        Ok(explanation(
            self.scorer(reader, 1.0)?,
            doc,
            "any of some terms",
        ))
    }
}

//! Looks articles up by their ids. It reads no stored text.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Result, TERMINATED, Term};

use super::view::View;

impl View {
    /// Returns the first document that holds a term and is not deleted.
    pub fn find(&self, term: &Term) -> Result<Option<DocAddress>> {
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let inverted = segment.inverted_index(term.field())?;
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(ordinal, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Returns the content hash of the article with this id.
    pub fn content_hash(&self, id: &Term) -> Result<Option<u64>> {
        let Some(address) = self.find(id)? else {
            return Ok(None);
        };
        let segment = self.searcher.segment_reader(address.segment_ord);
        let column = segment.fast_fields().u64("content_hash")?;
        Ok(column.first(address.doc_id))
    }
}

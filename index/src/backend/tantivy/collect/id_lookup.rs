//! Looks articles up by their ids. It reads no stored text.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term};

use crate::backend::tantivy::format::schema::Fields;
use crate::document::ArticleId;
use crate::error::{Error, Result};

const LOOK_UP: &str = "look up an article";

/// Returns the document of the article with this id.
pub fn find(searcher: &Searcher, fields: &Fields, id: &ArticleId) -> Result<Option<DocAddress>> {
    let term = Term::from_field_text(fields.id, id.as_str());
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let inverted = segment
            .inverted_index(fields.id)
            .map_err(Error::internal(LOOK_UP))?;
        let postings = inverted
            .read_postings(&term, IndexRecordOption::Basic)
            .map_err(Error::internal(LOOK_UP))?;
        let Some(mut postings) = postings else {
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
pub fn content_hash(searcher: &Searcher, fields: &Fields, id: &ArticleId) -> Result<Option<u64>> {
    let Some(address) = find(searcher, fields, id)? else {
        return Ok(None);
    };
    let column = searcher
        .segment_reader(address.segment_ord)
        .fast_fields()
        .u64("content_hash")
        .map_err(Error::internal(LOOK_UP))?;
    Ok(column.first(address.doc_id))
}

/// Calls `each` for every id. Ids of deleted articles are among them until a merge.
pub fn for_each_id(searcher: &Searcher, fields: &Fields, mut each: impl FnMut(&str)) -> Result<()> {
    for segment in searcher.segment_readers() {
        let inverted = segment
            .inverted_index(fields.id)
            .map_err(Error::internal(LOOK_UP))?;
        let mut ids = inverted
            .terms()
            .stream()
            .map_err(Error::internal(LOOK_UP))?;
        while ids.advance() {
            if let Ok(id) = std::str::from_utf8(ids.key()) {
                each(id);
            }
        }
    }
    Ok(())
}

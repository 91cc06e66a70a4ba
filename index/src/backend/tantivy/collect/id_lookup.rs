//! Which articles an index holds, by their ids. It reads no text.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::backend::tantivy::format::schema::Fields;
use crate::document::ArticleId;
use crate::error::{Error, Result};

const LOOK_UP: &str = "look up an article";

/// The content hash of the article with this id.
pub fn content_hash(searcher: &Searcher, fields: &Fields, id: &ArticleId) -> Result<Option<u64>> {
    let term = Term::from_field_text(fields.id, id.as_str());
    for segment in searcher.segment_readers() {
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
                let column = segment
                    .fast_fields()
                    .u64("content_hash")
                    .map_err(Error::internal(LOOK_UP))?;
                return Ok(column.first(postings.doc()));
            }
            postings.advance();
        }
    }
    Ok(None)
}

/// Calls `each` for every id; for some of articles that are deleted, too.
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

//! Figures about a whole index: the range of dates, and the number of sources. Deleted articles do not count.

use std::collections::BTreeSet;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::backend::tantivy::format::schema::Fields;
use crate::error::{Error, Result};

const READ: &str = "read what the index holds";

/// Returns the first and the last time of publication, in seconds since 1970; `None` if no article has a date.
pub fn published(searcher: &Searcher) -> Result<Option<(i64, i64)>> {
    let mut range: Option<(i64, i64)> = None;
    for segment in searcher.segment_readers() {
        let column = segment
            .fast_fields()
            .i64("published")
            .map_err(Error::internal(READ))?;
        let mut add = |seconds: i64| {
            range = Some(range.map_or((seconds, seconds), |(first, last)| {
                (first.min(seconds), last.max(seconds))
            }));
        };
        if segment.has_deletes() {
            segment
                .doc_ids_alive()
                .filter_map(|document| column.first(document))
                .for_each(add);
        } else if column.values.num_vals() > 0 {
            add(column.min_value());
            add(column.max_value());
        }
    }
    Ok(range)
}

/// Returns the number of sources.
pub fn source_count(searcher: &Searcher, fields: &Fields) -> Result<u64> {
    let mut sources: BTreeSet<Vec<u8>> = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment
            .inverted_index(fields.source)
            .map_err(Error::internal(READ))?;
        let mut terms = index.terms().stream().map_err(Error::internal(READ))?;
        while let Some((source, _)) = terms.next() {
            if !sources.contains(source)
                && is_alive(segment, fields, source).map_err(Error::internal(READ))?
            {
                sources.insert(source.to_vec());
            }
        }
    }
    Ok(sources.len() as u64)
}

/// Returns whether the segment holds an article of the source that is not deleted.
fn is_alive(segment: &SegmentReader, fields: &Fields, source: &[u8]) -> tantivy::Result<bool> {
    let Some(alive) = segment.alive_bitset() else {
        return Ok(true);
    };
    let Ok(source) = std::str::from_utf8(source) else {
        return Ok(false);
    };
    let term = Term::from_field_text(fields.source, source);
    let Some(mut postings) = segment
        .inverted_index(fields.source)?
        .read_postings(&term, IndexRecordOption::Basic)?
    else {
        return Ok(false);
    };
    while postings.doc() != TERMINATED {
        if alive.is_alive(postings.doc()) {
            return Ok(true);
        }
        postings.advance();
    }
    Ok(false)
}

//! Figures about a whole index: the range of dates, and the number of sources. Deleted articles do not count.

use tantivy::{Searcher, SegmentReader, Term};

use super::dictionary::values;
use super::id_lookup::find;
use crate::backend::tantivy::format::Fields;

/// Returns the first and the last time of publication, in seconds since 1970; `None` if no article has a date.
pub fn published(searcher: &Searcher) -> tantivy::Result<Option<(i64, i64)>> {
    let mut range: Option<(i64, i64)> = None;
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().i64("published")?;
        let mut add = |seconds: i64| {
            let (first, last) = range.unwrap_or((seconds, seconds));
            range = Some((first.min(seconds), last.max(seconds)));
        };
        if segment.has_deletes() {
            let documents = segment.doc_ids_alive();
            documents
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
pub fn source_count(searcher: &Searcher, fields: &Fields) -> tantivy::Result<u64> {
    let has_deletes = searcher
        .segment_readers()
        .iter()
        .any(SegmentReader::has_deletes);
    let mut count = 0;
    for source in values(searcher, fields.source)? {
        // Until a merge, the dictionary holds the sources of deleted articles, too.
        let term = Term::from_field_text(fields.source, &source);
        count += u64::from(!has_deletes || find(searcher, &term)?.is_some());
    }
    Ok(count)
}

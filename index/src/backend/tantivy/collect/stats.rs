//! Figures about a whole index: the range of dates, and the number of sources. Deleted articles do not count.

use tantivy::{Result, SegmentReader, Term};

use super::view::View;

impl View {
    /// Returns the first and the last time of publication, in seconds since 1970; `None` if no article has a date.
    pub fn published(&self) -> Result<Option<(i64, i64)>> {
        let mut range: Option<(i64, i64)> = None;
        for segment in self.searcher.segment_readers() {
            let column = segment.fast_fields().i64("published")?;
            let mut add = |seconds: i64| {
                let (first, last) = range.unwrap_or((seconds, seconds));
                range = Some((first.min(seconds), last.max(seconds)));
            };
            if segment.has_deletes() {
                let dates = segment
                    .doc_ids_alive()
                    .filter_map(|document| column.first(document));
                dates.for_each(add);
            } else if column.values.num_vals() > 0 {
                add(column.min_value());
                add(column.max_value());
            }
        }
        Ok(range)
    }

    /// Returns the number of sources.
    pub fn source_count(&self) -> Result<u64> {
        let mut segments = self.searcher.segment_readers().iter();
        let has_deletes = segments.any(SegmentReader::has_deletes);
        let mut count = 0;
        for source in self.values(self.fields.source)? {
            // Until a merge, the dictionary holds the sources of deleted articles, too.
            let term = Term::from_field_text(self.fields.source, &source);
            count += u64::from(!has_deletes || self.find(&term)?.is_some());
        }
        Ok(count)
    }
}

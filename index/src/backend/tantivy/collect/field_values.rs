//! The values of a keyword field, numbered in alphabetical order over all index segments.
//!
//! Each segment numbers its own values. For example, one segment has the sources `a` and `c`, and
//! another has `b` and `c`. The table below lets both count under the same numbers, without a look
//! at the text of a value:
//!
//! | value | first segment | second segment |
//! |---|---|---|
//! | 0 (`a`) | 0 | |
//! | 1 (`b`) | | 0 |
//! | 2 (`c`) | 1 | 1 |

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io;

use tantivy::columnar::StrColumn;
use tantivy::{Result, Searcher, SegmentOrdinal, SegmentReader};

/// The number of values between two checks of the deadline.
const CHECKED_EVERY: usize = 4_096;

/// The values of a keyword field.
pub struct FieldValues {
    /// Is `None` if no document of the segment has a value.
    segments: Vec<Option<SegmentValues>>,
    /// For each value, a segment that has it, and the value's ordinal in that segment.
    texts: Vec<(u32, u32)>,
    /// The number of values that a document has which is not deleted.
    pub used_count: u64,
}

struct SegmentValues {
    column: StrColumn,
    /// The number of each value of the segment, by its ordinal.
    numbers: Vec<u32>,
}

impl FieldValues {
    /// Reads the values of the field with this name.
    pub fn read(searcher: &Searcher, field: &str) -> Result<Self> {
        let segments = searcher.segment_readers().iter();
        let columns = segments.map(|segment| segment.fast_fields().str(field));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let (numbers, texts) = number(&columns)?;
        let segment = |(column, numbers): (Option<StrColumn>, _)| {
            column.map(|column| SegmentValues { column, numbers })
        };
        let mut values = Self {
            segments: columns.into_iter().zip(numbers).map(segment).collect(),
            texts,
            used_count: 0,
        };
        values.used_count = values.count_used(searcher);
        Ok(values)
    }

    /// Returns the column of a segment; `None` if no document of the segment has a value.
    pub fn column(&self, segment: SegmentOrdinal) -> Option<StrColumn> {
        let segment = self.segments.get(segment as usize)?.as_ref()?;
        Some(segment.column.clone())
    }

    /// Adds up the counts of the segments. Returns the count of each value by its number.
    pub fn sum<'a>(&self, counts: impl Iterator<Item = (SegmentOrdinal, &'a [u32])>) -> Vec<u64> {
        let mut sums = vec![0; self.texts.len()];
        for (segment, counts) in counts {
            let Some(Some(segment)) = self.segments.get(segment as usize) else {
                continue;
            };
            for (number, count) in segment.numbers.iter().zip(counts) {
                sums[*number as usize] += u64::from(*count);
            }
        }
        sums
    }

    /// Returns the text of a value.
    pub fn text(&self, number: u32) -> io::Result<String> {
        let mut text = String::new();
        if let Some((segment, ordinal)) = self.texts.get(number as usize)
            && let Some(Some(segment)) = self.segments.get(*segment as usize)
        {
            segment.column.ord_to_str(u64::from(*ordinal), &mut text)?;
        }
        Ok(text)
    }

    /// Calls `each` with the number and the text of every value, in no order.
    pub fn for_each(&self, mut each: impl FnMut(u32, &str)) -> io::Result<()> {
        for (index, segment) in (0..).zip(&self.segments) {
            let Some(segment) = segment else { continue };
            let mut texts = segment.column.dictionary().stream()?;
            for (ordinal, number) in (0..).zip(&segment.numbers) {
                if !texts.advance() {
                    break;
                }
                if self.texts.get(*number as usize) == Some(&(index, ordinal))
                    && let Ok(text) = std::str::from_utf8(texts.key())
                {
                    each(*number, text);
                }
            }
        }
        Ok(())
    }

    /// Returns the values that `accepts` returns true for, in alphabetical order. If `is_over`
    /// returns true, the other values are left out.
    pub fn matching(
        &self,
        accepts: &dyn Fn(&str) -> bool,
        is_over: &dyn Fn() -> bool,
    ) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut count = 0_usize;
        let mut has_ended = false;
        self.for_each(|number, text| {
            count += 1;
            has_ended = has_ended || (count.is_multiple_of(CHECKED_EVERY) && is_over());
            if !has_ended && accepts(text) {
                found.push((number, text.to_owned()));
            }
        })?;
        found.sort_unstable_by_key(|(number, _)| *number);
        Ok(found.into_iter().map(|(_, text)| text).collect())
    }

    /// Returns the number of values that a document has which is not deleted.
    fn count_used(&self, searcher: &Searcher) -> u64 {
        let readers = searcher.segment_readers();
        // Until a merge, a dictionary holds the values of deleted documents, too.
        if !readers.iter().any(SegmentReader::has_deletes) {
            return self.texts.len() as u64;
        }
        let mut is_used = vec![false; self.texts.len()];
        for (reader, segment) in readers.iter().zip(&self.segments) {
            let Some(segment) = segment else { continue };
            for document in reader.doc_ids_alive() {
                for ordinal in segment.column.term_ords(document) {
                    if let Some(number) = segment.numbers.get(ordinal as usize) {
                        is_used[*number as usize] = true;
                    }
                }
            }
        }
        is_used.iter().filter(|is_used| **is_used).count() as u64
    }
}

/// For each segment, the number of each of its values; and for each value, a segment that has it,
/// with its ordinal there.
type Numbering = (Vec<Vec<u32>>, Vec<(u32, u32)>);

/// Numbers the values of all segments, by merging their dictionaries.
fn number(columns: &[Option<StrColumn>]) -> io::Result<Numbering> {
    let mut streams = Vec::with_capacity(columns.len());
    for column in columns {
        let stream = column.as_ref().map(|column| column.dictionary().stream());
        streams.push(stream.transpose()?);
    }
    // The next value of each segment that has one.
    let mut next = BinaryHeap::with_capacity(columns.len());
    for (segment, stream) in streams.iter_mut().enumerate() {
        if let Some(stream) = stream
            && stream.advance()
        {
            next.push(Reverse((stream.key().to_vec(), segment)));
        }
    }
    let mut numbers = vec![Vec::new(); columns.len()];
    let mut texts = Vec::new();
    let mut last = Vec::new();
    while let Some(mut top) = next.peek_mut() {
        let Reverse((text, segment)) = &mut *top;
        if texts.is_empty() || *text != last {
            texts.push((*segment as u32, numbers[*segment].len() as u32));
            last.clone_from(text);
        }
        numbers[*segment].push((texts.len() - 1) as u32);
        let stream = streams[*segment].as_mut();
        if let Some(stream) = stream
            && stream.advance()
        {
            text.clear();
            text.extend_from_slice(stream.key());
        } else {
            PeekMut::pop(top);
        }
    }
    Ok((numbers, texts))
}

//! Counts the articles that match, by value and by day.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Result, Score, SegmentOrdinal, SegmentReader};

use super::FieldValues;
use crate::backend::{Summary, ValueCounts, Wanted};

const SECONDS_A_DAY: i64 = 86_400;

/// A collector of the counts that [`Wanted`] asks for.
pub struct Summarize<'a> {
    /// What is counted.
    pub wanted: Wanted<'a>,
    /// The values of each wanted field.
    pub values: Vec<Arc<FieldValues>>,
}

/// The counts of one segment.
pub struct SegmentSummary {
    segment: SegmentOrdinal,
    articles: u64,
    fields: Vec<FieldCounts>,
    published: Option<Column<i64>>,
    days: FxHashMap<i64, u64>,
    undated: u64,
}

/// The number of documents with each value of a field. The index is the value's ordinal.
struct FieldCounts {
    /// The values of the field; `None` if no document of the segment has one.
    column: Option<StrColumn>,
    counts: Vec<u32>,
}

impl Collector for Summarize<'_> {
    type Fruit = Summary;
    type Child = SegmentSummary;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<SegmentSummary> {
        let fast = reader.fast_fields();
        let fields = self.values.iter().map(|values| {
            let column = values.column(segment);
            let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
            FieldCounts { column, counts }
        });
        Ok(SegmentSummary {
            segment,
            articles: 0,
            fields: fields.collect(),
            published: self
                .wanted
                .days
                .then(|| fast.i64("published"))
                .transpose()?,
            days: FxHashMap::default(),
            undated: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<SegmentSummary>) -> Result<Summary> {
        let mut articles = 0;
        let mut undated = 0;
        let mut days = BTreeMap::<i64, u64>::new();
        for segment in &segments {
            articles += segment.articles;
            undated += segment.undated;
            for (day, count) in &segment.days {
                *days.entry(*day).or_default() += count;
            }
        }
        let mut values = Vec::with_capacity(self.values.len());
        for (index, field) in self.values.iter().enumerate() {
            let counts = segments.iter().filter_map(|segment| {
                let field = segment.fields.get(index)?;
                Some((segment.segment, field.counts.as_slice()))
            });
            values.push(most_frequent(field, &field.sum(counts), &self.wanted)?);
        }
        Ok(Summary {
            articles,
            values,
            days: Vec::from_iter(days),
            undated,
        })
    }
}

/// Returns the most frequent values of a field. `counts` has the count of each value, by its number.
fn most_frequent(field: &FieldValues, counts: &[u64], wanted: &Wanted<'_>) -> Result<ValueCounts> {
    // Numbers are in alphabetical order, which decides between equal counts.
    let mut found: Vec<(Reverse<u64>, u32)> = Vec::new();
    match wanted.accepts {
        None => {
            let counts = (0..).zip(counts).filter(|(_, count)| **count > 0);
            found.extend(counts.map(|(number, count)| (Reverse(*count), number)));
        }
        Some(accepts) => field.for_each(|number, text| {
            let count = counts.get(number as usize).copied().unwrap_or(0);
            if count > 0 && accepts(text) {
                found.push((Reverse(count), number));
            }
        })?,
    }
    let value_count = found.len();
    if wanted.limit < found.len() {
        found.select_nth_unstable(wanted.limit);
        found.truncate(wanted.limit);
    }
    found.sort_unstable();
    let values = found.into_iter();
    let values = values.map(|(Reverse(count), number)| Ok((field.text(number)?, count)));
    Ok(ValueCounts {
        value_count,
        most_frequent: values.collect::<Result<_>>()?,
    })
}

impl SegmentCollector for SegmentSummary {
    type Fruit = Self;

    fn collect(&mut self, document: DocId, _: Score) {
        self.articles += 1;
        for FieldCounts { column, counts } in &mut self.fields {
            for ordinal in column.iter().flat_map(|column| column.term_ords(document)) {
                // An ordinal is smaller than the number of values in the dictionary, so it fits in
                // `usize`.
                if let Some(count) = counts.get_mut(ordinal as usize) {
                    *count += 1;
                }
            }
        }
        let Some(published) = &self.published else {
            return;
        };
        match published.first(document) {
            Some(seconds) => {
                let day = seconds.div_euclid(SECONDS_A_DAY);
                *self.days.entry(day).or_default() += 1;
            }
            None => self.undated += 1,
        }
    }

    fn harvest(self) -> Self {
        self
    }
}

//! Counts the articles that match, by value and by day. It orders nothing.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Result, Score, SegmentOrdinal, SegmentReader};

use crate::backend::{Summary, Wanted};

const SECONDS_A_DAY: i64 = 86_400;

/// A collector of the counts that [`Wanted`] asks for.
pub struct Summarize<'a>(pub Wanted<'a>);

/// The counts of one segment.
pub struct SegmentSummary {
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
    counts: Vec<u64>,
}

impl Collector for Summarize<'_> {
    type Fruit = Summary;
    type Child = SegmentSummary;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> Result<SegmentSummary> {
        let fast = reader.fast_fields();
        let fields = self.0.fields.iter().map(|field| {
            let column = fast.str(field.name())?;
            let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
            Ok(FieldCounts { column, counts })
        });
        Ok(SegmentSummary {
            articles: 0,
            fields: fields.collect::<Result<_>>()?,
            published: self.0.days.then(|| fast.i64("published")).transpose()?,
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
        let mut values = vec![FxHashMap::<String, u64>::default(); self.0.fields.len()];
        let mut days = BTreeMap::<i64, u64>::new();
        for segment in segments {
            articles += segment.articles;
            undated += segment.undated;
            for (sums, counts) in values.iter_mut().zip(segment.fields) {
                counts.add_to(sums)?;
            }
            for (day, count) in segment.days {
                *days.entry(day).or_default() += count;
            }
        }
        Ok(Summary {
            articles,
            values: values.into_iter().map(Vec::from_iter).collect(),
            days: Vec::from_iter(days),
            undated,
        })
    }
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

impl FieldCounts {
    /// Adds the counts of the values to `sums`.
    fn add_to(self, sums: &mut FxHashMap<String, u64>) -> Result<()> {
        let Some(column) = self.column else {
            return Ok(());
        };
        for (ordinal, count) in (0..).zip(self.counts).filter(|(_, count)| *count > 0) {
            let mut value = String::new();
            if column.ord_to_str(ordinal, &mut value)? {
                *sums.entry(value).or_default() += count;
            }
        }
        Ok(())
    }
}

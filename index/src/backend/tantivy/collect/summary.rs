//! Counts the articles that match, by value and by day. It orders nothing.

use std::hash::Hash;

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

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

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentSummary> {
        let fast = reader.fast_fields();
        let fields = self.0.fields.iter().map(|field| {
            let column = fast.str(field.name())?;
            let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
            Ok(FieldCounts { column, counts })
        });
        Ok(SegmentSummary {
            articles: 0,
            fields: fields.collect::<tantivy::Result<_>>()?,
            published: self.0.days.then(|| fast.i64("published")).transpose()?,
            days: FxHashMap::default(),
            undated: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Summary>>) -> tantivy::Result<Summary> {
        let mut articles = 0;
        let mut undated = 0;
        let mut values = vec![FxHashMap::<String, u64>::default(); self.0.fields.len()];
        let mut days = FxHashMap::<i64, u64>::default();
        for segment in segments {
            let segment = segment?;
            articles += segment.articles;
            undated += segment.undated;
            for (sums, counts) in values.iter_mut().zip(segment.values) {
                add(sums, counts);
            }
            add(&mut days, segment.days);
        }
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_unstable();
        let values = values.into_iter().map(Vec::from_iter).collect();
        Ok(Summary {
            articles,
            values,
            days,
            undated,
        })
    }
}

/// Adds counts to the sums of the same keys.
fn add<K: Eq + Hash>(sums: &mut FxHashMap<K, u64>, counts: Vec<(K, u64)>) {
    for (key, count) in counts {
        *sums.entry(key).or_default() += count;
    }
}

impl SegmentCollector for SegmentSummary {
    type Fruit = tantivy::Result<Summary>;

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

    fn harvest(self) -> Self::Fruit {
        let values = self.fields.into_iter().map(FieldCounts::values);
        Ok(Summary {
            articles: self.articles,
            values: values.collect::<tantivy::Result<_>>()?,
            days: self.days.into_iter().collect(),
            undated: self.undated,
        })
    }
}

impl FieldCounts {
    fn values(self) -> tantivy::Result<Vec<(String, u64)>> {
        let Some(column) = self.column else {
            return Ok(Vec::new());
        };
        let mut values = Vec::new();
        for (ordinal, count) in (0..).zip(self.counts).filter(|(_, count)| *count > 0) {
            let mut value = String::new();
            if column.ord_to_str(ordinal, &mut value)? {
                values.push((value, count));
            }
        }
        Ok(values)
    }
}

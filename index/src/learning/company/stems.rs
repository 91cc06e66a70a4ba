//! Learns the graph of related stems from the company of words: the company of a stem is that of its
//! words.

use std::collections::BTreeMap;

use super::Company;
use crate::learning::graph::cooccurrence::COLUMN_BITS;
use crate::learning::graph::{Graph, Learner};
use crate::parallel::map_ranges;
use fihrist_arabic::Analyzer;

impl Company {
    /// Returns the graph of the stems that `analyzer` gives these words.
    pub fn graph(&self, learner: &Learner, analyzer: &Analyzer) -> Graph {
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, companion) in self.words.iter().enumerate() {
            analyzer.for_each(&companion.word, |token| {
                if let Some(row) = learner.row(token.stem()) {
                    members.entry(row).or_default().push(index);
                }
            });
        }
        let members: Vec<(u32, Vec<usize>)> = members.into_iter().collect();
        let counted = map_ranges(0..members.len(), |range| {
            let rows = members[range].iter();
            let cells = rows.map(|(row, words)| {
                let contexts = (0..).zip(self.contexts(words));
                let counted = contexts.filter(|(_, count)| *count > 0);
                let cells = counted.map(|(column, count)| (row << COLUMN_BITS | column, count));
                cells.collect::<Vec<_>>()
            });
            cells.collect::<Vec<_>>().concat()
        });
        let mut occurrences = vec![0; learner.row_count()];
        for (row, words) in &members {
            let sum = self.occurrences(words);
            occurrences[*row as usize] = u32::try_from(sum).unwrap_or(u32::MAX);
        }
        learner.graph(&counted.concat(), &occurrences)
    }
}

//! Learns the graph of related stems from the company of words: the company of a stem is that of its
//! words.

use super::grouped::Grouped;
use super::{COLUMN_COUNT, Company};
use crate::learning::StemmedWord;
use crate::learning::graph::cooccurrence::COLUMN_BITS;
use crate::learning::graph::{Graph, Learner};
use crate::parallel::map_uneven;

impl Company {
    /// Returns the graph of the stems of these words. `stemmed` has the words of the corpus that
    /// the company was counted in, and `learner` was made of them.
    pub fn graph(&self, learner: &Learner, stemmed: &[StemmedWord]) -> Graph {
        let form_count = stemmed.last().map_or(0, |word| word.form as usize + 1);
        let rows = stemmed
            .iter()
            .filter_map(|word| Some((word.form, learner.row(&word.stem)?)));
        let rows: Vec<(u32, u32)> = rows.collect();
        let rows_of_forms = Grouped::new(form_count, rows.into_iter());
        let members = self.words.iter().enumerate().flat_map(|(index, word)| {
            let rows = rows_of_forms.get(word.form).iter();
            rows.map(move |row| (*row, index))
        });
        let members: Grouped<usize> = Grouped::new(learner.row_count(), members);
        let counted = map_uneven(0..learner.row_count(), |range| {
            let mut counts = vec![0; COLUMN_COUNT];
            let mut columns = Vec::new();
            let mut cells = Vec::new();
            for row in range.start as u32..range.end as u32 {
                for (column, count) in members.get(row).iter().flat_map(|word| self.cells(*word)) {
                    let sum: &mut u32 = &mut counts[column];
                    if *sum == 0 {
                        columns.push(column as u32);
                    }
                    *sum += count;
                }
                columns.sort_unstable();
                cells.extend(columns.drain(..).map(|column| {
                    let count = std::mem::take(&mut counts[column as usize]);
                    (row << COLUMN_BITS | column, count)
                }));
            }
            cells
        });
        let occurrences = (0..learner.row_count() as u32).map(|row| {
            let sum = self.occurrences(members.get(row));
            u32::try_from(sum).unwrap_or(u32::MAX)
        });
        learner.graph(&counted.concat(), &occurrences.collect::<Vec<_>>())
    }
}

//! Counts which stems occur near each other, as a matrix. It has a row for each stem of a proposed
//! pair, and a column for each context. A context is a stem at most three words away, and the side
//! on which it occurs.
//!
//! For example, `حليب` has a row, and `شرب`, `ولد` and `بارد` have columns. Then the field
//! `شرب الولد حليبا باردا` adds one to three cells of that row: `شرب` before, `ولد` before, and
//! `بارد` after.

use rustc_hash::FxHashMap;

use super::cell_counts::CellCounts;

/// The number of words before and after a word whose stems are its contexts.
const WINDOW: usize = 3;

/// This bit of a column is set if the context occurs after the word. The side helps to tell verbs
/// from nouns.
const SIDE_BIT: u32 = 12;
/// The number of bits in a column: the bits of the context's number, and one bit for the side.
pub const COLUMN_BITS: u32 = 13;

/// Stands for the row or the column of a stem that has no row or no column.
pub const NONE: u32 = u32::MAX;

/// The row and the column of a stem. A stem has a row if it is in a proposed pair, and a column if
/// it is a context.
#[derive(Clone, Copy)]
pub struct MatrixIndices {
    pub row: u32,
    pub column: u32,
}

impl MatrixIndices {
    /// The indices of a stem that has neither a row nor a column.
    pub const NOT_COUNTED: Self = Self {
        row: NONE,
        column: NONE,
    };
}

/// The stems to count, and the share of a corpus to count them in.
pub struct WatchedStems {
    pub indices: FxHashMap<String, MatrixIndices>,
    pub row_count: usize,
    /// Of this many fields, one is counted; 1 counts all.
    pub stride: u64,
}

/// The co-occurrence counts of a corpus, or of a part of it that one thread reads.
///
/// Invariant: the graph that the counts give depends neither on the order of the fields nor on how
/// the corpus is divided into parts.
pub struct CooccurrenceCounts<'a> {
    watched: &'a WatchedStems,
    cells: CellCounts,
    /// The number of occurrences of each row's stem.
    occurrences: Vec<u32>,
    /// The rows and columns of the words in the field that is being counted.
    field: Vec<MatrixIndices>,
    /// The rows and columns of stems that are given with a number; the number is the index.
    numbered: Vec<Option<MatrixIndices>>,
}

impl<'a> CooccurrenceCounts<'a> {
    pub(in crate::learning) fn new(watched: &'a WatchedStems) -> Self {
        Self {
            watched,
            cells: CellCounts::default(),
            occurrences: vec![0; watched.row_count],
            field: Vec::new(),
            numbered: Vec::new(),
        }
    }

    /// Counts the stems of one field of an article, in order. A stem may be given with a number, so
    /// that it is looked up only once. A number must always stand for the same stem.
    pub fn add<'s, F: FnOnce() -> &'s str>(
        &mut self,
        stems: impl IntoIterator<Item = (F, Option<u32>)>,
    ) {
        for (stem, number) in stems {
            self.push(stem, number);
        }
        self.end_field();
    }

    /// Adds the next stem of a field. The field is counted when [`end_field`](Self::end_field) is
    /// called.
    pub(in crate::learning) fn push<'s>(
        &mut self,
        stem: impl FnOnce() -> &'s str,
        number: Option<u32>,
    ) {
        let indices = self.indices_of(stem, number);
        self.field.push(indices);
    }

    /// Counts the stems that were pushed.
    pub(in crate::learning) fn end_field(&mut self) {
        self.count_field();
        self.field.clear();
    }

    fn count_field(&mut self) {
        // Whether a field is in the sample depends on its content, not on its position in the
        // corpus.
        if self.watched.stride > 1 && !self.content_hash().is_multiple_of(self.watched.stride) {
            return;
        }
        for (i, stem) in self.field.iter().enumerate() {
            let row = stem.row;
            if row == NONE {
                continue;
            }
            let occurrences = &mut self.occurrences[row as usize];
            *occurrences = occurrences.saturating_add(1);
            let before = &self.field[i.saturating_sub(WINDOW)..i];
            let after = &self.field[i + 1..self.field.len().min(i + 1 + WINDOW)];
            for (contexts, side) in [(before, 0), (after, 1 << SIDE_BIT)] {
                for context in contexts.iter().filter(|context| context.column != NONE) {
                    self.cells.add(row << COLUMN_BITS | side | context.column);
                }
            }
        }
    }

    /// Sorts the collected additions, so that several threads can do this before their counts are
    /// merged.
    pub fn flush(&mut self) {
        self.cells.flush();
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Self) {
        self.cells.merge(other.cells);
        for (sum, more) in self.occurrences.iter_mut().zip(other.occurrences) {
            *sum = sum.saturating_add(more);
        }
    }

    /// Returns the cells with a count above zero, sorted by key, and the number of occurrences of
    /// each row's stem.
    pub(in crate::learning) fn into_parts(self) -> (Vec<(u32, u32)>, Vec<u32>) {
        (self.cells.into_counts(), self.occurrences)
    }

    fn indices_of<'s>(
        &mut self,
        stem: impl FnOnce() -> &'s str,
        number: Option<u32>,
    ) -> MatrixIndices {
        let look_up = || {
            let indices = self.watched.indices.get(stem());
            indices.copied().unwrap_or(MatrixIndices::NOT_COUNTED)
        };
        let Some(number) = number.map(|number| number as usize) else {
            return look_up();
        };
        if number >= self.numbered.len() {
            self.numbered.resize(number + 1, None);
        }
        *self.numbered[number].get_or_insert_with(look_up)
    }

    /// Returns the upper half of the FNV-1a hash of the field's rows and columns.
    fn content_hash(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for stem in &self.field {
            for number in [stem.row, stem.column] {
                hash = (hash ^ u64::from(number)).wrapping_mul(0x100_0000_01b3);
            }
        }
        hash >> 32
    }
}

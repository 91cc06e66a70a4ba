//! Counts which stems occur near each other: a matrix with a row for each stem of a proposed pair and a column for each
//! context. The context of an occurrence is a stem at most three words away, and the side on which it is.
//!
//! For example, `حليب` has a row, and `شرب`, `ولد` and `بارد` are contexts. The field `شرب الولد حليبا باردا` then adds one to
//! three cells of that row: `شرب` before, `ولد` before, and `بارد` after.

use rustc_hash::FxHashMap;

use super::cell_counts::CellCounts;

/// The number of words on each side that are context.
const WINDOW: usize = 3;

/// This bit of a column is set for a context after the word. The side tells verbs from nouns.
const SIDE_BIT: u32 = 12;
/// The bits of a column: the context and the side.
pub(super) const COLUMN_BITS: u32 = 13;

/// The row or the column of a stem that has none.
pub(super) const NONE: u32 = u32::MAX;

/// The row of a stem, if a pair needs it, and its column, if it is a context.
#[derive(Clone, Copy)]
pub(super) struct MatrixIndices {
    pub row: u32,
    pub column: u32,
}

impl MatrixIndices {
    /// The indices of a stem that is not counted.
    pub const NOT_COUNTED: Self = Self {
        row: NONE,
        column: NONE,
    };
}

/// The stems that are counted, and which part of a corpus is.
pub(super) struct WatchedStems {
    pub indices: FxHashMap<String, MatrixIndices>,
    pub row_count: usize,
    /// One field in this many is counted.
    pub stride: u64,
}

/// The co-occurrence counts of a corpus, or of a part of one.
///
/// Invariant: the graph is the same for every order of the fields and for every division into parts.
pub struct CooccurrenceCounts<'a> {
    watched: &'a WatchedStems,
    cells: CellCounts,
    /// How often the stem of each row occurs.
    occurrences: Vec<u32>,
    /// The stems of the field that is being counted.
    field: Vec<MatrixIndices>,
    /// The indices of the stems that come with a number, by that number.
    numbered: Vec<Option<MatrixIndices>>,
}

impl<'a> CooccurrenceCounts<'a> {
    pub(super) fn new(watched: &'a WatchedStems) -> Self {
        Self {
            watched,
            cells: CellCounts::default(),
            occurrences: vec![0; watched.row_count],
            field: Vec::new(),
            numbered: Vec::new(),
        }
    }

    /// Counts the stems of one field of an article, in order. A stem may come with a number, which spares looking it up.
    /// Every number must always stand for the same stem.
    pub fn add<'s, F: FnOnce() -> &'s str>(
        &mut self,
        stems: impl IntoIterator<Item = (F, Option<u32>)>,
    ) {
        self.field.clear();
        for (stem, number) in stems {
            let indices = self.indices_of(stem, number);
            self.field.push(indices);
        }
        // The content of a field decides whether it is sampled, so its position in the corpus does not matter.
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

    /// Sorts what was gathered, as the first merge would, so that several threads can do it at once.
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

    /// Returns the cells that are not zero, sorted, and how often the stem of each row occurs.
    pub(super) fn into_parts(self) -> (Vec<(u32, u32)>, Vec<u32>) {
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

//! Merge decisions: each replaces a stem by another stem of the same word. The stemmer follows
//! them; nothing makes such a decision yet.

use super::packed_word::PackedWord;

/// Stems, each with the stem that replaces it.
///
/// Invariant: an empty table adds no bytes to its model, so models without decisions keep their
/// hash.
#[derive(Debug, Default)]
pub(super) struct MergeTable {
    /// Sorted by the replaced stem.
    replaced: Vec<(PackedWord, PackedWord)>,
}

impl MergeTable {
    /// Returns the stem that replaces a stem; most often the stem itself.
    pub(super) fn replacement(&self, stem: PackedWord) -> PackedWord {
        match self.replaced.binary_search_by_key(&stem, |(from, _)| *from) {
            Ok(found) => self.replaced[found].1,
            Err(_) => stem,
        }
    }
}

//! Merge decisions: each replaces a stem by another stem of the same word. The stemmer applies
//! them; no code makes such decisions yet.

use super::PackedWord;

/// Pairs of stems: one is replaced, the other replaces it.
///
/// Invariant: an empty table adds no bytes to its model, so the hash of a model without decisions
/// stays the same.
#[derive(Debug, Default)]
pub struct MergeTable {
    /// The replaced stem and its replacement, sorted by the replaced stem.
    replaced: Vec<(PackedWord, PackedWord)>,
}

impl MergeTable {
    /// Returns the stem that replaces `stem`, or `stem` itself if no decision replaces it.
    pub fn replacement(&self, stem: PackedWord) -> PackedWord {
        match self.replaced.binary_search_by_key(&stem, |(from, _)| *from) {
            Ok(found) => self.replaced[found].1,
            Err(_) => stem,
        }
    }
}

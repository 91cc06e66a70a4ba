//! A filter of terms, made of hashes: it shows quickly that a word is none of the terms that a
//! query looks for.
//!
//! Every term sets one of 256 bits, chosen by its hash. A word whose bits are clear is none of the
//! terms. A word whose bit is set may be one, so the caller compares the terms themselves. With ten
//! terms in the filter, about one in 25 other words passes.

use crate::fnv1a;

/// The stems and folded words that a query looks for, as bits.
#[derive(Default)]
pub struct TermFilter {
    stems: FilterBits,
    surfaces: FilterBits,
}

/// One bit for each value of a byte.
type FilterBits = [u64; 4];

/// The hashes of the two terms of a word.
#[derive(Clone, Copy)]
pub struct TermHashes {
    surface: u8,
    stem: u8,
}

impl TermHashes {
    pub fn of(surface: &str, stem: &str) -> Self {
        Self {
            surface: hash(surface),
            stem: hash(stem),
        }
    }
}

impl TermFilter {
    /// Adds a stem that the query looks for.
    pub fn add_stem(&mut self, stem: &str) {
        set(&mut self.stems, hash(stem));
    }

    /// Adds a folded word that the query looks for.
    pub fn add_surface(&mut self, surface: &str) {
        set(&mut self.surfaces, hash(surface));
    }

    /// Returns false only if neither the surface nor the stem of the word was added.
    pub(crate) fn may_contain(&self, TermHashes { surface, stem }: TermHashes) -> bool {
        is_set(&self.stems, stem) || is_set(&self.surfaces, surface)
    }
}

fn hash(term: &str) -> u8 {
    // The last letters change only the lower bits of the hash.
    let hash = fnv1a(term.as_bytes());
    (hash ^ hash >> 32) as u8
}

fn set(bits: &mut FilterBits, hash: u8) {
    bits[usize::from(hash / 64)] |= 1 << (hash % 64);
}

fn is_set(bits: &FilterBits, hash: u8) -> bool {
    bits[usize::from(hash / 64)] >> (hash % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_term_always_passes() {
        let mut filter = TermFilter::default();
        filter.add_stem("وزير");
        filter.add_surface("بيته");
        assert!(filter.may_contain(TermHashes::of("الوزير", "وزير")));
        assert!(filter.may_contain(TermHashes::of("بيته", "بيت")));
        assert!(!TermFilter::default().may_contain(TermHashes::of("بيته", "بيت")));
    }
}

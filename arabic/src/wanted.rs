//! Terms that someone looks for, as a small set of their hashes: what is not in it need not be looked at. It never says of a
//! wanted term that it is none; of one in a few dozen others it says that it might be one.

use crate::fnv1a;

/// Hashes of stems and of folded words.
#[derive(Debug, Clone, Copy, Default)]
pub struct WantedTerms {
    stems: Bits,
    surfaces: Bits,
}

/// A bit for each value of a byte.
type Bits = [u64; 4];

/// The hashes of the two terms of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TermHashes {
    surface: u8,
    stem: u8,
}

impl TermHashes {
    pub(crate) fn of(surface: &str, stem: &str) -> Self {
        Self {
            surface: hash(surface),
            stem: hash(stem),
        }
    }
}

impl WantedTerms {
    /// Adds a stem.
    pub fn add_stem(&mut self, stem: &str) {
        add(&mut self.stems, hash(stem));
    }

    /// Adds a folded word.
    pub fn add_surface(&mut self, surface: &str) {
        add(&mut self.surfaces, hash(surface));
    }

    pub(crate) fn may_hold(&self, TermHashes { surface, stem }: TermHashes) -> bool {
        has(&self.stems, stem) || has(&self.surfaces, surface)
    }
}

fn hash(term: &str) -> u8 {
    // The last letters change the lower bits alone.
    let hash = fnv1a(term.as_bytes());
    (hash ^ hash >> 32) as u8
}

fn add(bits: &mut Bits, hash: u8) {
    bits[usize::from(hash / 64)] |= 1 << (hash % 64);
}

fn has(bits: &Bits, hash: u8) -> bool {
    bits[usize::from(hash / 64)] >> (hash % 64) & 1 == 1
}

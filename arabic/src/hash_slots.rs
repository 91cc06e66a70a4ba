//! A hash table of indices for words that never change. The caller stores the words, hashes them
//! and compares them.
//!
//! A lookup takes the slot that the hash of the word selects. The slot has the index of a word and
//! some more bits of that word's hash. If these bits agree, the caller compares the word at the
//! index. If it differs, the next slot is tried, until a slot is empty.

/// Marks a slot without an index.
const EMPTY: u32 = u32::MAX;

/// Slots with open addressing and linear probing, at most half full. The lower `INDEX_BITS` bits of
/// a slot are an index. The upper bits are part of the hash. They rule out nearly every other word,
/// so words are rarely compared.
///
/// Invariant: no index has all of its `INDEX_BITS` bits set.
#[derive(Clone, Default)]
pub struct HashSlots<const INDEX_BITS: u32> {
    slots: Vec<u32>,
    /// The number of bits by which a hash is shifted right to give a slot.
    shift: u32,
}

impl<const INDEX_BITS: u32> HashSlots<INDEX_BITS> {
    /// Makes slots for words with these hashes. If several words select one slot, a look-up tries
    /// them in the order of `hashes`.
    pub fn new(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let size = (2 * hashes.len()).next_power_of_two().max(2);
        let shift = u64::BITS - size.ilog2();
        let mut slots = vec![EMPTY; size];
        for (index, hash) in (0..).zip(hashes) {
            let mut slot = (hash >> shift) as usize;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = Self::tag(hash) | index;
        }
        Self { slots, shift }
    }

    /// Returns the index of the word with this hash for which `is_same` holds; `None` if there is
    /// no such word.
    #[inline]
    pub fn find(&self, hash: u64, is_same: impl Fn(usize) -> bool) -> Option<usize> {
        let mut slot = (hash >> self.shift) as usize;
        loop {
            let found = *self.slots.get(slot)?;
            let tag = Self::tag(found.into());
            let index = (found ^ tag) as usize;
            if tag == Self::tag(hash) && is_same(index) {
                return Some(index);
            }
            if found == EMPTY {
                return None;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Returns the bits of a hash that are stored in the slot beside the index.
    const fn tag(hash: u64) -> u32 {
        hash as u32 >> INDEX_BITS << INDEX_BITS
    }
}

/// Hashes a word, given as three integers, so that the upper bits depend on every letter.
#[inline]
pub fn hash([first, second, third]: [u64; 3]) -> u64 {
    // Multiplying by odd constants carries every letter into the upper bits (Knuth, vol. 3, 6.4).
    let mixed = first.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ second.wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(23)
        ^ third.wrapping_mul(0xA24B_AED4_963E_E407).rotate_left(46);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

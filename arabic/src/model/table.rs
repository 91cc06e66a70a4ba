//! The words of a model in a compact hash table: 24 bytes and two to four slots a word. The table
//! never changes once made, and has no stems.
//!
//! A lookup hashes the word to a slot. The slot has the index of a word and eight more bits of that
//! word's hash. If these bits agree, the word at the index is compared. If it differs, the next
//! slot is tried, until a slot is empty.

use super::packed_word::PackedWord;

/// The number of commonest words that have slots of their own. Most lookups of running text
/// find these words, so their slots and entries stay in the processor's nearest caches.
const COMMONEST_WORDS: usize = 1 << 14;

/// Marks a word whose commonest spelling is the folded word.
const AS_FOLDED: u32 = u32::MAX;

/// Marks a slot without a word.
const EMPTY: u32 = u32::MAX;

/// The number of lower bits of a slot that are the index of a word: enough for sixteen million
/// words. The upper bits are part of the word's hash. They rule out nearly every other word without
/// a look at its entry.
const INDEX_BITS: u32 = 24;
const INDEX_MASK: u32 = (1 << INDEX_BITS) - 1;

/// A folded word with its count and its commonest spelling.
pub(super) struct CountedWord {
    pub(super) folded: PackedWord,
    pub(super) count: u32,
    pub(super) written: PackedWord,
}

/// A folded word in the table.
struct WordEntry {
    folded: Halves,
    count: u32,
    /// The index of the commonest spelling in the list of spellings, or [`AS_FOLDED`].
    spelling: u32,
}

/// A [`PackedWord`] without the padding of a `u128`.
type Halves = [u64; 2];

/// The words of a model.
///
/// Invariant: the words are in the order of decreasing counts, so the first [`COMMONEST_WORDS`] are
/// the commonest.
pub(super) struct WordTable {
    entries: Vec<WordEntry>,
    commonest: HashSlots,
    all: HashSlots,
    spellings: Vec<PackedWord>,
}

impl WordTable {
    /// Makes the table of distinct folded words. Fails with the first error of the iterator.
    pub(super) fn new<E>(words: impl Iterator<Item = Result<CountedWord, E>>) -> Result<Self, E> {
        let mut spellings = Vec::new();
        let mut entries = Vec::new();
        for word in words {
            let CountedWord {
                folded,
                count,
                written,
            } = word?;
            let spelling = if written == folded {
                AS_FOLDED
            } else {
                spellings.len() as u32
            };
            spellings.extend(Some(written).filter(|_| written != folded));
            entries.push(WordEntry {
                folded: folded.halves(),
                count,
                spelling,
            });
        }
        entries.sort_unstable_by(|one, other| {
            other
                .count
                .cmp(&one.count)
                .then(one.folded.cmp(&other.folded))
        });
        entries.truncate(INDEX_MASK as usize);
        entries.shrink_to_fit();
        spellings.shrink_to_fit();
        let commonest = HashSlots::new(&entries[..entries.len().min(COMMONEST_WORDS)]);
        let all = HashSlots::new(&entries);
        Ok(Self {
            entries,
            commonest,
            all,
            spellings,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the index of a word in the order of decreasing counts.
    pub(super) fn find(&self, folded: PackedWord) -> Option<usize> {
        let folded = folded.halves();
        self.commonest
            .find(&self.entries, folded)
            .or_else(|| self.all.find(&self.entries, folded))
    }

    pub(super) fn folded(&self, index: usize) -> PackedWord {
        PackedWord::from_halves(self.entries[index].folded)
    }

    pub(super) fn count(&self, index: usize) -> u32 {
        self.entries[index].count
    }

    /// Returns the commonest spelling of the word with this index.
    pub(super) fn written(&self, index: usize) -> PackedWord {
        match self.entries[index].spelling {
            AS_FOLDED => self.folded(index),
            spelling => self.spellings[spelling as usize],
        }
    }
}

/// The slots of a hash table with open addressing and linear probing, at most half full.
struct HashSlots {
    indices: Vec<u32>,
    /// The number of bits by which a hash is shifted right to give a slot.
    shift: u32,
}

impl HashSlots {
    /// Makes slots for the entries. If several words hash to one slot, the commonest comes first.
    fn new(entries: &[WordEntry]) -> Self {
        let size = (2 * entries.len()).next_power_of_two().max(2);
        let mut slots = Self {
            indices: vec![EMPTY; size],
            shift: u64::BITS - size.ilog2(),
        };
        for (index, entry) in (0..).zip(entries) {
            let hash = hash(entry.folded);
            let mut slot = slots.first(hash);
            while slots.indices[slot] != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            slots.indices[slot] = tag(hash) | index;
        }
        slots
    }

    fn find(&self, entries: &[WordEntry], folded: Halves) -> Option<usize> {
        let hash = hash(folded);
        let mut slot = self.first(hash);
        loop {
            let found = self.indices[slot];
            let index = (found & INDEX_MASK) as usize;
            if found & !INDEX_MASK == tag(hash)
                && entries
                    .get(index)
                    .is_some_and(|entry| entry.folded == folded)
            {
                return Some(index);
            }
            if found == EMPTY {
                return None;
            }
            slot = (slot + 1) & (self.indices.len() - 1);
        }
    }

    /// Returns the slot at which the search for a word begins.
    fn first(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }
}

/// Hashes a word so that the upper bits depend on every letter.
fn hash([low, high]: Halves) -> u64 {
    // Multiplying by an odd constant carries every letter into the upper bits (Knuth, vol. 3, 6.4).
    let mixed = (low ^ high.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
        .wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Returns the bits of the hash that are stored in the slot beside the index.
const fn tag(hash: u64) -> u32 {
    hash as u32 & !INDEX_MASK
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> WordTable {
        let word = |(word, count)| CountedWord {
            folded: PackedWord::of(word),
            count,
            written: PackedWord::of(word),
        };
        WordTable::new(words.into_iter().map(|pair| Ok::<_, ()>(word(pair)))).expect("no error")
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        let table = table([]);
        assert_eq!(
            (
                table.len(),
                table.find(PackedWord::of("بيت")),
                table.find(PackedWord::NONE)
            ),
            (0, None, None)
        );
    }

    #[test]
    fn the_commonest_word_stands_first() {
        let table = table([("باب", 2), ("بيت", 7), ("نهر", 2)]);
        assert_eq!(table.find(PackedWord::of("بيت")), Some(0));
        assert_eq!(
            (table.count(0), table.written(0)),
            (7, PackedWord::of("بيت"))
        );
    }

    proptest! {
        #[test]
        fn finds_every_word_and_no_other(words in prop::collection::btree_map("[اهي]{1,6}", 1..9_u32, 0..300), other in "[اهي]{1,7}") {
            let pack = |word: &str| PackedWord::pack(word).expect("a short word");
            let table = table(words.iter().map(|(word, count)| (word.as_str(), *count)));
            prop_assert_eq!(table.len(), words.len());
            for (word, count) in &words {
                let index = table.find(pack(word)).expect("a index");
                prop_assert_eq!((table.folded(index), table.count(index)), (pack(word), *count));
            }
            prop_assert_eq!(table.find(pack(&other)).is_some(), words.contains_key(&other));
        }
    }
}

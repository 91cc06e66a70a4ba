//! The words of a model in one compact hash table: 24 bytes and two to four slots a word, the commonest words together.
//! It never changes once made, and knows nothing of stems.

use super::packed_word::PackedWord;

/// How many of the commonest words have slots of their own: running text asks for little else, and these and the words'
/// entries stay in the processor's nearest caches.
const HOT_WORDS: usize = 1 << 14;

/// Marks a word that is mostly written as it is folded.
const AS_FOLDED: u32 = u32::MAX;

/// Marks a slot without a word.
const EMPTY: u32 = u32::MAX;

/// The bits of a slot that tell the place of its word, which are enough for sixteen million. Those above are some of the hash:
/// nearly every other word is passed over by them, without a look at its entry.
const PLACE_BITS: u32 = 24;
const PLACES: u32 = (1 << PLACE_BITS) - 1;

/// A folded word, how often it was seen, and its commonest spelling.
pub(super) struct CountedWord {
    pub(super) folded: PackedWord,
    pub(super) count: u32,
    pub(super) written: PackedWord,
}

/// What is known of one folded word.
#[derive(Clone, Copy)]
struct WordEntry {
    folded: Halves,
    count: u32,
    /// Index of the commonest spelling, or [`AS_FOLDED`].
    spelling: u32,
}

/// [`PackedWord`] without the padding that a `u128` asks for.
type Halves = [u64; 2];

/// The words of a model.
///
/// Invariant: the words are in the order of decreasing counts, so those below [`HOT_WORDS`] are the commonest.
pub(super) struct WordTable {
    entries: Vec<WordEntry>,
    hot: HashSlots,
    all: HashSlots,
    spellings: Vec<PackedWord>,
}

impl WordTable {
    /// Takes folded words, each once, up to the first error.
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
        entries.truncate(PLACES as usize);
        entries.shrink_to_fit();
        spellings.shrink_to_fit();
        let hot = HashSlots::new(&entries[..entries.len().min(HOT_WORDS)]);
        let all = HashSlots::new(&entries);
        Ok(Self {
            entries,
            hot,
            all,
            spellings,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The place of a word in the order of decreasing counts.
    pub(super) fn find(&self, folded: PackedWord) -> Option<usize> {
        let folded = folded.halves();
        self.hot
            .find(&self.entries, folded)
            .or_else(|| self.all.find(&self.entries, folded))
    }

    pub(super) fn folded(&self, place: usize) -> PackedWord {
        PackedWord::from_halves(self.entries[place].folded)
    }

    pub(super) fn count(&self, place: usize) -> u32 {
        self.entries[place].count
    }

    /// The commonest spelling.
    pub(super) fn written(&self, place: usize) -> PackedWord {
        match self.entries[place].spelling {
            AS_FOLDED => self.folded(place),
            spelling => self.spellings[spelling as usize],
        }
    }
}

/// Open addressing with linear probing, at most half full.
struct HashSlots {
    places: Vec<u32>,
    /// How far a hash is shifted to give a slot.
    shift: u32,
}

impl HashSlots {
    /// HashSlots for the first entries; the commonest stand first where several want one slot.
    fn new(entries: &[WordEntry]) -> Self {
        let size = (2 * entries.len()).next_power_of_two().max(2);
        let mut slots = Self {
            places: vec![EMPTY; size],
            shift: u64::BITS - size.ilog2(),
        };
        for (place, entry) in (0..).zip(entries) {
            let hash = hash(entry.folded);
            let mut slot = slots.first(hash);
            while slots.places[slot] != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            slots.places[slot] = tag(hash) | place;
        }
        slots
    }

    fn find(&self, entries: &[WordEntry], folded: Halves) -> Option<usize> {
        let hash = hash(folded);
        let mut slot = self.first(hash);
        loop {
            let found = self.places[slot];
            let place = (found & PLACES) as usize;
            if found & !PLACES == tag(hash)
                && entries
                    .get(place)
                    .is_some_and(|entry| entry.folded == folded)
            {
                return Some(place);
            }
            if found == EMPTY {
                return None;
            }
            slot = (slot + 1) & (self.places.len() - 1);
        }
    }

    /// Where the search for a word begins.
    fn first(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }
}

/// A number whose upper bits depend on every letter.
fn hash([low, high]: Halves) -> u64 {
    // Multiplying by an odd constant carries every letter into the upper bits (Knuth, vol. 3, 6.4).
    let mixed = (low ^ high.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
        .wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Bits of the hash that do not tell the slot.
const fn tag(hash: u64) -> u32 {
    hash as u32 & !PLACES
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
                let place = table.find(pack(word)).expect("a place");
                prop_assert_eq!((table.folded(place), table.count(place)), (pack(word), *count));
            }
            prop_assert_eq!(table.find(pack(&other)).is_some(), words.contains_key(&other));
        }
    }
}

//! The words of a model in a compact hash table: 24 bytes and two to four slots a word. The table
//! never changes once made, and has no stems.

use std::cmp::Reverse;

use super::{Form, PackedWord};
use crate::hash_slots::{HashSlots, hash};

/// The number of commonest words that have slots of their own. Most lookups of running text
/// find these words, so their slots and entries stay in the processor's nearest caches.
const COMMONEST_WORDS: usize = 1 << 14;

/// Marks a word whose commonest spelling is the folded word.
const AS_FOLDED: u32 = u32::MAX;

/// The number of bits of an index: enough for sixteen million words.
const INDEX_BITS: u32 = 24;

/// A folded word in the table.
#[derive(Clone)]
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
#[derive(Clone)]
pub struct WordTable {
    entries: Vec<WordEntry>,
    commonest: HashSlots<INDEX_BITS>,
    all: HashSlots<INDEX_BITS>,
    spellings: Vec<PackedWord>,
}

impl WordTable {
    /// Makes the table of forms that are sorted by folded word. The forms of one word give its
    /// count and its commonest spelling. Fails with the first error of the iterator.
    pub fn new<E>(forms: impl Iterator<Item = Result<Form, E>>) -> Result<Self, E> {
        let mut spellings = Vec::new();
        let mut entries = Vec::new();
        let mut forms = forms.peekable();
        while let Some(first) = forms.next().transpose()? {
            let mut count = first.count();
            let mut majority = first;
            let is_same = |next: &Result<Form, E>| {
                next.as_ref().is_ok_and(|next| next.folded == first.folded)
            };
            while let Some(Ok(form)) = forms.next_if(is_same) {
                count = count.saturating_add(form.count());
                // Of equally common spellings, the first in alphabetical order wins: the one with
                // the hamza or the `ة`. Hasty writers omit these letters and rarely add them.
                if form.level > majority.level {
                    majority = form;
                }
            }
            let spelling = if majority.written == first.folded {
                AS_FOLDED
            } else {
                spellings.push(majority.written);
                spellings.len() as u32 - 1
            };
            entries.push(WordEntry {
                folded: first.folded.halves(),
                count,
                spelling,
            });
        }
        entries.sort_unstable_by_key(|entry| (Reverse(entry.count), entry.folded));
        entries.truncate((1 << INDEX_BITS) - 1);
        entries.shrink_to_fit();
        spellings.shrink_to_fit();
        let hashes = entries.iter().map(|entry| hash_of(entry.folded));
        Ok(Self {
            commonest: HashSlots::new(hashes.clone().take(COMMONEST_WORDS)),
            all: HashSlots::new(hashes),
            entries,
            spellings,
        })
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the index of a word in the order of decreasing counts.
    pub fn find(&self, folded: PackedWord) -> Option<usize> {
        let folded = folded.halves();
        let hash = hash_of(folded);
        let is_same = |index: usize| {
            let entry = self.entries.get(index);
            entry.is_some_and(|entry| entry.folded == folded)
        };
        self.commonest
            .find(hash, is_same)
            .or_else(|| self.all.find(hash, is_same))
    }

    /// Returns the folded word with this index.
    pub fn folded(&self, index: usize) -> PackedWord {
        PackedWord::from_halves(self.entries[index].folded)
    }

    pub fn count(&self, index: usize) -> u32 {
        self.entries[index].count
    }

    /// Returns the commonest spelling of the word with this index.
    pub fn written(&self, index: usize) -> PackedWord {
        match self.entries[index].spelling {
            AS_FOLDED => self.folded(index),
            spelling => self.spellings[spelling as usize],
        }
    }
}

fn hash_of([low, high]: Halves) -> u64 {
    hash([low, high, 0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> WordTable {
        let word = |(word, count)| {
            let packed = PackedWord::of(word);
            Form::new(packed, packed, u64::from(count))
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

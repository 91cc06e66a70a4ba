//! Words as they are written in a text, in a table that never changes once made: most words of a text are among a few
//! ten thousand, and what is worked out of them once is found by one look, before any folding. What that is, others say.

use super::letters::Letters;

/// The longest words that have a place: twelve letters without marks.
const MAX_BYTES: usize = 24;

/// The bytes of a word, with zeros behind them.
type Key = [u64; MAX_BYTES / 8];

/// The key of no word.
const FREE: Key = [0; MAX_BYTES / 8];

/// How many of the first words have a table of their own, which stays in the processor's nearer caches: two of three words of
/// the news are among as many.
const HOT_WORDS: usize = 1 << 12;

/// Written words, each with its place; those that come first are found first.
#[derive(Default)]
pub(super) struct WrittenWords {
    hot: Slots,
    all: Slots,
    len: usize,
}

impl WrittenWords {
    /// A table of the words that are not too long, in their order.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let keys: Vec<Key> = words.filter_map(|word| key(word.as_bytes(), 0, word.len())).collect();
        let hot = Slots::new(&keys[..keys.len().min(HOT_WORDS)]);
        Self { hot, all: Slots::new(&keys), len: keys.len() }
    }

    /// Whether a word of so many letters without marks has a place.
    pub(super) fn has_room_for(word: Letters) -> bool {
        2 * word.letter_count() <= MAX_BYTES
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The place of the word at `start..end` of a text among those of the table.
    pub(super) fn find(&self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        let key = key(text, start, end)?;
        let hash = hash(key);
        self.hot.find(key, hash).or_else(|| self.all.find(key, hash))
    }
}

/// A word and its place, beside each other so that one look at the memory finds both.
#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    place: u32,
}

/// Open addressing with linear probing, at most half full.
#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    shift: u32,
}

impl Slots {
    fn new(keys: &[Key]) -> Self {
        let size = (2 * keys.len()).next_power_of_two().max(2);
        let mut table = Self { slots: vec![Slot { key: FREE, place: 0 }; size], shift: u64::BITS - size.ilog2() };
        for (place, key) in (0..).zip(keys) {
            let mut slot = table.first(hash(*key));
            while table.slots[slot].key != FREE {
                slot = (slot + 1) & (size - 1);
            }
            table.slots[slot] = Slot { key: *key, place };
        }
        table
    }

    #[inline]
    fn find(&self, key: Key, hash: u64) -> Option<usize> {
        let mut slot = self.first(hash);
        loop {
            let found = self.slots.get(slot)?;
            if found.key == key {
                return Some(found.place as usize);
            }
            if found.key == FREE {
                return None;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Where the search for a word begins.
    fn first(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }
}

/// `None` of a word that is too long, and of none. No Arabic word has a zero in it, so different words have different keys.
#[inline]
fn key(text: &[u8], start: usize, end: usize) -> Option<Key> {
    let length = end.checked_sub(start).filter(|length| (1..=MAX_BYTES).contains(length))?;
    // What follows the word is read with it, and wiped out.
    if let Some(window) = text.get(start..).and_then(<[u8]>::first_chunk::<MAX_BYTES>) {
        let (words, _) = window.as_chunks::<8>();
        return Some([0, 1, 2].map(|i| u64::from_le_bytes(words[i]) & mask(length, 8 * i)));
    }
    let mut bytes = [0; MAX_BYTES];
    bytes.get_mut(..length)?.copy_from_slice(text.get(start..end)?);
    let (words, _) = bytes.as_chunks::<8>();
    Some([0, 1, 2].map(|i| u64::from_le_bytes(words[i])))
}

/// The bits of the bytes from `first` on that are within the length.
const fn mask(length: usize, first: usize) -> u64 {
    match length.saturating_sub(first) {
        0 => 0,
        1..8 => u64::MAX >> (64 - 8 * (length - first)),
        8.. => u64::MAX,
    }
}

/// A number whose upper bits depend on every letter.
fn hash([first, second, third]: Key) -> u64 {
    // Multiplying by odd constants carries every letter into the upper bits (Knuth, vol. 3, 6.4).
    let mixed = first.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ second.wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(23)
        ^ third.wrapping_mul(0xA24B_AED4_963E_E407).rotate_left(46);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(table: &WrittenWords, word: &str) -> Option<usize> {
        let found = table.find(word.as_bytes(), 0, word.len());
        // In the middle of a text, other bytes follow.
        let text = format!("قال {word} ثم مضى إلى حيث لا يعلم أحد");
        assert_eq!(table.find(text.as_bytes(), "قال ".len(), "قال ".len() + word.len()), found);
        found
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        assert_eq!(find(&WrittenWords::new([].into_iter()), "بيت"), None);
        assert_eq!(find(&WrittenWords::default(), "بيت"), None);
        assert_eq!(find(&WrittenWords::new(["بيت"].into_iter()), ""), None);
    }

    proptest! {
        #[test]
        fn finds_every_word_and_no_other(words in prop::collection::btree_set("[اهيأ]{1,12}", 0..300), other in "[اهيأ]{1,16}") {
            let table = WrittenWords::new(words.iter().map(String::as_str));
            prop_assert_eq!(table.len(), words.len());
            for (place, word) in words.iter().enumerate() {
                prop_assert_eq!(find(&table, word), Some(place));
            }
            prop_assert_eq!(find(&table, &other).is_some(), words.contains(&other));
        }
    }
}

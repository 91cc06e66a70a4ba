//! Words as they are written in a text, in a table that never changes once made: most words of a text are among a few
//! ten thousand, and what is worked out of them once is found by one look, before any folding. What that is, others say.

use super::letters::Letters;

/// The longest words that have a place: twelve letters without marks.
const MAX_BYTES: usize = 24;

/// The bytes of a word, with zeros behind them.
type Key = [u64; MAX_BYTES / 8];

/// Written words, each with its place; those that come first are found first.
///
/// Table and keys of the 32,768 that a model has fit the second-level cache, those of the commonest the first.
#[derive(Default)]
pub struct WrittenWords {
    /// By place.
    keys: Vec<Key>,
    slots: Vec<Slot>,
    /// How far a hash is shifted to give a slot.
    shift: u32,
    /// The words one after the other, as texts are put together of them.
    text: String,
    /// Where the word at each place ends.
    ends: Vec<u32>,
}

/// A place, with some bits of the hash of its word: nearly every word that is not the one is passed over by them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot {
    place: u16,
    tag: u16,
}

impl Slot {
    /// No word has the last place.
    const FREE: Self = Self {
        place: u16::MAX,
        tag: 0,
    };
}

impl WrittenWords {
    /// A table of the words that are not too long, in their order, as far as there are places.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut table = Self::default();
        for word in words.take(usize::from(Slot::FREE.place)) {
            if let Some(key) = key(word.as_bytes(), 0, word.len()) {
                table.keys.push(key);
                table.text.push_str(word);
                table.ends.push(table.text.len() as u32);
            }
        }
        table.keys.shrink_to_fit();
        table.text.shrink_to_fit();
        table.ends.shrink_to_fit();
        let size = (2 * table.keys.len()).next_power_of_two().max(2);
        (table.slots, table.shift) = (vec![Slot::FREE; size], u64::BITS - size.ilog2());
        for (place, key) in (0..).zip(&table.keys) {
            let hash = hash(*key);
            let mut slot = (hash >> table.shift) as usize;
            while table.slots[slot] != Slot::FREE {
                slot = (slot + 1) & (size - 1);
            }
            table.slots[slot] = Slot {
                place,
                tag: hash as u16,
            };
        }
        table
    }

    /// Whether a word of so many letters without marks has a place.
    pub(super) fn has_room_for(word: Letters) -> bool {
        2 * word.letter_count() <= MAX_BYTES
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The words in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..=u16::MAX).map_while(|place| self.get(place))
    }

    /// The word at a place.
    #[inline]
    pub fn get(&self, place: u16) -> Option<&str> {
        let place = usize::from(place);
        let end = *self.ends.get(place)? as usize;
        let start = place
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize);
        Some(&self.text[start..end])
    }

    /// The place of the word at `start..end` of a text among those of the table.
    #[inline]
    pub fn find(&self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        let key = key(text, start, end)?;
        let hash = hash(key);
        let mut slot = (hash >> self.shift) as usize;
        loop {
            let found = *self.slots.get(slot)?;
            let place = usize::from(found.place);
            if found.tag == hash as u16 && self.keys.get(place) == Some(&key) {
                return Some(place);
            }
            if found == Slot::FREE {
                return None;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

/// `None` of a word that is too long, and of none. No Arabic word has a zero in it, so different words have different keys.
#[inline]
fn key(text: &[u8], start: usize, end: usize) -> Option<Key> {
    let length = end
        .checked_sub(start)
        .filter(|length| (1..=MAX_BYTES).contains(length))?;
    // What follows the word is read with it, and wiped out.
    if let Some(window) = text.get(start..).and_then(<[u8]>::first_chunk::<MAX_BYTES>) {
        let (words, _) = window.as_chunks::<8>();
        return Some([0, 1, 2].map(|i| u64::from_le_bytes(words[i]) & mask(length, 8 * i)));
    }
    let mut bytes = [0; MAX_BYTES];
    bytes
        .get_mut(..length)?
        .copy_from_slice(text.get(start..end)?);
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
        assert_eq!(
            table.find(text.as_bytes(), "قال ".len(), "قال ".len() + word.len()),
            found
        );
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
                prop_assert_eq!(table.get(place as u16), Some(word.as_str()));
            }
            prop_assert_eq!(table.get(words.len() as u16), None);
            prop_assert_eq!(find(&table, &other).is_some(), words.contains(&other));
        }
    }
}

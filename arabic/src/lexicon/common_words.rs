//! The commonest words of a model, numbered. Nine of ten words of the news are among them: one
//! lookup of the written word replaces folding and stemming. This module knows the words only;
//! [`CommonTerms`](super::common_terms::CommonTerms) has their terms.
//!
//! ```text
//! number   0     1     2     3
//! word     في    من    على   أن
//! ```
//!
//! A word is looked up as it is written. Its bytes, padded with zeros to 24, are three machine
//! integers that hash and compare without a loop.

use crate::Model;
use crate::hash_slots::{HashSlots, hash};
use crate::text_list::TextList;

/// The maximum size of a common word: twelve letters without marks.
const MAX_BYTES: usize = 24;

/// The maximum number of common words of a model. They cover nine of ten words of the news and take
/// some five megabytes with their terms.
const MAX_WORDS: usize = 1 << 15;

/// The bytes of a word, padded with zeros.
type WordKey = [u64; MAX_BYTES / 8];

/// An immutable list of numbered words.
///
/// The slots and keys of 32,768 words fit in the second-level cache. The slots and keys of
/// the commonest words fit in the first-level cache.
#[derive(Default)]
pub struct CommonWords {
    /// The key of each word, by number.
    keys: Vec<WordKey>,
    slots: HashSlots<{ u16::BITS }>,
    words: TextList,
}

impl CommonWords {
    /// Numbers the commonest spellings of a model, from the commonest on.
    pub fn of(model: &Model) -> Self {
        let words = model.commonest_spellings(MAX_WORDS, MAX_BYTES / 2);
        Self::new(words.iter().map(String::as_str))
    }

    /// Numbers words in the order of the iterator. It leaves out words longer than 24 bytes and all
    /// words after the 65,535th, so no word has the highest number.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut table = Self::default();
        for word in words.take(usize::from(u16::MAX)) {
            if let Some(key) = key(word.as_bytes(), 0, word.len()) {
                table.keys.push(key);
                table.words.push(word);
            }
        }
        table.keys.shrink_to_fit();
        table.words.shrink_to_fit();
        table.slots = HashSlots::new(table.keys.iter().map(|key| hash(*key)));
        table
    }

    /// Returns how many words there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns the words in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }

    /// Returns the word with a number; `None` if no word has it.
    #[inline]
    pub fn get(&self, number: u16) -> Option<&str> {
        self.words.get(usize::from(number))
    }

    /// Returns the number of the word at the bytes `start..end` of a text; `None` if it is not
    /// common.
    #[inline]
    pub fn find(&self, text: &[u8], start: usize, end: usize) -> Option<u16> {
        let key = key(text, start, end)?;
        let is_same = |number: usize| self.keys.get(number) == Some(&key);
        let number = self.slots.find(hash(key), is_same)?;
        Some(number as u16)
    }
}

/// Returns the key of a word; `None` if it is empty or too long. No Arabic word contains a zero
/// byte, so different words have different keys.
#[inline]
fn key(text: &[u8], start: usize, end: usize) -> Option<WordKey> {
    let length = end
        .checked_sub(start)
        .filter(|length| (1..=MAX_BYTES).contains(length))?;
    // Reads 24 bytes at once and clears the bytes after the word.
    let padded;
    let window = match text.get(start..).and_then(<[u8]>::first_chunk) {
        Some(window) => window,
        None => {
            let mut bytes = [0; MAX_BYTES];
            bytes[..length].copy_from_slice(text.get(start..end)?);
            padded = bytes;
            &padded
        }
    };
    let (words, _) = window.as_chunks::<8>();
    Some([0, 1, 2].map(|i| u64::from_le_bytes(words[i]) & mask(length, 8 * i)))
}

/// Returns a mask for the eight bytes from offset `first` on. It keeps the bytes below `length`.
const fn mask(length: usize, first: usize) -> u64 {
    match length.saturating_sub(first) {
        0 => 0,
        1..8 => u64::MAX >> (64 - 8 * (length - first)),
        8.. => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(table: &CommonWords, word: &str) -> Option<u16> {
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
        assert_eq!(find(&CommonWords::new([].into_iter()), "بيت"), None);
        assert_eq!(find(&CommonWords::default(), "بيت"), None);
        assert_eq!(find(&CommonWords::new(["بيت"].into_iter()), ""), None);
    }

    proptest! {
        #[test]
        fn finds_every_word_and_no_other(words in prop::collection::btree_set("[اهيأ]{1,12}", 0..300), other in "[اهيأ]{1,16}") {
            let table = CommonWords::new(words.iter().map(String::as_str));
            prop_assert_eq!(table.len(), words.len());
            for (number, word) in (0..).zip(&words) {
                prop_assert_eq!(find(&table, word), Some(number));
                prop_assert_eq!(table.get(number), Some(word.as_str()));
            }
            prop_assert_eq!(table.get(words.len() as u16), None);
            prop_assert_eq!(find(&table, &other).is_some(), words.contains(&other));
        }
    }
}

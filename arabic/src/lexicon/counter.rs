//! Counts the Arabic words of running text, quickly. [`Counts`] makes a model of the counts.
//!
//! A common word of the base model adds one to the counter with its number. A rarer word goes into
//! a small cache, as written. When another word takes its slot, the cached word is folded and added
//! to the [`Counts`], with all its occurrences at once.

use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::terms::write_surface;
use super::{CommonWords, Lexicon};
use crate::fold::fold;
use crate::{Counts, NotedWords, Span, TokenKind, words};

/// The number of slots in the cache of rarer words.
const CACHE_SLOTS: usize = 1 << 14;

/// The maximum size of a word in the cache. Sixteen letters, the maximum of the model, take 32
/// bytes without marks.
const MAX_BYTES: usize = 32;

/// Counts the words of whole texts.
pub struct WordCounter {
    counts: Counts,
    common_words: Arc<CommonWords>,
    /// How often each common word occurred, by number.
    common_counts: Vec<u32>,
    cache: Vec<CachedWord>,
    folded: String,
}

/// A word as written, and how often it occurred since it took the slot.
#[derive(Clone, Copy, Default)]
struct CachedWord {
    written: [u8; MAX_BYTES],
    size_bytes: u8,
    count: u32,
}

impl Default for WordCounter {
    fn default() -> Self {
        let common_words = Arc::clone(Lexicon::base().common_words());
        Self {
            counts: Counts::default(),
            common_counts: vec![0; common_words.len()],
            common_words,
            cache: vec![CachedWord::default(); CACHE_SLOTS],
            folded: String::with_capacity(64),
        }
    }
}

impl WordCounter {
    /// Counts the words of a text. Returns false if the text contains no word that a search can
    /// find.
    pub fn add_text(&mut self, text: &str) -> bool {
        self.add_words(text, |_, _| {})
    }

    /// Counts the words of a text that starts at byte `start` of an article. Adds the common words
    /// to `noted`, which the later analysis of the article reads.
    ///
    /// Returns what [`add_text`](Self::add_text) returns.
    pub fn add_text_noting(&mut self, text: &str, start: usize, noted: &mut NotedWords) -> bool {
        self.add_words(text, |word, number| noted.push(start + word.start, number))
    }

    fn add_words(&mut self, text: &str, mut note: impl FnMut(Span, u16)) -> bool {
        let mut has_word = false;
        for word in words(text) {
            let written = word.span.slice(text);
            if !has_word {
                write_surface(word.kind, written, &mut self.folded);
                has_word = !self.folded.is_empty();
            }
            // A whole hashtag or address is not counted, because its parts follow as words.
            if word.kind == TokenKind::Arabic
                && let Some(number) = self.add(text, word.span)
            {
                note(word.span, number);
            }
        }
        has_word
    }

    /// Returns all counts, including the words that are still in the cache.
    pub fn finish(mut self) -> Counts {
        for slot in 0..self.cache.len() {
            self.empty_slot(slot);
        }
        let common_words = Arc::clone(&self.common_words);
        for (written, number) in common_words.iter().zip(0..) {
            self.add_times(written, self.common_counts[number]);
        }
        self.counts
    }

    /// Counts a word. Returns its number if it is common.
    fn add(&mut self, text: &str, word: Span) -> Option<u16> {
        let number = self
            .common_words
            .find(text.as_bytes(), word.start, word.end);
        let common = number.and_then(|number| self.common_counts.get_mut(usize::from(number)));
        match common.filter(|count| **count < u32::MAX) {
            Some(count) => *count += 1,
            None => self.add_other(word.slice(text)),
        }
        number
    }

    fn add_other(&mut self, written: &str) {
        if written.len() > MAX_BYTES {
            self.add_times(written, 1);
            return;
        }
        let mut hasher = FxHasher::default();
        hasher.write(written.as_bytes());
        // The upper half of this hash is better mixed than the lower half.
        let slot = (hasher.finish() >> 32) as usize % CACHE_SLOTS;
        let cached = &self.cache[slot];
        if cached.written() != written.as_bytes() || cached.count == u32::MAX {
            self.empty_slot(slot);
            let cached = &mut self.cache[slot];
            cached.written[..written.len()].copy_from_slice(written.as_bytes());
            cached.size_bytes = written.len() as u8;
        }
        self.cache[slot].count += 1;
    }

    /// Folds the word of a slot, adds its count to the [`Counts`], and frees the slot.
    fn empty_slot(&mut self, slot: usize) {
        let cached = std::mem::take(&mut self.cache[slot]);
        if let Ok(written) = std::str::from_utf8(cached.written()) {
            self.add_times(written, cached.count);
        }
    }

    /// Folds a word and adds its count to the [`Counts`].
    fn add_times(&mut self, written: &str, count: u32) {
        if count > 0 {
            fold(written, &mut self.folded);
            self.counts
                .add_times(&self.folded, written, u64::from(count));
        }
    }
}

impl CachedWord {
    fn written(&self) -> &[u8] {
        &self.written[..usize::from(self.size_bytes)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_arabic_words_of_a_text() {
        let mut counter = WordCounter::default();
        assert!(counter.add_text("زارت أحمدَ في #باب_الشمس عام 2019، BBC"));
        let counts = counter.finish();
        assert_eq!(
            counts.total(),
            6,
            "the parts of a hashtag, not the whole; no number, no Latin"
        );
        assert_eq!(counts.finish(10).majority("احمد").as_deref(), Some("أحمد"));
    }

    #[test]
    fn tells_whether_a_text_has_a_word() {
        let check = |text: &str, expected: bool| {
            assert_eq!(WordCounter::default().add_text(text), expected, "{text}")
        };
        check("2019", true);
        check("BBC", true);
        check("… ـ", false);
        check("", false);
    }

    #[test]
    fn the_cache_leaves_no_trace() {
        // More words than slots, each several times and some too long for the cache.
        let letters: Vec<char> = "بتثجحخدذرزسشصضطظعغفقكلمنهوي".chars().collect();
        let word = |number: usize| -> String {
            (0..4)
                .map(|place| letters[(number / 27_usize.pow(place)) % 27])
                .collect()
        };
        let marked = |word: String| {
            word.chars()
                .flat_map(|letter| [letter, '\u{64E}', '\u{640}', '\u{640}'])
                .collect()
        };
        let text: Vec<String> = (0..40_000)
            .map(|i| {
                if i % 7 == 0 {
                    marked(word(i % 900))
                } else {
                    word(i % 30_000)
                }
            })
            .collect();
        let mut plain = Counts::default();
        let mut folded = String::new();
        for written in &text {
            fold(written, &mut folded);
            plain.add(&folded, written);
        }
        let mut counter = WordCounter::default();
        counter.add_text(&text.join(" "));
        let counts = counter.finish();
        assert_eq!(counts.total(), 40_000);
        assert_eq!(
            counts.finish(usize::MAX).to_bytes(),
            plain.finish(usize::MAX).to_bytes()
        );
    }
}

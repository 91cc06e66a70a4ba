//! Counts the Arabic words of running text, quickly: most words of a text are known to the base model, and most others
//! were there a moment ago. What is done with the counts is not its business.

use std::hash::Hasher;
use std::sync::LazyLock;

use rustc_hash::FxHasher;

use super::written::WrittenWords;
use super::{Counts, Model, SeenWords};
use crate::Span;
use crate::fold::fold;
use crate::{Kind, form_surface, words};

/// Other words that are remembered as they were written.
const SLOTS: usize = 1 << 14;

/// The longest word that is remembered. Sixteen letters, the longest that a model knows, are 32 bytes without marks.
const MAX_BYTES: usize = 32;

/// So many known words fit the second-level cache; rarer ones are as well counted with the others.
const MAX_KNOWN: usize = 1 << 15;

/// The commonest written words of the base model.
static KNOWN: LazyLock<WrittenWords> = LazyLock::new(|| {
    WrittenWords::new(
        Model::base()
            .commonest_written(MAX_KNOWN)
            .iter()
            .map(String::as_str),
    )
});

/// The words that every counter knows, by their places.
pub(super) fn known_words() -> impl Iterator<Item = &'static str> {
    KNOWN.iter()
}

/// [`Counts`] in the making, of whole texts.
#[derive(Debug)]
pub struct WordCounter {
    counts: Counts,
    /// How often each of the known words came.
    known: Vec<u32>,
    recent: Vec<Recent>,
    folded: String,
}

/// A word as written, and how often it came since it took the slot.
#[derive(Debug, Clone, Copy, Default)]
struct Recent {
    written: [u8; MAX_BYTES],
    length_bytes: u8,
    times: u32,
}

impl Default for WordCounter {
    fn default() -> Self {
        let known = vec![0; KNOWN.len()];
        Self {
            counts: Counts::default(),
            known,
            recent: vec![Recent::default(); SLOTS],
            folded: String::with_capacity(64),
        }
    }
}

impl WordCounter {
    /// Counts the words of a text; false if there is nothing in it that could be searched for.
    pub fn add_text(&mut self, text: &str) -> bool {
        self.add_words(text, |_, _| {})
    }

    /// The same of a text that begins at `start` of another, whose known words are noted.
    pub fn add_text_and_see(&mut self, text: &str, start: usize, seen: &mut SeenWords) -> bool {
        self.add_words(text, |word, place| seen.add(start + word.start, place))
    }

    fn add_words(&mut self, text: &str, mut see: impl FnMut(Span, u16)) -> bool {
        let mut has_word = false;
        words(text, |word| {
            let written = word.span.slice(text);
            if !has_word {
                form_surface(word.kind, written, &mut self.folded);
                has_word = !self.folded.is_empty();
            }
            // A hashtag or an address comes again in its parts.
            if word.kind == Kind::Arabic
                && let Some(place) = self.add(text, word.span)
            {
                see(word.span, place);
            }
        });
        has_word
    }

    /// Returns what was counted.
    pub fn finish(mut self) -> Counts {
        for slot in 0..self.recent.len() {
            self.settle(slot);
        }
        for (written, times) in known_words()
            .zip(&self.known)
            .filter(|(_, times)| **times > 0)
        {
            fold(written, &mut self.folded);
            self.counts
                .add_times(&self.folded, written, u64::from(*times));
        }
        self.counts
    }

    /// Counts a word; its place if it is known.
    fn add(&mut self, text: &str, word: Span) -> Option<u16> {
        let place = KNOWN.find(text.as_bytes(), word.start, word.end);
        let known = place.and_then(|place| self.known.get_mut(place));
        match known.filter(|times| **times < u32::MAX) {
            Some(times) => *times += 1,
            None => self.add_other(word.slice(text)),
        }
        place.and_then(|place| u16::try_from(place).ok())
    }

    fn add_other(&mut self, written: &str) {
        if written.len() > MAX_BYTES {
            fold(written, &mut self.folded);
            self.counts.add(&self.folded, written);
            return;
        }
        let mut hasher = FxHasher::default();
        hasher.write(written.as_bytes());
        // The upper half is the better mixed one.
        let slot = (hasher.finish() >> 32) as usize % SLOTS;
        let recent = &self.recent[slot];
        if recent.written() != written.as_bytes() || recent.times == u32::MAX {
            self.settle(slot);
            let recent = &mut self.recent[slot];
            recent.written[..written.len()].copy_from_slice(written.as_bytes());
            recent.length_bytes = written.len() as u8;
        }
        self.recent[slot].times += 1;
    }

    /// Folds and counts the word of a slot, which is free then.
    fn settle(&mut self, slot: usize) {
        let recent = std::mem::take(&mut self.recent[slot]);
        if let Ok(written) = std::str::from_utf8(recent.written())
            && recent.times > 0
        {
            fold(written, &mut self.folded);
            self.counts
                .add_times(&self.folded, written, u64::from(recent.times));
        }
    }
}

impl Recent {
    fn written(&self) -> &[u8] {
        &self.written[..usize::from(self.length_bytes)]
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
    fn tells_what_has_a_word() {
        let check = |text: &str, expected: bool| {
            assert_eq!(WordCounter::default().add_text(text), expected, "{text}")
        };
        check("2019", true);
        check("BBC", true);
        check("… ـ", false);
        check("", false);
    }

    #[test]
    fn remembering_leaves_no_trace() {
        // More words than slots, each several times and some too long to be remembered.
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

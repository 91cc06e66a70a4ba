//! The known words of a text as a [`WordCounter`](super::WordCounter) has come upon them, for whoever analyses the text afterwards:
//! it need not look for them again.

use crate::CommonWord;

/// Known words of a text, in order; four bytes each, since those of whole collections are kept for a while.
#[derive(Debug, Clone, Default)]
pub struct SeenWords {
    words: Vec<SeenWord>,
    last: usize,
}

#[derive(Debug, Clone, Copy)]
struct SeenWord {
    /// How many bytes after the one before it begins.
    after: u16,
    /// Its place among the words that counters know.
    place: u16,
}

/// The place of a known word among the commonest of a model, and how long it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownWord {
    pub(super) place: u16,
    pub(super) size_bytes: u16,
}

impl SeenWords {
    /// Room for the known words of a text of so many bytes, of which a word takes eleven in the news.
    pub fn for_text(size_bytes: usize) -> Self {
        Self {
            words: Vec::with_capacity(size_bytes / 12),
            last: 0,
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Adds the word that begins at a byte of the text. Further on than two bytes can tell, there is no room for it.
    pub(super) fn add(&mut self, start: usize, place: u16) {
        if let Some(Ok(after)) = start.checked_sub(self.last).map(u16::try_from) {
            self.words.push(SeenWord { after, place });
            self.last = start;
        }
    }

    /// Those that are common in a model, whose words the known ones are by their places.
    pub(super) fn common(&self, known: &[Option<KnownWord>]) -> Vec<CommonWord> {
        let mut start = 0_usize;
        let mut common = Vec::with_capacity(self.words.len());
        common.extend(self.words.iter().filter_map(|word| {
            start += usize::from(word.after);
            let KnownWord { place, size_bytes } = (*known.get(usize::from(word.place))?)?;
            Some(CommonWord {
                start: u32::try_from(start).ok()?,
                size_bytes,
                place,
            })
        }));
        common
    }
}

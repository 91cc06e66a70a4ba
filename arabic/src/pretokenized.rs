//! The common words that an earlier step found in a text, so that the analysis need not look them
//! up again. They are hints only: the tokens of a text are the same with and without them.
//!
//! For `قال الوزير إن الاجتماع …`, in which `قال` and `إن` are common, a list contains the offset
//! and the number of each:
//!
//! ```text
//! list            made by                numbers of        words
//! NotedWords      counting               the base model    distance 0: 39, distance 20: 6
//! Pretokenized    analysis or reading    the own model     bytes 0..6: 41, bytes 20..24: 7
//! ```

use crate::Span;

/// The common words that a [`WordCounter`](crate::WordCounter) found in one text, in reading order,
/// with their numbers in the base model.
#[derive(Debug, Clone, Default)]
pub struct NotedWords {
    words: Vec<NotedWord>,
    /// The byte of the text at which the last word in `words` starts.
    last_start: usize,
}

/// A common word in [`NotedWords`]. It takes only four bytes, because the common words of a whole
/// collection stay in memory from the count until the analysis.
#[derive(Debug, Clone, Copy)]
struct NotedWord {
    /// The number of bytes from the start of the previous word in the list to the start of this
    /// word.
    distance: u16,
    number: u16,
}

/// The common words of one text, in reading order, with their numbers in the lexicon that analyses
/// the text. Outside this crate it is opaque, apart from [`words`](Self::words).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pretokenized {
    words: Vec<LocatedWord>,
    /// Whether a part of the text that has a word in the list may have others that are missing.
    is_partial: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LocatedWord {
    start: u32,
    size_bytes: u16,
    number: u16,
}

impl NotedWords {
    /// Returns an empty list that a [`WordCounter`](crate::WordCounter) fills from a text of this
    /// size.
    pub fn for_counting(size_bytes: usize) -> Self {
        Self {
            // A word takes eleven bytes in the news.
            words: Vec::with_capacity(size_bytes / 12),
            last_start: 0,
        }
    }

    /// Adds the common word that starts at byte `start` of the text. A word is left out if its
    /// distance does not fit in the list's integers.
    #[inline]
    pub(crate) fn push(&mut self, start: usize, number: u16) {
        let distance = start.checked_sub(self.last_start).map(u16::try_from);
        if let Some(Ok(distance)) = distance {
            self.words.push(NotedWord { distance, number });
            self.last_start = start;
        }
    }

    /// Replaces the numbers of the base model by the numbers of another lexicon. At each number of
    /// the base model, `own` has the word's number and size in bytes in that lexicon. Words without
    /// a number there are left out.
    pub(crate) fn renumbered(&self, own: &[Option<(u16, u16)>]) -> Pretokenized {
        let mut renumbered = Pretokenized {
            is_partial: true,
            ..Pretokenized::with_capacity(self.words.len())
        };
        let mut start = 0;
        for word in &self.words {
            start += usize::from(word.distance);
            if let Some(Some((number, size_bytes))) = own.get(usize::from(word.number)) {
                renumbered.push(Span::new(start, start + usize::from(*size_bytes)), *number);
            }
        }
        renumbered
    }
}

impl Pretokenized {
    /// Returns an empty list with room for this many words. The analysis or a reader of
    /// stored text fills it.
    pub fn with_capacity(words: usize) -> Self {
        Self {
            words: Vec::with_capacity(words),
            is_partial: false,
        }
    }

    /// Adds a common word of the text by its number. A word is left out if its offset or size does
    /// not fit in the list's integers.
    #[inline]
    pub fn push(&mut self, span: Span, number: u16) {
        let size_bytes = u16::try_from(span.end - span.start);
        if let (Ok(start), Ok(size_bytes)) = (u32::try_from(span.start), size_bytes) {
            self.words.push(LocatedWord {
                start,
                size_bytes,
                number,
            });
        }
    }

    /// Sorts the words into reading order. This is needed if they were added segment by segment.
    pub fn sort(&mut self) {
        self.words.sort_unstable_by_key(|word| word.start);
    }

    /// Returns the words and their numbers, in order.
    pub fn words(&self) -> impl Iterator<Item = (Span, u16)> {
        self.words.iter().map(|word| (word.span(), word.number))
    }
}

impl LocatedWord {
    fn span(self) -> Span {
        let start = self.start as usize;
        Span::new(start, start + usize::from(self.size_bytes))
    }
}

/// Reads the common words of one part of a text, beside the segmentation of that part.
#[derive(Default)]
pub struct PretokenizedCursor<'a> {
    words: &'a [LocatedWord],
    /// Where the part starts in the text.
    start: usize,
    are_all: bool,
}

impl<'a> PretokenizedCursor<'a> {
    pub fn new(pretokenized: &'a Pretokenized, part: Span) -> Self {
        let words = &pretokenized.words;
        let from = words.partition_point(|word| (word.start as usize) < part.start);
        let until = words.partition_point(|word| (word.start as usize) < part.end);
        let words = words.get(from..until).unwrap_or_default();
        Self {
            words,
            start: part.start,
            are_all: !pretokenized.is_partial && !words.is_empty(),
        }
    }

    /// Whether the other words of the part need no lookup, because none is common. A wrong answer
    /// does not change the terms, but a common word without its number takes longer.
    pub const fn are_all(&self) -> bool {
        self.are_all
    }

    /// Returns the number and the end of the common word that starts at `position` of the part.
    /// Positions must not decrease between calls.
    pub fn at(&mut self, position: usize, text: &str) -> Option<(u16, usize)> {
        while let Some((word, rest)) = self.words.split_first() {
            let Span { start, end } = word.span();
            if start > self.start + position {
                return None;
            }
            self.words = rest;
            if start == self.start + position {
                let end = end - self.start;
                let is_sound = end > position && text.is_char_boundary(end);
                return is_sound.then_some((word.number, end));
            }
        }
        None
    }
}

//! The common words of a text, as an earlier step found them. The analysis takes them and does not
//! look for them again. They are hints only: every text gives the same tokens with and without
//! them.
//!
//! Three steps pass a [`Pretokenized`] on. In `قال الوزير إن الاجتماع …`, `قال` and `إن` are
//! common:
//!
//! ```text
//! step        numbers of        words
//! counting    the base model    distance 0: 39, distance 20: 6     4 bytes a word
//! analysis    the own model     bytes 0..6: 41, bytes 20..24: 7    8 bytes a word
//! reading     the own model     the same, from the numbers in the stored text
//! ```

use crate::Span;

/// The common words of one text, in reading order. Outside this crate it is opaque, apart from
/// [`words`](Self::words).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pretokenized(FoundWords);

#[derive(Debug, Clone, PartialEq, Eq)]
enum FoundWords {
    /// Noted by a [`WordCounter`](crate::WordCounter), by the numbers of the base model.
    Counted {
        words: Vec<CountedWord>,
        /// Where the last one starts.
        last_start: usize,
    },
    /// By the numbers of the lexicon that analyses the text.
    Located {
        words: Vec<LocatedWord>,
        /// Whether a part of the text with at least one of the words contains no other common word.
        are_all: bool,
    },
}

/// Four bytes, since the words of whole collections wait in memory for the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CountedWord {
    /// How many bytes after the start of the one before it starts.
    distance: u16,
    number: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LocatedWord {
    start: u32,
    size_bytes: u16,
    number: u16,
}

/// A word of the base model's list in another lexicon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RenumberedWord {
    pub(crate) number: u16,
    pub(crate) size_bytes: u16,
}

impl Default for Pretokenized {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Pretokenized {
    /// Returns an empty list with room for this many words, to be filled by the analysis or from a
    /// stored text.
    pub fn with_capacity(words: usize) -> Self {
        Self(FoundWords::Located {
            words: Vec::with_capacity(words),
            are_all: true,
        })
    }

    /// Returns an empty list for a [`WordCounter`](crate::WordCounter) and a text of this size.
    pub fn for_counting(size_bytes: usize) -> Self {
        // A word takes eleven bytes in the news.
        Self(FoundWords::Counted {
            words: Vec::with_capacity(size_bytes / 12),
            last_start: 0,
        })
    }

    /// Adds a common word of the text by its number. A word too far on for the representation is
    /// left out.
    #[inline]
    pub fn push(&mut self, span: Span, number: u16) {
        match &mut self.0 {
            FoundWords::Counted { words, last_start } => {
                let distance = span.start.checked_sub(*last_start).map(u16::try_from);
                if let Some(Ok(distance)) = distance {
                    words.push(CountedWord { distance, number });
                    *last_start = span.start;
                }
            }
            FoundWords::Located { words, .. } => {
                let size_bytes = u16::try_from(span.end - span.start);
                if let (Ok(start), Ok(size_bytes)) = (u32::try_from(span.start), size_bytes) {
                    words.push(LocatedWord {
                        start,
                        size_bytes,
                        number,
                    });
                }
            }
        }
    }

    /// Puts the words into reading order, if they were added segment by segment.
    pub fn sort(&mut self) {
        if let FoundWords::Located { words, .. } = &mut self.0 {
            words.sort_unstable_by_key(|word| word.start);
        }
    }

    /// Returns the words and their numbers, in order. Words noted by a counter are not returned:
    /// they have no size.
    pub fn words(&self) -> impl Iterator<Item = (Span, u16)> {
        self.located().iter().map(|word| (word.span(), word.number))
    }

    fn located(&self) -> &[LocatedWord] {
        match &self.0 {
            FoundWords::Counted { .. } => &[],
            FoundWords::Located { words, .. } => words,
        }
    }

    /// Returns counted words by the numbers of another lexicon, given by `renumbered`; words that
    /// it lacks are left out.
    pub(crate) fn renumbered(&self, renumbered: &[Option<RenumberedWord>]) -> Self {
        let FoundWords::Counted { words: counted, .. } = &self.0 else {
            return self.clone();
        };
        let mut words = Vec::with_capacity(counted.len());
        let mut start = 0_usize;
        for word in counted {
            start += usize::from(word.distance);
            let own = renumbered.get(usize::from(word.number)).copied().flatten();
            if let (Some(own), Ok(start)) = (own, u32::try_from(start)) {
                words.push(LocatedWord {
                    start,
                    size_bytes: own.size_bytes,
                    number: own.number,
                });
            }
        }
        Self(FoundWords::Located {
            words,
            are_all: false,
        })
    }

    /// Whether a counter noted the words, so that they have to be renumbered.
    pub(crate) const fn is_counted(&self) -> bool {
        matches!(self.0, FoundWords::Counted { .. })
    }
}

impl LocatedWord {
    fn span(self) -> Span {
        let start = self.start as usize;
        Span::new(start, start + usize::from(self.size_bytes))
    }
}

/// Reads the common words of one part of a text, beside the segmentation of that part.
#[derive(Debug, Default)]
pub(crate) struct PretokenizedCursor<'a> {
    words: &'a [LocatedWord],
    /// Where the part starts in the text.
    start: usize,
    are_all: bool,
}

impl<'a> PretokenizedCursor<'a> {
    pub(crate) fn new(pretokenized: &'a Pretokenized, part: Span) -> Self {
        let FoundWords::Located { words, are_all } = &pretokenized.0 else {
            return Self::default();
        };
        let from = words.partition_point(|word| (word.start as usize) < part.start);
        let until = words.partition_point(|word| (word.start as usize) < part.end);
        let words = words.get(from..until).unwrap_or_default();
        Self {
            words,
            start: part.start,
            are_all: *are_all && !words.is_empty(),
        }
    }

    /// Whether no other word has to be looked up. Terms are the same either way; a common word
    /// takes longer without its number.
    pub(crate) const fn are_all(&self) -> bool {
        self.are_all
    }

    /// Returns the number and the end of the word that starts at `position` of the part. Positions
    /// never go backwards.
    pub(crate) fn at(&mut self, position: usize, text: &str) -> Option<(u16, usize)> {
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

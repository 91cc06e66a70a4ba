//! The common words that an earlier step found in a text, so that the analysis need not look them
//! up again. They are hints only: the tokens of a text are the same with and without them.
//!
//! Three steps make or use a [`Pretokenized`]. For `قال الوزير إن الاجتماع …`, in which `قال` and
//! `إن` are common, it contains the offset and the number of each:
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
    /// Words that a [`WordCounter`](crate::WordCounter) noted, with their numbers in the base
    /// model.
    Counted {
        words: Vec<CountedWord>,
        /// The byte of the text at which the last noted word starts.
        last_start: usize,
    },
    /// Words with their numbers in the lexicon that analyses the text.
    Located {
        words: Vec<LocatedWord>,
        /// Whether the list is complete in every part of the text in which it has at least one
        /// word.
        are_all: bool,
    },
}

/// A noted word. It takes four bytes, because the words of whole collections are held in memory
/// until the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CountedWord {
    /// The number of bytes from the start of the noted word before it to the start of this word.
    distance: u16,
    number: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LocatedWord {
    start: u32,
    size_bytes: u16,
    number: u16,
}

/// A common word of the base model as another lexicon has it.
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
    /// Returns an empty list with room for this many words. The analysis or a reader of
    /// stored text fills it.
    pub fn with_capacity(words: usize) -> Self {
        Self(FoundWords::Located {
            words: Vec::with_capacity(words),
            are_all: true,
        })
    }

    /// Returns an empty list that a [`WordCounter`](crate::WordCounter) fills from a text of this
    /// size.
    pub fn for_counting(size_bytes: usize) -> Self {
        // A word takes eleven bytes in the news.
        Self(FoundWords::Counted {
            words: Vec::with_capacity(size_bytes / 12),
            last_start: 0,
        })
    }

    /// Adds a common word of the text by its number. A word is left out if its offset or size does
    /// not fit in the list's integers.
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

    /// Sorts the words into reading order. This is needed if they were added segment by segment.
    pub fn sort(&mut self) {
        if let FoundWords::Located { words, .. } = &mut self.0 {
            words.sort_unstable_by_key(|word| word.start);
        }
    }

    /// Returns the words and their numbers, in order. A list that a counter noted gives no words,
    /// because their sizes are unknown.
    pub fn words(&self) -> impl Iterator<Item = (Span, u16)> {
        self.located().iter().map(|word| (word.span(), word.number))
    }

    fn located(&self) -> &[LocatedWord] {
        match &self.0 {
            FoundWords::Counted { .. } => &[],
            FoundWords::Located { words, .. } => words,
        }
    }

    /// Converts noted words to the numbers of another lexicon. `renumbered` has the words of that
    /// lexicon by their numbers in the base model; missing words are left out.
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

    /// Whether a counter noted the words, so that they still have the numbers of the base model.
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

    /// Whether the other words of the part need no lookup, because none is common. A wrong answer
    /// does not change the terms, but a common word without its number takes longer.
    pub(crate) const fn are_all(&self) -> bool {
        self.are_all
    }

    /// Returns the number and the end of the common word that starts at `position` of the part.
    /// Positions must not decrease between calls.
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

//! A half-open range of bytes in a text. It is small enough to be copied, and does not contain the
//! text.

use std::ops::Range;

/// A half-open range of UTF-8 bytes, `start..end`, in some text.
///
/// Invariant of every span that the crate returns: in bounds, on character boundaries, `start <=
/// end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the same range, `offset` bytes further on.
    pub const fn shifted(self, offset: usize) -> Self {
        Self {
            start: self.start + offset,
            end: self.end + offset,
        }
    }

    /// Returns the text in the range, or an empty string if the range does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Returns the span as a [`Range`] of the standard library.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether the two ranges share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the range contains no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

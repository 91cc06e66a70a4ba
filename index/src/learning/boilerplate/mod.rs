//! Lines that stand in many articles of one source, word for word: what its pages put around them, such as an invitation to
//! install its program. The collection itself tells them; rules for lines that any page may have are the reader's.
//!
//! What recurs is decided when a generation begins, as its model is, and holds as long as it does: the same article is
//! read the same way in every job. Titles never count as such lines.

mod counts;
mod lines;
#[cfg(test)]
mod tests;

use std::io;

use rustc_hash::FxHashSet;

use crate::document::{Article, Segment, SegmentKind};
pub use counts::{BoilerplateLine, LineCounts, subtract_lines};
use lines::{candidate_lines, line_hash, source_hash};

/// Begins the file.
const MAGIC: &[u8; 8] = b"FIHLINE1";

/// The lines that recur.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boilerplate {
    /// Hashes of lines with their sources.
    lines: FxHashSet<u64>,
}

impl Boilerplate {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The article with its recurring lines typed as furniture; `None` where it has none.
    pub fn retype(&self, article: &Article) -> Option<Article> {
        if self.is_empty() {
            return None;
        }
        let source = source_hash(article);
        let recurs = |segment: &Segment| {
            self.lines
                .contains(&line_hash(source, segment.span.slice(&article.text)))
        };
        let found: Vec<usize> = candidate_lines(article)
            .filter(|(_, segment)| recurs(segment))
            .map(|(place, _)| place)
            .collect();
        if found.is_empty() {
            return None;
        }
        let mut retyped = article.clone();
        for place in found {
            if let Some(segment) = retyped.segments.get_mut(place) {
                segment.kind = SegmentKind::Furniture;
            }
        }
        Some(retyped)
    }

    /// Adds the lines of another.
    pub fn extend(&mut self, other: &Self) {
        self.lines.extend(&other.lines);
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines: Vec<u64> = self.lines.iter().copied().collect();
        lines.sort_unstable();
        MAGIC
            .iter()
            .copied()
            .chain(lines.into_iter().flat_map(u64::to_le_bytes))
            .collect()
    }

    /// Reads the file's bytes; an error says why they are none.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| broken("no list of lines of this version"))?;
        let (lines, []) = rest.as_chunks::<8>() else {
            return Err(broken("cut off"));
        };
        Ok(Self {
            lines: lines.iter().map(|line| u64::from_le_bytes(*line)).collect(),
        })
    }
}

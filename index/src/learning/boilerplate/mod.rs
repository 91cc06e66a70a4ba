//! Boilerplate: lines that recur word for word in many articles of one source, such as an
//! invitation to install its app. They are found by counting. The readers in `ingest` have the
//! rules for lines that occur on pages of any source.
//!
//! For example, ten articles of one source end in the line `حمّلوا تطبيقنا`. The articles have
//! different bodies, and the line is a small part of each. In all of them, and in every later
//! article of the source, the line is typed as furniture. Furniture is stored but not searched.
//!
//! Boilerplate is fixed for a generation, like its model, so that every job treats the same article
//! alike. A title is never boilerplate.

mod counts;
#[cfg(test)]
mod tests;

use std::io;

use rustc_hash::FxHashSet;

use crate::document::{Article, Segment, SegmentKind};
pub use counts::LineCounts;
use fihrist_arabic::fnv1a;

/// The first bytes of a boilerplate file. The digit is the version of the format.
const MAGIC: &[u8; 8] = b"FIHLINE1";
/// The greatest length of a line that may be boilerplate. A longer line is a paragraph, which
/// recurs only if the article is published again.
const MAX_LINE_CHARS: usize = 200;

/// The boilerplate lines of a generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boilerplate {
    /// The hashes of the lines, each hashed with its source.
    lines: FxHashSet<u64>,
}

impl Boilerplate {
    /// Returns the number of boilerplate lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether there are no boilerplate lines.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the article with its boilerplate typed as furniture; `None` if it has no
    /// boilerplate.
    pub fn retype(&self, article: &Article) -> Option<Article> {
        if self.is_empty() {
            return None;
        }
        let source = source_hash(article);
        let mut retyped: Option<Article> = None;
        for (number, line) in candidate_lines(article) {
            if self.lines.contains(&line_hash(source, line)) {
                let retyped = retyped.get_or_insert_with(|| article.clone());
                retyped.segments[number].kind = SegmentKind::Furniture;
            }
        }
        retyped
    }

    /// Adds the lines of other boilerplate.
    pub fn extend(&mut self, other: &Self) {
        self.lines.extend(&other.lines);
    }

    /// Returns the content of a boilerplate file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines: Vec<u64> = self.lines.iter().copied().collect();
        lines.sort_unstable();
        let mut bytes = MAGIC.to_vec();
        for line in lines {
            bytes.extend(line.to_le_bytes());
        }
        bytes
    }

    /// Decodes the bytes of [`to_bytes`](Self::to_bytes); fails for any others.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let broken = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| {
            broken("not a list of boilerplate lines in the format that this program reads")
        })?;
        let (lines, []) = rest.as_chunks::<8>() else {
            return Err(broken("it is cut off"));
        };
        Ok(Self {
            lines: lines.iter().map(|line| u64::from_le_bytes(*line)).collect(),
        })
    }
}

/// Returns the searched lines that may be boilerplate, each with the index of its segment.
fn candidate_lines(article: &Article) -> impl Iterator<Item = (usize, &str)> {
    let may_recur = |segment: &Segment| match segment.kind {
        SegmentKind::Dek | SegmentKind::Subhead | SegmentKind::Body | SegmentKind::Caption => true,
        SegmentKind::Title
        | SegmentKind::Credit
        | SegmentKind::Byline
        | SegmentKind::Dateline
        | SegmentKind::Furniture => false,
    };
    let is_short = |line: &str| line.chars().nth(MAX_LINE_CHARS).is_none();
    let segments = article.segments.iter().enumerate();
    segments
        .filter(move |(_, segment)| may_recur(segment))
        .map(|(number, segment)| (number, segment.span.slice(&article.text)))
        .filter(move |(_, line)| line.len() <= MAX_LINE_CHARS || is_short(line))
}

/// Returns the hash of an article's source; the hash of the empty string if the article has no
/// source.
fn source_hash(article: &Article) -> u64 {
    fnv1a(article.source.as_deref().unwrap_or_default().as_bytes())
}

/// Returns the hash of a line together with the hash of its source.
fn line_hash(source: u64, line: &str) -> u64 {
    fnv1a(line.as_bytes()) ^ source.rotate_left(32)
}

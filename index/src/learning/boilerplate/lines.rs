//! Selects the lines of an article that may be boilerplate, and hashes them. It counts nothing.

use crate::document::{Article, Segment, SegmentKind};
use fihrist_arabic::fnv1a;

/// The greatest length of a line that may be boilerplate. A longer line is a paragraph, which
/// recurs only if the article is published again.
const MAX_LINE_CHARS: usize = 200;

/// Returns the searched lines that may be boilerplate, each with the index of its segment.
pub(super) fn candidate_lines(article: &Article) -> impl Iterator<Item = (usize, &Segment)> {
    article.segments.iter().enumerate().filter(|(_, segment)| {
        let may_recur = match segment.kind {
            SegmentKind::Dek | SegmentKind::Subhead | SegmentKind::Body | SegmentKind::Caption => {
                true
            }
            SegmentKind::Title
            | SegmentKind::Credit
            | SegmentKind::Byline
            | SegmentKind::Dateline
            | SegmentKind::Furniture => false,
        };
        let text = segment.span.slice(&article.text);
        may_recur && (text.len() <= MAX_LINE_CHARS || text.chars().nth(MAX_LINE_CHARS).is_none())
    })
}

/// Returns the hash of an article's source; the hash of the empty string if the article has no
/// source.
pub(super) fn source_hash(article: &Article) -> u64 {
    fnv1a(article.source.as_deref().unwrap_or_default().as_bytes())
}

/// Returns the hash of a line together with the hash of its source.
pub(super) fn line_hash(source: u64, line: &str) -> u64 {
    fnv1a(line.as_bytes()) ^ source.rotate_left(32)
}

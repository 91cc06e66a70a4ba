//! What of an article to show for a query: passages of the stored text with the matched words marked. It searches
//! nothing; it analyses the stored text of a hit again and looks for what the query wants.

mod matches;
mod passage;

pub use matches::{match_spans, title_fragments};
pub use passage::snippets;

use crate::article::Field;
use crate::span::Span;

/// A stretch of text, matched or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The text, exactly as stored.
    pub text: String,
    /// Whether it satisfied the query.
    pub is_match: bool,
}

/// A passage of an article.
///
/// Invariant: the fragments joined are the stored text in `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The field it is from.
    pub field: Field,
    /// Where it stands in the stored text.
    pub span: Span,
    /// Its text in order.
    pub fragments: Vec<Fragment>,
}

/// How much to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Passages at most.
    pub max_snippets: usize,
    /// About how long a passage is. A sentence a little longer is shown whole.
    pub max_snippet_chars: usize,
}

/// Cuts the text in `span` at the marks. Marks are in order and do not overlap; what lies outside `span` is left out.
fn fragments(text: &str, span: Span, marks: &[Span]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut push = |start: usize, end: usize, is_match: bool| {
        let part = Span::new(start, end).slice(text);
        if !part.is_empty() {
            fragments.push(Fragment { text: part.to_owned(), is_match });
        }
    };
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| mark.overlaps(span)) {
        let (start, end) = (mark.start.max(span.start), mark.end.min(span.end));
        push(at, start, false);
        push(start, end, true);
        at = end;
    }
    push(at, span.end, false);
    fragments
}

//! Snippets: the passages of a hit that show its matches, with the matched words marked. This
//! module searches nothing: it analyses the stored text of a hit again and finds the terms of the
//! query in it.

mod matches;
mod passage;
mod plan;

use crate::deadline::Deadline;
use crate::document::{Article, Field, SegmentKind, StoredArticle};
use crate::query::Query;
use fihrist_arabic::{Analyzer, Pretokenized, Span};
use matches::{FieldMatches, find, merge};
use plan::QueryPlan;

/// Finds and marks the matches of one query in any number of articles.
pub struct Highlighter<'q> {
    plan: QueryPlan<'q>,
    analyzer: &'q Analyzer,
    highlight: Highlight,
    deadline: Deadline,
}

/// The matches of the query in one article.
pub struct Matched {
    fields: [FieldMatches; Field::ALL.len()],
}

/// Which part of a word is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Highlight {
    /// The whole word, with its clitics.
    #[default]
    Word,
    /// The core of the word, between its clitics.
    Stem,
}

impl<'q> Highlighter<'q> {
    /// Prepares a query for finding its matches. `analyzer` must be the one that made the terms of
    /// the articles.
    pub fn new(query: &'q Query, analyzer: &'q Analyzer, highlight: Highlight) -> Self {
        Self {
            plan: QueryPlan::new(query),
            analyzer,
            highlight,
            deadline: Deadline::default(),
        }
    }

    /// Sets a deadline. If it has passed, [`find`](Self::find) stops early; the caller must check
    /// the deadline before it uses the result.
    pub fn within(self, deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            ..self
        }
    }

    /// Finds the matches of the query in an article.
    pub fn find(&self, article: &Article) -> Matched {
        find(article, &Pretokenized::default(), self)
    }

    /// Finds the matches of the query in an article that a backend returned. Its common words are
    /// already known, so this is several times as fast as [`find`](Self::find).
    pub fn find_in(&self, stored: &StoredArticle) -> Matched {
        find(&stored.article, &stored.pretokenized, self)
    }
}

impl Matched {
    /// Returns the ranges of the stored text to mark, in order and without overlaps.
    pub fn spans(&self) -> Vec<Span> {
        let matches = self.fields.iter().flat_map(|field| &field.matches);
        merge(matches.map(|found| found.span).collect())
    }

    /// Returns the title of the article, cut into fragments at the marks; empty if there is no
    /// title.
    pub fn title(&self, article: &Article) -> Vec<Fragment> {
        let [title, ..] = &self.fields;
        let marks = merge(title.matches.iter().map(|found| found.span).collect());
        let mut titles = article
            .segments_of(SegmentKind::Title)
            .map(|segment| segment.span);
        let span = titles
            .next()
            .map(|first| Span::new(first.start, titles.last().unwrap_or(first).end));
        span.map_or_else(Vec::new, |span| fragments(&article.text, span, &marks))
    }
}

/// A part of a passage, matched or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The text as it is stored.
    pub text: String,
    /// Whether the fragment is a match.
    pub is_match: bool,
}

/// A passage of an article, with its matches marked.
///
/// Invariant: the joined fragments are the stored text in `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The field that the passage is in.
    pub field: Field,
    /// The range of the passage in the stored text.
    pub span: Span,
    /// The fragments of the passage, in order.
    pub fragments: Vec<Fragment>,
}

/// The number and the length of the passages of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The greatest number of passages.
    pub max_snippets: usize,
    /// The length of a passage in characters. A sentence that is up to half as long again is shown
    /// whole.
    pub max_snippet_chars: usize,
}

/// Cuts the text in `span` into fragments at the marks, which are in order and do not overlap.
/// Marks outside `span` are ignored.
fn fragments(text: &str, span: Span, marks: &[Span]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut push = |start: usize, end: usize, is_match: bool| {
        let part = Span::new(start, end).slice(text);
        if !part.is_empty() {
            fragments.push(Fragment {
                text: part.to_owned(),
                is_match,
            });
        }
    };
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| mark.overlaps(span)) {
        let start = mark.start.max(span.start);
        let end = mark.end.min(span.end);
        push(at, start, false);
        push(start, end, true);
        at = end;
    }
    push(at, span.end, false);
    fragments
}

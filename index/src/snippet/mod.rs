//! What of an article to show for a query: passages of the stored text with the matched words
//! marked. It searches nothing; it analyses the stored text of a hit again and looks for what the
//! query wants.

mod matches;
mod passage;
mod plan;

use crate::deadline::Deadline;
use crate::document::{Article, Field, SegmentKind, StoredArticle};
use crate::query::Query;
use fihrist_arabic::Span;
use fihrist_arabic::{Analyzer, Pretokenized};
use matches::{FieldMatches, find, merge};
use plan::QueryPlan;

/// Marks what satisfied one query, in any number of articles.
pub struct Highlighter<'q> {
    plan: QueryPlan<'q>,
    analyzer: &'q Analyzer,
    highlight: Highlight,
    deadline: Deadline,
}

/// What satisfied the query in one article.
pub struct Matched {
    fields: [FieldMatches; Field::ALL.len()],
}

/// How much of a word is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Highlight {
    /// All of it, with its clitics.
    #[default]
    Word,
    /// The part inside its clitics.
    Stem,
}

impl<'q> Highlighter<'q> {
    /// Prepares to look for a query in articles that `analyzer` made terms of.
    pub fn new(query: &'q Query, analyzer: &'q Analyzer, highlight: Highlight) -> Self {
        Self {
            plan: QueryPlan::new(query),
            analyzer,
            highlight,
            deadline: Deadline::default(),
        }
    }

    /// Stops looking when a patience ends, wherever it is then: whoever sets one asks it before
    /// using what was found.
    pub fn within(self, deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            ..self
        }
    }

    /// Looks for the query in an article.
    pub fn find(&self, article: &Article) -> Matched {
        find(article, &Pretokenized::default(), self)
    }

    /// Looks for the query in an article that a backend returned, which is several times as fast.
    pub fn find_in(&self, stored: &StoredArticle) -> Matched {
        find(&stored.article, &stored.pretokenized, self)
    }
}

impl Matched {
    /// The marked ranges of the article: in order, not overlapping.
    pub fn spans(&self) -> Vec<Span> {
        merge(
            self.fields
                .iter()
                .flat_map(|field| &field.matches)
                .map(|found| found.span)
                .collect(),
        )
    }

    /// The title of the article cut at the marks; one empty list where it has none.
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

    /// The best passages of the article in reading order; its beginning where nothing outside the
    /// title matches.
    pub fn snippets(&self, article: &Article, options: Options) -> Vec<Snippet> {
        passage::snippets(article, self, options)
    }
}

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

/// Cuts the text in `span` at the marks. Marks are in order and do not overlap; what lies outside
/// `span` is left out.
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
        let (start, end) = (mark.start.max(span.start), mark.end.min(span.end));
        push(at, start, false);
        push(start, end, true);
        at = end;
    }
    push(at, span.end, false);
    fragments
}

//! Which words of an article satisfied a query. A phrase is one match from its first word to its last.

use rustc_hash::FxHashMap;

use super::{Fragment, fragments};
use crate::analysis::{Analyzer, Kind, Token};
use crate::article::{Article, Field, SegmentKind};
use crate::query::{Level, Query, Term};
use crate::span::Span;

/// A place where a clause of the query is satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// From the first word of it to the last, in the stored text.
    pub span: Span,
    /// Which of the wanted clauses.
    pub clause: usize,
    /// The sentence it begins in and the one it ends in.
    pub sentences: (u32, u32),
}

/// The marked ranges of an article: in order, not overlapping.
pub fn match_spans(article: &Article, query: &Query, analyzer: &Analyzer) -> Vec<Span> {
    let mut spans = Vec::new();
    for field in Field::ALL {
        let tokens = field_tokens(article, field, analyzer);
        spans.extend(matches(&article.text, &tokens, query).into_iter().map(|found| found.span));
    }
    merge(spans)
}

/// The title cut at its matches; one empty list where the article has none.
pub fn title_fragments(article: &Article, query: &Query, analyzer: &Analyzer) -> Vec<Fragment> {
    let tokens = field_tokens(article, Field::Title, analyzer);
    let marks = merge(matches(&article.text, &tokens, query).into_iter().map(|found| found.span).collect());
    let mut titles = article.segments_of(SegmentKind::Title).map(|segment| segment.span);
    let span = titles.next().map(|first| Span::new(first.start, titles.last().unwrap_or(first).end));
    span.map_or_else(Vec::new, |span| fragments(&article.text, span, &marks))
}

/// The tokens of a field as the index counts them: positions and sentences run on from segment to segment, spans are
/// of the stored text, wholes are left to their parts.
pub(super) fn field_tokens(article: &Article, field: Field, analyzer: &Analyzer) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for segment in article.segments_in(field) {
        let sentence = tokens.last().map_or(0, |last| last.sentence + 1);
        analyzer.for_each(segment.span.slice(&article.text), |token| {
            if token.kind != Kind::Whole {
                let mut token = token.to_owned();
                token.span = token.span.shifted(segment.span.start);
                token.sentence += sentence;
                token.position = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
                tokens.push(token);
            }
        });
    }
    tokens
}

/// Where the wanted clauses are satisfied by the tokens of a text, in order of their beginnings.
pub(super) fn matches(text: &str, tokens: &[Token], query: &Query) -> Vec<Match> {
    let clauses: Vec<_> = query.wanted().collect();
    // Whatever holds the first word's form has its stem, too.
    let mut by_first_stem: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (number, clause) in clauses.iter().enumerate() {
        for stem in clause.terms.first().into_iter().flat_map(stems) {
            by_first_stem.entry(stem).or_default().push(number);
        }
    }
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        for &number in by_first_stem.get(token.stem.as_str()).into_iter().flatten() {
            let Some(words) =
                clauses.get(number).and_then(|clause| tokens.get(at..at + clause.terms.len()).zip(Some(clause)))
            else {
                continue;
            };
            let (words, clause) = words;
            if let (Some(last), true) =
                (words.last(), words.iter().zip(&clause.terms).all(|(w, t)| is_match(text, w, t, clause.level)))
            {
                found.push(Match {
                    span: Span::new(token.span.start, last.span.end),
                    clause: number,
                    sentences: (token.sentence, last.sentence),
                });
            }
        }
    }
    found
}

/// The stems that a word of a query is found by.
fn stems(term: &Term) -> impl Iterator<Item = &str> {
    std::iter::once(term.stem.as_str()).chain(term.related.iter().map(|related| related.stem.as_str()))
}

fn is_match(text: &str, token: &Token, term: &Term, level: Level) -> bool {
    match level {
        Level::Exact => token.surface == term.surface && token.form(text) == term.form,
        Level::Stem => stems(term).any(|stem| stem == token.stem),
    }
}

/// Sorts ranges and joins those that overlap.
pub(super) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

//! Suggestions: completions while a query is typed. Words come from the vocabulary, titles from a
//! search.

use std::cmp::Reverse;

use super::analyze_query::analyze_query;
use super::searcher::Searcher;
use super::{Index, Matching};
use crate::backend::{Operator, Page};
use crate::document::Field;
use crate::error::Result;
use crate::query::Scope;
use fihrist_arabic::spelling::SuggestionKind;
use fihrist_arabic::{Token, TokenKind};

/// The greatest number of suggested words. The other suggestions are titles.
const MAX_WORD_SUGGESTIONS: usize = 5;

/// A query to offer in place of the typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedQuery {
    /// The whole query: the words before the last one as typed, then the suggested word. For a
    /// title, the title.
    pub text: String,
    /// Whether the suggestion is a word or a title.
    pub kind: SuggestedBy,
    /// The number of articles that hold the suggested word; 1 for a title.
    pub articles: u64,
}

/// Where a suggestion comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestedBy {
    /// The last word of the text was completed or replaced by a word of the index.
    Word(SuggestionKind),
    /// The suggestion is the title of an article.
    Title,
}

impl SuggestedBy {
    /// Returns the name in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word(kind) => kind.name(),
            Self::Title => "title",
        }
    }
}

impl Index {
    /// Returns at most `limit` queries for a text whose last word may be half typed, the likeliest
    /// first. They are completions, titles and corrections.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<SuggestedQuery>> {
        self.run(|searcher| {
            let mut found = suggested_words(text, limit.min(MAX_WORD_SUGGESTIONS), searcher)?;
            found.extend(titles(text, limit, searcher)?);
            let mut seen = Vec::new();
            found.retain(|suggestion| {
                let is_new = suggestion.text != text && !seen.contains(&suggestion.text);
                seen.push(suggestion.text.clone());
                is_new
            });
            found.truncate(limit);
            Ok(found)
        })
    }
}

/// Returns at most `limit` queries in which a word of the index completes or replaces the last word
/// of the text.
fn suggested_words(
    text: &str,
    limit: usize,
    searcher: Searcher<'_>,
) -> Result<Vec<SuggestedQuery>> {
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    let last = text.rsplit(char::is_whitespace).next().unwrap_or(text);
    let before = &text[..text.len() - last.len()];
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let mut suggestions = vocabulary.complete(last, limit);
    if vocabulary.articles(&folded(last, searcher)) == 0 {
        suggestions.extend(vocabulary.correct(last, 1));
        // The more articles hold a word, the likelier it was meant, whether it is a completion or a
        // correction.
        suggestions.sort_by_key(|suggestion| Reverse(suggestion.articles));
        suggestions.splice(0..0, vocabulary.relayout(last));
        if suggestions.is_empty() {
            suggestions = vocabulary.from_latin(last, limit);
        }
    }
    suggestions.truncate(limit);
    let suggested = suggestions.into_iter().map(|word| SuggestedQuery {
        text: format!("{before}{}", word.text),
        kind: SuggestedBy::Word(word.kind),
        articles: word.articles,
    });
    Ok(suggested.collect())
}

/// Returns the titles that hold all words of the text. The last word of the text may be the
/// beginning of a word.
fn titles(text: &str, limit: usize, searcher: Searcher<'_>) -> Result<Vec<SuggestedQuery>> {
    let words = words(text, searcher);
    let Some(last) = words.last() else {
        return Ok(Vec::new());
    };
    // A pattern needs two letters.
    let is_half = last.span.end == text.len()
        && last.surface.chars().count() >= 2
        && last.kind == TokenKind::Arabic;
    let mut query = String::new();
    for word in &words {
        let star = if is_half && word.span == last.span {
            "*"
        } else {
            ""
        };
        query += &format!("({}{star}) ", word.span.slice(text));
    }
    let query = analyze_query(&query, Matching::Stem, Scope::of(Field::Title), searcher)?;
    let page = Page {
        limit,
        ..Page::COUNT
    };
    let found = searcher.find(&query, Operator::And, page)?;
    let mut titles = Vec::with_capacity(found.hits.len());
    for (_, stored) in found.hits {
        let text = stored.article.title().trim().to_owned();
        if !text.is_empty() {
            titles.push(SuggestedQuery {
                text,
                kind: SuggestedBy::Title,
                articles: 1,
            });
        }
    }
    Ok(titles)
}

fn words(text: &str, searcher: Searcher<'_>) -> Vec<Token> {
    let mut tokens = searcher.analyzer().analyze(text);
    tokens.retain(|token| token.kind != TokenKind::Whole);
    tokens
}

fn folded(word: &str, searcher: Searcher<'_>) -> String {
    words(word, searcher)
        .into_iter()
        .map(|token| token.surface)
        .collect()
}

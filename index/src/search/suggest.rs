//! Suggestions: completions while a query is typed, and a corrected query if a query finds too
//! little. Words come from the vocabulary, titles from a search.

use std::cmp::Reverse;

use super::Matching;
use super::analyze_query::analyze_query;
use super::searcher::Searcher;
use crate::backend::{Operator, Page};
use crate::document::Field;
use crate::error::Result;
use crate::query::{Query, Scope};
use crate::ranking::Weights;
use fihrist_arabic::Span;
use fihrist_arabic::spelling::{Suggestion, SuggestionKind, Vocabulary};
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

/// Returns at most `limit` queries for a text whose last word may be half typed, the likeliest
/// first.
pub fn suggest(text: &str, limit: usize, searcher: Searcher<'_>) -> Result<Vec<SuggestedQuery>> {
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    let start = text.rfind(char::is_whitespace).map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    let (before, last) = text.split_at(start);
    let mut found: Vec<SuggestedQuery> = Vec::new();
    if !last.is_empty() {
        let words = limit.min(MAX_WORD_SUGGESTIONS);
        let mut suggestions = vocabulary.complete(last, words);
        if vocabulary.articles(&folded(last, searcher)) == 0 {
            suggestions.extend(vocabulary.correct(last, 1));
            // The more articles hold a word, the likelier it was meant, whether it is a completion
            // or a correction.
            suggestions.sort_by_key(|suggestion| Reverse(suggestion.articles));
            suggestions.splice(0..0, vocabulary.relayout(last));
            if suggestions.is_empty() {
                suggestions = vocabulary.from_latin(last, words);
            }
        }
        found.extend(suggestions.into_iter().take(words).map(
            |Suggestion {
                 text,
                 kind,
                 articles,
             }| SuggestedQuery {
                text: format!("{before}{text}"),
                kind: SuggestedBy::Word(kind),
                articles,
            },
        ));
    }
    found.extend(titles(text, limit, searcher)?);
    let mut seen = Vec::new();
    found.retain(|suggestion| {
        let is_new = suggestion.text != text && !seen.contains(&suggestion.text);
        seen.push(suggestion.text.clone());
        is_new
    });
    found.truncate(limit);
    Ok(found)
}

/// Returns the titles that hold all words of the text. The last word of the text may be the
/// beginning of a word.
fn titles(text: &str, limit: usize, searcher: Searcher<'_>) -> Result<Vec<SuggestedQuery>> {
    let words: Vec<Token> = words(text, searcher);
    let Some((last, others)) = words.split_last() else {
        return Ok(Vec::new());
    };
    let others = others.iter().map(|word| word.span.slice(text).to_owned());
    // A pattern needs two letters.
    let is_half = last.span.end == text.len()
        && last.surface.chars().count() >= 2
        && last.kind == TokenKind::Arabic;
    let last = if is_half {
        format!("{}*", last.span.slice(text))
    } else {
        last.span.slice(text).to_owned()
    };
    let query = others
        .chain([last])
        .map(|word| format!("({word})"))
        .collect::<Vec<_>>()
        .join(" ");
    let query = analyze_query(&query, Matching::Stem, Scope::of(Field::Title), searcher)?;
    let page = Page {
        limit,
        ..Page::COUNT
    };
    let found = searcher.find(&query, Operator::And, &Weights::default(), page)?;
    let titles = found
        .hits
        .into_iter()
        .map(|hit| hit.stored.article.title().trim().to_owned());
    Ok(titles
        .filter(|title| !title.is_empty())
        .map(|text| SuggestedQuery {
            text,
            kind: SuggestedBy::Title,
            articles: 1,
        })
        .collect())
}

/// Returns the query with each unknown word replaced by its likeliest correction; `None` if no word
/// is replaced. A word is unknown if no article holds it.
pub fn did_you_mean(query: &Query, searcher: Searcher<'_>) -> Result<Option<String>> {
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    let wanted: Vec<Span> = query.texts().map(|text| text.span).collect();
    let is_wanted = |token: &Token| wanted.iter().any(|span| span.overlaps(token.span));
    let mut corrected = String::new();
    let mut at = 0;
    for token in words(&query.input, searcher).into_iter().filter(is_wanted) {
        searcher.context.deadline.check()?;
        let typed = token.span.slice(&query.input);
        if let Some(correction) = correction(typed, &token, &vocabulary) {
            corrected += query.input.get(at..token.span.start).unwrap_or("");
            corrected += &correction;
            at = token.span.end;
        }
    }
    corrected += query.input.get(at..).unwrap_or("");
    Ok(Some(corrected).filter(|corrected| *corrected != query.input))
}

/// Returns the likeliest correction of a word; `None` if an article holds the word.
fn correction(typed: &str, token: &Token, vocabulary: &Vocabulary) -> Option<String> {
    if vocabulary.articles(&token.surface) > 0 {
        return None;
    }
    let corrections = vocabulary.correct(typed, 1).into_iter();
    let best = vocabulary
        .relayout(typed)
        .into_iter()
        .chain(corrections)
        .chain(vocabulary.from_latin(typed, 1))
        .next();
    best.map(|suggestion| suggestion.text)
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

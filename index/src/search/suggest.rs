//! What a person may have meant: suggestions while a query is typed, and a corrected query where one finds too little. Which
//! words are near others, `suggest` knows; which titles begin so, a search does.

use std::cmp::Reverse;

use super::Matching;
use super::analyze_query::analyze_query;
use crate::backend::{Operator, Page, Snapshot};
use crate::document::Field;
use crate::error::Result;
use crate::query::{Query, Scope};
use crate::ranking::Weights;
use fihrist_arabic::Span;
use fihrist_arabic::spelling::{Suggestion, SuggestionKind, Vocabulary};
use fihrist_arabic::{Token, TokenKind};

/// Suggestions of words, before titles take what is left.
const MAX_WORD_SUGGESTIONS: usize = 5;

/// A query that a person may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedQuery {
    /// All of it, with what was typed before.
    pub text: String,
    /// What makes it one.
    pub kind: SuggestedBy,
    /// How many articles hold the word that was put in; of a title, 1.
    pub articles: u64,
}

/// What makes a query a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestedBy {
    /// A word of the index.
    Word(SuggestionKind),
    /// The title of an article.
    Title,
}

impl SuggestedBy {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word(kind) => kind.name(),
            Self::Title => "title",
        }
    }
}

/// Queries for a text whose last word may be half typed, at most `limit`, the likeliest first.
pub fn suggest(text: &str, limit: usize, snapshot: &dyn Snapshot) -> Result<Vec<SuggestedQuery>> {
    let vocabulary = snapshot.vocabulary()?;
    let start = text.rfind(char::is_whitespace).map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    let (before, last) = text.split_at(start);
    let mut found: Vec<SuggestedQuery> = Vec::new();
    if !last.is_empty() {
        let words = limit.min(MAX_WORD_SUGGESTIONS);
        let mut suggestions = vocabulary.complete(last, words);
        if vocabulary.articles(&folded(last, snapshot)) == 0 {
            suggestions.extend(vocabulary.correct(last, 1));
            // Half a word of many articles is likelier than a slip in a word of few, and the other way about.
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
    found.extend(titles(text, limit, snapshot)?);
    let mut seen = Vec::new();
    found.retain(|suggestion| {
        let is_new = suggestion.text != text && !seen.contains(&suggestion.text);
        seen.push(suggestion.text.clone());
        is_new
    });
    found.truncate(limit);
    Ok(found)
}

/// The titles that hold the words, the last of which may go on.
fn titles(text: &str, limit: usize, snapshot: &dyn Snapshot) -> Result<Vec<SuggestedQuery>> {
    let words: Vec<Token> = words(text, snapshot);
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
    let query = analyze_query(&query, Matching::Stem, Scope::of(Field::Title), snapshot)?;
    let page = Page {
        limit,
        ..Page::COUNT
    };
    let found = snapshot.search(&query, Operator::And, &Weights::default(), page)?;
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

/// The query with each word that no article holds replaced by the likeliest that some do; `None` where nothing is.
pub fn did_you_mean(query: &Query, snapshot: &dyn Snapshot) -> Result<Option<String>> {
    let vocabulary = snapshot.vocabulary()?;
    let wanted: Vec<Span> = query.texts().map(|text| text.span).collect();
    let is_wanted = |token: &Token| wanted.iter().any(|span| span.overlaps(token.span));
    let mut corrected = String::new();
    let mut at = 0;
    for token in words(&query.input, snapshot).into_iter().filter(is_wanted) {
        snapshot.deadline().check()?;
        let typed = token.span.slice(&query.input);
        if let Some(better) = better(typed, &token, &vocabulary) {
            corrected += query.input.get(at..token.span.start).unwrap_or("");
            corrected += &better;
            at = token.span.end;
        }
    }
    corrected += query.input.get(at..).unwrap_or("");
    Ok(Some(corrected).filter(|corrected| *corrected != query.input))
}

/// What was meant by a word that no article holds.
fn better(typed: &str, token: &Token, vocabulary: &Vocabulary) -> Option<String> {
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

fn words(text: &str, snapshot: &dyn Snapshot) -> Vec<Token> {
    let mut tokens = snapshot.analyzer().analyze(text);
    tokens.retain(|token| token.kind != TokenKind::Whole);
    tokens
}

fn folded(word: &str, snapshot: &dyn Snapshot) -> String {
    words(word, snapshot)
        .into_iter()
        .map(|token| token.surface)
        .collect()
}

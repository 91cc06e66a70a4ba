//! Corrections: the query that was probably meant, if a query finds too little. Only a query of the
//! same words, in another spelling, alphabet or keyboard layout, may replace the typed one unasked.
//! This module runs no query.

use super::searcher::Searcher;
use crate::error::Result;
use crate::query::{Occur, Query, typed_words};
use fihrist_arabic::spelling::{Suggestion, SuggestionKind, Vocabulary};
use fihrist_arabic::{Span, Token, TokenKind};

/// A corrected query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The whole query.
    pub text: String,
    pub certainty: Certainty,
}

/// How certain it is that a corrected query was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// A word may have been replaced by another word. The query is only offered.
    Guess,
    /// The query has the typed words in another spelling or alphabet. It may replace a query that
    /// finds nothing.
    SameWords,
    /// The whole query was typed in the other keyboard layout. Some of the keys, read as words, may
    /// be in an article by chance. The query may replace one of which no article has all words.
    OtherLayout,
}

/// Returns the query with each unknown word replaced by its likeliest correction; `None` if no word
/// is replaced. A word is unknown if no article holds it.
///
/// Codes, addresses, hashtags and numbers stay. In a query of two alphabets, only words in the other
/// keyboard layout are replaced: a writer who uses both has chosen the alphabet of each word.
pub fn correct(query: &Query, searcher: Searcher<'_>) -> Result<Option<Correction>> {
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    // The parser reads some keys with an Arabic letter as signs, so the whole text comes first.
    if let Some(correction) = relayout(query, &vocabulary) {
        return Ok(Some(correction));
    }
    let input = &query.input;
    let tokens = searcher.analyzer().analyze(input);
    let wanted: Vec<Span> = query.texts().map(|text| text.span).collect();
    let is_wanted = |word: &Span| wanted.iter().any(|span| span.overlaps(*word));
    let words: Vec<Span> = typed_words(input).into_iter().filter(is_wanted).collect();
    let holds = |is_letter: fn(char) -> bool| {
        words
            .iter()
            .any(|word| word.slice(input).contains(is_letter))
    };
    let has_two_alphabets = holds(is_arabic) && holds(is_other_letter);
    let mut replaced = Vec::new();
    let mut known_names = Vec::new();
    let mut left_words = 0;
    for word in words {
        searcher.context.deadline.check()?;
        let before = replaced.len();
        let tokens = tokens.iter().filter(|token| token.span.overlaps(word));
        let tokens: Vec<&Token> = tokens.collect();
        if let Some(suggestion) = vocabulary.relayout(word.slice(input)) {
            replaced.push((word, suggestion));
        } else if !has_two_alphabets && !is_code(word.slice(input), &tokens) {
            replaced.extend(corrections(input, &tokens, &vocabulary));
            if replaced.len() == before {
                known_names.extend(known_name(input, &tokens, &vocabulary));
            }
        }
        let is_number = word.slice(input).chars().all(char::is_numeric);
        left_words += usize::from(replaced.len() == before && !is_number);
    }
    // `donald trump` is one name: if one word is replaced by Arabic letters, the other one is, too.
    let is_name = |(_, word): &(Span, Suggestion)| word.kind == SuggestionKind::Transliteration;
    if replaced.iter().any(is_name) {
        replaced.extend(known_names);
        replaced.sort_by_key(|(span, _)| *span);
    }
    let text = with_replaced(input, &replaced);
    let is_layout = |(_, word): &(Span, Suggestion)| word.kind == SuggestionKind::KeyboardLayout;
    let layouts = replaced.iter().filter(|word| is_layout(word)).count();
    // An excluded word is not replaced, and may be in the other layout, too.
    let has_excluded = query
        .clauses
        .iter()
        .any(|clause| clause.occur == Occur::MustNot);
    let is_certain = replaced.iter().all(|(_, word)| word.is_same_word);
    let certainty = if !is_certain || layouts > 0 && has_excluded {
        Certainty::Guess
    } else if layouts == 0 {
        Certainty::SameWords
    } else if layouts == replaced.len() && left_words == 0 && !has_two_alphabets {
        Certainty::OtherLayout
    } else {
        Certainty::Guess
    };
    Ok((text != *input).then_some(Correction { text, certainty }))
}

/// Returns the whole query in the other keyboard layout, if the parser has lost a letter of it: a
/// key that is a sign in one layout, and a letter in the other.
pub fn correct_lost_letters(query: &Query, searcher: Searcher<'_>) -> Result<Option<Correction>> {
    let is_sign = |character: char| character.is_ascii_punctuation();
    if query.input.contains(is_arabic) || !query.input.contains(is_sign) {
        return Ok(None);
    }
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    Ok(relayout(query, &vocabulary))
}

fn relayout(query: &Query, vocabulary: &Vocabulary) -> Option<Correction> {
    let found = vocabulary.relayout(&query.input)?;
    let certainty = if found.is_same_word {
        Certainty::OtherLayout
    } else {
        Certainty::Guess
    };
    Some(Correction {
        text: found.text,
        certainty,
    })
}

/// Returns the corrections of the unknown words in a text without white space.
fn corrections(input: &str, tokens: &[&Token], vocabulary: &Vocabulary) -> Vec<(Span, Suggestion)> {
    let is_unknown = |token: &&&Token| vocabulary.articles(&token.surface) == 0;
    if let [article, name] = tokens
        && is_article(article)
    {
        let span = Span::new(article.span.start, name.span.end);
        let found = tokens.last().filter(is_unknown);
        let found = found.and_then(|_| first(vocabulary.from_latin(span.slice(input), 1)));
        return found.map(|name| (span, name)).into_iter().collect();
    }
    let correction = |token: &&Token| {
        let typed = token.span.slice(input);
        let found = first(vocabulary.correct(typed, 1));
        let found = found.or_else(|| first(vocabulary.from_latin(typed, 1)))?;
        Some((token.span, found))
    };
    tokens
        .iter()
        .filter(is_unknown)
        .filter_map(correction)
        .collect()
}

/// Returns the word in Arabic letters for a word in Latin letters that the index has. It is a guess:
/// the typed word finds articles.
fn known_name(
    input: &str,
    tokens: &[&Token],
    vocabulary: &Vocabulary,
) -> Option<(Span, Suggestion)> {
    let [token] = tokens else {
        return None;
    };
    let mut name = first(vocabulary.from_latin(token.span.slice(input), 1))?;
    name.is_same_word = false;
    Some((token.span, name))
}

fn first(suggestions: Vec<Suggestion>) -> Option<Suggestion> {
    suggestions.into_iter().next()
}

/// Returns whether a text without white space is a code, an address, a hashtag, a handle or a word in
/// the other keyboard layout. Such a text has no correction of its letters.
fn is_code(text: &str, tokens: &[&Token]) -> bool {
    let has_sign = text.contains(|character: char| {
        character.is_numeric() || matches!(character, '#' | '@' | '_' | '/' | '\\' | '&')
    });
    // Only in the other layout does a word begin with such a sign.
    let is_layout = text.starts_with([']', '}', '~', '`', ';', ',', '.']);
    let is_whole = tokens.iter().any(|token| token.kind == TokenKind::Whole);
    let are_arabic = tokens.iter().all(|token| token.kind == TokenKind::Arabic);
    let is_name = tokens.len() == 2 && is_article(tokens[0]);
    has_sign || is_layout || is_whole || tokens.len() > 1 && !are_arabic && !is_name
}

/// Whether a word is the Arabic article in Latin letters, as in `al-Assad`.
fn is_article(token: &Token) -> bool {
    matches!(token.surface.as_str(), "al" | "el")
}

fn with_replaced(input: &str, replaced: &[(Span, Suggestion)]) -> String {
    let mut text = String::with_capacity(input.len());
    let mut at = 0;
    for (span, word) in replaced {
        text += &input[at..span.start];
        text += &word.text;
        at = span.end;
    }
    text += &input[at..];
    text
}

fn is_arabic(character: char) -> bool {
    matches!(character, '\u{621}'..='\u{64A}')
}

fn is_other_letter(character: char) -> bool {
    character.is_alphabetic() && !is_arabic(character)
}

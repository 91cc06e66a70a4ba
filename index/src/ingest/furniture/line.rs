//! A line as folded words, and whether it ends as a sentence does. Phrases are folded in the same way.

use fihrist_arabic::{TokenKind, fold, words};

/// Returns whether the line ends as a sentence does: with a full stop, before or after closing
/// quotes and brackets.
pub fn ends_sentence(line: &str) -> bool {
    let is_closing = |c: char| {
        matches!(c, '"' | '“' | '”' | '»' | '«' | '\'' | '’' | ')' | ']') || c.is_whitespace()
    };
    line.trim_end_matches(is_closing).ends_with(['.', '…', '۔'])
}

/// A folded word of a line.
pub struct FoldedWord {
    pub word: String,
    /// Where it ends in the line.
    pub end: usize,
}

/// Returns the words of a line.
pub fn folded_words(line: &str) -> Vec<FoldedWord> {
    let mut found = Vec::new();
    words(line, |word| {
        if word.kind != TokenKind::Whole {
            found.push(FoldedWord {
                word: fold::folded(word.span.slice(line)),
                end: word.span.end,
            });
        }
    });
    found
}

/// Returns the words of a phrase in ordinary spelling.
pub fn phrase_words(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(fold::folded).collect()
}

/// Returns the words, each folded.
pub fn all_folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| fold::folded(word)).collect()
}

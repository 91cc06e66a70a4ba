//! Splits a line into folded words, and tells whether it ends like a sentence. Phrases are folded
//! in the same way.

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
    /// The byte offset in the line at which the word ends.
    pub end: usize,
}

/// Returns the folded words of a line.
pub fn folded_words(line: &str) -> Vec<FoldedWord> {
    let mut found = Vec::new();
    for word in words(line) {
        if word.kind != TokenKind::Whole {
            found.push(FoldedWord {
                word: fold::folded(word.span.slice(line)),
                end: word.span.end,
            });
        }
    }
    found
}

/// Splits a phrase in ordinary spelling into folded words.
pub fn phrase_words(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(fold::folded).collect()
}

/// Returns the words, each folded.
pub fn all_folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| fold::folded(word)).collect()
}

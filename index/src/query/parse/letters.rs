//! Finds abbreviations that are spelled by the names of Latin letters, as in `سي إن إن`. Each is
//! one phrase. Several of these names are function words when they stand alone.

use super::super::lex::{Lexeme, LexemeKind};
use fihrist_arabic::{Span, Token, is_letter_name, is_stop_word};

/// The abbreviations of a query.
pub(super) struct Abbreviations {
    /// Their spans, in order.
    spans: Vec<Span>,
}

impl Abbreviations {
    /// Finds the abbreviations among the tokens of a query.
    pub fn find(input: &str, tokens: &[Token]) -> Self {
        let is_row = |a: &Token, b: &Token| {
            let gap = input.get(a.span.end..b.span.start);
            is_letter_name(&a.surface)
                && is_letter_name(&b.surface)
                && gap.is_some_and(|gap| gap.chars().all(char::is_whitespace))
        };
        let last_of_query = tokens.last().map(|token| token.span);
        let mut spans = Vec::new();
        for row in tokens.chunk_by(is_row) {
            for mut letters in split_at_or(row) {
                // `في` before an abbreviation, or between it and another word, is the preposition.
                while let [first, rest @ ..] = letters
                    && first.surface == IN
                {
                    letters = rest;
                }
                if let [rest @ .., last] = letters
                    && last.surface == IN
                    && Some(last.span) != last_of_query
                {
                    letters = rest;
                }
                let is_clear = letters
                    .iter()
                    .any(|letter| !is_stop_word(letter.span.slice(input)));
                if let [first, .., last] = letters
                    && is_clear
                {
                    spans.push(Span::new(first.span.start, last.span.end));
                }
            }
        }
        Self { spans }
    }

    /// Returns the span of the abbreviation that a lexeme belongs to. Returns `None` if the lexeme
    /// has other words.
    pub fn around(&self, input: &str, lexeme: Lexeme) -> Option<Span> {
        let span = lexeme.span;
        let is_word = matches!(lexeme.kind, LexemeKind::Run | LexemeKind::Operator { .. });
        let found = self.spans.iter().find(|found| found.overlaps(span))?;
        let before = input.get(span.start..found.start).unwrap_or("");
        let after = input.get(found.end..span.end).unwrap_or("");
        let has_others = before
            .chars()
            .chain(after.chars())
            .any(char::is_alphanumeric);
        (is_word && !has_others).then_some(*found)
    }
}

const IN: &str = "في";
const OR: &str = "او";

/// Splits a row of letters at each `أو` that has two letters or more on both sides. It means "or";
/// beside a single letter it is the letter O.
fn split_at_or(row: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut rest = row;
    let mut at = 2;
    while at + 2 < rest.len() {
        if rest[at].surface == OR {
            parts.push(&rest[..at]);
            rest = &rest[at + 1..];
            at = 2;
        } else {
            at += 1;
        }
    }
    parts.push(rest);
    parts
}

//! The signs, operators and field names of the query language. The lexer and the parser decide how they combine.

use super::{Keyword, Scope};
use crate::document::Field;
use fihrist_arabic::fold::folded;

/// Returns whether a character is a quote. Any quote closes any other, because typed pairs are often mismatched.
pub(super) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂'
    )
}

/// Returns whether a character excludes the clause after it.
pub(super) fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// Makes the word or the phrase after it match by its form only.
pub(super) const EQUALS: char = '=';

/// Stands for any letters in a pattern.
pub(super) const STAR: char = '*';

/// Returns whether a character stands for one letter in a pattern. Both scripts have a question mark.
pub(super) fn is_question_mark(character: char) -> bool {
    matches!(character, '?' | '؟')
}

/// An operator that is written as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near(u32),
}

/// The distance of a `NEAR` without a number.
const DEFAULT_DISTANCE: u32 = 10;
/// The largest distance; a larger one is reduced to it.
const MAX_DISTANCE: u32 = 1_000;

/// Returns the operator that a word is, and whether it is also an everyday word.
pub(super) fn operator(word: &str) -> Option<(Operator, bool)> {
    match word {
        "AND" | "&&" => Some((Operator::And, false)),
        "OR" | "||" => Some((Operator::Or, false)),
        "NOT" => Some((Operator::Not, false)),
        "أو" | "او" => Some((Operator::Or, true)),
        "ليس" => Some((Operator::Not, true)),
        _ => {
            let (name, distance) = word
                .split_once('/')
                .map_or((word, None), |(name, rest)| (name, Some(rest)));
            let distance = match distance {
                // `قرب` alone is an everyday word.
                None if name == "NEAR" => DEFAULT_DISTANCE,
                None => return None,
                Some(number) => number_of(number)?,
            };
            matches!(name, "NEAR" | "قرب").then_some((Operator::Near(distance), false))
        }
    }
}

/// Returns a distance that is written in digits of any script.
pub(super) fn number_of(digits: &str) -> Option<u32> {
    let number: u32 = folded(digits).parse().ok()?;
    Some(number.min(MAX_DISTANCE))
}

/// The field that a name before a colon means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    /// The searched fields of a text.
    Scope(Scope),
    /// A keyword field.
    Keyword(Keyword),
    /// The time of publication.
    Published,
}

/// Returns the field that a name means, in English or Arabic.
pub(super) fn field_name(word: &str) -> Option<FieldName> {
    Some(match folded(word).as_str() {
        "title" | "عنوان" => FieldName::Scope(Scope::of(Field::Title)),
        "body" | "متن" => FieldName::Scope(Scope::of(Field::Body)),
        "caption" | "صوره" => FieldName::Scope(Scope::of(Field::Caption)),
        "source" | "مصدر" => FieldName::Keyword(Keyword::Source),
        "section" | "قسم" => FieldName::Keyword(Keyword::Section),
        "author" | "كاتب" => FieldName::Keyword(Keyword::Author),
        "date" | "تاريخ" => FieldName::Published,
        _ => return None,
    })
}

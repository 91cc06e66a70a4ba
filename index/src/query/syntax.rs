//! The signs and words of the query language. How they combine is the business of the lexer and the parser.

use super::{Keyword, Scope};
use crate::document::Field;
use fihrist_arabic::fold::folded;

/// Any quote closes any other: pairs are often mismatched.
pub(super) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂'
    )
}

/// Excludes what follows.
pub(super) fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// Holds what follows to its form.
pub(super) const EQUALS: char = '=';

/// Any letters of a pattern.
pub(super) const STAR: char = '*';

/// One letter of a pattern, in both scripts.
pub(super) fn is_question_mark(character: char) -> bool {
    matches!(character, '?' | '؟')
}

/// What joins or excludes clauses, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near(u32),
}

/// How near `NEAR` is without a number.
const DEFAULT_DISTANCE: u32 = 10;
/// Farther than this is anywhere.
const MAX_DISTANCE: u32 = 1_000;

/// The operator that a whole word is, and whether it is an everyday word as well.
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

/// A distance, in digits of any script.
pub(super) fn number_of(digits: &str) -> Option<u32> {
    let number: u32 = folded(digits).parse().ok()?;
    Some(number.min(MAX_DISTANCE))
}

/// What a name before a colon says of what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    /// It stands in these fields.
    Scope(Scope),
    /// It is a value of this field.
    Keyword(Keyword),
    /// It is a time.
    Published,
}

/// The name of a field, in English or Arabic.
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

//! The signs, operators and field names of the query language. The lexer and the parser decide how
//! they combine.

use super::{Keyword, Scope};
use crate::document::Field;
use fihrist_arabic::fold::folded;

/// Returns whether a character is a quote. Any kind of quote closes any other kind, because typed
/// pairs are often mismatched.
pub(super) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂'
    )
}

/// Returns whether a character is a minus sign, which excludes the clause after it.
pub(super) fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// The sign that makes the following word or phrase match by its form only.
pub(super) const EQUALS: char = '=';

/// The sign that stands for any number of letters in a pattern.
pub(super) const STAR: char = '*';

/// Returns whether a character is a Latin or Arabic question mark, which stands for one letter in a
/// pattern.
pub(super) fn is_question_mark(character: char) -> bool {
    matches!(character, '?' | '؟')
}

/// An operator that is written as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OperatorWord {
    And,
    Or,
    Not,
    Near(u32),
}

/// The distance of a `NEAR` without a number, in words.
const DEFAULT_DISTANCE: u32 = 10;
/// The greatest distance of a `NEAR`, in words. A greater number is reduced to it.
const MAX_DISTANCE: u32 = 1_000;

/// Returns the operator that a word stands for, and whether the word is also one of everyday
/// language.
pub(super) fn operator(word: &str) -> Option<(OperatorWord, bool)> {
    match word {
        "AND" | "&&" => Some((OperatorWord::And, false)),
        "OR" | "||" => Some((OperatorWord::Or, false)),
        "NOT" => Some((OperatorWord::Not, false)),
        "أو" | "او" => Some((OperatorWord::Or, true)),
        "ليس" => Some((OperatorWord::Not, true)),
        _ => {
            let distance = match word.split_once('/') {
                Some(("NEAR" | "قرب", number)) => number_of(number)?,
                // `قرب` without a number is an everyday word.
                None if word == "NEAR" => DEFAULT_DISTANCE,
                _ => return None,
            };
            Some((OperatorWord::Near(distance), false))
        }
    }
}

/// Returns the number that digits of any script stand for, at most [`MAX_DISTANCE`]; `None` if they
/// are no number.
pub(super) fn number_of(digits: &str) -> Option<u32> {
    let number: u32 = folded(digits).parse().ok()?;
    Some(number.min(MAX_DISTANCE))
}

/// The field that a name before a colon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    /// A scope: the searched fields in which a text may match.
    Scope(Scope),
    /// A keyword field to filter by.
    Keyword(Keyword),
    /// The time of publication to filter by.
    Published,
}

/// Returns the field that an English or Arabic name stands for; `None` if it is no field name.
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

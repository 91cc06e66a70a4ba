//! The meaning of the words of a date: a month, an era, the beginning or the joint of a range, or
//! nothing. It does not check their order.

use super::error::PeriodError;
use super::lex::{DateNumber, DateToken, Sign};
use super::{Calendar, hijri, month, weekday};
use crate::fold::folded;

const WAW: char = 'و';
const LAM: char = 'ل';
const BEH: char = 'ب';

/// A token with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePart {
    DateNumber(DateNumber),
    Month(Calendar, i8),
    /// `م` or `هـ` after a year.
    Era(Calendar),
    Sign(Sign),
    /// `..`: either side may be missing.
    Dots,
    /// `إلى`, `حتى`: the right side follows.
    To,
    /// The و of `بين … و…`.
    And,
    Opening(Opening),
}

/// What the first word of an expression means for the days after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    From,
    After,
    Before,
    Between,
}

/// Gives each token its meaning and drops tokens without one. A month that is named twice remains
/// once. Fails with a word that no date contains.
pub(super) fn understand(tokens: &[DateToken<'_>]) -> Result<Vec<DatePart>, PeriodError> {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match *token {
            DateToken::DateNumber(number) => parts.push(DatePart::DateNumber(number)),
            DateToken::Dots => parts.push(DatePart::Dots),
            // The dot of an abbreviation, or at the end of a sentence.
            DateToken::Sign(Sign::Dot) if !is_between_numbers(&parts, after) => {}
            DateToken::Sign(sign) => parts.push(DatePart::Sign(sign)),
            DateToken::Word(word) => {
                let pair = after.first().and_then(|next| meaning_of_pair(word, next));
                if pair.is_some() {
                    rest = &after[1..];
                }
                let meaning = pair
                    .or_else(|| meaning(&folded(word)))
                    .ok_or_else(|| PeriodError::UnknownWord(word.to_owned()))?;
                add(meaning, &mut parts)?;
            }
        }
    }
    Ok(parts)
}

fn is_between_numbers(before: &[DatePart], after: &[DateToken<'_>]) -> bool {
    matches!(before.last(), Some(DatePart::DateNumber(_)))
        && matches!(after.first(), Some(DateToken::DateNumber(_)))
}

/// The meaning of a word, and whether a و is attached to it.
struct WordMeaning {
    has_and: bool,
    part: Option<DatePart>,
}

/// `كانون الثاني` is one name.
fn meaning_of_pair(word: &str, next: &DateToken<'_>) -> Option<WordMeaning> {
    let DateToken::Word(next) = next else {
        return None;
    };
    let pair = format!("{} {}", folded(word), folded(next));
    let month = |name: &str| named(name).or_else(|| named(without_proclitic(name)?));
    let (has_and, month) = match month(&pair) {
        Some(month) => (false, month),
        None => (true, month(pair.strip_prefix(WAW)?)?),
    };
    Some(WordMeaning {
        has_and,
        part: Some(month),
    })
}

fn meaning(word: &str) -> Option<WordMeaning> {
    let alone = |word: &str| {
        named(word)
            .or_else(|| named(without_proclitic(word)?))
            .map(Some)
            .or_else(|| small(word))
    };
    match alone(word) {
        Some(part) => Some(WordMeaning {
            has_and: false,
            part,
        }),
        None => Some(WordMeaning {
            has_and: true,
            part: alone(word.strip_prefix(WAW)?)?,
        }),
    }
}

fn named(name: &str) -> Option<DatePart> {
    let gregorian = month::named(name).map(|number| DatePart::Month(Calendar::Gregorian, number));
    gregorian.or_else(|| Some(DatePart::Month(Calendar::Hijri, hijri::named(name)?)))
}

/// Returns the name after a ل or ب. A name of two letters has no proclitic: باب is a door, not
/// August.
fn without_proclitic(word: &str) -> Option<&str> {
    word.strip_prefix([LAM, BEH])
        .filter(|name| name.chars().nth(2).is_some())
}

/// Returns the meaning of a word that is no month; the inner `None` stands for a word without
/// meaning.
fn small(word: &str) -> Option<Option<DatePart>> {
    let part = match word {
        "من" | "منذ" | "from" | "since" => DatePart::Opening(Opening::From),
        "بعد" | "after" => DatePart::Opening(Opening::After),
        "قبل" | "before" => DatePart::Opening(Opening::Before),
        "بين" | "مابين" | "between" => DatePart::Opening(Opening::Between),
        "الي" | "حتي" | "لغايه" | "to" | "until" | "till" => DatePart::To,
        "و" | "and" => DatePart::And,
        "م" | "ميلادي" | "ميلاديه" | "ميلاديا" | "الميلادي" | "الميلاديه" | "للميلاد" | "ad" | "ce" => {
            DatePart::Era(Calendar::Gregorian)
        }
        "ه" | "هجري" | "هجريه" | "هجريا" | "الهجري" | "الهجريه" | "للهجره" | "ah" => {
            DatePart::Era(Calendar::Hijri)
        }
        _ => return is_passed_over(word).then_some(None),
    };
    Some(Some(part))
}

/// Words that occur in dates and say nothing about the day.
fn is_passed_over(word: &str) -> bool {
    let noun = word.strip_prefix([LAM, BEH]).unwrap_or(word);
    let noun = noun
        .strip_prefix("ال")
        .or_else(|| noun.strip_prefix(LAM))
        .unwrap_or(noun);
    matches!(
        noun,
        "عام" | "سنه" | "شهر" | "يوم" | "تاريخ" | "عامي" | "شهري" | "يومي"
    ) || matches!(
        word,
        "في" | "ل" | "ب" | "خلال" | "ما" | "غايه" | "الموافق" | "in" | "on" | "of" | "the"
    ) || matches!(word, "st" | "nd" | "rd" | "th" | "er" | "le" | "du")
        || weekday::named(word).is_some()
}

/// Adds the meaning of a word to the parts before it.
fn add(meaning: WordMeaning, parts: &mut Vec<DatePart>) -> Result<(), PeriodError> {
    // `وحتى` joins two sides as `حتى` does.
    if meaning.has_and && meaning.part != Some(DatePart::To) {
        parts.push(DatePart::And);
    }
    match (meaning.part, parts.as_slice()) {
        (None, _) => {}
        // `15 من مارس من عام 2020`: the day of the month of the year.
        (
            Some(DatePart::Opening(Opening::From)),
            [.., DatePart::DateNumber(_) | DatePart::Month(..)],
        ) => {}
        (Some(month @ DatePart::Month(..)), [.., twice]) if *twice == month => {}
        (Some(month @ DatePart::Month(..)), [.., twice, DatePart::Sign(_)]) if *twice == month => {
            parts.pop();
        }
        (Some(DatePart::Month(..)), [.., DatePart::Month(..)]) => {
            return Err(PeriodError::TwoMonths);
        }
        (Some(part), _) => parts.push(part),
    }
    Ok(())
}

//! The meaning of the words of a date: a month, an era, the beginning of a range, the joint between
//! its two sides, or nothing. It does not check their order.

use super::error::PeriodError;
use super::lex::{DateNumber, DateToken, Sign};
use super::{Calendar, hijri, month, weekday};
use crate::fold::folded;

const WAW: char = 'و';
const LAM: char = 'ل';
const BEH: char = 'ب';

/// A token of a date together with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePart {
    DateNumber(DateNumber),
    Month(Calendar, i8),
    /// The era after a year: `م` (Gregorian) or `هـ` (Hijri).
    Era(Calendar),
    Sign(Sign),
    /// The joint `..` of a range, of which either side may be missing.
    Dots,
    /// A joint such as `إلى` or `حتى`. The right side of the range must follow.
    To,
    /// The joint و in `بين … و…` (between … and …).
    And,
    Opening(Opening),
}

/// The word before an expression that says how the period relates to the days of the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    From,
    After,
    Before,
    Between,
}

/// Gives each token its meaning and drops tokens without one. If one month has two names side by
/// side, one part remains. Fails if a word occurs in no date.
pub(super) fn understand(tokens: &[DateToken<'_>]) -> Result<Vec<DatePart>, PeriodError> {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match *token {
            DateToken::DateNumber(number) => parts.push(DatePart::DateNumber(number)),
            DateToken::Dots => parts.push(DatePart::Dots),
            // This dot belongs to an abbreviation or ends a sentence.
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

/// Returns the meaning of two words that are one name, such as `كانون الثاني`.
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

/// Returns the name after the proclitic ل or ب. A name of two letters has no proclitic: باب is a
/// door, not the proclitic ب with اب (August).
fn without_proclitic(word: &str) -> Option<&str> {
    word.strip_prefix([LAM, BEH])
        .filter(|name| name.chars().nth(2).is_some())
}

/// Returns the meaning of a word that is no month. The outer `None` stands for a word that no date
/// contains, the inner one for a word of dates without meaning.
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

/// Whether the word occurs in dates but says nothing about the day.
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

/// Appends the meaning of a word to the parts before it. Fails if two different months are side by
/// side.
fn add(meaning: WordMeaning, parts: &mut Vec<DatePart>) -> Result<(), PeriodError> {
    // `وحتى` joins the two sides of a range as `حتى` does.
    if meaning.has_and && meaning.part != Some(DatePart::To) {
        parts.push(DatePart::And);
    }
    match (meaning.part, parts.as_slice()) {
        (None, _) => {}
        // In `15 من مارس من عام 2020`, `من` means "of", not "from".
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

//! The meaning of the words of a date: a month, an era, the beginning of a range, the joint between
//! its two sides, or nothing. It does not check their order.

use super::lex::{DateToken, Sign, lex};
use super::{Calendar, PeriodError, day, month, weekday};
use crate::fold::folded;

const WAW: char = 'و';
const LAM: char = 'ل';
const BEH: char = 'ب';

/// A token of a date together with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The count of a number's digits, and its value. A day in words has no digits.
    Number(usize, u32),
    Month(Calendar, u32),
    /// The era after a year: `م` (Gregorian), `هـ` (Hijri) or `ش` (Persian).
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
pub enum Opening {
    From,
    After,
    Before,
    Between,
}

/// Returns the meanings of the tokens of a text, without the tokens that have none. If one month
/// has two names side by side, one part remains. Fails if the text contains a sign or a word that
/// occurs in no date.
pub fn date_parts(text: &str) -> Result<Vec<DatePart>, PeriodError> {
    let tokens = lex(text)?;
    let mut parts = Vec::with_capacity(tokens.len());
    let mut rest = &tokens[..];
    while let [token, after @ ..] = rest {
        rest = after;
        match *token {
            DateToken::Number(digit_count, value) => {
                parts.push(DatePart::Number(digit_count, value))
            }
            DateToken::Dots => parts.push(DatePart::Dots),
            // A dot that is not between two numbers ends an abbreviation or a sentence.
            DateToken::Sign(Sign::Dot) if !is_between_numbers(&parts, after) => {}
            DateToken::Sign(sign) => parts.push(DatePart::Sign(sign)),
            DateToken::Word(word) => {
                let first = folded(word);
                // Two tokens may be one name: `كانون الثاني`, `كانون 2`, `ت.2`, `الخامس عشر`.
                let (pair, after_pair) = match after {
                    [DateToken::Word(next), others @ ..] => {
                        (Some(format!("{first} {}", folded(next))), others)
                    }
                    [DateToken::Number(1, next), others @ ..]
                    | [
                        DateToken::Sign(Sign::Dot),
                        DateToken::Number(1, next),
                        others @ ..,
                    ] => (Some(format!("{first} {next}")), others),
                    _ => (None, after),
                };
                let found = pair.and_then(|pair| with_and(&pair, |pair| named(pair).map(Some)));
                if found.is_some() {
                    rest = after_pair;
                }
                let (has_and, part) = found
                    .or_else(|| with_and(&first, meaning))
                    .ok_or_else(|| PeriodError::UnknownWord(word.to_owned()))?;
                add(has_and, part, &mut parts)?;
            }
        }
    }
    Ok(parts)
}

fn is_between_numbers(before: &[DatePart], after: &[DateToken<'_>]) -> bool {
    matches!(before.last(), Some(DatePart::Number(..)))
        && matches!(after.first(), Some(DateToken::Number(..)))
}

/// Returns what `meaning` returns for a word, and whether a و is attached to it.
fn with_and<T>(word: &str, meaning: impl Fn(&str) -> Option<T>) -> Option<(bool, T)> {
    match meaning(word) {
        Some(found) => Some((false, found)),
        None => Some((true, meaning(word.strip_prefix(WAW)?)?)),
    }
}

/// Returns the month or the day with this name.
fn named(name: &str) -> Option<DatePart> {
    let day = || Some(DatePart::Number(0, day::named(name)?));
    month_named(name).or_else(day)
}

/// Returns the month with this name, with or without a proclitic.
fn month_named(name: &str) -> Option<DatePart> {
    // A name of two letters has no proclitic: باب is a door, not the proclitic ب with اب (August).
    let without_proclitic = || {
        name.strip_prefix([LAM, BEH])
            .filter(|name| name.chars().nth(2).is_some())
    };
    let (calendar, number) = month::named(name).or_else(|| month::named(without_proclitic()?))?;
    Some(DatePart::Month(calendar, number))
}

/// Returns the meaning of a word. The outer `None` stands for a word that no date contains, the
/// inner one for a word of dates without meaning.
fn meaning(word: &str) -> Option<Option<DatePart>> {
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
        "ش" | "شمسي" | "شمسيه" | "الشمسي" | "الشمسيه" => {
            DatePart::Era(Calendar::Persian)
        }
        _ => {
            let named = named(word).map(Some);
            return named.or_else(|| is_passed_over(word).then_some(None));
        }
    };
    Some(Some(part))
}

/// Whether the word occurs in dates but says nothing about the day.
fn is_passed_over(word: &str) -> bool {
    matches!(
        weekday::without_article(word),
        "عام" | "سنه" | "شهر" | "يوم" | "تاريخ" | "عامي" | "شهري" | "يومي"
    ) || matches!(
        word,
        "في" | "ل" | "ب" | "خلال" | "ما" | "غايه" | "الموافق" | "in" | "on" | "of" | "the"
    ) || matches!(word, "st" | "nd" | "rd" | "th" | "er" | "le" | "du")
        || weekday::named(word).is_some()
}

/// Appends the meaning of a word to the parts before it. Fails if two different months are side by
/// side.
fn add(
    has_and: bool,
    part: Option<DatePart>,
    parts: &mut Vec<DatePart>,
) -> Result<(), PeriodError> {
    // `وحتى` joins the two sides of a range as `حتى` does.
    if has_and && part != Some(DatePart::To) {
        parts.push(DatePart::And);
    }
    match (part, parts.as_slice()) {
        (None, _) => {}
        // In `15 من مارس من عام 2020`, `من` means "of", not "from".
        (
            Some(DatePart::Opening(Opening::From)),
            [.., DatePart::Number(..) | DatePart::Month(..)],
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

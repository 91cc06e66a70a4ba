//! What the words of a date do: name a month, mark an era, open or join a range, or nothing. Order is not its business.

use super::error::PeriodError;
use super::lex::{Number, Sign, Token};
use super::{Calendar, hijri, month, weekday};
use crate::fold::folded;

const WAW: char = 'و';
const LAM: char = 'ل';
const BEH: char = 'ب';

/// A token that does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Number(Number),
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

/// What the first word of an expression says about the days after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    From,
    After,
    Before,
    Between,
}

/// Says what each token does and leaves out those that do nothing. A month that is named twice is there once.
pub(super) fn understand(tokens: &[Token<'_>]) -> Result<Vec<Part>, PeriodError> {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match *token {
            Token::Number(number) => parts.push(Part::Number(number)),
            Token::Dots => parts.push(Part::Dots),
            // The dot of an abbreviation, or at the end of a sentence.
            Token::Sign(Sign::Dot) if !is_between_numbers(&parts, after) => {}
            Token::Sign(sign) => parts.push(Part::Sign(sign)),
            Token::Word(word) => {
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

fn is_between_numbers(before: &[Part], after: &[Token<'_>]) -> bool {
    matches!(before.last(), Some(Part::Number(_)))
        && matches!(after.first(), Some(Token::Number(_)))
}

/// What a word does, and whether a و is joined to it.
struct Meaning {
    has_and: bool,
    part: Option<Part>,
}

/// `كانون الثاني` is one name.
fn meaning_of_pair(word: &str, next: &Token<'_>) -> Option<Meaning> {
    let Token::Word(next) = next else { return None };
    let pair = format!("{} {}", folded(word), folded(next));
    let month = |name: &str| named(name).or_else(|| named(without_proclitic(name)?));
    let (has_and, month) = match month(&pair) {
        Some(month) => (false, month),
        None => (true, month(pair.strip_prefix(WAW)?)?),
    };
    Some(Meaning {
        has_and,
        part: Some(month),
    })
}

fn meaning(word: &str) -> Option<Meaning> {
    let alone = |word: &str| {
        named(word)
            .or_else(|| named(without_proclitic(word)?))
            .map(Some)
            .or_else(|| small(word))
    };
    match alone(word) {
        Some(part) => Some(Meaning {
            has_and: false,
            part,
        }),
        None => Some(Meaning {
            has_and: true,
            part: alone(word.strip_prefix(WAW)?)?,
        }),
    }
}

fn named(name: &str) -> Option<Part> {
    let gregorian = month::named(name).map(|number| Part::Month(Calendar::Gregorian, number));
    gregorian.or_else(|| Some(Part::Month(Calendar::Hijri, hijri::named(name)?)))
}

/// The name after a ل or ب. A name of two letters takes none: باب is a door, not August.
fn without_proclitic(word: &str) -> Option<&str> {
    word.strip_prefix([LAM, BEH])
        .filter(|name| name.chars().nth(2).is_some())
}

/// The meaning of a word that is no month: a part, or nothing for those that are passed over.
fn small(word: &str) -> Option<Option<Part>> {
    let part = match word {
        "من" | "منذ" | "from" | "since" => Part::Opening(Opening::From),
        "بعد" | "after" => Part::Opening(Opening::After),
        "قبل" | "before" => Part::Opening(Opening::Before),
        "بين" | "مابين" | "between" => Part::Opening(Opening::Between),
        "الي" | "حتي" | "لغايه" | "to" | "until" | "till" => Part::To,
        "و" | "and" => Part::And,
        "م" | "ميلادي" | "ميلاديه" | "ميلاديا" | "الميلادي" | "الميلاديه" | "للميلاد" | "ad" | "ce" => {
            Part::Era(Calendar::Gregorian)
        }
        "ه" | "هجري" | "هجريه" | "هجريا" | "الهجري" | "الهجريه" | "للهجره" | "ah" => {
            Part::Era(Calendar::Hijri)
        }
        _ => return is_passed_over(word).then_some(None),
    };
    Some(Some(part))
}

/// Words that stand in dates and say nothing about which day it is.
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

/// Adds what a word means to what is before it.
fn add(meaning: Meaning, parts: &mut Vec<Part>) -> Result<(), PeriodError> {
    // `وحتى` joins no more than `حتى`.
    if meaning.has_and && meaning.part != Some(Part::To) {
        parts.push(Part::And);
    }
    match (meaning.part, parts.as_slice()) {
        (None, _) => {}
        // `15 من مارس من عام 2020`: the day of the month of the year.
        (Some(Part::Opening(Opening::From)), [.., Part::Number(_) | Part::Month(..)]) => {}
        (Some(month @ Part::Month(..)), [.., twice]) if *twice == month => {}
        (Some(month @ Part::Month(..)), [.., twice, Part::Sign(_)]) if *twice == month => {
            parts.pop();
        }
        (Some(Part::Month(..)), [.., Part::Month(..)]) => return Err(PeriodError::TwoMonths),
        (Some(part), _) => parts.push(part),
    }
    Ok(())
}

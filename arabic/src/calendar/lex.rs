//! Splits text into words, numbers and the signs of dates. Words get their meaning in `words`.

use super::PeriodError;
use crate::chars::{Class, TATWEEL, class};
use crate::fold::folded;

/// The maximum length of the text. No date is longer.
const MAX_CHARS: usize = 200;

/// A piece of a date as it is written.
pub enum DateToken<'t> {
    /// A run of letters of any alphabet, as written.
    Word(&'t str),
    /// The count of a number's digits, and its value. The count distinguishes years from days.
    /// `u32::MAX` stands for all larger values.
    Number(usize, u32),
    Sign(Sign),
    /// Two or more dots.
    Dots,
}

/// A sign between the numbers of one date, or between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Dash,
    Slash,
    Dot,
}

/// Splits `text` into tokens. White space, commas, brackets and quotes separate tokens. Invisible
/// characters do not: a number with a bidirectional mark inside is one number. Fails if the text is
/// too long or contains another sign.
pub fn lex(text: &str) -> Result<Vec<DateToken<'_>>, PeriodError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(PeriodError::TooLong {
            max_chars: MAX_CHARS,
        });
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (token, run) = match class(character) {
            Class::Digit => {
                let is_inside = |c| is_invisible(c) && c != TATWEEL;
                let run = leading(rest, |c| class(c) == Class::Digit || is_inside(c));
                let digits = folded(run);
                let value = digits.parse().unwrap_or(u32::MAX);
                (Some(DateToken::Number(digits.len(), value)), run)
            }
            Class::Arabic | Class::Letter | Class::Ideograph => {
                let run = leading(rest, |c| is_letter(c) || is_invisible(c));
                (Some(DateToken::Word(run)), run)
            }
            Class::Invisible | Class::Gap if dots_in(character) > 0 => {
                let run = leading(rest, |c| dots_in(c) > 0 || is_invisible(c));
                let token = match run.chars().map(dots_in).sum::<usize>() {
                    1 => DateToken::Sign(Sign::Dot),
                    _ => DateToken::Dots,
                };
                (Some(token), run)
            }
            // On typewriters, two hyphens stand for a dash.
            Class::Invisible | Class::Gap => (
                sign(character)?.map(DateToken::Sign),
                leading(rest, |c| c == character),
            ),
        };
        tokens.extend(token);
        rest = &rest[run.len()..];
    }
    Ok(tokens)
}

/// Returns the sign that a character stands for. Returns `None` if it only separates tokens.
fn sign(character: char) -> Result<Option<Sign>, PeriodError> {
    match character {
        // A tatweel inside a word is part of the word. A lone one is typed as a dash.
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | TATWEEL => Ok(Some(Sign::Dash)),
        '/' | '\\' | '\u{2044}' | '\u{2215}' => Ok(Some(Sign::Slash)),
        ',' | ';' | '،' | '؛' | '٫' | '٬' | '(' | ')' | '[' | ']' => Ok(None),
        '"' | '\'' | '«' | '»' | '\u{2018}'..='\u{201F}' => Ok(None),
        gap if gap.is_whitespace() || gap.is_control() || is_invisible(gap) => Ok(None),
        unknown => Err(PeriodError::UnknownSign(unknown)),
    }
}

/// Returns the longest prefix of `text` whose characters all satisfy a condition.
fn leading(text: &str, passes: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !passes(c)).unwrap_or(text.len())]
}

fn is_letter(character: char) -> bool {
    matches!(
        class(character),
        Class::Arabic | Class::Letter | Class::Ideograph
    )
}

fn is_invisible(character: char) -> bool {
    class(character) == Class::Invisible
}

const fn dots_in(character: char) -> usize {
    match character {
        '.' | '۔' => 1,
        '‥' => 2,
        '…' => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` has words in quotes, numbers with the count of their digits, signs as they are.
    fn check(text: &str, expected: &str) {
        let shown = |token: DateToken<'_>| match token {
            DateToken::Word(word) => format!("'{word}'"),
            DateToken::Number(digit_count, value) => format!("{value}:{digit_count}"),
            DateToken::Sign(Sign::Dash) => "-".to_owned(),
            DateToken::Sign(Sign::Slash) => "/".to_owned(),
            DateToken::Sign(Sign::Dot) => ".".to_owned(),
            DateToken::Dots => "..".to_owned(),
        };
        let seen = match lex(text) {
            Ok(tokens) => tokens.into_iter().map(shown).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        };
        assert_eq!(seen, expected, "{text:?}");
    }

    #[test]
    fn digits_of_all_sets() {
        check("٢٠٢٠ ۲۰۲۰ 2020 ２０", "2020:4 2020:4 2020:4 20:2");
        check("007 99999999999", "7:3 4294967295:11");
    }

    #[test]
    fn letters_and_digits_part() {
        check("P7D", "'P' 7:1 'D'");
        check("2020م", "2020:4 'م'");
    }

    #[test]
    fn invisible_characters_do_not_separate() {
        check(
            "\u{200F}20\u{200E}20\u{202C}-\u{200B}01\u{FEFF}",
            "2020:4 - 1:2",
        );
        check("ما\u{200C}رس", "'ما\u{200C}رس'");
    }

    #[test]
    fn a_tatweel_between_numbers_is_a_dash() {
        check("3ـ7 هـ", "3:1 - 7:1 'هـ'");
    }

    #[test]
    fn two_dots_are_not_one() {
        check("1.2..3…4", "1:1 . 2:1 .. 3:1 .. 4:1");
        check("1.\u{200F}.3", "1:1 .. 3:1");
    }

    #[test]
    fn what_only_separates() {
        check("\t(«2020»،\u{A0}\n3)", "2020:4 3:1");
        check("2020?", "the sign `?` has no place in a date");
    }

    #[test]
    fn long_text_is_not_read() {
        check(&" ".repeat(200), "");
        check(&" ".repeat(201), "a date has at most 200 characters");
    }
}

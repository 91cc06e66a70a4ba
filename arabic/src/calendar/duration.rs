//! ISO 8601 durations that end with a given day: `P7D`, `P3M`. Times of day and fractions are
//! rejected.

use jiff::Span;
use jiff::civil::Date;

use super::lex::DateToken;
use super::{Period, PeriodError, YEARS};
use crate::fold::folded;

/// Whether the text begins like a duration. The duration may still be invalid.
pub fn begins(tokens: &[DateToken<'_>]) -> bool {
    matches!(tokens, [DateToken::Word(word), ..] if matches!(folded(word).as_str(), "p" | "pt"))
}

/// Returns the days that the duration covers. The last of them is `today`.
pub fn until(today: Date, tokens: &[DateToken<'_>]) -> Result<Period, PeriodError> {
    let span = span(tokens)?;
    if span.is_zero() {
        return Err(PeriodError::EmptyDuration);
    }
    let before = today.tomorrow()?;
    let from = before.checked_sub(span)?;
    if u32::try_from(from.year()).is_ok_and(|year| YEARS.contains(&year)) {
        Ok(Period {
            from: Some(from),
            before: Some(before),
        })
    } else {
        Err(PeriodError::YearOutOfRange)
    }
}

/// Reads the units of a duration. Each unit occurs at most once, and larger units come first.
fn span(tokens: &[DateToken<'_>]) -> Result<Span, PeriodError> {
    let mut rest = tokens.get(1..).unwrap_or_default();
    let mut span = Span::new();
    let mut units = ["y", "m", "w", "d"].iter();
    while let [
        DateToken::Number(_, count),
        DateToken::Word(unit),
        after @ ..,
    ] = rest
    {
        let unit = folded(unit);
        span = match *units
            .find(|next| **next == unit)
            .ok_or(PeriodError::BadDuration)?
        {
            "y" => span.try_years(*count),
            "m" => span.try_months(*count),
            "w" => span.try_weeks(*count),
            _ => span.try_days(*count),
        }?;
        rest = after;
    }
    if tokens.len() > 1 && rest.is_empty() {
        Ok(span)
    } else {
        Err(PeriodError::BadDuration)
    }
}

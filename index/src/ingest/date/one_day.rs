//! One day, month or year of any calendar → a [`Period`] and its confidence. `27/9/1441` names no
//! calendar: its year shows that it is not Gregorian. `5/11/2020` does not tell its order: Arabic
//! sources write the day first, and some programs write the month first.

use std::borrow::Cow;

use fihrist_arabic::calendar::{Calendar, Period, UMM_AL_QURA_START, weekday};
use jiff::civil::Weekday;

use super::clock::is_separator;
use super::published::YEARS;
use super::{Confidence, at_most_likely};
use Calendar::{Gregorian, Hijri, Persian};
use Confidence::{Certain, Guess, Likely};

/// A day, month or year.
pub struct OneDay {
    pub period: Period,
    pub calendar: Calendar,
    /// How certain it is that the period is meant.
    pub confidence: Confidence,
}

/// Reads one day, month or year. Digits without an era are in the calendar in which their year is
/// likely. Returns `None` for text that is no date, and for a year of no likely calendar.
pub fn one_day(text: &str) -> Option<OneDay> {
    let (weekday, text) = without_weekday(text);
    let text = text.trim();
    let fits = |one: &OneDay| {
        let day = one.period.from.map(|day| day.weekday());
        weekday.is_none_or(|weekday| day == Some(weekday))
    };
    let one = match (named(text), month_first(text)) {
        (Some(day_first), Some(month_first)) if day_first.period != month_first.period => {
            match (fits(&day_first), fits(&month_first)) {
                (true, false) => day_first,
                (false, true) => month_first,
                (true, true) | (false, false) => day_first.at_most_likely(),
            }
        }
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => in_likely_calendar(text)?,
    };
    if fits(&one) {
        return Some(one);
    }
    // `الخميس الأول من مارس 2023` may mean the first Thursday of the month.
    has_day_in_digits(text).then(|| one.at_most_likely())
}

impl OneDay {
    fn at_most_likely(self) -> Self {
        Self {
            confidence: at_most_likely(self.confidence),
            ..self
        }
    }
}

/// Returns the weekday that a text names, and the text without it and the signs around it, as in
/// `الخميس - 15 مارس 2020`.
fn without_weekday(text: &str) -> (Option<Weekday>, Cow<'_, str>) {
    let is_apart = |c| is_separator(c) || c == '.';
    let mut words = text.split(is_apart);
    let split = words.find_map(|word| Some((weekday(word)?, text.split_once(word)?)));
    match split {
        Some((weekday, (before, after))) => {
            let before = before.trim_end_matches(is_apart);
            let after = after.trim_start_matches(is_apart);
            (Some(weekday), format!("{before} {after}").into())
        }
        None => (None, text.into()),
    }
}

/// Reads a date that names its calendar, or whose year is Gregorian.
fn named(text: &str) -> Option<OneDay> {
    let (period, calendar) = Period::parse_one(text).ok()?;
    let first = period.from?;
    let is_tabular = calendar == Hijri && first < UMM_AL_QURA_START;
    (calendar != Gregorian || YEARS.contains(&first.year())).then_some(OneDay {
        period,
        calendar,
        confidence: if is_tabular { Likely } else { Certain },
    })
}

/// Reads a date in digits with the month first: `05/17/2020`. Arabic text beside the date, such as
/// the era in `11/5/2020 م`, shows that the day is first.
fn month_first(text: &str) -> Option<OneDay> {
    let digits = &text[text.find(|c: char| c.is_ascii_digit())?..];
    if digits.contains(char::is_alphabetic) {
        return None;
    }
    let mut numbers = numbers(digits);
    let (month, day, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let date = named(&format!("{day}/{month}/{year}")).filter(|_| year.len() == 4)?;
    numbers.next().is_none().then(|| date.at_most_likely())
}

fn has_day_in_digits(text: &str) -> bool {
    numbers(text).nth(1).is_some()
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter(|number| !number.is_empty())
}

/// Reads a date whose year is not Gregorian and which names no calendar.
fn in_likely_calendar(text: &str) -> Option<OneDay> {
    let (unnamed, confidence) = likely_calendar(text)?;
    let (period, calendar) = Period::parse_one_in(text, unnamed).ok()?;
    (calendar == unnamed).then_some(OneDay {
        period,
        calendar,
        confidence,
    })
}

/// Returns the calendar of a date in digits by its year, the only number of four or eight digits.
/// The Persian year 1399 began in 2020, and the Hijri year 1399 in 1978. Iran writes the year
/// first.
fn likely_calendar(text: &str) -> Option<(Calendar, Confidence)> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = text[at..].split(|c: char| !c.is_ascii_digit());
    let is_with_year = |number: &&str| matches!(number.len(), 4 | 8);
    let first = numbers.next()?;
    let is_year_first = is_with_year(&first);
    let year = if is_year_first {
        first
    } else {
        numbers.find(is_with_year)?
    };
    match (year[..4].parse::<u32>().ok()?, is_year_first) {
        (1410..=1499, _) => Some((Hijri, Likely)),
        (1370..=1409, true) => Some((Persian, Guess)),
        (1300..=1369, false) => Some((Hijri, Guess)),
        (_, true | false) => None,
    }
}

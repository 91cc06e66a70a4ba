//! One day, month or year of any calendar → a [`Period`] and its confidence. `27/9/1441` names no
//! calendar: its year shows that it is not Gregorian. `5/11/2020` says no order: Arabic sources
//! write the day first, and programs with American settings the month.

use fihrist_arabic::calendar::{Calendar, Period, UMM_AL_QURA_START};

use super::Confidence;
use super::published::YEARS;
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
    let named = Period::parse_one(text).ok();
    let is_in_use = |(period, calendar): &(Period, Calendar)| {
        let year = period.from.map(|first| first.year());
        *calendar != Gregorian || year.is_some_and(|year| YEARS.contains(&year))
    };
    if let Some((period, calendar)) = named.filter(is_in_use) {
        let is_tabular = calendar == Hijri && period.from? < UMM_AL_QURA_START;
        let may_be_month_first = calendar == Gregorian
            && before_year(text).is_some_and(|[day, month]| day <= 12 && day != month);
        let confidence = if is_tabular || may_be_month_first {
            Likely
        } else {
            Certain
        };
        return Some(OneDay {
            period,
            calendar,
            confidence,
        });
    }
    if let Some([month, day]) = before_year(text).filter(|[_, day]| *day > 12) {
        let year = &text[text.len() - 4..];
        let period = Period::parse_one(&format!("{day}/{month}/{year}")).ok();
        let month_first = period.filter(is_in_use).map(|(period, calendar)| OneDay {
            period,
            calendar,
            confidence: Likely,
        });
        if month_first.is_some() {
            return month_first;
        }
    }
    let (unnamed, confidence) = likely_calendar(text)?;
    let (period, calendar) = Period::parse_one_in(text, unnamed).ok()?;
    (calendar == unnamed).then_some(OneDay {
        period,
        calendar,
        confidence,
    })
}

/// Returns the two numbers before the year if a text is three numbers with signs between them, the
/// last of four digits.
fn before_year(text: &str) -> Option<[u32; 2]> {
    let mut numbers = text.split(['/', '-', '.']);
    let first = numbers.next()?;
    let second = numbers.next()?;
    let year = numbers.next()?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = is_year && numbers.next().is_none();
    let is_short = first.len().max(second.len()) <= 2;
    (is_whole && is_short).then_some([first.parse().ok()?, second.parse().ok()?])
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

//! Reads written dates: a day, a month, a year or a range of them, and returns the days as a
//! period. It has no clock: the caller gives today's date. It finds no dates in running text.
//!
//! ```
//! use fihrist_arabic::calendar::Period;
//! use jiff::civil::date;
//!
//! let today = date(2020, 3, 15);
//! let january = Period { from: Some(date(2020, 1, 1)), before: Some(date(2020, 2, 1)) };
//! assert_eq!(Period::parse_until("كانون الثاني 2020", today), Ok(january));
//! assert_eq!(Period::parse_until("2020-01", today), Ok(january));
//! ```
//!
//! Reading takes four steps. `lex` finds words, numbers and signs. `words` gives each word its
//! meaning. `range` finds the first and the last expression. `point` turns one expression into
//! days.

mod day;
mod duration;
mod error;
mod hijri;
mod lex;
mod month;
mod persian;
mod point;
mod range;
mod rata_die;
mod weekday;
mod words;

pub use error::PeriodError;
pub use hijri::{HijriDate, UMM_AL_QURA_START};
pub use weekday::weekday;

use jiff::civil::Date;

use words::{DatePart, date_parts};

/// The Gregorian years that an expression may contain.
const YEARS: std::ops::RangeInclusive<u32> = 1000..=2999;

/// A period of whole days, `from..before`. It may have no beginning or no end.
///
/// Invariant of the results of [`Period::parse`]: at least one of the two is given, and `from`
/// comes before `before`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day of the period; `None` if the period has no beginning.
    pub from: Option<Date>,
    /// The day after the last day of the period; `None` if the period has no end.
    pub before: Option<Date>,
}

impl Period {
    /// Reads one expression, or a range of two expressions with `..` between.
    /// `index/tests/spec/periods.md` specifies the expressions. Fails with the reason if the text
    /// is no date.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        range::period(&date_parts(text)?)
    }

    /// Reads an expression or a duration such as `P7D`. A duration ends with `today` and includes
    /// it.
    pub fn parse_until(text: &str, today: Date) -> Result<Self, PeriodError> {
        let tokens = lex::lex(text)?;
        if duration::begins(&tokens) {
            duration::until(today, &tokens)
        } else {
            Self::parse(text)
        }
    }

    /// Reads one day, month or year, never a range. Also returns the calendar in which the
    /// expression is written.
    pub fn parse_one(text: &str) -> Result<(Self, Calendar), PeriodError> {
        Self::parse_one_in(text, Calendar::Gregorian)
    }

    /// Reads one expression like [`parse_one`](Self::parse_one). `unnamed` is the calendar of an
    /// expression that names neither a month nor an era.
    pub fn parse_one_in(text: &str, unnamed: Calendar) -> Result<(Self, Calendar), PeriodError> {
        let parts = date_parts(text)?;
        if parts.is_empty() {
            return Err(PeriodError::Empty);
        }
        let point = point::Point::read(&parts)?.in_calendar(unnamed);
        let (from, before) = point.days()?;
        Ok((
            Self {
                from: Some(from),
                before: Some(before),
            },
            point.calendar(),
        ))
    }

    /// Returns `from` and `before` in seconds since 1970, for days that begin at midnight UTC.
    pub fn seconds(&self) -> (Option<i64>, Option<i64>) {
        const DAY_ZERO: Date = Date::constant(1970, 1, 1);
        let seconds = |day: Date| day.duration_since(DAY_ZERO).as_secs();
        (self.from.map(seconds), self.before.map(seconds))
    }
}

/// The calendar of a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// The calendar in civil use today.
    Gregorian,
    /// The Islamic calendar, which counts from the Hijra.
    Hijri,
    /// The solar calendar of Iran, which counts from the Hijra, too.
    Persian,
}

//! What people write for a day, a month, a year or a stretch of time → the days that it means. It has no clock: the
//! caller says which day is today. It does not look for dates in running text.
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
//! On the way: `lex` finds words, numbers and signs, `words` says what each word does, `range` finds the two ends,
//! `point` reads one of them and counts its days.

mod duration;
mod error;
mod hijri;
mod lex;
mod month;
mod point;
mod range;
mod weekday;
mod words;

pub use error::PeriodError;
pub use hijri::HijriDate;
pub use month::month;
pub use weekday::weekday;

use jiff::civil::Date;

/// The Gregorian years that an expression may mean.
const YEARS: std::ops::RangeInclusive<u32> = 1000..=2999;

/// Days from the first to before the last; either side may be open.
///
/// Invariant of those that [`Period::parse`] gives: at least one side is closed, and `from` comes before `before`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub before: Option<Date>,
}

impl Period {
    /// Reads an expression, or two with `..` between. `tests/spec/periods.md` shows what can be written.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        range::period(&words::understand(&lex::lex(text)?)?)
    }

    /// The same, and durations such as `P7D`, which end with `today`: it is part of them.
    pub fn parse_until(text: &str, today: Date) -> Result<Self, PeriodError> {
        let tokens = lex::lex(text)?;
        if duration::begins(&tokens) {
            duration::until(today, &tokens)
        } else {
            Self::parse(text)
        }
    }

    /// Reads one day, month or year, and says by which calendar it was written; never a range.
    pub fn parse_one(text: &str) -> Result<(Self, Calendar), PeriodError> {
        let words = words::understand(&lex::lex(text)?)?;
        if words.is_empty() {
            return Err(PeriodError::Empty);
        }
        let point = point::Point::read(&words)?;
        let (from, before) = point.days()?;
        Ok((
            Self {
                from: Some(from),
                before: Some(before),
            },
            point.calendar(),
        ))
    }

    /// The seconds since 1970 of both sides, half open, for days that begin at midnight UTC.
    pub fn seconds(&self) -> (Option<i64>, Option<i64>) {
        const DAY_ZERO: Date = Date::constant(1970, 1, 1);
        let seconds = |day: Date| day.duration_since(DAY_ZERO).as_secs();
        (self.from.map(seconds), self.before.map(seconds))
    }
}

/// The calendars that months and years are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// The civil one of today.
    Gregorian,
    /// That of the Hijra.
    Hijri,
}

//! What can be wrong with a written date. The messages are for the person who wrote it.

use jiff::civil::Date;

/// The reason why an expression is no [`Period`](super::Period).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text contains only white space and signs without meaning.
    #[error("there is no date: write a year, a month or a day, as in 2020, 2020-03 or 2020-03-15")]
    Empty,
    /// The text is longer than any date.
    #[error("a date has at most {max_chars} characters")]
    TooLong {
        /// The maximum length in characters.
        max_chars: usize,
    },
    /// A word that no date contains, as it was written.
    #[error("`{0}` is neither a month nor another word of a date")]
    UnknownWord(String),
    /// A sign that no date contains.
    #[error("the sign `{0}` has no place in a date")]
    UnknownSign(char),
    /// Words and numbers that may occur in dates but together form no date.
    #[error(
        "this is not a date: write 2020, 2020-03, 2020-03-15, 15/03/2020 or a month by its name, or two with `..` between"
    )]
    Unreadable,
    /// Two names of different months, side by side.
    #[error(
        "two different months stand side by side: write `..` between them if you mean both and what lies between"
    )]
    TwoMonths,
    /// A day or a month without a year.
    #[error("the year is missing: write it with four digits, as in 2020-03")]
    NoYear,
    /// A Gregorian year outside the accepted range.
    #[error("the year must be between 1000 and 2999")]
    YearOutOfRange,
    /// A Hijri year outside the accepted range.
    #[error("the Hijri year must be between 391 and 1599")]
    HijriYearOutOfRange,
    /// A Persian year outside the accepted range.
    #[error("the Persian year must be between 1200 and 1499")]
    PersianYearOutOfRange,
    /// A month of one calendar and a year of the other.
    #[error("the month and the year are of different calendars")]
    MixedCalendars,
    /// A month number above 12.
    #[error("there is no month {0}: the day comes before the month, as in 31/12/2020")]
    NoSuchMonth(u32),
    /// A day that the month does not have.
    #[error("month {month} of {year} has no day {day}")]
    NoSuchDay {
        /// The year.
        year: u32,
        /// The month of the year.
        month: u32,
        /// The number of the day that the month does not have.
        day: u32,
    },
    /// A range whose end comes before its beginning.
    #[error("the range ends ({last}) before it begins ({first})")]
    Reversed {
        /// The first day of the left side.
        first: Date,
        /// The last day of the right side.
        last: Date,
    },
    /// A duration in other units than days, weeks, months and years.
    #[error(
        "a duration is written with years, months, weeks and days in this order: P7D, P2W, P3M, P1Y6M"
    )]
    BadDuration,
    /// A duration of zero days.
    #[error("the duration has no days: write P1D for today")]
    EmptyDuration,
}

/// Arithmetic of days fails only beyond the years of the calendar.
impl From<jiff::Error> for PeriodError {
    fn from(_: jiff::Error) -> Self {
        Self::YearOutOfRange
    }
}

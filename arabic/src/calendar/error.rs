//! What can be wrong with a written date, in words for whoever wrote it.

use jiff::civil::Date;

/// Why an expression is no [`Period`](super::Period).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Nothing but white space and signs without meaning.
    #[error("there is no date: write a year, a month or a day, as in 2020, 2020-03 or 2020-03-15")]
    Empty,
    /// Longer than any date.
    #[error("a date has at most {max_chars} characters")]
    TooLong {
        /// How many are read.
        max_chars: usize,
    },
    /// A word that dates are not written with, as it was written.
    #[error("`{0}` is neither a month nor another word of a date")]
    UnknownWord(String),
    /// A sign that dates are not written with.
    #[error("the sign `{0}` has no place in a date")]
    UnknownSign(char),
    /// Words and numbers of dates that make no date together.
    #[error(
        "this is not a date: write 2020, 2020-03, 2020-03-15, 15/03/2020 or a month by its name, or two with `..` between"
    )]
    Unreadable,
    /// Two names side by side that are not of the same month.
    #[error(
        "two different months stand side by side: write `..` between them if you mean both and what lies between"
    )]
    TwoMonths,
    /// A day or a month alone.
    #[error("the year is missing: write it with four digits, as in 2020-03")]
    NoYear,
    /// A year that no article is of.
    #[error("the year must be between 1000 and 2999")]
    YearOutOfRange,
    /// A year that does not go with a month or a mark of the Hijri calendar.
    #[error("the Hijri year must be between 391 and 1599")]
    HijriYearOutOfRange,
    /// A month of one calendar with a year that is marked as one of the other.
    #[error("the month and the year are of different calendars")]
    MixedCalendars,
    /// A month by a number that no month has.
    #[error("there is no month {0}: the day comes before the month, as in 31/12/2020")]
    NoSuchMonth(u32),
    /// A day that the month does not have.
    #[error("month {month} of {year} has no day {day}")]
    NoSuchDay {
        /// The year.
        year: u32,
        /// The month of the year.
        month: u32,
        /// The day that it does not have.
        day: u32,
    },
    /// A range whose end comes first.
    #[error("the range ends ({last}) before it begins ({first})")]
    Reversed {
        /// The first day of what was written first.
        first: Date,
        /// The last day of what was written last.
        last: Date,
    },
    /// A duration that is not of days, weeks, months and years.
    #[error(
        "a duration is written with years, months, weeks and days in this order: P7D, P2W, P3M, P1Y6M"
    )]
    BadDuration,
    /// A duration of no days.
    #[error("the duration has no days: write P1D for today")]
    EmptyDuration,
}

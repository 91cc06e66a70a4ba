//! Converts between Gregorian days and counts of days, by which `icu_calendar` knows the days of all
//! calendars. Day 1 is 1 January of year 1.

use icu_calendar::AsCalendar;
use icu_calendar::types::RataDie;
use jiff::Span;
use jiff::civil::Date;

const DAY_ONE: Date = Date::constant(1, 1, 1);

/// Returns the count of a Gregorian day.
pub fn of(day: Date) -> RataDie {
    RataDie::new(day.duration_since(DAY_ONE).as_hours() / 24 + 1)
}

/// Returns the Gregorian day on which a month of another calendar begins. Month 13 is the first month
/// of the next year. Returns `None` if the calendar has no such month.
pub fn gregorian<C: AsCalendar>(year: u32, month: u32, calendar: C) -> Option<Date> {
    let (year, month) = match month {
        13 => (year + 1, 1),
        _ => (year, month),
    };
    let (year, month) = (i32::try_from(year).ok()?, u8::try_from(month).ok()?);
    let first = icu_calendar::Date::try_new(year.into(), month.into(), 1, calendar).ok()?;
    let days = first.to_rata_die().to_i64_date() - 1;
    DAY_ONE.checked_add(Span::new().try_days(days).ok()?).ok()
}

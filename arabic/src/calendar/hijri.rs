//! The Hijri calendar by arithmetic: month names, and conversion from and to Gregorian days.
//! Announced months, which begin when the new moon is seen, may begin on other days.
//!
//! This is the tabular (civil) calendar. Odd months have 30 days and even ones 29. Of each 30
//! years, eleven are leap years, whose last month has a 30th day. These are the years 2, 5, 7, 10,
//! 13, 16, 18, 21, 24, 26 and 29. The first day is Friday, 16 July 622 of the Julian calendar.
//!
//! Source: Reingold and Dershowitz, “Calendrical Calculations”, the chapter on the Islamic
//! calendar. The `islamic-civil` calendar of Unicode is the same. Umm al-Qura, the official
//! calendar of Saudi Arabia, and the announced months may differ by a day, rarely by two.

use jiff::Span;
use jiff::civil::Date;

/// The Hijri years that a date may contain. Year 391 is the first that lies wholly in the Gregorian
/// [`YEARS`](super::YEARS). A larger number beside a Hijri month is a Gregorian year.
pub const YEARS: std::ops::RangeInclusive<u32> = 391..=1599;

/// The highest day number of every month. In a month of 29 days, day 30 means the first day of the
/// next month, because the announced month may have had 30 days.
pub const MAX_DAYS: u32 = 30;

/// The Gregorian date of the first day of the Hijri calendar: 1 Muharram of year 1.
const FIRST_DAY: Date = Date::constant(622, 7, 19);

/// Returns the first day of the month. Month 13 is the first month of the next year. Returns `None`
/// if year or month is out of range.
pub fn first_of_month(year: u32, month: u32) -> Option<Date> {
    if !YEARS.contains(&year) || !(1..=13).contains(&month) {
        return None;
    }
    // A leap day ends its year, so only month 13 comes after that of the year itself.
    let days_of_years = 354 * (year - 1) + leap_years_before(year + month / 13);
    // Without the leap day, six of twelve months have 30 days.
    let days_of_months = 29 * (month - 1) + month / 2;
    FIRST_DAY
        .checked_add(Span::new().days(days_of_years + days_of_months))
        .ok()
}

/// A day of the Hijri calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HijriDate {
    /// The year.
    pub year: u32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
}

impl HijriDate {
    /// Converts a Gregorian day by the tabular calendar. Announced months may differ by a day,
    /// rarely by two. Returns `None` if the Hijri year is before 391 or after 1599.
    pub fn of(day: Date) -> Option<Self> {
        let days_since =
            |first: Date| u32::try_from(day.duration_since(first).as_hours() / 24).ok();
        let passed = days_since(FIRST_DAY)?;
        // A year has 354.37 days on average, so the guess is right or one year too late.
        let guess = (30 * passed + 10_646) / 10_631;
        let starts_by =
            |year: u32, month: u32| first_of_month(year, month).filter(|first| *first <= day);
        let year = [guess, guess.checked_sub(1)?]
            .into_iter()
            .find(|year| starts_by(*year, 1).is_some())?;
        if first_of_month(year, 13).is_none_or(|next| day >= next) {
            return None;
        }
        let (month, first) = (1..=12)
            .rev()
            .find_map(|month| Some((month, starts_by(year, month)?)))?;
        let day = days_since(first)? + 1;
        Some(Self { year, month, day })
    }
}

/// Returns how many of the years before `year` have 355 days.
const fn leap_years_before(year: u32) -> u32 {
    (11 * year + 3) / 30
}

/// All names of each month, from the first on, with a comma between.
pub const NAMES: [&str; 12] = [
    "محرم, المحرم, محرم الحرام",
    "صفر",
    "ربيع الأول, ربيع أول",
    "ربيع الآخر, ربيع الثاني, ربيع ثاني, ربيع ثان, ربيع آخر",
    "جمادى الأولى, جمادى الأول, جماد الأول, جماد أول",
    "جمادى الآخرة, جمادى الآخر, جمادى الثانية, جمادى الثاني, جماد الثاني, جماد الآخر, جماد ثاني",
    "رجب",
    "شعبان",
    "رمضان, رمضان المبارك",
    "شوال",
    "ذو القعدة, ذي القعدة, ذوالقعدة, ذو قعدة",
    "ذو الحجة, ذي الحجة, ذوالحجة, ذو حجة",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, month};
    use jiff::civil::Weekday;

    /// The expected days come from the `islamic-civil` calendar of ICU 78.
    #[test]
    fn days_that_are_known() {
        for (year, month, day, expected) in [
            (656, 2, 4, "1258-02-17"),
            (1058, 5, 18, "1648-06-10"),
            (1182, 2, 3, "1768-06-19"),
            (1348, 3, 19, "1929-08-25"),
            (1400, 1, 1, "1979-11-21"),
            (1412, 9, 13, "1992-03-17"),
            (1416, 10, 5, "1996-02-25"),
            (1441, 9, 1, "2020-04-24"),
            (1442, 1, 1, "2020-08-20"),
            (1460, 10, 12, "2038-11-10"),
            (1518, 3, 5, "2094-07-18"),
        ] {
            let first = first_of_month(year, month).expect("a month in range");
            let seen = first
                .checked_add(Span::new().days(day - 1))
                .expect("a day in range");
            assert_eq!(seen.to_string(), expected, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn every_day_has_one_name_and_they_follow_each_other() {
        let first = first_of_month(*YEARS.start(), 1).expect("in range");
        let last = first_of_month(*YEARS.end(), 13).expect("in range");
        let mut before: Option<HijriDate> = None;
        for day in first
            .series(Span::new().days(1))
            .take_while(|day| *day < last)
        {
            let hijri = HijriDate::of(day).expect("in range");
            let month = first_of_month(hijri.year, hijri.month).expect("in range");
            assert_eq!(
                month.checked_add(Span::new().days(hijri.day - 1)).ok(),
                Some(day)
            );
            let is_next = before.is_none_or(|before| {
                hijri
                    == HijriDate {
                        day: before.day + 1,
                        ..before
                    }
                    && before.day < 30
                    || hijri.day == 1
                        && (hijri.month == before.month + 1
                            || hijri.month == 1 && before.month == 12)
            });
            assert!(is_next, "{before:?} → {hijri:?}");
            before = Some(hijri);
        }
        assert_eq!(HijriDate::of(first.yesterday().expect("a day")), None);
        assert_eq!(HijriDate::of(last), None);
        assert_eq!(HijriDate::of(Date::MIN), None);
        assert_eq!(
            HijriDate::of(Date::constant(2020, 4, 24)),
            Some(HijriDate {
                year: 1441,
                month: 9,
                day: 1
            })
        );
    }

    #[test]
    fn the_first_day_was_a_friday() {
        assert_eq!(FIRST_DAY.weekday(), Weekday::Friday);
    }

    #[test]
    fn months_follow_each_other_and_leap_years_are_those_of_the_cycle() {
        for year in YEARS {
            let firsts: Vec<Date> = (1..=13)
                .map(|month| first_of_month(year, month).expect("in range"))
                .collect();
            let lengths: Vec<i32> = firsts
                .windows(2)
                .map(|pair| (pair[1] - pair[0]).get_days())
                .collect();
            let last = if [2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29].contains(&(year % 30)) {
                30
            } else {
                29
            };
            assert_eq!(
                lengths,
                [30, 29, 30, 29, 30, 29, 30, 29, 30, 29, 30, last],
                "{year}"
            );
            if year < *YEARS.end() {
                assert_eq!(
                    first_of_month(year, 13),
                    first_of_month(year + 1, 1),
                    "{year}"
                );
            }
        }
    }

    #[test]
    fn every_name_means_one_month() {
        for (number, name) in month::numbered(NAMES) {
            assert_eq!(
                month::named(&name),
                Some((Calendar::Hijri, number)),
                "{name}"
            );
        }
    }
}

//! The Hijri calendar: month names, and conversion from and to Gregorian days.
//!
//! From 1300 to 1600, Umm al-Qura gives the months: the civil calendar of Saudi Arabia. Before 1300,
//! the tabular calendar gives them, `islamic-civil` in Unicode. Where people wait for the new moon, a
//! month may begin a day earlier or later, rarely two.

use icu_calendar::cal::Hijri;
use jiff::civil::Date;

use super::rata_die;

/// The Hijri years that a date may contain. Year 391 is the first that lies wholly in the Gregorian
/// [`YEARS`](super::YEARS). A larger number beside a Hijri month is a Gregorian year.
pub const YEARS: std::ops::RangeInclusive<u32> = 391..=1599;

/// The highest day number of every month. In a month of 29 days, day 30 means the first day of the
/// next month, because the announced month may have had 30 days.
pub const MAX_DAYS: u32 = 30;

/// The first day of Umm al-Qura: 1 Muharram 1300. The tabular calendar gives the days before it.
pub const UMM_AL_QURA_START: Date = Date::constant(1882, 11, 12);

/// Returns the first day of the month. Month 13 is the first month of the next year. Returns `None`
/// if year or month is out of range.
pub fn first_of_month(year: u32, month: u32) -> Option<Date> {
    if !YEARS.contains(&year) || !(1..=13).contains(&month) {
        return None;
    }
    rata_die::gregorian(year, month, Hijri::new_umm_al_qura())
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
    /// Converts a Gregorian day by Umm al-Qura, or by the tabular calendar before 1300. Announced
    /// months may differ by a day, rarely by two. Returns `None` if the Hijri year is before 391 or
    /// after 1599.
    pub fn of(day: Date) -> Option<Self> {
        let calendar = Hijri::new_umm_al_qura();
        let hijri = icu_calendar::Date::from_rata_die(rata_die::of(day), calendar);
        let year = u32::try_from(hijri.year().extended_year()).ok()?;
        YEARS.contains(&year).then(|| Self {
            year,
            month: hijri.month().ordinal.into(),
            day: hijri.day_of_month().0.into(),
        })
    }
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
    use jiff::Span;

    #[track_caller]
    fn check(year: u32, month: u32, day: u32, expected: &str) {
        let first = first_of_month(year, month).expect("a month in range");
        let seen = first
            .checked_add(Span::new().days(day - 1))
            .expect("a day in range");
        assert_eq!(seen.to_string(), expected, "{year}-{month}-{day}");
    }

    /// Days that Saudi newspapers print with both dates. The first is that of the first issue of the
    /// gazette `أم القرى`.
    #[test]
    fn days_of_umm_al_qura() {
        for (year, month, day, expected) in [
            (1343, 5, 15, "1924-12-12"),
            (1441, 9, 1, "2020-04-24"),
            (1442, 1, 1, "2020-08-20"),
            (1445, 9, 1, "2024-03-11"),
        ] {
            check(year, month, day, expected);
        }
    }

    /// The expected days come from the `islamic-civil` calendar of ICU 78.
    #[test]
    fn days_before_umm_al_qura_are_tabular() {
        for (year, month, day, expected) in [
            (656, 2, 4, "1258-02-17"),
            (1058, 5, 18, "1648-06-10"),
            (1182, 2, 3, "1768-06-19"),
        ] {
            check(year, month, day, expected);
        }
        assert_eq!(first_of_month(1300, 1), Some(UMM_AL_QURA_START));
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

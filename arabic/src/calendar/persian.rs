//! The Persian solar calendar, the civil calendar of Iran: month names, and conversion to Gregorian
//! days.

use icu_calendar::cal::Persian;
use jiff::civil::Date;

use super::rata_die;

/// The Persian years that a date may contain.
pub const YEARS: std::ops::RangeInclusive<u32> = 1200..=1499;

/// Returns the first day of the month. Month 13 is the first month of the next year. Returns `None`
/// if year or month is out of range.
pub fn first_of_month(year: u32, month: u32) -> Option<Date> {
    if !YEARS.contains(&year) || !(1..=13).contains(&month) {
        return None;
    }
    rata_die::gregorian(year, month, Persian)
}

/// All names of each month, from the first on, with a comma between.
pub const NAMES: [&str; 12] = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد, امرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_days_of_months() {
        for (year, month, expected) in [
            (1357, 11, "1979-01-21"),
            (1399, 1, "2020-03-20"),
            (1399, 12, "2021-02-19"),
            (1399, 13, "2021-03-21"),
            (1405, 7, "2026-09-23"),
        ] {
            let first = first_of_month(year, month).expect("a month in range");
            assert_eq!(first.to_string(), expected, "{year}-{month}");
        }
        assert_eq!(first_of_month(1199, 1), None);
        assert_eq!(first_of_month(1399, 14), None);
    }
}

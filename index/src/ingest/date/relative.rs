//! Days relative to another day: `أمس`, `قبل 3 أيام`, `منذ ساعتين`.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::published::civil_period;
use crate::document::{Precision, Published};
use fihrist_arabic::fold::folded;

/// Reads a day relative to `anchor`. Days begin at midnight UTC.
///
/// Sites round down: `منذ شهرين` can mean eleven weeks. So a count of weeks or months gives only
/// the month, and a count of years gives only the year.
pub(super) fn parse(text: &str, anchor: Timestamp) -> Option<Published> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !c.is_alphabetic());
    let words: Vec<String> = parts.map(folded).filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let today = Offset::UTC.to_datetime(anchor).date();
    match words[..] {
        ["اليوم" | "الان" | "now" | "today"] => day(today, 0),
        ["امس" | "البارحه" | "yesterday" | "hier"] => day(today, 1),
        ["امس", "الاول"] | ["اول", "امس"] => day(today, 2),
        ["قبل" | "منذ", unit] => {
            let (count, unit) = plain_unit(unit)?;
            back(anchor, count, unit)
        }
        ["قبل" | "منذ", count, unit] | ["il", "y", "a", count, unit] | [count, unit, "ago"] => {
            back(anchor, count.parse().ok()?, unit_of(unit)?)
        }
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Reads a singular or dual noun without a numeral: `ساعة` is one hour, `ساعتين` is two hours.
fn plain_unit(noun: &str) -> Option<(u32, Unit)> {
    let two = [
        "يومين",
        "ساعتين",
        "دقيقتين",
        "اسبوعين",
        "شهرين",
        "سنتين",
        "عامين",
    ];
    let singular = match noun {
        "سنتين" => "سنه",
        "ساعتين" => "ساعه",
        "دقيقتين" => "دقيقه",
        noun if two.contains(&noun) => noun.strip_suffix("ين")?,
        noun => noun,
    };
    let count = if two.contains(&noun) { 2 } else { 1 };
    match singular {
        "ثانيه" | "دقيقه" | "ساعه" | "يوم" | "اسبوع" | "شهر" | "سنه" | "عام" => {
            Some((count, unit_of(singular)?))
        }
        _ => None,
    }
}

fn unit_of(noun: &str) -> Option<Unit> {
    let unit = match noun {
        "ثانيه" | "ثوان" | "ثواني" | "second" | "seconds" | "secondes" => {
            Unit::Second
        }
        "دقيقه" | "دقائق" | "minute" | "minutes" | "min" => Unit::Minute,
        "ساعه" | "ساعات" | "hour" | "hours" | "heure" | "heures" => Unit::Hour,
        "يوم" | "يوما" | "ايام" | "day" | "days" | "jour" | "jours" => Unit::Day,
        "اسبوع" | "اسبوعا" | "اسابيع" | "week" | "weeks" | "semaine" | "semaines" => {
            Unit::Week
        }
        "شهر" | "شهرا" | "اشهر" | "شهور" | "month" | "months" | "mois" => {
            Unit::Month
        }
        "سنه" | "سنوات" | "سنين" | "عام" | "عاما" | "اعوام" | "year" | "years" | "an" | "ans" => {
            Unit::Year
        }
        _ => return None,
    };
    Some(unit)
}

fn back(anchor: Timestamp, count: u32, unit: Unit) -> Option<Published> {
    let count = i64::from(count);
    let span = match unit {
        Unit::Second => Span::new().try_seconds(count),
        Unit::Minute => Span::new().try_minutes(count),
        Unit::Hour => Span::new().try_hours(count),
        Unit::Day => Span::new().try_days(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Month => Span::new().try_months(count),
        Unit::Year => Span::new().try_years(count),
    };
    let now = Offset::UTC.to_datetime(anchor);
    let then = now.checked_sub(span.ok()?).ok()?.date();
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => civil_period(then, Precision::Day),
        Unit::Week | Unit::Month => civil_period(then.first_of_month(), Precision::Month),
        Unit::Year => civil_period(Date::new(then.year(), 1, 1).ok()?, Precision::Year),
    }
}

fn day(today: Date, days_back: i32) -> Option<Published> {
    civil_period(
        today.checked_sub(Span::new().days(days_back)).ok()?,
        Precision::Day,
    )
}

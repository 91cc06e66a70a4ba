//! Days relative to another day: `أمس`, `قبل 3 أيام`, `منذ ساعتين`.

use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::{Precision, Published, civil_period, folded};
use Precision::{Day, Month, Second, Year};

/// Reads a day relative to `anchor`. Days begin at midnight UTC.
///
/// Sites round down: `منذ شهرين` can mean eleven weeks. So a count of weeks or months gives only
/// the month, and a count of years gives only the year.
pub fn parse(text: &str, anchor: Timestamp) -> Option<Published> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !c.is_alphabetic());
    let words: Vec<String> = parts.map(folded).filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let days = (Span::new().days(1), Day);
    match words[..] {
        ["اليوم" | "الان" | "now" | "today"] => back(anchor, 0, days),
        ["امس" | "البارحه" | "yesterday" | "hier"] => back(anchor, 1, days),
        ["امس", "الاول"] | ["اول", "امس"] => back(anchor, 2, days),
        ["قبل" | "منذ", noun] => {
            let (count, unit) = plain_unit(noun)?;
            back(anchor, count, unit)
        }
        ["قبل" | "منذ", count, noun] | ["il", "y", "a", count, noun] | [count, noun, "ago"] => {
            back(anchor, count.parse::<u32>().ok()?.into(), unit(noun)?)
        }
        _ => None,
    }
}

/// One unit of time, and the precision of a date that is counted in such units.
type Unit = (Span, Precision);

/// Reads a singular or dual noun without a numeral: `ساعة` is one hour, `ساعتين` is two hours.
fn plain_unit(noun: &str) -> Option<(i64, Unit)> {
    let (count, singular) = match noun {
        "ثانيه" | "دقيقه" | "ساعه" | "يوم" | "اسبوع" | "شهر" | "سنه" | "عام" => {
            (1, noun)
        }
        "دقيقتين" => (2, "دقيقه"),
        "ساعتين" => (2, "ساعه"),
        "يومين" => (2, "يوم"),
        "اسبوعين" => (2, "اسبوع"),
        "شهرين" => (2, "شهر"),
        "سنتين" => (2, "سنه"),
        "عامين" => (2, "عام"),
        _ => return None,
    };
    Some((count, unit(singular)?))
}

fn unit(noun: &str) -> Option<Unit> {
    let span = Span::new();
    Some(match noun {
        "ثانيه" | "ثوان" | "ثواني" | "second" | "seconds" | "secondes" => {
            (span.seconds(1), Day)
        }
        "دقيقه" | "دقائق" | "minute" | "minutes" | "min" => (span.minutes(1), Day),
        "ساعه" | "ساعات" | "hour" | "hours" | "heure" | "heures" => (span.hours(1), Day),
        "يوم" | "يوما" | "ايام" | "day" | "days" | "jour" | "jours" => {
            (span.days(1), Day)
        }
        "اسبوع" | "اسبوعا" | "اسابيع" | "week" | "weeks" | "semaine" | "semaines" => {
            (span.weeks(1), Month)
        }
        "شهر" | "شهرا" | "اشهر" | "شهور" | "month" | "months" | "mois" => {
            (span.months(1), Month)
        }
        "سنه" | "سنوات" | "سنين" | "عام" | "عاما" | "اعوام" | "year" | "years" | "an" | "ans" => {
            (span.years(1), Year)
        }
        _ => return None,
    })
}

fn back(anchor: Timestamp, count: i64, (unit, precision): Unit) -> Option<Published> {
    let span = unit.checked_mul(count).ok()?;
    let then = Offset::UTC
        .to_datetime(anchor)
        .checked_sub(span)
        .ok()?
        .date();
    let first_day = match precision {
        Second | Day => then,
        Month => then.first_of_month(),
        Year => then.first_of_year(),
    };
    civil_period(first_day, precision)
}

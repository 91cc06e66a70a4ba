//! Dates in words, in the Gregorian calendar and optionally in the Hijri calendar.

use fihrist_index::arabic::calendar::HijriDate;
use fihrist_index::document::{Confidence, Precision, Published};
use jiff::civil;

use crate::page::{Display, Language};

/// The months of a calendar in Arabic and English.
type Months = [(&'static str, &'static str); 12];

const GREGORIAN: Months = [
    ("يناير", "January"),
    ("فبراير", "February"),
    ("مارس", "March"),
    ("أبريل", "April"),
    ("مايو", "May"),
    ("يونيو", "June"),
    ("يوليو", "July"),
    ("أغسطس", "August"),
    ("سبتمبر", "September"),
    ("أكتوبر", "October"),
    ("نوفمبر", "November"),
    ("ديسمبر", "December"),
];

const HIJRI: Months = [
    ("المحرم", "Muharram"),
    ("صفر", "Safar"),
    ("ربيع الأول", "Rabi I"),
    ("ربيع الآخر", "Rabi II"),
    ("جمادى الأولى", "Jumada I"),
    ("جمادى الآخرة", "Jumada II"),
    ("رجب", "Rajab"),
    ("شعبان", "Shaban"),
    ("رمضان", "Ramadan"),
    ("شوال", "Shawwal"),
    ("ذو القعدة", "Dhu al-Qada"),
    ("ذو الحجة", "Dhu al-Hijja"),
];

/// A date for people and for machines.
pub struct Date {
    /// The date for the attribute `datetime` of a `<time>` element.
    pub iso: String,
    /// The date in words, such as `5 مارس 2020`, `مارس 2020` or `2020`. The words say if the date
    /// is uncertain.
    pub words: String,
    /// The day in the Hijri calendar, such as `10 رجب 1441 هـ`. `None` if it is not requested or
    /// the day is not known.
    pub hijri: Option<String>,
}

/// Returns a day in words, such as `5 مارس 2020`.
pub fn day(language: Language, day: civil::Date) -> String {
    format!("{} {}", day.day(), month(language, day))
}

/// Returns the month of a day in words, such as `مارس 2020`.
pub fn month(language: Language, day: civil::Date) -> String {
    let number = day.month().unsigned_abs().into();
    let month = name(language, &GREGORIAN, number).unwrap_or_default();
    format!("{month} {}", day.year())
}

/// Returns the date of an article, as precise as it is known, without the time of day.
pub fn date(display: Display, published: &Published) -> Date {
    let language = display.language;
    let day = published.date.get(..10);
    let mut parts = day.unwrap_or(&published.date).split('-');
    let year = parts.next().unwrap_or_default();
    let month = parts
        .next()
        .and_then(|month| name(language, &GREGORIAN, month.parse().ok()?));
    let day_of_month: Option<u8> = parts.next().and_then(|day| day.parse().ok());
    let is_day = matches!(published.precision, Precision::Day | Precision::Second);
    let words = match (published.precision, month, day_of_month) {
        (Precision::Day | Precision::Second, Some(month), Some(day)) => {
            format!("{day} {month} {year}")
        }
        (Precision::Day | Precision::Second | Precision::Month, Some(month), _) => {
            format!("{month} {year}")
        }
        (Precision::Day | Precision::Second | Precision::Month | Precision::Year, _, _) => {
            year.to_owned()
        }
    };
    let words = match published.confidence {
        Confidence::Certain | Confidence::Likely => words,
        Confidence::Guess => format!("{words} {}", language.pick("(تقديرًا)", "(estimated)")),
    };
    let hijri = day
        .filter(|_| display.has_hijri && is_day)
        .and_then(|day| HijriDate::of(day.parse().ok()?))
        .map(|HijriDate { year, month, day }| {
            let month = name(language, &HIJRI, month).unwrap_or_default();
            format!("{day} {month} {year} {}", language.pick("هـ", "AH"))
        });
    Date {
        iso: published.date.clone(),
        words,
        hijri,
    }
}

/// Returns the name of a month, counted from 1.
fn name(language: Language, months: &Months, number: u32) -> Option<&'static str> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    months
        .get(place)
        .map(|(arabic, english)| language.pick(arabic, english))
}

#[cfg(test)]
mod tests {
    use fihrist_index::document::DateOrigin;

    use super::*;

    fn published(iso: &str, precision: Precision, confidence: Confidence) -> Published {
        Published {
            date: iso.to_owned(),
            precision,
            origin: DateOrigin::Text,
            confidence,
            timestamp_seconds: 0,
        }
    }

    #[test]
    fn dates_say_what_is_known() {
        let check = |iso: &str, precision: Precision, arabic: &str, english: &str| {
            let published = published(iso, precision, Confidence::Likely);
            for (language, expected) in [(Language::Arabic, arabic), (Language::English, english)] {
                assert_eq!(
                    date(
                        Display {
                            language,
                            has_hijri: false
                        },
                        &published
                    )
                    .words,
                    expected
                );
            }
        };
        check("2020", Precision::Year, "2020", "2020");
        check("2020-03", Precision::Month, "مارس 2020", "March 2020");
        check("2020-03-05", Precision::Day, "5 مارس 2020", "5 March 2020");
        check(
            "2020-03-05T23:30:00+02:00",
            Precision::Second,
            "5 مارس 2020",
            "5 March 2020",
        );
        check("2020-13-05", Precision::Day, "2020", "2020");
        let guess = published("2020-03-05", Precision::Day, Confidence::Guess);
        assert_eq!(
            date(Display::default(), &guess).words,
            "5 مارس 2020 (تقديرًا)"
        );
    }

    #[test]
    fn a_day_has_its_hijri_date_on_request() {
        let check =
            |iso: &str, precision: Precision, language: Language, expected: Option<&str>| {
                let published = published(iso, precision, Confidence::Certain);
                assert_eq!(
                    date(
                        Display {
                            language,
                            has_hijri: true
                        },
                        &published
                    )
                    .hijri
                    .as_deref(),
                    expected,
                    "{iso}"
                );
                assert_eq!(date(Display::default(), &published).hijri, None);
            };
        check(
            "2020-04-24",
            Precision::Day,
            Language::Arabic,
            Some("1 رمضان 1441 هـ"),
        );
        check(
            "2020-04-24T22:00:00Z",
            Precision::Second,
            Language::English,
            Some("1 Ramadan 1441 AH"),
        );
        check(
            "1979-11-21",
            Precision::Day,
            Language::Arabic,
            Some("1 المحرم 1400 هـ"),
        );
        check("2020-04", Precision::Month, Language::Arabic, None);
        check("2020-13-24", Precision::Day, Language::Arabic, None);
        check("0300-01-01", Precision::Day, Language::Arabic, None);
    }
}

//! Written dates → [`Published`]: what metadata fields hold, and, where these hold nothing, what the text of an article
//! says of itself. It has no clock; `tests/spec/dates.md` shows what is read.
//!
//! `formats` reads what machines write and `written` what people write, with the time of day in `clock` and days
//! counted back from another in `relative`. `text` looks for a date in an article, `mention` finds days in a line.

mod clock;
mod formats;
mod mention;
mod relative;
mod text;
mod written;

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::Offset;

use crate::document::{Confidence, DateOrigin, Precision, Published};
use fihrist_arabic::chars::is_format;
use fihrist_arabic::fold::folded;

pub use text::in_text;

/// Years that a publication date may have; `0001-01-01` is how some systems say that they don't know.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2999;
/// Longer text is no date.
const MAX_BYTES: usize = 400;

/// Reads a date as metadata has it; `None` where it is none that we know.
///
/// ISO dates and date-times, a year, a year and month, RFC 2822 (a wrong weekday is forgiven: the date counts),
/// `17/05/2015` (day first), seconds or milliseconds since 1970, and dates in words: Arabic, English and French, with what
/// sites put around them. Digits may be Arabic or Persian.
pub fn parse(written: &str) -> Option<Published> {
    parse_with(written, None)
}

/// The same, and `أمس` or `قبل 3 أيام` for a page that was as it is at `anchor`.
pub fn parse_with(written: &str, anchor: Option<Timestamp>) -> Option<Published> {
    if written.len() > MAX_BYTES {
        return None;
    }
    let plain = plain_digits(written);
    let text = plain.trim();
    formats::parse(text).or_else(|| written::parse(text, anchor))
}

/// ASCII digits for all others, and no invisible characters. Letters keep their case, which some formats want.
fn plain_digits(written: &str) -> String {
    let one_digit = |c: char| {
        if c.is_numeric() {
            folded(c.encode_utf8(&mut [0; 4]))
        } else {
            c.to_string()
        }
    };
    written
        .chars()
        .filter(|c| !is_format(*c))
        .map(one_digit)
        .collect()
}

/// A day, a month or a year by its first day.
fn civil_period(first_day: civil::Date, precision: Precision) -> Option<Published> {
    let date = first_day.to_string();
    let length = match precision {
        Precision::Year => 4,
        Precision::Month => 7,
        Precision::Day | Precision::Second => date.len(),
    };
    let timestamp = Offset::UTC
        .to_timestamp(first_day.to_datetime(civil::Time::midnight()))
        .ok()?;
    published(
        first_day.year(),
        date.get(..length)?.to_owned(),
        precision,
        timestamp,
    )
}

/// A time of day; where no offset is known, none is written, and it sorts as if it were UTC.
fn instant(at: DateTime, offset: Option<Offset>) -> Option<Published> {
    let timestamp = offset.unwrap_or(Offset::UTC).to_timestamp(at).ok()?;
    let written_offset = offset.map_or_else(String::new, |offset| match offset.seconds() {
        0 => "Z".to_owned(),
        seconds => {
            let minutes = seconds.abs() / 60;
            format!(
                "{}{:02}:{:02}",
                if seconds < 0 { '-' } else { '+' },
                minutes / 60,
                minutes % 60
            )
        }
    });
    let clock = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    published(
        at.year(),
        format!("{}T{clock}{written_offset}", at.date()),
        Precision::Second,
        timestamp,
    )
}

fn published(
    year: i16,
    date: String,
    precision: Precision,
    timestamp: Timestamp,
) -> Option<Published> {
    YEARS.contains(&year).then(|| Published {
        date,
        precision,
        origin: DateOrigin::Metadata,
        confidence: Confidence::Certain,
        timestamp_seconds: timestamp.as_second(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `expected` is the date and its first second, or empty where the date can't be read.
    fn check(written: &str, expected: &str) {
        let seen = parse(written).map(|at| {
            format!(
                "{} {} {}",
                at.date,
                at.precision.name(),
                at.timestamp_seconds
            )
        });
        assert_eq!(seen.unwrap_or_default(), expected, "{written:?}");
    }

    #[test]
    fn iso() {
        check("2020", "2020 year 1577836800");
        check("2020-03", "2020-03 month 1583020800");
        check("2020-03-15", "2020-03-15 day 1584230400");
        check("20200315", "2020-03-15 day 1584230400");
        check(
            "2020-03-15T09:30:00+02:00",
            "2020-03-15T09:30:00+02:00 second 1584257400",
        );
        check(
            "2020-03-15T09:30:00.123Z",
            "2020-03-15T09:30:00Z second 1584264600",
        );
        check("2020-03-15 09:30", "2020-03-15T09:30:00 second 1584264600");
        check(
            "2020-03-15 09:30:00 +0200",
            "2020-03-15T09:30:00+02:00 second 1584257400",
        );
        check("2017-01-22T185600", "2017-01-22T18:56:00 second 1485111360");
    }

    #[test]
    fn mail_with_a_wrong_weekday_too() {
        check(
            "Sun, 18 Feb 2018 21:35:43 +0400",
            "2018-02-18T21:35:43+04:00 second 1518975343",
        );
        check(
            "Mon, 18 Feb 2018 21:35:43 +0400",
            "2018-02-18T21:35:43+04:00 second 1518975343",
        );
        check(
            "18 Feb 2018 17:35:43 GMT",
            "2018-02-18T17:35:43Z second 1518975343",
        );
        check(
            "Sun, 18 Feb 2018 17:35:43 UTC",
            "2018-02-18T17:35:43Z second 1518975343",
        );
    }

    #[test]
    fn day_first() {
        check("17/05/2015", "2015-05-17 day 1431820800");
        check("3.4.2015", "2015-04-03 day 1428019200");
        check("2015/05/17", "2015-05-17 day 1431820800");
        check("17/05/2015 21:43", "2015-05-17T21:43:00 second 1431898980");
        check("١٧/٠٥/٢٠١٥", "2015-05-17 day 1431820800");
        check("\u{200F}17/05/2015", "2015-05-17 day 1431820800");
    }

    #[test]
    fn since_1970() {
        check("1518975343", "2018-02-18T17:35:43Z second 1518975343");
        check("1518975343000", "2018-02-18T17:35:43Z second 1518975343");
    }

    #[test]
    fn what_is_no_date() {
        for written in [
            "",
            "أمس",
            "05/17/2015",
            "2020-02-30",
            "0000-00-00",
            "0001-01-01",
            "12",
            "2020-13",
            "20200399",
            "17/05/15",
        ] {
            check(written, "");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_none(written in any::<String>()) {
            let _ = parse(&written);
        }
    }
}

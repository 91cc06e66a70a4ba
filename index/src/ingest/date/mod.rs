//! Written dates → [`Published`]: from a metadata field, or else from the text of the article. The
//! file `tests/spec/dates.md` shows which dates are read.
//!
//! No function reads the system clock. `formats` reads machine formats. `literal` reads the dates of
//! programming languages. `written` reads dates as people write them, with single days from
//! `one_day`, the time of day from `clock` and relative days from `relative`. `text` looks for a
//! date in an article, and `mention` finds dates in a line.

mod clock;
mod formats;
mod literal;
mod mention;
mod one_day;
mod published;
mod relative;
mod text;
mod written;

pub use text::in_text;

use jiff::Timestamp;

use super::{Class, class, folded, is_format};
use crate::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use one_day::one_day;
use published::{civil_period, instant};

/// The maximum length of a date. A longer text is not parsed.
const MAX_BYTES: usize = 400;

/// Reads a date from a metadata field. Returns `None` if it is in no known format.
///
/// - ISO 8601: a date and time, a date, a year, or a year and month.
/// - RFC 2822. A wrong weekday is ignored.
/// - `17/05/2015`, with the day first unless only the month can be first. `5/11/2015` is never
///   certain.
/// - Seconds or milliseconds since 1970.
/// - Hijri and Persian dates in digits, which are never certain without an era: `27/9/1441`.
/// - Dates in Arabic, English and French words, with labels such as `نشر في` before them.
/// - A day beside other text, which is never certain: `15 مارس 2015 - العدد 12`.
///
/// Digits may be Arabic or Persian.
pub fn parse(written: &str) -> Option<Published> {
    parse_with(written, None)
}

/// Reads a date like [`parse`]. With an `anchor`, it also reads dates relative to it, such as `أمس`
/// or `قبل 3 أيام`.
pub fn parse_with(written: &str, anchor: Option<Timestamp>) -> Option<Published> {
    let text = plain_text(written)?;
    whole(&text, anchor).or_else(|| written::beside_other_text(&text, anchor))
}

/// Returns the text with ASCII digits, without white space at its ends. Returns `None` if it is
/// longer than any date.
fn plain_text(written: &str) -> Option<String> {
    let text = (written.len() <= MAX_BYTES).then(|| plain_digits(written))?;
    Some(text.trim().to_owned())
}

/// Reads a text with ASCII digits that is a date and nothing else.
fn whole(text: &str, anchor: Option<Timestamp>) -> Option<Published> {
    formats::parse(text)
        .or_else(|| literal::parse(text))
        .or_else(|| written::parse(text, anchor))
}

/// Reads a line that is a date and nothing else, and names at least the day. A single number, such as
/// `123456789.50`, is no date in a text.
fn whole_day(line: &str) -> Option<Published> {
    let text = plain_text(line).filter(|text| text.parse::<f64>().is_err())?;
    whole(&text, None).filter(has_day)
}

const fn has_day(date: &Published) -> bool {
    match date.precision {
        Precision::Day | Precision::Second => true,
        Precision::Year | Precision::Month => false,
    }
}

/// Returns the date as one that a page shows without saying what it is.
pub fn shown(date: Published) -> Published {
    Published {
        origin: DateOrigin::Text,
        confidence: at_most_likely(date.confidence),
        ..date
    }
}

const fn at_most_likely(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Certain => Confidence::Likely,
        other @ (Confidence::Likely | Confidence::Guess) => other,
    }
}

/// Returns whether a line is a date and nothing else, with at least the day.
pub fn is_day(line: &str) -> bool {
    let digits = line.chars().filter(|c| c.is_numeric()).count();
    (2..=14).contains(&digits) && whole_day(line).is_some()
}

/// Replaces all digits by ASCII digits and removes invisible characters. Letters keep their case,
/// because some formats need it.
fn plain_digits(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    for character in written.chars().filter(|c| !is_format(*c)) {
        if character.is_numeric() {
            plain.push_str(&folded(character.encode_utf8(&mut [0; 4])));
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `expected` is the date, its precision and its first second; empty if the date cannot be
    /// read.
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
    fn a_number_in_a_text_is_no_day() {
        assert!(is_day("15/3/2020") && is_day("15 مارس 2020"));
        assert!(!is_day("20200315") && !is_day("123456789.50"));
    }

    #[test]
    fn what_is_no_date() {
        for written in [
            "",
            "أمس",
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

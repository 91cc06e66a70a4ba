//! Written dates → [`Published`]: what metadata fields hold. It does not look for dates in running text.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::fmt::{rfc2822, strtime, temporal};
use jiff::tz::Offset;

use crate::analysis::chars::is_format;
use crate::analysis::fold::folded;
use crate::article::{DateOrigin, Precision, Published};

/// Years that a publication date may have; `0001-01-01` is how some systems say that they don't know.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2999;

/// Reads a date as metadata has it; `None` where it is none that we know.
///
/// ISO dates and date-times, a year, a year and month, RFC 2822 (a wrong weekday is forgiven: the date counts),
/// `17/05/2015` (day first), seconds or milliseconds since 1970. Digits may be Arabic.
pub fn parse(written: &str) -> Option<Published> {
    let plain = plain_digits(written);
    let text = plain.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        from_digits(text)
    } else {
        from_month(text).or_else(|| from_iso(text)).or_else(|| from_numbers(text)).or_else(|| from_mail(text))
    }
}

/// ASCII digits for all others, and no invisible characters. Letters keep their case, which some formats want.
fn plain_digits(written: &str) -> String {
    let one_digit = |c: char| if c.is_numeric() { folded(c.encode_utf8(&mut [0; 4])) } else { c.to_string() };
    written.chars().filter(|c| !is_format(*c)).map(one_digit).collect()
}

/// A year, a compact date or a count since 1970, told apart by length.
fn from_digits(digits: &str) -> Option<Published> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        4 => civil_period(civil::Date::new(number.try_into().ok()?, 1, 1).ok()?, Precision::Year),
        8 => from_iso(digits),
        9 | 10 => from_timestamp(Timestamp::from_second(number).ok()?),
        12 | 13 => from_timestamp(Timestamp::from_millisecond(number).ok()?),
        _ => None,
    }
}

/// `2020-03`, `2020/3`.
fn from_month(text: &str) -> Option<Published> {
    let (year, month) = text.split_once(['-', '/'])?;
    let date = civil::Date::new(exactly(year, 4..=4)?, exactly(month, 1..=2)?.try_into().ok()?, 1).ok()?;
    civil_period(date, Precision::Month)
}

fn from_iso(text: &str) -> Option<Published> {
    static PARSER: temporal::DateTimeParser = temporal::DateTimeParser::new();
    if let Ok(pieces) = PARSER.parse_pieces(text) {
        return match pieces.time() {
            Some(time) => instant(pieces.date().to_datetime(time), pieces.to_numeric_offset()),
            None => civil_period(pieces.date(), Precision::Day),
        };
    }
    // As databases print it: a space before the offset.
    let parsed = strtime::parse("%Y-%m-%d %H:%M:%S%.f %z", text).ok()?;
    instant(parsed.to_datetime().ok()?, parsed.offset())
}

/// `17/05/2015`, `17-5-2015`, `2015/05/17`, each with an optional time. Day first, as everywhere in the Arab world; a date
/// that only makes sense with the month first is not read, for its neighbours in the file would be read wrongly.
fn from_numbers(text: &str) -> Option<Published> {
    let (date, time) = text.split_once([' ', 'T']).map_or((text, None), |(date, time)| (date, Some(time.trim())));
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let narrow = |part: &str| exactly(part, 1..=2)?.try_into().ok();
    let date = civil::Date::new(exactly(year, 4..=4)?, narrow(month)?, narrow(day)?).ok()?;
    match time.map(|time| time.trim_start_matches(['-', ' '])).filter(|time| !time.is_empty()) {
        Some(time) => instant(date.to_datetime(time.parse().ok()?), None),
        None => civil_period(date, Precision::Day),
    }
}

/// RFC 2822, the dates of mail and feeds.
fn from_mail(text: &str) -> Option<Published> {
    static PARSER: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    // Feeds write UTC and Z, which the mail standard lacks.
    let named = ["UTC", "Z"].iter().find_map(|zone| text.strip_suffix(zone)).map(|date| format!("{date}GMT"));
    let zoned = PARSER.parse_zoned_datetime(named.as_deref().unwrap_or(text)).ok()?;
    instant(zoned.datetime(), Some(zoned.offset()))
}

/// A number of as many digits as allowed, and nothing but digits.
fn exactly(digits: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<i16> {
    (lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

fn civil_period(first_day: civil::Date, precision: Precision) -> Option<Published> {
    let date = first_day.to_string();
    let length = match precision {
        Precision::Year => 4,
        Precision::Month => 7,
        Precision::Day | Precision::Second => date.len(),
    };
    let timestamp = Offset::UTC.to_timestamp(first_day.to_datetime(civil::Time::midnight())).ok()?;
    published(first_day.year(), date.get(..length)?.to_owned(), precision, timestamp)
}

/// A time of day; where no offset is known, none is written, and it sorts as if it were UTC.
fn instant(at: DateTime, offset: Option<Offset>) -> Option<Published> {
    let timestamp = offset.unwrap_or(Offset::UTC).to_timestamp(at).ok()?;
    let written_offset = offset.map_or_else(String::new, |offset| match offset.seconds() {
        0 => "Z".to_owned(),
        seconds => {
            let minutes = seconds.abs() / 60;
            format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
        }
    });
    let clock = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    published(at.year(), format!("{}T{clock}{written_offset}", at.date()), Precision::Second, timestamp)
}

fn from_timestamp(timestamp: Timestamp) -> Option<Published> {
    instant(Offset::UTC.to_datetime(timestamp), Some(Offset::UTC))
}

fn published(year: i16, date: String, precision: Precision, timestamp: Timestamp) -> Option<Published> {
    YEARS.contains(&year).then(|| Published {
        date,
        precision,
        origin: DateOrigin::Metadata,
        timestamp_seconds: timestamp.as_second(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `expected` is the date and its first second, or empty where the date can't be read.
    fn check(written: &str, expected: &str) {
        let seen = parse(written).map(|at| format!("{} {} {}", at.date, at.precision.name(), at.timestamp_seconds));
        assert_eq!(seen.unwrap_or_default(), expected, "{written:?}");
    }

    #[test]
    fn iso() {
        check("2020", "2020 year 1577836800");
        check("2020-03", "2020-03 month 1583020800");
        check("2020-03-15", "2020-03-15 day 1584230400");
        check("20200315", "2020-03-15 day 1584230400");
        check("2020-03-15T09:30:00+02:00", "2020-03-15T09:30:00+02:00 second 1584257400");
        check("2020-03-15T09:30:00.123Z", "2020-03-15T09:30:00Z second 1584264600");
        check("2020-03-15 09:30", "2020-03-15T09:30:00 second 1584264600");
        check("2020-03-15 09:30:00 +0200", "2020-03-15T09:30:00+02:00 second 1584257400");
        check("2017-01-22T185600", "2017-01-22T18:56:00 second 1485111360");
    }

    #[test]
    fn mail_with_a_wrong_weekday_too() {
        check("Sun, 18 Feb 2018 21:35:43 +0400", "2018-02-18T21:35:43+04:00 second 1518975343");
        check("Mon, 18 Feb 2018 21:35:43 +0400", "2018-02-18T21:35:43+04:00 second 1518975343");
        check("18 Feb 2018 17:35:43 GMT", "2018-02-18T17:35:43Z second 1518975343");
        check("Sun, 18 Feb 2018 17:35:43 UTC", "2018-02-18T17:35:43Z second 1518975343");
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
        for written in
            ["", "أمس", "05/17/2015", "2020-02-30", "0000-00-00", "0001-01-01", "12", "2020-13", "20200399", "17/05/15"]
        {
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

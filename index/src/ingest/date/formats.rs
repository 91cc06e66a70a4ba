//! Dates in machine formats: ISO 8601, RFC 2822 and RFC 850, and Unix time. The only words are the
//! month names of RFC 2822.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil;
use jiff::fmt::{rfc2822, strtime, temporal};
use jiff::tz::Offset;

use super::{Precision, Published, civil_period, instant};
use fihrist_arabic::calendar::weekday;

/// Reads a date in a machine format. The digits in `text` must be ASCII.
pub fn parse(text: &str) -> Option<Published> {
    if is_number(text) {
        from_digits(text)
    } else {
        from_unix_time(text)
            .or_else(|| from_decimal(text))
            .or_else(|| from_iso(text))
            .or_else(|| from_mail(text))
            .or_else(|| from_rfc_850(text))
    }
}

/// Reads a year, a compact date or a Unix time. The number of digits tells which.
fn from_digits(digits: &str) -> Option<Published> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        4 => {
            let first_day = civil::Date::new(number.try_into().ok()?, 1, 1).ok()?;
            civil_period(first_day, Precision::Year)
        }
        8 => from_iso(digits),
        14 => from_iso(&format!("{}T{}", &digits[..8], &digits[8..])),
        _ => from_unix_time(digits),
    }
}

/// Reads a number as spreadsheets and pandas write it: `1584264600.5`, `1.5842646e+09`. They write
/// whole numbers so, too, if the column has a missing value: `20200315.0`.
fn from_decimal(text: &str) -> Option<Published> {
    let number: f64 = text.parse().ok()?;
    let whole = format!("{:.0}", number.trunc());
    if text.ends_with(".0") && is_number(&whole) {
        from_digits(&whole)
    } else {
        from_unix_time(&whole)
    }
}

fn from_unix_time(number: &str) -> Option<Published> {
    let at = Offset::UTC.to_datetime(unix_time(number)?);
    instant(at, Some(Offset::UTC))
}

/// Returns the time for a number of seconds, or of thousandths, millionths or billionths of a
/// second, since 1970. The count of its digits tells which. A time before 1970 is negative.
pub fn unix_time(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !is_number(digits) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let is_placeholder = |seconds| PLACEHOLDERS.iter().any(|range| range.contains(&seconds));
    if is_placeholder(number) || is_placeholder(number / 1000) {
        return None;
    }
    let timestamp = match digits.len() {
        9 | 10 => Timestamp::from_second(number),
        11..=13 => Timestamp::from_millisecond(number),
        15 | 16 => Timestamp::from_microsecond(number),
        18 | 19 => Timestamp::from_nanosecond(number.into()),
        _ => return None,
    };
    timestamp.ok()
}

/// The first and the last time that programs know, which they write for a missing date, in seconds
/// and with a day around them for other time zones: 1 January 1 in .NET and Go, 30 November −1 in
/// PHP for the zero of MySQL, 31 December 9999. Read as milliseconds, they are hours of 1968 and
/// 1978.
const PLACEHOLDERS: [RangeInclusive<i64>; 2] = [
    -62_170_070_400..=-62_135_510_400,
    253_402_214_400..=253_402_387_200,
];

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn from_iso(text: &str) -> Option<Published> {
    static PARSER: temporal::DateTimeParser = temporal::DateTimeParser::new();
    if let Ok(pieces) = PARSER.parse_pieces(text) {
        // `2020-03-15T09:30:00[Asia/Riyadh]`: `clock` knows which zones have one offset.
        if pieces.time_zone_annotation().is_some() && pieces.offset().is_none() {
            return None;
        }
        return match pieces.time() {
            Some(time) => instant(pieces.date().to_datetime(time), pieces.to_numeric_offset()),
            None => civil_period(pieces.date(), Precision::Day),
        };
    }
    // Databases write a space before the offset: `2020-03-15 14:30:00 +0300`.
    let parsed = strtime::parse("%Y-%m-%d %H:%M:%S%.f %z", text).ok()?;
    instant(parsed.to_datetime().ok()?, parsed.offset())
}

/// Reads RFC 2822, the format of mail and feeds. A zone is `GMT` or a number: other names have other
/// meanings in other countries, and `clock` reads them.
fn from_mail(text: &str) -> Option<Published> {
    static PARSER: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    // Some feeds end a date with `UTC` or `Z`, which RFC 2822 does not allow.
    let date = text.strip_suffix("UTC").or_else(|| text.strip_suffix('Z'));
    let named = date.map(|date| format!("{date}GMT"));
    let text = named.as_deref().unwrap_or(text);
    if text.ends_with(|c: char| c.is_alphabetic()) && !text.ends_with("GMT") {
        return None;
    }
    let zoned = PARSER.parse_zoned_datetime(text).ok()?;
    instant(zoned.datetime(), Some(zoned.offset()))
}

/// Reads RFC 850, the format of old servers and of cookies: `Sunday, 15-Mar-20 09:30:00 GMT`. Its
/// year has two digits, so the weekday must be right.
fn from_rfc_850(text: &str) -> Option<Published> {
    let (named, date) = text.split_once(", ")?;
    let date = date.strip_suffix(" GMT").or(date.strip_suffix(" UTC"))?;
    let at = civil::DateTime::strptime("%d-%b-%y %H:%M:%S", date).ok()?;
    (weekday(named)? == at.weekday()).then(|| instant(at, Some(Offset::UTC)))?
}

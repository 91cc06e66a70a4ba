//! Dates in machine formats: ISO 8601, RFC 2822, Unix time, and numbers such as `17/05/2015`. The
//! only words are the month names of RFC 2822.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil;
use jiff::fmt::{rfc2822, strtime, temporal};
use jiff::tz::Offset;

use super::{Precision, Published, civil_period, instant};

/// Reads a date in a machine format. The digits in `text` must be ASCII.
pub fn parse(text: &str) -> Option<Published> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(text) {
        from_digits(text)
    } else if let Some(digits) = text.strip_prefix('-').filter(|digits| is_number(digits)) {
        unix_time(digits, -1)
    } else {
        from_month(text)
            .or_else(|| from_iso(text))
            .or_else(|| from_numbers(text))
            .or_else(|| from_mail(text))
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
        _ => unix_time(digits, 1),
    }
}

/// Reads a number of seconds, or of thousandths, millionths or billionths of a second, since 1970. The
/// number of digits tells which. A time before 1970 has the sign -1.
fn unix_time(digits: &str, sign: i64) -> Option<Published> {
    let number = sign * digits.parse::<i64>().ok()?;
    let timestamp = match digits.len() {
        9 | 10 => Timestamp::from_second(number),
        11..=13 => Timestamp::from_millisecond(number),
        15 | 16 => Timestamp::from_microsecond(number),
        18 | 19 => Timestamp::from_nanosecond(number.into()),
        _ => return None,
    };
    instant(Offset::UTC.to_datetime(timestamp.ok()?), Some(Offset::UTC))
}

/// Reads `2020-03` or `2020/3`.
fn from_month(text: &str) -> Option<Published> {
    let (year, month) = text.split_once(['-', '/'])?;
    let year = exactly(year, 4..=4)?;
    let month = exactly(month, 1..=2)?.try_into().ok()?;
    civil_period(civil::Date::new(year, month, 1).ok()?, Precision::Month)
}

fn from_iso(text: &str) -> Option<Published> {
    static PARSER: temporal::DateTimeParser = temporal::DateTimeParser::new();
    if let Ok(pieces) = PARSER.parse_pieces(text) {
        return match pieces.time() {
            Some(time) => instant(pieces.date().to_datetime(time), pieces.to_numeric_offset()),
            None => civil_period(pieces.date(), Precision::Day),
        };
    }
    // Databases write a space before the offset: `2020-03-15 14:30:00 +0300`.
    let parsed = strtime::parse("%Y-%m-%d %H:%M:%S%.f %z", text).ok()?;
    instant(parsed.to_datetime().ok()?, parsed.offset())
}

/// Reads `17/05/2015`, `17-5-2015` or `2015/05/17`, each with an optional time.
///
/// The day comes first, as everywhere in the Arab world. A date that is valid only with the month
/// first is not read, because other dates in the file would then be read wrongly.
fn from_numbers(text: &str) -> Option<Published> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let time = time.trim().trim_start_matches(['-', ' ']);
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let [first, month, last] = parts[..] else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    let narrow = |part: &str| exactly(part, 1..=2)?.try_into().ok();
    let date = civil::Date::new(exactly(year, 4..=4)?, narrow(month)?, narrow(day)?).ok()?;
    if time.is_empty() {
        return civil_period(date, Precision::Day);
    }
    instant(date.to_datetime(time.parse().ok()?), None)
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

/// Returns the number if the text consists of digits only and their count is in `lengths`.
fn exactly(digits: &str, lengths: RangeInclusive<usize>) -> Option<i16> {
    if !lengths.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

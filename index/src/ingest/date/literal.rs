//! Dates in the notation of programming languages, as exports contain them: `/Date(1584264600000)/`
//! of .NET, `datetime.datetime(2020, 3, 15, 9, 30)` of Python, `ISODate("2020-03-15")` of MongoDB.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::clock::numeric_offset;
use super::formats::unix_time;
use super::{Precision, Published, civil_period, instant, whole};

/// Reads a call with one text, one Unix time, or the numbers of a date.
pub fn parse(text: &str) -> Option<Published> {
    let text = text.trim_matches(['/', '\\']);
    let (name, arguments) = text.strip_suffix(')')?.split_once('(')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ' ');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return None;
    }
    from_text(arguments)
        .or_else(|| from_unix_time(arguments))
        .or_else(|| from_numbers(name, arguments))
}

/// Reads `'2020-03-15 09:30:00'`, or with a zone `'2020-03-15 09:30:00', tz='UTC'`.
fn from_text(arguments: &str) -> Option<Published> {
    let quotes = ['\'', '"'];
    let (date, others) = arguments.strip_prefix(quotes)?.split_once(quotes)?;
    let zone = others.split(quotes).nth(1).unwrap_or_default();
    whole(format!("{date} {zone}").trim(), None).or_else(|| whole(date, None))
}

/// Reads milliseconds with the offset at which .NET shows them, `1584264600000+0300`, or the
/// seconds and the counter of a time in MongoDB: `1584264600, 1`.
fn from_unix_time(arguments: &str) -> Option<Published> {
    let arguments = arguments.split(',').next()?;
    let sign = arguments.rfind(['+', '-']).filter(|at| *at > 0);
    let (number, written) = arguments.split_at(sign.unwrap_or(arguments.len()));
    let offset = numeric_offset(written).map_or(Offset::UTC, |(offset, _)| offset);
    instant(offset.to_datetime(unix_time(number)?), Some(offset))
}

/// Reads the numbers of Python: `2020, 3, 15, 9, 30`, or `tm_year=2020, tm_mon=3, tm_mday=15, …`. A
/// time in another zone than UTC gives only the day.
fn from_numbers(name: &str, arguments: &str) -> Option<Published> {
    let class = name.rsplit('.').next()?;
    if !matches!(class, "datetime" | "date" | "struct_time") {
        return None;
    }
    let (values, zone) = arguments.split_once("tzinfo").unwrap_or((arguments, ""));
    let values = values
        .split(',')
        .filter_map(|value| value.rsplit('=').next());
    let numbers: Vec<i16> = values
        .map_while(|value| value.trim().parse().ok())
        .collect();
    let (&[year, month, day], time) = numbers.split_first_chunk()?;
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    let is_utc = zone.to_ascii_lowercase().contains("utc");
    if time.is_empty() || !zone.is_empty() && !is_utc {
        return civil_period(date, Precision::Day);
    }
    let part = |at: usize| time.get(at).map_or(Ok(0), |number| i8::try_from(*number));
    let time = Time::new(part(0).ok()?, part(1).ok()?, part(2).ok()?, 0).ok()?;
    instant(date.to_datetime(time), is_utc.then_some(Offset::UTC))
}

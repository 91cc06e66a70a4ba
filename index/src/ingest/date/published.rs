//! Builds a [`Published`] from a date, with the precision of its source. It reads no text.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::Offset;

use super::{Confidence, DateOrigin, Precision, Published};

/// The years that a publication date may have. Arabic was first printed in 1514, so a date such as
/// 1441-09-27 is in another calendar. Some systems write `0001-01-01` for an unknown date.
pub const YEARS: std::ops::RangeInclusive<i16> = 1500..=2999;

/// Returns the publication date for a day, month or year. `precision` says which, and `first_day`
/// is its first day.
pub fn civil_period(first_day: civil::Date, precision: Precision) -> Option<Published> {
    let format = match precision {
        Precision::Year => "%Y",
        Precision::Month => "%Y-%m",
        Precision::Day | Precision::Second => "%Y-%m-%d",
    };
    let date = first_day.strftime(format).to_string();
    let midnight = first_day.to_datetime(civil::Time::midnight());
    let timestamp = Offset::UTC.to_timestamp(midnight).ok()?;
    published(first_day.year(), date, precision, timestamp)
}

/// Returns the publication date for a day and time. Without an offset, the date is written without
/// one and sorts as UTC. Returns `None` for the first second of 1970, the zero of Unix time, which
/// systems write for a missing date.
pub fn instant(at: DateTime, offset: Option<Offset>) -> Option<Published> {
    let timestamp = offset.unwrap_or(Offset::UTC).to_timestamp(at).ok()?;
    if timestamp == Timestamp::UNIX_EPOCH {
        return None;
    }
    let written_offset = offset.map(written_offset).unwrap_or_default();
    let date = format!("{}{written_offset}", at.strftime("%Y-%m-%dT%H:%M:%S"));
    published(at.year(), date, Precision::Second, timestamp)
}

/// Returns `Z`, or an offset such as `+03:00`.
fn written_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    if seconds == 0 {
        return "Z".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn published(
    year: i16,
    date: String,
    precision: Precision,
    timestamp: Timestamp,
) -> Option<Published> {
    YEARS.contains(&year).then_some(Published {
        date,
        precision,
        origin: DateOrigin::Metadata,
        confidence: Confidence::Certain,
        timestamp_seconds: timestamp.as_second(),
    })
}

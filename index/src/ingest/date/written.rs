//! Dates as people and pages write them: labels before the date, a time of day, and two calendars
//! side by side. Single days, months and years are read by `calendar`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::{self, Clock, Zone, is_separator};
use super::published::{civil_period, instant};
use super::{formats, relative};
use crate::document::{Precision, Published};
use fihrist_arabic::calendar::{Calendar, Period};
use fihrist_arabic::fold::folded;

/// The largest difference between the two calendars for the same day. Months that begin with a
/// sighted moon differ from computed ones.
const MAX_DAYS_APART: i32 = 2;

/// What a label says about the date after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Published,
    /// The date of the last change, which may be much later.
    Updated,
}

/// Labels before a date, folded word by word before comparison. A longer label comes before a
/// shorter one with the same beginning.
const LABELS: [(Label, &str); 33] = [
    (Label::Published, "تاريخ النشر"),
    (Label::Published, "تاريخ ووقت النشر"),
    (Label::Published, "تاريخ الإضافة"),
    (Label::Published, "وقت النشر"),
    (Label::Published, "نشر بتاريخ"),
    (Label::Published, "نشر يوم"),
    (Label::Published, "نشر في"),
    (Label::Published, "نشرت بتاريخ"),
    (Label::Published, "نشرت في"),
    (Label::Published, "نشر"),
    (Label::Published, "تم النشر في"),
    (Label::Published, "تم النشر بتاريخ"),
    (Label::Published, "تم النشر"),
    (Label::Published, "أضيف بتاريخ"),
    (Label::Published, "أضيف في"),
    (Label::Published, "أضيفت في"),
    (Label::Published, "كتب في"),
    (Label::Published, "كتب بتاريخ"),
    (Label::Published, "حرر في"),
    (Label::Published, "حرر بتاريخ"),
    (Label::Published, "صدر في"),
    (Label::Published, "published on"),
    (Label::Published, "published"),
    (Label::Published, "posted on"),
    (Label::Published, "publié le"),
    (Label::Updated, "تاريخ آخر تحديث"),
    (Label::Updated, "تاريخ التحديث"),
    (Label::Updated, "آخر تحديث"),
    (Label::Updated, "تم التحديث"),
    (Label::Updated, "حدث في"),
    (Label::Updated, "last updated"),
    (Label::Updated, "updated"),
    (Label::Updated, "mis à jour le"),
];

/// Reads a date as people write it. The digits in `text` must be ASCII. Relative dates count from
/// `anchor`; without it, they are not read.
pub(super) fn parse(text: &str, anchor: Option<Timestamp>) -> Option<Published> {
    let text = labelled(text).map_or(text, |(_, date)| date);
    // An ISO date may also follow a label.
    formats::parse(text)
        .or_else(|| with_clock(text, anchor))
        .or_else(|| day(text))
        .or_else(|| relative::parse(text, anchor?))
}

/// Returns the label at the beginning of `text` and the text after it.
pub(super) fn labelled(text: &str) -> Option<(Label, &str)> {
    let text = text.trim_start_matches(is_separator);
    for (label, phrase) in &LABELS {
        if let Some(rest) = without_words(text, phrase) {
            let rest = rest.trim_matches(is_separator);
            if !rest.is_empty() {
                return Some((*label, rest));
            }
        }
    }
    None
}

/// Returns the text after the words of `phrase`, if `text` begins with them.
fn without_words<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let mut rest = text;
    for wanted in phrase.split(' ') {
        rest = rest.trim_start();
        let end = rest
            .find(|c: char| c.is_whitespace() || c == ':' || c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if folded(word) != folded(wanted) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// Reads a day with a time. If the offset is uncertain, only the day is returned.
fn with_clock(text: &str, anchor: Option<Timestamp>) -> Option<Published> {
    let Clock { time, zone, rest } = clock::find(text)?;
    let day = day(&rest).or_else(|| relative::parse(&rest, anchor?))?;
    if day.precision != Precision::Day {
        return None;
    }
    let at = day.date.parse::<Date>().ok()?.to_datetime(time);
    match zone {
        Zone::Uncertain => Some(day),
        Zone::Unsaid => instant(at, None),
        Zone::Fixed(offset) => instant(at, Some(offset)),
    }
}

/// Reads a day, month or year without a time, in one calendar or in both.
fn day(text: &str) -> Option<Published> {
    let text = text.trim_matches(|c: char| is_separator(c) || c == '.');
    match Period::parse_one(text) {
        Ok((period, calendar)) => of_period(&period, calendar),
        Err(_) => in_both_calendars(text),
    }
}

/// Returns the publication date for a period that is a day, month or year. A Hijri month spans two
/// Gregorian months, so it gives only the year, or `None` if it spans two years.
fn of_period(period: &Period, calendar: Calendar) -> Option<Published> {
    let (first, before) = (period.from?, period.before?);
    let last = before.yesterday().ok()?;
    let is_day = first == last;
    let is_month = first == last.first_of_month() && last == first.last_of_month();
    if is_day {
        civil_period(first, Precision::Day)
    } else if calendar == Calendar::Gregorian && is_month {
        civil_period(first, Precision::Month)
    } else if first.year() == last.year() {
        civil_period(first.first_of_year(), Precision::Year)
    } else {
        None
    }
}

/// Reads a date in both calendars: `3 رمضان 1445 هـ الموافق 13 مارس 2024 م`. Returns the Gregorian
/// date if both dates agree.
fn in_both_calendars(text: &str) -> Option<Published> {
    for (at, separator) in text.match_indices(is_separator) {
        let left = &text[..at];
        let right = &text[at + separator.len()..];
        if let Some(published) = both(left, right) {
            return Some(published);
        }
    }
    None
}

fn both(left: &str, right: &str) -> Option<Published> {
    // This check is cheap and rules out most positions where a text can be split.
    if !right.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let one = |text: &str| Period::parse_one(text.trim_matches(is_separator)).ok();
    let ((left, left_calendar), (right, right_calendar)) = (one(left)?, one(right)?);
    let (gregorian, hijri) = match (left_calendar, right_calendar) {
        (Calendar::Gregorian, Calendar::Hijri) => (left, right),
        (Calendar::Hijri, Calendar::Gregorian) => (right, left),
        (Calendar::Gregorian, Calendar::Gregorian) | (Calendar::Hijri, Calendar::Hijri) => {
            return None;
        }
    };
    let days_apart = (gregorian.from? - hijri.from?).get_days().abs();
    let published = of_period(&gregorian, Calendar::Gregorian)?;
    match published.precision {
        Precision::Day if days_apart <= MAX_DAYS_APART => Some(published),
        // `رمضان 1445 / مارس 2024`: the months overlap.
        Precision::Month if gregorian.from? < hijri.before? && hijri.from? < gregorian.before? => {
            Some(published)
        }
        Precision::Year | Precision::Month | Precision::Day | Precision::Second => None,
    }
}

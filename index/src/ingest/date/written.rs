//! Dates as people and pages write them: labels before the date, a time of day, and two calendars
//! side by side. Single days, months and years are read by `calendar`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::{self, Clock, Zone, is_separator};
use super::text::MAX_WORDS_BESIDE;
use super::{
    Precision, Published, at_most_likely, civil_period, folded, formats, has_day, instant, one_day,
    relative, whole,
};
use Precision::{Day, Month, Second, Year};
use fihrist_arabic::calendar::{Calendar, Period};

/// The largest difference between the two calendars for the same day. Months that begin with a
/// sighted moon differ from computed ones.
const MAX_DAYS_APART: i32 = 2;

/// What a label says about the date after it.
#[derive(Clone, Copy)]
pub enum Label {
    Published,
    /// The date of the last change, which may be much later.
    Updated,
}

/// Labels before a date, folded word by word before comparison. A longer label comes before a
/// shorter one with the same beginning.
#[rustfmt::skip]
const LABELS: [(Label, &[&str]); 2] = [
    (Label::Published, &[
        "تاريخ النشر", "تاريخ ووقت النشر", "تاريخ الإضافة", "وقت النشر", "نشر بتاريخ", "نشر يوم", "نشر في",
        "نشرت بتاريخ", "نشرت في", "نشر", "تم النشر في", "تم النشر بتاريخ", "تم النشر", "تم إنشاؤه بتاريخ",
        "تم إنشاءه بتاريخ", "تم إنشاؤه في", "أنشئ بتاريخ", "أضيف بتاريخ",
        "أضيف في", "أضيفت في", "كتب في", "كتب بتاريخ", "حرر في", "حرر بتاريخ", "صدر في", "published on",
        "published", "posted on", "publié le",
    ]),
    (Label::Updated, &[
        "تاريخ آخر تحديث", "تاريخ التحديث", "آخر تحديث", "تم التحديث", "حدث في", "last updated", "updated",
        "mis à jour le",
    ]),
];

/// Reads a date as people write it. The digits in `text` must be ASCII. Relative dates count from
/// `anchor`; without it, they are not read.
pub fn parse(text: &str, anchor: Option<Timestamp>) -> Option<Published> {
    let text = labelled(text).map_or(text, |(_, date)| date);
    // An ISO date may also follow a label.
    formats::parse(text)
        .or_else(|| with_clock(text, anchor))
        .or_else(|| day(text))
        .or_else(|| relative::parse(text, anchor?))
}

/// Reads a day beside other text: `15 مارس 2020 - العدد 1234`. A date of the last change is left
/// out if there is another one. The result is never certain.
pub fn beside_other_text(text: &str, anchor: Option<Timestamp>) -> Option<Published> {
    let date = without_additions(text, anchor, false);
    let date = date.or_else(|| without_additions(text, anchor, true))?;
    Some(Published {
        confidence: at_most_likely(date.confidence),
        ..date
    })
}

/// Reads a day without the parts of the text that say nothing about it. The other parts must be one
/// date together.
fn without_additions(
    text: &str,
    anchor: Option<Timestamp>,
    with_updates: bool,
) -> Option<Published> {
    let is_update = |part: &str| matches!(labelled(part), Some((Label::Updated, _)));
    let bars = text.split(['|', '•', '·']);
    let dated = bars
        .filter(|bar| with_updates || !is_update(bar))
        .flat_map(|bar| bar.split(" - "))
        .flat_map(|part| part.split(" – "))
        .filter(|part| !is_addition(part, anchor));
    let dated: Vec<&str> = dated.collect();
    whole(&dated.join(" - "), anchor).filter(has_day)
}

/// Returns whether a part of a text names neither a day, a month nor a time: a name, a section, the
/// number of an issue, a counter.
fn is_addition(part: &str, anchor: Option<Timestamp>) -> bool {
    let mut words = part
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    part.contains(char::is_alphabetic)
        && part.split_whitespace().count() <= MAX_WORDS_BESIDE
        && labelled(part).is_none()
        && clock::find(part).is_none()
        && !words.any(|word| Period::parse_one(&format!("{word} 2020")).is_ok())
        && whole(part, anchor).is_none()
}

/// Returns the label at the beginning of `text` and the text after it.
pub fn labelled(text: &str) -> Option<(Label, &str)> {
    let text = text.trim_start_matches(is_separator);
    LABELS.into_iter().find_map(|(label, phrases)| {
        let dates = phrases
            .iter()
            .filter_map(|phrase| without_words(text, phrase));
        let mut dates = dates.map(|date| date.trim_matches(is_separator));
        Some((label, dates.find(|date| !date.is_empty())?))
    })
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
    if day.precision != Day {
        return None;
    }
    let at = day.date.parse::<Date>().ok()?.to_datetime(time);
    let published = match zone {
        Zone::Uncertain => return Some(day),
        Zone::Unsaid => instant(at, None),
        Zone::Fixed(offset) => instant(at, Some(offset)),
    };
    Some(Published {
        confidence: day.confidence,
        ..published?
    })
}

/// Reads a day, month or year without a time, in one calendar or in both.
fn day(text: &str) -> Option<Published> {
    let text = text.trim_matches(|c: char| is_separator(c) || c == '.');
    match one_day(text) {
        Some(one) => Some(Published {
            confidence: one.confidence,
            ..of_period(&one.period, one.calendar)?
        }),
        None => in_both_calendars(text),
    }
}

/// Returns the publication date for a period that is a day, month or year. A month of another
/// calendar spans two Gregorian months, so it gives only the year, or `None` if it spans two years.
fn of_period(period: &Period, calendar: Calendar) -> Option<Published> {
    let (first, before) = (period.from?, period.before?);
    let last = before.yesterday().ok()?;
    let is_month = first == last.first_of_month() && last == first.last_of_month();
    if first == last {
        civil_period(first, Day)
    } else if calendar == Calendar::Gregorian && is_month {
        civil_period(first, Month)
    } else if first.year() == last.year() {
        civil_period(first.first_of_year(), Year)
    } else {
        None
    }
}

/// Reads a date in both calendars: `3 رمضان 1445 هـ الموافق 13 مارس 2024 م`. Returns the Gregorian
/// date if both dates agree.
fn in_both_calendars(text: &str) -> Option<Published> {
    let mut separators = text.match_indices(is_separator);
    separators.find_map(|(at, separator)| both(&text[..at], &text[at + separator.len()..]))
}

fn both(left: &str, right: &str) -> Option<Published> {
    // This check is cheap and rules out most positions where a text can be split.
    if !right.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let one = |text: &str| one_day(text.trim_matches(is_separator));
    let mut days = [one(left)?, one(right)?];
    if days[0].calendar == Calendar::Hijri {
        days.reverse();
    }
    let [gregorian, hijri] = days;
    if (gregorian.calendar, hijri.calendar) != (Calendar::Gregorian, Calendar::Hijri) {
        return None;
    }
    let (gregorian, hijri) = (gregorian.period, hijri.period);
    let days_apart = (gregorian.from? - hijri.from?).get_days().abs();
    let published = of_period(&gregorian, Calendar::Gregorian)?;
    match published.precision {
        Day if days_apart <= MAX_DAYS_APART => Some(published),
        // `رمضان 1445 / مارس 2024`: the months overlap.
        Month if gregorian.from? < hijri.before? && hijri.from? < gregorian.before? => {
            Some(published)
        }
        Year | Month | Day | Second => None,
    }
}

//! When an article was published, from its text alone: a line that dates the page, a sentence about what happens today,
//! or else a day with its weekday in the opening. It is for articles whose metadata says nothing.
//!
//! Measured on the 39,796 articles of ANT without their dates (`measure_dates_in_texts` in `tests/dates_spec.rs`): 1,036 get
//! a likely date, 99.2 % of them within three days; 267 get a guess, 91 % of them within the month or three days. Days
//! without a weekday, months and years in running text are not taken: more than half of them are history or plans.

use jiff::Span;
use jiff::civil::Date;

use super::digits::plain_digits;
use super::mention::{Mention, NamedWeekday, YEARS, may_name_year, mentions};
use super::parse::parse;
use super::published::civil_period;
use super::written::{Label, labelled};
use crate::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};

/// Lines at the beginning and at the end that may date a page.
const EDGE_LINES: usize = 6;
/// A line that dates a page is not longer.
const MAX_LINE_BYTES: usize = 240;
/// What stands beside a date in such a line is a place, an agency, a name, a counter.
const MAX_WORDS_BESIDE: usize = 5;
/// The opening of an article, title included: news begin with what is new.
const OPENING_BYTES: usize = 600;

/// The date of an article by its text, and how sure it is.
pub fn in_text(text: &str, segments: &[Segment]) -> Option<Published> {
    if !may_name_year(text) {
        return None;
    }
    let lines: Vec<&str> = segments
        .iter()
        .filter(|segment| segment.kind != SegmentKind::Title)
        .map(|s| s.span.slice(text))
        .collect();
    let dated: Vec<_> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some((at, dated_line(line)?)))
        .collect();
    // Several lines with days are a programme or a chronicle.
    let is_list = dated.len() > 1;
    by_label(&lines)
        .or_else(|| by_line(&lines, &dated))
        .or_else(|| by_dateline(text, segments))
        .or_else(|| by_running_text(text, segments, is_list))
}

/// `نشر في: 15 مارس 2020`. The last change counts where nothing else is said.
fn by_label(lines: &[&str]) -> Option<Published> {
    let mut updated = None;
    for line in edges(lines) {
        for part in parts(line) {
            let plain = plain_digits(part);
            match labelled(&plain).and_then(|(label, _)| Some((label, full_date(part)?))) {
                Some((Label::Published, date)) => return Some(found(date, Confidence::Likely)),
                Some((Label::Updated, date)) => {
                    updated.get_or_insert(date);
                }
                None => {}
            }
        }
    }
    updated.map(|date| found(date, Confidence::Likely))
}

/// The only line that is a date, or a date with a name or a counter beside it. At the end it may be the day of what is
/// quoted there.
fn by_line(lines: &[&str], dated: &[(usize, Published)]) -> Option<Published> {
    let [(at, date)] = dated else { return None };
    let confidence = match *at {
        at if at < EDGE_LINES && at * 2 <= lines.len() => Confidence::Likely,
        at if at + EDGE_LINES >= lines.len() => Confidence::Guess,
        _ => return None,
    };
    Some(found(date.clone(), confidence))
}

fn dated_line(line: &str) -> Option<Published> {
    if !is_short(line) || !may_name_year(line) {
        return None;
    }
    let mut date = None;
    for part in parts(line) {
        match full_date(part).or_else(|| behind_place(part)) {
            Some(found) if date.is_none() => date = Some(found),
            Some(_) => return None,
            None if part.split_whitespace().count() > MAX_WORDS_BESIDE || part.ends_with('.') => {
                return None;
            }
            None => {}
        }
    }
    date
}

/// `المرفأ في 15/3/2020`.
fn behind_place(part: &str) -> Option<Published> {
    let mentions = mentions(part);
    let [mention] = &mentions[..] else {
        return None;
    };
    let is_at_end = part
        .get(mention.end..)?
        .chars()
        .all(|c| matches!(c, 'م' | ' '));
    let is_place = part.get(..mention.start)?.split_whitespace().count() <= 2;
    (is_at_end && is_place && mention.weekday != NamedWeekday::Wrong)
        .then(|| civil_period(mention.day, Precision::Day))?
}

/// `المرفأ (وكالة النيل) - 15 مارس 2020: …`.
fn by_dateline(text: &str, segments: &[Segment]) -> Option<Published> {
    let paragraphs = segments
        .iter()
        .filter(|segment| is_running(segment.kind))
        .take(3);
    let day = |line: &str| {
        let mention = mentions(line).into_iter().next()?;
        let (place, behind) = (
            line.get(..mention.start)?.trim_end(),
            line.get(mention.end..)?,
        );
        let behind = behind.trim_start_matches(['م', ' ', ')']);
        let is_place = !place.is_empty() && place.split_whitespace().count() <= MAX_WORDS_BESIDE;
        // With a comma on both sides it is the day of what the sentence tells.
        let ends =
            |behind: &str| behind.is_empty() || behind.starts_with(['-', '–', '—', ':', '/', '|']);
        let is_set_off = place.ends_with(is_separator) && ends(behind);
        (is_place && is_set_off && mention.weekday != NamedWeekday::Wrong).then_some(mention.day)
    };
    paragraphs
        .map(|segment| segment.span.slice(text))
        .find_map(day)
        .and_then(|day| on(day, Confidence::Likely))
}

/// `اليوم الخميس 15 مارس 2020` wherever it stands; else a day in the opening that has its weekday beside it.
fn by_running_text(text: &str, segments: &[Segment], is_list: bool) -> Option<Published> {
    let mut guess = None;
    for segment in segments.iter().filter(|segment| is_running(segment.kind)) {
        for mention in mentions(segment.span.slice(text)) {
            if let Some(day) = today(&mention) {
                return on(day, Confidence::Likely);
            }
            let is_opening = segment.span.start + mention.start < OPENING_BYTES;
            if !is_list
                && is_opening
                && mention.weekday == NamedWeekday::Right
                && !is_boundary(&mention)
            {
                guess.get_or_insert(mention.day);
            }
        }
    }
    on(guess?, Confidence::Guess)
}

/// The day on which `اليوم` or `أمس` was written beside a day. With a wrong weekday, the year is wrong in most cases.
fn today(mention: &Mention) -> Option<Date> {
    let is_safe = mention.weekday == NamedWeekday::Right;
    let days = match mention.before.first()?.as_str() {
        // `في مثل هذا اليوم`, `صباح ذلك اليوم`: a day of long ago.
        "اليوم"
            if ["مثل", "هذا", "ذلك"]
                .iter()
                .any(|word| mention.before.iter().any(|before| before == word)) =>
        {
            return None;
        }
        "اليوم" | "لليوم" => 0,
        "امس" | "الامس" => 1,
        "غد" | "غدا" | "الغد" => -1,
        "صباح" | "مساء" | "فجر" | "ظهر" | "عصر" | "ليله" | "عشيه" if is_safe => {
            0
        }
        _ => return None,
    };
    (mention.weekday != NamedWeekday::Wrong)
        .then(|| mention.day.checked_add(Span::new().days(days)).ok())?
}

/// Whether something begins or ends with the day: a deadline, a trial, a tournament.
fn is_boundary(mention: &Mention) -> bool {
    mention.before.iter().take(2).any(|word| {
        matches!(
            word.strip_prefix('و').unwrap_or(word),
            "حتي" | "الي" | "غايه" | "لغايه" | "قبل" | "بين" | "منذ" | "بعد" | "ليوم"
        )
    })
}

/// A whole date, to the day at least, and nothing else.
fn full_date(part: &str) -> Option<Published> {
    let is_number = part.chars().all(char::is_numeric);
    if is_number || !may_name_year(part) {
        return None;
    }
    parse(part).filter(|date| match date.precision {
        Precision::Day | Precision::Second => true,
        Precision::Year | Precision::Month => false,
    })
}

fn edges<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let bottom = lines
        .len()
        .saturating_sub(EDGE_LINES)
        .max(EDGE_LINES.min(lines.len()));
    lines[..EDGE_LINES.min(lines.len())]
        .iter()
        .chain(&lines[bottom..])
        .copied()
        .filter(|line| is_short(line))
}

fn is_short(line: &str) -> bool {
    line.len() <= MAX_LINE_BYTES
}

/// What bars, bullets and dashes with space around them part, after the whole line.
fn parts(line: &str) -> Vec<&str> {
    if full_date(line).is_some() {
        return vec![line];
    }
    line.split(['|', '•', '·'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .map(str::trim)
        .collect()
}

const fn is_separator(character: char) -> bool {
    matches!(
        character,
        '-' | '–' | '—' | ':' | '،' | ',' | '/' | '|' | '('
    )
}

const fn is_running(kind: SegmentKind) -> bool {
    match kind {
        SegmentKind::Dek | SegmentKind::Dateline | SegmentKind::Subhead | SegmentKind::Body => true,
        SegmentKind::Title
        | SegmentKind::Caption
        | SegmentKind::Credit
        | SegmentKind::Byline
        | SegmentKind::Furniture => false,
    }
}

fn on(day: Date, confidence: Confidence) -> Option<Published> {
    YEARS
        .contains(&day.year())
        .then(|| civil_period(day, Precision::Day))
        .flatten()
        .map(|date| found(date, confidence))
}

fn found(date: Published, confidence: Confidence) -> Published {
    Published {
        origin: DateOrigin::Text,
        confidence,
        ..date
    }
}

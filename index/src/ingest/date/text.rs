//! The publication date from the text of an article alone, for articles without a date in their
//! metadata.
//!
//! It first looks for a line that gives the date of the page. Then it looks for a date beside a
//! word such as `اليوم` (today), and then for a date with its weekday in the opening.
//!
//! Measured on the 39,796 articles of ANT without their dates (`measure_dates_in_texts` in
//! `tests/dates_spec.rs`): 1,036 get a likely date. Of these, 99.2 % are within three days. Another
//! 267 get a guess, and 91 % of these are within the month or three days. Days without a weekday,
//! months and years in running text are not used: more than half of them are history or plans.

use jiff::Span;
use jiff::civil::Date;

use super::mention::{Mention, NamedWeekday, YEARS, may_name_year, mentions};
use super::written::{Label, labelled};
use super::{
    Confidence, DateOrigin, Precision, Published, Segment, SegmentKind, civil_period, plain_digits,
    whole_day,
};
use Confidence::{Guess, Likely};

/// The number of lines, at either end of the page, in which the date of the page is looked for.
const EDGE_LINES: usize = 6;
/// The maximum length of a line that gives the date of the page.
const MAX_LINE_BYTES: usize = 240;
/// The maximum number of words beside a date in such a line: a place, an agency, a name or a
/// counter.
pub const MAX_WORDS_BESIDE: usize = 5;
/// The length of an article's opening, including the title. News articles begin with the latest
/// event.
const OPENING_BYTES: usize = 600;

/// Returns the publication date that the text of an article gives, with its confidence; `None` if
/// it gives none.
pub fn in_text(text: &str, segments: &[Segment]) -> Option<Published> {
    if !may_name_year(text) {
        return None;
    }
    let below_title = segments
        .iter()
        .filter(|segment| segment.kind != SegmentKind::Title);
    let lines: Vec<&str> = below_title
        .map(|segment| segment.span.slice(text))
        .collect();
    let dates = lines.iter().enumerate();
    let dated: Vec<_> = dates
        .filter_map(|(index, line)| Some((index, dated_line(line)?)))
        .collect();
    // A text with several dated lines is a programme or a chronicle.
    let is_list = dated.len() > 1;
    by_label(&lines)
        .or_else(|| by_line(&lines, &dated))
        .or_else(|| by_dateline(text, segments))
        .or_else(|| by_running_text(text, segments, is_list))
}

/// Reads a labelled date: `نشر في: 15 مارس 2020`. The date of the last change is used only if no
/// publication date is labelled.
fn by_label(lines: &[&str]) -> Option<Published> {
    let mut updated = None;
    for line in edges(lines) {
        for part in parts(line) {
            if let Some((label, _)) = labelled(&plain_digits(part))
                && let Some(date) = full_date(part)
            {
                match label {
                    Label::Published => return Some(from_text(date, Likely)),
                    Label::Updated => updated.get_or_insert(date),
                };
            }
        }
    }
    Some(from_text(updated?, Likely))
}

/// Returns the date if exactly one line is a date, with at most a few words beside it. At the end
/// of a page, such a line may belong to a quoted text, so the date is a guess.
fn by_line(lines: &[&str], dated: &[(usize, Published)]) -> Option<Published> {
    let [(index, date)] = dated else { return None };
    let confidence = if *index < EDGE_LINES && index * 2 <= lines.len() {
        Likely
    } else if index + EDGE_LINES >= lines.len() {
        Guess
    } else {
        return None;
    };
    Some(from_text(date.clone(), confidence))
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

/// Reads a text that is a place and a date: `المرفأ في 15/3/2020`.
fn behind_place(part: &str) -> Option<Published> {
    let mentions = mentions(part);
    let [mention] = &mentions[..] else {
        return None;
    };
    let before = part.get(..mention.start)?;
    let after = part.get(mention.end..)?;
    let is_at_end = after.chars().all(|c| matches!(c, 'م' | ' '));
    let is_place = before.split_whitespace().count() <= 2;
    if !is_at_end || !is_place || mention.weekday == NamedWeekday::Wrong {
        return None;
    }
    civil_period(mention.day, Precision::Day)
}

/// Reads the date in a dateline: `المرفأ (وكالة النيل) - 15 مارس 2020: …`.
fn by_dateline(text: &str, segments: &[Segment]) -> Option<Published> {
    let paragraphs = segments.iter().filter(|segment| is_running(segment.kind));
    let day = |segment: &Segment| dateline_day(segment.span.slice(text));
    on(paragraphs.take(3).find_map(day)?, Likely)
}

/// Returns the date of a line that begins with a place, a separator, the date and a separator.
fn dateline_day(line: &str) -> Option<Date> {
    let mention = mentions(line).into_iter().next()?;
    let place = line.get(..mention.start)?.trim_end();
    let after = line.get(mention.end..)?;
    let after = after.trim_start_matches(['م', ' ', ')']);
    let is_place = !place.is_empty() && place.split_whitespace().count() <= MAX_WORDS_BESIDE;
    // A date between two commas is part of the sentence.
    let ends = after.is_empty() || after.starts_with(['-', '–', '—', ':', '/', '|']);
    let is_set_off = place.ends_with(is_separator) && ends;
    (is_place && is_set_off && mention.weekday != NamedWeekday::Wrong).then_some(mention.day)
}

/// Reads `اليوم الخميس 15 مارس 2020` anywhere, or else a date in the opening with its weekday
/// beside it.
fn by_running_text(text: &str, segments: &[Segment], is_list: bool) -> Option<Published> {
    let mut guess = None;
    for segment in segments.iter().filter(|segment| is_running(segment.kind)) {
        for mention in mentions(segment.span.slice(text)) {
            if let Some(day) = today(&mention) {
                return on(day, Likely);
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
    on(guess?, Guess)
}

/// Returns the publication day if a word such as `اليوم` or `أمس` stands before the date. `أمس 14
/// مارس 2020` gives 15 March. Returns `None` if the weekday is wrong, because the year is then
/// wrong in most cases.
fn today(mention: &Mention) -> Option<Date> {
    let is_safe = mention.weekday == NamedWeekday::Right;
    let is_other_day = |word: &String| matches!(word.as_str(), "مثل" | "هذا" | "ذلك");
    let days = match mention.before.first()?.as_str() {
        // `في مثل هذا اليوم`, `صباح ذلك اليوم`: a day long ago.
        "اليوم" if mention.before.iter().any(is_other_day) => return None,
        "اليوم" | "لليوم" => 0,
        "امس" | "الامس" => 1,
        "غد" | "غدا" | "الغد" => -1,
        "صباح" | "مساء" | "فجر" | "ظهر" | "عصر" | "ليله" | "عشيه" if is_safe => {
            0
        }
        _ => return None,
    };
    if mention.weekday == NamedWeekday::Wrong {
        return None;
    }
    mention.day.checked_add(Span::new().days(days)).ok()
}

/// Returns whether a word such as `حتى` or `منذ` before the date shows that something begins or
/// ends on it: a deadline, a trial, a tournament.
fn is_boundary(mention: &Mention) -> bool {
    mention.before.iter().take(2).any(|word| {
        matches!(
            word.strip_prefix('و').unwrap_or(word),
            "حتي" | "الي" | "غايه" | "لغايه" | "قبل" | "بين" | "منذ" | "بعد" | "ليوم"
        )
    })
}

/// Returns the date if the text is a date and nothing else, and names at least the day.
fn full_date(part: &str) -> Option<Published> {
    may_name_year(part).then(|| whole_day(part))?
}

fn edges<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let top = EDGE_LINES.min(lines.len());
    let bottom = lines.len().saturating_sub(EDGE_LINES).max(top);
    let edges = lines[..top].iter().chain(&lines[bottom..]);
    edges.copied().filter(|line| is_short(line))
}

fn is_short(line: &str) -> bool {
    line.len() <= MAX_LINE_BYTES
}

/// Splits a line at bars, bullets and spaced dashes. A line that is a date as a whole is not split.
fn parts(line: &str) -> Vec<&str> {
    if full_date(line).is_some() {
        return vec![line];
    }
    let parts = line
        .split(['|', '•', '·'])
        .flat_map(|part| part.split(" - "));
    let parts = parts.flat_map(|part| part.split(" – "));
    parts.map(str::trim).collect()
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
    let date = civil_period(day, Precision::Day).filter(|_| YEARS.contains(&day.year()))?;
    Some(from_text(date, confidence))
}

fn from_text(date: Published, confidence: Confidence) -> Published {
    Published {
        origin: DateOrigin::Text,
        confidence,
        ..date
    }
}

//! Finds dates with day and year in running text, and the words before them. `text` decides whether
//! such a date is the publication date.

use jiff::civil::Date;

use super::{Class, class, folded};
use fihrist_arabic::calendar::{Calendar, Period, weekday};

/// The maximum number of words in a written date. Longer dates exist but are rare: `الخميس الموافق
/// 15 من شهر كانون الثاني (يناير) من عام 2018`.
const MAX_WORDS: usize = 9;

/// The years that a date in the text of an article may have.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// A date that a line mentions.
pub struct Mention {
    pub day: Date,
    /// The byte offsets in the line at which the date begins and ends. The date includes its
    /// weekday.
    pub start: usize,
    pub end: usize,
    pub weekday: NamedWeekday,
    /// The folded words before the date, the nearest first.
    pub before: Vec<String>,
}

/// Whether the text names a weekday beside a date, and whether it is the right one.
#[derive(PartialEq)]
pub enum NamedWeekday {
    None,
    Right,
    /// The weekday does not match the date: one of the two is an error.
    Wrong,
}

/// Returns whether the text has a number of exactly four digits that may be a year. A cheap check
/// comes first, because most articles have none.
pub fn may_name_year(text: &str) -> bool {
    // ASCII: the first two digits of a year. Arabic and Persian: the two bytes of one digit.
    let is_near = |pair: &[u8]| {
        matches!(
            pair,
            [b'1', b'9'] | [b'2', b'0'] | [0xD9, 0xA0..=0xA9] | [0xDB, 0xB0..=0xB9]
        )
    };
    text.as_bytes().windows(2).any(is_near) && !year_ends(text).is_empty()
}

/// Returns all dates of the line, in order.
pub fn mentions(line: &str) -> Vec<Mention> {
    year_ends(line)
        .into_iter()
        .filter_map(|end| mention(line, end))
        .collect()
}

/// Returns the byte offsets at which the years of the line end.
fn year_ends(line: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut digit_count = 0;
    let mut value = 0u32;
    // The loop recognizes a year at the first character after its digits. The appended space is
    // this character for a year at the end of the line.
    for (at, character) in line.char_indices().chain([(line.len(), ' ')]) {
        if let Some(digit) = digit(character) {
            digit_count += 1;
            value = value.saturating_mul(10).saturating_add(digit);
            continue;
        }
        if digit_count == 4 && i16::try_from(value).is_ok_and(|year| YEARS.contains(&year)) {
            ends.push(at);
        }
        (digit_count, value) = (0, 0);
    }
    ends
}

fn digit(character: char) -> Option<u32> {
    let zero = match character {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        _ => return None,
    };
    Some(u32::from(character) - u32::from(zero))
}

/// Returns the date whose year ends at `year_end`; `None` if the year is not part of a date.
fn mention(line: &str, year_end: usize) -> Option<Mention> {
    let end = year_end + month_and_day_behind(line.get(year_end..)?);
    let mut starts = word_starts(line.get(..end)?).take(MAX_WORDS);
    // The date begins at the nearest word from which the text reads as a day.
    let (start, day) =
        starts.find_map(|start| Some((start, gregorian_day(line.get(start..end)?)?)))?;
    let mut words = words_before(line, start);
    // `الخميس الموافق 15 مارس`: the weekday may stand before this word.
    let mut next_words = words.clone();
    let mut nearest = next_words.next();
    if nearest.as_ref().is_some_and(|(_, word)| word == "الموافق") {
        nearest = next_words.next();
    }
    let named = nearest.and_then(|(start, word)| Some((start, weekday(&word)?)));
    if named.is_some() {
        words = next_words;
    }
    Some(Mention {
        day,
        start: named.map_or(start, |(start, _)| start),
        end,
        weekday: match named {
            None => NamedWeekday::None,
            Some((_, named)) if named == day.weekday() => NamedWeekday::Right,
            Some(_) => NamedWeekday::Wrong,
        },
        before: words
            .map(|(_, word)| word)
            .filter(|word| word != "يوم")
            .take(3)
            .collect(),
    })
}

/// Returns the day if the whole text is one day of the Gregorian calendar, with the day in digits.
/// `الأول من مارس 2020` may be part of `الأسبوع الأول من مارس 2020`.
fn gregorian_day(text: &str) -> Option<Date> {
    let numbers = text.split(|c| class(c) != Class::Digit);
    if numbers.filter(|number| !number.is_empty()).count() < 2 {
        return None;
    }
    let (period, calendar) = Period::parse_one(text).ok()?;
    let day = period.from?;
    let is_day = calendar == Calendar::Gregorian && day.tomorrow().ok() == period.before;
    is_day.then_some(day)
}

/// Returns the length in bytes of a month and day after a year, such as `/7/11`.
fn month_and_day_behind(after: &str) -> usize {
    let is_inside = |c: char| class(c) == Class::Digit || matches!(c, '/' | '-' | '.');
    let run = &after[..after.find(|c| !is_inside(c)).unwrap_or(after.len())];
    run.trim_end_matches(['/', '-', '.']).len()
}

/// Returns the byte offsets at which words begin, from the last word to the first. White space,
/// quotation marks, parentheses, `:` and `؛` separate words.
fn word_starts(text: &str) -> impl Iterator<Item = usize> + Clone {
    let is_apart =
        |c: char| c.is_whitespace() || matches!(c, '"' | '«' | '»' | '“' | '”' | ':' | '(' | '؛');
    let mut end = text.len();
    std::iter::from_fn(move || {
        let trimmed = text.get(..end)?.trim_end_matches(is_apart);
        if trimmed.is_empty() {
            return None;
        }
        let last_word = trimmed.rsplit(is_apart).next().unwrap_or_default();
        end = trimmed.len() - last_word.len();
        Some(end)
    })
}

/// Returns the folded words of a line before the byte offset `end`, the nearest first, each with the
/// byte offset at which it begins.
fn words_before(line: &str, end: usize) -> impl Iterator<Item = (usize, String)> + Clone {
    let before = line.get(..end).unwrap_or_default();
    let mut end = before.len();
    word_starts(before).filter_map(move |start| {
        let word = before
            .get(start..end)
            .unwrap_or_default()
            .trim_matches(|c: char| !c.is_alphanumeric());
        end = start;
        (!word.is_empty()).then(|| (start, folded(word)))
    })
}

//! Finds dates with day and year in running text, and the words before them. `text` decides whether
//! such a date is the publication date.

use jiff::civil::Date;

use fihrist_arabic::calendar::{Calendar, Period, weekday};
use fihrist_arabic::chars::{Class, class};
use fihrist_arabic::fold::folded;

/// The maximum number of words in a written date. Longer dates exist but are rare: `الخميس الموافق
/// 15 من شهر كانون الثاني (يناير) من عام 2018`.
const MAX_WORDS: usize = 9;

/// The years that a date in the text of an article may have.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// A date that a line mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) day: Date,
    /// The byte offsets in the line at which the date begins and ends. The date includes its
    /// weekday.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) weekday: NamedWeekday,
    /// The folded words before the date, the nearest first.
    pub(super) before: Vec<String>,
}

/// Whether the text names a weekday beside a date, and whether it is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedWeekday {
    None,
    Right,
    /// The weekday does not match the date: one of the two is an error.
    Wrong,
}

/// Returns whether the text has a number of exactly four digits that may be a year. A cheap check
/// comes first, because most articles have none.
pub(super) fn may_name_year(text: &str) -> bool {
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
pub(super) fn mentions(line: &str) -> Vec<Mention> {
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
    for (at, character) in line.char_indices() {
        if let Some(digit) = digit(character) {
            digit_count += 1;
            value = value.saturating_mul(10).saturating_add(digit);
            continue;
        }
        if digit_count == 4 && is_near_year(value) {
            ends.push(at);
        }
        (digit_count, value) = (0, 0);
    }
    if digit_count == 4 && is_near_year(value) {
        ends.push(line.len());
    }
    ends
}

fn is_near_year(value: u32) -> bool {
    i16::try_from(value).is_ok_and(|year| YEARS.contains(&year))
}

fn digit(character: char) -> Option<u32> {
    match character {
        '0'..='9' => character.to_digit(10),
        '\u{660}'..='\u{669}' => Some(u32::from(character) - 0x660),
        '\u{6F0}'..='\u{6F9}' => Some(u32::from(character) - 0x6F0),
        _ => None,
    }
}

/// Returns the date whose year ends at `year_end`; `None` if the year is not part of a date.
fn mention(line: &str, year_end: usize) -> Option<Mention> {
    let end = year_end + month_and_day_behind(line.get(year_end..)?);
    let mut starts = word_starts(line.get(..end)?).take(MAX_WORDS);
    // The date begins at the nearest word from which the text reads as a day.
    let (start, day) =
        starts.find_map(|start| Some((start, gregorian_day(line.get(start..end)?)?)))?;
    let mut context = Context::new(line, start);
    let weekday = context.take_weekday(day);
    Some(Mention {
        day,
        start: context.start,
        end,
        weekday,
        before: context.words(),
    })
}

/// Returns the day if the whole text is one day of the Gregorian calendar.
fn gregorian_day(text: &str) -> Option<Date> {
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
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
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

/// The part of a line before a date. The date begins at `start`.
struct Context<'a> {
    line: &'a str,
    start: usize,
}

impl<'a> Context<'a> {
    const fn new(line: &'a str, start: usize) -> Self {
        Self { line, start }
    }

    /// Moves `start` to the weekday before the date, if there is one. Returns whether it is the
    /// right weekday for `day`.
    fn take_weekday(&mut self, day: Date) -> NamedWeekday {
        let mut words = self.starts_and_words();
        let mut next = words.next();
        if next.as_ref().is_some_and(|(_, word)| word == "الموافق") {
            next = words.next();
        }
        match next.and_then(|(start, word)| Some((start, weekday(&word)?))) {
            None => NamedWeekday::None,
            Some((start, named)) => {
                drop(words);
                self.start = start;
                if named == day.weekday() {
                    NamedWeekday::Right
                } else {
                    NamedWeekday::Wrong
                }
            }
        }
    }

    fn words(&self) -> Vec<String> {
        self.starts_and_words()
            .map(|(_, word)| word)
            .filter(|word| word != "يوم")
            .take(3)
            .collect()
    }

    fn starts_and_words(&self) -> impl Iterator<Item = (usize, String)> + use<'a> {
        let before = self.line.get(..self.start).unwrap_or_default();
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
}

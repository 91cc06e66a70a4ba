//! Finds the time of day in a written date, and its UTC offset if the text names one: `الساعة 2:30
//! مساء بتوقيت مكة`. It reads no dates.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::folded;
use fihrist_arabic::calendar::{Period, weekday};

/// A time of day that was found in a text.
pub struct Clock {
    pub time: Time,
    pub zone: Zone,
    /// The text without the time.
    pub rest: String,
}

/// What the text says about the UTC offset.
pub enum Zone {
    /// The text names no offset.
    Unsaid,
    Fixed(Offset),
    /// The text names an unknown place, or a place whose UTC offset varies with the date.
    Uncertain,
}

/// Finds a time of day in a text with ASCII digits. Returns `None` if the text has no time or an
/// invalid one.
pub fn find(text: &str) -> Option<Clock> {
    let (start, after, hour, minute, second) = numbers(text)?;
    let (hour, after) = on_clock_of_24(hour, after)?;
    let time = Time::new(hour, minute, second, 0).ok()?;
    let (zone, after) = zone(after);
    // `1441-09-27T14:30`: a format of machines, in a calendar that they do not know.
    let before = text.get(..start)?;
    let before = without_hour_word(before.strip_suffix('T').unwrap_or(before));
    Some(Clock {
        time,
        zone,
        rest: format!("{before} {}", after.trim_start_matches(is_separator)),
    })
}

/// Finds the numbers of a time such as `2:30:15`. Returns the byte offset of the first number, the
/// text after the last one, and hour, minute and second. A fraction of a second is skipped.
fn numbers(text: &str) -> Option<(usize, &str, i8, i8, i8)> {
    let mut marks = text.match_indices([':', 'h', 'H', '.']);
    let with_minutes = marks.find_map(|(at, mark)| {
        let start = text[..at]
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .len();
        let (hour, after_hour) = leading_number(&text[start..])?;
        let after_mark = after_hour.get(1..)?.trim_start();
        let (minute, after) = leading_number(after_mark)?;
        if after_mark.len() - after.len() != 2 {
            return None;
        }
        // `2.30 م`: a dot also stands between day and month.
        let before = text[..start].trim_end();
        let is_time = before.ends_with("الساعة")
            || !before.ends_with(['.', '/', '-']) && half_of_day(after).is_some();
        if mark == "." && !is_time {
            return None;
        }
        let second = after.strip_prefix(':').and_then(leading_number);
        let (second, after) = second.unwrap_or((0, after));
        Some((start, without_fraction(after), hour, minute, second))
    });
    with_minutes.or_else(|| {
        // `الساعة 2 مساء`: a single number is an hour only after this word.
        let (_, after_word) = text.split_once("الساعة")?;
        let (hour, after) = leading_number(after_word.trim_start())?;
        let start = text.len() - after_word.trim_start().len();
        Some((start, after, hour, 0, 0))
    })
}

fn without_fraction(after: &str) -> &str {
    let fraction = after.strip_prefix('.').unwrap_or_default();
    let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < fraction.len() {
        rest
    } else {
        after
    }
}

/// Returns a number of one or two digits and the text after it.
fn leading_number(text: &str) -> Option<(i8, &str)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    let number = digits.parse().ok()?;
    (digits.len() <= 2).then_some((number, rest))
}

/// Converts the hour to the 24-hour clock if a word such as `pm` or `مساء` follows. Returns the
/// hour and the text after that word; `None` for an impossible hour.
fn on_clock_of_24(hour: i8, after: &str) -> Option<(i8, &str)> {
    let Some((half, rest)) = half_of_day(after) else {
        return Some((hour, after));
    };
    match (hour, half) {
        // `1 ليلا` is after midnight, `11 ظهرا` before noon.
        (1..=4, Half::Night) | (10..=11, Half::Noon) => Some((hour, rest)),
        (12, Half::Night | Half::Morning) => Some((0, rest)),
        (1..=11, Half::Night | Half::Noon | Half::Evening) => Some((hour + 12, rest)),
        // A 24-hour time that also names the half of the day: `14:30 مساء`.
        (0..=23, _) => Some((hour, rest)),
        _ => None,
    }
}

/// The half of the day in which an hour of the 12-hour clock lies. At night and around noon, the
/// hour decides.
enum Half {
    Morning,
    Noon,
    Evening,
    Night,
}

/// Returns the half of the day that the first words name, and the text after them.
fn half_of_day(after: &str) -> Option<(Half, &str)> {
    let (word, rest) = first_word(after.trim_start_matches(is_separator));
    let half = match folded(word).as_str() {
        "ظهرا" => Half::Noon,
        "ليلا" => Half::Night,
        "م" | "مساء" | "مسا" | "مساءا" | "مسائا" | "مساءآ" | "عصرا" | "pm" | "p" => {
            Half::Evening
        }
        "ص" | "صباحا" | "فجرا" | "صباح" | "am" | "a" => Half::Morning,
        // `بعد الظهر`, `قبل الظهر`, `بعد منتصف الليل`
        word @ ("بعد" | "قبل") => {
            let (noun, rest) = first_word(rest.trim_start());
            return match (word, folded(noun).as_str()) {
                ("بعد", "الظهر") => Some((Half::Evening, rest)),
                ("قبل", "الظهر") => Some((Half::Morning, rest)),
                ("بعد", "منتصف") => {
                    Some((Half::Morning, rest.trim_start().strip_prefix("الليل")?))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    Some((half, rest.trim_start_matches(['.', 'm', 'M'])))
}

/// Reads the offset after a time: `GMT`, `+03:00`, `AST`, `بتوقيت مكة المكرمة`. A place has a fixed
/// offset only if its offset has not changed since the web began.
fn zone(after: &str) -> (Zone, &str) {
    let digits = after.trim_start();
    // `-5` may be the day of a date.
    let is_offset = |rest: &str| {
        digits.starts_with('+') || digits.len() - rest.len() > 3 || rest.trim().is_empty()
    };
    if let Some((offset, rest)) = numeric_offset(digits).filter(|(_, rest)| is_offset(rest)) {
        let rest = tz_name(rest).map_or(without_comment(rest), |(_, rest)| rest);
        return (Zone::Fixed(offset), rest);
    }
    if let Some((name, rest)) = tz_name(after) {
        return (of_place(name), rest);
    }
    let (word, rest) = first_word(after.trim_start_matches(is_separator));
    match folded(word).as_str() {
        "gmt" | "utc" | "z" => {
            let offset = numeric_offset(rest.trim_start());
            let (offset, rest) = offset.unwrap_or((Offset::UTC, rest));
            (Zone::Fixed(offset), without_comment(rest))
        }
        "توقيت" | "بتوقيت" | "التوقيت" | "بالتوقيت" | "حسب" => {
            by_place(rest)
        }
        "غرينتش" | "جرينتش" => (Zone::Fixed(Offset::UTC), rest),
        name => match abbreviated(name) {
            Some(hours) => (Zone::Fixed(Offset::constant(hours)), rest),
            None if is_zone_name(word) => (Zone::Uncertain, rest),
            None => (Zone::Unsaid, after),
        },
    }
}

/// Returns whether the word has the shape of an abbreviated zone, such as `IST`, and is no month.
fn is_zone_name(word: &str) -> bool {
    (3..=4).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && weekday(word).is_none()
        && Period::parse_one(&format!("{word} 2020")).is_err()
}

/// Returns the hours that a folded abbreviation of a time zone stands for in the Arab world, where
/// `AST` is the time of Arabia and not of the Atlantic. Returns `None` for other words and for
/// zones with several meanings.
fn abbreviated(name: &str) -> Option<i8> {
    Some(match name {
        "pst" => -8,
        "mst" | "pdt" => -7,
        "mdt" => -6,
        "est" | "cdt" => -5,
        "edt" => -4,
        "wet" | "ut" => 0,
        "cet" | "wat" | "west" => 1,
        "eet" | "cat" | "cest" => 2,
        "ast" | "eest" | "eat" | "msk" => 3,
        "gst" => 4,
        _ => return None,
    })
}

/// Returns the text without a comment in parentheses at its beginning, such as the zone in
/// `GMT+0300 (AST)`.
fn without_comment(after: &str) -> &str {
    let comment = after.trim_start().strip_prefix('(');
    let rest = comment.and_then(|comment| Some(comment.split_once(')')?.1));
    rest.unwrap_or(after)
}

/// Splits the text after a name of the tz database, and returns the place of the name: `Riyadh` for
/// `Asia/Riyadh` or `[Asia/Riyadh]`.
fn tz_name(after: &str) -> Option<(&str, &str)> {
    let name = after.trim_start_matches(|c| is_separator(c) || c == '[');
    let (area, place) = name.split_once('/')?;
    let is_area = matches!(
        area,
        "Africa"
            | "America"
            | "Antarctica"
            | "Asia"
            | "Atlantic"
            | "Australia"
            | "Etc"
            | "Europe"
            | "Indian"
            | "Pacific"
    );
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-' | '+');
    let end = place.find(|c| !is_inside(c)).unwrap_or(place.len());
    let (place, rest) = place.split_at(end);
    is_area.then(|| (place, rest.strip_prefix(']').unwrap_or(rest)))
}

fn by_place(after: &str) -> (Zone, &str) {
    let (place, mut rest) = first_word(after.trim_start_matches(is_separator));
    if folded(place) == "توقيت" {
        return by_place(rest);
    }
    let (next, after_next) = first_word(rest.trim_start());
    if folded(next) == "المكرمه" {
        rest = after_next;
    }
    (of_place(place), rest)
}

fn of_place(place: &str) -> Zone {
    let hours = |hours| Zone::Fixed(Offset::constant(hours));
    match folded(place).as_str() {
        "غرينتش" | "جرينتش" | "غرينيتش" | "جرينيتش" | "gmt" | "utc" => {
            hours(0)
        }
        "الجزائر" | "algiers" => hours(1),
        "مكه" | "السعوديه" | "الرياض" | "صنعاء" | "قطر" | "الدوحه" | "الكويت" | "البحرين"
        | "المنامه" | "riyadh" | "aden" | "qatar" | "kuwait" | "bahrain" => hours(3),
        "الامارات" | "دبي" | "ابوظبي" | "مسقط" | "dubai" | "muscat" => {
            hours(4)
        }
        _ => Zone::Uncertain,
    }
}

/// Reads `+03:00`, `+0300`, `+3` or `-05:30`.
pub fn numeric_offset(text: &str) -> Option<(Offset, &str)> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    let written = &digits[..digits.len() - rest.len()];
    let (hours, minutes) = match (written.split_once(':'), written.len()) {
        (Some((hours, minutes)), _) => (hours, minutes),
        (None, 4) => written.split_at(2),
        (None, 1 | 2) => (written, "0"),
        (None, _) => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes >= 60 {
        return None;
    }
    let seconds = sign * (hours * 3600 + minutes * 60);
    Some((Offset::from_seconds(seconds).ok()?, rest))
}

/// Removes words such as `الساعة` that lead from a date to a time.
fn without_hour_word(before: &str) -> &str {
    let mut rest = before;
    loop {
        let trimmed = rest.trim_end_matches(is_separator);
        let last_word = trimmed.rsplit(is_separator).next().unwrap_or_default();
        let start = trimmed.len() - last_word.len();
        let is_leading = matches!(
            folded(&trimmed[start..]).as_str(),
            "الساعه" | "ساعه" | "عند" | "علي" | "في" | "at" | "a"
        );
        if !is_leading {
            return trimmed;
        }
        rest = &trimmed[..start];
    }
}

/// Returns whether the character separates a date from a time.
pub fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '–' | '—' | '|' | ',' | '،' | ':' | '(' | ')' | '•' | '/'
        )
}

/// Splits the text after the letters at its beginning.
fn first_word(text: &str) -> (&str, &str) {
    // Vowel marks are not alphabetic, but they are part of words.
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\u{64B}'..='\u{652}');
    text.split_at(text.find(|c| !is_letter(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let seen = find(text).map(|clock| {
            let zone = match clock.zone {
                Zone::Unsaid => "local".to_owned(),
                Zone::Fixed(offset) => offset.seconds().to_string(),
                Zone::Uncertain => "?".to_owned(),
            };
            format!("{} {zone} {}", clock.time, clock.rest.trim())
        });
        assert_eq!(seen.unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn hours_of_both_clocks() {
        check("15 مارس 14:30", "14:30:00 local 15 مارس");
        check("15 مارس - 2:30 مساءً", "14:30:00 local 15 مارس");
        check("2:30 م، 15 مارس", "14:30:00 local 15 مارس");
        check("12:05 ص", "00:05:00 local ");
        check("15 مارس الساعة 9 صباحا", "09:00:00 local 15 مارس");
        check("1:10 ليلا", "01:10:00 local ");
        check("le 15 mars à 14h30", "14:30:00 local le 15 mars");
        check("March 15 9:05:07 p.m.", "21:05:07 local March 15");
        check("15.03 2.30 م", "14:30:00 local 15.03");
        check("12:05 بعد منتصف الليل", "00:05:00 local ");
    }

    #[test]
    fn offsets_that_are_certain_or_not() {
        check("14:30 GMT", "14:30:00 0 ");
        check("14:30 بتوقيت غرينتش", "14:30:00 0 ");
        check("14:30 بتوقيت مكة المكرمة", "14:30:00 10800 ");
        check("14:30 (توقيت القاهرة)", "14:30:00 ? ");
        check("14:30 GMT+3", "14:30:00 10800 ");
        check("14:30 -05:30", "14:30:00 -19800 ");
        check("14:30 AST", "14:30:00 10800 ");
        check("14:30 IST", "14:30:00 ? ");
        check("14:30 Asia/Riyadh", "14:30:00 10800 ");
        check("14:30:00.5+03:00[Asia/Riyadh]", "14:30:00 10800 ");
        check("14:30 Africa/Cairo", "14:30:00 ? ");
        check("14:30 GMT+0300 (AST) 2026", "14:30:00 10800 2026");
    }

    #[test]
    fn what_no_clock_shows() {
        for text in ["25:00", "14:75", "14:5", "15 مارس", "مارس: 2020", "الساعة"] {
            check(text, "");
        }
    }
}

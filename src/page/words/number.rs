//! Numbers, counted things and dates as the page writes them: European digits throughout, as most of the Arab press
//! prints them now. It reads no Arabic.

use fihrist_index::article::{Confidence, Precision, Published};

/// The forms of a counted noun. Arabic counts one and two by the noun alone, three to ten with the broken plural,
/// eleven to ninety-nine with the singular in the accusative, and full hundreds with the singular in the genitive.
pub struct Noun {
    pub zero: &'static str,
    pub one: &'static str,
    pub two: &'static str,
    pub few: &'static str,
    pub many: &'static str,
    pub hundreds: &'static str,
}

pub const ARTICLES: Noun =
    Noun {
        zero: "لا مقالات", one: "مقالة واحدة", two: "مقالتان", few: "مقالات", many: "مقالة", hundreds: "مقالة"
    };

pub const COPIES: Noun = Noun {
    zero: "لا نسخ أخرى",
    one: "نسخة أخرى",
    two: "نسختان أخريان",
    few: "نسخ أخرى",
    many: "نسخة أخرى",
    hundreds: "نسخة أخرى",
};

pub const PLACES: Noun =
    Noun {
        zero: "لا مواضع", one: "موضع واحد", two: "موضعان", few: "مواضع", many: "موضعًا", hundreds: "موضع"
    };

/// A number of things in words that agree.
pub fn counted(number: u64, noun: &Noun) -> String {
    let form = match (number, number % 100) {
        (0, _) => return noun.zero.to_owned(),
        (1, _) => return noun.one.to_owned(),
        (2, _) => return noun.two.to_owned(),
        (_, 3..=10) => noun.few,
        (_, 11..=99) => noun.many,
        _ => noun.hundreds,
    };
    format!("{} {form}", with_thousands(number))
}

/// A number with a comma before every group of three digits.
pub fn with_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

const MONTHS: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];

/// `5 مارس 2020`.
pub fn day(day: jiff::civil::Date) -> String {
    format!("{} {}", day.day(), month(day))
}

/// `مارس 2020`.
pub fn month(day: jiff::civil::Date) -> String {
    let place = usize::try_from(day.month() - 1).unwrap_or_default();
    format!("{} {}", MONTHS.get(place).copied().unwrap_or_default(), year(day))
}

/// `2020`.
pub fn year(day: jiff::civil::Date) -> String {
    day.year().to_string()
}

/// A date for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// As the `datetime` of a `<time>`.
    pub iso: String,
    /// `5 مارس 2020`, `مارس 2020` or `2020`; a guess says that it is one.
    pub words: String,
}

/// The date of an article, as precise as it is known; the time of day stays out.
pub fn date(published: &Published) -> Date {
    let mut parts = published.date.get(..10).unwrap_or(&published.date).split('-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().and_then(|month| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?));
    let day = parts.next().and_then(|day| day.parse::<u8>().ok());
    let words = match (published.precision, month, day) {
        (Precision::Day | Precision::Second, Some(month), Some(day)) => format!("{day} {month} {year}"),
        (Precision::Day | Precision::Second | Precision::Month, Some(month), _) => format!("{month} {year}"),
        (Precision::Day | Precision::Second | Precision::Month | Precision::Year, _, _) => year.to_owned(),
    };
    let words = match published.confidence {
        Confidence::Certain | Confidence::Likely => words,
        Confidence::Guess => format!("{words} (تقديرًا)"),
    };
    Date { iso: published.date.clone(), words }
}

#[cfg(test)]
mod tests {
    use fihrist_index::article::DateOrigin;

    use super::*;

    #[test]
    fn nouns_agree_with_their_number() {
        let check = |number: u64, expected: &str| assert_eq!(counted(number, &ARTICLES), expected);
        check(0, "لا مقالات");
        check(1, "مقالة واحدة");
        check(2, "مقالتان");
        check(3, "3 مقالات");
        check(10, "10 مقالات");
        check(11, "11 مقالة");
        check(100, "100 مقالة");
        check(103, "103 مقالات");
        check(39_796, "39,796 مقالة");
        assert_eq!(counted(11, &PLACES), "11 موضعًا");
        assert_eq!(counted(200, &PLACES), "200 موضع");
        assert_eq!(
            [1, 2, 3, 11].map(|copies| counted(copies, &COPIES)),
            ["نسخة أخرى", "نسختان أخريان", "3 نسخ أخرى", "11 نسخة أخرى"]
        );
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        let check = |number: u64, expected: &str| assert_eq!(with_thousands(number), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }

    #[test]
    fn dates_say_what_is_known() {
        let published = |iso: &str, precision: Precision, confidence: Confidence| Published {
            date: iso.to_owned(),
            precision,
            origin: DateOrigin::Text,
            confidence,
            timestamp_seconds: 0,
        };
        let check = |iso: &str, precision: Precision, expected: &str| {
            assert_eq!(date(&published(iso, precision, Confidence::Likely)).words, expected);
        };
        check("2020", Precision::Year, "2020");
        check("2020-03", Precision::Month, "مارس 2020");
        check("2020-03-05", Precision::Day, "5 مارس 2020");
        check("2020-03-05T23:30:00+02:00", Precision::Second, "5 مارس 2020");
        check("2020-13-05", Precision::Day, "2020");
        let guess = published("2020-03-05", Precision::Day, Confidence::Guess);
        assert_eq!(date(&guess).words, "5 مارس 2020 (تقديرًا)");
    }
}

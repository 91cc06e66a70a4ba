//! The names of the days of the week. It does not check that a date falls on the named day.

use jiff::civil::Weekday;

use crate::fold::folded;

/// Returns the day of the week that a word names in Arabic, English or French, with or without the
/// article. Use it for dates only: `أحد` also means "anyone", and `جمعة` is a name.
pub fn weekday(word: &str) -> Option<Weekday> {
    named(&folded(word))
}

/// Returns the day of the week with this folded name.
pub fn named(word: &str) -> Option<Weekday> {
    let noun = without_article(word);
    let is_name = |name| name == word || !noun.is_ascii() && name == noun;
    let offset = NAMES
        .iter()
        .position(|names| names.split(", ").any(is_name))?;
    Weekday::from_sunday_zero_offset(offset as i8).ok()
}

/// The folded names of each day, from Sunday on, with a comma between: Arabic without the article,
/// English, French.
const NAMES: [&str; 7] = [
    "احد, sunday, sun, dimanche",
    "اثنين, monday, mon, lundi",
    "ثلاثاء, ثلثاء, tuesday, tue, mardi",
    "اربعاء, wednesday, wed, mercredi",
    "خميس, thursday, thu, jeudi",
    "جمعه, friday, fri, vendredi",
    "سبت, saturday, sat, samedi",
];

/// Returns a folded word without the proclitic ل or ب and without the article.
pub fn without_article(word: &str) -> &str {
    let noun = word.strip_prefix(['ل', 'ب']).unwrap_or(word);
    noun.strip_prefix("ال")
        .or_else(|| noun.strip_prefix('ل'))
        .unwrap_or(noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_and_without_company() {
        for (word, expected) in [
            ("الأحد", Weekday::Sunday),
            ("الإثنين", Weekday::Monday),
            ("للثلاثاء", Weekday::Tuesday),
            ("بالأربعاء", Weekday::Wednesday),
            ("خميس", Weekday::Thursday),
            ("الجمعة", Weekday::Friday),
            ("Samedi", Weekday::Saturday),
        ] {
            assert_eq!(weekday(word), Some(expected), "{word}");
        }
        assert_eq!(weekday("يوم"), None);
    }
}

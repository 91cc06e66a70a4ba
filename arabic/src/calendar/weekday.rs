//! The names of the days of the week. It does not check that a date falls on the named day.

use jiff::civil::Weekday;

use crate::fold::folded;

/// Returns the day of the week that a word names in Arabic, English or French, with or without the
/// article. Use it for dates only: `أحد` also means "anyone", and `جمعة` is a name.
pub fn weekday(word: &str) -> Option<Weekday> {
    named(&folded(word))
}

/// Returns the day of the week with this folded name.
pub(super) fn named(word: &str) -> Option<Weekday> {
    let noun = word.strip_prefix(['ل', 'ب']).unwrap_or(word);
    let noun = noun
        .strip_prefix("ال")
        .or_else(|| noun.strip_prefix('ل'))
        .unwrap_or(noun);
    let day = match noun {
        "احد" => Weekday::Sunday,
        "اثنين" => Weekday::Monday,
        "ثلاثاء" | "ثلثاء" => Weekday::Tuesday,
        "اربعاء" => Weekday::Wednesday,
        "خميس" => Weekday::Thursday,
        "جمعه" => Weekday::Friday,
        "سبت" => Weekday::Saturday,
        _ => return of_other_alphabets(word),
    };
    Some(day)
}

fn of_other_alphabets(word: &str) -> Option<Weekday> {
    let day = match word {
        "sunday" | "sun" | "dimanche" => Weekday::Sunday,
        "monday" | "mon" | "lundi" => Weekday::Monday,
        "tuesday" | "tue" | "mardi" => Weekday::Tuesday,
        "wednesday" | "wed" | "mercredi" => Weekday::Wednesday,
        "thursday" | "thu" | "jeudi" => Weekday::Thursday,
        "friday" | "fri" | "vendredi" => Weekday::Friday,
        "saturday" | "sat" | "samedi" => Weekday::Saturday,
        _ => return None,
    };
    Some(day)
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

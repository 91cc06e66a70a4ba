//! The names of the Gregorian months in all Arab countries. The months of other calendars are in
//! `hijri` and `persian`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Calendar, hijri, persian};
use crate::fold::folded;

/// Returns the calendar and the number of the month with this folded name: one word, or two with a
/// space between.
pub fn named(folded_name: &str) -> Option<(Calendar, u32)> {
    static MONTHS: LazyLock<FxHashMap<String, (Calendar, u32)>> = LazyLock::new(|| {
        let of = |calendar, names: [&'static str; 12]| {
            numbered(names).map(move |(number, name)| (name, (calendar, number)))
        };
        let hijri = of(Calendar::Hijri, hijri::NAMES);
        let persian = of(Calendar::Persian, persian::NAMES);
        let gregorian = of(Calendar::Gregorian, NAMES);
        hijri.chain(persian).chain(gregorian).collect()
    });
    MONTHS.get(folded_name).copied()
}

/// Returns the folded names of months or days, each with the number of its month or day, from 1.
pub fn numbered<const COUNT: usize>(
    lists: [&'static str; COUNT],
) -> impl Iterator<Item = (u32, String)> {
    let fold_words = |name: &str| name.split(' ').map(folded).collect::<Vec<_>>().join(" ");
    (1..).zip(lists).flat_map(move |(number, names)| {
        names
            .split(", ")
            .map(move |name| (number, fold_words(name)))
    })
}

/// The names of each month, with a comma between, in this order: Egypt and the Gulf, the Levant and
/// Iraq, the Maghreb, Libya from 1986 to 2011, usual other spellings, English, French.
///
/// In the Levant, a digit may stand for `الأول` and `الثاني`, and a letter for the noun: `كانون 2`,
/// `ت1`.
///
/// Spellings that fold alike are listed once: أبريل stands for ابريل and إبريل, too. Libyan names
/// that also mean a season, water or a man are left out: الربيع، الصيف، الماء، ناصر، الكانون.
const NAMES: [&str; 12] = [
    "يناير, كانون الثاني, كانون ثاني, كانون ثان, كانون 2, ك 2, جانفي, أي النار, january, jan, janvier, janv",
    "فبراير, شباط, فيفري, النوار, february, feb, février, févr",
    "مارس, آذار, march, mar, mars",
    "أبريل, نيسان, أفريل, الطير, april, apr, avril, avr",
    "مايو, أيار, مايس, ماي, may, mai",
    "يونيو, يونيه, حزيران, جوان, june, jun, juin",
    "يوليو, يوليه, تموز, جويلية, يوليوز, july, jul, juillet, juil",
    "أغسطس, آب, أوت, غشت, أغشت, هانيبال, august, aug, août",
    "سبتمبر, أيلول, شتنبر, سيبتمبر, الفاتح, september, sept, sep, septembre",
    "أكتوبر, تشرين الأول, تشرين أول, تشرين 1, ت 1, اوكتوبر, التمور, october, oct, octobre",
    "نوفمبر, تشرين الثاني, تشرين ثاني, تشرين ثان, تشرين 2, ت 2, نونبر, الحرث, november, nov, novembre",
    "ديسمبر, كانون الأول, كانون أول, كانون 1, ك 1, دجنبر, دجمبر, دسمبر, december, dec, décembre, déc",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{DatePart, date_parts};

    fn month(name: &str) -> Option<u32> {
        match date_parts(name).ok()?[..] {
            [DatePart::Month(Calendar::Gregorian, number)] => Some(number),
            _ => None,
        }
    }

    #[test]
    fn every_name_of_the_table_is_found_and_means_one_month() {
        for (names, number) in NAMES.iter().zip(1..) {
            for name in names.split(", ") {
                assert_eq!(month(name), Some(number), "{name}");
            }
        }
    }

    #[test]
    fn names_in_company() {
        for (name, number) in [
            ("يناير (كانون الثاني)", 1),
            ("كانون الثاني/يناير", 1),
            ("في شهر مارس", 3),
            ("لمارس", 3),
            ("بتشرين الأول", 10),
            ("ديســمبر", 12),
            ("آذَار", 3),
            ("جويليه", 7),
            ("كانون الثانى", 1),
            ("MARCH", 3),
        ] {
            assert_eq!(month(name), Some(number), "{name}");
        }
    }

    #[test]
    fn what_is_no_month() {
        for name in [
            "",
            "كانون",
            "كانون 3",
            "ك",
            "تشرين",
            "الثاني",
            "باب",
            "رمضان",
            "مارس 2020",
            "مارس أبريل",
            "3",
            "شهر",
            "?",
        ] {
            assert_eq!(month(name), None, "{name}");
        }
    }
}

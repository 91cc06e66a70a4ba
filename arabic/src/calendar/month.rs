//! The names of the Gregorian months in all Arab countries. The Hijri months are in `hijri`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::fold::folded;

/// Returns the number of the month with this folded name: one word, or two with a space between.
pub(super) fn named(folded_name: &str) -> Option<i8> {
    static NUMBERS: LazyLock<MonthNames> = LazyLock::new(|| MonthNames::new(&NAMES));
    NUMBERS.get(folded_name)
}

/// The numbers of the months, from 1, by the folded names of the months.
pub(super) struct MonthNames(FxHashMap<String, i8>);

impl MonthNames {
    /// Makes the map from a table of twelve months, from the first on, with all names of each.
    pub(super) fn new(table: &[&[&str]; 12]) -> Self {
        let fold_words = |name: &str| name.split(' ').map(folded).collect::<Vec<_>>().join(" ");
        let of_month = |(names, number): (&&[&str], i8)| {
            names
                .iter()
                .map(|name| (fold_words(name), number))
                .collect::<Vec<_>>()
        };
        Self(table.iter().zip(1..).flat_map(of_month).collect())
    }

    pub(super) fn get(&self, folded_name: &str) -> Option<i8> {
        self.0.get(folded_name).copied()
    }
}

/// The names of each month, in this order: Egypt and the Gulf, the Levant and Iraq, the Maghreb,
/// Libya from 1986 to 2011, usual other spellings, English, French.
///
/// Spellings that fold alike are listed once: أبريل stands for ابريل and إبريل, too. Libyan names
/// that also mean a season, water or a man are left out: الربيع، الصيف، الماء، ناصر، الكانون.
#[rustfmt::skip]
const NAMES: [&[&str]; 12] = [
    &["يناير", "كانون الثاني", "كانون ثاني", "كانون ثان", "جانفي", "أي النار", "january", "jan", "janvier", "janv"],
    &["فبراير", "شباط", "فيفري", "النوار", "february", "feb", "février", "févr"],
    &["مارس", "آذار", "march", "mar", "mars"],
    &["أبريل", "نيسان", "أفريل", "الطير", "april", "apr", "avril", "avr"],
    &["مايو", "أيار", "مايس", "ماي", "may", "mai"],
    &["يونيو", "يونيه", "حزيران", "جوان", "june", "jun", "juin"],
    &["يوليو", "يوليه", "تموز", "جويلية", "يوليوز", "july", "jul", "juillet", "juil"],
    &["أغسطس", "آب", "أوت", "غشت", "أغشت", "هانيبال", "august", "aug", "août"],
    &["سبتمبر", "أيلول", "شتنبر", "سيبتمبر", "الفاتح", "september", "sept", "sep", "septembre"],
    &["أكتوبر", "تشرين الأول", "تشرين أول", "اوكتوبر", "التمور", "october", "oct", "octobre"],
    &["نوفمبر", "تشرين الثاني", "تشرين ثاني", "تشرين ثان", "نونبر", "الحرث", "november", "nov", "novembre"],
    &["ديسمبر", "كانون الأول", "كانون أول", "دجنبر", "دجمبر", "دسمبر", "december", "dec", "décembre", "déc"],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::month;

    #[test]
    fn every_name_of_the_table_is_found_and_means_one_month() {
        for (names, number) in NAMES.iter().zip(1..) {
            for name in *names {
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

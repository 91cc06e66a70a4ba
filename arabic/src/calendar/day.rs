//! The days of a month as ordinal numbers in words: `الخامس عشر من شعبان`. Months are in `month`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::month::numbered;

/// Returns the day with this folded name: one word, or two with a space between.
pub fn named(folded_name: &str) -> Option<u32> {
    static DAYS: LazyLock<FxHashMap<String, u32>> = LazyLock::new(|| {
        numbered(NAMES)
            .map(|(number, name)| (name, number))
            .collect()
    });
    DAYS.get(folded_name).copied()
}

/// All names of each day, from the first on, with a comma between. `غرة` is the first day of a
/// Hijri month.
const NAMES: [&str; 31] = [
    "الأول, أول, غرة",
    "الثاني",
    "الثالث",
    "الرابع",
    "الخامس",
    "السادس",
    "السابع",
    "الثامن",
    "التاسع",
    "العاشر",
    "الحادي عشر",
    "الثاني عشر",
    "الثالث عشر",
    "الرابع عشر",
    "الخامس عشر",
    "السادس عشر",
    "السابع عشر",
    "الثامن عشر",
    "التاسع عشر",
    "العشرين, العشرون",
    "الحادي والعشرين, الحادي والعشرون, الواحد والعشرين, الواحد والعشرون",
    "الثاني والعشرين, الثاني والعشرون",
    "الثالث والعشرين, الثالث والعشرون",
    "الرابع والعشرين, الرابع والعشرون",
    "الخامس والعشرين, الخامس والعشرون",
    "السادس والعشرين, السادس والعشرون",
    "السابع والعشرين, السابع والعشرون",
    "الثامن والعشرين, الثامن والعشرون",
    "التاسع والعشرين, التاسع والعشرون",
    "الثلاثين, الثلاثون",
    "الحادي والثلاثين, الحادي والثلاثون, الواحد والثلاثين, الواحد والثلاثون",
];

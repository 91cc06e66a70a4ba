//! Names of Latin letters, as Arabic spells abbreviations: `سي إن إن` is CNN.

/// The names of the letters A to Z, folded. A letter has several names. `زي` for Z is left out: it
/// means "like" in the spoken language.
const NAMES: &[&str] = &[
    "ايه",
    "اي",
    "بي",
    "سي",
    "دي",
    "اف",
    "ايف",
    "جي",
    "اتش",
    "ايتش",
    "جيه",
    "جاي",
    "كيه",
    "كي",
    "كاي",
    "ال",
    "ايل",
    "ام",
    "ايم",
    "ان",
    "او",
    "كيو",
    "ار",
    "اس",
    "ايس",
    "تي",
    "يو",
    "في",
    "دبليو",
    "دابليو",
    "اكس",
    "ايكس",
    "واي",
    "زد",
];

/// Returns whether a folded word is the name of a Latin letter. Most names are words as well, so
/// only several of them in a row spell an abbreviation.
pub fn is_letter_name(folded: &str) -> bool {
    NAMES.contains(&folded)
}

//! Folding writes the spelling variants of a word alike. It takes single words and does not stem.
//!
//! ```text
//!     written    إطْـلاق   حكومة   مبنى   ٱلسلام   Élysée
//!     folded     اطلاق    حكومه   مبني   السلام   elysee
//! ```
//!
//! Folding takes one word at a time, so offsets in the text stay valid. Folding a folded word
//! changes nothing.

use unicode_normalization::UnicodeNormalization;

use crate::PackedWord;
use crate::chars::{
    COMBINING_HAMZA_ABOVE, COMBINING_HAMZA_BELOW, COMBINING_MADDA, is_dropped_mark, is_format,
    is_presentation_form,
};
use crate::model::packed_word::low_byte;

const ALEF: char = 'ا';
const ALEF_HAMZA_ABOVE: char = 'أ';
const ALEF_HAMZA_BELOW: char = 'إ';
const ALEF_MADDA: char = 'آ';
const ALEF_WASLA: char = 'ٱ';
const ALEF_MAKSURA: char = 'ى';
const BEH: char = 'ب';
const TEH_MARBUTA: char = 'ة';
const JEEM: char = 'ج';
const ZAIN: char = 'ز';
const FEH: char = 'ف';
const QAF: char = 'ق';
const KAF: char = 'ك';
const HEH: char = 'ه';
const WAW: char = 'و';
const WAW_HAMZA: char = 'ؤ';
const YEH: char = 'ي';
const YEH_HAMZA: char = 'ئ';

/// Writes the folded form of `word` to `folded`, which is cleared first. The result is empty if the
/// word consists of marks alone.
pub(crate) fn fold(word: &str, folded: &mut String) {
    folded.clear();
    word.chars()
        .for_each(|character| write_folded::<false>(character, folded));
}

/// Writes `word` to `spelled` as [`fold`] does, but keeps the spellings that readers distinguish:
/// the hamzas of alef, `ة` and `ى`.
///
/// Invariant: the result has as many characters as that of [`fold`], and each of them folds to the
/// corresponding character.
pub(crate) fn spell(word: &str, spelled: &mut String) {
    spelled.clear();
    word.chars()
        .for_each(|character| write_folded::<true>(character, spelled));
}

/// Whether the word may contain a letter that readers distinguish from its folded letter.
pub(crate) fn has_spelling(word: &str) -> bool {
    word.chars()
        .any(|c| is_spelling(c) || is_presentation_form(c) || alef_with(c).is_some())
}

/// Folds a word of Arabic letters. Returns the result packed, and as text that is borrowed from
/// `word` if folding changes nothing and otherwise from `folded`. A word that does not fit a
/// [`PackedWord`] is returned as text only.
pub(crate) fn fold_arabic_word<'a>(
    word: &'a str,
    folded: &'a mut String,
) -> (Option<PackedWord>, &'a str) {
    let Some((packed, is_changed)) = pack_folded(word) else {
        fold(word, folded);
        return (PackedWord::pack(folded), folded);
    };
    if !is_changed {
        return (Some(packed), word);
    }
    folded.clear();
    folded.extend(packed.chars());
    (Some(packed), folded)
}

/// Returns the folded word and whether it differs from the word. Returns `None` if a character
/// needs more than a lookup.
fn pack_folded(word: &str) -> Option<(PackedWord, bool)> {
    let mut packed = [0; PackedWord::MAX_LETTERS];
    let mut letter_count = 0;
    let mut is_changed = false;
    for utf8 in word.as_bytes().chunks(2) {
        let [lead @ 0xD8..=0xDB, trail] = *utf8 else {
            return None;
        };
        let low = lead << 6 | trail & 0x3F;
        let letter = FOLDED[usize::from(low)];
        is_changed |= letter != low;
        match letter {
            DROPPED => {}
            NO_LETTER => return None,
            letter => {
                *packed.get_mut(letter_count)? = letter;
                letter_count += 1;
            }
        }
    }
    Some((PackedWord::from_low_bytes(packed), is_changed))
}

/// Marks a character of the Arabic block that folding drops.
const DROPPED: u8 = 0;

/// Marks a character that does not fold to one letter of the Arabic block. No letter has this low
/// byte.
const NO_LETTER: u8 = 1;

/// For the low byte of each character of the Arabic block, the low byte of its folded letter,
/// [`DROPPED`] or [`NO_LETTER`].
const FOLDED: [u8; 256] = {
    let mut folded = [NO_LETTER; 256];
    let mut low = 0;
    while low < folded.len() {
        if let Some(character) = char::from_u32(0x600 | low as u32) {
            if is_dropped_mark(character) && character != COMBINING_HAMZA_ABOVE
                || is_format(character)
            {
                folded[low] = DROPPED;
            } else if let Some(letter) = low_byte(fold_arabic(character)) {
                folded[low] = letter;
            }
        }
        low += 1;
    }
    folded
};

/// Returns the folded form of `word` as a new string.
pub fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold(word, &mut out);
    out
}

/// Returns how many letters the character adds to a folded word: none (for a mark), one, or more
/// (for a ligature).
pub(crate) fn folded_letter_count(character: char) -> usize {
    match character {
        '\u{621}'..='\u{63F}' | '\u{641}'..='\u{64A}' => 1,
        _ => {
            let mut folded = String::new();
            write_folded::<false>(character, &mut folded);
            folded.chars().count()
        }
    }
}

/// Appends the folded form of a character. With `SPELLED`, it keeps spellings that readers
/// distinguish.
pub(crate) fn write_folded<const SPELLED: bool>(character: char, folded: &mut String) {
    let letter = |character| {
        if SPELLED && is_spelling(character) {
            character
        } else {
            fold_arabic(character)
        }
    };
    match character {
        '\0'..='\u{7F}' => folded.push(character.to_ascii_lowercase()),
        _ if SPELLED && alef_with(character).is_some() && folded.ends_with(ALEF) => {
            folded.pop();
            folded.extend(alef_with(character));
        }
        COMBINING_HAMZA_ABOVE => compose_hamza(folded),
        _ if is_dropped_mark(character) || is_format(character) => {}
        '\u{621}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8C9}' => {
            folded.push(letter(character))
        }
        _ if is_presentation_form(character) => {
            for part in character.nfkd().filter(|part| !part.is_whitespace()) {
                // A few presentation forms have no decomposition.
                if part == character {
                    folded.push(part)
                } else {
                    write_folded::<SPELLED>(part, folded)
                }
            }
        }
        _ => fold_other(character, folded),
    }
}

/// Whether readers distinguish the letter from its folded letter. Other foldings unite encodings of
/// one letter, or letters of other languages.
const fn is_spelling(character: char) -> bool {
    matches!(
        character,
        ALEF_HAMZA_ABOVE | ALEF_HAMZA_BELOW | ALEF_MADDA | TEH_MARBUTA | ALEF_MAKSURA
    )
}

/// Returns the single letter for an alef with a combining madda or hamza; `None` for other marks.
const fn alef_with(mark: char) -> Option<char> {
    match mark {
        COMBINING_MADDA => Some(ALEF_MADDA),
        COMBINING_HAMZA_ABOVE => Some(ALEF_HAMZA_ABOVE),
        COMBINING_HAMZA_BELOW => Some(ALEF_HAMZA_BELOW),
        _ => None,
    }
}

/// Adds a combining hamza above to the last letter: و becomes ؤ, and ي becomes ئ. After an alef,
/// the hamza is dropped.
fn compose_hamza(folded: &mut String) {
    let composed = match folded.chars().next_back() {
        Some(WAW) => WAW_HAMZA,
        // If spellings are kept, the letter before the hamza may be ى.
        Some(YEH | ALEF_MAKSURA) => YEH_HAMZA,
        _ => return,
    };
    folded.pop();
    folded.push(composed);
}

/// Folds letters and digits of the Arabic blocks by the table of the specification. ؤ ئ ء stay.
///
/// ة and ى fold anywhere in a word. In the middle, they show that two words are joined or that the
/// spelling is Persian.
const fn fold_arabic(character: char) -> char {
    match character {
        ALEF_HAMZA_ABOVE | ALEF_HAMZA_BELOW | ALEF_MADDA | ALEF_WASLA | 'ٲ' | 'ٳ' | 'ٵ' => ALEF,
        ALEF_MAKSURA | 'ی' | 'ې' | 'ۍ' | 'ێ' | 'ے' => YEH,
        'ۓ' => YEH_HAMZA,
        'ٶ' => WAW_HAMZA,
        TEH_MARBUTA | 'ھ' | 'ہ' | 'ە' | 'ۀ' | 'ۂ' | 'ۃ' => HEH,
        'ک' | 'ڪ' | 'گ' | 'ڭ' | 'ݣ' => KAF,
        'پ' => BEH,
        'چ' => JEEM,
        'ڤ' | 'ڥ' => FEH,
        'ڨ' => QAF,
        'ژ' => ZAIN,
        '\u{660}'..='\u{669}' => ascii_digit(character, '\u{660}'),
        '\u{6F0}'..='\u{6F9}' => ascii_digit(character, '\u{6F0}'),
        other => other,
    }
}

const fn ascii_digit(digit: char, zero: char) -> char {
    match char::from_digit(digit as u32 - zero as u32, 10) {
        Some(ascii) => ascii,
        None => digit,
    }
}

/// Folds a character of Latin or any other script: compatibility form, lower case, no accents.
fn fold_other(character: char, folded: &mut String) {
    let plain =
        |c: &char| !is_dropped_mark(*c) && !is_format(*c) && !c.is_whitespace() && !c.is_control();
    // Lower-casing may add an accent (İ → i and a dot), so accents are removed again.
    let parts = character
        .nfkd()
        .filter(plain)
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(plain)
        .nfc();
    // Some symbols decompose to Arabic letters.
    folded.extend(parts.map(fold_arabic));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(word: &str, expected: &str) {
        assert_eq!(folded(word), expected, "{word:?}");
    }

    #[test]
    fn decomposed_hamza_is_composed_before_marks_go() {
        check("ا\u{654}حمد", "احمد");
        check("سو\u{654}ال", "سؤال");
        check("سي\u{64E}\u{654}ل", "سئل");
    }

    #[test]
    fn latin_loses_case_width_and_accents() {
        check("Élysée", "elysee");
        check("ＢＢＣ", "bbc");
        check("İzmir", "izmir");
    }

    proptest! {
        #[test]
        fn the_short_way_folds_as_the_long_way(word in "[\u{600}-\u{6FF}]{0,20}|.{0,4}") {
            let mut buffer = String::new();
            let (packed, text) = fold_arabic_word(&word, &mut buffer);
            prop_assert_eq!(text, &folded(&word));
            prop_assert_eq!(packed, PackedWord::pack(text));
        }

        #[test]
        fn spelling_folds_letter_by_letter(word in "[\u{621}-\u{655}ٱۀﺃﺔﻷا\u{653}-\u{655}]{0,9}|.{0,6}") {
            let mut spelled = String::new();
            spell(&word, &mut spelled);
            let letters: Vec<char> = spelled.chars().map(fold_arabic).collect();
            prop_assert_eq!(letters, folded(&word).chars().collect::<Vec<_>>());
            prop_assert!(has_spelling(&word) || spelled == folded(&word), "{}", spelled);
        }

        #[test]
        fn folding_twice_is_folding_once(word in any::<String>()) {
            let once = folded(&word);
            prop_assert_eq!(folded(&once), once);
        }
    }
}

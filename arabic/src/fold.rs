//! Folding writes the spelling variants of a word alike. It takes single words and does not stem.
//!
//! ```text
//!     written    إطْـلاق   حكومة   مبنى   ٱلسلام   Élysée
//!     folded     اطلاق    حكومه   مبني   السلام   elysee
//! ```
//!
//! Most letters fold one by one. Some spellings depend on the whole word: the seats of the hamza
//! (`seats`), lengthened letters (`elongation`) and the spelling of the Qur'an (`uthmani`).
//!
//! Folding takes one word at a time, so offsets in the text stay valid. Folding a folded word
//! changes nothing.

use unicode_normalization::UnicodeNormalization;

use crate::chars::{
    COMBINING_HAMZA_ABOVE, COMBINING_HAMZA_BELOW, COMBINING_MADDA, ascii_digit, is_dropped_mark,
    is_format, is_presentation_form,
};
use crate::model::packed_word::low_byte;
use crate::uthmani::ALEF_WASLA;
use crate::{PackedWord, elongation, seats, uthmani};

const ALEF: char = 'ا';
const ALEF_HAMZA_ABOVE: char = 'أ';
const ALEF_HAMZA_BELOW: char = 'إ';
const ALEF_MADDA: char = 'آ';
const ALEF_MAKSURA: char = 'ى';
const HAMZA: char = 'ء';
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
const FATHA: char = '\u{64E}';

/// How often the rules for whole words are applied, at most.
const MAX_ROUNDS: usize = 8;

/// Writes the folded form of `word` to `folded`, which is cleared first. The result is empty if the
/// word consists of marks alone.
pub(crate) fn fold(word: &str, folded: &mut String) {
    folded.clear();
    if !may_be_respelled(word) {
        word.chars()
            .for_each(|character| write_folded::<false>(character, folded));
        return;
    }
    if may_be_uthmani(word) {
        uthmani::modern(word)
            .into_iter()
            .for_each(|character| write_folded::<true>(character, folded));
    } else {
        spell(word, folded);
    }
    let mut letters: Vec<char> = folded.chars().collect();
    // A rule may make a word that another rule changes. The second round changes real words rarely.
    for _ in 0..MAX_ROUNDS {
        let before = letters.clone();
        elongation::shorten(&mut letters);
        seats::seat(&mut letters);
        if letters == before {
            break;
        }
    }
    folded.clear();
    folded.extend(letters);
}

/// Whether the spelling of the whole word, and not only of its letters, may differ from the folded
/// word: a hamza on another seat, a lengthened letter, the spelling of the Qur'an.
fn may_be_respelled(word: &str) -> bool {
    let mut last = '\0';
    let mut run = 0;
    for character in word.chars() {
        match character {
            '\0'..='\u{7F}' => (last, run) = (character, 0),
            HAMZA | WAW_HAMZA | YEH_HAMZA => return true,
            ALEF_HAMZA_ABOVE | ALEF_MADDA if last == YEH => return true,
            TEH_MARBUTA if last == WAW && word.contains(FATHA) => return true,
            _ if alef_with(character).is_some()
                || uthmani::is_sign(character)
                || is_presentation_form(character) =>
            {
                return true;
            }
            _ if is_dropped_mark(character) || is_format(character) => {}
            _ => {
                let letter = fold_arabic(character);
                run = if letter == last { run + 1 } else { 0 };
                last = letter;
                if run >= 2 {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether the word may be in the spelling of the Qur'an.
fn may_be_uthmani(word: &str) -> bool {
    word.contains(uthmani::is_sign)
        || word.contains(HAMZA)
        || word.contains(FATHA) && word.contains(WAW)
        || word.contains(COMBINING_HAMZA_ABOVE)
}

/// Writes the letters of `word` to `spelled` as they are written: without marks, but with the
/// spellings that readers distinguish. These are the hamzas, `ة`, `ى` and lengthened letters.
pub(crate) fn spell(word: &str, spelled: &mut String) {
    spelled.clear();
    word.chars()
        .for_each(|character| write_folded::<true>(character, spelled));
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
/// needs more than a lookup, or the word may be [respelled](may_be_respelled).
fn pack_folded(word: &str) -> Option<(PackedWord, bool)> {
    let mut packed = [0; PackedWord::MAX_LETTERS];
    let mut letter_count = 0;
    let mut is_changed = false;
    let mut has_mark = false;
    let mut has_hamza = false;
    let mut last = [NO_LETTER; 2];
    for utf8 in word.as_bytes().chunks(2) {
        let [lead @ 0xD8..=0xDB, trail] = *utf8 else {
            return None;
        };
        let low = lead << 6 | trail & 0x3F;
        let letter = FOLDED[usize::from(low)];
        is_changed |= letter != low;
        match letter {
            DROPPED => has_mark = true,
            NO_LETTER => return None,
            letter => {
                if last == [letter; 2] {
                    return None;
                }
                last = [last[1], letter];
                has_hamza |= HAS_HAMZA[usize::from(low)];
                *packed.get_mut(letter_count)? = letter;
                letter_count += 1;
            }
        }
    }
    let folded = PackedWord::from_low_bytes(packed);
    let may_be_respelled = has_hamza && (has_mark || seats::may_change(folded))
        || has_mark && folded.strip_suffix(WAW_HEH).is_some();
    (!may_be_respelled).then_some((folded, is_changed))
}

/// The end of `صلوة`, folded.
const WAW_HEH: PackedWord = PackedWord::of("وه");

/// Whether the character of the Arabic block with this low byte is a letter with a hamza that
/// [`seats`] may change.
const HAS_HAMZA: [bool; 256] = {
    let mut has_hamza = [false; 256];
    let letters = [HAMZA, WAW_HAMZA, YEH_HAMZA, ALEF_HAMZA_ABOVE, ALEF_MADDA];
    let mut i = 0;
    while i < letters.len() {
        has_hamza[letters[i] as usize & 0xFF] = true;
        i += 1;
    }
    has_hamza
};

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
            if alef_with(character).is_some() || uthmani::is_sign(character) {
                // The whole word decides.
            } else if is_dropped_mark(character) || is_format(character) {
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
pub(crate) const fn fold_arabic(character: char) -> char {
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
        fn the_short_way_folds_as_the_long_way(
            word in "[\u{600}-\u{6FF}]{0,20}|[والمئءؤأىية\u{64E}]{1,7}(ائة|ون|وا|ئ|ىء)?|.{0,4}"
        ) {
            let mut buffer = String::new();
            let (packed, text) = fold_arabic_word(&word, &mut buffer);
            prop_assert_eq!(text, &folded(&word));
            prop_assert_eq!(packed, PackedWord::pack(text));
        }

        #[test]
        fn spelling_folds_letter_by_letter(word in "[\u{621}-\u{655}ٱۀﺃﺔﻷا\u{653}-\u{655}]{0,9}|.{0,6}") {
            let mut spelled = String::new();
            spell(&word, &mut spelled);
            let letters: String = spelled.chars().map(fold_arabic).collect();
            prop_assert!(may_be_respelled(&word) || letters == folded(&word), "{}", spelled);
        }

        #[test]
        fn folding_twice_is_folding_once(
            word in "[اأآولبئءؤىيةتمس\u{64E}\u{670}ـٱ\u{654}\u{6E5}\u{6E7}]{0,9}(ون|وا|مائة|ئ|ىء)?|[ال]{0,8}|.{0,8}"
        ) {
            let once = folded(&word);
            prop_assert_eq!(folded(&once), once);
        }
    }
}

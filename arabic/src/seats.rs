//! Seats of the hamza: one spelling for the spellings of one word. It sees the letters of a word
//! without marks and without lengthening.
//!
//! ```text
//!     مسئول  رءوس     before و, the seat is و:     مسؤول  رؤوس
//!     يقرءون  جاؤوا   endings of verbs:            يقرأون  جاءوا
//!     هيأة            after ي, the seat is ي:      هيئة
//!     شاطىء  شئ       at the end of the word:      شاطئ  شيء
//!     ثلاثمائة        the silent alef:             ثلاثمئة
//! ```
//!
//! Elsewhere the seat follows from the vowels and tells words apart: `سأل` and `سئل`, `بدأ` and `بدء`
//! stay different.

use crate::PackedWord;
use crate::fold::fold_arabic;

const ALEF: char = 'ا';
const ALEF_HAMZA_ABOVE: char = 'أ';
const ALEF_MADDA: char = 'آ';
const HAMZA: char = 'ء';
const WAW: char = 'و';
const WAW_HAMZA: char = 'ؤ';
const YEH: char = 'ي';
const YEH_HAMZA: char = 'ئ';
const TEH_MARBUTA: char = 'ة';

/// The first parts of the numbers from three hundred to nine hundred. Many texts leave out the
/// hamza of `أربع`.
const HUNDREDS: [&str; 9] = [
    "ثلاث",
    "أربع",
    "اربع",
    "خمس",
    "ست",
    "سبع",
    "ثمان",
    "ثماني",
    "تسع",
];

/// The word "hundred" with its silent alef, in all its endings.
const HUNDRED_ENDINGS: [&str; 5] = ["مائة", "مائتي", "مائتا", "مائتين", "مائتان"];

/// The word "hundred" at the end of a compound number, with `ه` for `ة`. Alone, it is "his water".
const HASTY_HUNDRED: &str = "مائه";

/// Whether the seat of a hamza may change in a word that folds, letter by letter, to `folded`. It
/// may be true for a word that does not change.
pub fn may_change(folded: PackedWord) -> bool {
    let mut letters = ['\0'; PackedWord::MAX_LETTERS];
    let count = folded.letter_count();
    letters
        .iter_mut()
        .zip(folded.chars())
        .for_each(|(letter, folded)| *letter = folded);
    let letters = &letters[..count];
    // `هيأة`, `هيآت`.
    if matches!(letters, [.., YEH, ALEF, 'ه' | 'ت']) {
        return true;
    }
    let is_candidate = |i: usize| {
        let before = i.checked_sub(1).map(|before| letters[before]);
        match (before, letters[i], letters.get(i + 1)) {
            (None, HAMZA, Some(&ALEF)) => true,
            (None, ..) => false,
            (_, WAW_HAMZA, Some(&WAW)) => i + 3 == count,
            (_, YEH_HAMZA | HAMZA, Some(&WAW)) => true,
            (Some(YEH), HAMZA, _) | (_, YEH_HAMZA, None) => true,
            (Some(ALEF), YEH_HAMZA, Some('ه' | 'ت')) => true,
            // After a proclitic: `لءادم`.
            (_, HAMZA, Some(&ALEF)) => i == 1,
            _ => false,
        }
    };
    (0..count).any(is_candidate)
}

/// Writes the hamzas of a word on the seats of the usual spelling. `letters` are the letters as
/// written, without marks. It folds them.
pub fn seat(letters: &mut Vec<char>) {
    // These rules distinguish `ة` from `ه` and `أ` from `ا`.
    shorten_hundred(letters);
    seat_before_feminine(letters);
    for letter in letters.iter_mut() {
        *letter = fold_arabic(*letter);
    }
    drop_before_first_alef(letters);
    seat_at_end(letters);
    for i in 1..letters.len() {
        if is_hamza(letters[i]) && letters.get(i + 1) == Some(&WAW) {
            letters[i] = before_waw(letters, i);
        } else if letters[i] == HAMZA && letters[i - 1] == YEH && i + 1 < letters.len() {
            letters[i] = YEH_HAMZA;
        }
    }
}

/// Writes `ءامن` as `آمن`, also after a proclitic.
fn drop_before_first_alef(letters: &mut Vec<char>) {
    while let Some(at) = match letters.as_slice() {
        [HAMZA, alef, ..] if fold_arabic(*alef) == ALEF => Some(0),
        ['و' | 'ف' | 'ب' | 'ل' | 'ك', HAMZA, alef, ..] if fold_arabic(*alef) == ALEF => {
            Some(1)
        }
        _ => None,
    } {
        letters.remove(at);
    }
}

fn is_hamza(letter: char) -> bool {
    matches!(letter, HAMZA | WAW_HAMZA | YEH_HAMZA)
}

/// Returns the letter for the hamza at `i`, which a `و` follows.
fn before_waw(letters: &[char], i: usize) -> char {
    let hamza = letters[i];
    match letters[i + 2..] {
        // The plural before another word: `لاجئو`.
        [] => hamza,
        // The adjectives `رئوي`, `مئوي`.
        [YEH, ..] if hamza == YEH_HAMZA => hamza,
        [end @ ('ن' | ALEF)] => match letters[i - 1] {
            // The singular and the verb alone end in `اء`: `جاء`, `بناء`.
            ALEF => HAMZA,
            YEH => YEH_HAMZA,
            WAW => hamza,
            _ if end == 'ن' && i <= after_proclitics(letters) + 1 => WAW_HAMZA,
            _ if hamza == YEH_HAMZA => hamza,
            // `بدؤوا` of `بدأ`, `يقرؤون` of `يقرأ`.
            _ if end == ALEF && i >= 2 || is_imperfect(letters) => ALEF,
            _ if end == ALEF => hamza,
            // `قارؤون` of `قارئ`.
            _ => YEH_HAMZA,
        },
        _ => WAW_HAMZA,
    }
}

/// Whether the word begins like an imperfect in the third person, with or without `و`, `ف`, `ل` and
/// `س`.
fn is_imperfect(letters: &[char]) -> bool {
    let mut rest = letters;
    for prefixes in [['و', 'ف'], ['ل', 'س']] {
        if let [first, after @ ..] = rest
            && prefixes.contains(first)
        {
            rest = after;
        }
    }
    matches!(rest, ['ي' | 'ت', _, _, ..])
}

/// Drops the silent alef of `مائة`, alone and in numbers such as `ثلاثمائة`.
fn shorten_hundred(letters: &mut Vec<char>) {
    let is_number = |before: &[char], is_hasty: bool| {
        let before_number = HUNDREDS
            .iter()
            .find_map(|number| strip_suffix(before, number));
        match before_number {
            Some(proclitics) => is_all_proclitics(proclitics),
            None => !is_hasty && is_all_proclitics(before),
        }
    };
    let endings = HUNDRED_ENDINGS.iter().map(|ending| (*ending, false));
    let before = endings
        .chain([(HASTY_HUNDRED, true)])
        .find_map(|(ending, is_hasty)| {
            strip_suffix(letters, ending).filter(|before| is_number(before, is_hasty))
        });
    if let Some(before) = before {
        letters.remove(before.len() + 1);
    }
}

fn strip_suffix<'a>(letters: &'a [char], suffix: &str) -> Option<&'a [char]> {
    let start = letters.len().checked_sub(suffix.chars().count())?;
    let (before, end) = letters.split_at(start);
    let dotted = |letter: &char| if *letter == 'ى' { YEH } else { *letter };
    end.iter().map(dotted).eq(suffix.chars()).then_some(before)
}

/// Writes `هيأة` as `هيئة`, `هيآت` as `هيئات` and `قرائة` as `قراءة`. Participles such as `مهيأة` stay.
fn seat_before_feminine(letters: &mut Vec<char>) {
    let Some((before, &[first, hamza, last])) = letters.split_last_chunk() else {
        return;
    };
    let at = before.len() + 1;
    match (first, hamza, last) {
        (YEH, ALEF_HAMZA_ABOVE, TEH_MARBUTA) if !matches!(before, [.., 'م', _] | []) => {
            letters[at] = YEH_HAMZA;
        }
        (YEH, ALEF_MADDA, 'ت') if !before.is_empty() => {
            letters[at] = YEH_HAMZA;
            letters.insert(at + 1, ALEF);
        }
        (ALEF, YEH_HAMZA, TEH_MARBUTA) if !before.is_empty() => letters[at] = HAMZA,
        _ => {}
    }
}

/// Writes a hamza at the end of a word as `ئ` after a short vowel (`شاطئ`) and as `يء` after a long
/// one (`شيء`). The pattern of the word tells which it is.
fn seat_at_end(letters: &mut Vec<char>) {
    let Some((&hamza, before)) = letters.split_last() else {
        return;
    };
    // `سيىء` has two, the second as the seat.
    let yehs = before.iter().rev().take_while(|letter| **letter == YEH);
    let body = &before[..before.len() - yehs.count()];
    let has_yeh = body.len() < before.len();
    if body.is_empty() || !(hamza == YEH_HAMZA || hamza == HAMZA && has_yeh) {
        return;
    }
    if is_short_before_hamza(body) {
        letters.truncate(body.len());
        letters.push(YEH_HAMZA);
    } else if has_yeh || bare(body).len() <= 2 {
        letters.truncate(body.len());
        letters.extend([YEH, HAMZA]);
    }
}

/// Whether the vowel before the final hamza is short, by the letters before it: as in `شاطئ` and
/// `مبادئ`, or in a participle or imperfect such as `مخطئ`, `ينشئ`. `يستضيء` has a long vowel.
fn is_short_before_hamza(body: &[char]) -> bool {
    if let [_, .., ALEF, _] = body {
        return true;
    }
    let mut word = bare(body);
    if let ['س' | 'ل', rest @ ..] = word
        && matches!(rest, ['ي' | 'ت' | 'ن' | ALEF, ..])
    {
        word = rest;
    }
    let has_prefix = matches!(word, ['م' | 'ي' | 'ت' | 'ن' | ALEF, _, _, ..]);
    has_prefix && !matches!(word, [_, 'س', 'ت', _])
}

/// Returns the word without `و` and without the article.
fn bare(letters: &[char]) -> &[char] {
    let rest = match letters {
        ['و', rest @ ..] => rest,
        _ => letters,
    };
    match rest {
        [ALEF, 'ل', rest @ ..]
        | ['ل', 'ل', rest @ ..]
        | ['ب' | 'ك' | 'ف', ALEF, 'ل', rest @ ..] => rest,
        _ => rest,
    }
}

/// Returns how many letters may be proclitics at the beginning of a word.
fn after_proclitics(letters: &[char]) -> usize {
    let rest = match letters {
        ['و' | 'ف', rest @ ..] => rest,
        _ => letters,
    };
    let rest = match rest {
        [ALEF, 'ل', rest @ ..] | ['ل', 'ل', rest @ ..] | ['ب' | 'ك', ALEF, 'ل', rest @ ..] => {
            rest
        }
        ['ب' | 'ك' | 'ل', rest @ ..] => rest,
        _ => rest,
    };
    letters.len() - rest.len()
}

fn is_all_proclitics(letters: &[char]) -> bool {
    after_proclitics(letters) == letters.len()
}

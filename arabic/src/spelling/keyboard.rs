//! The other keyboard layout: the letters that the same keys give in it. The words of the index
//! decide whether the result is plausible.

use std::sync::LazyLock;

use super::{MIN_ARTICLES, MIN_RATIO, Suggestion, SuggestionKind, Vocabulary, is_word};
use crate::fold;

/// The maximum length of a typed text. Longer texts are pasted, not typed.
const MAX_CHARS: usize = 200;

/// A text is certainly in the other layout if one of its words has this many letters. Many shorter
/// abbreviations are a word in the other layout, too.
const MIN_CERTAIN_LETTERS: usize = 4;

/// A word of three letters is certainly in the other layout if it has at least this many articles
/// for each thousand words of the index. In capitals, it may be an abbreviation.
const ARTICLES_OF_SHORT_WORD: u64 = 1;

/// Rows of keys, and the letters on each key of a row.
type Rows = &'static [(&'static str, &'static str)];

/// The keys of an English keyboard, and their letters in the layout Arabic 101.
const ENGLISH: Rows = &[
    ("`qwertyuiop[]", "ذ ض ص ث ق ف غ ع ه خ ح ج د"),
    ("asdfghjkl;'", "ش س ي ب ل ا ت ن م ك ط"),
    ("zxcvbnm,./", "ئ ء ؤ ر لا ى ة و ز ظ"),
    // With Shift.
    ("YHNTGB", "إ أ آ لإ لأ لآ"),
    // With Shift by mistake: these keys give no letter then.
    ("~{}:\"<>?", "ذ ج د ك ط و ز ظ"),
    // Phones type this character instead of the apostrophe.
    ("’", "ط"),
];

/// The keys of a French keyboard, and their letters in the layout Arabic 102.
const FRENCH: Rows = &[
    ("azertyuiop^$", "ض ص ث ق ف غ ع ه خ ح ج د"),
    ("qsdfghjklmù*", "ش س ي ب ل ا ت ن م ك ط ذ"),
    ("wxcvbn,;:!", "ئ ء ؤ ر لا ى ة و ز ظ"),
    // With Shift.
    ("YHNTGB", "إ أ آ لإ لأ لآ"),
];

/// The keys of each keyboard, each with its letters. The key `b` gives two letters.
static KEYBOARDS: LazyLock<[Vec<(char, &str)>; 2]> = LazyLock::new(|| {
    let keys =
        |(keys, letters): &(&'static str, &'static str)| keys.chars().zip(letters.split(' '));
    [ENGLISH, FRENCH].map(|rows| rows.iter().flat_map(keys).collect())
});

/// A word in the other layout.
struct Reading {
    text: String,
    articles: u64,
}

impl Vocabulary {
    /// Returns the text in the other keyboard layout: `ptjv` → `حفتر`, `]fd` → `دبي`, `لالاؤ` →
    /// `bbc`. Numbers, white space and the punctuation around a word stay. Returns `None` unless each
    /// converted word is in many times more articles than the typed one.
    pub fn relayout(&self, text: &str) -> Option<Suggestion> {
        let text = text.trim();
        if text.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        KEYBOARDS.iter().find_map(|keys| self.text_in(keys, text))
    }

    /// Returns the text in the other layout of one keyboard. All words of the text are typed in the
    /// same layout.
    fn text_in(&self, keys: &[(char, &str)], text: &str) -> Option<Suggestion> {
        let is_arabic = text.contains(|letter| matches!(letter, '\u{621}'..='\u{64A}'));
        let mut converted = String::with_capacity(2 * text.len());
        let mut articles: Option<u64> = None;
        let mut is_certain = false;
        for piece in text.split_inclusive(char::is_whitespace) {
            let typed = piece.trim_end();
            if typed.is_empty() || typed.chars().all(char::is_numeric) {
                converted.push_str(piece);
                continue;
            }
            let (typed, reading) = self.reading(keys, typed, is_arabic)?;
            is_certain |= self.is_certain(typed, &reading);
            articles = articles.into_iter().chain([reading.articles]).min();
            converted.push_str(&piece.replacen(typed, &reading.text, 1));
        }
        Some(Suggestion {
            text: converted,
            kind: SuggestionKind::KeyboardLayout,
            articles: articles?,
            is_same_word: is_certain,
        })
    }

    /// Returns the word in the other layout, and the typed keys that give it. A sign at its edge may
    /// be a letter, or punctuation: `lv;.` is `مركز`, and `lpl].` is `محمد` with a full stop. The
    /// shorter word is returned only if it is far commoner.
    fn reading<'a>(
        &self,
        keys: &[(char, &str)],
        typed: &'a str,
        is_arabic: bool,
    ) -> Option<(&'a str, Reading)> {
        let core = typed.trim_matches(is_punctuation);
        let sentence = core.trim_end_matches(['.', ',', ';']);
        let read = |typed| Some((typed, self.word_in(keys, typed, is_arabic)?));
        let whole = [typed, core].into_iter().find_map(read);
        let inner = read(sentence).filter(|(_, inner)| {
            let articles = whole.as_ref().map_or(0, |(_, whole)| whole.articles);
            inner.articles > articles.saturating_mul(MIN_RATIO)
        });
        inner.or(whole)
    }

    /// Returns the word in the other layout of one keyboard. Returns `None` unless it is in many
    /// times more articles than the typed word.
    fn word_in(&self, keys: &[(char, &str)], typed: &str, is_arabic: bool) -> Option<Reading> {
        let readings = if is_arabic {
            // The letters `لا` come from one key or from two.
            [to_latin(keys, typed, true), to_latin(keys, typed, false)]
        } else {
            // Capitals come from Shift, from Caps Lock or from a phone, so both cases are tried.
            [
                to_arabic(keys, typed),
                to_arabic(keys, &typed.to_lowercase()),
            ]
        };
        // Signs alone are no word, even if each is a key with a letter.
        if !typed.contains(char::is_alphabetic) {
            return None;
        }
        let min_articles = self.articles_as_typed(typed).saturating_mul(MIN_RATIO);
        readings.into_iter().flatten().find_map(|text| {
            let articles = self.articles(&fold::folded(&text));
            let is_common = articles >= MIN_ARTICLES.max(min_articles);
            (is_common && !has_final_letter_within(&text)).then_some(Reading { text, articles })
        })
    }

    /// Returns whether a word is certainly its reading in the other layout.
    fn is_certain(&self, typed: &str, reading: &Reading) -> bool {
        let is_common = || {
            let words = self.words.indices().len() as u64;
            reading.articles.saturating_mul(1_000) >= words.saturating_mul(ARTICLES_OF_SHORT_WORD)
        };
        let is_abbreviation = || typed.chars().all(|letter| letter.is_ascii_uppercase());
        match typed.chars().count() {
            0..3 => false,
            3 => is_common() && !is_abbreviation(),
            MIN_CERTAIN_LETTERS.. => true,
        }
    }

    /// Returns how many articles contain the typed keys, read as words with punctuation between
    /// them: the number for the rarest of the words.
    fn articles_as_typed(&self, typed: &str) -> u64 {
        let folded = fold::folded(typed);
        let words = folded.split(|letter: char| !letter.is_alphanumeric());
        let words = words.filter(|word| is_word(word));
        words.map(|word| self.articles(word)).min().unwrap_or(0)
    }
}

/// Converts Latin letters to the Arabic letters on their keys. Digits stay. Returns `None` if a
/// character is on no key with an Arabic letter.
fn to_arabic(keys: &[(char, &str)], typed: &str) -> Option<String> {
    let mut arabic = String::with_capacity(2 * typed.len());
    for typed in typed.chars() {
        if typed.is_numeric() {
            arabic.push(typed);
            continue;
        }
        let on_key = |key: char| keys.iter().find(|(on, _)| *on == key);
        let (_, letters) = on_key(typed).or_else(|| on_key(typed.to_ascii_lowercase()))?;
        arabic.push_str(letters);
    }
    Some(arabic)
}

/// Converts Arabic letters to the Latin letters on their keys. With `joined`, lam and alef count as
/// one key. Returns `None` if a character is on no key with a Latin letter.
fn to_latin(keys: &[(char, &str)], typed: &str, joined: bool) -> Option<String> {
    let mut latin = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(typed) = rest.chars().next() {
        if typed.is_numeric() {
            latin.push(typed);
            rest = &rest[typed.len_utf8()..];
            continue;
        }
        let with_letters = |count: usize| {
            let mut keys = keys.iter().filter(|(key, _)| key.is_ascii_alphabetic());
            keys.find(|(_, on)| on.chars().count() == count && rest.starts_with(on))
        };
        let (key, letters) = with_letters(2)
            .filter(|_| joined)
            .or_else(|| with_letters(1))?;
        latin.push(key.to_ascii_lowercase());
        rest = &rest[letters.len()..];
    }
    Some(latin)
}

/// Whether the word has a letter that only ends words before its end. Folding would hide this.
fn has_final_letter_within(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next_back();
    letters.any(|letter| matches!(letter, 'ة' | 'ى'))
}

/// Whether the character is punctuation that people write around a word.
fn is_punctuation(character: char) -> bool {
    matches!(
        character,
        '"' | '«' | '»' | '“' | '”' | '(' | ')' | '?' | '؟' | '!' | ':' | '،' | '؛' | '…'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_give_letters() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(
                to_arabic(&KEYBOARDS[0], typed).as_deref(),
                expected,
                "{typed}"
            )
        };
        check("ptjv", Some("حفتر"));
        check("hgpmlm2018", Some("الحةمة2018"));
        check("lpl]", Some("محمد"));
        check("PDL{", Some("حيمج"));
        check("Hpl]", Some("أحمد"));
        check("hgYkjohfhj", Some("الإنتخابات"));
        check("BGb", Some("لآلألا"));
        check("K", Some("ن"));
        check("حفتر", None);
        check("a@b", None);
    }

    #[test]
    fn keys_of_a_french_keyboard_give_letters() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(
                to_arabic(&KEYBOARDS[1], typed).as_deref(),
                expected,
                "{typed}"
            )
        };
        check(",pi$", Some("ةحهد"));
        check("lp,$", Some("محةد"));
        check(";:dv", Some("وزير"));
        check("hgmùpg", Some("الكطحل"));
    }

    #[test]
    fn letters_stand_on_keys() {
        let check = |typed: &str, expected: [Option<&str>; 2]| {
            assert_eq!(
                [true, false]
                    .map(|joined| to_latin(&KEYBOARDS[0], typed, joined))
                    .each_ref()
                    .map(Option::as_deref),
                expected
            );
        };
        check("لاخخل", [Some("boog"), Some("ghoog")]);
        check("لالاؤ", [Some("bbc"), Some("ghghc")]);
        check("كلام", [None, None]);
    }

    proptest! {
        #[test]
        fn latin_letters_come_back(typed in "[a-z0-9]{0,20}", keyboard in 0..2_usize) {
            let keys = &KEYBOARDS[keyboard];
            prop_assume!(!typed.contains("gh"));
            let arabic = to_arabic(keys, &typed).expect("all are keys");
            prop_assert_eq!(to_latin(keys, &arabic, true), Some(typed));
        }
    }
}

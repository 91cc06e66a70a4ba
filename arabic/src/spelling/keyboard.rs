//! The Arabic 101 keyboard: the letters that the same keys give in the other layout. The words of
//! the index decide whether the result is plausible.

use std::sync::LazyLock;

use super::{MIN_ARTICLES, MIN_RATIO, Suggestion, SuggestionKind, Vocabulary};
use crate::fold;

/// The maximum length of a typed text. Longer texts are pasted, not typed.
const MAX_CHARS: usize = 200;

/// The rows of the keyboard: the keys, and the letters of each. The key `b` gives two letters.
const ROWS: [(&str, &str); 5] = [
    ("`qwertyuiop[]", "ذ ض ص ث ق ف غ ع ه خ ح ج د"),
    ("asdfghjkl;'", "ش س ي ب ل ا ت ن م ك ط"),
    ("zxcvbnm,./", "ئ ء ؤ ر لا ى ة و ز ظ"),
    // With Shift.
    ("YHNTGB", "إ أ آ لإ لأ لآ"),
    // Phones type this character instead of the apostrophe.
    ("’", "ط"),
];

static KEYS: LazyLock<Vec<(char, &str)>> = LazyLock::new(|| {
    let keys = |(keys, letters): (&'static str, &'static str)| keys.chars().zip(letters.split(' '));
    ROWS.into_iter().flat_map(keys).collect()
});

impl Vocabulary {
    /// Returns the text in the other keyboard layout: `ptjv` → `حفتر`, `لالاؤ` → `bbc`. Returns
    /// `None` unless each converted word is in many times more articles than the typed one.
    pub fn relayout(&self, text: &str) -> Option<Suggestion> {
        let text = text.trim();
        if text.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        let readings = if text.contains(|character: char| character.is_ascii_alphabetic()) {
            // Capitals come from Shift, from Caps Lock or from a phone, so both cases are tried.
            [to_arabic(text), to_arabic(&text.to_lowercase())]
        } else {
            // The letters `لا` come from one key or from two.
            [to_latin(text, true), to_latin(text, false)]
        };
        readings.into_iter().flatten().find_map(|reading| {
            let articles = self.articles_of_reading(text, &reading)?;
            Some(Suggestion {
                text: reading,
                kind: SuggestionKind::KeyboardLayout,
                articles,
            })
        })
    }

    /// Returns the number of articles that contain the rarest word of the reading. Returns `None`
    /// unless each of its words is in many times more articles than the typed one.
    fn articles_of_reading(&self, text: &str, reading: &str) -> Option<u64> {
        let words = text.split_whitespace().zip(reading.split_whitespace());
        let words = words.filter(|(typed, _)| !typed.chars().all(char::is_numeric));
        let articles = words.map(|(typed, word)| {
            let articles = self.articles(&fold::folded(word));
            let typed = self.articles(&fold::folded(typed));
            (articles >= MIN_ARTICLES.max(typed.saturating_mul(MIN_RATIO))).then_some(articles)
        });
        articles.min().flatten()
    }
}

/// Converts Latin letters to the Arabic letters on their keys. White space and digits stay. Returns
/// `None` if a character is on no key with an Arabic letter.
fn to_arabic(text: &str) -> Option<String> {
    let mut arabic = String::with_capacity(2 * text.len());
    for typed in text.chars() {
        if is_shared(typed) {
            arabic.push(typed);
            continue;
        }
        let on_key = |key: char| KEYS.iter().find(|(on, _)| *on == key);
        let (_, letters) = on_key(typed).or_else(|| on_key(typed.to_ascii_lowercase()))?;
        arabic.push_str(letters);
    }
    Some(arabic)
}

/// Converts Arabic letters to the Latin letters on their keys. With `joined`, lam and alef count as
/// one key. Returns `None` if a character is on no key with a Latin letter.
fn to_latin(text: &str, joined: bool) -> Option<String> {
    let mut latin = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(typed) = rest.chars().next() {
        if is_shared(typed) {
            latin.push(typed);
            rest = &rest[typed.len_utf8()..];
            continue;
        }
        let with_letters = |count: usize| {
            let mut keys = KEYS.iter().filter(|(key, _)| key.is_ascii_alphabetic());
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

/// Whether the character is the same in both layouts.
fn is_shared(character: char) -> bool {
    character.is_whitespace() || character.is_numeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_give_letters() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(to_arabic(typed).as_deref(), expected, "{typed}")
        };
        check("ptjv", Some("حفتر"));
        check("hgpmlm 2018", Some("الحةمة 2018"));
        check("Hpl]", Some("أحمد"));
        check("hgYkjohfhj", Some("الإنتخابات"));
        check("BGb", Some("لآلألا"));
        check("K", Some("ن"));
        check("حفتر", None);
        check("a@b", None);
    }

    #[test]
    fn letters_stand_on_keys() {
        let check = |typed: &str, expected: [Option<&str>; 2]| {
            assert_eq!(
                [true, false]
                    .map(|joined| to_latin(typed, joined))
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
        fn latin_letters_come_back(typed in "[a-z0-9 ]{0,20}") {
            prop_assume!(!typed.contains("gh"));
            let arabic = to_arabic(&typed).expect("all are keys");
            prop_assert_eq!(to_latin(&arabic, true), Some(typed));
        }
    }
}

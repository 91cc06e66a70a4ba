//! The class of each character for segmentation: part of a word of some script, invisible, or a
//! gap. `segment` builds words from these classes.

use std::array;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// U+0640, the stroke that lengthens the connection between two letters.
pub(crate) const TATWEEL: char = '\u{640}';
/// U+0653, the combining madda, which makes ا into آ.
pub(crate) const COMBINING_MADDA: char = '\u{653}';
/// U+0655, the combining hamza below, which makes ا into إ.
pub(crate) const COMBINING_HAMZA_BELOW: char = '\u{655}';
/// U+0654, the combining hamza that makes و ي into ؤ ئ.
pub(crate) const COMBINING_HAMZA_ABOVE: char = '\u{654}';
/// U+066B, the decimal point of Arabic-Indic numbers.
pub(crate) const ARABIC_DECIMAL_SEPARATOR: char = '\u{66B}';
/// U+066C, the thousands separator of Arabic-Indic numbers.
pub(crate) const ARABIC_THOUSANDS_SEPARATOR: char = '\u{66C}';

/// The class of a character in segmentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A letter of the Arabic script, presentation forms included.
    Arabic,
    /// A letter of any other alphabet.
    Letter,
    /// A decimal digit: European, Arabic-Indic, Persian or full-width.
    Digit,
    /// A character that is a word by itself, such as a Han or kana character.
    Ideograph,
    /// A mark, tatweel, zero-width or bidirectional control. It never splits a word.
    Invisible,
    /// Everything else: white space, punctuation, symbols.
    Gap,
}

/// Returns the European digit for a digit of the set that begins with `zero`.
pub const fn ascii_digit(digit: char, zero: char) -> char {
    match char::from_digit(digit as u32 - zero as u32, 10) {
        Some(ascii) => ascii,
        None => digit,
    }
}

/// Returns the class of a character. Characters of the usual scripts are looked up in a table.
#[inline]
pub fn class(character: char) -> Class {
    match TABLE.get(character as usize) {
        Some(&class) => class,
        None => classify(character),
    }
}

/// Whether the character may stand inside a word.
#[inline]
pub fn is_word(character: char) -> bool {
    !matches!(class(character), Class::Gap | Class::Invisible)
}

/// Whether the character is a mark that folding drops: Arabic tashkeel, Qur'anic marks, Latin
/// accents.
pub(crate) const fn is_dropped_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}'
        | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E8}' | '\u{6EA}'..='\u{6ED}'
        | '\u{8CA}'..='\u{8E1}' | '\u{8E3}'..='\u{8FF}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// Whether the character is never visible by itself: tatweel, soft hyphen, zero-width and
/// bidirectional controls.
pub const fn is_format(character: char) -> bool {
    matches!(character,
        TATWEEL | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Whether the character is an Arabic presentation form that decomposes to letters or marks.
/// Honorific and ornamental forms do not, and count as gaps.
pub(crate) fn is_presentation_form(character: char) -> bool {
    matches!(character, '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDF9}' | '\u{FDFC}' | '\u{FE70}'..='\u{FEFC}')
        && character.is_alphabetic()
}

#[cold]
fn classify(character: char) -> Class {
    match character {
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' | '\u{FF10}'..='\u{FF19}' => {
            Class::Digit
        }
        c if is_format(c) || is_dropped_mark(c) => Class::Invisible,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6EE}'..='\u{6EF}'
        | '\u{6FA}'..='\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{870}'..='\u{8C9}'
            if character.is_alphabetic() =>
        {
            Class::Arabic
        }
        c if is_presentation_form(c) => {
            if c.nfkd()
                .any(|part| part.is_alphabetic() && !is_dropped_mark(part))
            {
                Class::Arabic
            } else {
                Class::Invisible
            }
        }
        '\u{FB50}'..='\u{FDFF}' => Class::Gap,
        '\u{3041}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
            if character.is_alphanumeric() =>
        {
            Class::Ideograph
        }
        c if c.is_alphanumeric() => Class::Letter,
        c if is_combining_mark(c) => Class::Invisible,
        _ => Class::Gap,
    }
}

const TABLE_SIZE: usize = 0x900;

/// The classes of the characters from Latin to extended Arabic, computed once. Other characters are
/// rare in the news, apart from quotes and zero-width characters.
static TABLE: LazyLock<[Class; TABLE_SIZE]> = LazyLock::new(|| {
    array::from_fn(|code| char::from_u32(code as u32).map_or(Class::Gap, classify))
});

#[cfg(test)]
mod tests {
    use super::*;

    fn check(characters: &str, expected: Class) {
        for character in characters.chars() {
            assert_eq!(class(character), expected, "U+{:04X}", character as u32);
        }
    }

    #[test]
    fn letters_of_the_arabic_script_in_every_block() {
        check("ابةىئءآٱپگیےﺍﷲﻻ", Class::Arabic);
    }

    #[test]
    fn marks_and_controls_are_invisible() {
        check(
            "\u{64B}\u{670}\u{640}\u{200F}\u{200B}\u{2066}\u{FEFF}\u{AD}\u{6E5}\u{FE76}\u{301}",
            Class::Invisible,
        );
    }

    #[test]
    fn digits_of_the_three_sets() {
        check("09٠٩۰۹", Class::Digit);
    }

    #[test]
    fn punctuation_and_honorifics_are_gaps() {
        check(
            " \u{A0}.,،؛؟«»“”()٪٭_-\u{FDFA}\u{FDFB}\u{FDFD}\u{6DD}۔",
            Class::Gap,
        );
    }

    #[test]
    fn other_alphabets_are_letters() {
        check("aZéßЖλक", Class::Letter);
        check("漢カ", Class::Ideograph);
    }
}

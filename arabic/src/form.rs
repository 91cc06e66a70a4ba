//! Forms: the term for a word as it is spelled. A folded word has one form for each way to write
//! its letters. Marks, tatweel and encodings make no difference. The words are found in `segment`
//! and stemmed in `stem`.
//!
//! A form begins with the folded word, so a sorted dictionary lists all forms of a word together.
//! After the sign `~` come the written letters for the `ا`, `ي`, `ه` and the hamzas of the folded
//! word, up to the last changed one. If these do not tell how the word is written, all its written
//! letters follow a second sign.
//!
//! ```text
//!     written    folded    form
//!     اطلاق      اطلاق     اطلاق
//!     إطلاق      اطلاق     اطلاق~إ
//!     حكومة      حكومه     حكومه~ة
//!     مسئول      مسؤول     مسؤول~ئ
//!     مائة       مئه       مئه~~مائة
//! ```

use std::ops::RangeInclusive;

use crate::fold::spell;
use crate::{MAX_TERM_CHARS, TokenKind};

/// Separates the folded word from the changed letters. No word contains it, and it sorts before
/// every letter that may continue a word.
const SIGN: char = '~';

/// The letters that several written letters fold to.
const FOLDED_TO: [char; 6] = ['ا', 'ي', 'ه', 'ء', 'ؤ', 'ئ'];

/// Returns the form of a word, given as written (`written`) and as folded (`surface`). If the form
/// differs from `surface`, it is written to `buffer`.
///
/// Invariant: empty only if `surface` is, no white space, at most [`MAX_TERM_CHARS`] characters. If
/// the folded word and its changed letters exceed this limit together, the form is the folded word
/// alone.
pub fn form<'a>(
    kind: TokenKind,
    written: &str,
    surface: &'a str,
    buffer: &'a mut String,
) -> &'a str {
    if kind != TokenKind::Arabic || written == surface {
        return surface;
    }
    spell(written, buffer);
    if buffer == surface {
        return surface;
    }
    let written_letters = changed_letters(buffer, surface);
    let is_whole = written_letters.is_none();
    let written_letters = written_letters.unwrap_or_else(|| buffer.chars().collect());
    buffer.clear();
    buffer.push_str(surface);
    buffer.push(SIGN);
    buffer.extend(is_whole.then_some(SIGN));
    buffer.extend(written_letters);
    if buffer.chars().count() > MAX_TERM_CHARS {
        surface
    } else {
        buffer
    }
}

/// Returns the written letters for those of the folded word that several letters fold to, up to
/// the last changed one. Returns `None` if other letters differ, too.
fn changed_letters(spelled: &str, surface: &str) -> Option<Vec<char>> {
    if spelled.chars().count() != surface.chars().count() {
        return None;
    }
    let mut letters = Vec::new();
    let mut end = 0;
    for (spelled, folded) in spelled.chars().zip(surface.chars()) {
        let is_changed = spelled != folded;
        if FOLDED_TO.contains(&folded) {
            letters.push(spelled);
            if is_changed {
                end = letters.len();
            }
        } else if is_changed {
            return None;
        }
    }
    letters.truncate(end);
    Some(letters)
}

/// Returns the folded word that a form begins with, without the sign and the changed letters.
pub fn surface_of(form: &str) -> &str {
    memchr::memchr(SIGN as u8, form.as_bytes()).map_or(form, |end| &form[..end])
}

/// Returns the word of a form as it is spelled, without marks: `إطلاق` of `اطلاق~إ`.
pub fn spelled(form: &str) -> String {
    let surface = surface_of(form);
    let Some(letters) = form.get(surface.len() + SIGN.len_utf8()..) else {
        return surface.to_owned();
    };
    if let Some(whole) = letters.strip_prefix(SIGN) {
        return whole.to_owned();
    }
    let mut letters = letters.chars();
    let spell = |folded: char| match FOLDED_TO.contains(&folded) {
        true => letters.next().unwrap_or(folded),
        false => folded,
    };
    surface.chars().map(spell).collect()
}

/// Returns the range of all forms of a folded word in a sorted dictionary, except the folded word
/// itself.
pub fn other_forms(surface: &str) -> RangeInclusive<String> {
    format!("{surface}{SIGN}")..=format!("{surface}{SIGN}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold::folded;

    #[track_caller]
    fn check(written: &str, expected: &str) {
        let surface = folded(written);
        let mut buffer = String::new();
        assert_eq!(
            form(TokenKind::Arabic, written, &surface, &mut buffer),
            expected,
            "{written}"
        );
    }

    #[test]
    fn a_form_holds_hamza_and_final_letters() {
        check("كتاب", "كتاب");
        check("إطلاق", "اطلاق~إ");
        check("اطلاق", "اطلاق");
        check("أحداث", "احداث~أ");
        check("احداث", "احداث");
        check("حكومة", "حكومه~ة");
        check("مبنى", "مبني~ى");
        check("هدى", "هدي~هى");
        check("قرآن", "قران~آ");
        check("مؤسسة", "مؤسسه~ؤة");
        check("مسؤول", "مسؤول");
        check("مسئول", "مسؤول~ئ");
        check("مائة", "مئه~~مائة");
        check("مئة", "مئه~ئة");
        check("شاطىء", "شاطئ~~شاطىء");
        check("ٱلصلوٰة", "الصلاه~اوة");
        check("القاااهره", "القاهره~~القاااهره");
    }

    #[test]
    fn marks_and_encodings_make_no_difference() {
        check("إِطْـلَاق", "اطلاق~إ");
        check("ا\u{655}طلاق", "اطلاق~إ");
        check("ا\u{64E}\u{654}حداث", "احداث~أ");
        check("ا\u{653}خر", "اخر~آ");
        check("ﺣﻜﻮﻣﺔ", "حكومه~ة");
        check("ﻷن", "لان~أ");
        check("کتاب", "كتاب");
        check("ٱسم", "اسم");
    }

    #[test]
    fn other_words_have_one_form() {
        let mut buffer = String::new();
        assert_eq!(
            form(TokenKind::Other, "Élysée", "elysee", &mut buffer),
            "elysee"
        );
        assert_eq!(form(TokenKind::Number, "٢٠٢٠", "2020", &mut buffer), "2020");
    }

    #[test]
    fn the_forms_of_a_word_stand_together() {
        let range = other_forms("اطلاق");
        for (term, is_form) in [
            ("اطلاق~إ", true),
            ("اطلاق~إااى", true),
            ("اطلاق", false),
            ("اطلاقه~ة", false),
            ("اطلا~أ", false),
        ] {
            assert_eq!(range.contains(&term.to_owned()), is_form, "{term}");
        }
    }

    proptest! {
        #[test]
        fn one_form_for_one_spelling(
            one in "[اأإآيىهةءؤئوبسل\u{64E}ـ]{1,6}",
            other in "[اأإآيىهةءؤئوبسل\u{64E}ـ]{1,6}",
        ) {
            let plain = |word: &str| word.replace(['\u{64E}', 'ـ'], "");
            let term = |word: &str| form(TokenKind::Arabic, word, &folded(word), &mut String::new()).to_owned();
            prop_assert_eq!(plain(&one) == plain(&other), term(&one) == term(&other));
        }
    }
}

//! Finds the core of a written word between its clitics, in bytes. The stemmer gives the number of
//! letters in the clitics.

use crate::Span;
use crate::fold::folded_letter_count;

/// Returns the core of `written`. In the folded form of the word, `proclitics` letters precede the
/// core and `enclitics` letters follow it.
///
/// Marks, tatweel and zero-width characters belong to the letter before them. A ligature that is
/// partly clitic belongs to the core. Invariant: in bounds, on character boundaries, and not empty
/// unless `written` is.
pub(crate) fn core_span(
    written: &str,
    letters: usize,
    proclitics: usize,
    enclitics: usize,
) -> Span {
    let whole = Span::new(0, written.len());
    let core = proclitics..letters.saturating_sub(enclitics);
    if core.is_empty() {
        return whole;
    }
    let mut start = None;
    let mut end = written.len();
    let mut passed = 0;
    for (offset, character) in written.char_indices() {
        let first = passed;
        passed += folded_letter_count(character);
        if passed == first {
            continue;
        }
        if start.is_none() && passed > core.start {
            start = Some(if first == 0 { 0 } else { offset });
        }
        if first >= core.end {
            end = offset;
            break;
        }
    }
    start.map_or(whole, |start| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, letters: usize, clitics: (usize, usize), expected: &str) {
        assert_eq!(
            core_span(written, letters, clitics.0, clitics.1).slice(written),
            expected
        );
    }

    #[test]
    fn counts_letters_not_characters() {
        check("وبيته", 5, (1, 1), "بيت");
        check("وَبَيْتُهُ", 5, (1, 1), "بَيْتُ");
        check("وـبيتـه", 5, (1, 1), "بيتـ");
        check("بيت", 3, (0, 0), "بيت");
        check("\u{200F}بيته", 4, (0, 1), "\u{200F}بيت");
    }

    #[test]
    fn a_ligature_stays_whole() {
        check("وﻻعب", 5, (1, 0), "ﻻعب");
        check("ﻻعب", 4, (1, 0), "ﻻعب");
        check("جمﻻ", 4, (0, 1), "جمﻻ");
    }

    #[test]
    fn a_hamza_written_as_a_mark_is_no_letter() {
        check("وا\u{654}حمد", 5, (1, 0), "ا\u{654}حمد");
    }

    #[test]
    fn clitics_that_leave_nothing_leave_all() {
        check("بها", 3, (1, 2), "بها");
        check("", 0, (0, 0), "");
    }
}

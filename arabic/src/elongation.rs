//! Lengthened letters, as in `مبروووووك`. It sees the letters of a word without marks.
//!
//! A letter that is written three times or more counts once. No Arabic word needs three, except a
//! few forms such as `تتتبع`, which meet another form of the same word. The letters of `الله` and
//! `للجنة` are two, so a lengthened `ل` after the article or at the beginning counts twice. Any
//! other double letter that is lengthened becomes single: `مددددد` is `مد`.

use crate::fold::fold_arabic;
use crate::model::packed_word::low_byte;

/// Shortens every run of three or more equal letters.
pub fn shorten(letters: &mut Vec<char>) {
    let mut kept = 0;
    let mut start = 0;
    while start < letters.len() {
        let letter = fold_arabic(letters[start]);
        let same = |other: &&char| fold_arabic(**other) == letter;
        let run = letters[start..].iter().take_while(same).count();
        let length = if run < 3 || low_byte(letter).is_none() {
            run
        } else if is_double(letter, &letters[..kept], start + run == letters.len()) {
            2
        } else {
            1
        };
        letters.copy_within(start..start + length, kept);
        kept += length;
        start += run;
    }
    letters.truncate(kept);
}

/// Whether the letter counts twice after the letters `before`.
fn is_double(letter: char, before: &[char], is_last: bool) -> bool {
    match before {
        // A word of one letter is laughter or hesitation: `هههههه`.
        [] if is_last => true,
        [] | ['و' | 'ف'] | ['ا'] | ['و' | 'ف' | 'ب' | 'ك', 'ا'] => letter == 'ل',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::fold::folded;

    #[test]
    fn a_lengthened_letter_counts_once() {
        for (word, expected) in [
            ("مبروووووك", "مبروك"),
            ("جـــدااااا", "جدا"),
            ("اللللله", "الله"),
            ("وللللجنة", "وللجنه"),
            ("ههههه", "هه"),
            ("مدد", "مدد"),
            ("www", "www"),
            ("٢٠٠٠", "2000"),
        ] {
            assert_eq!(folded(word), expected, "{word}");
        }
    }
}

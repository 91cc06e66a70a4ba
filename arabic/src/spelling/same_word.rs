//! Whether two folded words are spellings of one word. It compares letters only: the caller decides
//! whether the typed word is a word of its own. Any other difference is a mistake, or makes another
//! word.
//!
//! | spellings | rule |
//! |---|---|
//! | `مسئول`, `مسوول`, `مسؤول` | the seat of a hamza, or the seat alone |
//! | `شاطيء`, `شاطئ` | a hamza on its seat, or after it |
//! | `مستشفا`, `مستشفى` | a final `ى` written as it is pronounced |
//! | `مصتشفى`, `مستشفى` | an emphatic letter for its plain one, in a word of five letters and more |

/// Letters of which one may be written for the other within a word.
const SEATS: [[char; 2]; 6] = [
    ['ئ', 'ؤ'],
    ['ئ', 'ء'],
    ['ؤ', 'ء'],
    ['ئ', 'ي'],
    ['ؤ', 'و'],
    // Folding gives `أ` the letter `ا`.
    ['ئ', 'ا'],
];

/// Two letters that may be written for one.
const SPLIT_HAMZAS: [([char; 2], char); 2] = [(['ي', 'ء'], 'ئ'), (['و', 'ء'], 'ؤ')];

/// Letters that many speakers pronounce alike, and confuse in writing.
const EMPHATIC: [[char; 2]; 3] = [['س', 'ص'], ['ت', 'ط'], ['ض', 'ظ']];

/// The minimum number of letters in a word with a confused emphatic letter. In a shorter word, such
/// a letter mostly makes another word.
const MIN_LETTERS_EMPHATIC: usize = 5;

/// Returns whether a typed word and another word are spellings of one word. Both are folded.
/// `written` is the usual spelling of the other word: only it tells a final `ى` from `ي`.
pub fn is_same_word(typed: &str, word: &str, written: &str) -> bool {
    let typed: Vec<char> = typed.chars().collect();
    let mut word: Vec<char> = word.chars().collect();
    if has_same_hamzas(&typed, &word) || has_emphatic(&typed, &word) {
        return true;
    }
    if let (Some('ا'), Some(last)) = (typed.last(), word.last_mut())
        && written.ends_with('ى')
    {
        *last = 'ا';
        return typed == word;
    }
    false
}

/// Returns whether two folded words differ only in the seats of their hamzas, if at all.
pub fn are_spellings(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|word| word.chars().collect::<Vec<_>>());
    has_same_hamzas(&one, &other)
}

fn has_same_hamzas(one: &[char], other: &[char]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([a, b, one @ ..], [joined, other @ ..]) if is_split(*a, *b, *joined) => {
            has_same_hamzas(one, other)
        }
        ([joined, one @ ..], [a, b, other @ ..]) if is_split(*a, *b, *joined) => {
            has_same_hamzas(one, other)
        }
        ([a, one @ ..], [b, other @ ..]) => {
            (a == b || are_pair(&SEATS, a, b)) && has_same_hamzas(one, other)
        }
        _ => false,
    }
}

fn is_split(a: char, b: char, joined: char) -> bool {
    SPLIT_HAMZAS.contains(&([a, b], joined))
}

/// Returns whether the words differ in one letter, and one of them has its emphatic counterpart.
fn has_emphatic(one: &[char], other: &[char]) -> bool {
    let mut different = one.iter().zip(other).filter(|(a, b)| a != b);
    one.len() == other.len()
        && one.len() >= MIN_LETTERS_EMPHATIC
        && different
            .next()
            .is_some_and(|(a, b)| are_pair(&EMPHATIC, a, b))
        && different.next().is_none()
}

fn are_pair(pairs: &[[char; 2]], one: &char, other: &char) -> bool {
    one != other
        && pairs
            .iter()
            .any(|pair| pair.contains(one) && pair.contains(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::folded;

    #[track_caller]
    fn check(typed: &str, word: &str, expected: bool) {
        assert_eq!(
            is_same_word(&folded(typed), &folded(word), word),
            expected,
            "{typed}, {word}"
        );
    }

    #[test]
    fn hamzas_may_have_another_seat() {
        check("مسئول", "مسؤول", true);
        check("المسوول", "المسؤول", true);
        check("هيأة", "هيئة", true);
        check("شاطيء", "شاطئ", true);
        check("تباطوء", "تباطؤ", true);
        check("قايمة", "قائمة", true);
        // Another word, or no spelling of this one.
        check("تأكد", "تؤكد", false);
        check("سما", "سماء", false);
        check("سماي", "سماء", false);
        check("مسول", "مسؤول", false);
    }

    #[test]
    fn a_final_alef_may_be_written_as_it_is_pronounced() {
        check("مستشفا", "مستشفى", true);
        check("كتابا", "كتابي", false);
        check("كتابي", "كتابا", false);
    }

    #[test]
    fn one_emphatic_letter_may_be_confused() {
        check("مصتشفى", "مستشفى", true);
        check("فلصطين", "فلسطين", true);
        check("نظال", "نضال", false);
        check("صلسال", "سلصال", false);
        check("كوفيد", "يفيد", false);
        check("كرار", "قرار", false);
        check("كتاب", "كاتب", false);
    }
}

//! The difference between a typed word and a word that may be meant. It compares letters only.
//! Short words may differ less, because more words are near them by chance.

/// Groups of letters that write one foreign sound, or that writers confuse.
const SOUNDS: [&[char]; 9] = [
    &['غ', 'ج', 'ق', 'ك'],
    &['ه', 'ح', 'خ'],
    &['ط', 'ت'],
    &['س', 'ص', 'ز'],
    &['د', 'ض', 'ذ', 'ظ', 'ز'],
    &['ف', 'ب'],
    &['ش', 'ج'],
    &['ا', 'و', 'ي', 'ه', 'ء', 'ئ', 'ؤ'],
    &['ث', 'ت', 'س'],
];

/// Letters that may be present in one spelling of a word and absent in another.
const WEAK: [char; 5] = ['ا', 'و', 'ي', 'ه', 'ء'];

/// The minimum length of a word that is corrected, in letters.
pub const MIN_LETTERS: usize = 4;
const MIN_LETTERS_ONE_EDIT: usize = 6;
const MIN_LETTERS_TWO_EDITS: usize = 8;

/// Words of this many letters or more are not corrected. They contain several words, or none.
pub const MAX_LETTERS: usize = 24;

/// The difference between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditDifference {
    /// A letter for another of the same sound, or one weak letter more or less.
    Sound,
    /// Two neighbouring letters in the wrong order, or a letter typed twice.
    Slip,
    /// One letter more, less or different.
    OneEdit,
    /// One edit in a word of four or five letters. Such a word has many neighbours, so only the
    /// commonest are suggested.
    ShortEdit,
    /// Two edits of any kind.
    TwoEdits,
}

impl EditDifference {
    /// Returns the divisor of a correction's likelihood. A correction with this difference must be
    /// this many times commoner to be as likely as one that differs by sound only.
    pub const fn handicap(self) -> f64 {
        match self {
            Self::Sound | Self::Slip => 1.0,
            Self::OneEdit | Self::ShortEdit => 30.0,
            Self::TwoEdits => 1000.0,
        }
    }

    /// Returns how many words the index may have for each article that contains the meant word. The
    /// more words an index has, the more lie near by chance, and most of these are rare.
    pub const fn words_an_article(self) -> u64 {
        match self {
            Self::Sound | Self::Slip => 50_000,
            Self::OneEdit => 20_000,
            Self::ShortEdit => 200,
            Self::TwoEdits => 2_000,
        }
    }
}

/// Returns the maximum number of edits between a typed word of this length and its correction.
pub fn max_edits(letter_count: usize) -> usize {
    match letter_count {
        0..MIN_LETTERS | MAX_LETTERS.. => 0,
        MIN_LETTERS..MIN_LETTERS_TWO_EDITS => 1,
        MIN_LETTERS_TWO_EDITS.. => 2,
    }
}

/// Returns the difference between `word` and the typed word. Returns `None` if they are equal, or
/// differ by more than `most` edits or the limit for their length.
pub fn difference(typed: &[char], word: &[char], most: usize) -> Option<EditDifference> {
    let max_edits = max_edits(typed.len()).min(most);
    if word.len() < MIN_LETTERS || typed.len().abs_diff(word.len()) > max_edits || typed == word {
        return None;
    }
    let (shared, typed_rest, word_rest) = differing_parts(typed, word);
    Some(match (typed_rest, word_rest) {
        ([one], [other])
            if SOUNDS
                .iter()
                .any(|sound| sound.contains(one) && sound.contains(other)) =>
        {
            EditDifference::Sound
        }
        // Adding or omitting a weak letter at the beginning makes a different word.
        ([letter], []) | ([], [letter]) if !shared.is_empty() && WEAK.contains(letter) => {
            EditDifference::Sound
        }
        ([first, second], [one, other]) if first == other && second == one => EditDifference::Slip,
        ([twice], []) if shared.last() == Some(twice) => EditDifference::Slip,
        _ => match edits(typed_rest, word_rest, max_edits as u8) {
            1 if typed.len() >= MIN_LETTERS_ONE_EDIT => EditDifference::OneEdit,
            1 => EditDifference::ShortEdit,
            2 if max_edits == 2 => EditDifference::TwoEdits,
            _ => return None,
        },
    })
}

/// Returns the optimal string alignment distance: insertions, deletions, substitutions and swaps of
/// neighbours. If the distance exceeds `most`, the result is some number greater than `most`.
fn edits(one: &[char], other: &[char], most: u8) -> u8 {
    const WIDTH: usize = MAX_LETTERS + 3;
    debug_assert!(
        other.len() < WIDTH,
        "the caller compares words of like lengths"
    );
    let mut before = [0; WIDTH];
    let mut last: [u8; WIDTH] = std::array::from_fn(|i| i as u8);
    for (i, letter) in one.iter().enumerate() {
        let mut row = [i as u8 + 1; WIDTH];
        let mut least = row[0];
        for (j, other_letter) in other.iter().enumerate() {
            let substituted = last[j] + u8::from(letter != other_letter);
            let mut edits = substituted.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *other_letter {
                edits = edits.min(before[j - 1] + 1);
            }
            row[j + 1] = edits;
            least = least.min(edits);
        }
        // A swap looks back two rows and costs one edit. So a row whose minimum is `most + 1` may
        // still lead to a distance within the limit.
        if least > most + 1 {
            return least;
        }
        (before, last) = (last, row);
    }
    last[other.len()]
}

/// Returns the prefix that two words share, and the rest of each word without the suffix that the
/// rests share.
pub fn differing_parts<'a>(
    one: &'a [char],
    other: &'a [char],
) -> (&'a [char], &'a [char], &'a [char]) {
    let (shared, one) = one.split_at(shared_count(one.iter(), other.iter()));
    let other = &other[shared.len()..];
    let at_end = shared_count(one.iter().rev(), other.iter().rev());
    (
        shared,
        &one[..one.len() - at_end],
        &other[..other.len() - at_end],
    )
}

fn shared_count<'a>(
    one: impl Iterator<Item = &'a char>,
    other: impl Iterator<Item = &'a char>,
) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[track_caller]
    fn check(typed: &str, word: &str, expected: Option<EditDifference>) {
        assert_eq!(
            difference(&letters(typed), &letters(word), 2),
            expected,
            "{typed}, {word}"
        );
    }

    #[test]
    fn short_words_have_no_neighbours() {
        check("جمل", "غمل", None);
        check("بيت", "بيوت", None);
        check("كتاب", "كتب", None);
    }

    #[test]
    fn words_of_four_and_five_letters_have_those_of_their_sound() {
        check("هفتر", "حفتر", Some(EditDifference::Sound));
        check("ترمب", "ترامب", Some(EditDifference::Sound));
        check("رييس", "رئيس", Some(EditDifference::Sound));
        check("لندن", "لبدن", Some(EditDifference::ShortEdit));
        check("مصري", "بمصري", Some(EditDifference::ShortEdit));
        check("مصيرات", "مسيرات", Some(EditDifference::Sound));
    }

    #[test]
    fn slips_of_the_finger_are_as_safe() {
        check("مجسل", "مجلس", Some(EditDifference::Slip));
        check("مجللس", "مجلس", Some(EditDifference::Slip));
        check("مجلسس", "مجلس", Some(EditDifference::Slip));
        check("مجلس", "مججلس", Some(EditDifference::ShortEdit));
    }

    #[test]
    fn longer_words_have_those_one_edit_away_and_long_ones_two() {
        check("بلجراد", "بلمراد", Some(EditDifference::OneEdit));
        check("بلجارد", "بلجراد", Some(EditDifference::Slip));
        check("بلجراد", "بلمرود", None);
        check("انتخابات", "اتخابت", Some(EditDifference::TwoEdits));
        check("انتخابات", "اتخابم", None);
        assert_eq!(
            difference(&letters("انتخابات"), &letters("اتخابت"), 1),
            None
        );
    }

    #[test]
    fn equal_words_are_not_near() {
        check("حكومه", "حكومه", None);
    }
}

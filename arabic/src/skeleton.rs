//! The consonants of a stem. Words of one root share them even if weak letters change. Equal
//! skeletons suggest a common root and do not prove it.

use crate::chars::{Class, class};

/// Letters that change between words of one root.
const WEAK: [char; 7] = ['ا', 'و', 'ي', 'ء', 'ئ', 'ؤ', 'ه'];

/// The minimum number of letters in a skeleton. Two consonants are too little evidence of a common
/// root.
const MIN_CONSONANTS: usize = 3;

/// Returns the stem without weak letters after its first letter. Returns `None` if fewer than three
/// letters remain, or if the stem is not all Arabic.
pub fn skeleton(stem: &str) -> Option<String> {
    let mut letters = stem.chars();
    let mut skeleton = String::with_capacity(stem.len());
    skeleton.extend(letters.next());
    skeleton.extend(letters.filter(|letter| !WEAK.contains(letter)));
    let is_arabic = stem.chars().all(|letter| class(letter) == Class::Arabic);
    (is_arabic && skeleton.chars().count() >= MIN_CONSONANTS).then_some(skeleton)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_root_share_their_consonants() {
        for stem in ["كتاب", "كاتب", "كتب"] {
            assert_eq!(skeleton(stem).as_deref(), Some("كتب"), "{stem}");
        }
        assert_eq!(skeleton("وزير").as_deref(), Some("وزر"));
        for stem in ["باب", "", "bbc", "2019", "ماء"] {
            assert_eq!(skeleton(stem), None, "{stem}");
        }
    }
}

//! Proposes pairs of words that may be spellings of one name or loanword: the same sounds in
//! different Arabic letters. Different words of one Arabic root look similar, too. The counts of a
//! corpus tell the two cases apart.

use fihrist_arabic::spelling::differing_parts;
use rustc_hash::{FxHashMap, FxHashSet};

/// Classes of letters that stand for one foreign sound, or for sounds that some dialects merge.
const CLASSES: [&[char]; 10] = [
    &['غ', 'ج', 'ق', 'ك'],
    &['ك', 'خ'],
    &['ه', 'ح', 'خ'],
    &['ط', 'ت'],
    &['س', 'ص', 'ز'],
    &['د', 'ض', 'ذ', 'ظ', 'ز'],
    &['ف', 'ب', 'و'],
    &['ش', 'ج'],
    &['ث', 'ت', 'س'],
    &['ا', 'و', 'ي', 'ء', 'ه'],
];

/// Letters that one spelling has and another may lack: long vowels and their carriers.
const OPTIONAL: [char; 5] = ['ا', 'و', 'ي', 'ه', 'ء'];

/// The least number of letters in a word. A shorter word resembles too many others.
const MIN_LETTERS: usize = 4;

/// The greatest number of words with one key. Words of a larger group are not paired, since their
/// likeness is chance.
const MAX_GROUP: usize = 60;

/// Returns the pairs of words that may be spellings of one word. A pair has the indices of the two
/// words, the smaller first.
pub fn pairs(words: &[Vec<char>]) -> Vec<(u32, u32)> {
    let mut groups: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (number, word) in (0..)
        .zip(words)
        .filter(|(_, word)| word.len() >= MIN_LETTERS)
    {
        let mut add = |key: String| groups.entry(key).or_default().push(number);
        add(format!("+{}", phonetic_key(word)));
        add(word.iter().collect());
        for gap in 0..word.len() {
            // The key with the gap finds a word that has another letter there. The key without it
            // finds a word that lacks the letter.
            let rest: String = word[..gap].iter().chain(&word[gap + 1..]).collect();
            add(format!("{gap}{rest}"));
            if OPTIONAL.contains(&word[gap]) {
                add(rest);
            }
        }
    }
    let mut pairs = FxHashSet::default();
    for (key, group) in groups.iter().filter(|(_, group)| group.len() <= MAX_GROUP) {
        for (i, one) in group.iter().enumerate() {
            for other in &group[i + 1..] {
                let left = &words[*one as usize];
                let right = &words[*other as usize];
                let sounds_alike = || {
                    key.starts_with('+')
                        && left.len().abs_diff(right.len()) <= 2
                        && same_end(left, right)
                };
                if one != other && (sounds_alike() || is_one_edit(left, right)) {
                    pairs.insert((*one.min(other), *one.max(other)));
                }
            }
        }
    }
    pairs.into_iter().collect()
}

/// Returns whether both words or neither end in an optional letter.
fn same_end(one: &[char], other: &[char]) -> bool {
    let is_vowel = |word: &[char]| word.last().is_some_and(|last| OPTIONAL.contains(last));
    is_vowel(one) == is_vowel(other)
}

/// Returns whether the words differ by one letter. Either the two letters are of one class, or one
/// word has one optional letter more, inside the word.
fn is_one_edit(one: &[char], other: &[char]) -> bool {
    match differing_parts(one, other) {
        (_, [left], [right]) => CLASSES
            .iter()
            .any(|class| class.contains(left) && class.contains(right)),
        (shared, [vowel], []) | (shared, [], [vowel]) => {
            let is_inside = !shared.is_empty() && shared.len() < one.len().min(other.len());
            is_inside && OPTIONAL.contains(vowel)
        }
        _ => false,
    }
}

/// Returns the consonants of a word, with one letter for all consonants that sound alike.
fn phonetic_key(word: &[char]) -> String {
    let mut key = String::with_capacity(2 * word.len());
    for (i, letter) in word.iter().enumerate() {
        let class = match letter {
            'ا' | 'ع' if i == 0 => 'ا',
            'و' | 'ي' if i == 0 => *letter,
            'ع' | 'ء' | 'ا' | 'و' | 'ي' => continue,
            'ه' if i + 1 == word.len() => continue,
            // `تش` spells the English sound ch.
            'ت' if word.get(i + 1) == Some(&'ش') => continue,
            'غ' | 'ج' | 'ق' => 'ك',
            'ح' => 'ه',
            'ط' | 'ث' => 'ت',
            'ص' => 'س',
            'ض' => 'د',
            'ذ' | 'ظ' => 'ز',
            other => *other,
        };
        if !key.ends_with(class) {
            key.push(class);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expected: bool) {
        let words = [one, other].map(|word| word.chars().collect::<Vec<char>>());
        assert_eq!(!pairs(&words).is_empty(), expected, "{one}, {other}");
    }

    #[test]
    fn one_sound_in_other_letters() {
        check("بلجراد", "بلغراد", true);
        check("مدريد", "مادريد", true);
        check("ادنبره", "ادنبرا", true);
        check("تشارلز", "شارلز", true);
    }

    #[test]
    fn other_sounds_and_short_words_are_other_words() {
        check("بلجراد", "بلمراد", false);
        check("جمل", "غمل", false);
        check("لندن", "لندني", false);
    }
}

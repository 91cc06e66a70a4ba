//! Spellings of one name or loanword: what the same sounds may look like in Arabic letters. Arabic words of one root
//! differ in much the same ways; telling the two apart is for the counts.

use rustc_hash::{FxHashMap, FxHashSet};

/// Letters that stand for one foreign sound, or for sounds that are one in some dialects.
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

/// Letters that a spelling may have or lack: vowels and what carries them.
const OPTIONAL: [char; 5] = ['ا', 'و', 'ي', 'ه', 'ء'];

/// Shorter words have too many neighbours.
const MIN_LETTERS: usize = 4;

/// How many words may sound alike before the sound says nothing.
const MAX_GROUP: usize = 60;

/// Returns the pairs of words, by their places, the earlier first, that may be spellings of one word.
pub(super) fn pairs(words: &[Vec<char>]) -> Vec<(u32, u32)> {
    let mut groups: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (place, word) in (0..)
        .zip(words)
        .filter(|(_, word)| word.len() >= MIN_LETTERS)
    {
        groups
            .entry(format!("+{}", phonetic_key(word)))
            .or_default()
            .push(place);
        let spelling: String = word.iter().collect();
        groups.entry(spelling).or_default().push(place);
        for gap in 0..word.len() {
            // With the gap's place a letter may have changed there, without it may be missing in the other word.
            let rest: String = word[..gap].iter().chain(&word[gap + 1..]).collect();
            if OPTIONAL.contains(&word[gap]) {
                groups.entry(rest.clone()).or_default().push(place);
            }
            groups
                .entry(format!("{gap}{rest}"))
                .or_default()
                .push(place);
        }
    }
    let mut pairs = FxHashSet::default();
    for (key, group) in groups {
        if group.len() > MAX_GROUP {
            continue;
        }
        for (i, one) in group.iter().enumerate() {
            for other in &group[i + 1..] {
                let (left, right) = (&words[*one as usize], &words[*other as usize]);
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

/// Whether neither word has an ending that the other lacks.
fn same_end(one: &[char], other: &[char]) -> bool {
    let is_vowel = |word: &[char]| word.last().is_some_and(|last| OPTIONAL.contains(last));
    is_vowel(one) == is_vowel(other)
}

/// Whether the words differ by one letter: one for another of its class, or a vowel more inside.
fn is_one_edit(one: &[char], other: &[char]) -> bool {
    let (long, short) = if one.len() >= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let shared = long
        .iter()
        .zip(short)
        .take_while(|(left, right)| left == right)
        .count();
    match long.len() - short.len() {
        0 => {
            shared < long.len()
                && long[shared + 1..] == short[shared + 1..]
                && CLASSES
                    .iter()
                    .any(|class| class.contains(&long[shared]) && class.contains(&short[shared]))
        }
        1 => {
            shared > 0
                && shared < short.len()
                && long[shared + 1..] == short[shared..]
                && OPTIONAL.contains(&long[shared])
        }
        _ => false,
    }
}

/// The consonants as a listener would class them.
fn phonetic_key(word: &[char]) -> String {
    let mut key = String::with_capacity(2 * word.len());
    for (i, letter) in word.iter().enumerate() {
        let class = match letter {
            'ا' | 'ع' if i == 0 => 'ا',
            'و' | 'ي' if i == 0 => *letter,
            'ع' | 'ء' | 'ا' | 'و' | 'ي' => continue,
            'ه' if i + 1 == word.len() => continue,
            // The English ch.
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

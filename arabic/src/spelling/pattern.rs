//! Patterns: `*` stands for any letters, `?` for one letter. This module finds the words of the
//! index that match a pattern.
//!
//! Words are tried in the order of decreasing counts. If many words match, the search reaches its
//! limit early. If few match, letter sets rule out nearly all others.

use super::{MAX_TYPED_BYTES, Vocabulary, letter_set};
use crate::fold;

const ANY: u8 = b'*';
const ONE: u8 = b'?';
/// The question mark of the Arabic keyboard, which means the same as `?`.
const ARABIC_ONE: char = '؟';

impl Vocabulary {
    /// Returns the folded words that match a pattern, with or without their proclitics: at most
    /// `limit`, the commonest first. The flag says whether more words match. A pattern without a
    /// letter matches nothing.
    pub fn expand_pattern(&self, pattern: &str, limit: usize) -> (Vec<String>, bool) {
        let Some(pattern) = folded_pattern(pattern) else {
            return (Vec::new(), false);
        };
        let letters = pattern.replace(is_wildcard, "");
        let needed = letter_set(&letters);
        let is_match = |word: &u32| {
            let (proclitics, bare) = self.parts(*word);
            let text = self.words.get(*word);
            text.len() >= letters.len()
                && (matches(&pattern, text) || !proclitics.is_empty() && matches(&pattern, bare))
        };
        let may_match = |word: &u32| needed & !self.words.letter_set(*word) == 0;
        let by_count = self.by_count.iter().copied();
        let mut matching = by_count.filter(|word| may_match(word) && is_match(word));
        let words = matching
            .by_ref()
            .take(limit)
            .map(|word| self.words.get(word).to_owned())
            .collect();
        (words, matching.next().is_some())
    }
}

fn is_wildcard(character: char) -> bool {
    matches!(character, '*' | '?')
}

/// Returns the pattern with its letters folded; `None` if it has no letter or is more than one
/// word.
fn folded_pattern(pattern: &str) -> Option<String> {
    if pattern.len() > MAX_TYPED_BYTES {
        return None;
    }
    let mut folded = fold::folded(&pattern.trim().replace(ARABIC_ONE, "?"));
    let mut last = None;
    // Several stars in a row mean the same as one, but cost time for every word.
    folded.retain(|character| last.replace(character) != Some('*') || character != '*');
    let is_pattern = folded
        .chars()
        .all(|character| character.is_alphanumeric() || is_wildcard(character))
        && folded.chars().any(char::is_alphanumeric);
    is_pattern.then_some(folded)
}

/// Whether the pattern matches the whole of `word`.
///
/// After a mismatch, only the last `*` is extended, because it can take any letters that an earlier
/// one could.
fn matches(pattern: &str, word: &str) -> bool {
    let pattern = pattern.as_bytes();
    let word = word.as_bytes();
    let mut at = 0;
    let mut next = 0;
    let mut last_any: Option<(usize, usize)> = None;
    while at < word.len() {
        match pattern.get(next) {
            Some(&ANY) => {
                next += 1;
                last_any = Some((next, at));
            }
            Some(&ONE) => {
                at += character_bytes(word[at]);
                next += 1;
            }
            Some(byte) if *byte == word[at] => {
                at += 1;
                next += 1;
            }
            Some(_) | None => {
                let Some((after, from)) = last_any else {
                    return false;
                };
                let from = from + character_bytes(word[from]);
                (at, next) = (from, after);
                last_any = Some((after, from));
            }
        }
    }
    pattern[next..].iter().all(|byte| *byte == ANY)
}

/// Returns the size in bytes of a UTF-8 character, from its first byte.
fn character_bytes(first: u8) -> usize {
    match first {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0.. => 4,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(pattern: &str, word: &str, expected: bool) {
        assert_eq!(matches(pattern, word), expected, "{pattern}, {word}");
    }

    #[test]
    fn wildcards_stand_for_letters() {
        check("حكوم*", "حكومه", true);
        check("حكوم*", "حكوم", true);
        check("حكوم?", "حكوم", false);
        check("*وم?", "حكومه", true);
        check("ح*م*ه", "حكومه", true);
        check("ح*م", "حكومه", false);
        check("?????", "حكومه", true);
        check("????", "حكومه", false);
        check("*ب*ب", "باببابا", false);
        check("*باب", "بابباب", true);
        check("*", "", true);
        check("", "", true);
    }

    #[test]
    fn a_pattern_is_one_word_with_a_letter() {
        assert_eq!(folded_pattern("أحكـ؟مة***").as_deref(), Some("احك?مه*"));
        for none in ["", "*", "?*", "حكوم* جديد", "a.b*"] {
            assert_eq!(folded_pattern(none), None, "{none}");
        }
    }

    /// The simplest matcher, to compare with.
    fn matches_plainly(pattern: &[char], word: &[char]) -> bool {
        match pattern.split_first() {
            None => word.is_empty(),
            Some(('*', rest)) => {
                (0..=word.len()).any(|skipped| matches_plainly(rest, &word[skipped..]))
            }
            Some((letter, rest)) => word.split_first().is_some_and(|(first, word)| {
                (*letter == '?' || letter == first) && matches_plainly(rest, word)
            }),
        }
    }

    proptest! {
        #[test]
        fn matches_as_the_plain_way_does(pattern in "[اب*?]{0,7}", word in "[اب]{0,7}|[اa😀]{0,5}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&pattern, &word), matches_plainly(&chars(&pattern), &chars(&word)));
        }
    }
}

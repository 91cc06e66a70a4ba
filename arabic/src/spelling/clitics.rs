//! Possible proclitics of a word, by its letters alone. A half-typed or mistyped word gives no
//! other evidence. The caller checks the results against the words of the index.

use std::iter;

const CONJUNCTIONS: [char; 2] = ['و', 'ف'];
const PREPOSITIONS: [char; 3] = ['ب', 'ل', 'ك'];
const FUTURE: char = 'س';
/// The article as it is written alone or after most proclitics.
pub const ARTICLE: &str = "ال";
/// `ل` and the article, as they are written together.
const ARTICLE_AFTER_LAM: &str = "لل";

/// The kind of the proclitic next to the bare word. It decides which words may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownProclitic {
    Conjunction,
    Preposition,
    Article,
    Future,
}

/// Returns the kind of the last of some proclitics; `None` if there are none.
pub fn last(proclitics: &str) -> Option<KnownProclitic> {
    if proclitics.ends_with(ARTICLE) || proclitics.ends_with(ARTICLE_AFTER_LAM) {
        return Some(KnownProclitic::Article);
    }
    match proclitics.chars().next_back()? {
        FUTURE => Some(KnownProclitic::Future),
        letter if CONJUNCTIONS.contains(&letter) => Some(KnownProclitic::Conjunction),
        letter if PREPOSITIONS.contains(&letter) => Some(KnownProclitic::Preposition),
        _ => None,
    }
}

/// Returns every way to split a folded word into proclitics and a rest that is not empty. The first
/// has no proclitics; those with fewer come before those with more.
pub fn splits(word: &str) -> Vec<(&str, &str)> {
    let mut bytes = Vec::new();
    let after_text = |start: usize, text: &str| {
        word[start..]
            .starts_with(text)
            .then_some(start + text.len())
    };
    for start in iter::once(0).chain(after(word, 0, &CONJUNCTIONS)) {
        bytes.push(start);
        bytes.extend(after(word, start, &PREPOSITIONS));
        bytes.extend(after(word, start, &[FUTURE]));
        let articled = after(word, start, &['ب', 'ك']).unwrap_or(start);
        bytes.extend(after_text(articled, ARTICLE));
        bytes.extend(after_text(start, ARTICLE_AFTER_LAM));
    }
    bytes.sort_unstable();
    bytes.dedup();
    bytes
        .into_iter()
        .filter(|at| *at < word.len())
        .map(|at| word.split_at(at))
        .collect()
}

/// Returns the end of the letter at `start`, if it is one of `letters`.
fn after(word: &str, start: usize, letters: &[char]) -> Option<usize> {
    let letter = word[start..].chars().next()?;
    letters.contains(&letter).then(|| start + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &[&str]) {
        let proclitics: Vec<&str> = splits(word)
            .into_iter()
            .map(|(proclitics, _)| proclitics)
            .collect();
        assert_eq!(proclitics, expected, "{word}");
    }

    #[test]
    fn all_that_may_be_proclitics_is_tried() {
        check("حكومه", &[""]);
        check("والحكومه", &["", "و", "وال"]);
        check("وبالحكومه", &["", "و", "وب", "وبال"]);
        check("فللحكومه", &["", "ف", "فل", "فلل"]);
        check("وسيكتب", &["", "و", "وس"]);
        check("كتاب", &["", "ك"]);
        check("ال", &[""]);
        check("", &[]);
        check("bbc", &[""]);
    }

    #[test]
    fn the_last_one_is_next_to_the_bare_word() {
        for (proclitics, expected) in [
            ("", None),
            ("و", Some(KnownProclitic::Conjunction)),
            ("وب", Some(KnownProclitic::Preposition)),
            ("وبال", Some(KnownProclitic::Article)),
            ("لل", Some(KnownProclitic::Article)),
            ("فس", Some(KnownProclitic::Future)),
        ] {
            assert_eq!(last(proclitics), expected, "{proclitics}");
        }
    }
}

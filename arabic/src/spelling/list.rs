//! A growing list of words with their counts, in a few flat arrays. A separate string for each of
//! half a million words would take twice the memory, in pieces that the allocator does not return.

use std::cmp::Reverse;

/// How many words are collected before equal ones are combined.
const MIN_COMBINED: usize = 1 << 16;

/// Words, each with the number of articles that contain it. The article counts of equal words are
/// added up.
#[derive(Default)]
pub struct WordList {
    text: String,
    words: Vec<Listed>,
    /// How many words the list had when equal words were last combined.
    combined: usize,
}

#[derive(Clone, Copy)]
struct Listed {
    start: u32,
    size_bytes: u16,
    articles: u32,
}

impl WordList {
    /// Adds a word and the number of articles that contain it. It drops words of 64 KB and more,
    /// and all words after the first 4 GB.
    pub fn add(&mut self, word: &str, articles: u64) {
        if self.words.len() >= MIN_COMBINED.max(2 * self.combined) {
            self.combine();
        }
        let (Ok(start), Ok(size_bytes)) =
            (u32::try_from(self.text.len()), u16::try_from(word.len()))
        else {
            return;
        };
        self.text.push_str(word);
        self.words.push(Listed {
            start,
            size_bytes,
            articles: u32::try_from(articles).unwrap_or(u32::MAX),
        });
    }

    /// Sorts the words and combines equal ones.
    pub fn combine(&mut self) {
        let text = &self.text;
        self.words
            .sort_by(|one, other| one.of(text).cmp(other.of(text)));
        self.words.dedup_by(|again, kept| {
            let is_same = again.of(text) == kept.of(text);
            if is_same {
                kept.articles = kept.articles.saturating_add(again.articles);
            }
            is_same
        });
        let mut kept = String::with_capacity(
            self.words
                .iter()
                .map(|word| usize::from(word.size_bytes))
                .sum(),
        );
        for word in &mut self.words {
            let start = kept.len() as u32;
            kept.push_str(word.of(text));
            word.start = start;
        }
        self.text = kept;
        self.combined = self.words.len();
    }

    /// Keeps the `limit` commonest of the words that satisfy a condition. The words must have been
    /// combined. Of equally common words, the first in alphabetical order are kept.
    pub(super) fn keep_commonest(&mut self, limit: usize, is_wanted: impl Fn(&str) -> bool) {
        self.words.retain(|word| is_wanted(word.of(&self.text)));
        if self.words.len() > limit {
            self.words.sort_by_key(|word| Reverse(word.articles));
            self.words.truncate(limit);
            self.words
                .sort_by(|one, other| one.of(&self.text).cmp(other.of(&self.text)));
        }
    }

    /// Returns how many words the list has. Equal words count once for each time that they were
    /// added since the last [`combine`](Self::combine).
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Returns the words and their article counts. After [`combine`](Self::combine) the words are
    /// sorted and distinct.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> + Clone {
        self.words
            .iter()
            .map(|word| (word.of(&self.text), u64::from(word.articles)))
    }
}

impl Listed {
    fn of(self, text: &str) -> &str {
        &text[self.start as usize..][..usize::from(self.size_bytes)]
    }
}

impl<S: AsRef<str>> FromIterator<(S, u64)> for WordList {
    fn from_iter<I: IntoIterator<Item = (S, u64)>>(words: I) -> Self {
        let mut list = Self::default();
        for (word, articles) in words {
            list.add(word.as_ref(), articles);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_however_many_come_between() {
        let mut list = WordList::default();
        for number in 0..200_000 {
            list.add("بيت", 2);
            list.add(&(number % 1_000).to_string(), 1);
        }
        list.combine();
        assert!(list.iter().map(|(word, _)| word).is_sorted());
        assert_eq!(
            list.iter()
                .filter(|(word, _)| *word == "بيت")
                .collect::<Vec<_>>(),
            [("بيت", 400_000)]
        );
        assert_eq!(
            list.iter().filter(|(_, articles)| *articles == 200).count(),
            1_000
        );
    }

    #[test]
    fn the_commonest_stay_and_ties_go_by_the_alphabet() {
        let mut list: WordList = [("ث", 7), ("ت", 5), ("ب", 5), ("ا", 1), ("x", 9)]
            .into_iter()
            .collect();
        list.combine();
        list.keep_commonest(2, |word| word != "x");
        assert_eq!(list.iter().collect::<Vec<_>>(), [("ب", 5), ("ث", 7)]);
    }
}

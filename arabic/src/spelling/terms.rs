//! Distinct terms in alphabetical order, in a few flat arrays: some 24 bytes a term.
//!
//! Most terms cannot be near a mistyped word, as their length and their letters show. They are
//! ruled out without a comparison, in some tenths of a millisecond. An index of edits would take
//! more memory.

use std::cmp::Reverse;
use std::ops::Range;

use super::{MIN_ARTICLES, is_arabic};
use crate::text_list::TextList;

/// The maximum size of a term that may be near a word. An Arabic letter takes two bytes.
const MAX_BYTES: usize = 64;

/// Sorted terms, each with the number of articles that contain it.
///
/// Invariant: strictly ascending, so the order of the indices is the order of the terms.
pub struct TermList {
    texts: TextList,
    articles: Vec<u32>,
    letter_sets: Vec<u32>,
    /// The indices of the Arabic terms that may be suggested, by their size in bytes.
    by_size: Vec<u32>,
    /// For each size, the index in `by_size` at which its terms begin; then the end of the last
    /// terms.
    size_starts: Vec<u32>,
}

impl TermList {
    /// Makes a list of terms in ascending order; the article counts of equal terms are added up.
    /// The iterator is read twice, to allocate the exact sizes. A growing list would leave its
    /// smaller copies in memory.
    pub fn new<'a>(sorted: impl Iterator<Item = (&'a str, u64)> + Clone) -> Self {
        let mut count = 0;
        let mut size_bytes = 0;
        let mut last = None;
        for (term, _) in sorted
            .clone()
            .filter(|(term, _)| last.replace(*term) != Some(*term))
        {
            (count, size_bytes) = (count + 1, size_bytes + term.len());
        }
        let mut terms = Self {
            texts: TextList::with_capacity(count, size_bytes),
            articles: Vec::with_capacity(count),
            letter_sets: Vec::with_capacity(count),
            by_size: Vec::new(),
            size_starts: Vec::new(),
        };
        let mut last = None;
        for (term, articles) in sorted {
            let articles = u32::try_from(articles).unwrap_or(u32::MAX);
            match terms.articles.last_mut() {
                Some(total) if last == Some(term) => *total = total.saturating_add(articles),
                Some(_) | None => {
                    debug_assert!(last < Some(term));
                    last = Some(term);
                    terms.texts.push(term);
                    terms.articles.push(articles);
                    terms.letter_sets.push(letter_set(term));
                }
            }
        }
        let size_bytes = |index: &u32| terms.get(*index).len();
        let is_kept =
            |index: &u32| terms.may_be_suggested(*index) && size_bytes(index) <= MAX_BYTES;
        let mut by_size: Vec<u32> = terms.indices().filter(is_kept).collect();
        by_size.sort_by_key(size_bytes);
        let size_starts = (0..=MAX_BYTES + 1)
            .map(|size| by_size.partition_point(|index| size_bytes(index) < size) as u32)
            .collect();
        Self {
            by_size,
            size_starts,
            ..terms
        }
    }

    /// Returns the Arabic terms that may be suggested and that may be near a word. Their sizes and
    /// their letters allow for at most `max_edits` edits of the word.
    pub fn near(&self, word: &str, max_edits: usize) -> impl Iterator<Item = u32> {
        let letters = letter_set(word);
        let start = |size: usize| self.size_starts[size.min(MAX_BYTES + 1)] as usize;
        // An Arabic letter takes two bytes.
        let first = start(word.len().saturating_sub(2 * max_edits));
        let end = start(word.len() + 2 * max_edits + 1);
        let of_size = self.by_size[first..end].iter().copied();
        of_size.filter(move |index| may_be_near(letters, self.letter_set(*index), max_edits))
    }

    /// Returns the indices of all terms.
    pub fn indices(&self) -> Range<u32> {
        0..self.texts.len() as u32
    }

    pub fn get(&self, index: u32) -> &str {
        self.texts.get(index as usize).unwrap_or_default()
    }

    pub fn articles(&self, index: u32) -> u64 {
        u64::from(self.articles[index as usize])
    }

    /// Whether the term is Arabic, and in enough articles to be suggested.
    pub fn may_be_suggested(&self, index: u32) -> bool {
        self.articles(index) >= MIN_ARTICLES && is_arabic(self.get(index))
    }

    /// Returns the article count of a term; 0 if the list lacks it.
    pub fn articles_of(&self, term: &str) -> u64 {
        self.find(term).map_or(0, |index| self.articles(index))
    }

    /// Returns the [`letter_set`] of the term with this index.
    pub fn letter_set(&self, index: u32) -> u32 {
        self.letter_sets[index as usize]
    }

    pub fn find(&self, term: &str) -> Option<u32> {
        let index = self.first_from(term);
        (index < self.indices().end && self.get(index) == term).then_some(index)
    }

    /// Returns the indices of all terms that begin with `prefix`.
    pub fn starting_with(&self, prefix: &str) -> Range<u32> {
        let start = self.first_from(prefix);
        start..self.partition(start, |term| term.starts_with(prefix))
    }

    /// Returns the `limit` commonest of the terms with these indices, the commonest first. Of
    /// equally common terms, the first in alphabetical order comes first.
    pub fn commonest(&self, indices: impl Iterator<Item = u32>, limit: usize) -> Vec<u32> {
        // The upper half is the count and the lower half the inverted index, so one comparison of
        // numbers replaces two.
        let rank = |index: u32| u64::from(self.articles[index as usize]) << 32 | u64::from(!index);
        let mut ranks: Vec<u64> = indices.map(rank).collect();
        if limit < ranks.len() {
            ranks.select_nth_unstable_by_key(limit, |rank| Reverse(*rank));
            ranks.truncate(limit);
        }
        ranks.sort_unstable_by_key(|rank| Reverse(*rank));
        ranks.into_iter().map(|rank| !(rank as u32)).collect()
    }

    fn first_from(&self, term: &str) -> u32 {
        self.partition(0, |other| other < term)
    }

    /// Returns the first index from `start` on whose term does not satisfy `holds`. All terms
    /// before it must satisfy `holds`, and none after it.
    fn partition(&self, start: u32, holds: impl Fn(&str) -> bool) -> u32 {
        let mut low = start;
        let mut high = self.indices().end;
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(self.get(middle)) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        low
    }
}

/// Returns the set of a word's letters, with one bit for each usual letter of folded words. The
/// sets rule out most pairs of words that cannot be near each other.
pub fn letter_set(word: &str) -> u32 {
    let bit = |letter: char| match letter {
        'ا'..='غ' => letter as u32 - 'ا' as u32,
        'ف'..='ي' => letter as u32 - 'ف' as u32 + 20,
        '\u{621}'..='\u{626}' => 30,
        _ => 31,
    };
    word.chars().fold(0, |set, letter| set | 1 << bit(letter))
}

/// Whether words with these letter sets may be this many edits apart. An edit removes one letter
/// from a set and adds one.
fn may_be_near(one: u32, other: u32, max_edits: usize) -> bool {
    let without_one = |set: u32| set & set.wrapping_sub(1);
    let missing = without_one(one & !other);
    let extra = without_one(other & !one);
    match max_edits {
        0 => one == other,
        1 => missing | extra == 0,
        _ => without_one(missing) | without_one(extra) == 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spelling::distance::{difference, max_edits};

    fn terms() -> TermList {
        TermList::new([("باب", 3), ("بابا", 9), ("بيت", 9), ("بيت", 1), ("نهر", 2)].into_iter())
    }

    fn texts(terms: &TermList, indices: impl Iterator<Item = u32>) -> Vec<&str> {
        indices.map(|index| terms.get(index)).collect()
    }

    #[test]
    fn finds_terms_and_adds_up_their_counts() {
        let terms = terms();
        let articles = |term: &str| terms.find(term).map(|index| terms.articles(index));
        assert_eq!(
            [articles("باب"), articles("بيت"), articles("نهر")],
            [Some(3), Some(10), Some(2)]
        );
        assert_eq!([articles(""), articles("با"), articles("هنا")], [None; 3]);
        assert_eq!(TermList::new([].into_iter()).find("باب"), None);
    }

    #[test]
    fn a_prefix_is_a_range() {
        let terms = terms();
        assert_eq!(texts(&terms, terms.starting_with("با")), ["باب", "بابا"]);
        assert_eq!(texts(&terms, terms.starting_with("")).len(), 4);
        assert!(texts(&terms, terms.starting_with("ي")).is_empty());
    }

    #[test]
    fn the_commonest_come_first_and_ties_go_by_the_alphabet() {
        let terms = TermList::new([("ا", 1), ("ب", 5), ("ت", 5), ("ث", 7)].into_iter());
        assert_eq!(
            texts(&terms, terms.commonest(terms.indices(), 3).into_iter()),
            ["ث", "ب", "ت"]
        );
        assert_eq!(terms.commonest(terms.indices(), usize::MAX).len(), 4);
        assert!(terms.commonest(terms.indices(), 0).is_empty());
    }

    proptest! {
        #[test]
        fn every_near_word_passes(one in "[ابتثجحخ]{4,12}", other in "[ابتثجحخ]{4,12}") {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            let max_edits = max_edits(one.chars().count());
            if difference(&letters(&one), &letters(&other), max_edits).is_some() {
                let terms = TermList::new([(other.as_str(), MIN_ARTICLES)].into_iter());
                let near = terms.near(&one, max_edits).count();
                prop_assert_eq!(near, 1);
            }
        }
    }
}

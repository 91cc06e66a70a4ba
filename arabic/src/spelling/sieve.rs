//! Which terms can be near a word, without looking at them: those of like length with nearly the same letters. No index of
//! edits answers faster for its memory: this takes four bytes a term and some tenths of a millisecond.

use std::ops::RangeInclusive;

use super::terms::TermList;
use super::{MIN_ARTICLES, is_arabic};

/// The longest terms that are kept, in bytes: two a letter.
const MAX_BYTES: usize = 64;

/// The Arabic terms that may be suggested, by their length.
pub(super) struct Sieve {
    /// Where the terms of each length begin, by length in bytes; the last ends them.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Sieve {
    pub(super) fn new(terms: &TermList) -> Self {
        let size_bytes = |place: &u32| terms.get(*place).len();
        let is_kept = |place: &u32| {
            terms.articles(*place) >= MIN_ARTICLES
                && size_bytes(place) <= MAX_BYTES
                && is_arabic(terms.get(*place))
        };
        let mut places: Vec<u32> = terms.places().filter(is_kept).collect();
        places.sort_by_key(size_bytes);
        let starts = (0..=MAX_BYTES + 1)
            .map(|size| places.partition_point(|place| size_bytes(place) < size) as u32);
        Self {
            starts: starts.collect(),
            places,
        }
    }

    /// The terms of some lengths whose letters are no more than `max_edits` edits from `letters`.
    pub(super) fn near(
        &self,
        terms: &TermList,
        sizes_bytes: RangeInclusive<usize>,
        letters: u32,
        max_edits: usize,
    ) -> impl Iterator<Item = u32> {
        let start = |size: usize| self.starts[size.min(MAX_BYTES + 1)] as usize;
        let places = &self.places[start(*sizes_bytes.start())..start(sizes_bytes.end() + 1)];
        places
            .iter()
            .copied()
            .filter(move |place| may_be_near(letters, terms.letter_set(*place), max_edits))
    }
}

/// Whether words with these letters may be so many edits apart: an edit takes one letter out of a set and puts one in.
fn may_be_near(one: u32, other: u32, max_edits: usize) -> bool {
    let without_one = |set: u32| set & set.wrapping_sub(1);
    let (missing, extra) = (without_one(one & !other), without_one(other & !one));
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
    use crate::spelling::terms::letter_set;

    proptest! {
        #[test]
        fn every_near_word_passes(one in "[ابتثجحخ]{4,12}", other in "[ابتثجحخ]{4,12}") {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            let max_edits = max_edits(one.chars().count());
            if difference(&letters(&one), &letters(&other), max_edits).is_some() {
                let terms = TermList::new([(other.as_str(), MIN_ARTICLES)].into_iter());
                let sizes_bytes = one.len() - 2 * max_edits..=one.len() + 2 * max_edits;
                let near = Sieve::new(&terms).near(&terms, sizes_bytes, letter_set(&one), max_edits).count();
                prop_assert_eq!(near, 1);
            }
        }
    }
}

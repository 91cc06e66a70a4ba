//! Gives each term a number, so that the words of a segment can be sorted as numbers. It knows no
//! fields and no documents.

use std::hash::Hasher;

use hashbrown::hash_table::{Entry, HashTable};
use rustc_hash::FxHasher;

/// Terms, numbered from 0 in the order of their first occurrence.
#[derive(Default)]
pub struct TermTable {
    numbers: HashTable<u32>,
    /// All terms, one after the other.
    text: String,
    /// The end of each term in `text`.
    ends: Vec<usize>,
    /// The numbers in the order of the terms' bytes; empty until they are [sorted](Self::sort).
    pub sorted: Vec<u32>,
}

impl TermTable {
    /// Returns the number of a term, and whether the term is new.
    pub fn number(&mut self, term: &str) -> (u32, bool) {
        let Self {
            numbers,
            text,
            ends,
            ..
        } = self;
        let name = |number: u32| slice(text, ends, number);
        let found = numbers.entry(
            hash(term),
            |number| name(*number) == term,
            |number| hash(name(*number)),
        );
        match found {
            Entry::Occupied(number) => (*number.get(), false),
            Entry::Vacant(entry) => {
                let number = ends.len() as u32;
                entry.insert(number);
                text.push_str(term);
                ends.push(text.len());
                (number, true)
            }
        }
    }

    /// Returns the term with a number.
    pub fn name(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    /// Returns how many terms there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Computes [`sorted`](Self::sorted) for the terms so far.
    pub fn sort(&mut self) {
        let mut numbers: Vec<u32> = (0..self.ends.len() as u32).collect();
        numbers.sort_unstable_by_key(|number| self.name(*number));
        self.sorted = numbers;
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], number: u32) -> &'a str {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start..ends[number]]
}

fn hash(term: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(term.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equal_terms_have_equal_numbers(words in prop::collection::vec("[ابت]{1,3}", 0..200)) {
            let mut terms = TermTable::default();
            let numbers: Vec<u32> = words.iter().map(|word| terms.number(word).0).collect();
            for (word, number) in words.iter().zip(&numbers) {
                prop_assert_eq!(terms.name(*number), word);
                prop_assert_eq!(terms.number(word), (*number, false));
            }
            terms.sort();
            prop_assert_eq!(terms.sorted.len(), terms.len());
            prop_assert!(terms.sorted.is_sorted_by(|one, other| terms.name(*one) < terms.name(*other)));
        }
    }
}

//! Facets: the values of a keyword field in the articles that match, with counts.

use std::ops::ControlFlow;

use crate::backend::ValueCounts;
use crate::query::Keyword;
use fihrist_arabic::{for_each_surface, may_hold_surface};

/// The greatest number of values in a facet beside the hits. A page of hits has room for this many beside it.
pub(super) const MAX_VALUES: usize = 20;

/// The values of one field in the articles that match a search, with counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field whose values are counted.
    pub field: Keyword,
    /// The number of different values in all articles that match.
    pub value_count: usize,
    /// The most frequent values; equally frequent ones in alphabetical order.
    pub values: Vec<FacetValue>,
}

/// A value of a field, and the number of articles that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value as stored.
    pub value: String,
    /// The number of matching articles that have the value. Copies are counted one by one.
    pub count: u64,
}

impl Facet {
    pub(super) fn new(field: Keyword, counts: ValueCounts) -> Self {
        let values = counts.most_frequent.into_iter();
        Self {
            field,
            value_count: counts.value_count,
            values: values
                .map(|(value, count)| FacetValue { value, count })
                .collect(),
        }
    }
}

/// Returns a test that accepts a value if its folded words include words that begin with `prefix`.
/// If `prefix` is blank, the test accepts every value.
pub(super) fn begins(prefix: &str) -> impl Fn(&str) -> bool + Sync {
    let wanted = folded_words(prefix);
    move |value| {
        let Some((last, others)) = wanted.split_last() else {
            return true;
        };
        if !wanted.iter().all(|word| may_hold_surface(value, word)) {
            return false;
        }
        if others.is_empty() {
            let mut is_found = false;
            for_each_surface(value, |word| {
                is_found = word.starts_with(last.as_str());
                if is_found {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            return is_found;
        }
        let begins = |part: &[String]| {
            let (part_last, part_others) = part.split_last().expect("as many as are wanted");
            part_others == others && part_last.starts_with(last.as_str())
        };
        folded_words(value).windows(wanted.len()).any(begins)
    }
}

/// Returns the folded words of a text.
pub(super) fn folded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_surface(text, |word| {
        words.push(word.to_owned());
        ControlFlow::Continue(())
    });
    words
}

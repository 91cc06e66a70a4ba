//! Facets: the values of a keyword field in the articles that match, with counts.

use crate::backend::ValueCounts;
use crate::query::Keyword;
use fihrist_arabic::for_each_surface;

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
    let wanted = folded(prefix);
    move |value| {
        wanted.is_empty() || {
            let value = folded(value);
            value.starts_with(&wanted) || value.contains(&format!(" {wanted}"))
        }
    }
}

/// Returns the folded words of a text, joined by spaces.
fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for_each_surface(text, |word| {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    });
    words
}

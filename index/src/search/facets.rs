//! The values that articles have in a field, and how many have each.

use std::cmp::Reverse;

use crate::query::Keyword;
use fihrist_arabic::Analyzer;

/// As many as fit beside a page of hits.
const COMMONEST: usize = 20;

/// The values that the articles of a search have in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: Keyword,
    /// How many values there are, of those that were wanted.
    pub value_count: usize,
    /// The commonest of them, those with as many articles in the order of the alphabet.
    pub values: Vec<FacetValue>,
}

/// How many articles have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value as it is stored.
    pub value: String,
    /// How many articles have it; copies of one another are counted one by one.
    pub count: u64,
}

impl Facet {
    pub(super) fn commonest(field: Keyword, values: Vec<(String, u64)>) -> Self {
        Self::new(field, values, |_| true, COMMONEST)
    }

    pub(super) fn new(
        field: Keyword,
        mut values: Vec<(String, u64)>,
        is_wanted: impl Fn(&str) -> bool,
        limit: usize,
    ) -> Self {
        values.retain(|(value, _)| is_wanted(value));
        let value_count = values.len();
        values.sort_unstable_by(|(one, one_count), (other, other_count)| {
            Reverse(one_count)
                .cmp(&Reverse(other_count))
                .then_with(|| one.cmp(other))
        });
        values.truncate(limit);
        let values = values
            .into_iter()
            .map(|(value, count)| FacetValue { value, count })
            .collect();
        Self {
            field,
            value_count,
            values,
        }
    }
}

/// Whether one of the words of a value begins a stretch that begins with `prefix`, however both are spelled. Every value
/// begins with nothing.
pub(super) fn begins<'a>(prefix: &str, analyzer: &'a Analyzer) -> impl Fn(&str) -> bool + 'a {
    let wanted = folded(prefix, analyzer);
    move |value| {
        wanted.is_empty() || {
            let value = folded(value, analyzer);
            value.starts_with(&wanted) || value.contains(&format!(" {wanted}"))
        }
    }
}

/// The words of a text as they are folded, with one space between.
fn folded(text: &str, analyzer: &Analyzer) -> String {
    let words: Vec<String> = analyzer
        .analyze(text)
        .into_iter()
        .map(|token| token.surface)
        .collect();
    words.join(" ")
}

//! Facets: the values of a keyword field in the articles that match, with counts.

use crate::query::Keyword;
use fihrist_arabic::Analyzer;

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
    pub(super) fn new(
        field: Keyword,
        mut values: Vec<(String, u64)>,
        is_wanted: impl Fn(&str) -> bool,
        limit: usize,
    ) -> Self {
        values.retain(|(value, _)| is_wanted(value));
        let value_count = values.len();
        values.sort_unstable_by(|(one, one_count), (other, other_count)| {
            other_count.cmp(one_count).then_with(|| one.cmp(other))
        });
        values.truncate(limit);
        let values = values.into_iter();
        Self {
            field,
            value_count,
            values: values
                .map(|(value, count)| FacetValue { value, count })
                .collect(),
        }
    }
}

/// Returns a test that accepts a value if its folded words include words that begin with `prefix`.
/// If `prefix` is blank, the test accepts every value.
pub(super) fn begins<'a>(prefix: &str, analyzer: &'a Analyzer) -> impl Fn(&str) -> bool + 'a {
    let wanted = folded(prefix, analyzer);
    move |value| {
        wanted.is_empty() || {
            let value = folded(value, analyzer);
            value.starts_with(&wanted) || value.contains(&format!(" {wanted}"))
        }
    }
}

/// Returns the folded words of a text, joined by spaces.
fn folded(text: &str, analyzer: &Analyzer) -> String {
    let words = analyzer.analyze(text).into_iter();
    words
        .map(|token| token.surface)
        .collect::<Vec<_>>()
        .join(" ")
}

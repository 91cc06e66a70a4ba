//! What a search answers.

use super::explain::Explanation;
use super::facets::Facet;
use super::histogram::Histogram;
use super::relaxation::Relaxed;
use crate::document::Article;
use crate::query::Query;
use crate::snippet::{Fragment, Snippet};

/// The answer to a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// What was typed.
    pub input: String,
    /// The query that was run; the corrected one, if it was corrected.
    pub query: Query,
    /// How many articles match. If the request collapses, the copies of one article count as one.
    pub total: u64,
    /// How the query was relaxed, if it found too little.
    pub relaxed: Option<Relaxed>,
    /// The query with unknown words replaced by words of the index.
    pub did_you_mean: Option<String>,
    /// The hits of the page, in order.
    pub hits: Vec<Hit>,
    /// For each wanted field, the most frequent values of all articles that match.
    pub facets: Vec<Facet>,
    /// The articles that match over time, if the request asks for it.
    pub histogram: Option<Histogram>,
    /// Where the search continues, if there are more hits.
    pub next_cursor: Option<String>,
}

/// An article that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article as stored.
    pub article: Article,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
    /// How many other articles of the index are copies of it.
    pub duplicates: u64,
    /// Its title, split at the matches.
    pub title: Vec<Fragment>,
    /// Passages, in reading order.
    pub snippets: Vec<Snippet>,
    /// Why it matches, if the request asks for it.
    pub explanation: Option<Explanation>,
}

/// The copies of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// How many there are.
    pub total: u64,
    /// The newest of them, those without a date last; of the same second, ordered by id.
    pub articles: Vec<Article>,
}

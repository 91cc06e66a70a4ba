//! The types of an answer to a search: hits, facets and the next cursor.

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
    /// The query as typed.
    pub input: String,
    /// The query that was run: the corrected one if there is a correction.
    pub query: Query,
    /// How many articles match. If the request collapses, the copies of one article count as one.
    pub total: u64,
    /// How the query was relaxed; `None` if it was not.
    pub relaxed: Option<Relaxed>,
    /// The query with its unknown words replaced by words of the index; `None` if no word is
    /// replaced.
    pub did_you_mean: Option<String>,
    /// The hits of the page, in order.
    pub hits: Vec<Hit>,
    /// For each field that the request names, the most frequent values in all articles that match.
    pub facets: Vec<Facet>,
    /// The number of matching articles in each interval of time; `None` unless the request asks for
    /// it.
    pub histogram: Option<Histogram>,
    /// The cursor of the next page; `None` if there are no more hits.
    pub next_cursor: Option<String>,
}

/// An article that matches the query, as it is shown on a page of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article as stored.
    pub article: Article,
    /// The score of the article. Only scores of one answer can be compared.
    pub score: f32,
    /// The number of other articles in the index that are copies of it.
    pub duplicates: u64,
    /// The title, split into fragments that match and fragments that do not.
    pub title: Vec<Fragment>,
    /// The best passages of the article, in reading order.
    pub snippets: Vec<Snippet>,
    /// Why the article matches; `None` unless the request asks for it.
    pub explanation: Option<Explanation>,
}

/// The copies of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// The number of copies in the index.
    pub total: u64,
    /// The newest copies, those without a date last. Copies of the same second are ordered by id.
    pub articles: Vec<Article>,
}

//! What a backend answers.

use std::time::SystemTime;

use super::Candidate;
use crate::learning::TrainingSize;
use crate::query::Keyword;

/// The documents that a backend returns for a selection.
#[derive(Debug, Default)]
pub struct Candidates {
    /// The documents, in the order of the selection.
    pub best: Vec<Candidate>,
    /// The number of all selected documents. If the page collapses, the copies of one article count as one.
    pub total: u64,
    /// The number of documents before `best`, if the backend has already collapsed the copies and
    /// cut the page. `None` if the caller must do both.
    pub page_start: Option<usize>,
}

/// Which clauses of a query an article matches.
#[derive(Debug)]
pub struct Matches {
    /// Whether the article matches the query.
    pub is_match: bool,
    /// For each clause of the query, excluded ones too, whether the article holds the clause.
    pub holds: Vec<bool>,
}

/// The articles that share distinctive stems with another article.
#[derive(Debug)]
pub struct SimilarCandidates {
    /// The candidates, the most similar first. Each has a list of the stems that it shares, the
    /// most distinctive first, as indices in
    /// [`Subject::stems`](crate::ranking::similar::Subject::stems).
    pub best: Vec<(Candidate, Vec<usize>)>,
    /// Whether the backend has no more articles to offer, so that the caller must not ask again.
    pub is_all: bool,
}

/// The counts that a caller asks for. They are counts of the articles that match a query.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The keyword fields whose values are counted.
    pub fields: &'a [Keyword],
    /// The greatest number of values of a field that are returned.
    pub limit: usize,
    /// Returns whether a value counts; `None` if all count.
    pub accepts: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// Whether the articles of each day are counted, by their time of publication.
    pub days: bool,
}

/// Counts of the articles that match, by value and by day. Every copy counts.
#[derive(Debug, Default)]
pub struct Summary {
    /// The number of articles.
    pub articles: u64,
    /// The values of each wanted field.
    pub values: Vec<ValueCounts>,
    /// The days on which articles were published, ascending, each with the number of its articles.
    /// A day is the number of days since 1970-01-01.
    pub days: Vec<(i64, u64)>,
    /// The number of articles without a date.
    pub undated: u64,
}

/// The values of a field in the articles that match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueCounts {
    /// The number of different values.
    pub value_count: usize,
    /// The most frequent values, each with the number of articles that have it. Equally frequent
    /// ones are in alphabetical order.
    pub most_frequent: Vec<(String, u64)>,
}

/// Figures about an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// The number of articles.
    pub articles: u64,
    /// The number of sources.
    pub sources: u64,
    /// The first and the last time of publication, in seconds since 1970; `None` if no article has a date.
    pub published: Option<(i64, i64)>,
    /// When a commit or a merge of index segments last changed the index; `None` if unknown.
    pub changed: Option<SystemTime>,
    /// The size of the index on disk, in bytes.
    pub size_bytes: u64,
    /// The number of clusters of copies.
    pub duplicate_clusters: u64,
    /// The number of articles that are in a cluster of copies.
    pub duplicate_articles: u64,
    /// The number of index segments.
    pub segments: usize,
    /// The name of the generation in use.
    pub generation: String,
    /// The [`ANALYSIS_VERSION`](fihrist_arabic::ANALYSIS_VERSION) that made the terms of the
    /// generation.
    pub analysis_version: u32,
    /// The hash of the model that made the terms of the generation.
    pub model_hash: String,
    /// How much the model has learnt from, in addition to the base model.
    pub learnt: TrainingSize,
    /// The number of pairs in the graph of related stems.
    pub graph_pairs: usize,
    /// The hash of the graph.
    pub graph_hash: String,
    /// How much the graph has learnt from, in addition to the base graph; `None` for the base graph
    /// alone.
    pub graph_learnt: Option<TrainingSize>,
}

impl Summary {
    /// Returns a summary whose counts are all 0.
    pub fn of_nothing(wanted: &Wanted<'_>) -> Self {
        Self {
            values: vec![ValueCounts::default(); wanted.fields.len()],
            ..Self::default()
        }
    }
}

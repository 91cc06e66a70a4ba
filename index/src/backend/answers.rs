//! What a backend answers.

use std::time::SystemTime;

use super::Candidate;
use crate::learning::TrainingSize;
use crate::query::Keyword;

/// The documents of a selection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// The documents, the first first.
    pub best: Vec<Candidate>,
    /// The number of all selected documents. If the page collapses, the copies of one article count as one.
    pub total: u64,
    /// The number of documents before `best`, if the backend has already collapsed the copies and cut the page. `None`
    /// leaves both to the caller.
    pub page_start: Option<usize>,
}

/// Which clauses of a query an article matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Whether the article matches the query.
    pub is_match: bool,
    /// For each clause, whether the article holds it. This includes excluded clauses.
    pub holds: Vec<bool>,
}

/// Articles that share the subject of another.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarCandidates {
    /// Each with the indices in [`Subject::stems`](crate::ranking::similar::Subject::stems) of the stems that it
    /// shares, the most distinctive stem first.
    pub best: Vec<(Candidate, Vec<usize>)>,
    /// Whether no more can be had.
    pub is_all: bool,
}

/// What to count of the articles that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The values of these fields.
    pub fields: &'a [Keyword],
    /// The days of publication.
    pub days: bool,
}

/// Counts of the articles that match, by value and by day. Every copy counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of articles.
    pub articles: u64,
    /// For each wanted field, the number of articles with each value; in no order.
    pub values: Vec<Vec<(String, u64)>>,
    /// For each day since 1970, the number of articles published on it; in order.
    pub days: Vec<(i64, u64)>,
    /// The number of articles without a date.
    pub undated: u64,
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
    /// When the files last changed, by a commit or a merge of index segments.
    pub changed: Option<SystemTime>,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// The number of clusters of copies.
    pub duplicate_clusters: u64,
    /// The number of articles in them.
    pub duplicate_articles: u64,
    /// The number of index segments.
    pub segments: usize,
    /// The name of the generation.
    pub generation: String,
    /// The [`ANALYSIS_VERSION`](fihrist_arabic::ANALYSIS_VERSION) of its terms.
    pub analysis_version: u32,
    /// The hash of the model that made its terms.
    pub model_hash: String,
    /// What the model has learnt from, besides the base model.
    pub learnt: TrainingSize,
    /// The number of pairs in the graph.
    pub graph_pairs: usize,
    /// The hash of the graph.
    pub graph_hash: String,
    /// What the graph has learnt from, besides the base graph; `None` for the base graph alone.
    pub graph_learnt: Option<TrainingSize>,
}

impl Summary {
    /// Returns the summary of no articles.
    pub fn of_nothing(wanted: &Wanted<'_>) -> Self {
        Self {
            values: vec![Vec::new(); wanted.fields.len()],
            ..Self::default()
        }
    }
}

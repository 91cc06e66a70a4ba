//! A search request and its settings.

use super::cursor::Cursor;
use super::histogram::Interval;
use crate::backend::{Order, hash_of};
use crate::query::{Keyword, Scope};
use crate::snippet::{self, Highlight};
use fihrist_arabic::calendar::Period;

/// A search request.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// The query as typed.
    pub query: String,
    /// The number of hits on the page.
    pub limit: usize,
    /// The number of hits before the page.
    pub offset: usize,
    /// The cursor after which the page starts; it takes precedence over the offset.
    pub cursor: Option<Cursor>,
    /// The order of the hits: by score or by date.
    pub order: Order,
    /// The filters that an article must pass.
    pub filters: Filters,
    /// Whether a blank query finds all articles that pass the filters. Otherwise it finds none.
    pub blank_finds_all: bool,
    /// Which term of a word must match: form or stem.
    pub matching: Matching,
    /// How the words of the query combine.
    pub operator: Operator,
    /// The fields in which words and phrases may match if the query names no field for them.
    pub scope: Scope,
    /// Which part of a matching word is marked.
    pub highlight: Highlight,
    /// Whether a query that finds too little is corrected and relaxed.
    pub relaxes: bool,
    /// Whether only the best article of each cluster of copies is shown and counted.
    pub collapses: bool,
    /// The fields to return facets of.
    pub facets: Vec<Keyword>,
    /// The interval of the histogram to return; `None` if no histogram is wanted.
    pub histogram: Option<Interval>,
    /// Whether related stems get the word that is shown for them. The first search of a process then
    /// reads all words of the index.
    pub names_related: bool,
    /// Whether each hit is explained.
    pub explains: bool,
    /// The number and the length of each hit's passages.
    pub snippets: snippet::Options,
}

impl SearchRequest {
    /// Returns a request with default settings for the first ten hits of a query.
    pub fn new(query: &str) -> Self {
        Self {
            query: query.to_owned(),
            limit: 10,
            offset: 0,
            cursor: None,
            order: Order::Relevance,
            filters: Filters::default(),
            blank_finds_all: false,
            matching: Matching::default(),
            operator: Operator::default(),
            scope: Scope::ALL,
            highlight: Highlight::default(),
            relaxes: true,
            collapses: false,
            facets: Vec::new(),
            histogram: None,
            names_related: true,
            explains: false,
            snippets: snippet::Options {
                max_snippets: 3,
                max_snippet_chars: 200,
            },
        }
    }

    /// Returns a hash of all settings that decide which articles match and in which order. It does
    /// not depend on the size of the page.
    pub(super) fn fingerprint(&self) -> u64 {
        hash_of((
            &self.query,
            self.matching,
            self.operator,
            self.scope,
            self.relaxes,
            self.collapses,
            &self.filters,
            self.blank_finds_all,
            self.order,
        ))
    }
}

/// The filters of a request. For each field with wanted values, an article must have one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filters {
    /// The wanted sources; empty if every source passes.
    pub sources: Vec<String>,
    /// The wanted sections; empty if every section passes.
    pub sections: Vec<String>,
    /// The wanted authors; empty if every author passes.
    pub authors: Vec<String>,
    /// The period of publication, as typed and parsed; `None` if every date passes.
    pub published: Option<(String, Period)>,
}

impl Filters {
    /// Returns the wanted values of a field.
    pub fn of(&self, field: Keyword) -> &[String] {
        match field {
            Keyword::Source => &self.sources,
            Keyword::Section => &self.sections,
            Keyword::Author => &self.authors,
        }
    }
}

/// Which terms of an article's word and of the query's word must be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// The stems must be equal, or be a pair of the graph.
    #[default]
    Auto,
    /// The forms must be equal.
    Exact,
    /// The stems must be equal.
    Stem,
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Operator {
    /// An article must hold all words. If too few articles do, some of the words are enough.
    #[default]
    Auto,
    /// An article must hold all words.
    And,
    /// An article must hold one of the words.
    Or,
}

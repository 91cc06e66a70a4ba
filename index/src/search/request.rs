//! A search request and its settings.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::cursor::Cursor;
use super::histogram::Interval;
use crate::backend::Order;
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
    /// The number of hits to skip.
    pub offset: usize,
    /// Where the page starts, instead of an offset.
    pub cursor: Option<Cursor>,
    /// The order of the hits.
    pub order: Order,
    /// Which articles are searched.
    pub filters: Filters,
    /// Whether a blank query finds all articles that pass the filters. Otherwise it finds none.
    pub blank_finds_all: bool,
    /// How an article's words must agree with those of the query.
    pub matching: Matching,
    /// How the words combine.
    pub operator: Operator,
    /// The fields in which words and phrases may occur that name no field.
    pub scope: Scope,
    /// How much of a word is marked.
    pub highlight: Highlight,
    /// Whether a query that finds too little is corrected and relaxed.
    pub relaxes: bool,
    /// Whether only the best article of each cluster of copies is shown and counted.
    pub collapses: bool,
    /// The fields whose values are counted in all articles that match.
    pub facets: Vec<Keyword>,
    /// The interval of the histogram over all articles that match.
    pub histogram: Option<Interval>,
    /// Whether each hit is explained.
    pub explains: bool,
    /// What to show of each hit.
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
            explains: false,
            snippets: snippet::Options {
                max_snippets: 3,
                max_snippet_chars: 200,
            },
        }
    }

    /// Returns a hash of all settings that decide which articles match, and in which order. The size of the page is not
    /// among them.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let Self {
            query,
            matching,
            operator,
            scope,
            relaxes,
            collapses,
            filters,
            blank_finds_all,
            order,
            ..
        } = self;
        (
            query,
            matching,
            operator,
            scope,
            relaxes,
            collapses,
            filters,
            blank_finds_all,
            order,
        )
            .hash(&mut hasher);
        hasher.finish()
    }
}

/// Which articles are searched. For each field with wanted values, an article must have one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filters {
    /// Sources.
    pub sources: Vec<String>,
    /// Sections.
    pub sections: Vec<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// The period of publication: as it was written, and what it means.
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

/// How an article's word must agree with a word of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// By stem, or by a related stem of the graph.
    #[default]
    Auto,
    /// By form.
    Exact,
    /// By stem.
    Stem,
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Operator {
    /// An article must hold all words; if too few do, some of them are enough.
    #[default]
    Auto,
    /// An article must hold all words.
    And,
    /// An article must hold one of the words.
    Or,
}

impl Operator {
    /// Returns the operator for a request that must not be relaxed.
    pub(super) const fn without_loosening(self) -> Self {
        match self {
            Self::Auto | Self::And => Self::And,
            Self::Or => Self::Or,
        }
    }
}

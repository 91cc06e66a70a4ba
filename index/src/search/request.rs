//! What is asked of an index, and with which settings.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::cursor::Cursor;
use super::histogram::Interval;
use crate::backend::Order;
use crate::query::{Keyword, Scope};
use crate::snippet::{self, Highlight};
use fihrist_arabic::calendar::Period;

/// What is asked of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// What was typed.
    pub query: String,
    /// Hits wanted.
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
    /// After which hit to go on, instead of an offset.
    pub cursor: Option<Cursor>,
    /// In which order hits come.
    pub order: Order,
    /// Which articles are searched.
    pub filters: Filters,
    /// Whether a query in which nothing is typed finds all that are searched; otherwise it finds nothing.
    pub blank_finds_all: bool,
    /// What of a word has to agree.
    pub matching: Matching,
    /// How the words combine.
    pub operator: Operator,
    /// Where words and phrases may stand that name no field.
    pub scope: Scope,
    /// How much of a word is marked.
    pub highlight: Highlight,
    /// Whether a query is loosened where it finds too little: fewer words, phrases as words, words corrected.
    pub relaxes: bool,
    /// Whether of articles that are copies of one another only the best is shown and counted.
    pub collapses: bool,
    /// The fields whose values are counted in all articles that match.
    pub facets: Vec<Keyword>,
    /// By which stretches of time all articles that match are counted.
    pub histogram: Option<Interval>,
    /// Whether each hit says why it matches.
    pub explains: bool,
    /// What to show of each hit.
    pub snippets: snippet::Options,
}

impl SearchRequest {
    /// The first ten hits for a query, as a person would get them who sets nothing.
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

    /// A number that other searches do not have. How much of the answer is wanted makes no other search.
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

/// Which articles are searched: those with one of the values in each field for which there are any, published in the period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filters {
    /// Outlets.
    pub sources: Vec<String>,
    /// Sections.
    pub sections: Vec<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// When the article was published, as it was written and what it means.
    pub published: Option<(String, Period)>,
}

impl Filters {
    /// The wanted values of a field.
    pub fn of(&self, field: Keyword) -> &[String] {
        match field {
            Keyword::Source => &self.sources,
            Keyword::Section => &self.sections,
            Keyword::Author => &self.authors,
        }
    }
}

/// What of the words of a query has to agree with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// The stem, or one that the learnt graph takes for it.
    #[default]
    Auto,
    /// The word itself, as it is spelled.
    Exact,
    /// The stem.
    Stem,
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Operator {
    /// All of them, and where too few articles have all, fewer.
    #[default]
    Auto,
    /// All of them.
    And,
    /// Any of them.
    Or,
}

impl Operator {
    /// What is left of it where nothing may be loosened.
    pub(super) const fn without_loosening(self) -> Self {
        match self {
            Self::Auto | Self::And => Self::And,
            Self::Or => Self::Or,
        }
    }
}

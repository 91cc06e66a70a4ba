//! What is asked of an index, and with which settings.

use crate::query::Scope;
use crate::snippet::{self, Highlight};

/// What is asked of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What was typed.
    pub query: String,
    /// Hits wanted.
    pub limit: usize,
    /// Better hits to pass over.
    pub offset: usize,
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
            matching: Matching::default(),
            operator: Operator::default(),
            scope: Scope::ALL,
            highlight: Highlight::default(),
            relaxes: true,
            collapses: false,
            explains: false,
            snippets: snippet::Options { max_snippets: 3, max_snippet_chars: 200 },
        }
    }
}

/// What of the words of a query has to agree with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

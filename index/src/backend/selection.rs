//! Selections: the documents that a caller asks a backend for.

use super::{Candidate, Page};
use crate::document::ArticleId;
use crate::query::{Clause, ClauseKind, Occur, Query};
use crate::ranking::Weights;

/// A query with the operator and the weights that a backend needs to run it.
#[derive(Debug, Clone, Copy)]
pub struct PreparedQuery<'a> {
    /// The query, prepared for the index.
    pub query: &'a Query,
    /// How the words of the query combine.
    pub operator: Operator,
    /// The weights of fields and related stems.
    pub weights: &'a Weights,
}

/// The documents that a backend is to return.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    /// The documents that match a query, the best first.
    Query {
        /// The query.
        query: PreparedQuery<'a>,
        /// The page that the candidates are for. It gives their order, and whether the copies of an
        /// article count as one.
        page: Page,
        /// The greatest number of candidates. With 0, the backend returns only the total.
        wanted: usize,
    },
    /// The document with an id. The candidate may lack its cluster of copies.
    Id {
        /// The id.
        id: &'a ArticleId,
        /// Whether a remote backend sends the article along.
        with_article: bool,
    },
    /// The copies of a document, without the document itself. The newest come first, those without a date last; copies
    /// of the same second are ordered by id.
    Copies {
        /// The candidate of that document, which was selected by its id.
        of: &'a Candidate,
        /// The greatest number of copies to return. The total counts all of them.
        limit: usize,
    },
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// An article must hold all words.
    And,
    /// An article must hold at least one of the words, and all phrases.
    Or,
    /// An article must hold at least one of the words. Each word of a phrase counts like a single
    /// word.
    AnyTerm,
}

impl Operator {
    /// Returns whether an article must hold the clause. Otherwise the clause only improves the score.
    pub fn requires(self, clause: &Clause) -> bool {
        match (&clause.kind, clause.occur) {
            (ClauseKind::All(_) | ClauseKind::Filter(_), _) => true,
            (_, Occur::Must) => self != Self::AnyTerm,
            (_, Occur::Should | Occur::MustNot) => self == Self::And,
        }
    }
}

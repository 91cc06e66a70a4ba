//! Runs a query. If too few articles hold all of its words, articles that hold only some of them
//! match, too.

use super::Relaxed;
use crate::backend::{self, Page, Start};
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Occur, PASTED_WORDS, Query};
use crate::ranking::Weights;
use crate::search::Operator;
use crate::search::page::ResultPage;
use crate::search::searcher::Searcher;

/// If fewer articles than this hold all words, articles with some of the words match, too. The
/// value is the number of hits on two pages. On no judged set does this limit lower the quality; a
/// limit of 10 does.
const ENOUGH_ARTICLES: u64 = 20;

/// The same limit for orders by date. A relaxed search would mix articles that lack words among
/// those with all words.
const ENOUGH_ARTICLES_BY_DATE: u64 = 1;

/// The hits of a query, and the operator that found them.
pub struct Outcome {
    pub found: ResultPage,
    pub relaxed: Option<Relaxed>,
    /// The operator that the hits were found with.
    pub operator: backend::Operator,
}

/// A query to run, and the page of results to return.
struct Run<'a> {
    searcher: Searcher<'a>,
    query: &'a Query,
    weights: &'a Weights,
    page: Page,
}

/// Runs a query, and relaxes its operator if it finds too little.
pub fn find(
    searcher: Searcher<'_>,
    query: &Query,
    operator: Operator,
    weights: &Weights,
    page: Page,
) -> Result<Outcome> {
    let run = Run {
        searcher,
        query,
        weights,
        page,
    };
    match operator {
        Operator::And => run.as_it_stands(backend::Operator::And),
        Operator::Or => run.as_it_stands(backend::Operator::Or),
        Operator::Auto if !can_relax(query) => run.as_it_stands(backend::Operator::And),
        Operator::Auto => run.relaxing(),
    }
}

impl Run<'_> {
    fn find(&self, operator: backend::Operator, page: Page) -> Result<ResultPage> {
        self.searcher.find(self.query, operator, self.weights, page)
    }

    fn as_it_stands(&self, operator: backend::Operator) -> Result<Outcome> {
        Ok(Outcome {
            found: self.find(operator, self.page)?,
            relaxed: None,
            operator,
        })
    }

    fn relaxing(&self) -> Result<Outcome> {
        let enough = if self.page.order.needs_scores() {
            ENOUGH_ARTICLES
        } else {
            ENOUGH_ARTICLES_BY_DATE
        };
        let strict_page = Page {
            at_least: enough,
            ..self.page
        };
        let found = self.find(backend::Operator::And, strict_page)?;
        let with_all_words = found.total;
        if with_all_words >= enough {
            return Ok(Outcome {
                found,
                relaxed: None,
                operator: backend::Operator::And,
            });
        }
        let has_phrase = self.query.wanted().any(is_phrase);
        if has_phrase && (is_pasted(self.query) || self.is_hopeless(with_all_words, enough)?) {
            let relaxed = Relaxed::AnyPart { with_all_words };
            return self.relaxed(backend::Operator::AnyTerm, relaxed);
        }
        let relaxed = Relaxed::AnyWord { with_all_words };
        self.relaxed(backend::Operator::Or, relaxed)
    }

    /// Returns whether no article holds all words and phrases, and too few hold all phrases with
    /// only some of the words.
    fn is_hopeless(&self, with_all_words: u64, enough: u64) -> Result<bool> {
        if with_all_words > 0 {
            return Ok(false);
        }
        let count_only = Page {
            limit: 0,
            start: Start::Offset(0),
            ..self.page
        };
        Ok(self.find(backend::Operator::Or, count_only)?.total < enough)
    }

    /// Runs the query with a relaxed operator. The outcome names the relaxation only if it found
    /// more articles.
    fn relaxed(&self, operator: backend::Operator, relaxed: Relaxed) -> Result<Outcome> {
        let found = self.find(operator, self.page)?;
        let has_more = found.total > relaxed.with_all_words();
        Ok(Outcome {
            found,
            relaxed: has_more.then_some(relaxed),
            operator,
        })
    }
}

/// Returns whether a relaxed search can find more: the query has several clauses that a hit may
/// lack, and one of them is a word.
fn can_relax(query: &Query) -> bool {
    let optional = query.wanted().filter(|clause| can_be_missing(clause));
    optional.count() > 1 && query.wanted().any(|clause| clause.occur == Occur::Should)
}

/// Returns whether the query is so long that it was probably pasted.
fn is_pasted(query: &Query) -> bool {
    let words = query
        .wanted()
        .filter(|clause| clause.occur == Occur::Should);
    words.count() >= PASTED_WORDS
}

/// Returns whether hits of a relaxed query may lack the clause.
fn can_be_missing(clause: &Clause) -> bool {
    clause.occur == Occur::Should || is_phrase(clause)
}

/// Returns whether the clause is a phrase or a `NEAR` that must match. In pasted text, its words
/// are enough.
fn is_phrase(clause: &Clause) -> bool {
    match clause.kind {
        ClauseKind::Text(_) | ClauseKind::Near { .. } => clause.occur == Occur::Must,
        ClauseKind::Pattern(_)
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => false,
    }
}

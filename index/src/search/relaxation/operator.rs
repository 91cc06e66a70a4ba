//! Runs a query, and lets articles match that hold only some of its words if too few hold all of them.

use super::Relaxed;
use crate::backend::{self, Page, Start};
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Occur, PASTED_WORDS, Query};
use crate::ranking::Weights;
use crate::search::Operator;
use crate::search::page::ResultPage;
use crate::search::searcher::Searcher;

/// If fewer articles hold all words, articles with some of them are shown, too. The number is a first page and one
/// more. Requiring all words where 20 articles hold them costs nothing on any judged set. With 10 articles it does.
const ENOUGH_ARTICLES: u64 = 20;

/// The same limit for orders by date, where articles with fewer words would come before those with all.
const ENOUGH_ARTICLES_BY_DATE: u64 = 1;

/// What a query found, and how.
pub struct Outcome {
    pub found: ResultPage,
    pub relaxed: Option<Relaxed>,
    /// How the words combined.
    pub operator: backend::Operator,
}

/// A query and the page that is wanted.
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

    /// Returns whether no article holds everything, and few hold the phrases.
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

    /// Runs the query with a relaxed operator. The answer names the relaxation only if it found more.
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

/// Returns whether a query has several clauses that may be missing from a hit, and one of them is a word.
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

/// Returns whether the clause counts as its words in a pasted text.
fn is_phrase(clause: &Clause) -> bool {
    match clause.kind {
        ClauseKind::Text(_) | ClauseKind::Near { .. } => clause.occur == Occur::Must,
        ClauseKind::Pattern(_)
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => false,
    }
}

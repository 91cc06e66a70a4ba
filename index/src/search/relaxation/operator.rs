//! Runs a query. If too few articles hold all of its words, articles that hold only some of them
//! match, too.

use super::Relaxed;
use crate::backend::{self, Page, Start};
use crate::error::Result;
use crate::query::{Clause, Occur, PASTED_WORDS, Query};
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

/// Runs a query. If it finds too little, runs it with a relaxed operator.
pub fn find(
    searcher: Searcher<'_>,
    query: &Query,
    operator: Operator,
    page: Page,
) -> Result<Outcome> {
    let find = |operator, page| searcher.find(query, operator, page);
    let strict = match operator {
        Operator::Auto | Operator::And => backend::Operator::And,
        Operator::Or => backend::Operator::Or,
    };
    let may_relax = operator == Operator::Auto && can_relax(query);
    let enough = if !may_relax {
        0
    } else if page.order.needs_scores() {
        ENOUGH_ARTICLES
    } else {
        ENOUGH_ARTICLES_BY_DATE
    };
    let strict_page = Page {
        at_least: enough,
        ..page
    };
    let found = find(strict, strict_page)?;
    let with_all_words = found.total;
    if with_all_words >= enough {
        return Ok(Outcome {
            found,
            relaxed: None,
            operator: strict,
        });
    }
    // A query is hopeless if no article holds all words and phrases, and too few hold all phrases
    // with only some of the words.
    let is_hopeless = || -> Result<bool> {
        let count_only = Page {
            limit: 0,
            start: Start::Offset(0),
            ..page
        };
        Ok(with_all_words == 0 && find(backend::Operator::Or, count_only)?.total < enough)
    };
    let has_phrase = query.wanted().any(is_phrase);
    let (operator, relaxed) = if has_phrase && (is_pasted(query) || is_hopeless()?) {
        let relaxed = Relaxed::AnyPart { with_all_words };
        (backend::Operator::AnyTerm, relaxed)
    } else {
        (backend::Operator::Or, Relaxed::AnyWord { with_all_words })
    };
    let found = find(operator, page)?;
    // The outcome names the relaxation only if it found more articles.
    let has_more = found.total > with_all_words;
    Ok(Outcome {
        found,
        relaxed: has_more.then_some(relaxed),
        operator,
    })
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
    clause.occur == Occur::Must && !clause.texts().is_empty()
}

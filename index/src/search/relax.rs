//! Which articles answer a query, and how it is loosened where too few do. What is loosened is said openly.

use super::Operator;
use crate::backend::ranking::Weights;
use crate::backend::{self, Found, Page, Snapshot};
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Occur, PASTED_WORDS, Query};

/// With fewer articles than these that hold all the words, those with fewer words are shown, too. A first page and one
/// more; requiring all words where twenty have them costs nothing on any judged set, where ten have them it does.
const ENOUGH_ARTICLES: u64 = 20;

/// How a query was loosened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxed {
    /// Few articles or none hold all the words; articles with some of them are among the hits.
    AnyWord {
        /// How many hold all of them.
        with_all_words: u64,
    },
    /// The same, and the phrases count as their words: of a long text, or where no article holds all and few the
    /// phrases. Who pastes a headline with a quotation in it does not insist on the quotation.
    AnyPart {
        /// How many hold all words and phrases.
        with_all_words: u64,
    },
    /// No article holds what was typed: these are for the words that were meant.
    Corrected,
}

impl Relaxed {
    /// How many articles hold all that was typed.
    pub const fn with_all_words(self) -> u64 {
        match self {
            Self::AnyWord { with_all_words } | Self::AnyPart { with_all_words } => with_all_words,
            Self::Corrected => 0,
        }
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyWord { .. } => "any_word",
            Self::AnyPart { .. } => "any_part",
            Self::Corrected => "corrected",
        }
    }
}

/// What a query finds, and how it had to be loosened for that.
pub fn find(
    snapshot: &dyn Snapshot,
    query: &Query,
    operator: Operator,
    weights: &Weights,
    page: Page,
) -> Result<(Found, Option<Relaxed>)> {
    let with_all = |page| snapshot.search(query, backend::Operator::And, weights, page);
    let with_any = |page| snapshot.search(query, backend::Operator::Or, weights, page);
    let count_only = Page { limit: 0, offset: 0 };
    let can_relax = query.wanted().filter(|clause| can_be_loosened(clause)).count() > 1
        && query.wanted().any(|clause| clause.occur == Occur::Should);
    match operator {
        Operator::And => Ok((with_all(page)?, None)),
        Operator::Or => Ok((with_any(page)?, None)),
        Operator::Auto if !can_relax => Ok((with_all(page)?, None)),
        Operator::Auto => {
            let with_all_words = with_all(count_only)?.total;
            if with_all_words >= ENOUGH_ARTICLES {
                return Ok((with_all(page)?, None));
            }
            let is_pasted = query.wanted().filter(|clause| clause.occur == Occur::Should).count() >= PASTED_WORDS;
            let is_hopeless = || Ok(with_all_words == 0 && with_any(count_only)?.total < ENOUGH_ARTICLES);
            if query.wanted().any(is_phrase) && (is_pasted || is_hopeless()?) {
                let found = snapshot.search(query, backend::Operator::Any, weights, page)?;
                let is_relaxed = found.total > with_all_words;
                return Ok((found, is_relaxed.then_some(Relaxed::AnyPart { with_all_words })));
            }
            let found = with_any(page)?;
            let is_relaxed = found.total > with_all_words;
            Ok((found, is_relaxed.then_some(Relaxed::AnyWord { with_all_words })))
        }
    }
}

/// Whether the clause may turn out to be missing from articles that are shown.
fn can_be_loosened(clause: &Clause) -> bool {
    clause.occur == Occur::Should || is_phrase(clause)
}

/// Whether the clause counts as its words in a text that was pasted.
fn is_phrase(clause: &Clause) -> bool {
    match clause.kind {
        ClauseKind::Text(_) | ClauseKind::Near { .. } => clause.occur == Occur::Must,
        ClauseKind::Pattern(_) | ClauseKind::Any(_) | ClauseKind::All(_) | ClauseKind::Filter(_) => false,
    }
}

//! Which articles answer a query, and how it is loosened where too few do. What is loosened is said openly.

use super::Operator;
use crate::backend::{self, Found, Page, Snapshot, Start};
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Occur, PASTED_WORDS, Query};
use crate::ranking::Weights;

/// With fewer articles than these that hold all the words, those with fewer words are shown, too. A first page and one
/// more; requiring all words where twenty have them costs nothing on any judged set, where ten have them it does.
const ENOUGH_ARTICLES: u64 = 20;

/// The same where hits do not come by how well they match: those with fewer words would stand before them.
const ENOUGH_ARTICLES_BY_DATE: u64 = 1;

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
    /// No article holds the words in the form that `=` holds them to: these hold other forms.
    AnyForm,
    /// Nor are they where they were asked for: these hold them elsewhere, in any form.
    AnyField,
}

impl Relaxed {
    /// How many articles hold all that was typed.
    pub const fn with_all_words(self) -> u64 {
        match self {
            Self::AnyWord { with_all_words } | Self::AnyPart { with_all_words } => with_all_words,
            Self::Corrected | Self::AnyForm | Self::AnyField => 0,
        }
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyWord { .. } => "any_word",
            Self::AnyPart { .. } => "any_part",
            Self::Corrected => "corrected",
            Self::AnyForm => "any_form",
            Self::AnyField => "any_field",
        }
    }
}

/// What a query finds, how it had to be loosened for that, and how its words combine then.
pub struct Outcome {
    pub found: Found,
    pub relaxed: Option<Relaxed>,
    pub operator: backend::Operator,
}

/// Runs a query, loosened where it finds too little as it stands.
pub fn find(
    snapshot: &dyn Snapshot,
    query: &Query,
    operator: Operator,
    weights: &Weights,
    page: Page,
) -> Result<Outcome> {
    let run = |operator, page| snapshot.search(query, operator, weights, page);
    let as_it_stands = |operator| {
        Ok(Outcome {
            found: run(operator, page)?,
            relaxed: None,
            operator,
        })
    };
    let loosened = |operator, with_all_words, relaxed| {
        let found = run(operator, page)?;
        let relaxed = Some(relaxed).filter(|_| found.total > with_all_words);
        Ok(Outcome {
            found,
            relaxed,
            operator,
        })
    };
    let count_only = Page {
        limit: 0,
        start: Start::Offset(0),
        ..page
    };
    let enough = if page.order.needs_scores() {
        ENOUGH_ARTICLES
    } else {
        ENOUGH_ARTICLES_BY_DATE
    };
    let can_relax = query
        .wanted()
        .filter(|clause| can_be_loosened(clause))
        .count()
        > 1
        && query.wanted().any(|clause| clause.occur == Occur::Should);
    match operator {
        Operator::And => as_it_stands(backend::Operator::And),
        Operator::Or => as_it_stands(backend::Operator::Or),
        Operator::Auto if !can_relax => as_it_stands(backend::Operator::And),
        Operator::Auto => {
            let found = run(
                backend::Operator::And,
                Page {
                    at_least: enough,
                    ..page
                },
            )?;
            let with_all_words = found.total;
            if with_all_words >= enough {
                return Ok(Outcome {
                    found,
                    relaxed: None,
                    operator: backend::Operator::And,
                });
            }
            let is_pasted = query
                .wanted()
                .filter(|clause| clause.occur == Occur::Should)
                .count()
                >= PASTED_WORDS;
            let is_hopeless = || {
                Ok(with_all_words == 0 && run(backend::Operator::Or, count_only)?.total < enough)
            };
            if query.wanted().any(is_phrase) && (is_pasted || is_hopeless()?) {
                return loosened(
                    backend::Operator::AnyTerm,
                    with_all_words,
                    Relaxed::AnyPart { with_all_words },
                );
            }
            loosened(
                backend::Operator::Or,
                with_all_words,
                Relaxed::AnyWord { with_all_words },
            )
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
        ClauseKind::Pattern(_)
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => false,
    }
}

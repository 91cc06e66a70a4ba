//! Executes a typed query: prepares it, runs it, and while it finds nothing, corrects or relaxes it
//! step by step. The relaxations themselves are in [`relaxation`](super::relaxation).

use rustc_hash::FxHashSet;

use super::analyze_query::{analyze_query, narrow};
use super::correction::{Certainty, Correction, correct, correct_lost_letters};
use super::relaxation::Relaxed;
use super::relaxation::operator::{Outcome, find};
use super::relaxation::rewrite::{REWRITES, Rewrite};
use super::searcher::Searcher;
use super::{Filters, Matching, Operator, SearchRequest};
use crate::backend::{self, Page, PreparedQuery};
use crate::error::Result;
use crate::query::{self, Clause, ClauseKind, Notice, NoticeCode, Occur, Query, Scope, Text};
use crate::ranking::Weights;
use fihrist_arabic::Span;

/// The result of a query, with the corrections and relaxations that were applied.
pub struct ExecutedQuery {
    /// The query as typed.
    pub input: String,
    /// The query that was run, after corrections and relaxations.
    pub query: Query,
    pub outcome: Outcome,
    pub correction: Option<Correction>,
}

impl ExecutedQuery {
    /// Returns the query that was run, with the operator that found its hits.
    pub const fn prepared(&self) -> PreparedQuery<'_> {
        PreparedQuery {
            query: &self.query,
            operator: self.outcome.operator,
            weights: &Weights::DEFAULT,
        }
    }
}

/// Prepares a query and runs it.
///
/// A query that finds nothing is first corrected, if the correction is certain, then relaxed step by
/// step. If that does not help, notices say why nothing is found. Every empty answer has a notice.
pub fn execute(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    page: Page,
) -> Result<ExecutedQuery> {
    let mut executed = as_typed(searcher, request, page)?;
    if request.relaxes
        && let Some(corrected) = corrected(searcher, request, page, &executed)?
    {
        return Ok(corrected);
    }
    // With the operator `And`, the caller requires all words as typed.
    if executed.outcome.found.total == 0
        && request.relaxes
        && request.operator != Operator::And
        && let Some((query, outcome)) = relaxed(searcher, request, page, &executed.query)?
    {
        (executed.query, executed.outcome) = (query, outcome);
    }
    if is_lacking(&executed.outcome) {
        let finds_nothing = executed.outcome.found.total == 0;
        let whole_query = Span::new(0, executed.query.input.len());
        let mut notices = unknown_words(&executed.query, searcher)?;
        if finds_nothing {
            notices.extend(narrowing_clauses(&executed.query, searcher)?);
            if has_narrow_settings(request, searcher)? {
                notices.push(NoticeCode::NarrowSettings.at(whole_query));
            }
        }
        let all = &mut executed.query.notices;
        all.extend(notices);
        let has_reason = all
            .iter()
            .any(|notice| notice.code != NoticeCode::IgnoredWord);
        if finds_nothing && !has_reason {
            all.push(NoticeCode::NotTogether.at(whole_query));
        }
        all.sort_by_key(|notice| notice.span);
    }
    Ok(executed)
}

fn as_typed(searcher: Searcher<'_>, request: &SearchRequest, page: Page) -> Result<ExecutedQuery> {
    let mut query = analyze_query(&request.query, request.matching, request.scope, searcher)?;
    narrow(&mut query, request, searcher)?;
    let operator = match request.operator {
        Operator::Auto if !request.relaxes => Operator::And,
        operator => operator,
    };
    let outcome = find(searcher, &query, operator, page)?;
    let correction = if is_lacking(&outcome) {
        correct(&query, searcher)?
    } else {
        correct_lost_letters(&query, searcher)?
    };
    Ok(ExecutedQuery {
        input: query.input.clone(),
        query,
        outcome,
        correction,
    })
}

/// Returns whether no article matches the whole query as typed.
fn is_lacking(outcome: &Outcome) -> bool {
    outcome.found.total == 0
        || outcome
            .relaxed
            .is_some_and(|relaxed| relaxed.with_all_words() == 0)
}

/// Runs the corrected query in place of the typed one. Returns `None` if the correction is not
/// certain, if the typed query finds enough, or if the corrected one finds nothing.
fn corrected(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    page: Page,
    typed: &ExecutedQuery,
) -> Result<Option<ExecutedQuery>> {
    let may_replace = |certainty| match certainty {
        Certainty::Guess => false,
        Certainty::SameWords => typed.outcome.found.total == 0,
        Certainty::OtherLayout => is_lacking(&typed.outcome),
    };
    let Some(correction) = &typed.correction else {
        return Ok(None);
    };
    if !may_replace(correction.certainty) {
        return Ok(None);
    }
    let request = SearchRequest {
        query: correction.text.clone(),
        ..request.clone()
    };
    let mut executed = as_typed(searcher, &request, page)?;
    executed.input.clone_from(&typed.input);
    executed.outcome.relaxed = Some(Relaxed::Corrected);
    executed.correction = Some(correction.clone());
    Ok(Some(executed).filter(|executed| executed.outcome.found.total > 0))
}

/// Applies the rewrites one after the other, and returns the first query that finds an article.
/// Each rewrite keeps the changes of the rewrites before it.
fn relaxed(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    page: Page,
    typed: &Query,
) -> Result<Option<(Query, Outcome)>> {
    let mut query = typed.clone();
    for Rewrite { relaxed, apply } in &REWRITES {
        if *relaxed == Relaxed::AnyForm && request.matching == Matching::Exact {
            continue;
        }
        let before = query.clone();
        apply(&mut query, request.scope);
        if query == before {
            continue;
        }
        if request.matching == Matching::Auto {
            query::expand(&mut query, &searcher.snapshot.graph(), searcher.analyzer());
        }
        let mut outcome = find(searcher, &query, request.operator, page)?;
        if outcome.found.total > 0 {
            outcome.relaxed = Some(*relaxed);
            return Ok(Some((query, outcome)));
        }
    }
    Ok(None)
}

/// Returns a notice for each word that no article holds in any form and field.
fn unknown_words(query: &Query, searcher: Searcher<'_>) -> Result<Vec<Notice>> {
    let everywhere = Query {
        filters: Vec::new(),
        ..query.clone()
    };
    let mut notices = Vec::new();
    let mut add = |span| notices.push(NoticeCode::UnknownWord.at(span));
    let mut seen = FxHashSet::default();
    for text in query.texts() {
        for term in &text.terms {
            // A word that the query repeats is looked for once.
            if !seen.insert((&term.surface, &term.stem)) {
                continue;
            }
            let word = Text {
                terms: vec![term.clone()],
                gaps: 0,
                level: query::Level::Stem,
                scope: Scope::ALL,
                ..*text
            };
            let word = Clause::new(Occur::Must, text.span, ClauseKind::Text(word));
            if count(&everywhere, vec![word], searcher)? == 0 {
                add(span_of(&term.surface, text.span, query, searcher));
            }
        }
    }
    for pattern in query.patterns().filter(|pattern| pattern.words.is_empty()) {
        let start = query.input.find(&pattern.text).unwrap_or(0);
        add(Span::new(start, start + pattern.text.len()));
    }
    notices.dedup();
    Ok(notices)
}

/// Returns the span of a word within the query text at the span `text`; `text` itself if the word
/// is not in it.
fn span_of(surface: &str, text: Span, query: &Query, searcher: Searcher<'_>) -> Span {
    let tokens = searcher.analyzer().analyze(text.slice(&query.input));
    let found = tokens.iter().find(|token| token.surface == surface);
    found.map_or(text, |token| token.span.shifted(text.start))
}

/// The greatest number of conditions that are left out one by one. Each costs a search for the whole
/// query.
const MAX_CONDITIONS: usize = 20;

/// Returns a notice for each filter or excluded clause without which the query finds an article. If
/// only the removal of all of them helps, each gets a notice.
fn narrowing_clauses(query: &Query, searcher: Searcher<'_>) -> Result<Vec<Notice>> {
    let is_condition = |clause: &Clause| {
        clause.occur == Occur::MustNot || matches!(clause.kind, ClauseKind::Filter(_))
    };
    let finds_without = |left_out: &dyn Fn(&Clause) -> bool| -> Result<bool> {
        let mut others = query.clauses.clone();
        others.retain(|clause| !left_out(clause));
        Ok(others.is_empty() || count(query, others, searcher)? > 0)
    };
    let conditions = || query.clauses.iter().filter(|clause| is_condition(clause));
    let mut notices = Vec::new();
    for condition in conditions().take(MAX_CONDITIONS) {
        if finds_without(&|clause| clause.span == condition.span)? {
            notices.push(NoticeCode::TooNarrow.at(condition.span));
        }
    }
    if notices.is_empty() && conditions().next().is_some() && finds_without(&is_condition)? {
        notices.extend(conditions().map(|clause| NoticeCode::TooNarrow.at(clause.span)));
    }
    Ok(notices)
}

/// Returns whether the request has settings that restrict the search, and finds an article without
/// them.
fn has_narrow_settings(request: &SearchRequest, searcher: Searcher<'_>) -> Result<bool> {
    let plain = SearchRequest {
        matching: Matching::default(),
        operator: Operator::default(),
        scope: Scope::ALL,
        relaxes: true,
        filters: Filters::default(),
        ..request.clone()
    };
    Ok(plain != *request && execute(searcher, &plain, Page::COUNT)?.outcome.found.total > 0)
}

/// Returns how many articles match all of these clauses and the filters of a query.
fn count(query: &Query, clauses: Vec<Clause>, searcher: Searcher<'_>) -> Result<u64> {
    let query = Query {
        clauses,
        notices: Vec::new(),
        ..query.clone()
    };
    let operator = backend::Operator::And;
    let found = searcher.find(&query, operator, Page::COUNT)?;
    Ok(found.total)
}

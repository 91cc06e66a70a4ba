//! Executes a typed query: prepares it, runs it, and while it finds nothing, corrects or relaxes it
//! step by step. The relaxations themselves are in [`relaxation`](super::relaxation).

use super::analyze_query::{analyze_query, narrow};
use super::relaxation::Relaxed;
use super::relaxation::operator::{Outcome, find};
use super::relaxation::rewrite::{REWRITES, Rewrite};
use super::searcher::Searcher;
use super::suggest::did_you_mean;
use super::{Matching, Operator, SearchRequest};
use crate::backend::{self, Page};
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
    pub did_you_mean: Option<String>,
}

/// Prepares a query and runs it.
///
/// A query that finds nothing is first corrected, then relaxed step by step. If that does not help,
/// notices say why nothing is found. Every empty answer has a notice.
pub fn execute(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    page: Page,
) -> Result<ExecutedQuery> {
    let mut executed = as_typed(searcher, request, page)?;
    if executed.outcome.found.total == 0 && request.relaxes {
        if let Some(corrected) = corrected(searcher, request, page, &executed)? {
            return Ok(corrected);
        }
        // With the operator `And`, the caller requires all words as typed.
        if request.operator != Operator::And
            && let Some((query, outcome)) = relaxed(searcher, request, page, &executed.query)?
        {
            (executed.query, executed.outcome) = (query, outcome);
        }
    }
    if is_lacking(&executed.outcome) {
        let mut notices = unknown_words(&executed.query, searcher)?;
        if executed.outcome.found.total == 0 {
            notices.extend(narrowing_clauses(&executed.query, searcher)?);
            if has_narrow_settings(request, searcher)? {
                notices.push(Notice {
                    code: NoticeCode::NarrowSettings,
                    span: whole_query(&executed.query),
                });
            }
        }
        executed.query.notices.extend(notices);
        if executed.outcome.found.total == 0 && executed.query.notices.is_empty() {
            executed.query.notices.push(Notice {
                code: NoticeCode::NotTogether,
                span: whole_query(&executed.query),
            });
        }
        executed.query.notices.sort_by_key(|notice| notice.span);
    }
    Ok(executed)
}

fn as_typed(searcher: Searcher<'_>, request: &SearchRequest, page: Page) -> Result<ExecutedQuery> {
    let mut query = analyze_query(&request.query, request.matching, request.scope, searcher)?;
    narrow(&mut query, request, searcher)?;
    let operator = if request.relaxes {
        request.operator
    } else {
        request.operator.without_loosening()
    };
    let outcome = find(searcher, &query, operator, &Weights::default(), page)?;
    let did_you_mean = if is_lacking(&outcome) {
        did_you_mean(&query, searcher)?
    } else {
        None
    };
    Ok(ExecutedQuery {
        input: query.input.clone(),
        query,
        outcome,
        did_you_mean,
    })
}

/// Returns whether no article matches the whole query as typed.
fn is_lacking(outcome: &Outcome) -> bool {
    outcome.found.total == 0
        || outcome
            .relaxed
            .is_some_and(|relaxed| relaxed.with_all_words() == 0)
}

/// Runs the query with its corrections. Returns `None` if no word is corrected, or if nothing is
/// found.
fn corrected(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    page: Page,
    typed: &ExecutedQuery,
) -> Result<Option<ExecutedQuery>> {
    let Some(meant) = typed.did_you_mean.clone() else {
        return Ok(None);
    };
    let executed = as_typed(
        searcher,
        &SearchRequest {
            query: meant.clone(),
            ..request.clone()
        },
        page,
    )?;
    let outcome = Outcome {
        relaxed: Some(Relaxed::Corrected),
        ..executed.outcome
    };
    let is_found = outcome.found.total > 0;
    Ok(is_found.then(|| ExecutedQuery {
        input: typed.input.clone(),
        outcome,
        did_you_mean: Some(meant),
        ..executed
    }))
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
            query::expand(&mut query, &searcher.snapshot.graph());
        }
        let outcome = find(
            searcher,
            &query,
            request.operator,
            &Weights::default(),
            page,
        )?;
        if outcome.found.total > 0 {
            return Ok(Some((
                query,
                Outcome {
                    relaxed: Some(*relaxed),
                    ..outcome
                },
            )));
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
    let mut add = |span| {
        notices.push(Notice {
            code: NoticeCode::UnknownWord,
            span,
        })
    };
    for text in query.texts() {
        for term in &text.terms {
            let word = Text {
                terms: vec![term.clone()],
                gaps: 0,
                level: query::Level::Stem,
                scope: Scope::ALL,
                ..*text
            };
            if count(&everywhere, &[clause(ClauseKind::Text(word))], searcher)? == 0 {
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

/// Returns a notice for each filter or excluded clause without which the query finds an article. If
/// only the removal of all of them helps, each gets a notice.
fn narrowing_clauses(query: &Query, searcher: Searcher<'_>) -> Result<Vec<Notice>> {
    let is_condition = |clause: &Clause| {
        clause.occur == Occur::MustNot || matches!(clause.kind, ClauseKind::Filter(_))
    };
    let without = |left_out: &dyn Fn(&Clause) -> bool| -> Result<bool> {
        let others: Vec<Clause> = query
            .clauses
            .iter()
            .filter(|clause| !left_out(clause))
            .cloned()
            .collect();
        Ok(others.is_empty() || count(query, &others, searcher)? > 0)
    };
    let mut notices = Vec::new();
    for condition in query.clauses.iter().filter(|clause| is_condition(clause)) {
        if without(&|clause| clause.span == condition.span)? {
            notices.push(Notice {
                code: NoticeCode::TooNarrow,
                span: condition.span,
            });
        }
    }
    if notices.is_empty() && query.clauses.iter().any(is_condition) && without(&is_condition)? {
        let conditions = query.clauses.iter().filter(|clause| is_condition(clause));
        notices.extend(conditions.map(|clause| Notice {
            code: NoticeCode::TooNarrow,
            span: clause.span,
        }));
    }
    Ok(notices)
}

/// Returns whether the request has settings that restrict the search, and finds an article without
/// them.
fn has_narrow_settings(request: &SearchRequest, searcher: Searcher<'_>) -> Result<bool> {
    let plain = SearchRequest {
        blank_finds_all: request.blank_finds_all,
        limit: 0,
        ..SearchRequest::new(&request.query)
    };
    let is_plain = (
        request.matching,
        request.operator,
        request.scope,
        request.relaxes,
        &request.filters,
    ) == (
        plain.matching,
        plain.operator,
        plain.scope,
        plain.relaxes,
        &plain.filters,
    );
    if is_plain {
        return Ok(false);
    }
    Ok(execute(searcher, &plain, Page::COUNT)?.outcome.found.total > 0)
}

fn whole_query(query: &Query) -> Span {
    Span::new(0, query.input.len())
}

fn clause(kind: ClauseKind) -> Clause {
    Clause {
        occur: Occur::Must,
        span: Span::new(0, 0),
        kind,
        is_ignored: false,
    }
}

fn count(query: &Query, clauses: &[Clause], searcher: Searcher<'_>) -> Result<u64> {
    let query = Query {
        clauses: clauses.to_vec(),
        notices: Vec::new(),
        ..query.clone()
    };
    searcher.count(&query, backend::Operator::And)
}

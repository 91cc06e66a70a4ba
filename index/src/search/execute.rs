//! A search from what was typed to what is shown: understood, run, and where it finds nothing, corrected or relaxed step by
//! step. What is relaxed how, `relax` and `loosen` know.

use super::analyze_query::{analyze_query, narrow};
use super::relax::{Outcome, Relaxed, find};
use super::relaxation::{LOOSENINGS, Loosening};
use super::suggest::did_you_mean;
use super::{Matching, Operator, SearchRequest};
use crate::backend::{self, Page, Snapshot};
use crate::error::Result;
use crate::query::{self, Clause, ClauseKind, Notice, NoticeCode, Occur, Query, Scope, Text};
use crate::ranking::Weights;
use fihrist_arabic::Span;

/// A query that was run, relaxed and corrected as far as it had to be.
pub struct ExecutedQuery {
    /// What was typed.
    pub input: String,
    /// The query that was run.
    pub query: Query,
    pub outcome: Outcome,
    pub did_you_mean: Option<String>,
}

/// Understands a query and runs it. One that finds nothing is corrected; where that does not help, relaxed step by step;
/// where that does not help either, it says what of it cannot be found. No answer is empty without a notice.
pub fn execute(
    snapshot: &dyn Snapshot,
    request: &SearchRequest,
    page: Page,
) -> Result<ExecutedQuery> {
    let mut executed = as_typed(snapshot, request, page)?;
    if executed.outcome.found.total == 0 && request.relaxes {
        if let Some(corrected) = corrected(snapshot, request, page, &executed)? {
            return Ok(corrected);
        }
        // Who asks for all words asks for them as they are.
        if request.operator != Operator::And
            && let Some((query, outcome)) = relaxed(snapshot, request, page, &executed.query)?
        {
            (executed.query, executed.outcome) = (query, outcome);
        }
    }
    if is_lacking(&executed.outcome) {
        let mut notices = unknown_words(&executed.query, snapshot)?;
        if executed.outcome.found.total == 0 {
            notices.extend(too_narrow(&executed.query, snapshot)?);
            if has_narrow_settings(request, snapshot)? {
                notices.push(Notice {
                    code: NoticeCode::NarrowSettings,
                    span: everything(&executed.query),
                });
            }
        }
        executed.query.notices.extend(notices);
        if executed.outcome.found.total == 0 && executed.query.notices.is_empty() {
            executed.query.notices.push(Notice {
                code: NoticeCode::NotTogether,
                span: everything(&executed.query),
            });
        }
        executed.query.notices.sort_by_key(|notice| notice.span);
    }
    Ok(executed)
}

fn as_typed(snapshot: &dyn Snapshot, request: &SearchRequest, page: Page) -> Result<ExecutedQuery> {
    let mut query = analyze_query(&request.query, request.matching, request.scope, snapshot)?;
    narrow(&mut query, request, snapshot)?;
    let operator = if request.relaxes {
        request.operator
    } else {
        request.operator.without_loosening()
    };
    let outcome = find(snapshot, &query, operator, &Weights::default(), page)?;
    let did_you_mean = if is_lacking(&outcome) {
        did_you_mean(&query, snapshot)?
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

/// Whether no article holds all that was asked.
fn is_lacking(outcome: &Outcome) -> bool {
    outcome.found.total == 0
        || outcome
            .relaxed
            .is_some_and(|relaxed| relaxed.with_all_words() == 0)
}

/// The search for what was meant, if that finds anything.
fn corrected(
    snapshot: &dyn Snapshot,
    request: &SearchRequest,
    page: Page,
    typed: &ExecutedQuery,
) -> Result<Option<ExecutedQuery>> {
    let Some(meant) = typed.did_you_mean.clone() else {
        return Ok(None);
    };
    let executed = as_typed(
        snapshot,
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

/// The first loosening that finds anything; each takes those before it along.
fn relaxed(
    snapshot: &dyn Snapshot,
    request: &SearchRequest,
    page: Page,
    typed: &Query,
) -> Result<Option<(Query, Outcome)>> {
    let mut query = typed.clone();
    for Loosening { relaxed, apply } in &LOOSENINGS {
        if *relaxed == Relaxed::AnyForm && request.matching == Matching::Exact {
            continue;
        }
        let before = query.clone();
        apply(&mut query, request.scope);
        if query == before {
            continue;
        }
        if request.matching == Matching::Auto {
            query::expand(&mut query, &snapshot.graph());
        }
        let outcome = find(
            snapshot,
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

/// A notice for each wanted word that no article holds, in any form and field, whichever are searched.
fn unknown_words(query: &Query, snapshot: &dyn Snapshot) -> Result<Vec<Notice>> {
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
            if count(&everywhere, &[clause(ClauseKind::Text(word))], snapshot)? == 0 {
                add(place_of(&term.surface, text.span, query, snapshot));
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

/// Where in a text of the query a word of it stands.
fn place_of(surface: &str, text: Span, query: &Query, snapshot: &dyn Snapshot) -> Span {
    let tokens = snapshot.analyzer().analyze(text.slice(&query.input));
    let found = tokens.iter().find(|token| token.surface == surface);
    found.map_or(text, |token| token.span.shifted(text.start))
}

/// A notice for each filter or exclusion without which the query would find articles; for all of them, where it would without
/// all.
fn too_narrow(query: &Query, snapshot: &dyn Snapshot) -> Result<Vec<Notice>> {
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
        Ok(others.is_empty() || count(query, &others, snapshot)? > 0)
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

/// Whether a search as a person would get it who sets nothing finds something.
fn has_narrow_settings(request: &SearchRequest, snapshot: &dyn Snapshot) -> Result<bool> {
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
    Ok(execute(snapshot, &plain, Page::COUNT)?.outcome.found.total > 0)
}

fn everything(query: &Query) -> Span {
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

fn count(query: &Query, clauses: &[Clause], snapshot: &dyn Snapshot) -> Result<u64> {
    let query = Query {
        clauses: clauses.to_vec(),
        notices: Vec::new(),
        ..query.clone()
    };
    Ok(snapshot
        .search(
            &query,
            backend::Operator::And,
            &Weights::default(),
            Page::COUNT,
        )?
        .total)
}

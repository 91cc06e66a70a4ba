//! Joins clauses into one clause, for the operators of a query: all of them, any of them, or near
//! each other. It reads no input.

use super::super::{Clause, ClauseKind, Occur, Scope, Text};
use fihrist_arabic::Span;

/// Returns one clause that matches if all of the clauses match. A single clause is returned as it
/// is.
pub(super) fn all_of(clauses: Vec<Clause>) -> Clause {
    let span = span_of(&clauses);
    let mut parts: Vec<Clause> = clauses.into_iter().flat_map(parts_of_all).collect();
    if parts.len() == 1 {
        return parts.remove(0);
    }
    // The group requires its parts, so the parts need not be marked as required.
    for part in &mut parts {
        if part.occur == Occur::Must {
            part.occur = Occur::Should;
        }
    }
    Clause::new(Occur::Must, span, ClauseKind::All(parts))
}

/// Returns the parts of a clause that requires all of its parts. Returns any other clause as its
/// only part.
fn parts_of_all(clause: Clause) -> Vec<Clause> {
    match (clause.occur, clause.kind) {
        (Occur::Must | Occur::Should, ClauseKind::All(clauses)) => clauses,
        (_, kind) => vec![Clause { kind, ..clause }],
    }
}

/// Returns one clause with two alternatives. Fails and returns both clauses if either is an
/// exclusion.
pub(super) fn any(left: Clause, right: Clause) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let parts = |clause: Clause| match clause.kind {
        ClauseKind::Any(clauses) => clauses,
        kind => vec![Clause::new(Occur::Should, clause.span, kind)],
    };
    let clauses: Vec<Clause> = parts(left).into_iter().chain(parts(right)).collect();
    let span = span_of(&clauses);
    Ok(Clause::new(Occur::Should, span, ClauseKind::Any(clauses)))
}

/// Returns one clause for two texts that must be near each other; `left` may be a `NEAR` already.
/// Fails and returns both clauses if either is an exclusion or of another kind.
pub(super) fn near(
    left: Clause,
    right: Clause,
    distance: u32,
) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let span = Span::new(left.span.start, right.span.end);
    let near = match (left.kind, right.kind) {
        (ClauseKind::Text(one), ClauseKind::Text(other)) => {
            let scope = one.scope.within(other.scope);
            let texts = vec![Text { scope, ..one }, Text { scope, ..other }];
            ClauseKind::Near { texts, distance }
        }
        (
            ClauseKind::Near {
                mut texts,
                distance: before,
            },
            ClauseKind::Text(other),
        ) => {
            let scope = texts.first().map_or(Scope::ALL, |text| text.scope);
            texts.push(Text { scope, ..other });
            let distance = distance.max(before);
            ClauseKind::Near { texts, distance }
        }
        (one, other) => {
            let left = Clause { kind: one, ..left };
            let right = Clause {
                kind: other,
                ..right
            };
            return Err(Box::new((left, right)));
        }
    };
    Ok(Clause::new(Occur::Must, span, near))
}

fn span_of(clauses: &[Clause]) -> Span {
    match (clauses.first(), clauses.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    }
}

//! Joins clauses into one clause, for the operators of a query: all of them, any of them, or near
//! each other. It reads no input.

use super::super::{Clause, ClauseKind, Occur, Text};
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

/// Returns one clause with two alternatives; `None` if either is an exclusion.
pub(super) fn any(left: &Clause, right: &Clause) -> Option<Clause> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return None;
    }
    let parts = |clause: &Clause| match clause.kind.clone() {
        ClauseKind::Any(clauses) => clauses,
        kind => vec![Clause::new(Occur::Should, clause.span, kind)],
    };
    let clauses = [parts(left), parts(right)].concat();
    let span = span_of(&clauses);
    Some(Clause::new(Occur::Should, span, ClauseKind::Any(clauses)))
}

/// Returns one clause for two texts that must be near each other; `left` may be a `NEAR` already.
/// Returns `None` if either is an exclusion or of another kind.
pub(super) fn near(left: &Clause, right: &Clause, distance: u32) -> Option<Clause> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return None;
    }
    let (first, [last]) = (left.texts().first()?, right.texts()) else {
        return None;
    };
    let (mut scope, mut longest) = (first.scope.within(last.scope), distance);
    if let ClauseKind::Near { distance, .. } = left.kind {
        (scope, longest) = (first.scope, longest.max(distance));
    }
    let texts = left.texts().iter().chain(right.texts());
    let texts = texts.map(|text| Text {
        scope,
        ..text.clone()
    });
    let near = ClauseKind::Near {
        texts: texts.collect(),
        distance: longest,
    };
    let span = Span::new(left.span.start, right.span.end);
    Some(Clause::new(Occur::Must, span, near))
}

fn span_of(clauses: &[Clause]) -> Span {
    match (clauses.first(), clauses.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    }
}

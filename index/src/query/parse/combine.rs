//! Joins clauses by operators.

use super::super::{Clause, ClauseKind, Occur, Scope, Text};
use fihrist_arabic::Span;

/// One clause for several that all must hold; the clause itself where there is one.
pub(super) fn all_of(clauses: Vec<Clause>) -> Clause {
    let span = span_of(&clauses);
    let mut parts: Vec<Clause> = clauses.into_iter().flat_map(parts_of_all).collect();
    if parts.len() == 1 {
        return parts.remove(0);
    }
    parts.iter_mut().for_each(within_group);
    Clause {
        occur: Occur::Must,
        span,
        kind: ClauseKind::All(parts),
        is_ignored: false,
    }
}

/// What all must hold, of a clause that is such a group itself.
pub(super) fn parts_of_all(clause: Clause) -> Vec<Clause> {
    match (clause.occur, clause.kind) {
        (Occur::Must | Occur::Should, ClauseKind::All(clauses)) => clauses,
        (occur, kind) => {
            vec![Clause {
                occur,
                span: clause.span,
                kind,
                is_ignored: clause.is_ignored,
            }]
        }
    }
}

/// In a group, what is not excluded is asked for by the group.
pub(super) fn within_group(clause: &mut Clause) {
    if clause.occur == Occur::Must {
        clause.occur = Occur::Should;
    }
}

/// Either may hold; an exclusion can't be one of them.
pub(super) fn any(left: Clause, right: Clause) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let parts = |clause: Clause| match clause.kind {
        ClauseKind::Any(clauses) => clauses,
        kind => vec![Clause {
            occur: Occur::Should,
            span: clause.span,
            kind,
            is_ignored: false,
        }],
    };
    let clauses: Vec<Clause> = parts(left).into_iter().chain(parts(right)).collect();
    let span = span_of(&clauses);
    Ok(Clause {
        occur: Occur::Should,
        span,
        kind: ClauseKind::Any(clauses),
        is_ignored: false,
    })
}

/// Words and phrases near one another.
pub(super) fn near(
    left: Clause,
    right: Clause,
    distance: u32,
) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let span = Span::new(left.span.start, right.span.end);
    match (left.kind, right.kind) {
        (ClauseKind::Text(one), ClauseKind::Text(other)) => {
            let scope = one.scope.within(other.scope);
            let texts = vec![Text { scope, ..one }, Text { scope, ..other }];
            Ok(Clause {
                occur: Occur::Must,
                span,
                kind: ClauseKind::Near { texts, distance },
                is_ignored: false,
            })
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
            Ok(Clause {
                occur: Occur::Must,
                span,
                kind: ClauseKind::Near { texts, distance },
                is_ignored: false,
            })
        }
        (one, other) => Err(Box::new((
            Clause { kind: one, ..left },
            Clause {
                kind: other,
                ..right
            },
        ))),
    }
}

pub(super) fn span_of(clauses: &[Clause]) -> Span {
    match (clauses.first(), clauses.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    }
}

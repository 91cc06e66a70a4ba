//! Looser readings of a query that finds nothing: any form for `=word`, all fields for one, words for phrases. It runs none of
//! them, and leaves filters and exclusions as they are.

use super::relax::Relaxed;
use crate::query::{Clause, ClauseKind, Level, Occur, Query, Scope, Text};

/// A way to loosen a query.
pub struct Loosening {
    /// What it is called in an answer.
    pub relaxed: Relaxed,
    /// Loosens a query, whose texts may stand in the fields of the scope; one without the like is left as it is.
    pub apply: fn(&mut Query, Scope),
}

/// The ways, in the order in which they are tried.
pub const LOOSENINGS: [Loosening; 3] = [
    Loosening {
        relaxed: Relaxed::AnyForm,
        apply: any_form,
    },
    Loosening {
        relaxed: Relaxed::AnyField,
        apply: any_field,
    },
    Loosening {
        relaxed: Relaxed::AnyPart { with_all_words: 0 },
        apply: words_of_phrases,
    },
];

fn any_form(query: &mut Query, _: Scope) {
    for_each_wanted(&mut query.clauses, &mut |clause| {
        for_each_text(clause, |text| text.level = Level::Stem)
    });
}

fn any_field(query: &mut Query, scope: Scope) {
    for_each_wanted(&mut query.clauses, &mut |clause| {
        for_each_text(clause, |text| text.scope = scope);
        if let ClauseKind::Pattern(pattern) = &mut clause.kind {
            pattern.scope = scope;
        }
    });
}

/// Phrases and words near one another become words; those of a group stay together in it.
fn words_of_phrases(query: &mut Query, _: Scope) {
    let mut clauses = Vec::with_capacity(query.clauses.len());
    for mut clause in query.clauses.drain(..) {
        match words(&clause).filter(|_| clause.occur != Occur::MustNot) {
            Some(words) => clauses.extend(words),
            None => {
                for_each_wanted(std::slice::from_mut(&mut clause), &mut |inner| {
                    if let Some(words) = words(inner) {
                        inner.kind = ClauseKind::All(words);
                    }
                });
                clauses.push(clause);
            }
        }
    }
    query.clauses = clauses;
}

/// The words of a phrase or of texts near one another, each a clause.
fn words(clause: &Clause) -> Option<Vec<Clause>> {
    let as_clause = |text: Text| Clause {
        occur: Occur::Should,
        span: text.span,
        kind: ClauseKind::Text(text),
        is_ignored: false,
    };
    Some(clause.single_words()?.into_iter().map(as_clause).collect())
}

fn for_each_wanted(clauses: &mut [Clause], change: &mut dyn FnMut(&mut Clause)) {
    for clause in clauses
        .iter_mut()
        .filter(|clause| clause.occur != Occur::MustNot)
    {
        change(clause);
        if let ClauseKind::Any(clauses) | ClauseKind::All(clauses) = &mut clause.kind {
            for_each_wanted(clauses, change);
        }
    }
}

fn for_each_text(clause: &mut Clause, mut change: impl FnMut(&mut Text)) {
    match &mut clause.kind {
        ClauseKind::Text(text) => change(text),
        ClauseKind::Near { texts, .. } => texts.iter_mut().for_each(change),
        ClauseKind::Pattern(_)
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => {}
    }
}

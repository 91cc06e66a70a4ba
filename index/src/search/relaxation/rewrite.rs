//! Rewrites a query that finds nothing to a less strict one. Filters and excluded clauses stay as
//! they are. This module runs no query.

use std::slice;

use super::Relaxed;
use crate::query::{Clause, ClauseKind, Level, Occur, Query, Scope, Text};

/// A way to rewrite a query.
pub struct Rewrite {
    /// The relaxation that an answer names if this rewrite found something.
    pub relaxed: Relaxed,
    /// Rewrites the query. The scope has the fields in which the search looks for words that name
    /// no field. If the query has nothing to rewrite, it stays as it is.
    pub apply: fn(&mut Query, Scope),
}

/// The rewrites, in the order in which they are tried.
pub const REWRITES: [Rewrite; 3] = [
    Rewrite {
        relaxed: Relaxed::AnyForm,
        apply: any_form,
    },
    Rewrite {
        relaxed: Relaxed::AnyField,
        apply: any_field,
    },
    Rewrite {
        relaxed: Relaxed::AnyPart { with_all_words: 0 },
        apply: words_of_phrases,
    },
];

fn any_form(query: &mut Query, _: Scope) {
    for_each_wanted(&mut query.clauses, &mut |clause| {
        for text in clause.texts_mut() {
            text.level = Level::Stem;
        }
    });
}

fn any_field(query: &mut Query, scope: Scope) {
    for_each_wanted(&mut query.clauses, &mut |clause| {
        for text in clause.texts_mut() {
            text.scope = scope;
        }
        if let ClauseKind::Pattern(pattern) = &mut clause.kind {
            pattern.scope = scope;
        }
    });
}

/// Replaces phrases and `NEAR` clauses by their words. The words of a clause in a group stay in
/// that group.
fn words_of_phrases(query: &mut Query, _: Scope) {
    let mut clauses = Vec::with_capacity(query.clauses.len());
    for mut clause in query.clauses.drain(..) {
        match words(&clause).filter(|_| clause.occur != Occur::MustNot) {
            Some(words) => clauses.extend(words),
            None => {
                for_each_wanted(slice::from_mut(&mut clause), &mut |inner| {
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

/// Returns each word of a phrase or a `NEAR` as a clause of its own; `None` for any other clause.
fn words(clause: &Clause) -> Option<Vec<Clause>> {
    let as_clause = |text: Text| Clause::new(Occur::Should, text.span, ClauseKind::Text(text));
    Some(clause.single_words()?.into_iter().map(as_clause).collect())
}

fn for_each_wanted(clauses: &mut [Clause], change: &mut dyn FnMut(&mut Clause)) {
    Clause::for_each_mut(clauses, |clause| clause.occur != Occur::MustNot, change);
}

//! Decides which stop words of a query are ignored. The list of stop words is in `fihrist_arabic`.

use super::super::{Clause, ClauseKind, Level, Occur, Text};
use fihrist_arabic::is_stop_word;

/// Marks the stop words that are ignored: single stop words in a query that also has other words.
/// Stop words in phrases are never ignored.
pub(super) fn ignore_stop_words(clauses: &mut [Clause]) {
    let has_content = |clause: &Clause| clause.occur != Occur::MustNot && !is_stop_clause(clause);
    if clauses.iter().any(has_content) {
        for clause in clauses.iter_mut() {
            clause.is_ignored = is_stop_clause(clause);
        }
    }
    for clause in clauses {
        match &mut clause.kind {
            ClauseKind::All(inner) => ignore_stop_words(inner),
            // A stop word that is an alternative to another word was typed deliberately, so it is
            // kept.
            ClauseKind::Any(alternatives) => {
                for alternative in alternatives {
                    if let ClauseKind::All(inner) = &mut alternative.kind {
                        ignore_stop_words(inner);
                    }
                }
            }
            ClauseKind::Text(_)
            | ClauseKind::Near { .. }
            | ClauseKind::Pattern(_)
            | ClauseKind::Filter(_) => {}
        }
    }
}

/// Returns whether a clause is a single stop word that may be ignored.
fn is_stop_clause(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Text(Text {
            terms,
            level: Level::Stem,
            ..
        }) => match terms.as_slice() {
            [term] => clause.occur == Occur::Should && is_stop_word(&term.surface),
            _ => false,
        },
        ClauseKind::Text(_)
        | ClauseKind::Near { .. }
        | ClauseKind::Pattern(_)
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => false,
    }
}

//! Stop words of a query.

use super::super::{Clause, ClauseKind, Level, Occur, Text};
use fihrist_arabic::is_stop_word;

/// Function words count only where the query holds nothing else to find; in phrases they always count.
pub(super) fn ignore_stop_words(clauses: &mut [Clause]) {
    let is_stop = |clause: &Clause| match &clause.kind {
        ClauseKind::Text(Text {
            terms,
            level: Level::Stem,
            ..
        }) => match terms.as_slice() {
            [term] => clause.occur == Occur::Should && is_stop_word(&term.surface),
            _ => false,
        },
        _ => false,
    };
    let says_more = |clause: &Clause| clause.occur != Occur::MustNot && !is_stop(clause);
    if clauses.iter().any(says_more) {
        clauses
            .iter_mut()
            .for_each(|clause| clause.is_ignored = is_stop(clause));
    }
    for clause in clauses {
        if let ClauseKind::All(inner) = &mut clause.kind {
            ignore_stop_words(inner);
        } else if let ClauseKind::Any(inner) = &mut clause.kind {
            // A function word that may stand for another word is meant.
            inner.iter_mut().for_each(|clause| {
                if let ClauseKind::All(inner) = &mut clause.kind {
                    ignore_stop_words(inner);
                }
            });
        }
    }
}

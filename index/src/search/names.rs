//! Decides which function words of a query are part of a name. Parsing ignores function words
//! beside other words; this module asks the index about some of them, and makes one phrase of the
//! name.
//!
//! | query | phrase | because |
//! |---|---|---|
//! | `علي معلول` | `علي معلول` | the index has `علي معلول` far more often than `على معلول` |
//! | `الاعتداء علي المدرسة` | none | the index has `على المدرسة` |
//! | `مهرجان كان` | `مهرجان كان` | `كان` often stands right after `مهرجان` |
//! | `"علي معلول"` | in this spelling only | the same; the quotes alone would accept `على معلول` |

mod evidence;

use super::searcher::Searcher;
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Level, NoticeCode, Occur, Query, QueryTerm, Text};
use evidence::{Evidence, Pair, in_typed_spelling};
use fihrist_arabic::{Span, may_be_other_word};

/// The greatest number of function words of a query that the index is asked about. Each costs up to
/// eight counts of a phrase of two words.
const MAX_ASKED: usize = 6;

/// Joins function words to the names that they belong to, and adds a notice for each function word
/// that stays ignored. A lone word such as `علي`, which folds to a function word and is another
/// word, then matches by its form only: its stem is that of the function word. A quoted phrase with
/// such a word matches by its forms if the index tells the spellings apart.
pub fn join_names(query: &mut Query, searcher: Searcher<'_>) -> Result<()> {
    let mut asked = 0;
    join_in(&mut query.clauses, &query.input, searcher, &mut asked)?;
    let mut outcome = Ok(());
    query.for_each_clause_mut(&mut |clause| {
        let is_quoted = clause.occur != Occur::Should;
        if let ClauseKind::Text(text) = &mut clause.kind
            && (is_quoted || text.terms.len() == 1)
            && !clause.is_ignored
            && outcome.is_ok()
        {
            outcome = keep_spelling(text, searcher, &mut asked);
        }
    });
    outcome
}

/// Makes a text match by its forms if a word of it folds to a function word and is another word.
fn keep_spelling(text: &mut Text, searcher: Searcher<'_>, asked: &mut usize) -> Result<()> {
    let is_other = |at: &usize| may_be_other_word(&text.terms[*at].text);
    let others: Vec<usize> = (0..text.terms.len()).filter(is_other).collect();
    if text.terms.len() == 1 && !others.is_empty() {
        text.level = Level::Exact;
    }
    for at in others {
        if text.level == Level::Exact || *asked == MAX_ASKED {
            break;
        }
        *asked += 1;
        if let Some(found) = in_typed_spelling(&text.terms, at, text.gaps, searcher)? {
            text.terms = found.terms;
            text.level = Level::Exact;
        }
    }
    Ok(())
}

/// Adds a notice for each function word that is ignored.
pub fn note_ignored_words(query: &mut Query) {
    let notices: Vec<_> = query
        .ignored()
        .map(|text| NoticeCode::IgnoredWord.at(text.span))
        .collect();
    query.notices.extend(notices);
}

fn join_in(
    clauses: &mut Vec<Clause>,
    input: &str,
    searcher: Searcher<'_>,
    asked: &mut usize,
) -> Result<()> {
    let mut at = 0;
    while at < clauses.len() {
        join_in_group(&mut clauses[at], input, searcher, asked)?;
        if clauses[at].is_ignored && *asked < MAX_ASKED {
            let mut best: Option<(Evidence, usize)> = None;
            let mut has_asked = false;
            for first in [Some(at), at.checked_sub(1)].into_iter().flatten() {
                let Some((left, right)) = neighbours(clauses, first, input) else {
                    continue;
                };
                let is_last = clauses.get(at + 1).is_none();
                let before = at.checked_sub(1).map(|before| &clauses[before]);
                let pair = Pair {
                    left,
                    right,
                    is_right: first < at,
                    before,
                    is_last,
                };
                let found = pair.evidence(searcher, &mut has_asked)?;
                if let Some(found) = found
                    && best
                        .as_ref()
                        .is_none_or(|(best, _)| found.share > best.share)
                {
                    best = Some((found, first));
                }
            }
            *asked += usize::from(has_asked);
            if let Some((evidence, first)) = best {
                join(clauses, first, evidence);
                at = first;
            }
        }
        at += 1;
    }
    Ok(())
}

fn join_in_group(
    clause: &mut Clause,
    input: &str,
    searcher: Searcher<'_>,
    asked: &mut usize,
) -> Result<()> {
    match &mut clause.kind {
        ClauseKind::All(parts) => {
            join_in(parts, input, searcher, asked)?;
            if let [part] = parts.as_slice()
                && part.occur == Occur::Should
            {
                clause.kind = part.kind.clone();
            }
        }
        // The words of two alternatives are not neighbours.
        ClauseKind::Any(alternatives) => {
            for alternative in alternatives {
                join_in_group(alternative, input, searcher, asked)?;
            }
        }
        ClauseKind::Text(_)
        | ClauseKind::Near { .. }
        | ClauseKind::Pattern(_)
        | ClauseKind::Filter(_) => {}
    }
    Ok(())
}

/// Returns the words of the clauses `first` and `first + 1`, if they are a function word and another
/// word with nothing but white space between them.
fn neighbours<'a>(
    clauses: &'a [Clause],
    first: usize,
    input: &str,
) -> Option<(&'a QueryTerm, &'a QueryTerm)> {
    let [left, right] = clauses.get(first..first + 2)? else {
        return None;
    };
    let (ClauseKind::Text(a), ClauseKind::Text(b)) = (&left.kind, &right.kind) else {
        return None;
    };
    let gap = input.get(left.span.end..right.span.start)?;
    let is_plain = left.occur == Occur::Should
        && right.occur == Occur::Should
        && left.is_ignored != right.is_ignored
        && a.level == b.level
        && a.scope == b.scope
        && gap.chars().all(char::is_whitespace);
    match (a.terms.as_slice(), b.terms.as_slice()) {
        ([left], [right]) if is_plain => Some((left, right)),
        _ => None,
    }
}

/// Makes one phrase of two clauses.
fn join(clauses: &mut Vec<Clause>, first: usize, evidence: Evidence) {
    let next = clauses.remove(first + 1);
    let clause = &mut clauses[first];
    if let (ClauseKind::Text(text), ClauseKind::Text(next)) = (&mut clause.kind, &next.kind) {
        text.span = Span::new(text.span.start, next.span.end);
        text.terms = evidence.terms;
        if evidence.level == Level::Exact {
            text.level = evidence.level;
        }
        clause.span = text.span;
        clause.is_ignored = false;
    }
}

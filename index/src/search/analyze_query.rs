//! Prepares a typed query for one index. It sets the level of each word, adds related stems, and
//! looks up the words of patterns and the values of filters. It runs no query.

use super::compounds::meet_compounds;
use super::facets::folded_words;
use super::names::{join_names, note_ignored_words};
use super::searcher::Searcher;
use super::spellings::look_up_forms;
use super::{Matching, SearchRequest};
use crate::error::Result;
use crate::query::{
    self, Clause, ClauseKind, Filter, Keyword, Level, Notice, NoticeCode, Query, Scope,
};
use crate::timings::Stage;
use fihrist_arabic::calendar::Period;
use fihrist_arabic::may_hold_surface;

/// The greatest number of words of the index that a pattern may match.
const MAX_PATTERN_WORDS: usize = 200;

/// Parses a query and prepares it for the index of the snapshot.
pub fn analyze_query(
    input: &str,
    matching: Matching,
    scope: Scope,
    searcher: Searcher<'_>,
) -> Result<Query> {
    let _timer = searcher.context.timings.time(Stage::AnalyzeQuery);
    let mut query = query::parse(input, searcher.analyzer());
    query.for_each_text_mut(|text| text.scope = text.scope.within(scope));
    match matching {
        Matching::Auto => {
            join_names(&mut query, searcher)?;
            meet_compounds(&mut query, searcher)?;
            query::expand(&mut query, &searcher.snapshot.graph(), searcher.analyzer());
        }
        Matching::Exact => query.for_each_text_mut(|text| text.level = Level::Exact),
        Matching::Stem => {}
    }
    note_ignored_words(&mut query);
    look_up(&mut query, scope, searcher)?;
    look_up_forms(&mut query, searcher)?;
    Ok(query)
}

/// Adds the filters of a request to a query. If [`SearchRequest::blank_finds_all`] is set, a blank
/// query gets a filter that every article passes.
pub fn narrow(query: &mut Query, request: &SearchRequest, searcher: Searcher<'_>) -> Result<()> {
    for field in Keyword::ALL {
        let wanted = request.filters.of(field);
        if !wanted.is_empty() {
            let values = values_like(field, wanted, searcher)?;
            query.filters.push(Filter::Keyword {
                field,
                text: wanted.join(", "),
                words: Vec::new(),
                values,
            });
        }
    }
    if let Some((text, period)) = &request.filters.published {
        query.filters.push(Filter::Published {
            text: text.clone(),
            period: *period,
        });
    }
    if request.blank_finds_all && request.query.trim().is_empty() {
        query
            .notices
            .retain(|notice| notice.code != NoticeCode::NoWords);
        query.filters.push(Filter::Published {
            text: String::new(),
            period: Period {
                from: None,
                before: None,
            },
        });
    }
    Ok(())
}

/// Returns the values of a field that a request filters by. If the index does not have a value as
/// it is written, the values with the same folded words replace it.
fn values_like(field: Keyword, wanted: &[String], searcher: Searcher<'_>) -> Result<Vec<String>> {
    let Searcher {
        snapshot, context, ..
    } = searcher;
    let mut values = snapshot.known_values(field, wanted, context)?;
    let others = wanted.iter().filter(|value| !values.contains(value));
    let mut others: Vec<_> = others.map(|value| folded_words(value)).collect();
    others.retain(|words| !words.is_empty());
    if !others.is_empty() {
        let is_like = |value: &str| {
            others.iter().any(|words| may_hold(value, words))
                && others.contains(&folded_words(value))
        };
        values.extend(snapshot.matching_values(field, &is_like, context)?);
    }
    Ok(values)
}

/// Looks up the words that patterns match and the values that filters accept.
fn look_up(query: &mut Query, scope: Scope, searcher: Searcher<'_>) -> Result<()> {
    let mut outcome = Ok(());
    let mut notices = Vec::new();
    query.for_each_clause_mut(&mut |clause| {
        if outcome.is_ok() {
            outcome = look_up_clause(clause, scope, searcher, &mut notices);
        }
    });
    query.notices.extend(notices);
    query.notices.sort_by_key(|notice| notice.span);
    outcome
}

fn look_up_clause(
    clause: &mut Clause,
    scope: Scope,
    searcher: Searcher<'_>,
    notices: &mut Vec<Notice>,
) -> Result<()> {
    searcher.context.deadline.check()?;
    let mut notice = |code: NoticeCode| notices.push(code.at(clause.span));
    match &mut clause.kind {
        ClauseKind::Pattern(pattern) => {
            pattern.scope = pattern.scope.within(scope);
            let vocabulary = searcher.snapshot.terms().vocabulary()?;
            let (words, has_more) = vocabulary.expand_pattern(&pattern.pattern, MAX_PATTERN_WORDS);
            pattern.words = words;
            if has_more {
                notice(NoticeCode::BroadPattern);
            }
        }
        ClauseKind::Filter(Filter::Keyword {
            field,
            words,
            values,
            ..
        }) => {
            let snapshot = searcher.snapshot;
            let accepts = |value: &str| holds(value, words);
            *values = snapshot.matching_values(*field, &accepts, searcher.context)?;
            if values.is_empty() {
                notice(NoticeCode::UnknownValue);
            }
        }
        ClauseKind::Filter(Filter::Published { .. })
        | ClauseKind::Text(_)
        | ClauseKind::Near { .. }
        | ClauseKind::Any(_)
        | ClauseKind::All(_) => {}
    }
    Ok(())
}

/// Returns whether the folded words of a value include `words` in this order, with none between.
fn holds(value: &str, words: &[String]) -> bool {
    may_hold(value, words)
        && folded_words(value)
            .windows(words.len())
            .any(|part| part == words)
}

/// Returns false if a value lacks one of the folded words. It is quick.
fn may_hold(value: &str, words: &[String]) -> bool {
    words.iter().all(|word| may_hold_surface(value, word))
}

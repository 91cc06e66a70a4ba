//! What a person typed, made ready for one index: words held to what has to agree, other stems that stand in for them,
//! patterns and values looked up. The index gives words and values; none of them is searched here.

use super::{Matching, SearchRequest};
use crate::backend::Snapshot;
use crate::error::Result;
use crate::query::{self, ClauseKind, Filter, Keyword, Notice, NoticeCode, Query, Scope};
use crate::timings::Stage;
use fihrist_arabic::calendar::Period;

/// A pattern stands for so many words at most.
const MAX_PATTERN_WORDS: usize = 200;

/// Understands a query for the index that the snapshot shows.
pub fn analyze_query(
    input: &str,
    matching: Matching,
    scope: Scope,
    snapshot: &dyn Snapshot,
) -> Result<Query> {
    let _understanding = snapshot.timings().time(Stage::AnalyzeQuery);
    let mut query = query::parse(input, snapshot.analyzer());
    query.for_each_text_mut(|text| text.scope = text.scope.within(scope));
    match matching {
        Matching::Auto => query::expand(&mut query, &snapshot.graph()),
        Matching::Exact => query.require_exact_forms(),
        Matching::Stem => {}
    }
    look_up(&mut query, scope, snapshot)?;
    Ok(query)
}

/// Narrows a query to the articles that a request searches; to all of them where nothing was typed and that finds all.
pub fn narrow(query: &mut Query, request: &SearchRequest, snapshot: &dyn Snapshot) -> Result<()> {
    for field in Keyword::ALL {
        let wanted = request.filters.of(field);
        if !wanted.is_empty() {
            let values = values_like(field, wanted, snapshot)?;
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
        let period = Period {
            from: None,
            before: None,
        };
        query.filters.push(Filter::Published {
            text: String::new(),
            period,
        });
    }
    Ok(())
}

/// The values of a field that are wanted: where one is not there as it is written, those that are spelled otherwise.
fn values_like(field: Keyword, wanted: &[String], snapshot: &dyn Snapshot) -> Result<Vec<String>> {
    let folded = |value: &str| -> Vec<String> {
        snapshot
            .analyzer()
            .analyze(value)
            .into_iter()
            .map(|token| token.surface)
            .collect()
    };
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for value in wanted {
        if snapshot.has_value(field, value)? {
            values.push(value.clone());
        } else {
            others.push(folded(value));
        }
    }
    others.retain(|words| !words.is_empty());
    if !others.is_empty() {
        values.extend(
            snapshot
                .values(field)?
                .into_iter()
                .filter(|value| others.contains(&folded(value))),
        );
    }
    Ok(values)
}

/// Looks up the words that patterns stand for and the values that filters ask for.
fn look_up(query: &mut Query, scope: Scope, snapshot: &dyn Snapshot) -> Result<()> {
    let mut outcome = Ok(());
    let mut notices = Vec::new();
    query.for_each_clause_mut(&mut |clause| {
        let span = clause.span;
        let mut look_up = || -> Result<()> {
            snapshot.deadline().check()?;
            match &mut clause.kind {
                ClauseKind::Pattern(pattern) => {
                    pattern.scope = pattern.scope.within(scope);
                    let (words, has_more) = snapshot
                        .vocabulary()?
                        .expand_pattern(&pattern.pattern, MAX_PATTERN_WORDS);
                    pattern.words = words;
                    notices.extend(has_more.then_some(Notice {
                        code: NoticeCode::BroadPattern,
                        span,
                    }));
                }
                ClauseKind::Filter(Filter::Keyword {
                    field,
                    words,
                    values,
                    ..
                }) => {
                    let holds = |value: &String| {
                        let tokens = snapshot.analyzer().analyze(value);
                        tokens
                            .windows(words.len())
                            .any(|part| part.iter().zip(&*words).all(|(a, b)| a.surface == *b))
                    };
                    *values = snapshot.values(*field)?.into_iter().filter(holds).collect();
                    notices.extend(values.is_empty().then_some(Notice {
                        code: NoticeCode::UnknownValue,
                        span,
                    }));
                }
                ClauseKind::Filter(Filter::Published { .. })
                | ClauseKind::Text(_)
                | ClauseKind::Near { .. }
                | ClauseKind::Any(_)
                | ClauseKind::All(_) => {}
            }
            Ok(())
        };
        if outcome.is_ok() {
            outcome = look_up();
        }
    });
    query.notices.extend(notices);
    query.notices.sort_by_key(|notice| notice.span);
    outcome
}

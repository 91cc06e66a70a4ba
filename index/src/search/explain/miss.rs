//! Finds the reason why an article does not match a clause.

use super::MissReason;
use super::answer::FoundForm;
use super::forms::{QueryWord, forms};
use crate::document::Article;
use crate::query::{Clause, ClauseKind, Filter, Text};
use fihrist_arabic::Analyzer;

/// Returns why an article does not match a clause. The caller knows that it does not.
pub fn miss_reason(clause: &Clause, article: &Article, analyzer: &Analyzer) -> MissReason {
    match &clause.kind {
        ClauseKind::Text(text) => {
            texts_miss_reason(&[text], article, analyzer).unwrap_or(MissReason::Order)
        }
        ClauseKind::Near { texts, .. } => {
            let texts: Vec<&Text> = texts.iter().collect();
            texts_miss_reason(&texts, article, analyzer).unwrap_or(MissReason::Distance)
        }
        ClauseKind::Pattern(pattern) => {
            let found = occurrences(&[QueryWord::Pattern(pattern)], article, analyzer);
            if found.iter().any(|found| found.is_elsewhere) {
                MissReason::Field
            } else {
                MissReason::Pattern
            }
        }
        ClauseKind::Any(_) | ClauseKind::All(_) => MissReason::Group,
        ClauseKind::Filter(Filter::Keyword { .. }) => MissReason::Value,
        ClauseKind::Filter(Filter::Published { .. }) if article.published.is_some() => {
            MissReason::Time
        }
        ClauseKind::Filter(Filter::Published { .. }) => MissReason::NoTime,
    }
}

/// Returns why the words of some texts do not match one by one; `None` if every word matches. Their
/// order and distance are not checked.
fn texts_miss_reason(
    texts: &[&Text],
    article: &Article,
    analyzer: &Analyzer,
) -> Option<MissReason> {
    let words: Vec<QueryWord<'_>> = texts.iter().copied().flat_map(QueryWord::of_text).collect();
    let found = occurrences(&words, article, analyzer);
    let lacking: Vec<&Occurrence> = found.iter().filter(|found| !found.counts).collect();
    if lacking.is_empty() {
        None
    } else if lacking.iter().all(|found| found.is_elsewhere) {
        Some(MissReason::Field)
    } else if lacking.iter().all(|found| found.is_in_other_form) {
        Some(MissReason::Form)
    } else {
        Some(MissReason::Word)
    }
}

/// How a word of the query occurs in an article.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    counts: bool,
    is_elsewhere: bool,
    is_in_other_form: bool,
}

fn occurrences(words: &[QueryWord<'_>], article: &Article, analyzer: &Analyzer) -> Vec<Occurrence> {
    let forms = forms(article, words, &[], analyzer);
    let found = forms.iter().zip(words).map(|(forms, word)| {
        let is_taken = |form: &FoundForm| word.satisfied_by(form.by, &form.stem);
        Occurrence {
            counts: forms.iter().any(|form| form.counts),
            is_elsewhere: forms.iter().any(|form| is_taken(form) && !form.counts),
            is_in_other_form: forms
                .iter()
                .any(|form| !is_taken(form) && word.scope().contains(form.field)),
        }
    });
    found.collect()
}

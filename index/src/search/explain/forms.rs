//! Finds the words of an article that match or nearly match the words of a query. It also finds the
//! reason why an article does not match a clause.

use std::collections::BTreeMap;
use std::slice;

use super::{FoundBy, FoundForm, MissReason};
use crate::document::{Article, Field};
use crate::query::{Clause, ClauseKind, Filter, Level, Pattern, Query, QueryTerm, Scope, Text};
use crate::ranking::ScoringWord;
use fihrist_arabic::{Analyzer, TokenKind, TokenRef};

/// A word or a pattern of the query.
pub enum QueryWord<'q> {
    Word {
        term: &'q QueryTerm,
        level: Level,
        scope: Scope,
    },
    Pattern(&'q Pattern),
}

impl<'q> QueryWord<'q> {
    /// Returns the words of a query, then its patterns. Ranking scores them in the same order.
    pub fn all(query: &'q Query) -> Vec<Self> {
        query
            .texts()
            .flat_map(Self::of_text)
            .chain(query.patterns().map(Self::Pattern))
            .collect()
    }

    fn of_text(text: &'q Text) -> impl Iterator<Item = Self> {
        text.terms.iter().map(|term| Self::Word {
            term,
            level: text.level,
            scope: text.scope,
        })
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Word { term, .. } => &term.text,
            Self::Pattern(pattern) => &pattern.text,
        }
    }

    pub fn stem(&self) -> &str {
        match self {
            Self::Word { term, .. } => &term.stem,
            Self::Pattern(pattern) => &pattern.pattern,
        }
    }

    const fn scope(&self) -> Scope {
        match self {
            Self::Word { scope, .. } => *scope,
            Self::Pattern(pattern) => pattern.scope,
        }
    }

    /// Returns what this word of the query and the article's `token` have in common; `None` if
    /// nothing. `spelled` is the form of the token. `scoring` has the
    /// root group of the word.
    fn found_by(
        &self,
        token: TokenRef<'_>,
        spelled: &str,
        scoring: Option<&ScoringWord>,
    ) -> Option<FoundBy> {
        let stem = token.stem();
        match self {
            Self::Pattern(pattern) => {
                let mut words = pattern.words.iter();
                let is_found = words.any(|word| word == token.surface());
                is_found.then_some(FoundBy::Pattern)
            }
            Self::Word { term, .. } if term.form == spelled => Some(FoundBy::Form),
            Self::Word { term, .. } if term.surface == token.surface() => Some(FoundBy::Spelling),
            Self::Word { term, .. } if term.stem == stem => Some(FoundBy::Stem),
            Self::Word { term, .. } => {
                let mut related = term.related.iter();
                if let Some(related) = related.find(|related| related.stem == stem) {
                    return Some(FoundBy::Related(related.relation));
                }
                let mut of_group = scoring.into_iter().flat_map(ScoringWord::root_groups);
                of_group
                    .any(|other| other == stem)
                    .then_some(FoundBy::RootGroups)
            }
        }
    }

    /// Returns whether a word of the article satisfies this word of the query. `by` is what they
    /// have in common, and `stem` is the stem of the article's word.
    fn satisfied_by(&self, by: FoundBy, stem: &str) -> bool {
        match self {
            Self::Pattern(_) => by == FoundBy::Pattern,
            Self::Word {
                level: Level::Exact,
                ..
            } => by == FoundBy::Form,
            Self::Word {
                level: Level::Stem,
                term,
                ..
            } => term.all_at(Level::Stem).any(|own| own == stem),
        }
    }

    /// Returns whether one of the word's forms satisfies it, but for its field.
    fn is_elsewhere(&self, forms: &[FoundForm]) -> bool {
        forms
            .iter()
            .any(|form| !form.counts && self.satisfied_by(form.by, &form.stem))
    }

    /// Returns whether one of the word's forms is in a searched field, but does not satisfy it.
    fn is_in_other_form(&self, forms: &[FoundForm]) -> bool {
        forms.iter().any(|form| {
            self.scope().contains(form.field) && !self.satisfied_by(form.by, &form.stem)
        })
    }
}

/// Returns for each word of the query the words of an article that match it or nearly match it.
/// `scoring` has the root groups of the words, in the same order; it may be empty.
pub fn forms(
    article: &Article,
    words: &[QueryWord<'_>],
    scoring: &[ScoringWord],
    analyzer: &Analyzer,
) -> Vec<Vec<FoundForm>> {
    let mut forms: Vec<BTreeMap<(usize, FoundBy, String), FoundForm>> =
        vec![BTreeMap::new(); words.len()];
    let mut spelled = String::new();
    for (number, field) in Field::ALL.into_iter().enumerate() {
        for segment in article.segments_in(field) {
            let text = segment.slice(&article.text);
            analyzer.for_each(text, |token| {
                if token.kind == TokenKind::Whole {
                    return;
                }
                let written = token.span.slice(text);
                let spelled = token.form(text, &mut spelled);
                for (place, (word, forms)) in words.iter().zip(&mut forms).enumerate() {
                    let Some(by) = word.found_by(token, spelled, scoring.get(place)) else {
                        continue;
                    };
                    let form = forms
                        .entry((number, by, spelled.to_owned()))
                        .or_insert_with(|| FoundForm {
                            text: written.to_owned(),
                            stem: token.stem().to_owned(),
                            by,
                            field,
                            counts: word.scope().contains(field)
                                && word.satisfied_by(by, token.stem()),
                            occurrences: 0,
                            first: token.span.shifted(segment.start),
                        });
                    form.occurrences += 1;
                }
            });
        }
    }
    forms
        .into_iter()
        .map(|forms| forms.into_values().collect())
        .collect()
}

/// Returns why an article does not match a clause. The caller knows that it does not.
pub fn miss_reason(clause: &Clause, article: &Article, analyzer: &Analyzer) -> MissReason {
    let of_texts = || texts_miss_reason(clause.texts(), article, analyzer);
    match &clause.kind {
        ClauseKind::Text(_) => of_texts().unwrap_or(MissReason::Order),
        ClauseKind::Near { .. } => of_texts().unwrap_or(MissReason::Distance),
        ClauseKind::Pattern(pattern) => {
            let word = QueryWord::Pattern(pattern);
            let found = forms(article, slice::from_ref(&word), &[], analyzer);
            if found.iter().any(|forms| word.is_elsewhere(forms)) {
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
fn texts_miss_reason(texts: &[Text], article: &Article, analyzer: &Analyzer) -> Option<MissReason> {
    let words: Vec<QueryWord<'_>> = texts.iter().flat_map(QueryWord::of_text).collect();
    let found = forms(article, &words, &[], analyzer);
    let lacks = |(_, forms): &(_, &Vec<FoundForm>)| !forms.iter().any(|form| form.counts);
    let mut lacking = words.iter().zip(&found).filter(lacks).peekable();
    lacking.peek()?;
    Some(
        if lacking
            .clone()
            .all(|(word, forms)| word.is_elsewhere(forms))
        {
            MissReason::Field
        } else if lacking.all(|(word, forms)| word.is_in_other_form(forms)) {
            MissReason::Form
        } else {
            MissReason::Word
        },
    )
}

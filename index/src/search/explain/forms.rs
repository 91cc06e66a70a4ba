//! Finds the words of an article that match or nearly match the words of a query. The article is
//! analysed once.

use std::collections::BTreeMap;

use super::{FoundBy, FoundForm};
use crate::document::{Article, Field};
use crate::query::{Level, Pattern, Query, QueryTerm, Scope, Text};
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

    pub fn of_text(text: &'q Text) -> impl Iterator<Item = Self> {
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

    pub const fn scope(&self) -> Scope {
        match self {
            Self::Word { scope, .. } => *scope,
            Self::Pattern(pattern) => pattern.scope,
        }
    }

    /// Returns what this word of the query and the article's `token` have in common; `None` if
    /// nothing. `spelled` is the form of the token.
    fn found_by(
        &self,
        token: TokenRef<'_>,
        spelled: &str,
        root_groups: &[String],
    ) -> Option<FoundBy> {
        match self {
            Self::Pattern(pattern) => pattern
                .words
                .iter()
                .any(|word| word == token.surface())
                .then_some(FoundBy::Pattern),
            Self::Word { term, .. } if term.form == spelled => Some(FoundBy::Form),
            Self::Word { term, .. } if term.surface == token.surface() => Some(FoundBy::Spelling),
            Self::Word { term, .. } if term.stem == token.stem() => Some(FoundBy::Stem),
            Self::Word { term, .. } => {
                let related = term
                    .related
                    .iter()
                    .find(|related| related.stem == token.stem());
                let related = related.map(|related| FoundBy::Related(related.relation));
                related.or_else(|| {
                    root_groups
                        .iter()
                        .any(|root_groups| root_groups == token.stem())
                        .then_some(FoundBy::RootGroups)
                })
            }
        }
    }

    /// Returns whether a word of the article satisfies this word of the query. `by` is what they
    /// have in common, and `stem` is the stem of the article's word.
    pub fn satisfied_by(&self, by: FoundBy, stem: &str) -> bool {
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
            } => term.stem == stem || term.related.iter().any(|related| related.stem == stem),
        }
    }
}

/// Returns for each word of the query the words of an article that match it or nearly match it.
pub fn forms(
    article: &Article,
    words: &[QueryWord<'_>],
    root_groups: &[Vec<String>],
    analyzer: &Analyzer,
) -> Vec<Vec<FoundForm>> {
    let mut forms: Vec<BTreeMap<(usize, FoundBy, String), FoundForm>> =
        vec![BTreeMap::new(); words.len()];
    let mut spelled = String::new();
    for (number, field) in Field::ALL.into_iter().enumerate() {
        for segment in article.segments_in(field) {
            let text = segment.span.slice(&article.text);
            analyzer.for_each(text, |token| {
                if token.kind == TokenKind::Whole {
                    return;
                }
                let written = token.span.slice(text);
                let spelled = token.form(text, &mut spelled);
                for (place, (word, forms)) in words.iter().zip(&mut forms).enumerate() {
                    let root_groups = root_groups.get(place).map_or(&[][..], Vec::as_slice);
                    let Some(by) = word.found_by(token, spelled, root_groups) else {
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
                            first: token.span.shifted(segment.span.start),
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

//! Finds the words of an article that match or nearly match the words of a query. It also finds the
//! reason why an article does not match a clause.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{FoundBy, FoundForm, MissReason};
use crate::answer_limit::{AnswerLimit, OBJECT_BYTES};
use crate::document::{Article, Field};
use crate::error::Result;
use crate::learning::graph::Relation;
use crate::query::{
    Clause, ClauseKind, Filter, Level, Parts, Pattern, Query, QueryTerm, Scope, Text,
};
use crate::ranking::ScoringWord;
use fihrist_arabic::{Analyzer, Span, TokenKind, TokenRef};

/// A word or a pattern of the query.
#[derive(Clone)]
pub enum QueryWord<'q> {
    Word {
        term: &'q QueryTerm,
        level: Level,
        scope: Scope,
    },
    Pattern(&'q Pattern),
}

/// The form, the surface, the stem, the level and the scope of a word.
type WordKey<'q> = (&'q str, &'q str, &'q str, bool, Scope);

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

    /// Returns what decides which words of an article match or nearly match.
    fn key(&self) -> WordKey<'q> {
        match self {
            Self::Word { term, level, scope } => {
                let is_exact = *level == Level::Exact;
                (&term.form, &term.surface, &term.stem, is_exact, *scope)
            }
            Self::Pattern(pattern) => (&pattern.pattern, "", "", false, pattern.scope),
        }
    }

    /// Returns the two words that the word is also written as.
    fn parts(&self) -> Option<&Parts> {
        match self {
            Self::Word { term, .. } => term.parts.as_deref(),
            Self::Pattern(_) => None,
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
            } => {
                let in_two_words = term
                    .parts
                    .as_ref()
                    .is_some_and(|parts| parts.stem() == stem);
                in_two_words || term.all_at(Level::Stem).any(|own| own == stem)
            }
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
/// `scoring` has the root groups of the words, in the same order; it may be empty. Fails if the
/// forms exceed the limit of the answer.
pub fn forms(
    article: &Article,
    words: &[QueryWord<'_>],
    scoring: &[ScoringWord],
    analyzer: &Analyzer,
    limit: &AnswerLimit,
) -> Result<Vec<Vec<FoundForm>>> {
    let mut outcome = Ok(());
    let mut forms: Vec<BTreeMap<(usize, FoundBy, String), FoundForm>> =
        vec![BTreeMap::new(); words.len()];
    let mut spelled = String::new();
    for (number, field) in Field::ALL.into_iter().enumerate() {
        for segment in article.segments_in(field) {
            let text = segment.slice(&article.text);
            // The previous word, with its stem.
            let mut previous: Option<(Span, String)> = None;
            analyzer.for_each(text, |token| {
                if token.kind == TokenKind::Whole || outcome.is_err() {
                    return;
                }
                let spelled = token.form(text, &mut spelled);
                let mut add = |place: usize, by: FoundBy, key: &str, span: Span, stem: &str| {
                    let word = &words[place];
                    let form = forms[place]
                        .entry((number, by, key.to_owned()))
                        .or_insert_with(|| {
                            let written = span.slice(text);
                            let texts = written.len() + stem.len();
                            if outcome.is_ok() {
                                outcome = limit.charge(OBJECT_BYTES + texts);
                            }
                            FoundForm {
                                text: written.to_owned(),
                                stem: stem.to_owned(),
                                by,
                                field,
                                counts: word.scope().contains(field) && word.satisfied_by(by, stem),
                                occurrences: 0,
                                first: span.shifted(segment.start),
                            }
                        });
                    form.occurrences += 1;
                };
                for (place, word) in words.iter().enumerate() {
                    if let Some(by) = word.found_by(token, spelled, scoring.get(place)) {
                        add(place, by, spelled, token.span, token.stem());
                    }
                    if let (Some(parts), Some((before, stem))) = (word.parts(), &previous) {
                        let stems = format!("{stem} {}", token.stem());
                        if stems == parts.stem() {
                            let span = Span::new(before.start, token.span.end);
                            let by = FoundBy::Related(Relation::Spelling);
                            add(place, by, &stems, span, &stems);
                        }
                    }
                }
                previous = Some((token.span, token.stem().to_owned()));
            });
        }
    }
    outcome?;
    let forms = forms.into_iter();
    Ok(forms.map(|forms| forms.into_values().collect()).collect())
}

/// Returns for each clause why an article does not match it. The caller knows that it does not. The
/// article is analysed once for all clauses.
pub fn miss_reasons(
    clauses: &[&Clause],
    article: &Article,
    analyzer: &Analyzer,
    limit: &AnswerLimit,
) -> Result<Vec<MissReason>> {
    let words_of: Vec<Vec<QueryWord<'_>>> =
        clauses.iter().map(|clause| own_words(clause)).collect();
    // A word that several clauses have is looked for once.
    let mut places: FxHashMap<WordKey<'_>, usize> = FxHashMap::default();
    let mut words: Vec<QueryWord<'_>> = Vec::new();
    for word in words_of.iter().flatten() {
        places.entry(word.key()).or_insert_with(|| {
            words.push(word.clone());
            words.len() - 1
        });
    }
    let found = forms(article, &words, &[], analyzer, limit)?;
    let reason = |(clause, words): (&&Clause, &Vec<QueryWord<'_>>)| {
        let of_words = words.iter().map(|word| (word, &found[places[&word.key()]]));
        miss_reason(clause, of_words.collect(), article)
    };
    Ok(clauses.iter().zip(&words_of).map(reason).collect())
}

/// Returns the words or the pattern of the clause itself.
fn own_words(clause: &Clause) -> Vec<QueryWord<'_>> {
    match &clause.kind {
        ClauseKind::Pattern(pattern) => vec![QueryWord::Pattern(pattern)],
        ClauseKind::Text(_)
        | ClauseKind::Near { .. }
        | ClauseKind::Any(_)
        | ClauseKind::All(_)
        | ClauseKind::Filter(_) => clause.texts().iter().flat_map(QueryWord::of_text).collect(),
    }
}

/// Returns why an article does not match a clause. `words` are the words of the clause, with the
/// words of the article that match or nearly match them.
fn miss_reason(
    clause: &Clause,
    words: Vec<(&QueryWord<'_>, &Vec<FoundForm>)>,
    article: &Article,
) -> MissReason {
    match &clause.kind {
        ClauseKind::Text(_) => texts_miss_reason(&words).unwrap_or(MissReason::Order),
        ClauseKind::Near { .. } => texts_miss_reason(&words).unwrap_or(MissReason::Distance),
        ClauseKind::Pattern(_) => {
            if words.iter().any(|(word, forms)| word.is_elsewhere(forms)) {
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
fn texts_miss_reason(words: &[(&QueryWord<'_>, &Vec<FoundForm>)]) -> Option<MissReason> {
    let lacks =
        |(_, forms): &&(&QueryWord<'_>, &Vec<FoundForm>)| !forms.iter().any(|form| form.counts);
    let mut lacking = words.iter().filter(lacks).peekable();
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

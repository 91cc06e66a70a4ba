//! Scoring terms: the terms that ranking looks up for each word of a query, with their weights.
//! They are the forms of the word in the index, its stem, its related stems and its root group.
//! This module reads no postings.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{FORM, LEVELS, RootGroups, SPELLING, STEM, ScoringPair, Weights, WordWeight};
use crate::deadline::Deadline;
use crate::document::Field;
use crate::error::Result;
use crate::query::{Level, Pattern, Query, QueryTerm, Scope};
use fihrist_arabic::spelling::Vocabulary;

/// The terms of an index with their document frequencies. Each backend implements this trait.
pub trait TermStatistics {
    /// Returns the number of articles.
    fn articles(&self) -> u64;

    /// Returns how many articles hold a term in this field.
    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64>;

    /// Returns the forms in the index that fold to `surface`, and `surface` itself.
    fn forms(&self, surface: &str) -> Result<Vec<String>>;

    /// Returns the root groups of the index.
    fn root_groups(&self) -> Result<Arc<RootGroups>>;

    /// Returns the words of the index with their document frequencies.
    fn vocabulary(&self) -> Result<Arc<Vocabulary>>;

    /// Returns the mean length of an article in words, weighted by field.
    fn mean_length(&self, weights: &Weights) -> Result<f32>;
}

/// A word of the query with its scoring terms.
pub struct ScoringWord {
    /// The inverse document frequencies of the word.
    pub weight: WordWeight,
    /// The fields in which the word may occur.
    pub scope: Scope,
    /// The terms whose occurrences count for the word.
    pub scoring_terms: Vec<ScoringTerm>,
}

/// A term whose occurrences count for a word of the query.
pub struct ScoringTerm {
    /// Whether the term is a form or a stem.
    pub level: Level,
    /// The term as it is in the index.
    pub text: String,
    /// The weight of one occurrence; an occurrence of the word itself has weight 1.
    pub weight: f32,
    /// The frequencies that an occurrence adds to: of the form, the stem or the typed spelling.
    pub counts_for: &'static [usize],
    /// Whether the positions of the term are positions of the word. If a word matches by its stem,
    /// they are for the word's stem and its related stems only.
    pub has_positions: bool,
}

impl ScoringWord {
    /// Returns the stems of the word's root group. They add to the score but do not make an article
    /// match.
    pub fn root_groups(&self) -> impl Iterator<Item = &str> {
        let is_of_group = |term: &&ScoringTerm| term.level == Level::Stem && !term.has_positions;
        let terms = self.scoring_terms.iter().filter(is_of_group);
        terms.map(|term| term.text.as_str())
    }
}

/// The words of a query with their scoring terms. A word that a query repeats is looked up and
/// counted in articles once.
#[derive(Default)]
pub struct ScoringWords {
    /// The different words.
    pub words: Vec<ScoringWord>,
    /// For each word of the query, its place in `words`: first of words and phrases, then of
    /// patterns.
    pub places: Vec<usize>,
    /// The words that are also written as two words. Their parts are at the end of `words`.
    pub pairs: Vec<ScoringPair>,
}

/// Returns the scoring terms of each word of the query.
pub fn scoring_terms(
    terms: &dyn TermStatistics,
    query: &Query,
    weights: &Weights,
    deadline: &Deadline,
) -> Result<ScoringWords> {
    let root_groups = terms.root_groups()?;
    let ScoringWords {
        mut words,
        mut places,
        mut pairs,
    } = ScoringWords::default();
    let mut compounds = Vec::new();
    let mut known = FxHashMap::default();
    for text in query.texts() {
        for word in &text.terms {
            deadline.check()?;
            let is_exact = text.level == Level::Exact;
            let key = (
                &*word.form,
                &*word.surface,
                &*word.stem,
                is_exact,
                text.scope,
            );
            let place = *known.entry(key).or_insert(words.len());
            if place == words.len() {
                if let Some(parts) = &word.parts {
                    compounds.push((place, parts, text.scope));
                }
                words.push(match text.level {
                    Level::Exact => of_form(terms, word, text.scope)?,
                    Level::Stem => of_stem(terms, &root_groups, word, text.scope, weights)?,
                });
            }
            places.push(place);
        }
    }
    for pattern in query.patterns() {
        let key = (&*pattern.pattern, "", "", false, pattern.scope);
        let place = *known.entry(key).or_insert(words.len());
        if place == words.len() {
            words.push(of_pattern(terms, pattern, deadline)?);
        }
        places.push(place);
    }
    for (word, parts, scope) in compounds {
        let first = words.len();
        words.extend(parts.words.iter().map(|part| of_part(part, scope)));
        let parts = [first, first + 1];
        pairs.push(ScoringPair { word, parts });
    }
    Ok(ScoringWords {
        words,
        places,
        pairs,
    })
}

/// Returns the scoring term of one part of a compound. Only its positions count.
fn of_part(part: &QueryTerm, scope: Scope) -> ScoringWord {
    ScoringWord {
        weight: WordWeight::new(0, [0; LEVELS]),
        scope,
        scoring_terms: vec![ScoringTerm {
            level: Level::Stem,
            text: part.stem.clone(),
            weight: 1.0,
            counts_for: &[],
            has_positions: true,
        }],
    }
}

/// Returns the scoring terms of a pattern. All words that fit the pattern count as one word.
fn of_pattern(
    terms: &dyn TermStatistics,
    pattern: &Pattern,
    deadline: &Deadline,
) -> Result<ScoringWord> {
    let mut scoring_terms = Vec::new();
    let mut sum = 0;
    for word in &pattern.words {
        deadline.check()?;
        for form in terms.forms(word)? {
            sum += most(terms, pattern.scope, Level::Exact, &form)?;
            scoring_terms.push(exact_form(form));
        }
    }
    let articles = terms.articles();
    let weight = WordWeight::new(articles, [sum.min(articles); LEVELS]);
    Ok(ScoringWord {
        weight,
        scope: pattern.scope,
        scoring_terms,
    })
}

fn of_form(terms: &dyn TermStatistics, word: &QueryTerm, scope: Scope) -> Result<ScoringWord> {
    let frequency = most(terms, scope, Level::Exact, &word.form)?;
    Ok(ScoringWord {
        weight: WordWeight::new(terms.articles(), [frequency; LEVELS]),
        scope,
        scoring_terms: vec![exact_form(word.form.clone())],
    })
}

/// Returns the term of a form that makes an article match by itself.
fn exact_form(form: String) -> ScoringTerm {
    ScoringTerm {
        level: Level::Exact,
        text: form,
        weight: 1.0,
        counts_for: &[FORM, STEM],
        has_positions: true,
    }
}

fn of_stem(
    terms: &dyn TermStatistics,
    root_groups: &RootGroups,
    word: &QueryTerm,
    scope: Scope,
    weights: &Weights,
) -> Result<ScoringWord> {
    let mut scoring_terms = Vec::new();
    // A query typed with hamzas is deliberate, so other spellings score lower. A query typed
    // without them may be hasty.
    let has_spelling = word.form != word.surface;
    let mut form_frequency = 0;
    let mut typed_frequency = 0;
    for form in &word.forms {
        let frequency = form.frequency(scope);
        form_frequency += frequency;
        let is_typed = form.text == word.form;
        if is_typed {
            typed_frequency = frequency;
        }
        scoring_terms.push(ScoringTerm {
            level: Level::Exact,
            text: form.text.clone(),
            weight: if has_spelling && !is_typed {
                weights.spelling
            } else {
                1.0
            },
            counts_for: if is_typed && word.typed_first > 0.0 {
                &[FORM, SPELLING]
            } else {
                &[FORM]
            },
            has_positions: false,
        });
    }
    let mut add_stem = |text: &str, weight: f32, has_positions: bool| {
        scoring_terms.push(ScoringTerm {
            level: Level::Stem,
            text: text.to_owned(),
            weight,
            counts_for: &[STEM],
            has_positions,
        });
    };
    add_stem(&word.stem, 1.0, true);
    for related in &word.related {
        add_stem(&related.stem, weights.related * related.weight, true);
    }
    if weights.root_groups > 0.0 {
        let is_related = |stem: &str| word.related.iter().any(|related| related.stem == stem);
        root_groups
            .of_stem(&word.stem)
            .filter(|stem| !is_related(stem))
            .for_each(|stem| add_stem(stem, weights.root_groups, false));
    }
    let articles = terms.articles();
    let in_two_words = word.parts.as_ref().map_or(0, |parts| parts.articles);
    let stem_frequency = most(terms, scope, Level::Stem, &word.stem)? + in_two_words;
    // An article may hold several of the forms, so the sum may exceed the number of articles.
    let weight = WordWeight::new(
        articles,
        [form_frequency, stem_frequency].map(|frequency| frequency.min(articles)),
    )
    .with_spelling(articles, typed_frequency, word.typed_first);
    Ok(ScoringWord {
        weight,
        scope,
        scoring_terms,
    })
}

/// Returns the document frequency of a term in the field of the scope in which it is highest.
fn most(terms: &dyn TermStatistics, scope: Scope, level: Level, term: &str) -> Result<u64> {
    let mut most = 0;
    for field in Field::ALL {
        if scope.contains(field) {
            most = most.max(terms.frequency(field, level, term)?);
        }
    }
    Ok(most)
}

//! Which terms the ranking looks for, and how telling they make a word: the forms of a word in the index, its stem, the
//! stems that stand in for it. It asks a dictionary, whichever the backend has, and reads no postings.

use super::RootGroups;
use super::{LEVELS, Weights, WordWeight};
use crate::deadline::Deadline;
use crate::document::Field;
use crate::error::Result;
use crate::query::{Level, Pattern, Query, QueryTerm, Scope};

/// The terms of an index, and how many articles hold each.
pub trait TermStatistics {
    /// How many articles there are.
    fn articles(&self) -> u64;

    /// How many of them hold a term in a field.
    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64>;

    /// The forms of a folded word that any field holds, and the word itself.
    fn forms(&self, surface: &str) -> Result<Vec<String>>;
}

/// A word of the query.
pub struct ScoringWord {
    /// How telling it is.
    pub weight: WordWeight,
    /// Where it may stand.
    pub scope: Scope,
    /// What to look for there.
    pub scoring_terms: Vec<ScoringTerm>,
}

/// A term that stands for a word of the query.
pub struct ScoringTerm {
    /// The level whose dictionary holds it.
    pub level: Level,
    /// The term.
    pub text: String,
    /// What an occurrence counts.
    pub weight: f32,
    /// For which level of the score.
    pub counts_for: &'static [usize],
    /// Whether it says where the word stands.
    pub has_places: bool,
}

impl ScoringWord {
    /// The stems that count for the word without making an article match.
    pub fn root_groups(&self) -> impl Iterator<Item = &str> {
        let root_groups = self
            .scoring_terms
            .iter()
            .filter(|probe| probe.level == Level::Stem && !probe.has_places);
        root_groups.map(|probe| probe.text.as_str())
    }
}

/// A word of the query, and where it may stand.
#[derive(Clone, Copy)]
struct Asked<'a> {
    word: &'a QueryTerm,
    scope: Scope,
}

const FORM: usize = 0;
const STEM: usize = 1;

/// What to look for of each word that is wanted.
pub fn scoring_terms(
    terms: &dyn TermStatistics,
    root_groups: &RootGroups,
    query: &Query,
    weights: &Weights,
    deadline: &Deadline,
) -> Result<Vec<ScoringWord>> {
    let mut wanted = Vec::new();
    for text in query.texts() {
        for word in &text.terms {
            deadline.check()?;
            let asked = Asked {
                word,
                scope: text.scope,
            };
            wanted.push(match text.level {
                Level::Exact => of_form(terms, asked)?,
                Level::Stem => of_stem(terms, root_groups, asked, weights)?,
            });
        }
    }
    for pattern in query.patterns() {
        wanted.push(of_pattern(terms, pattern, deadline)?);
    }
    Ok(wanted)
}

/// All the words that a pattern stands for are one.
fn of_pattern(
    terms: &dyn TermStatistics,
    pattern: &Pattern,
    deadline: &Deadline,
) -> Result<ScoringWord> {
    let (mut scoring_terms, mut sum) = (Vec::new(), 0);
    for word in &pattern.words {
        deadline.check()?;
        for form in terms.forms(word)? {
            sum += most(terms, pattern.scope, Level::Exact, &form)?;
            let counts_for = &[FORM, STEM];
            scoring_terms.push(ScoringTerm {
                level: Level::Exact,
                text: form,
                weight: 1.0,
                counts_for,
                has_places: true,
            });
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

fn of_form(terms: &dyn TermStatistics, Asked { word, scope }: Asked<'_>) -> Result<ScoringWord> {
    let frequency = most(terms, scope, Level::Exact, &word.form)?;
    let probe = ScoringTerm {
        level: Level::Exact,
        text: word.form.clone(),
        weight: 1.0,
        counts_for: &[FORM, STEM],
        has_places: true,
    };
    Ok(ScoringWord {
        weight: WordWeight::new(terms.articles(), [frequency; LEVELS]),
        scope,
        scoring_terms: vec![probe],
    })
}

fn of_stem(
    terms: &dyn TermStatistics,
    root_groups: &RootGroups,
    Asked { word, scope }: Asked<'_>,
    weights: &Weights,
) -> Result<ScoringWord> {
    let mut scoring_terms = Vec::new();
    // Who leaves the hamzas out may be in haste; who writes them means them.
    let has_spelling = word.form != word.surface;
    let mut form_frequency = 0;
    for form in terms.forms(&word.surface)? {
        form_frequency += most(terms, scope, Level::Exact, &form)?;
        let weight = if has_spelling && form != word.form {
            weights.spelling
        } else {
            1.0
        };
        scoring_terms.push(ScoringTerm {
            level: Level::Exact,
            text: form,
            weight,
            counts_for: &[FORM],
            has_places: false,
        });
    }
    let mut add_stem = |text: &str, weight: f32, has_places: bool| {
        let probe = ScoringTerm {
            level: Level::Stem,
            text: text.to_owned(),
            weight,
            counts_for: &[STEM],
            has_places,
        };
        scoring_terms.push(probe);
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
    let stem_frequency = most(terms, scope, Level::Stem, &word.stem)?;
    let articles = terms.articles();
    // An article may hold several forms.
    let weight = WordWeight::new(articles, [form_frequency.min(articles), stem_frequency]);
    Ok(ScoringWord {
        weight,
        scope,
        scoring_terms,
    })
}

/// Of the fields of a scope, the greatest count.
fn most(terms: &dyn TermStatistics, scope: Scope, level: Level, term: &str) -> Result<u64> {
    let fields = Field::ALL
        .into_iter()
        .filter(|field| scope.contains(*field));
    let counts = fields
        .map(|field| terms.frequency(field, level, term))
        .collect::<Result<Vec<_>>>()?;
    Ok(counts.into_iter().max().unwrap_or(0))
}

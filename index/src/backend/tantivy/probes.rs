//! Which terms the ranking looks for, and how telling they make a word: the forms of a word in the index, its stem, the
//! stems that stand in for it. It reads the dictionary and no postings.

use tantivy::{Searcher, Term, schema};

use super::bounded::go_on;
use super::kin::Kin;
use super::schema::{Fields, Levels};
use crate::analysis::other_forms;
use crate::article::Field;
use crate::backend::ranking::{LEVELS, Weights, WordWeight};
use crate::patience::Patience;
use crate::query::{Level, Pattern, Query, Scope, Term as Word};

/// A word of the query.
pub struct Wanted {
    /// How telling it is.
    pub weight: WordWeight,
    /// Where it may stand.
    pub scope: Scope,
    /// What to look for there.
    pub probes: Vec<Probe>,
}

/// A term that stands for a word of the query.
pub struct Probe {
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

impl Wanted {
    /// The stems that count for the word without making an article match.
    pub fn kin(&self) -> impl Iterator<Item = &str> {
        let kin = self.probes.iter().filter(|probe| probe.level == Level::Stem && !probe.has_places);
        kin.map(|probe| probe.text.as_str())
    }
}

/// A word of the query, and where it may stand.
#[derive(Clone, Copy)]
struct Asked<'a> {
    word: &'a Word,
    scope: Scope,
}

const FORM: usize = 0;
const STEM: usize = 1;

/// What to look for of each word that is wanted.
pub fn probes(
    searcher: &Searcher,
    fields: &Fields,
    kin: &Kin,
    query: &Query,
    weights: &Weights,
    patience: &Patience,
) -> tantivy::Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    for text in query.texts() {
        for word in &text.terms {
            go_on(patience)?;
            let asked = Asked { word, scope: text.scope };
            wanted.push(match text.level {
                Level::Exact => of_form(searcher, fields, asked)?,
                Level::Stem => of_stem(searcher, fields, kin, asked, weights)?,
            });
        }
    }
    for pattern in query.patterns() {
        wanted.push(of_pattern(searcher, fields, pattern, patience)?);
    }
    Ok(wanted)
}

/// All the words that a pattern stands for are one.
fn of_pattern(searcher: &Searcher, fields: &Fields, pattern: &Pattern, patience: &Patience) -> tantivy::Result<Wanted> {
    let (mut probes, mut sum) = (Vec::new(), 0);
    for word in &pattern.words {
        go_on(patience)?;
        for form in forms(searcher, fields, word)? {
            sum += most(fields, pattern.scope, |levels| frequency(searcher, levels.form, &form))?;
            let counts_for = &[FORM, STEM];
            probes.push(Probe { level: Level::Exact, text: form, weight: 1.0, counts_for, has_places: true });
        }
    }
    let articles = searcher.num_docs();
    let weight = WordWeight::new(articles, [sum.min(articles); LEVELS]);
    Ok(Wanted { weight, scope: pattern.scope, probes })
}

fn of_form(searcher: &Searcher, fields: &Fields, Asked { word, scope }: Asked<'_>) -> tantivy::Result<Wanted> {
    let frequency = most(fields, scope, |levels| frequency(searcher, levels.form, &word.form))?;
    let probe = Probe {
        level: Level::Exact,
        text: word.form.clone(),
        weight: 1.0,
        counts_for: &[FORM, STEM],
        has_places: true,
    };
    Ok(Wanted { weight: WordWeight::new(searcher.num_docs(), [frequency; LEVELS]), scope, probes: vec![probe] })
}

fn of_stem(
    searcher: &Searcher,
    fields: &Fields,
    kin: &Kin,
    Asked { word, scope }: Asked<'_>,
    weights: &Weights,
) -> tantivy::Result<Wanted> {
    let mut probes = Vec::new();
    // Who leaves the hamzas out may be in haste; who writes them means them.
    let has_spelling = word.form != word.surface;
    let mut form_frequency = 0;
    for form in forms(searcher, fields, &word.surface)? {
        form_frequency += most(fields, scope, |levels| frequency(searcher, levels.form, &form))?;
        let weight = if has_spelling && form != word.form { weights.spelling } else { 1.0 };
        probes.push(Probe { level: Level::Exact, text: form, weight, counts_for: &[FORM], has_places: false });
    }
    let mut add_stem = |text: &str, weight: f32, has_places: bool| {
        let probe = Probe { level: Level::Stem, text: text.to_owned(), weight, counts_for: &[STEM], has_places };
        probes.push(probe);
    };
    add_stem(&word.stem, 1.0, true);
    for related in &word.related {
        add_stem(&related.stem, weights.related * related.weight, true);
    }
    if weights.kin > 0.0 {
        let is_related = |stem: &str| word.related.iter().any(|related| related.stem == stem);
        kin.of_stem(&word.stem).filter(|stem| !is_related(stem)).for_each(|stem| add_stem(stem, weights.kin, false));
    }
    let stem_frequency = most(fields, scope, |levels| frequency(searcher, levels.stem, &word.stem))?;
    let articles = searcher.num_docs();
    // An article may hold several forms.
    let weight = WordWeight::new(articles, [form_frequency.min(articles), stem_frequency]);
    Ok(Wanted { weight, scope, probes })
}

/// The forms of a folded word that any field holds.
pub fn forms(searcher: &Searcher, fields: &Fields, surface: &str) -> tantivy::Result<Vec<String>> {
    let others = other_forms(surface);
    let mut forms = vec![surface.to_owned()];
    for segment in searcher.segment_readers() {
        for levels in &fields.levels {
            let dictionary = segment.inverted_index(levels.form)?;
            let range = dictionary.terms().range().ge(others.start()).le(others.end());
            let mut terms = range.into_stream()?;
            while let Some((term, _)) = terms.next() {
                forms.extend(std::str::from_utf8(term).map(str::to_owned));
            }
        }
    }
    forms.sort_unstable();
    forms.dedup();
    Ok(forms)
}

/// Of the fields of a scope, the greatest count.
fn most(fields: &Fields, scope: Scope, count: impl Fn(&Levels) -> tantivy::Result<u64>) -> tantivy::Result<u64> {
    let levels = Field::ALL.into_iter().zip(&fields.levels).filter(|(field, _)| scope.contains(*field));
    let counts = levels.map(|(_, levels)| count(levels)).collect::<tantivy::Result<Vec<_>>>()?;
    Ok(counts.into_iter().max().unwrap_or(0))
}

fn frequency(searcher: &Searcher, field: schema::Field, text: &str) -> tantivy::Result<u64> {
    searcher.doc_freq(&Term::from_field_text(field, text))
}

//! Which terms the ranking looks for, and how telling they make a word: the forms of a word in the index, its stem, the
//! stems that stand in for it. It reads the dictionary and no postings.

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::kin::Kin;
use super::schema::{Fields, Levels};
use crate::analysis::other_forms;
use crate::backend::ranking::{LEVELS, Weights, WordWeight};
use crate::query::{Level, Query, Term as Word};

/// A word of the query.
pub struct Wanted {
    /// How telling it is.
    pub weight: WordWeight,
    /// What to look for in every field.
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

const FORM: usize = 0;
const STEM: usize = 1;

/// What to look for of each word that is wanted.
pub fn probes(
    searcher: &Searcher,
    fields: &Fields,
    kin: &Kin,
    query: &Query,
    weights: &Weights,
) -> tantivy::Result<Vec<Wanted>> {
    let words = query.wanted().flat_map(|clause| clause.terms.iter().map(|word| (word, clause.level)));
    words
        .map(|(word, level)| match level {
            Level::Exact => of_form(searcher, fields, word),
            Level::Stem => of_stem(searcher, fields, kin, word, weights),
        })
        .collect()
}

fn of_form(searcher: &Searcher, fields: &Fields, word: &Word) -> tantivy::Result<Wanted> {
    let frequency = most(fields, |levels| frequency(searcher, levels.form, &word.form))?;
    let probe = Probe {
        level: Level::Exact,
        text: word.form.clone(),
        weight: 1.0,
        counts_for: &[FORM, STEM],
        has_places: true,
    };
    Ok(Wanted { weight: WordWeight::new(searcher.num_docs(), [frequency; LEVELS]), probes: vec![probe] })
}

fn of_stem(searcher: &Searcher, fields: &Fields, kin: &Kin, word: &Word, weights: &Weights) -> tantivy::Result<Wanted> {
    let mut probes = Vec::new();
    // Who leaves the hamzas out may be in haste; who writes them means them.
    let has_spelling = word.form != word.surface;
    let mut form_frequency = 0;
    for form in forms(searcher, fields, &word.surface)? {
        form_frequency += most(fields, |levels| frequency(searcher, levels.form, &form))?;
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
    let stem_frequency = most(fields, |levels| frequency(searcher, levels.stem, &word.stem))?;
    let articles = searcher.num_docs();
    // An article may hold several forms.
    Ok(Wanted { weight: WordWeight::new(articles, [form_frequency.min(articles), stem_frequency]), probes })
}

/// The forms of a folded word that any field holds.
fn forms(searcher: &Searcher, fields: &Fields, surface: &str) -> tantivy::Result<Vec<String>> {
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

/// Of the fields, the greatest count.
fn most(fields: &Fields, count: impl Fn(&Levels) -> tantivy::Result<u64>) -> tantivy::Result<u64> {
    let counts = fields.levels.iter().map(count).collect::<tantivy::Result<Vec<_>>>()?;
    Ok(counts.into_iter().max().unwrap_or(0))
}

fn frequency(searcher: &Searcher, field: Field, text: &str) -> tantivy::Result<u64> {
    searcher.doc_freq(&Term::from_field_text(field, text))
}

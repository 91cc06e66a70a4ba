//! The terms of an index: its words, the forms of one, the values of a field. It reads dictionaries and no postings.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::backend::tantivy::format::schema::Fields;
use crate::document;
use crate::error::{Error, Result};
use crate::query::Level;
use crate::ranking::TermStatistics;
use fihrist_arabic::spelling::WordList;
use fihrist_arabic::{other_forms, surface_of};

const READ: &str = "read the words of the index";

/// The folded words of all fields, each with how many articles hold it; of an article that holds it in several fields or
/// spellings, more than one.
pub fn words(searcher: &Searcher, fields: &Fields) -> Result<WordList> {
    let mut words = WordList::default();
    for levels in &fields.levels {
        for_each_term(searcher, levels.form, |form, articles| {
            words.add(surface_of(form), articles)
        })?;
    }
    Ok(words)
}

/// The stems of the bodies, each once.
pub fn stems(searcher: &Searcher, fields: &Fields) -> Result<WordList> {
    let [_, body, _] = fields.levels;
    let mut stems = WordList::default();
    for_each_term(searcher, body.stem, |stem, articles| {
        stems.add(stem, articles)
    })?;
    stems.combine();
    Ok(stems)
}

/// The forms of a folded word that any field holds, and the word itself.
pub fn forms(searcher: &Searcher, fields: &Fields, surface: &str) -> tantivy::Result<Vec<String>> {
    let others = other_forms(surface);
    let mut forms = vec![surface.to_owned()];
    for segment in searcher.segment_readers() {
        for levels in &fields.levels {
            let dictionary = segment.inverted_index(levels.form)?;
            let range = dictionary
                .terms()
                .range()
                .ge(others.start())
                .le(others.end());
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

/// The terms that a searcher sees.
pub struct SeenTerms<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
}

impl TermStatistics for SeenTerms<'_> {
    fn articles(&self) -> u64 {
        self.searcher.num_docs()
    }

    fn frequency(&self, field: document::Field, level: Level, term: &str) -> Result<u64> {
        let number = document::Field::ALL.iter().position(|each| *each == field);
        let Some(levels) = number.and_then(|number| self.fields.levels.get(number)) else {
            return Ok(0);
        };
        let field = match level {
            Level::Exact => levels.form,
            Level::Stem => levels.stem,
        };
        self.searcher
            .doc_freq(&Term::from_field_text(field, term))
            .map_err(Error::internal(READ))
    }

    fn forms(&self, surface: &str) -> Result<Vec<String>> {
        forms(self.searcher, self.fields, surface).map_err(Error::internal(READ))
    }
}

/// The terms of a field, in the order of the alphabet.
pub fn values(searcher: &Searcher, field: Field) -> Result<Vec<String>> {
    let mut values = BTreeSet::new();
    for_each_term(searcher, field, |value, _| {
        if !values.contains(value) {
            values.insert(value.to_owned());
        }
    })?;
    Ok(values.into_iter().collect())
}

fn for_each_term(searcher: &Searcher, field: Field, mut each: impl FnMut(&str, u64)) -> Result<()> {
    for segment in searcher.segment_readers() {
        let inverted = segment
            .inverted_index(field)
            .map_err(Error::internal(READ))?;
        let mut terms = inverted.terms().stream().map_err(Error::internal(READ))?;
        while let Some((term, info)) = terms.next() {
            if let Ok(term) = std::str::from_utf8(term) {
                each(term, u64::from(info.doc_freq));
            }
        }
    }
    Ok(())
}

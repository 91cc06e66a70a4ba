//! Reads the dictionaries of an index: its words, the forms of one word, the values of a field. It reads no postings.

use std::collections::BTreeSet;

use tantivy::Result;
use tantivy::schema::Field;

use super::view::View;
use fihrist_arabic::spelling::WordList;
use fihrist_arabic::{other_forms, surface_of};

impl View {
    /// Returns the folded words of all fields with their document frequencies. An article that holds a word in several
    /// fields or spellings counts once for each.
    pub fn words(&self) -> Result<WordList> {
        let mut words = WordList::default();
        for levels in &self.fields.levels {
            self.for_each_term(levels.form, |form, articles| {
                words.add(surface_of(form), articles)
            })?;
        }
        Ok(words)
    }

    /// Returns the stems of the body field with their document frequencies.
    pub fn stems(&self) -> Result<WordList> {
        let [_, body, _] = self.fields.levels;
        let mut stems = WordList::default();
        self.for_each_term(body.stem, |stem, articles| stems.add(stem, articles))?;
        stems.combine();
        Ok(stems)
    }

    /// Returns the folded word `surface` itself, and each form of it that any field holds.
    pub fn forms(&self, surface: &str) -> Result<Vec<String>> {
        let others = other_forms(surface);
        let mut forms = vec![surface.to_owned()];
        for segment in self.searcher.segment_readers() {
            for levels in &self.fields.levels {
                let dictionary = segment.inverted_index(levels.form)?;
                let range = dictionary.terms().range();
                let range = range.ge(others.start()).le(others.end());
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

    /// Returns the values of a field in alphabetical order.
    pub fn values(&self, field: Field) -> Result<Vec<String>> {
        let mut values = BTreeSet::new();
        self.for_each_term(field, |value, _| {
            if !values.contains(value) {
                values.insert(value.to_owned());
            }
        })?;
        Ok(values.into_iter().collect())
    }

    /// Calls `each` for every term of a field in every segment, with the term's document frequency
    /// in that segment. Terms of deleted articles are among them until a merge.
    pub fn for_each_term(&self, field: Field, mut each: impl FnMut(&str, u64)) -> Result<()> {
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while let Some((term, info)) = terms.next() {
                if let Ok(term) = std::str::from_utf8(term) {
                    each(term, u64::from(info.doc_freq));
                }
            }
        }
        Ok(())
    }
}

//! The terms of an index as lists: its words, the values of a field. It reads dictionaries and no postings.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use tantivy::Searcher;
use tantivy::schema::Field;

use super::schema::Fields;
use crate::analysis::surface_of;
use crate::error::{Error, Result};

const READ: &str = "read the words of the index";

/// The folded words of all fields, each with how many articles hold it; of an article that holds it in several fields or
/// spellings, more than one.
pub fn words(searcher: &Searcher, fields: &Fields) -> Result<Vec<(String, u64)>> {
    let mut articles: FxHashMap<Box<str>, u64> = FxHashMap::default();
    for levels in &fields.levels {
        for_each_term(searcher, levels.form, |form, count| match articles.get_mut(surface_of(form)) {
            Some(sum) => *sum += count,
            None => {
                articles.insert(surface_of(form).into(), count);
            }
        })?;
    }
    Ok(articles.into_iter().map(|(word, count)| (word.into_string(), count)).collect())
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
        let inverted = segment.inverted_index(field).map_err(Error::internal(READ))?;
        let mut terms = inverted.terms().stream().map_err(Error::internal(READ))?;
        while let Some((term, info)) = terms.next() {
            if let Ok(term) = std::str::from_utf8(term) {
                each(term, u64::from(info.doc_freq));
            }
        }
    }
    Ok(())
}

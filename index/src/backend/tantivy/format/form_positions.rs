//! Where the words of a document stand, at either level.
//!
//! A stem's postings have positions: the places of its words in the field, from 0. Those of a form tell less, and take
//! a tenth of the room: which of the occurrences of its stem in the document it is, from 0. Which stem that is follows from
//! the form. A word that has another stem than its form tells, as an abbreviation may, has its place plus [`ABSOLUTE`].

use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Term};

use super::schema::Levels;
use fihrist_arabic::Analyzer;

/// No field has so many words.
pub const ABSOLUTE: u32 = 1 << 30;

/// A term whose places are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionedTerm {
    /// The term.
    pub term: Term,
    /// Of a form, the stem by which its places are told.
    stem: Option<Term>,
}

impl PositionedTerm {
    /// A stem in a field.
    pub fn stem(levels: &Levels, stem: &str) -> Self {
        Self {
            term: Term::from_field_text(levels.stem, stem),
            stem: None,
        }
    }

    /// A form in a field; `analyzer` is the one that made the terms of the index.
    pub fn form(levels: &Levels, form: &str, analyzer: &Analyzer) -> Self {
        let stem = Term::from_field_text(levels.stem, &analyzer.stem_of_form(form));
        Self {
            term: Term::from_field_text(levels.form, form),
            stem: Some(stem),
        }
    }

    #[cfg(test)]
    pub const fn of(term: Term) -> Self {
        Self { term, stem: None }
    }
}

/// The documents of a term and its places in them.
pub struct FormPostings {
    postings: SegmentPostings,
    /// Of a form, those of its stem; `None` where the segment does not have the stem.
    stem: Option<SegmentPostings>,
    is_form: bool,
    numbers: Vec<u32>,
    of_stem: Vec<u32>,
}

impl FormPostings {
    /// Those of a segment; `None` if no document holds the term. Places are read if it is said now.
    pub fn open(
        reader: &SegmentReader,
        placed: &PositionedTerm,
        has_places: bool,
    ) -> tantivy::Result<Option<Self>> {
        let option = if has_places {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let postings = |term: &Term| -> tantivy::Result<Option<SegmentPostings>> {
            Ok(reader
                .inverted_index(term.field())?
                .read_postings(term, option)?)
        };
        let Some(of_term) = postings(&placed.term)? else {
            return Ok(None);
        };
        let is_form = placed.stem.is_some();
        let stem = placed
            .stem
            .as_ref()
            .filter(|_| has_places)
            .map(postings)
            .transpose()?
            .flatten();
        Ok(Some(Self {
            postings: of_term,
            stem,
            is_form,
            numbers: Vec::new(),
            of_stem: Vec::new(),
        }))
    }

    /// The present document.
    pub fn doc(&self) -> DocId {
        self.postings.doc()
    }

    /// Goes to the first document at `target` or after it.
    pub fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.postings.seek(target)
        } else {
            self.doc()
        }
    }

    /// How many documents there may be.
    pub fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }

    /// How often the present document holds the term.
    pub fn frequency(&self) -> u32 {
        self.postings.term_freq()
    }

    /// Adds the places in the present document, `offset` further on.
    pub fn append(&mut self, offset: u32, places: &mut Vec<u32>) {
        if !self.is_form {
            self.postings.append_positions_with_offset(offset, places);
            return;
        }
        self.numbers.clear();
        self.of_stem.clear();
        self.postings
            .append_positions_with_offset(0, &mut self.numbers);
        let doc = self.postings.doc();
        if let Some(stem) = &mut self.stem
            && (stem.doc() == doc || stem.doc() < doc && stem.seek(doc) == doc)
        {
            stem.append_positions_with_offset(0, &mut self.of_stem);
        }
        let place = |number: &u32| match number.checked_sub(ABSOLUTE) {
            Some(place) => Some(place),
            None => self.of_stem.get(*number as usize).copied(),
        };
        places.extend(
            self.numbers
                .iter()
                .filter_map(place)
                .map(|place| place + offset),
        );
    }
}

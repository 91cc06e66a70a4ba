//! Finds the positions of a stem or a form in a document. It does not write them;
//! [`segment`](super::segment) does.
//!
//! A stem's postings hold positions: the numbers of its words in the field, from 0. A form's
//! postings hold occurrence numbers instead. An occurrence number is the index of an occurrence
//! among all occurrences of the stem in the document, counted from 0. Occurrence numbers take a
//! tenth of the space of positions. The analyzer computes the stem from the form.
//!
//! The stem of a word in the text can differ from the stem that the analyzer computes from the form
//! alone. An example is an abbreviation. The form's posting then holds the position itself, plus
//! [`ABSOLUTE`].
//!
//! An example: three documents, and the terms `الوزير` and `وزير` with the stem `وزير`.
//!
//! | document | words | stored for the stem `وزير` | stored for the form `الوزير` | positions of the form |
//! |---|---|---|---|---|
//! | 0 | `الوزير` `قال` `وزير` `الوزير` | 0, 2, 3 | 0, 2 | 0, 3 |
//! | 1 | `قال` `الوزير` | 1 | 0 | 1 |
//! | 2 | `قال` `وزير` | 1 | | |
//!
//! In document 0, the form is occurrence 0 and occurrence 2 of its stem. Entries 0 and 2 of the
//! stem's positions are 0 and 3.

use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Result, Term};

use super::schema::Levels;
use crate::query::Level;
use fihrist_arabic::Analyzer;

/// The bit that marks a stored number as a position instead of an occurrence number. No field has
/// this many words, so neither number contains the bit itself.
pub const ABSOLUTE: u32 = 1 << 30;

/// A term whose positions a query needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionedTerm {
    /// The term.
    pub term: Term,
    /// The stem that a form's occurrence numbers refer to; `None` if the term is a stem.
    stem: Option<Term>,
}

impl PositionedTerm {
    /// Returns the term of a form or stem in a field. `analyzer` must be the one that made the terms
    /// of the index.
    pub fn new(levels: &Levels, level: Level, text: &str, analyzer: &Analyzer) -> Self {
        let stem = (level == Level::Exact).then(|| analyzer.stem_of_form(text));
        Self {
            term: Term::from_field_text(levels.at(level), text),
            stem: stem.map(|stem| Term::from_field_text(levels.stem, &stem)),
        }
    }

    #[cfg(test)]
    pub const fn of(term: Term) -> Self {
        Self { term, stem: None }
    }
}

/// The documents of a term in one segment, with the term's frequency and positions in each
/// document.
pub struct FormPostings {
    postings: SegmentPostings,
    /// The postings of a form's stem; `None` if the segment does not hold the stem.
    stem: Option<SegmentPostings>,
    is_form: bool,
    /// Buffers of [`append`](Self::append).
    stored: Vec<u32>,
    stem_positions: Vec<u32>,
}

impl FormPostings {
    /// Opens the postings of a term; `None` if no document of the segment holds it. `has_positions`
    /// says whether positions can be read later.
    pub fn open(
        reader: &SegmentReader,
        term: &PositionedTerm,
        has_positions: bool,
    ) -> Result<Option<Self>> {
        let option = if has_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let open = |term: &Term| -> Result<Option<SegmentPostings>> {
            let index = reader.inverted_index(term.field())?;
            Ok(index.read_postings(term, option)?)
        };
        let Some(postings) = open(&term.term)? else {
            return Ok(None);
        };
        let stem = match &term.stem {
            Some(stem) if has_positions => open(stem)?,
            Some(_) | None => None,
        };
        Ok(Some(Self {
            postings,
            stem,
            is_form: term.stem.is_some(),
            stored: Vec::new(),
            stem_positions: Vec::new(),
        }))
    }

    /// Returns the current document.
    pub fn doc(&self) -> DocId {
        self.postings.doc()
    }

    /// Moves to the first document at or after `target`, and returns it.
    pub fn seek(&mut self, target: DocId) -> DocId {
        seek(&mut self.postings, target)
    }

    /// Returns an upper bound of the number of documents that hold the term.
    pub fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }

    /// Returns how often the current document holds the term.
    pub fn frequency(&self) -> u32 {
        self.postings.term_freq()
    }

    /// Appends the term's positions in the current document to `positions`, each increased by
    /// `offset`.
    pub fn append(&mut self, offset: u32, positions: &mut Vec<u32>) {
        if !self.is_form {
            self.postings
                .append_positions_with_offset(offset, positions);
            return;
        }
        self.stored.clear();
        self.postings
            .append_positions_with_offset(0, &mut self.stored);
        let doc = self.doc();
        self.stem_positions.clear();
        if let Some(stem) = &mut self.stem
            && seek(stem, doc) == doc
        {
            stem.append_positions_with_offset(0, &mut self.stem_positions);
        }
        for stored in &self.stored {
            let position = match stored.checked_sub(ABSOLUTE) {
                Some(position) => Some(position),
                None => self.stem_positions.get(*stored as usize).copied(),
            };
            positions.extend(position.map(|position| position + offset));
        }
    }
}

/// Moves postings to the first document at or after `target`, and returns it.
fn seek(postings: &mut SegmentPostings, target: DocId) -> DocId {
    if postings.doc() < target {
        postings.seek(target)
    } else {
        postings.doc()
    }
}

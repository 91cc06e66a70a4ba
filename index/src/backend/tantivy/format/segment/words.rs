//! Holds the words of a segment in the making, as the numbers of their terms. It writes no file.

use tantivy::TantivyDocument;

use super::terms::TermTable;
use crate::backend::tantivy::format::form_positions::ABSOLUTE;
use crate::document::WordLevels;
use fihrist_arabic::Analyzer;

/// Numbers the terms of a segment: forms and stems separately, the same for all fields.
#[derive(Default)]
pub struct TermNumbers {
    pub forms: TermTable,
    pub stems: TermTable,
    /// For each form, the number of the stem that the analyzer computes from it.
    stems_of_forms: Vec<u32>,
    /// Form and stem of each common word that has occurred.
    common: Vec<Option<(u32, u32)>>,
}

impl TermNumbers {
    /// Returns the numbers of a word's form and stem.
    pub fn of(&mut self, word: WordLevels<'_>, analyzer: &Analyzer) -> (u32, u32) {
        let Some(number) = word.common_number().map(usize::from) else {
            return self.look_up(word, analyzer);
        };
        if let Some(Some(known)) = self.common.get(number) {
            return *known;
        }
        let numbers = self.look_up(word, analyzer);
        if number >= self.common.len() {
            self.common.resize(number + 1, None);
        }
        self.common[number] = Some(numbers);
        numbers
    }

    fn look_up(&mut self, word: WordLevels<'_>, analyzer: &Analyzer) -> (u32, u32) {
        let form = word.form();
        let (form_number, is_new) = self.forms.number(form);
        if is_new {
            let (stem, _) = self.stems.number(&analyzer.stem_of_form(form));
            self.stems_of_forms.push(stem);
        }
        let (stem_number, _) = self.stems.number(word.stem());
        (form_number, stem_number)
    }

    /// Sorts the forms and the stems.
    pub fn sort(&mut self) {
        let Self { forms, stems, .. } = self;
        std::thread::scope(|scope| {
            scope.spawn(|| forms.sort());
            stems.sort();
        });
    }

    /// Returns, for each word, the number that a posting of its form stores: an occurrence number,
    /// or a position plus [`ABSOLUTE`]. The module [`form_positions`](super::super::form_positions)
    /// explains both.
    pub fn form_positions(&self, words: &FieldWords) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(words.forms.len());
        // For each stem, the last document that held it, and how often it has occurred there.
        let mut seen = vec![(u32::MAX, 0); self.stems.len()];
        let mut levels = words.forms.iter().zip(&words.stems);
        for (document, length) in (0..).zip(words.lengths()) {
            for (position, (form, stem)) in (0..).zip(levels.by_ref().take(length as usize)) {
                let (last, occurrences) = &mut seen[*stem as usize];
                if *last != document {
                    *last = document;
                    *occurrences = 0;
                }
                numbers.push(if self.stems_of_forms[*form as usize] == *stem {
                    *occurrences
                } else {
                    ABSOLUTE + position
                });
                *occurrences += 1;
            }
        }
        numbers
    }
}

/// The words of one field in all documents, in reading order, document after document.
#[derive(Default)]
pub struct FieldWords {
    /// The number of each word's form.
    pub forms: Vec<u32>,
    /// The number of each word's stem.
    pub stems: Vec<u32>,
    /// The end of each document's words.
    pub ends: Vec<u32>,
}

impl FieldWords {
    /// Adds a word to the document that is being added.
    pub fn push(&mut self, (form, stem): (u32, u32)) {
        self.forms.push(form);
        self.stems.push(stem);
    }

    /// Ends the document that is being added.
    pub fn end_document(&mut self) {
        self.ends.push(self.forms.len() as u32);
    }

    /// Returns how many words each document has.
    pub fn lengths(&self) -> impl Iterator<Item = u32> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| end - start)
    }

    /// Removes the words of documents that were removed.
    pub fn retain(&mut self, documents: &[Option<TantivyDocument>]) {
        if documents.iter().all(Option::is_some) {
            return;
        }
        let ends = std::mem::take(&mut self.ends);
        let mut start = 0;
        let mut kept = 0;
        for (document, end) in documents.iter().zip(ends) {
            let words = start..end as usize;
            start = words.end;
            if document.is_some() {
                self.forms.copy_within(words.clone(), kept);
                self.stems.copy_within(words.clone(), kept);
                kept += words.len();
                self.ends.push(kept as u32);
            }
        }
        self.forms.truncate(kept);
        self.stems.truncate(kept);
    }
}

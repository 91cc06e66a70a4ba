//! Builds a segment: takes analysed articles, and writes the files of a Tantivy segment with
//! Tantivy's serializers. It neither adds the segment to the index nor deletes anything.
//!
//! The result is what Tantivy's own indexing would write, except for the [positions of
//! forms](super::form_positions). Tantivy looks up each word in a table of growing lists. Here,
//! terms are numbered and the words are [sorted by counting](term_lists). On news articles, this
//! takes a third of the time.

mod documents;
mod files;
mod term_lists;
mod terms;
mod words;

use std::cmp::Reverse;

use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexWriter, Result, TantivyDocument};

use super::schema::Fields;
use crate::document::AnalyzedArticle;
use crate::parallel::{Task, run_tasks};
use crate::query::Level;
use documents::{values, write_fast_fields, write_norms, write_store};
use fihrist_arabic::Analyzer;
use files::{FieldFiles, Serializer, write_inverted};
use term_lists::TermLists;
use words::{FieldWords, TermNumbers};

/// The articles of a segment in the making.
pub struct SegmentBuilder {
    fields: Fields,
    analyzer: Analyzer,
    numbers: TermNumbers,
    /// The words of each searched field, in the order of [`Fields::levels`].
    words: [FieldWords; 3],
    /// `None` for an article that was removed.
    documents: Vec<Option<TantivyDocument>>,
}

impl SegmentBuilder {
    /// Returns a builder without articles. `analyzer` must be the one that makes the terms of the
    /// articles.
    pub fn new(fields: Fields, analyzer: Analyzer) -> Self {
        Self {
            fields,
            analyzer,
            numbers: TermNumbers::default(),
            words: Default::default(),
            documents: Vec::new(),
        }
    }

    /// Returns the total number of words in all fields of the articles that were added, counting
    /// every occurrence. Words of removed articles count, too.
    pub fn word_count(&self) -> usize {
        self.words.iter().map(|words| words.forms.len()).sum()
    }

    /// Adds an article with its document, and returns the article's number in the segment.
    pub fn add(&mut self, article: &AnalyzedArticle<'_>, document: TantivyDocument) -> usize {
        for (words, terms) in self.words.iter_mut().zip(&article.fields) {
            for word in terms.words() {
                words.push(self.numbers.of(word, &self.analyzer));
            }
            words.end_document();
        }
        self.documents.push(Some(document));
        self.documents.len() - 1
    }

    /// Removes the article with this number. The numbers of the others stay.
    pub fn remove(&mut self, number: usize) {
        if let Some(document) = self.documents.get_mut(number) {
            *document = None;
        }
    }

    /// Writes the files of the segment; returns `None` if it has no articles.
    pub fn write(mut self, writer: &IndexWriter) -> Result<Option<SegmentMeta>> {
        for words in &mut self.words {
            words.retain(&self.documents);
        }
        let documents = std::mem::take(&mut self.documents);
        let documents: Vec<TantivyDocument> = documents.into_iter().flatten().collect();
        if documents.is_empty() {
            return Ok(None);
        }
        let segment = writer.new_segment();
        // Tantivy expects a temporary file for sorting documents, until this call says that there
        // is none.
        segment.meta().untrack_temp_docstore();
        write_norms(&segment, &self.fields, &self.words, &documents)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        self.numbers.sort();
        // The longest jobs come first, so that no thread has a long job left when the others are
        // done.
        let mut by_size = [0, 1, 2];
        by_size.sort_unstable_by_key(|field| Reverse(self.words[*field].forms.len()));
        let mut jobs: Vec<Task<'_, Result<Vec<FieldFiles>>>> = Vec::new();
        let (this, norms) = (&self, &norms);
        for field in by_size {
            jobs.push(Box::new(move || this.files(field, Level::Exact, norms)));
        }
        jobs.push(Box::new(|| {
            write_store(&segment, &documents).map(|()| Vec::new())
        }));
        for field in by_size {
            jobs.push(Box::new(move || this.files(field, Level::Stem, norms)));
        }
        jobs.push(Box::new(|| {
            write_fast_fields(&segment, &documents).map(|()| Vec::new())
        }));
        jobs.push(Box::new(|| values(&this.fields, &documents, norms)));
        let mut fields = Vec::new();
        for files in run_tasks(jobs) {
            fields.extend(files?);
        }
        fields.sort_unstable_by_key(|field| field.field);
        write_inverted(&segment, &fields)?;
        let segment = segment.with_max_doc(documents.len() as u32);
        Ok(Some(segment.meta().clone()))
    }

    /// Serializes one level of a searched field.
    fn files(
        &self,
        field: usize,
        level: Level,
        norms: &FieldNormReaders,
    ) -> Result<Vec<FieldFiles>> {
        let words = &self.words[field];
        let (terms, lists) = match level {
            Level::Exact => {
                let terms = &self.numbers.forms;
                let positions = self.numbers.form_positions(words).into_iter();
                let lists = TermLists::new(&words.forms, terms.len(), &words.ends, positions);
                (terms, lists)
            }
            Level::Stem => {
                let terms = &self.numbers.stems;
                let positions = words.lengths().flat_map(|length| 0..length);
                let lists = TermLists::new(&words.stems, terms.len(), &words.ends, positions);
                (terms, lists)
            }
        };
        let field = self.fields.levels[field].at(level);
        let (option, count) = (
            IndexRecordOption::WithFreqsAndPositions,
            words.forms.len() as u64,
        );
        let write = |out: &mut Serializer<'_>| lists.write(terms, out);
        Ok(vec![FieldFiles::new(field, option, count, norms, write)?])
    }
}

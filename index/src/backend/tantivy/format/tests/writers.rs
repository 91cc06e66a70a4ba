//! Writes the same articles twice: with our segment writer, and with Tantivy's own indexing.
//! Tantivy's documents hold the terms as pre-tokenized text, so that it records the position of
//! every form.

use std::sync::Arc;

use fihrist_arabic::Analyzer;
use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, Searcher, SegmentReader, TantivyDocument, Term};

use crate::backend::tantivy::format::document::{TextEncoding, to_document};
use crate::backend::tantivy::format::schema::{Fields, schema, settings};
use crate::backend::tantivy::format::segment::SegmentBuilder;
use crate::document::{AnalyzedArticle, Article, content_hash};

/// More than the samples need, so that Tantivy writes one segment for each commit.
const MEMORY_BYTES: usize = 100 << 20;

/// What happens to an article.
#[derive(Debug, Clone)]
pub struct Draft {
    pub article: Article,
    /// Removed from our segment before it is written; never given to Tantivy.
    pub is_removed: bool,
    /// Deleted after the commit.
    pub is_deleted: bool,
}

/// An index, with its segments in the order in which they were written.
pub struct TestIndex {
    index: Index,
    writer: IndexWriter,
    segments: Vec<SegmentId>,
}

impl TestIndex {
    /// Writes each batch as one segment, with our segment writer.
    pub fn ours(batches: &[Vec<Draft>], analyzer: &Analyzer) -> Self {
        let mut index = Self::empty();
        let (_, fields) = schema();
        for batch in batches {
            let mut builder = SegmentBuilder::new(fields, analyzer.clone());
            for draft in batch {
                let analyzed = analyzed(&draft.article, analyzer);
                let number = builder.add(&analyzed, document(&analyzed, analyzer));
                if draft.is_removed {
                    builder.remove(number);
                }
            }
            let segment = builder.write(&index.writer).expect("a segment");
            if let Some(segment) = segment {
                index.writer.add_segment(segment).expect("added");
            }
            index.commit();
        }
        index
    }

    /// Writes each batch as one segment, with Tantivy's indexing.
    pub fn theirs(batches: &[Vec<Draft>], analyzer: &Analyzer) -> Self {
        let mut index = Self::empty();
        let (_, fields) = schema();
        for batch in batches {
            for draft in batch.iter().filter(|draft| !draft.is_removed) {
                let analyzed = analyzed(&draft.article, analyzer);
                let mut document = document(&analyzed, analyzer);
                for (levels, terms) in fields.levels.iter().zip(&analyzed.fields) {
                    add_terms(&mut document, levels.form, terms.forms());
                    add_terms(&mut document, levels.stem, terms.stems());
                }
                index.writer.add_document(document).expect("added");
            }
            index.commit();
        }
        index
    }

    fn empty() -> Self {
        let (index, writer) = empty_index();
        Self {
            index,
            writer,
            segments: Vec::new(),
        }
    }

    fn commit(&mut self) {
        self.writer.commit().expect("committed");
        let mut ids = self.index.searchable_segment_ids().expect("segments");
        ids.retain(|id| !self.segments.contains(id));
        assert!(ids.len() <= 1, "a commit adds one segment at most");
        self.segments.extend(ids);
    }

    /// Deletes articles by their ids.
    pub fn delete(&mut self, batches: &[Vec<Draft>]) {
        let (_, Fields { id, .. }) = schema();
        for draft in batches.iter().flatten().filter(|draft| draft.is_deleted) {
            let term = Term::from_field_text(id, draft.article.id.as_str());
            self.writer.delete_term(term);
        }
        self.writer.commit().expect("committed");
    }

    /// Merges all segments into one.
    pub fn merge(&mut self) {
        // A segment without documents is dropped by the commit.
        let present = self.index.searchable_segment_ids().expect("segments");
        self.segments.retain(|id| present.contains(id));
        if self.segments.is_empty() {
            return;
        }
        let merged = self.writer.merge(&self.segments).wait().expect("merged");
        self.segments = merged.iter().map(|segment| segment.id()).collect();
    }

    /// Returns a searcher of the last commit.
    pub fn searcher(&self) -> Searcher {
        self.index.reader().expect("a reader").searcher()
    }

    /// Returns the segments of a searcher, in the order in which they were written.
    pub fn in_order<'a>(&self, searcher: &'a Searcher) -> Vec<&'a SegmentReader> {
        let readers = searcher.segment_readers();
        let find = |id: &SegmentId| readers.iter().find(|reader| reader.segment_id() == *id);
        let found: Vec<&SegmentReader> = self.segments.iter().filter_map(find).collect();
        assert_eq!(found.len(), readers.len(), "every segment is known");
        found
    }
}

/// Returns an index in memory whose segments are not merged, and its writer.
pub fn empty_index() -> (Index, IndexWriter) {
    let (schema, _) = schema();
    let builder = Index::builder().schema(schema).settings(settings());
    let index = builder.create_in_ram().expect("an index");
    let writer: IndexWriter = index
        .writer_with_num_threads(1, MEMORY_BYTES)
        .expect("a writer");
    writer.set_merge_policy(Box::new(NoMergePolicy));
    (index, writer)
}

/// Returns how the texts of all these articles are encoded.
pub fn encoding(analyzer: &Analyzer) -> TextEncoding {
    TextEncoding::Words(Arc::clone(analyzer.common_words()))
}

/// Analyses an article.
pub fn analyzed<'a>(article: &'a Article, analyzer: &'a Analyzer) -> AnalyzedArticle<'a> {
    AnalyzedArticle::new(article, content_hash(article), analyzer)
}

/// Returns the document of an analysed article.
pub fn document(analyzed: &AnalyzedArticle<'_>, analyzer: &Analyzer) -> TantivyDocument {
    let (_, fields) = schema();
    to_document(analyzed, &fields, analyzer.common_words()).expect("a document")
}

/// Adds terms to a document, each at the position after the one before it.
fn add_terms<'a>(
    document: &mut TantivyDocument,
    field: Field,
    terms: impl Iterator<Item = &'a str>,
) {
    let token = |(position, term): (usize, &str)| Token {
        position,
        text: term.to_owned(),
        ..Token::default()
    };
    let tokens: Vec<Token> = terms.enumerate().map(token).collect();
    if !tokens.is_empty() {
        let text = String::new();
        document.add_pre_tokenized_text(field, PreTokenizedString { text, tokens });
    }
}

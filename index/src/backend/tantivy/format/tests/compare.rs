//! Compares two segments: what a reader sees in them, and the bytes of their files. In our segment,
//! the positions of forms are computed from their stems; in Tantivy's, they are read as they are.

use std::collections::BTreeMap;

use fihrist_arabic::Analyzer;
use tantivy::directory::CompositeFile;
use tantivy::index::SegmentComponent;
use tantivy::postings::Postings;
use tantivy::schema::{Document, Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyDocument, Term};

use super::writers::encoding;
use crate::backend::tantivy::format::document::{EncodedArticle, StoredFields};
use crate::backend::tantivy::format::form_positions::{ABSOLUTE, FormPostings, PositionedTerm};
use crate::backend::tantivy::format::schema::{Fields, SIGNATURE, schema};
use crate::document::Article;
use crate::query::Level;

/// One document of a term: its number, the term's frequency in it, and the term's positions in it.
type Posting = (DocId, u32, Vec<u32>);

/// A term of a field: the term, its document frequency, and its documents.
type TermEntry = (String, u32, Vec<Posting>);

/// Compares all that two segments hold. `articles` are the articles of the segments and more, by
/// their ids.
pub fn compare(
    ours: &SegmentReader,
    theirs: &SegmentReader,
    articles: &BTreeMap<&str, &Article>,
    analyzer: &Analyzer,
) {
    let (_, fields) = schema();
    assert_eq!(ours.max_doc(), theirs.max_doc());
    for doc in 0..ours.max_doc() {
        assert_eq!(ours.is_deleted(doc), theirs.is_deleted(doc), "{doc}");
    }
    for field in value_fields(&fields) {
        let read = |reader: &SegmentReader| {
            entries(reader, field, |term| {
                read(reader, term, IndexRecordOption::Basic)
            })
        };
        assert_eq!(read(ours), read(theirs), "{field:?}");
    }
    for levels in &fields.levels {
        let stems = entries(ours, levels.stem, |term| {
            computed(
                ours,
                &PositionedTerm::new(levels, Level::Stem, text(term), analyzer),
            )
        });
        assert_eq!(stems, plain_entries(theirs, levels.stem), "{levels:?}");
        let forms = entries(ours, levels.form, |term| {
            computed(
                ours,
                &PositionedTerm::new(levels, Level::Exact, text(term), analyzer),
            )
        });
        assert_eq!(forms, plain_entries(theirs, levels.form), "{levels:?}");
    }
    for field in indexed_fields(&fields) {
        assert_eq!(norms(ours, field), norms(theirs, field), "{field:?}");
        assert_eq!(token_count(ours, field), token_count(theirs, field));
    }
    assert_eq!(fast_values(ours), fast_values(theirs));
    compare_stored(ours, theirs, articles, analyzer);
    compare_bytes(ours, theirs, &fields);
}

/// Returns how many numbers in our postings of forms are positions, not occurrences.
pub fn count_absolute(ours: &SegmentReader) -> usize {
    let (_, fields) = schema();
    let mut count = 0;
    for levels in &fields.levels {
        for (_, _, postings) in plain_entries(ours, levels.form) {
            let stored = postings.iter().flat_map(|(_, _, stored)| stored);
            count += stored.filter(|stored| **stored >= ABSOLUTE).count();
        }
    }
    count
}

/// Reads the terms of a field with the postings that `read` returns.
fn entries(
    reader: &SegmentReader,
    field: Field,
    mut read: impl FnMut(&Term) -> Vec<Posting>,
) -> Vec<TermEntry> {
    let index = reader.inverted_index(field).expect("an inverted index");
    let mut stream = index.terms().stream().expect("the terms");
    let mut entries = Vec::new();
    while let Some((key, info)) = stream.next() {
        let text = std::str::from_utf8(key).expect("UTF-8");
        let term = Term::from_field_text(field, text);
        entries.push((text.to_owned(), info.doc_freq, read(&term)));
    }
    entries
}

fn plain_entries(reader: &SegmentReader, field: Field) -> Vec<TermEntry> {
    let option = IndexRecordOption::WithFreqsAndPositions;
    entries(reader, field, |term| read(reader, term, option))
}

fn text(term: &Term) -> &str {
    std::str::from_utf8(term.serialized_value_bytes()).expect("UTF-8")
}

/// Reads the postings of a term as Tantivy reads them.
fn read(reader: &SegmentReader, term: &Term, option: IndexRecordOption) -> Vec<Posting> {
    let index = reader.inverted_index(term.field()).expect("an index");
    let postings = index.read_postings(term, option).expect("readable");
    let mut postings = postings.expect("a term of the dictionary");
    let mut found = Vec::new();
    while postings.doc() != TERMINATED {
        let mut positions = Vec::new();
        if option.has_positions() {
            postings.append_positions_with_offset(0, &mut positions);
        }
        found.push((postings.doc(), postings.term_freq(), positions));
        postings.advance();
    }
    found
}

/// Reads the postings of a term with positions as our queries read them. Reading every third
/// document must give the same.
fn computed(reader: &SegmentReader, term: &PositionedTerm) -> Vec<Posting> {
    let open = || {
        let postings = FormPostings::open(reader, term, true).expect("readable");
        postings.expect("a term of the dictionary")
    };
    let mut all = Vec::new();
    let mut postings = open();
    while postings.doc() != TERMINATED {
        all.push(posting(&mut postings));
        postings.seek(postings.doc() + 1);
    }
    let mut postings = open();
    for expected in all.iter().step_by(3) {
        postings.seek(expected.0);
        assert_eq!(posting(&mut postings), *expected, "{term:?}");
    }
    all
}

fn posting(postings: &mut FormPostings) -> Posting {
    let mut positions = Vec::new();
    postings.append(0, &mut positions);
    positions.sort_unstable();
    (postings.doc(), postings.frequency(), positions)
}

fn norms(reader: &SegmentReader, field: Field) -> Vec<u8> {
    let norms = reader.get_fieldnorms_reader(field).expect("field norms");
    let documents = 0..reader.max_doc();
    documents.map(|doc| norms.fieldnorm_id(doc)).collect()
}

fn token_count(reader: &SegmentReader, field: Field) -> u64 {
    let index = reader.inverted_index(field).expect("an index");
    index.total_num_tokens()
}

/// Reads the fast fields of each document.
fn fast_values(reader: &SegmentReader) -> Vec<Vec<String>> {
    let fast = reader.fast_fields();
    let hashes = fast.u64("content_hash").expect("a column");
    let dates = fast.i64("published").expect("a column");
    let signatures = fast.bytes(SIGNATURE).expect("readable");
    let mut documents = Vec::new();
    for doc in 0..reader.max_doc() {
        let mut values = Vec::new();
        values.extend(hashes.values_for_doc(doc).map(|value| value.to_string()));
        values.extend(dates.values_for_doc(doc).map(|value| value.to_string()));
        if let Some(signatures) = &signatures {
            for ord in signatures.term_ords(doc) {
                let mut bytes = Vec::new();
                signatures.ord_to_bytes(ord, &mut bytes).expect("a value");
                values.push(hex::encode(bytes));
            }
        }
        for name in ["source", "section", "author"] {
            let Some(column) = fast.str(name).expect("readable") else {
                continue;
            };
            for ord in column.term_ords(doc) {
                let mut value = format!("{name} ");
                column.ord_to_str(ord, &mut value).expect("a value");
                values.push(value);
            }
        }
        documents.push(values);
    }
    documents
}

/// Compares the stored documents with each other and with the articles that they were made of.
fn compare_stored(
    ours: &SegmentReader,
    theirs: &SegmentReader,
    articles: &BTreeMap<&str, &Article>,
    analyzer: &Analyzer,
) {
    let (schema, fields) = schema();
    let store_of = |reader: &SegmentReader| reader.get_store_reader(2).expect("a store");
    let (our_store, their_store) = (store_of(ours), store_of(theirs));
    let mut ids = vec![String::new(); ours.max_doc() as usize];
    for (id, _, postings) in entries(ours, fields.id, |term| {
        read(ours, term, IndexRecordOption::Basic)
    }) {
        for (doc, ..) in postings {
            ids[doc as usize].clone_from(&id);
        }
    }
    for doc in ours.doc_ids_alive() {
        let stored: TantivyDocument = our_store.get(doc).expect("a document");
        let their: TantivyDocument = their_store.get(doc).expect("a document");
        assert_eq!(stored.to_json(&schema), their.to_json(&schema));
        let encoded = EncodedArticle::of(&stored, StoredFields::of(&fields)).expect("an article");
        let article = encoded.decode(&encoding(analyzer)).expect("a text").article;
        assert_eq!(article, *articles[ids[doc as usize].as_str()]);
    }
}

/// Compares the files, except what differs on purpose: the positions of forms, and the place of
/// these in the term dictionary. Tantivy leaves out fields without terms.
fn compare_bytes(ours: &SegmentReader, theirs: &SegmentReader, fields: &Fields) {
    let open = |reader: &SegmentReader, component| reader.open_read(component).expect("a file");
    for component in [SegmentComponent::FastFields, SegmentComponent::Store] {
        let read = |reader| open(reader, component.clone()).read_bytes().expect("bytes");
        assert_eq!(*read(ours), *read(theirs), "{component:?}");
    }
    let components = [
        SegmentComponent::Postings,
        SegmentComponent::FieldNorms,
        SegmentComponent::Terms,
        SegmentComponent::Positions,
    ];
    for component in components {
        let file = |reader| CompositeFile::open(&open(reader, component.clone())).expect("fields");
        let (our_file, their_file) = (file(ours), file(theirs));
        for field in indexed_fields(fields) {
            let is_form = fields.levels.iter().any(|levels| levels.form == field);
            let differs = match component {
                SegmentComponent::Terms | SegmentComponent::Positions => is_form,
                _ => false,
            };
            let Some(their_bytes) = their_file.open_read(field).filter(|_| !differs) else {
                continue;
            };
            let our_bytes = our_file.open_read(field).expect("every field");
            let our_bytes = our_bytes.read_bytes().expect("bytes");
            let their_bytes = their_bytes.read_bytes().expect("bytes");
            assert_eq!(*our_bytes, *their_bytes, "{component:?} {field:?}");
        }
    }
}

fn value_fields(fields: &Fields) -> [Field; 4] {
    [fields.id, fields.source, fields.section, fields.author]
}

fn indexed_fields(fields: &Fields) -> Vec<Field> {
    let mut all = Vec::from(value_fields(fields));
    for levels in &fields.levels {
        all.extend([levels.form, levels.stem]);
    }
    all
}

//! What Tantivy deletes from ready-made segments, with and without a scope. If the second test
//! fails, scopes may no longer be needed.

use tantivy::{Index, IndexWriter, Term};

use super::ANALYZER;
use super::articles::draft;
use super::writers::{analyzed, document, empty_index};
use crate::backend::tantivy::format::schema::schema;
use crate::backend::tantivy::format::scoped_delete::UncommittedSegments;
use crate::backend::tantivy::format::segment::SegmentBuilder;

/// Commits an article, calls `delete` for it, commits a new copy of it, and returns the number of
/// articles.
fn replaced(delete: impl FnOnce(&UncommittedSegments, &IndexWriter, Term)) -> u64 {
    let (index, mut writer): (Index, IndexWriter) = empty_index();
    let (_, fields) = schema();
    let segments = UncommittedSegments::default();
    let article = draft(0, "", "خبر").article;
    let add = |writer: &IndexWriter| {
        let mut builder = SegmentBuilder::new(fields, ANALYZER.clone());
        let analyzed = analyzed(&article, &ANALYZER);
        builder.add(&analyzed, document(&analyzed, &ANALYZER));
        let segment = builder.write(writer).expect("written").expect("a segment");
        segments.add(writer, segment).expect("added");
    };
    add(&writer);
    writer.commit().expect("committed");
    segments.clear();
    let id = Term::from_field_text(fields.id, article.id.as_str());
    delete(&segments, &writer, id);
    add(&writer);
    writer.commit().expect("committed");
    index.reader().expect("a reader").searcher().num_docs()
}

#[test]
fn a_scoped_delete_spares_the_segments_that_come_later() {
    let left = replaced(|segments, writer, id| segments.delete(writer, id).expect("deleted"));
    assert_eq!(left, 1);
}

#[test]
fn tantivys_own_delete_also_removes_from_segments_that_come_later() {
    let left = replaced(|_, writer, id| {
        writer.delete_term(id);
    });
    assert_eq!(left, 0);
}

//! The differential test of the segment writer: the same articles, written by us and by Tantivy,
//! give the same segments. They do so when they are written, after some are deleted, and after
//! Tantivy has merged the segments.
//!
//! Run this after each upgrade of Tantivy. It fails when Tantivy writes or reads anything
//! differently from what [`format`](super) relies on.

mod articles;
mod compare;
mod deletes;
mod writers;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fihrist_arabic::{Analyzer, Model};
use proptest::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::schema::schema;
use articles::{any_batches, draft, samples};
use compare::{compare, count_absolute};
use writers::{Draft, TestIndex};

/// Writes batches of articles both ways and compares all segments. Returns how many stored numbers
/// of forms are positions.
fn check(batches: &[Vec<Draft>], analyzer: &Analyzer) -> usize {
    let mut ours = TestIndex::ours(batches, analyzer);
    let mut theirs = TestIndex::theirs(batches, analyzer);
    let articles = batches.iter().flatten().map(|draft| &draft.article);
    let articles: BTreeMap<_, _> = articles
        .map(|article| (article.id.as_str(), article))
        .collect();
    let compare_all = |ours: &TestIndex, theirs: &TestIndex| {
        let (our_searcher, their_searcher) = (ours.searcher(), theirs.searcher());
        let our_segments = ours.in_order(&our_searcher);
        let their_segments = theirs.in_order(&their_searcher);
        assert_eq!(our_segments.len(), their_segments.len());
        let mut absolute = 0;
        for (ours, theirs) in our_segments.into_iter().zip(their_segments) {
            compare(ours, theirs, &articles, analyzer);
            absolute += count_absolute(ours);
        }
        absolute
    };
    let absolute = compare_all(&ours, &theirs);
    ours.delete(batches);
    theirs.delete(batches);
    compare_all(&ours, &theirs);
    ours.merge();
    theirs.merge();
    compare_all(&ours, &theirs);
    compare_scores(&ours.searcher(), &theirs.searcher());
    absolute
}

/// Compares the best documents of the most frequent stems: Tantivy skips blocks by the highest
/// score in them.
fn compare_scores(ours: &Searcher, theirs: &Searcher) {
    let (_, fields) = schema();
    for levels in &fields.levels {
        let mut terms: Vec<(u32, Term)> = Vec::new();
        for segment in theirs.segment_readers() {
            let index = segment.inverted_index(levels.stem).expect("an index");
            let mut stream = index.terms().stream().expect("the terms");
            while let Some((key, info)) = stream.next() {
                let stem = std::str::from_utf8(key).expect("UTF-8");
                terms.push((info.doc_freq, Term::from_field_text(levels.stem, stem)));
            }
        }
        terms.sort_unstable();
        for (_, term) in terms.into_iter().rev().take(30) {
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            let best = |searcher: &Searcher| {
                let top = TopDocs::with_limit(5).order_by_score();
                searcher.search(&query, &top).expect("an answer")
            };
            assert_eq!(best(ours), best(theirs), "{query:?}");
        }
    }
}

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| {
    let analyzer = Analyzer::new(Model::base());
    // Gives the common words their numbers at once.
    analyzer.warm();
    analyzer
});

/// The samples are written several times, so that frequent terms fill more than one block of 128
/// documents.
#[test]
fn samples_are_written_as_tantivy_writes_them() {
    let batches = [samples(0..4), samples(4..6)];
    check(&batches, &ANALYZER);
}

#[test]
fn a_word_with_another_stem_than_its_form_keeps_its_position() {
    let articles = ["الكتاب ا.ل.ك.ت.ا.ب وكتابه الكتاب", "قالت أ.ف.ب", ""];
    let drafts = (0..).zip(articles).map(|(id, body)| draft(id, "", body));
    let absolute = check(&[drafts.collect()], &ANALYZER);
    assert!(absolute > 0, "no number is a position");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_articles_are_written_as_tantivy_writes_them(batches in any_batches()) {
        check(&batches, &ANALYZER);
    }
}

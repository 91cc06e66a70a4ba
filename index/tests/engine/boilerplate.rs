//! Boilerplate: lines that recur in the articles of one source become furniture in the first job,
//! or in the next rebuild.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};
use fihrist_index::search::SearchRequest;
use fihrist_index::{ArticleId, Index, IndexWriter, rebuild};
use tempfile::TempDir;

const INVITATION: &str = "حمّلوا تطبيق المنارة على هواتفكم";

/// Returns articles of one source as JSON lines; each ends with the same invitation.
fn articles(numbers: std::ops::Range<usize>) -> String {
    let mut lines = String::new();
    for number in numbers {
        // Writing to a string cannot fail.
        let _ = writeln!(
            lines,
            r#"{{"id": "{number}", "title": "خبر {number}", "body": "بلغ السعر في سوق التمر {number} دينارا بعد أسبوع من المطر، وقال التجار إن الموسم هذا العام أطول من كل موسم.\n{INVITATION}", "source": "المنارة"}}"#
        );
    }
    lines
}

fn run(data: &Path, input: &str) -> IngestReport {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("articles.jsonl");
    fs::write(&path, input).expect("written");
    let mut writer = IndexWriter::open(data).expect("a writer");
    let report = IngestJob::new(vec![Input::Path(path)])
        .run(&mut writer, &NoProgress)
        .expect("a report");
    writer.finish().expect("finished");
    report
}

fn total(data: &Path, query: &str) -> u64 {
    let request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    Index::open(data)
        .and_then(|index| index.search(&request))
        .expect("an answer")
        .total
}

fn kinds(data: &Path, id: &str) -> Vec<&'static str> {
    let index = Index::open(data).expect("an index");
    let article = index
        .article(&ArticleId::new(id).expect("an id"))
        .expect("an answer")
        .expect("an article");
    article
        .segments
        .iter()
        .map(|segment| segment.kind.name())
        .collect()
}

fn model_hash(data: &Path) -> String {
    Index::open(data)
        .and_then(|index| index.stats())
        .expect("figures")
        .model_hash
}

#[test]
fn a_new_index_does_not_search_boilerplate() {
    let data = TempDir::new().expect("a folder");
    run(data.path(), &articles(0..12));
    assert_eq!(
        (total(data.path(), "تطبيق"), total(data.path(), "دينارا")),
        (0, 12)
    );
    assert_eq!(kinds(data.path(), "3"), ["title", "body", "furniture"]);
    let again = run(data.path(), &articles(0..14));
    assert_eq!(
        (again.indexed, again.unchanged),
        (2, 12),
        "articles that are read the same way are unchanged"
    );
    assert_eq!(
        total(data.path(), "تطبيق"),
        0,
        "later articles are read the same way"
    );
}

#[test]
fn a_rebuild_finds_boilerplate_and_changes_nothing_else() {
    let (at_once, in_parts) = (
        TempDir::new().expect("a folder"),
        TempDir::new().expect("a folder"),
    );
    run(at_once.path(), &articles(0..15));
    for numbers in [0..6, 6..15] {
        run(in_parts.path(), &articles(numbers));
    }
    assert_eq!(
        total(in_parts.path(), "تطبيق"),
        15,
        "six articles are too few to learn boilerplate"
    );
    let cancel = AtomicBool::new(false);
    for data in [&in_parts, &at_once] {
        rebuild(data.path(), &NoProgress, &cancel).expect("rebuilt");
        assert_eq!(
            (total(data.path(), "تطبيق"), total(data.path(), "دينارا")),
            (0, 15)
        );
    }
    assert_eq!(model_hash(in_parts.path()), model_hash(at_once.path()));
    let again = run(in_parts.path(), &articles(0..15));
    assert_eq!((again.indexed, again.unchanged), (0, 15));
}

#[test]
fn the_model_does_not_learn_from_boilerplate() {
    let (with, without) = (
        TempDir::new().expect("a folder"),
        TempDir::new().expect("a folder"),
    );
    run(with.path(), &articles(0..12));
    run(
        without.path(),
        &articles(0..12).replace(&format!("\\n{INVITATION}"), ""),
    );
    assert_eq!(model_hash(with.path()), model_hash(without.path()));
}

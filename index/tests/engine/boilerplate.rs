//! Boilerplate: lines that recur in the articles of one source become furniture in the first job,
//! or in the next rebuild.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fihrist_index::Index;
use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};
use tempfile::TempDir;

use crate::support::indexes::{rebuilt, run_job, stats, stored, strict_total};

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
    run_job(data, &IngestJob::new(vec![Input::Path(path)]), &NoProgress)
}

fn kinds(data: &Path, id: &str) -> Vec<&'static str> {
    let index = Index::open(data).expect("an index");
    let article = stored(&index, id).expect("an article");
    article
        .segments
        .iter()
        .map(|segment| segment.kind.name())
        .collect()
}

#[test]
fn a_new_index_does_not_search_boilerplate() {
    let data = TempDir::new().expect("a folder");
    run(data.path(), &articles(0..12));
    assert_eq!(
        (
            strict_total(data.path(), "تطبيق"),
            strict_total(data.path(), "دينارا")
        ),
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
        strict_total(data.path(), "تطبيق"),
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
        strict_total(in_parts.path(), "تطبيق"),
        15,
        "six articles are too few to learn boilerplate"
    );
    for data in [&in_parts, &at_once] {
        rebuilt(data.path());
        assert_eq!(
            (
                strict_total(data.path(), "تطبيق"),
                strict_total(data.path(), "دينارا")
            ),
            (0, 15)
        );
    }
    assert_eq!(
        stats(in_parts.path()).model_hash,
        stats(at_once.path()).model_hash
    );
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
    assert_eq!(
        stats(with.path()).model_hash,
        stats(without.path()).model_hash
    );
}

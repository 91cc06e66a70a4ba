//! The learnt model of an index: when it is learnt, when it is rebuilt, and what open indexes see
//! meanwhile. The effect of a model is tested elsewhere.

mod concurrency;
mod learning;
mod rebuilding;

use std::fs;
use std::path::Path;

use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};
use tempfile::TempDir;

use crate::support::indexes::run_job;

/// Returns an invented word for each number, which no model has counted.
fn invented_word(number: usize) -> String {
    const LETTERS: [char; 8] = ['ظ', 'غ', 'ث', 'ذ', 'ض', 'خ', 'ط', 'ز'];
    (0..5)
        .map(|digit| LETTERS[number >> (3 * digit) & 7])
        .collect()
}

fn record(id: usize, copy: usize) -> String {
    let (own, shared, again) = (
        invented_word(id),
        invented_word(id % 37 + 9_000),
        invented_word(copy + 20_000),
    );
    format!(
        "{{\"id\": \"{id}\", \"title\": \"خبر عن {own}\", \"body\": \"قال المتحدث إن {shared} و{own} وصلا إلى المدينة. {again}\"}}\n"
    )
}

fn records(ids: impl Iterator<Item = usize>) -> Vec<String> {
    ids.map(|id| record(id, 0)).collect()
}

/// The sample articles, which are files.
fn samples() -> Input {
    Input::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../static/samples").into())
}

fn file(home: &TempDir, name: &str, lines: &[String]) -> Input {
    let path = home.path().join(name);
    fs::write(&path, lines.concat()).expect("written");
    Input::Path(path)
}

fn run(data: &Path, inputs: Vec<Input>) -> IngestReport {
    run_job(data, &IngestJob::new(inputs), &NoProgress)
}

fn run_without_rebuild(data: &Path, inputs: Vec<Input>) -> IngestReport {
    let mut job = IngestJob::new(inputs);
    job.rebuilds = false;
    run_job(data, &job, &NoProgress)
}

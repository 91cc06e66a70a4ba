//! Indexes of the tests: filled by a job or a writer, and asked short questions.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use fihrist_index::ingest::{IngestJob, IngestReport, NoProgress, Progress};
use fihrist_index::search::{Hits, SearchRequest, Stats};
use fihrist_index::{Article, ArticleId, Index, IndexWriter, Location, RebuildReport, rebuild};
use serde_json::Value;

/// Runs a job on the index at `location`.
pub fn run_job(
    location: impl Into<Location>,
    job: &IngestJob,
    progress: &dyn Progress,
) -> IngestReport {
    let mut writer = IndexWriter::open(location).expect("a writer");
    let report = job.run(&mut writer, progress).expect("a report");
    writer.finish().expect("finished");
    report
}

/// Writes a file of a job's input with a modification time in the past, since a job reads a file again
/// if it has changed just now. The age depends on the length of the text.
pub fn write_input(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, text).expect("written");
    let file = fs::File::options().write(true).open(&path).expect("open");
    let age = Duration::from_secs(60 * (1 + text.len() as u64));
    file.set_modified(SystemTime::now() - age).expect("a time");
}

/// Writes the articles, and commits after every `batch` of them.
pub fn write(location: &Location, articles: &[Article], batch: usize) {
    let mut writer = IndexWriter::open(location).expect("a writer");
    for articles in articles.chunks(batch) {
        for article in articles {
            writer.upsert(article).expect("indexed");
        }
        writer.commit().expect("committed");
    }
    writer.finish().expect("finished");
}

/// Rebuilds the index at `location`.
pub fn rebuilt(location: impl Into<Location>) -> RebuildReport {
    rebuild(location, &NoProgress, &AtomicBool::new(false))
        .expect("rebuilt")
        .expect("not cancelled")
}

/// Changes a field of the stamp of the generation in a folder, as another version of the program
/// would have written it.
pub fn set_in_stamp(generation: &Path, field: &str, value: u32) {
    let path = generation.join("stamp.json");
    let text = fs::read_to_string(&path).expect("a stamp");
    let mut stamp: Value =
        serde_json::from_str(text.lines().next().unwrap_or_default()).expect("JSON");
    stamp[field] = value.into();
    let checksum = crc32fast::hash(stamp.to_string().as_bytes());
    fs::write(&path, format!("{stamp}\n#crc32 {checksum:08x}\n")).expect("written");
}

/// Returns the statistics of the index in a folder.
pub fn stats(data: &Path) -> Stats {
    let index = Index::open(data).expect("an index");
    index.stats().expect("figures")
}

/// Returns the number of articles that a query finds in the index in a folder.
pub fn total(data: &Path, query: &str) -> u64 {
    total_of(data, &SearchRequest::new(query))
}

/// Returns the number of articles that a query finds without relaxing it.
pub fn strict_total(data: &Path, query: &str) -> u64 {
    let request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    total_of(data, &request)
}

fn total_of(data: &Path, request: &SearchRequest) -> u64 {
    let index = Index::open(data).expect("an index");
    index.search(request).expect("an answer").total
}

/// Returns the stored article with this id.
pub fn stored(index: &Index, id: &str) -> Option<Article> {
    let id = ArticleId::new(id).expect("an id");
    index.article(&id).expect("an answer")
}

/// Returns the ids of the hits in their order.
pub fn ids(hits: &Hits) -> Vec<&str> {
    let ids = hits.hits.iter().map(|hit| hit.article.id.as_str());
    ids.collect()
}

//! Writes and indexes made-up articles for the benchmarks. `benches/compare` measures jobs over real articles.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use fihrist_index::IndexWriter;
use fihrist_index::arabic::Model;
use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};

use crate::words::sampled_words;

const TITLE_WORDS: usize = 8;
const PARAGRAPHS: usize = 5;
const PARAGRAPH_WORDS: usize = 50;

/// Writes made-up articles as JSON, one per line, and returns the words of their titles.
pub fn write_articles(path: &Path, count: usize) -> Vec<Vec<String>> {
    let article_words = TITLE_WORDS + PARAGRAPHS * PARAGRAPH_WORDS;
    let words = sampled_words(&Model::base(), count * article_words);
    let mut file = BufWriter::new(File::create(path).expect("a new file"));
    let mut titles = Vec::with_capacity(count);
    for (i, words) in words.chunks(article_words).enumerate() {
        let (title, body) = words.split_at(TITLE_WORDS);
        let paragraphs: Vec<String> = body
            .chunks(PARAGRAPH_WORDS)
            .map(|words| words.join(" ") + ".")
            .collect();
        let article = serde_json::json!({
            "id": format!("made-up-{i}"), "title": title.join(" "), "body": paragraphs.join("\n"),
        });
        writeln!(file, "{article}").expect("room on the disk");
        titles.push(title.to_vec());
    }
    file.flush().expect("room on the disk");
    titles
}

/// Runs a whole job into a new index: a pass that counts words, a pass that writes, and the merges.
pub fn index(articles: &Path, data: &Path) -> IngestReport {
    let mut writer = IndexWriter::open(data).expect("a writer");
    let report =
        IngestJob::new(vec![Input::Path(articles.to_owned())]).run(&mut writer, &NoProgress);
    writer.finish().expect("finished");
    report.expect("a report")
}

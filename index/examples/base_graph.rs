//! Makes the base graph, `index/src/graph/base.graph`, from articles: one JSON object a line, with `title` and `body`,
//! in files that end in `.jsonl` or `.jsonl.xz`. Stems with the base model.
//!
//! The one in the repository was made from the ANT corpus (39,796 Arabic news articles of six outlets, 2016-2018;
//! Apache 2.0). It holds pairs of single words, no text. The same articles in any order give the same file.
//!
//! ```text
//! cargo run --release -p fihrist-index --example base_graph -- articles.jsonl.xz...
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use fihrist_index::analysis::{Analyzer, Kind, Model};
use fihrist_index::graph::Learner;
use liblzma::read::XzDecoder;

const COMPRESSION_LEVEL: i32 = 19;

/// What is read of an article.
#[derive(serde::Deserialize)]
struct Article {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        return Err("usage: base_graph ARTICLES.jsonl[.xz]...".into());
    }
    let analyzer = Analyzer::new(Model::base());
    let mut words: HashMap<String, (String, u64)> = HashMap::new();
    for_each_field(&paths, |text| {
        analyzer.for_each(text, |token| match words.get_mut(token.surface) {
            _ if token.kind == Kind::Whole => {}
            Some((_, count)) => *count += 1,
            None => {
                words.insert(token.surface.to_owned(), (token.stem.to_owned(), 1));
            }
        });
    })?;
    let learner = Learner::new(words.iter().map(|(surface, (stem, count))| (surface, stem, *count)));
    let mut sightings = learner.sightings();
    for_each_field(&paths, |text| {
        let tokens = analyzer.analyze(text);
        let tokens = tokens.iter().filter(|token| token.kind != Kind::Whole);
        sightings.add(tokens.map(|token| token.stem.as_str()));
    })?;
    let graph = learner.finish(sightings);
    let compressed = zstd::encode_all(&graph.to_bytes()[..], COMPRESSION_LEVEL)?;
    let output = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph/base.graph");
    std::fs::write(&output, &compressed)?;
    println!("{}: {graph:?}, {} bytes", output.display(), compressed.len());
    Ok(())
}

fn for_each_field(paths: &[PathBuf], mut on_field: impl FnMut(&str)) -> Result<(), Box<dyn Error>> {
    for path in paths {
        let file = File::open(path).map_err(|error| format!("cannot open `{}`: {error}", path.display()))?;
        let is_compressed = path.extension().is_some_and(|extension| extension == "xz");
        let bytes: Box<dyn Read> = if is_compressed { Box::new(XzDecoder::new(file)) } else { Box::new(file) };
        for line in BufReader::new(bytes).lines() {
            let article: Article = serde_json::from_str(&line?)?;
            on_field(&article.title);
            on_field(&article.body);
        }
    }
    Ok(())
}

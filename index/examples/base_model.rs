//! Makes the base model, `index/src/analysis/base.model`, from articles: one JSON object a line, with `title` and `body`,
//! in files that end in `.jsonl` or `.jsonl.xz`.
//!
//! The one in the repository was made from the ANT corpus (39,796 Arabic news articles of six outlets, 2016-2018;
//! Apache 2.0). It holds figures about single words, no text: the 100,000 commonest written forms, with their counts
//! rounded to a quarter of an octave. The same articles in any order give the same file.
//!
//! ```text
//! cargo run --release -p fihrist-index --example base_model -- articles.jsonl.xz...
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use fihrist_index::analysis::fold::fold;
use fihrist_index::analysis::{Counts, Kind, words};
use liblzma::read::XzDecoder;

/// Fewer forms are measurably worse, more are not measurably better; see `ANALYSIS.md`.
const MAX_FORMS: usize = 100_000;

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
        return Err("usage: base_model ARTICLES.jsonl[.xz]...".into());
    }
    let mut counts = Counts::default();
    for path in &paths {
        count_file(path, &mut counts).map_err(|error| format!("cannot count `{}`: {error}", path.display()))?;
    }
    let model = counts.finish(MAX_FORMS);
    let compressed = zstd::encode_all(model.to_bytes(), COMPRESSION_LEVEL)?;
    let output = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/base.model");
    std::fs::write(&output, &compressed)?;
    println!("{}: {model:?}, {} bytes", output.display(), compressed.len());
    Ok(())
}

fn count_file(path: &Path, counts: &mut Counts) -> Result<(), Box<dyn Error>> {
    let file = File::open(path)?;
    let is_compressed = path.extension().is_some_and(|extension| extension == "xz");
    let bytes: Box<dyn Read> = if is_compressed { Box::new(XzDecoder::new(file)) } else { Box::new(file) };
    for line in BufReader::new(bytes).lines() {
        let article: Article = serde_json::from_str(&line?)?;
        count_words(&article.title, counts);
        count_words(&article.body, counts);
    }
    Ok(())
}

fn count_words(text: &str, counts: &mut Counts) {
    let mut folded = String::new();
    words(text, |word| {
        // A hashtag or an address comes again in its parts.
        if word.kind == Kind::Arabic {
            let written = word.span.slice(text);
            fold(written, &mut folded);
            counts.add(&folded, written);
        }
    });
}

//! `fihrist learn`: makes the base model and the base graph from files and folders of articles.
//! Every installation starts with these two. It changes no index; indexing learns the words of a
//! collection.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use fihrist_index::ingest::{IngestJob, Input, LearnedModel};

use super::index::FormatArg;
use super::{Interrupt, cannot, report, with_bar};

/// The names of the two files, which a build compiles into the engine.
const MODEL_FILE: &str = "base.model";
const GRAPH_FILE: &str = "base.graph";

/// The strongest level of zstd that needs no extra memory to decompress. Compression runs once, but
/// every binary contains the result.
const COMPRESSION_LEVEL: i32 = 19;

/// Make the base model and graph for a new build from files and folders of articles
#[derive(clap::Args)]
pub struct Args {
    /// Files and folders of articles, as for `index`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Folder for `base.model` and `base.graph`
    #[arg(long, default_value = ".", value_name = "DIR")]
    output: PathBuf,

    /// Format of the files
    #[arg(long, value_enum, default_value = "auto", value_name = "FORMAT")]
    format: FormatArg,

    /// Number of surface forms to keep, the most frequent first
    // Fewer forms are measurably worse. More forms are not measurably better, and every binary
    // contains them.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    max_forms: usize,
}

/// Learns the model and the graph, writes both files and prints the report. Returns false if something
/// was rejected.
pub fn run(args: &Args) -> Result<bool> {
    let interrupt = Interrupt::start()?;
    let mut job = IngestJob::new(args.paths.iter().cloned().map(Input::Path).collect());
    job.format = args.format.into();
    job.cancel = Arc::clone(&interrupt.flag);
    let (taught, report) = with_bar(|bar| job.learn(args.max_forms, bar))?;
    let LearnedModel {
        model,
        graph,
        learnt,
    } = taught.context("stopped early; nothing was written")?;
    eprint!("{}", report::oddities(&report));
    if learnt.articles == 0 {
        bail!("none of the paths holds an article");
    }
    fs::create_dir_all(&args.output).with_context(cannot("create", &args.output))?;
    let model_bytes = write(
        &args.output.join(MODEL_FILE),
        model.to_compressed(COMPRESSION_LEVEL),
    )?;
    let graph_bytes = write(
        &args.output.join(GRAPH_FILE),
        graph.to_compressed(COMPRESSION_LEVEL),
    )?;
    println!(
        "learnt from {} articles ({} words) in {:.1} s, into {}",
        learnt.articles,
        learnt.words,
        report.elapsed.as_secs_f64(),
        args.output.display(),
    );
    println!(
        "{MODEL_FILE}: {} forms of {} words, {model_bytes} bytes, hash {}",
        model.form_count(),
        model.word_count(),
        model.hash(),
    );
    println!(
        "{GRAPH_FILE}: {} pairs of {} stems, {graph_bytes} bytes, hash {}",
        graph.pair_count(),
        graph.stem_count(),
        graph.hash(),
    );
    Ok(report.rejected_count == 0)
}

/// Writes a compressed file and returns its length in bytes.
fn write(path: &Path, compressed: std::io::Result<Vec<u8>>) -> Result<usize> {
    let bytes = compressed.with_context(cannot("compress", path))?;
    fs::write(path, &bytes).with_context(cannot("write", path))?;
    Ok(bytes.len())
}

//! `fihrist learn`: makes the base model and the base graph from files and folders of articles.
//! Every installation starts with these two. It changes no index; indexing learns the words of a
//! collection.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use fihrist_index::ingest::{IngestJob, Input, LearnedModel};

use super::bar::Bar;
use super::index::FormatArg;
use super::interrupt::Interrupt;
use super::report;

/// The names of the two files, which a build compiles into the engine.
const MODEL_FILE: &str = "base.model";
const GRAPH_FILE: &str = "base.graph";

/// The strongest level of zstd that needs no extra memory to decompress. Compression runs once, but
/// every binary contains the result.
const COMPRESSION_LEVEL: i32 = 19;

/// Make the base model and graph for a new build from files and folders of articles
#[derive(Debug, clap::Args)]
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

/// Learns the model and the graph, writes both files and prints the report. Returns exit code 1 if
/// something was rejected.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut job = IngestJob::new(args.paths.iter().cloned().map(Input::Path).collect());
    job.format = args.format.into();
    let _interrupt = Interrupt::sets(Arc::clone(&job.cancel))?;
    let bar = Bar::new();
    let learnt = job.learn(args.max_forms, &bar);
    bar.clear();
    let (taught, report) = learnt?;
    let Some(taught) = taught else {
        anyhow::bail!("stopped early; nothing was written")
    };
    eprint!("{}", report::oddities(&report));
    if taught.learnt.articles == 0 {
        anyhow::bail!("none of the paths holds an article");
    }
    fs::create_dir_all(&args.output)
        .with_context(|| format!("cannot create `{}`", args.output.display()))?;
    let LearnedModel {
        model,
        graph,
        learnt,
    } = &taught;
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
    Ok(if report.rejected_count > 0 {
        ExitCode::from(super::NOT_ALL)
    } else {
        ExitCode::SUCCESS
    })
}

/// Writes a compressed file and returns its length in bytes.
fn write(path: &Path, compressed: std::io::Result<Vec<u8>>) -> anyhow::Result<usize> {
    let bytes = compressed.with_context(|| format!("cannot compress `{}`", path.display()))?;
    fs::write(path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(bytes.len())
}

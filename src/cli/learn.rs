//! `fihrist learn`: makes the base model and the base graph, which every installation starts with, from files and folders
//! of articles. It touches no index; a collection's own words are learnt when it is indexed.

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

/// The files that the engine is compiled with.
const MODEL_FILE: &str = "base.model";
const GRAPH_FILE: &str = "base.graph";

/// The best that zstd has without asking for more memory from readers. It is done once and carried by every binary.
const COMPRESSION_LEVEL: i32 = 19;

/// Make the base model and graph of a new build from files and folders of articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of articles, as `index` takes them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Folder for `base.model` and `base.graph`
    #[arg(long, default_value = ".", value_name = "DIR")]
    output: PathBuf,

    /// How files are read
    #[arg(long, value_enum, default_value = "auto", value_name = "FORMAT")]
    format: FormatArg,

    /// Written forms to keep, the commonest ones
    // Fewer are measurably worse, more not measurably better, and every binary carries them.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    max_forms: usize,
}

/// Learns, writes both files and reports; 1 where something was rejected.
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

/// Writes a file and says how long it is.
fn write(path: &Path, compressed: std::io::Result<Vec<u8>>) -> anyhow::Result<usize> {
    let bytes = compressed.with_context(|| format!("cannot compress `{}`", path.display()))?;
    fs::write(path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(bytes.len())
}

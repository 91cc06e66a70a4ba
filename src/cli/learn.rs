//! `fihrist learn`: makes the base model, which every installation starts with, from files and folders of articles.
//! It touches no index; a collection's own words are learnt when it is indexed.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use fihrist_index::ingest::{IngestJob, Input};

use super::bar::Bar;
use super::index::FormatArg;
use super::interrupt::Interrupt;
use super::report;

/// The file that the engine is compiled with.
const MODEL_FILE: &str = "base.model";

/// The best that zstd has without asking for more memory from readers. It is done once and carried by every binary.
const COMPRESSION_LEVEL: i32 = 19;

/// Make the base model of a new build from files and folders of articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of articles, as `index` takes them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Folder for `base.model`
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

/// Counts, writes the model and reports; 1 where something was rejected.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut job = IngestJob::new(args.paths.iter().cloned().map(Input::Path).collect());
    job.format = args.format.into();
    let _interrupt = Interrupt::sets(Arc::clone(&job.cancel))?;
    let bar = Bar::new();
    let counted = job.count(&bar);
    bar.clear();
    let (counted, report) = counted?;
    let Some(counted) = counted else { anyhow::bail!("stopped early; no model was written") };
    eprint!("{}", report::oddities(&report));
    if counted.articles == 0 {
        anyhow::bail!("none of the paths holds an article");
    }
    let words = counted.counts.total();
    let model = counted.counts.finish(args.max_forms);
    let path = args.output.join(MODEL_FILE);
    let compressed = model.to_compressed(COMPRESSION_LEVEL).context("cannot compress the model")?;
    fs::create_dir_all(&args.output).with_context(|| format!("cannot create `{}`", args.output.display()))?;
    fs::write(&path, &compressed).with_context(|| format!("cannot write `{}`", path.display()))?;
    println!(
        "{}: {} forms of {} words from {} articles ({words} words), {} bytes, hash {}",
        path.display(),
        model.form_count(),
        model.word_count(),
        counted.articles,
        compressed.len(),
        model.hash(),
    );
    Ok(if report.rejected_count > 0 { ExitCode::from(super::NOT_ALL) } else { ExitCode::SUCCESS })
}

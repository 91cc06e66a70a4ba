//! `fihrist index`: the indexing job, its progress on the terminal and its report.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};
use fihrist_index::ingest::{
    FieldName, Format, IngestJob, IngestReport, Input, Mapping, Pruned, Spool,
};
use fihrist_index::{IndexWriter, Location};

use super::report::{as_json, as_text, dry_run_as_text, skipped_as_text};
use super::watch::watch;
use super::{IndexArgs, Interrupt, WaitArgs, folder_of, preview, print_json, with_bar};

/// Index files and folders of articles
#[derive(clap::Args)]
pub struct Args {
    /// Files and folders: text, HTML, JSON, CSV, RSS, Atom or WARC; they may be compressed or in
    /// archives; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    index: IndexArgs,

    #[command(flatten)]
    wait: WaitArgs,

    /// Format of the files
    #[arg(long, value_enum, default_value = "auto", value_name = "FORMAT")]
    format: FormatArg,

    /// Assign a field or column to a target if its name is not recognized, such as
    /// title=headline.main; repeatable
    #[arg(long = "map", value_name = "TARGET=NAME")]
    mappings: Vec<FieldName>,

    /// Number of articles between two commits
    #[arg(long, default_value_t = 50_000, value_name = "N")]
    commit_every: usize,

    /// Start a new index, which replaces the current one when the job has ended
    #[arg(long)]
    fresh: bool,

    /// Delete articles that earlier jobs have indexed and none of the paths contains; nothing is
    /// deleted if some input is rejected, or if more than half of all articles or all articles of
    /// one path would be deleted
    #[arg(long)]
    prune: bool,

    /// Let --prune delete as many articles as it finds
    #[arg(long, requires = "prune")]
    prune_all: bool,

    /// Follow links that lead out of a folder
    #[arg(long)]
    follow_links: bool,

    /// Copy rejected input into a new folder, where it can be corrected and indexed again
    #[arg(long, value_name = "DIR", conflicts_with = "watch")]
    rejected: Option<PathBuf>,

    /// Do not relearn words, even if the index has grown to several times the size that its model
    /// and graph were learnt from
    #[arg(long)]
    no_rebuild: bool,

    /// Keep running and index whatever changes in the paths, until Ctrl-C; the articles of deleted
    /// files are deleted, unless these are more than half of all articles or all articles of one path
    #[arg(long, conflicts_with_all = ["dry_run", "preview"])]
    watch: bool,

    /// Read everything and report what would be indexed, but write nothing
    #[arg(long)]
    dry_run: bool,

    /// Show how the first articles are read: their segments, dates and encodings; write nothing
    #[arg(long, conflicts_with = "dry_run")]
    preview: bool,

    /// Name every skipped file in the report
    #[arg(long, short)]
    verbose: bool,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Number of articles in a preview.
const PREVIEWED: usize = 10;

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum FormatArg {
    /// By the content and the name of each file
    Auto,
    /// One article per file
    Text,
    /// One article per file, as a web page
    Html,
    /// One article per line as a JSON object, or a JSON list of articles
    Jsonl,
    /// One article per row; the first row names the columns
    Csv,
    /// The entries of RSS and Atom feeds
    Feed,
    /// The pages of a web archive
    Warc,
}

impl From<FormatArg> for Format {
    fn from(argument: FormatArg) -> Self {
        match argument {
            FormatArg::Auto => Self::Auto,
            FormatArg::Text => Self::Text,
            FormatArg::Html => Self::Html,
            FormatArg::Jsonl => Self::Jsonl,
            FormatArg::Csv => Self::Csv,
            FormatArg::Feed => Self::Feed,
            FormatArg::Warc => Self::Warc,
        }
    }
}

/// Indexes the paths and prints the report. Returns false if something was rejected.
pub fn run(args: &Args) -> Result<bool> {
    let location = args.index.location()?;
    let mut job = IngestJob::new(inputs(&args.paths, &args.index.data)?);
    job.commit_every = args.commit_every;
    job.format = args.format.into();
    job.mapping = Mapping::new(&args.mappings);
    job.rebuilds = !args.no_rebuild;
    job.follows_links = args.follow_links;
    job.prunes = args.prune;
    job.prunes_all = args.prune_all;
    job.follows_deletions = args.watch;
    job.rejects = args.rejected.clone();
    if args.preview {
        return show_preview(&job, args.json);
    }
    let interrupt = Interrupt::start()?;
    job.cancel = Arc::clone(&interrupt.flag);
    if args.dry_run {
        let report = with_bar(|bar| job.rehearse(&location, bar))?;
        return finish(args, &report, &dry_run_as_text(&report));
    }
    // Watching starts before the job, so that a change during the job is not missed.
    let watching = args.watch.then(|| watch(&args.paths, args.follow_links));
    let watching = watching.transpose()?;
    let run = |is_fresh: bool| {
        let report = ingest(&job, &location, is_fresh, &args.wait)?;
        finish(args, &report, &as_text(&report, &location))
    };
    let is_complete = run(args.fresh)?;
    if let Some(watching) = watching {
        eprintln!("watching for changes; press Ctrl-C to stop");
        watching.follow(&job.cancel, || run(false).map(drop));
        return Ok(true);
    }
    Ok(is_complete)
}

/// Prints the report. Returns false if something was rejected or not pruned; fails if nothing could
/// be read.
fn finish(args: &Args, report: &IngestReport, text: &str) -> Result<bool> {
    if args.json {
        print_json(&as_json(report))?;
    } else {
        eprint!("{text}");
        if args.verbose {
            eprint!("{}", skipped_as_text(report));
        }
    }
    if report.is_cancelled && !args.watch {
        bail!(stopped(report, args.fresh));
    }
    if report.rejected_count > 0 && report.files == 0 && report.unchanged_files == 0 {
        bail!("none of the paths could be read");
    }
    Ok(report.rejected_count == 0 && !matches!(report.pruned, Pruned::Refused(_)))
}

fn show_preview(job: &IngestJob, is_json: bool) -> Result<bool> {
    let shown = job.preview(PREVIEWED);
    if is_json {
        print_json(&preview::as_json(&shown))?;
    } else {
        print!("{}", preview::as_text(&shown));
    }
    Ok(shown.rejected.is_empty())
}

/// Returns the paths, with a copy of standard input for `-`, because a new index reads its input
/// twice. The copy is an unnamed file, which the system deletes when the process ends.
fn inputs(paths: &[PathBuf], data: &Path) -> Result<Vec<Input>> {
    let input = |path: &PathBuf| {
        if path.as_os_str() != "-" {
            return Ok(Input::Path(path.clone()));
        }
        let spool = Spool::copy(&mut std::io::stdin().lock(), folder_of(data))
            .context("cannot copy standard input")?;
        Ok(Input::Stream {
            name: "standard input".to_owned(),
            spool,
        })
    };
    paths.iter().map(input).collect()
}

/// Indexes `inputs` and prints the report, for `up`.
pub fn ingest_and_report(
    inputs: Vec<Input>,
    follows_links: bool,
    location: &Location,
    wait: &WaitArgs,
) -> Result<()> {
    let interrupt = Interrupt::start()?;
    let mut job = IngestJob::new(inputs);
    job.follows_links = follows_links;
    job.follows_deletions = true;
    job.cancel = Arc::clone(&interrupt.flag);
    let report = ingest(&job, location, false, wait)?;
    eprint!("{}", as_text(&report, location));
    if report.is_cancelled {
        bail!(stopped(&report, false));
    }
    Ok(())
}

/// Follows `paths` for a server until `stop` is set, and indexes what changes. Watching starts at
/// once.
pub fn follow(
    paths: Vec<PathBuf>,
    follows_links: bool,
    location: Location,
    wait: WaitArgs,
    stop: Arc<AtomicBool>,
) -> Result<JoinHandle<()>> {
    let watching = watch(&paths, follows_links)?;
    let mut job = IngestJob::new(paths.into_iter().map(Input::Path).collect());
    job.follows_links = follows_links;
    job.follows_deletions = true;
    job.cancel = Arc::clone(&stop);
    Ok(std::thread::spawn(move || {
        watching.follow(&stop, || {
            let report = ingest(&job, &location, false, &wait)?;
            if report.indexed > 0 || report.rejected_count > 0 || report.pruned != Pruned::NotAsked
            {
                tracing::info!("{}", as_text(&report, &location).trim_end());
            }
            Ok(())
        });
    }))
}

fn ingest(
    job: &IngestJob,
    location: &Location,
    is_fresh: bool,
    wait: &WaitArgs,
) -> Result<IngestReport> {
    let open = || {
        if is_fresh {
            IndexWriter::open_fresh(location)
        } else {
            IndexWriter::open(location)
        }
    };
    let mut writer = wait.in_turn(location, &job.cancel, open)?;
    with_bar(|bar| {
        let report = job.run(&mut writer, bar)?;
        // An incomplete new index must not replace a complete one.
        if !(is_fresh && report.is_cancelled) {
            bar.finishing();
            writer.finish()?;
        }
        Ok(report)
    })
}

fn stopped(report: &IngestReport, is_fresh: bool) -> &'static str {
    if is_fresh {
        "stopped early; the new index is discarded and the current one is unchanged"
    } else if report.articles() == 0 {
        "stopped early, before anything was indexed"
    } else {
        "stopped early; committed articles are kept, and the same command continues the job"
    }
}

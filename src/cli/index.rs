//! `fihrist index`: the indexing job, its progress on the terminal and its report.

use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use fihrist_index::IndexWriter;
use fihrist_index::ingest::{Format, IngestJob, IngestReport, Input, NoteKind, Progress, Snapshot};
use indicatif::{ProgressBar, ProgressStyle};

/// Rejections that the report names one by one.
const SHOWN_REJECTIONS: usize = 20;

/// Index files and folders of articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders: .txt, .jsonl, .ndjson, also .gz, .xz and .zst
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Directory of the index
    #[arg(long, env = "FIHRIST_DATA", default_value = "./data", value_name = "DIR")]
    data: PathBuf,

    /// How files are read
    #[arg(long, value_enum, default_value = "auto", value_name = "FORMAT")]
    format: FormatArg,

    /// Articles after which what is done is made durable
    #[arg(long, default_value_t = 50_000, value_name = "N")]
    commit_every: usize,

    /// Start a new index, which replaces the present one when the job has ended
    #[arg(long)]
    fresh: bool,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FormatArg {
    /// By the name of each file
    Auto,
    /// One article a file
    Text,
    /// One article a line, as a JSON object
    Jsonl,
}

/// Indexes the paths and reports; 1 where something was rejected.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut job = IngestJob::new(args.paths.iter().cloned().map(Input::Path).collect());
    job.commit_every = args.commit_every;
    job.format = match args.format {
        FormatArg::Auto => Format::Auto,
        FormatArg::Text => Format::Text,
        FormatArg::Jsonl => Format::Jsonl,
    };
    let writer = if args.fresh { IndexWriter::open_fresh(&args.data)? } else { IndexWriter::open(&args.data)? };
    let report = ingest(&job, writer)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&report))?);
    } else {
        eprint!("{}", in_words(&report, &args.data));
    }
    if report.rejected_count > 0 && report.files == 0 {
        anyhow::bail!("none of the paths could be read");
    }
    Ok(if report.rejected_count > 0 { ExitCode::from(super::NOT_ALL) } else { ExitCode::SUCCESS })
}

/// Indexes `inputs` and prints the report, for `up`.
pub fn ingest_and_report(inputs: Vec<Input>, data: &Path) -> anyhow::Result<()> {
    let report = ingest(&IngestJob::new(inputs), IndexWriter::open(data)?)?;
    eprint!("{}", in_words(&report, data));
    Ok(())
}

fn ingest(job: &IngestJob, mut writer: IndexWriter) -> anyhow::Result<IngestReport> {
    let bar = Bar::new();
    let report = job.run(&mut writer, &bar)?;
    bar.0.set_message("finishing");
    writer.finish()?;
    bar.0.finish_and_clear();
    Ok(report)
}

struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        if !stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {msg}  {eta} left");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Progress for Bar {
    fn advanced(&self, now: Snapshot) {
        self.0.set_length(now.bytes_total.max(now.bytes_read));
        self.0.set_position(now.bytes_read);
        let rate = now.articles as f64 / self.0.elapsed().as_secs_f64().max(1e-3);
        self.0.set_message(format!("{} articles, {rate:.0} a second", now.articles));
    }
}

fn in_words(report: &IngestReport, data: &Path) -> String {
    let mut lines = vec![format!(
        "{} indexed, {} unchanged, {} rejected in {:.1} s ({:.0} articles/s, {:.1} MB/s) into {}",
        report.indexed,
        report.unchanged,
        report.rejected_count,
        report.elapsed.as_secs_f64(),
        report.articles_per_second(),
        report.megabytes_per_second(),
        data.display(),
    )];
    if report.is_cancelled {
        lines.push("stopped early; what was done is kept, and the same command goes on".to_owned());
    }
    if report.skipped_files > 0 {
        lines.push(format!("skipped {} files of other formats", report.skipped_files));
    }
    for note in &report.notes {
        let what = match note.kind {
            NoteKind::DecodedAs(encoding) => format!("decoded as {encoding}"),
            NoteKind::UnreadableDate => "kept without its date, which cannot be read".to_owned(),
        };
        lines.push(format!("note: {what}: {} (first: {})", note.count, note.example));
    }
    let shown = report.rejected.iter().take(SHOWN_REJECTIONS);
    lines.extend(shown.map(|rejected| format!("rejected {}: {}", rejected.source, rejected.reason)));
    if report.rejected_count > SHOWN_REJECTIONS as u64 {
        lines.push(format!("and {} more", report.rejected_count - SHOWN_REJECTIONS as u64));
    }
    lines.join("\n") + "\n"
}

fn as_json(report: &IngestReport) -> serde_json::Value {
    let rejected = |r: &fihrist_index::ingest::Rejected| serde_json::json!({"source": r.source, "reason": r.reason});
    let note = |n: &fihrist_index::ingest::Note| {
        let encoding = match n.kind {
            NoteKind::DecodedAs(encoding) => Some(encoding),
            NoteKind::UnreadableDate => None,
        };
        serde_json::json!({"code": n.kind.code(), "encoding": encoding, "count": n.count, "example": n.example})
    };
    serde_json::json!({
        "indexed": report.indexed,
        "unchanged": report.unchanged,
        "rejected_count": report.rejected_count,
        "rejected": report.rejected.iter().map(rejected).collect::<Vec<_>>(),
        "skipped_files": report.skipped_files,
        "notes": report.notes.iter().map(note).collect::<Vec<_>>(),
        "bytes_read": report.bytes_read,
        "text_bytes": report.text_bytes,
        "elapsed_ms": report.elapsed.as_millis() as u64,
        "cancelled": report.is_cancelled,
    })
}

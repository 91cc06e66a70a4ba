//! `fihrist index`: the indexing job, its progress on the terminal and its report.

mod interrupt;

use std::collections::HashMap;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use fihrist_index::IndexWriter;
use fihrist_index::ingest::{Format, IngestJob, IngestReport, Input, NoteKind, Progress, Rejected, Snapshot};
use indicatif::{ProgressBar, ProgressStyle};

use interrupt::Interrupt;

/// Rejections that the report names, alike ones of one file as one.
const SHOWN_REJECTIONS: usize = 20;
/// Lines that are named for one such rejection.
const SHOWN_LINES: usize = 5;

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
    let report = ingest(&job, &args.data, args.fresh)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&report))?);
    } else {
        eprint!("{}", in_words(&report, &args.data));
    }
    if report.is_cancelled {
        anyhow::bail!("{}", stopped(args.fresh));
    }
    if report.rejected_count > 0 && report.files == 0 {
        anyhow::bail!("none of the paths could be read");
    }
    Ok(if report.rejected_count > 0 { ExitCode::from(super::NOT_ALL) } else { ExitCode::SUCCESS })
}

/// Indexes `inputs` and prints the report, for `up`.
pub fn ingest_and_report(inputs: Vec<Input>, data: &Path) -> anyhow::Result<()> {
    let report = ingest(&IngestJob::new(inputs), data, false)?;
    eprint!("{}", in_words(&report, data));
    if report.is_cancelled {
        anyhow::bail!("{}", stopped(false));
    }
    Ok(())
}

fn ingest(job: &IngestJob, data: &Path, is_fresh: bool) -> anyhow::Result<IngestReport> {
    let mut writer = if is_fresh { IndexWriter::open_fresh(data)? } else { IndexWriter::open(data)? };
    let _interrupt = Interrupt::sets(Arc::clone(&job.cancel))?;
    let bar = Bar::new();
    let report = job.run(&mut writer, &bar)?;
    // Half of a new index must not replace a whole one.
    if !(is_fresh && report.is_cancelled) {
        bar.0.set_message("finishing");
        writer.finish()?;
    }
    bar.0.finish_and_clear();
    Ok(report)
}

const fn stopped(is_fresh: bool) -> &'static str {
    if is_fresh {
        "stopped early; the new index is dropped and the present one stays as it was"
    } else {
        "stopped early; what was done is kept, and the same command goes on"
    }
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
    let alike = alike(&report.rejected);
    lines.extend(
        alike.iter().take(SHOWN_REJECTIONS).map(|alike| format!("rejected {}: {}", alike.source(), alike.reason)),
    );
    let named: usize = alike.iter().take(SHOWN_REJECTIONS).map(Alike::count).sum();
    if report.rejected_count > named as u64 {
        lines.push(format!("and {} more", report.rejected_count - named as u64));
    }
    lines.join("\n") + "\n"
}

/// Rejections of one file for one reason.
struct Alike<'a> {
    file: &'a str,
    reason: &'a str,
    /// Their lines; none where the file itself was rejected.
    lines: Vec<&'a str>,
}

impl Alike<'_> {
    fn count(&self) -> usize {
        self.lines.len().max(1)
    }

    fn source(&self) -> String {
        let shown = self.lines.iter().take(SHOWN_LINES).copied().collect::<Vec<_>>().join(", ");
        match self.lines.len() {
            0 => self.file.to_owned(),
            1..=SHOWN_LINES => format!("{}:{shown}", self.file),
            count => format!("{}:{shown} and {} more lines", self.file, count - SHOWN_LINES),
        }
    }
}

/// Rejections with the same file and reason as one, in the order of the first of each.
fn alike(rejected: &[Rejected]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for Rejected { source, reason } in rejected {
        let is_number = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        let (file, line) = match source.rsplit_once(':').filter(|(_, line)| is_number(line)) {
            Some((file, line)) => (file, Some(line)),
            None => (source.as_str(), None),
        };
        // Two whole files are two rejections, even under one name.
        let place = line.and_then(|_| places.get(&(file, reason.as_str())).copied());
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.lines.extend(line),
            None => {
                if line.is_some() {
                    places.insert((file, reason), groups.len());
                }
                groups.push(Alike { file, reason, lines: line.into_iter().collect() });
            }
        }
    }
    groups
}

fn as_json(report: &IngestReport) -> serde_json::Value {
    let rejected = |r: &Rejected| serde_json::json!({"source": r.source, "reason": r.reason});
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rejected: &[(&str, &str)], expected: &[&str]) {
        let rejected: Vec<Rejected> = rejected
            .iter()
            .map(|(source, reason)| Rejected { source: (*source).to_owned(), reason: (*reason).to_owned() })
            .collect();
        let report = IngestReport { rejected_count: rejected.len() as u64, rejected, ..IngestReport::default() };
        let words = in_words(&report, Path::new("data"));
        assert_eq!(words.lines().skip(1).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn alike_rejections_of_a_file_are_one_line() {
        check(
            &[
                ("a.jsonl:3", "empty"),
                ("b.txt", "empty"),
                ("a.jsonl:9", "empty"),
                ("a.jsonl:4", "broken"),
                ("b.txt", "empty"),
            ],
            &[
                "rejected a.jsonl:3, 9: empty",
                "rejected b.txt: empty",
                "rejected a.jsonl:4: broken",
                "rejected b.txt: empty",
            ],
        );
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let many: Vec<String> = (1..=30).map(|line| format!("a.jsonl:{line}")).collect();
        let alike: Vec<_> = many.iter().map(|source| (source.as_str(), "empty")).collect();
        check(&alike, &["rejected a.jsonl:1, 2, 3, 4, 5 and 25 more lines: empty"]);
        let unlike: Vec<_> = many.iter().map(|source| (source.as_str(), source.as_str())).collect();
        let words = unlike.iter().take(20).map(|(source, _)| format!("rejected {source}: {source}"));
        let words: Vec<_> = words.chain(["and 10 more".to_owned()]).collect();
        check(&unlike, &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

//! The indexing job: counts the words of a new index, writes articles, commits now and then, and rebuilds what has
//! outgrown its model. How files become articles and articles reach the threads is the business of a pass.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::count::{Counted, count};
use super::pass::{Event, Pass};
use super::report::{IngestReport, Rebuild, Rejected};
use super::walk::{Found, walk};
use super::{Format, Input};
use crate::article::Article;
use crate::error::{ErrorKind, Result};
use crate::progress::{Phase, Progress};
use crate::writer::{IndexWriter, Upserted};

const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// A run over some input. See the [module](super) for an example.
#[derive(Debug, Clone)]
pub struct IngestJob {
    /// What to read, in this order. A new index reads it twice: once to count words, once to index.
    pub inputs: Vec<Input>,
    /// How to read it.
    pub format: Format,
    /// Articles after which what is done is made durable; half a minute does it too.
    pub commit_every: usize,
    /// Threads that analyse and write.
    pub threads: NonZeroUsize,
    /// Whether an index that has outgrown its model is rebuilt at the end.
    pub rebuilds: bool,
    /// Set to true, it ends the job early; what is done is committed.
    pub cancel: Arc<AtomicBool>,
}

impl IngestJob {
    /// A job over `inputs` with the usual settings.
    pub fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            format: Format::Auto,
            commit_every: 50_000,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            rebuilds: true,
            cancel: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Runs the job to its end. Bad input is a line of the report; an error means that the index failed.
    ///
    /// What was read is committed at the end, and also if the job was cancelled; a new index is not even begun if that
    /// was while its words were counted. `writer` is left to be finished.
    pub fn run(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let bytes_total = self.bytes_total();
        let pass = |phase| Pass { job: self, phase, bytes_total, progress };
        let mut report = IngestReport::default();
        if writer.is_new() {
            // What is odd about the input is reported by the pass that indexes it.
            let counted = count(&pass(Phase::Learning), &mut IngestReport::default())?;
            report.is_cancelled = counted.is_none();
            if let Some(counted) = counted {
                writer.begin(counted.counts, counted.articles)?;
            }
        }
        if !report.is_cancelled {
            self.index(&pass(Phase::Indexing), writer, &mut report)?;
            writer.commit()?;
            if !report.is_cancelled && writer.growth()?.is_rebuild_due() {
                report.rebuild = self.rebuild(writer, progress)?;
            }
        }
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Counts the words of the input, for a model, and indexes nothing. No counts if the job was cancelled.
    pub fn count(&self, progress: &dyn Progress) -> Result<(Option<Counted>, IngestReport)> {
        let started = Instant::now();
        let mut report = IngestReport::default();
        let pass = Pass { job: self, phase: Phase::Learning, bytes_total: self.bytes_total(), progress };
        let counted = count(&pass, &mut report)?;
        (report.is_cancelled, report.elapsed) = (counted.is_none(), started.elapsed());
        Ok((counted, report))
    }

    fn rebuild(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<Rebuild> {
        let growth = writer.growth()?;
        let rebuilt = if self.rebuilds { writer.rebuild(progress, &self.cancel)? } else { None };
        Ok(rebuilt.map_or(Rebuild::Due(growth), Rebuild::Done))
    }

    fn index(&self, pass: &Pass<'_>, writer: &mut IndexWriter, report: &mut IngestReport) -> Result<()> {
        let writer = RwLock::new(writer);
        let (mut last_commit, mut uncommitted) = (Instant::now(), 0);
        let work =
            |(): &mut (), article: &Article| upsert(&writer.read().unwrap_or_else(PoisonError::into_inner), article);
        let passed = pass.run(vec![(); self.threads.get()], work, |event| {
            uncommitted += usize::from(matches!(event, Some(Event::Upserted(Upserted::Indexed, _))));
            event.map_or(Ok(()), |event| report.take(event))?;
            let is_due = uncommitted >= self.commit_every.max(1) || last_commit.elapsed() >= COMMIT_INTERVAL;
            if uncommitted > 0 && is_due {
                // Waits for the articles that are being written; the others wait for it.
                writer.write().unwrap_or_else(PoisonError::into_inner).commit()?;
                (last_commit, uncommitted) = (Instant::now(), 0);
            }
            Ok(report.articles())
        })?;
        report.bytes_read = passed.bytes_read;
        report.is_cancelled = !passed.is_whole;
        Ok(())
    }

    fn bytes_total(&self) -> u64 {
        let size_bytes = |found| match found {
            Found::File(file) => file.size_bytes,
            Found::Skipped | Found::Rejected(_) => 0,
        };
        walk(&self.inputs, self.format).map(size_bytes).sum()
    }
}

fn upsert(writer: &IndexWriter, article: &Article) -> Event {
    match writer.upsert(article) {
        Ok(upserted) => Event::Upserted(upserted, article.text.len() as u64),
        Err(error) if error.kind() == ErrorKind::Invalid => {
            Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
        }
        Err(error) => Event::Failed(error),
    }
}

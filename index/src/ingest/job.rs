//! The indexing job: one thread reads, some write articles, the caller's thread counts, commits and reports.
//! It does not know formats.
//!
//! Articles go to the writing threads over bounded queues, the same id always to the same thread and in order, so the
//! last copy of an article wins.

use std::hash::{Hash, Hasher};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use rustc_hash::FxHasher;

use super::budget::{Budget, Share};
use super::open::open;
use super::read::{Item, read};
use super::report::{IngestReport, NoteKind, Rejected};
use super::walk::{Found, unreadable, walk};
use super::{Format, Input};
use crate::article::{Article, ArticleId};
use crate::error::{Error, ErrorKind, Result};
use crate::writer::{IndexWriter, Upserted};

/// Article text on its way from the reading to the writing threads.
const MAX_BYTES_UNDER_WAY: usize = 64 << 20;
/// Articles waiting for one writing thread.
const QUEUE_ARTICLES: usize = 64;
const COMMIT_INTERVAL: Duration = Duration::from_secs(30);
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// A run over some input. See the [module](super) for an example.
#[derive(Debug, Clone)]
pub struct IngestJob {
    /// What to read, in this order.
    pub inputs: Vec<Input>,
    /// How to read it.
    pub format: Format,
    /// Articles after which what is done is made durable; half a minute does it too.
    pub commit_every: usize,
    /// Threads that analyse and write.
    pub threads: NonZeroUsize,
    /// Set to true, it ends the job early; what is done is committed.
    pub cancel: Arc<AtomicBool>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Bytes read from files, before decompression.
    pub bytes_read: u64,
    /// Bytes of all files, as far as they were there when the job began.
    pub bytes_total: u64,
    /// Articles done.
    pub articles: u64,
}

/// Told how far a job is, about ten times a second.
pub trait Progress: Sync {
    /// The job is here now.
    fn advanced(&self, now: Snapshot);
}

/// For callers that do not watch.
pub struct NoProgress;

impl Progress for NoProgress {
    fn advanced(&self, _: Snapshot) {}
}

/// An article on its way to a writing thread.
struct Parcel<'a> {
    article: Box<Article>,
    _share: Share<'a>,
}

/// What the threads tell the caller's.
enum Event {
    /// An article was written, with so many bytes of text.
    Upserted(Upserted, u64),
    Rejected(Rejected),
    Note(NoteKind, String),
    Skipped,
    File,
    /// The index failed: the job ends.
    Failed(Error),
}

impl IngestJob {
    /// A job over `inputs` with the usual settings.
    pub fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            format: Format::Auto,
            commit_every: 50_000,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            cancel: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Runs the job to its end. Bad input is a line of the report; an error means that the index failed.
    ///
    /// What was read is committed at the end, and also if the job was cancelled. `writer` is left to be finished.
    pub fn run(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let bytes_total = walk(&self.inputs, self.format).map(|found| size_bytes(&found)).sum();
        let bytes_read = AtomicU64::new(0);
        let budget = Budget::new(MAX_BYTES_UNDER_WAY);
        // Set when nothing more is to be read: the caller cancelled, or the index failed.
        let stop = AtomicBool::new(false);
        let mut report = IngestReport::default();
        let shared = RwLock::new(writer);
        let outcome = std::thread::scope(|scope| {
            let (events, incoming) = bounded(QUEUE_ARTICLES * self.threads.get());
            let mut queues = Vec::with_capacity(self.threads.get());
            for _ in 0..self.threads.get() {
                let (queue, parcels) = bounded(QUEUE_ARTICLES);
                let (events, shared, stop) = (events.clone(), &shared, &stop);
                scope.spawn(move || write_articles(&parcels, shared, &events, stop));
                queues.push(queue);
            }
            let reader = Reader { job: self, queues, events, budget: &budget, bytes_read: &bytes_read, stop: &stop };
            let reading = scope.spawn(move || reader.run());
            let now = |articles| Snapshot { bytes_read: bytes_read.load(Ordering::Relaxed), bytes_total, articles };
            self.attend(&incoming, &shared, &stop, &mut report, &|articles| progress.advanced(now(articles)))?;
            // A signal after the last article changes nothing: the job is whole.
            report.is_cancelled = !reading.join().unwrap_or_else(|panic| resume_unwind(panic));
            Ok(())
        });
        outcome?;
        shared.into_inner().unwrap_or_else(PoisonError::into_inner).commit()?;
        report.bytes_read = bytes_read.load(Ordering::Relaxed);
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Counts what happens and commits now and then, until all threads are done.
    fn attend(
        &self,
        incoming: &Receiver<Event>,
        writer: &RwLock<&mut IndexWriter>,
        stop: &AtomicBool,
        report: &mut IngestReport,
        advanced: &dyn Fn(u64),
    ) -> Result<()> {
        let mut failure = None;
        let (mut last_commit, mut last_progress, mut uncommitted) = (Instant::now(), Instant::now(), 0);
        loop {
            match incoming.recv_timeout(PROGRESS_INTERVAL) {
                Ok(Event::Upserted(Upserted::Indexed, bytes)) => {
                    report.indexed += 1;
                    report.text_bytes += bytes;
                    uncommitted += 1;
                }
                Ok(Event::Upserted(Upserted::Unchanged, bytes)) => {
                    report.unchanged += 1;
                    report.text_bytes += bytes;
                }
                Ok(Event::Rejected(rejected)) => report.reject(rejected),
                Ok(Event::Note(kind, example)) => report.note(kind, example),
                Ok(Event::Skipped) => report.skipped_files += 1,
                Ok(Event::File) => report.files += 1,
                Ok(Event::Failed(error)) => {
                    failure.get_or_insert(error);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.cancel.load(Ordering::Relaxed) {
                stop.store(true, Ordering::Relaxed);
            }
            let is_due = uncommitted >= self.commit_every.max(1) || last_commit.elapsed() >= COMMIT_INTERVAL;
            if uncommitted > 0 && is_due && failure.is_none() {
                // Waits for the articles that are being written; the others wait for it.
                if let Err(error) = writer.write().unwrap_or_else(PoisonError::into_inner).commit() {
                    stop.store(true, Ordering::Relaxed);
                    failure = Some(error);
                }
                (last_commit, uncommitted) = (Instant::now(), 0);
            }
            if last_progress.elapsed() >= PROGRESS_INTERVAL {
                advanced(report.articles());
                last_progress = Instant::now();
            }
        }
        advanced(report.articles());
        failure.map_or(Ok(()), Err)
    }
}

/// The reading thread.
struct Reader<'a> {
    job: &'a IngestJob,
    queues: Vec<Sender<Parcel<'a>>>,
    events: Sender<Event>,
    budget: &'a Budget,
    bytes_read: &'a AtomicU64,
    stop: &'a AtomicBool,
}

impl Reader<'_> {
    /// Whether everything was read.
    fn run(self) -> bool {
        for found in walk(&self.job.inputs, self.job.format) {
            if self.go_on().is_break() {
                return false;
            }
            let flow = match found {
                Found::Skipped => self.tell(Event::Skipped),
                Found::Rejected(rejected) => self.tell(Event::Rejected(rejected)),
                Found::File(file) => match open(&file, self.bytes_read) {
                    Ok(mut input) => match self.tell(Event::File) {
                        ControlFlow::Continue(()) => {
                            read(file.kind, &file.name, &mut *input, &mut |item| self.deliver(item))
                        }
                        gone => gone,
                    },
                    Err(error) => self.tell(Event::Rejected(Rejected::new(file.name, unreadable(&error)))),
                },
            };
            if flow.is_break() {
                return false;
            }
        }
        true
    }

    fn deliver(&self, item: Item) -> ControlFlow<()> {
        self.go_on()?;
        match item {
            Item::Rejected(rejected) => self.tell(Event::Rejected(rejected)),
            Item::Note(kind, example) => self.tell(Event::Note(kind, example)),
            Item::Article(article) => {
                let parcel = Parcel { _share: self.budget.take(article.text.len()), article };
                let queue = thread_for(&parcel.article.id, self.queues.len());
                match self.queues.get(queue).map(|queue| queue.send(parcel)) {
                    Some(Ok(())) => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                }
            }
        }
    }

    fn tell(&self, event: Event) -> ControlFlow<()> {
        if self.events.send(event).is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// A writing thread: until no article can come any more.
fn write_articles(
    parcels: &Receiver<Parcel<'_>>,
    writer: &RwLock<&mut IndexWriter>,
    events: &Sender<Event>,
    stop: &AtomicBool,
) {
    for parcel in parcels {
        let article = &parcel.article;
        let result = writer.read().unwrap_or_else(PoisonError::into_inner).upsert(article);
        let event = match result {
            Ok(upserted) => Event::Upserted(upserted, article.text.len() as u64),
            Err(error) if error.kind() == ErrorKind::Invalid => {
                Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
            }
            Err(error) => {
                stop.store(true, Ordering::Relaxed);
                Event::Failed(error)
            }
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

/// The thread that writes all copies of an article.
fn thread_for(id: &ArticleId, threads: usize) -> usize {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish() as usize % threads.max(1)
}

fn size_bytes(found: &Found) -> u64 {
    match found {
        Found::File(file) => file.size_bytes,
        Found::Skipped | Found::Rejected(_) => 0,
    }
}

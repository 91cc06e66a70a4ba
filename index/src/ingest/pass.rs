//! One pass over the input: one thread reads, several threads work on articles, and the calling
//! thread receives events. The caller supplies the work and handles the events.
//!
//! Articles reach the working threads over bounded queues. All copies of an article go to the same
//! thread, in reading order, so that thread receives the last copy last.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use parking_lot::Mutex;
use rustc_hash::FxHashSet;

use super::budget::Budget;
use super::event::Event;
use super::file_reader::{FileReader, QueuedArticle};
use super::ledger::ReadFile;
use super::read_cache::{CacheUse, ReadArticle};
use super::settings::PassSettings;
use super::unchanged_files::UnchangedFiles;
use crate::error::Result;
use crate::parallel::joined;
use crate::progress::{Phase, Progress, ProgressUpdate};

/// The maximum number of bytes of article text that is read but not yet processed.
const MAX_QUEUED_BYTES: usize = 64 << 20;
/// The maximum number of articles in one thread's queue. A full queue keeps its thread busy for
/// half a second while the reader waits for another thread.
const QUEUE_ARTICLES: usize = 512;
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The settings of a pass: what it reads, and who receives its progress.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    pub settings: PassSettings<'a>,
    pub phase: Phase,
    /// The size in bytes of all files to read: the total of the progress.
    pub bytes_total: u64,
    pub progress: &'a dyn Progress,
    /// The files that need not be read, because they have not changed.
    pub unchanged: &'a UnchangedFiles,
    /// How the pass uses the cache of read files.
    pub cache: CacheUse<'a>,
}

/// The outcome of a pass.
pub struct PassOutcome<W> {
    /// The workers, with the results they collected.
    pub workers: Vec<W>,
    /// Bytes read from files, before decompression.
    pub bytes_read: u64,
    /// The files that were read to their ends.
    pub files: Vec<ReadFile>,
    /// True if everything was read; false after a cancellation.
    pub is_complete: bool,
}

/// A file that was read to its end, with its index in the walk.
type IndexedFile = (u32, ReadFile);

impl Pass<'_> {
    /// Runs `work` on every article, with one thread for each worker.
    ///
    /// `on_event` receives every event, and `None` every 100 ms while there are no events. It
    /// returns the number of finished articles, for the progress. If it fails, the pass ends with
    /// its error.
    pub fn run<W: Send>(
        &self,
        mut workers: Vec<W>,
        work: impl Fn(&mut W, &ReadArticle) -> Event + Sync,
        mut on_event: impl FnMut(Option<Event>) -> Result<u64>,
    ) -> Result<PassOutcome<W>> {
        let bytes_read = AtomicU64::new(0);
        let budget = Budget::new(MAX_QUEUED_BYTES);
        // True when reading must stop: the caller cancelled, or the index failed.
        let stop = AtomicBool::new(false);
        // The next job reads these files again, so that it reports their rejections again.
        let files_with_rejections = Mutex::new(FxHashSet::default());
        let (is_complete, files) = std::thread::scope(|scope| {
            let (events, incoming) = bounded(QUEUE_ARTICLES * workers.len());
            let mut queues = Vec::with_capacity(workers.len());
            for worker in &mut workers {
                let (queue, articles) = bounded(QUEUE_ARTICLES);
                queues.push(queue);
                let thread = WorkingThread {
                    articles,
                    events: events.clone(),
                    stop: &stop,
                    files_with_rejections: &files_with_rejections,
                };
                let work = &work;
                scope.spawn(move || thread.run(|article| work(worker, article)));
            }
            let reader = FileReader {
                settings: self.settings,
                unchanged: self.unchanged,
                cache: self.cache,
                queues,
                events,
                budget: &budget,
                bytes_read: &bytes_read,
                stop: &stop,
            };
            let reading = scope.spawn(move || reader.run());
            self.forward_events(&incoming, &stop, &bytes_read, &mut on_event)?;
            // A cancellation after the last article changes nothing: the pass is complete.
            Ok(joined(reading))
        })?;
        Ok(PassOutcome {
            workers,
            bytes_read: bytes_read.into_inner(),
            files: unmarked(files, &files_with_rejections.into_inner()),
            is_complete,
        })
    }

    /// Passes events to `on_event` until all threads are done, and reports progress.
    fn forward_events(
        &self,
        incoming: &Receiver<Event>,
        stop: &AtomicBool,
        bytes_read: &AtomicU64,
        on_event: &mut dyn FnMut(Option<Event>) -> Result<u64>,
    ) -> Result<()> {
        let mut failure = None;
        let mut last_progress = Instant::now();
        let mut articles = 0;
        // This first report shows that the phase begins.
        self.report_progress(bytes_read, articles);
        loop {
            if self.settings.cancel.load(Ordering::Relaxed) {
                stop.store(true, Ordering::Relaxed);
            }
            let event = match incoming.recv_timeout(PROGRESS_INTERVAL) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if failure.is_none() {
                match on_event(event) {
                    Ok(finished) => articles = finished,
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        failure = Some(error);
                    }
                }
            }
            if last_progress.elapsed() >= PROGRESS_INTERVAL {
                self.report_progress(bytes_read, articles);
                last_progress = Instant::now();
            }
        }
        self.report_progress(bytes_read, articles);
        match failure {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn report_progress(&self, bytes_read: &AtomicU64, articles: u64) {
        self.progress.advanced(ProgressUpdate {
            phase: self.phase,
            done: bytes_read.load(Ordering::Relaxed),
            total: self.bytes_total,
            articles,
        });
    }
}

/// Removes the marks of files with a rejection, so that the next job reads these files again.
fn unmarked(files: Vec<IndexedFile>, with_rejections: &FxHashSet<u32>) -> Vec<ReadFile> {
    let mut unmarked = Vec::with_capacity(files.len());
    for (file_index, mut file) in files {
        if with_rejections.contains(&file_index) {
            file.mark = None;
        }
        unmarked.push(file);
    }
    unmarked
}

/// A thread that works on articles.
struct WorkingThread<'a> {
    articles: Receiver<QueuedArticle<'a>>,
    events: Sender<Event>,
    stop: &'a AtomicBool,
    files_with_rejections: &'a Mutex<FxHashSet<u32>>,
}

impl WorkingThread<'_> {
    /// Works on articles until the queue is closed.
    fn run(self, mut work: impl FnMut(&ReadArticle) -> Event) {
        for queued in self.articles {
            let event = work(&queued.article);
            if matches!(event, Event::Rejected(_)) {
                self.files_with_rejections.lock().insert(queued.file_index);
            }
            if matches!(event, Event::Failed(_)) {
                self.stop.store(true, Ordering::Relaxed);
            }
            if self.events.send(event).is_err() {
                return;
            }
        }
    }
}

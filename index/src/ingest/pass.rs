//! One pass over the input: one thread reads, several threads work on articles, and the calling
//! thread receives events. The caller supplies the work and handles the events.
//!
//! Articles reach the working threads over bounded queues. All copies of an article go to the same
//! thread, in reading order, so that thread receives the last copy last.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use parking_lot::Mutex;
use rustc_hash::FxHashSet;

use super::file_reader::{FileReader, QueuedArticle};
use super::{
    Budget, CacheUse, Event, IngestJob, IngestReport, Phase, Progress, ProgressUpdate, ReadArticle,
    ReadFile, UnchangedFiles,
};
use crate::Result;
use crate::parallel::joined;

/// The maximum number of bytes of article text that is read but not yet processed.
const MAX_QUEUED_BYTES: usize = 64 << 20;
/// The maximum number of articles in one thread's queue. A full queue keeps its thread busy for
/// half a second while the reader waits for another thread.
const QUEUE_ARTICLES: usize = 512;
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The settings of a pass: what it reads, and who receives its progress.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    pub job: &'a IngestJob,
    pub phase: Phase,
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

impl Pass<'_> {
    /// Runs `work` on every article, as [`run`](Self::run) does, and records the events in
    /// `report`.
    pub fn run_into<W: Send>(
        &self,
        workers: Vec<W>,
        work: impl Fn(&mut W, &ReadArticle) -> Event + Sync,
        report: &mut IngestReport,
    ) -> Result<PassOutcome<W>> {
        let mut counted = 0;
        self.run(workers, work, |event| {
            counted += u64::from(matches!(event, Some(Event::Counted)));
            if let Some(event) = event {
                report.record(event)?;
            }
            Ok(counted + report.articles())
        })
    }

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
        // These files get no mark: the next job reads them again and reports their rejections.
        let files_with_rejections = Mutex::new(FxHashSet::default());
        let (is_complete, files) = std::thread::scope(|scope| {
            let (events, incoming) = bounded(QUEUE_ARTICLES * workers.len());
            let mut queues = Vec::with_capacity(workers.len());
            for worker in &mut workers {
                let (queue, articles) = bounded::<QueuedArticle<'_>>(QUEUE_ARTICLES);
                queues.push(queue);
                let events = events.clone();
                let (work, stop, files_with_rejections) = (&work, &stop, &files_with_rejections);
                scope.spawn(move || {
                    for queued in articles {
                        let event = work(worker, &queued.article);
                        if matches!(event, Event::Rejected(_)) {
                            files_with_rejections.lock().insert(queued.file_index);
                        }
                        if matches!(event, Event::Failed(_)) {
                            stop.store(true, Relaxed);
                        }
                        if events.send(event).is_err() {
                            return;
                        }
                    }
                });
            }
            let reader = FileReader {
                job: self.job,
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
        let files_with_rejections = files_with_rejections.into_inner();
        let unmarked = |(file_index, mut file): (u32, ReadFile)| {
            if files_with_rejections.contains(&file_index) {
                (file.mark, file.has_rejections) = (None, true);
                file.replaced_ids.clear();
            }
            file
        };
        Ok(PassOutcome {
            workers,
            bytes_read: bytes_read.into_inner(),
            files: files.into_iter().map(unmarked).collect(),
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
            if self.job.cancel.load(Relaxed) {
                stop.store(true, Relaxed);
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
                        stop.store(true, Relaxed);
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
        failure.map_or(Ok(()), Err)
    }

    fn report_progress(&self, bytes_read: &AtomicU64, articles: u64) {
        self.progress.advanced(ProgressUpdate {
            phase: self.phase,
            done: bytes_read.load(Relaxed),
            total: self.unchanged.changed_bytes,
            articles,
        });
    }
}

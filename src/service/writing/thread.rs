//! The thread that writes for all requests. It opens the index only while there is something to
//! write, and closes it when an indexing job waits for it. Requests that arrive together share one
//! commit. An answer means that the changes are durable.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use fihrist_index::{Error, IndexWriter, LockWait, WriterTurn, in_turn};
use tokio::sync::oneshot;

use super::budget::Share;
use super::changes::{Change, Outcome, apply};
use crate::service::{Metrics, OpenIndex};

/// The index is closed after this time without a request.
const IDLE: Duration = Duration::from_secs(2);

/// How often an idle thread checks whether a job waits for the index.
const TICK: Duration = Duration::from_millis(100);

/// A group of requests is complete if no further request arrives for this time.
const GROUP_GAP: Duration = Duration::from_millis(10);
/// A group is also complete this time after its first request.
const MAX_DELAY: Duration = Duration::from_secs(1);
/// A group is also complete at this number of changes, so that a commit stays short.
const MAX_CHANGES: usize = 100_000;

/// The changes of one request.
pub struct Work {
    pub changes: Vec<Change>,
    /// Whether the answer waits until searches see the changes.
    pub refreshes: bool,
    /// The share of the memory budget that the request holds until it is answered.
    #[expect(dead_code, reason = "dropping it returns the memory")]
    pub share: Share,
    pub answer: oneshot::Sender<Answer>,
}

/// The outcomes of the changes of a request. The error is shared by all requests of a group.
pub type Answer = Result<Vec<Outcome>, Arc<Error>>;

impl Work {
    /// Answers the request, and returns its share of the memory budget.
    fn answer(self, answer: Answer) {
        // Sending fails if the client disconnected, which is ignored.
        drop(self.answer.send(answer));
    }
}

/// A message to the writer thread.
pub enum Message {
    /// Changes to write.
    Work(Work),
    /// No more changes follow: commit and end.
    Stop,
}

/// The thread that writes to the index, and refreshes it for requests that ask for it.
pub struct WriterThread {
    pub index: Arc<OpenIndex>,
    pub messages: Receiver<Message>,
    /// The writer is open while there is something to write, and a short time afterwards.
    pub writer: Option<IndexWriter>,
    /// How long requests wait while another process holds the index.
    pub busy_timeout: Duration,
    pub metrics: Arc<Metrics>,
}

/// A request whose changes are applied but not committed, with the outcomes of its changes.
type Written = (Work, Vec<Outcome>);

impl WriterThread {
    /// Runs until it receives `Stop`.
    pub fn run(mut self) {
        let mut last_write = Instant::now();
        loop {
            let message = if self.writer.is_some() {
                self.messages.recv_timeout(TICK)
            } else {
                self.messages
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected)
            };
            match message {
                Ok(Message::Work(first)) => {
                    match catch_unwind(AssertUnwindSafe(|| self.write_group(first))) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => break,
                        Err(_) => {
                            // The requests of the group receive an error. Uncommitted changes are
                            // dropped with the writer.
                            self.writer = None;
                            tracing::error!("writing panicked; uncommitted changes are dropped");
                        }
                    }
                    last_write = Instant::now();
                    self.give_way();
                }
                Err(RecvTimeoutError::Timeout) if last_write.elapsed() >= IDLE => self.close(),
                Err(RecvTimeoutError::Timeout) => self.give_way(),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Applies and commits the changes of a group of requests, and answers the requests. Returns
    /// `Break` if the thread must stop.
    fn write_group(&mut self, first: Work) -> ControlFlow<()> {
        // The group begins when the index is open: opening may wait for the end of a job.
        if !first.answer.is_closed()
            && let Err(error) = self.open()
        {
            return self.fail(vec![(first, Vec::new())], error);
        }
        let started = Instant::now();
        let mut written: Vec<Written> = Vec::new();
        let mut next = Some(first);
        let mut flow = ControlFlow::Continue(());
        let mut changes = 0;
        while let Some(work) = next.take() {
            // A client that disconnected would not learn the outcome, so its changes are skipped.
            if !work.answer.is_closed() {
                match self.open().and_then(|writer| apply(writer, &work.changes)) {
                    Ok(outcomes) => {
                        changes += outcomes
                            .iter()
                            .filter(|outcome| outcome.has_written())
                            .count();
                        written.push((work, outcomes));
                    }
                    Err(error) => {
                        written.push((work, Vec::new()));
                        return self.fail(written, error);
                    }
                }
            }
            let is_urgent = written.last().is_some_and(|(work, _)| work.refreshes);
            if started.elapsed() < MAX_DELAY && changes < MAX_CHANGES {
                let gap = if is_urgent { Duration::ZERO } else { GROUP_GAP };
                match self.messages.recv_timeout(gap) {
                    Ok(Message::Work(work)) => next = Some(work),
                    Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                        flow = ControlFlow::Break(())
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
        }
        if changes > 0 {
            let committing = Instant::now();
            // The writer is open, because there were changes.
            if let Some(Err(error)) = self.writer.as_mut().map(IndexWriter::commit) {
                return self.fail(written, error);
            }
            let duration = committing.elapsed();
            self.metrics.committed(duration);
            let duration_ms = (duration.as_secs_f64() * 1_000.0).round();
            tracing::info!(requests = written.len(), changes, duration_ms, "committed");
        }
        self.answer(written);
        flow
    }

    /// Opens the index. Fails if another process still holds it after the wait.
    fn open(&mut self) -> Result<&mut IndexWriter, Error> {
        let location = &self.index.location;
        let wait = LockWait {
            time_limit: self.busy_timeout,
            cancel: &AtomicBool::new(false),
            on_wait: &|busy| tracing::info!("requests to write wait: {busy}"),
        };
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => in_turn(location, &wait, || IndexWriter::open(location))?,
        };
        Ok(self.writer.insert(writer))
    }

    /// Closes the index if a job waits for it. Only merges that are running delay the job.
    fn give_way(&mut self) {
        if let Some(writer) = &mut self.writer
            && WriterTurn::is_awaited(&self.index.location)
        {
            writer.stop_merging();
            self.close();
        }
    }

    fn answer(&self, written: Vec<Written>) {
        let (waiting, done): (Vec<_>, Vec<_>) =
            written.into_iter().partition(|(work, _)| work.refreshes);
        let answer = |(work, outcomes): Written| work.answer(Ok(outcomes));
        done.into_iter().for_each(answer);
        if waiting.is_empty() {
            return;
        }
        match self.index.catch_up().map_err(Arc::new) {
            Ok(()) => waiting.into_iter().for_each(answer),
            Err(error) => {
                for (work, _) in waiting {
                    work.answer(Err(Arc::clone(&error)));
                }
            }
        }
    }

    /// Answers all requests of the group with the error. Requests in the queue receive it as well,
    /// because they would fail in the same way after waiting.
    fn fail(&mut self, group: Vec<Written>, error: Error) -> ControlFlow<()> {
        // Uncommitted changes are dropped with the writer.
        self.writer = None;
        let error = Arc::new(error);
        for (work, _) in group {
            work.answer(Err(Arc::clone(&error)));
        }
        loop {
            match self.messages.try_recv() {
                Ok(Message::Work(work)) => work.answer(Err(Arc::clone(&error))),
                Ok(Message::Stop) => return ControlFlow::Break(()),
                Err(_) => return ControlFlow::Continue(()),
            }
        }
    }

    /// Closes the index. Segments may be merged first, but no request waits for that.
    fn close(&mut self) {
        let Some(writer) = self.writer.take() else {
            return;
        };
        let finish = move || match writer.finish() {
            Ok(()) => tracing::debug!("closed the index"),
            Err(error) => {
                tracing::error!(
                    cause = error.to_string(),
                    "cannot merge segments after writing"
                )
            }
        };
        let thread = std::thread::Builder::new().name("writer-end".to_owned());
        if let Err(error) = thread.spawn(finish) {
            tracing::warn!(
                cause = error.to_string(),
                "closed the index without merging its segments"
            );
        }
    }
}

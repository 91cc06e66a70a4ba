//! The thread that writes for all requests. It opens the index only while there is something to
//! write, so that indexing jobs can open it at other times. Requests that arrive together share one
//! commit. An answer means that the changes are durable.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use fihrist_index::{Error, ErrorKind, IndexWriter};
use tokio::sync::oneshot;

use super::budget::Share;
use super::changes::{Change, Outcome, apply};
use crate::service::metrics::Metrics;
use crate::service::open_index::OpenIndex;

/// The index is closed after this time without a request.
const IDLE: Duration = Duration::from_secs(2);

/// How long a request waits while another process holds the index. This is long enough for the end
/// of a small job.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_millis(20);

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
    pub answer: oneshot::Sender<Result<Vec<Outcome>, Arc<Error>>>,
}

/// A message to the writer thread.
pub enum Message {
    /// Changes to write.
    Work(Work),
    /// No more changes follow: commit and end.
    Stop,
}

/// The state of the writer thread.
pub struct WriterThread {
    index: OpenIndex,
    messages: Receiver<Message>,
    /// The writer is open while there is something to write, and a short time afterwards.
    writer: Option<IndexWriter>,
    metrics: Metrics,
}

/// A request whose changes are applied but not committed.
struct Written {
    work: Work,
    outcomes: Vec<Outcome>,
}

impl WriterThread {
    /// Creates a thread that writes to the index and refreshes it for requests that ask for it.
    pub fn new(index: OpenIndex, messages: Receiver<Message>, metrics: Metrics) -> Self {
        Self {
            index,
            messages,
            writer: None,
            metrics,
        }
    }

    /// Runs until it receives `Stop`.
    pub fn run(mut self) {
        loop {
            let message = if self.writer.is_some() {
                self.messages.recv_timeout(IDLE)
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
                }
                Err(RecvTimeoutError::Timeout) => self.close(),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Applies and commits the changes of a group of requests, and answers the requests. Returns
    /// `Break` if the thread must stop.
    fn write_group(&mut self, first: Work) -> ControlFlow<()> {
        let started = Instant::now();
        let mut written = Vec::new();
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
                        written.push(Written { work, outcomes });
                    }
                    Err(error) => {
                        return self
                            .fail(written.into_iter().map(|one| one.work).chain([work]), error);
                    }
                }
            }
            let is_urgent = written.last().is_some_and(|one| one.work.refreshes);
            if started.elapsed() < MAX_DELAY && changes < MAX_CHANGES {
                match self
                    .messages
                    .recv_timeout(if is_urgent { Duration::ZERO } else { GROUP_GAP })
                {
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
                return self.fail(written.into_iter().map(|one| one.work), error);
            }
            let duration = committing.elapsed();
            self.metrics.committed(duration);
            let duration_ms = (duration.as_secs_f64() * 1_000.0).round();
            tracing::info!(requests = written.len(), changes, duration_ms, "committed");
        }
        self.answer(written);
        flow
    }

    /// Opens the index. Fails if another process still holds it after a short wait.
    fn open(&mut self) -> Result<&mut IndexWriter, Error> {
        let started = Instant::now();
        if self.writer.is_none() {
            self.writer = loop {
                match IndexWriter::open(self.index.location()) {
                    Ok(writer) => break Some(writer),
                    Err(error)
                        if error.kind() == ErrorKind::Busy && started.elapsed() < BUSY_TIMEOUT =>
                    {
                        std::thread::sleep(RETRY);
                    }
                    Err(error) => return Err(error),
                }
            };
        }
        Ok(self.writer.as_mut().expect("it was opened above"))
    }

    fn answer(&self, written: Vec<Written>) {
        let (waiting, done): (Vec<_>, Vec<_>) =
            written.into_iter().partition(|one| one.work.refreshes);
        // Sending fails if the client disconnected, which is ignored.
        let answer = |Written { work, outcomes }| drop(work.answer.send(Ok(outcomes)));
        done.into_iter().for_each(answer);
        if waiting.is_empty() {
            return;
        }
        match self.index.catch_up() {
            Ok(()) => waiting.into_iter().for_each(answer),
            Err(error) => {
                let error = Arc::new(error);
                waiting
                    .into_iter()
                    .for_each(|one| drop(one.work.answer.send(Err(Arc::clone(&error)))));
            }
        }
    }

    /// Answers all requests of the group with the error. Requests in the queue receive it as well,
    /// because they would fail in the same way after waiting.
    fn fail(&mut self, group: impl Iterator<Item = Work>, error: Error) -> ControlFlow<()> {
        // Uncommitted changes are dropped with the writer.
        self.writer = None;
        let error = Arc::new(error);
        let send_error = |work: Work| drop(work.answer.send(Err(Arc::clone(&error))));
        group.for_each(send_error);
        loop {
            match self.messages.try_recv() {
                Ok(Message::Work(work)) => send_error(work),
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
        if let Err(error) = std::thread::Builder::new()
            .name("writer-end".to_owned())
            .spawn(finish)
        {
            tracing::warn!(
                cause = error.to_string(),
                "closed the index without merging its segments"
            );
        }
    }
}

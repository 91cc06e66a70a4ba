//! The thread that writes for all requests. It opens the index when there is something to write, so that indexing jobs
//! find it free at other times; what requests want at the same time shares one commit. An answer means that it is
//! durable.

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

/// After so long without a request, the index is let go.
const IDLE: Duration = Duration::from_secs(2);

/// How long a request waits for whoever else is writing: long enough for the end of a small job.
const PATIENCE: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_millis(20);

/// A group of requests is complete when no other has come for so long…
const QUIET: Duration = Duration::from_millis(10);
/// …or so long after the first…
const MAX_DELAY: Duration = Duration::from_secs(1);
/// …or with so many changes, so that a commit does not take for ever.
const MAX_CHANGES: usize = 100_000;

/// What a request wants to be written.
pub struct Work {
    pub changes: Vec<Change>,
    /// Whether the answer waits until searches see it.
    pub refreshes: bool,
    /// Keeps its share of the memory until it is done.
    #[expect(dead_code, reason = "gives the memory back when it is dropped")]
    pub share: Share,
    pub answer: oneshot::Sender<Result<Vec<Outcome>, Arc<Error>>>,
}

/// What the thread hears.
pub enum Message {
    /// Something to write.
    Work(Work),
    /// Nothing more comes: commit what is there, and end.
    Stop,
}

/// What the thread has.
pub struct WriterThread {
    index: OpenIndex,
    messages: Receiver<Message>,
    /// Open while there is something to write, and a while after.
    writer: Option<IndexWriter>,
    metrics: Metrics,
}

/// A request that is written and not committed.
struct Written {
    work: Work,
    outcomes: Vec<Outcome>,
}

impl WriterThread {
    /// Writes to the index, which is brought up to date for those who wait for that.
    pub fn new(index: OpenIndex, messages: Receiver<Message>, metrics: Metrics) -> Self {
        Self {
            index,
            messages,
            writer: None,
            metrics,
        }
    }

    /// Runs until it is told to stop.
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
                            // Its requests are told. What was not committed goes with the writer.
                            self.writer = None;
                            tracing::error!("writing panicked; what was not committed is dropped");
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.let_go(),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Writes what the first request and those after it want, and answers them. Breaks if the thread is to stop.
    fn write_group(&mut self, first: Work) -> ControlFlow<()> {
        let started = Instant::now();
        let mut written = Vec::new();
        let (mut next, mut flow, mut changes) = (Some(first), ControlFlow::Continue(()), 0);
        while let Some(work) = next.take() {
            // Who has gone away would not learn what became of it.
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
                    .recv_timeout(if is_urgent { Duration::ZERO } else { QUIET })
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
            // Whoever has written has opened it.
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

    /// Opens the index, or says who has it after a moment of waiting.
    fn open(&mut self) -> Result<&mut IndexWriter, Error> {
        let started = Instant::now();
        if self.writer.is_none() {
            self.writer = loop {
                match IndexWriter::open(self.index.location()) {
                    Ok(writer) => break Some(writer),
                    Err(error)
                        if error.kind() == ErrorKind::Busy && started.elapsed() < PATIENCE =>
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
        // Who has gone away does not hear it.
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

    /// Tells all that nothing of theirs was written, and those who wait in line as well: they would fare no better, and
    /// each would wait for it.
    fn fail(&mut self, group: impl Iterator<Item = Work>, error: Error) -> ControlFlow<()> {
        // What was written and not committed goes with the writer.
        self.writer = None;
        let error = Arc::new(error);
        let tell = |work: Work| drop(work.answer.send(Err(Arc::clone(&error))));
        group.for_each(tell);
        loop {
            match self.messages.try_recv() {
                Ok(Message::Work(work)) => tell(work),
                Ok(Message::Stop) => return ControlFlow::Break(()),
                Err(_) => return ControlFlow::Continue(()),
            }
        }
    }

    /// Leaves the index to others. Segments may be merged until then, which nobody should wait for here.
    fn let_go(&mut self) {
        let Some(writer) = self.writer.take() else {
            return;
        };
        let finish = move || match writer.finish() {
            Ok(()) => tracing::debug!("let go of the index"),
            Err(error) => {
                tracing::error!(cause = error.to_string(), "cannot tidy up after writing")
            }
        };
        if let Err(error) = std::thread::Builder::new()
            .name("writer-end".to_owned())
            .spawn(finish)
        {
            tracing::warn!(
                cause = error.to_string(),
                "let go of the index without merging its segments"
            );
        }
    }
}

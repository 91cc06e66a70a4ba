//! Writes articles for requests: one thread applies the changes of all requests, within a memory
//! budget. Permissions are checked in `http::auth`.

mod budget;
mod changes;
mod thread;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use anyhow::Context;
use tokio::sync::oneshot;

use crate::service::error::ApiError;
use crate::service::metrics::{Ingested, Metrics};
use crate::service::open_index::OpenIndex;
use budget::Budget;
pub use budget::Share;
pub use changes::{Change, Outcome};
use thread::{Message, Work, WriterThread};

/// Number of requests that may wait for the writer. More requests indicate an overloaded machine.
const QUEUE_REQUESTS: usize = 1_024;

/// Number of bodies of the maximum size that fit into the memory budget.
const BODIES_AT_A_TIME: usize = 4;

/// The queue of the writer thread.
pub struct WriteQueue {
    queue: SyncSender<Message>,
    /// Number of requests in the queue; the channel does not report it.
    queued: Arc<AtomicUsize>,
    budget: Budget,
    max_body_bytes: usize,
    metrics: Metrics,
}

/// The handle that ends the writer thread.
pub struct WriterHandle {
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
}

impl WriteQueue {
    /// Starts the writer thread. Returns its queue, and the handle that ends it.
    pub fn start(
        index: OpenIndex,
        max_body_bytes: usize,
        metrics: Metrics,
    ) -> anyhow::Result<(Self, WriterHandle)> {
        let (queue, messages) = sync_channel(QUEUE_REQUESTS);
        let writer = WriterThread::new(index, messages, metrics.clone());
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .context("cannot start the writer thread")?;
        let budget = Budget::new(max_body_bytes.saturating_mul(BODIES_AT_A_TIME));
        let queued = Arc::default();
        Ok((
            Self {
                queue: queue.clone(),
                queued,
                budget,
                max_body_bytes,
                metrics,
            },
            WriterHandle { queue, thread },
        ))
    }

    /// Returns how many requests wait until their changes are written.
    pub fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// Returns the maximum size of a body, in bytes.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    /// Returns an empty share of the memory budget.
    pub fn share(&self) -> Share {
        self.budget.share()
    }

    fn count(&self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            let result = match outcome {
                Outcome::Created => Ingested::Created,
                Outcome::Updated => Ingested::Updated,
                Outcome::Unchanged => Ingested::Unchanged,
                Outcome::Rejected(_) => Ingested::Rejected,
                Outcome::Deleted => Ingested::Deleted,
                Outcome::Absent => continue,
            };
            self.metrics.ingested(result, 1);
        }
    }

    /// Makes all changes durable, or none of them. With `refreshes`, it also waits until searches
    /// see them.
    pub async fn write(
        &self,
        changes: Vec<Change>,
        refreshes: bool,
        share: Share,
    ) -> Result<Vec<Outcome>, ApiError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let _queued = Queued::begin(&self.queued);
        let work = Work {
            changes,
            refreshes,
            share,
            answer,
        };
        self.queue
            .try_send(Message::Work(work))
            .map_err(|error| match error {
                TrySendError::Full(_) => ApiError::Busy,
                TrySendError::Disconnected(_) => {
                    ApiError::internal("write", "the writer thread has ended")
                }
            })?;
        match answered.await {
            Ok(outcome) => outcome
                .map_err(ApiError::from_shared)
                .inspect(|outcomes| self.count(outcomes)),
            Err(_) => Err(ApiError::internal(
                "write",
                "the writer thread dropped the request",
            )),
        }
    }
}

/// Counts as one waiting request until it is dropped.
struct Queued(Arc<AtomicUsize>);

impl Queued {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl WriterHandle {
    /// Waits until all queued changes are committed.
    pub fn finish(self) {
        // If the thread has already ended, it cannot receive the message.
        let _not_there = self.queue.send(Message::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the writer thread has panicked");
        }
    }
}

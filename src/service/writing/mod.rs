//! Writing for requests: one thread writes for all of them, in bounded memory. Who may write is decided in `http::auth`.

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

/// Requests that wait for the writer; more than may run at a time on any machine that is not overrun.
const QUEUE_REQUESTS: usize = 1_024;

/// Bodies of the largest size that are worked on at a time.
const BODIES_AT_A_TIME: usize = 4;

/// The way to the thread that writes.
pub struct Writing {
    queue: SyncSender<Message>,
    /// Requests in the queue, which cannot say itself how long it is.
    queued: Arc<AtomicUsize>,
    budget: Budget,
    max_body_bytes: usize,
    metrics: Metrics,
}

/// Ends the thread that writes.
pub struct Ending {
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
}

impl Writing {
    /// Starts the thread that writes to the index; the way to it, and the way to end it.
    pub fn start(
        index: OpenIndex,
        max_body_bytes: usize,
        metrics: Metrics,
    ) -> anyhow::Result<(Self, Ending)> {
        let (queue, messages) = sync_channel(QUEUE_REQUESTS);
        let writer = WriterThread::new(index, messages, metrics.clone());
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .context("cannot start the thread that writes")?;
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
            Ending { queue, thread },
        ))
    }

    /// How many requests wait for what they have sent to be written.
    pub fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// The largest body of a request that writes, in bytes.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    /// A share of the memory for bodies, of nothing yet.
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

    /// Makes the changes durable, all or none of them; `refreshes` if searches are to see them as well.
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
                    ApiError::internal("write", "the thread that writes has ended")
                }
            })?;
        match answered.await {
            Ok(outcome) => outcome
                .map_err(ApiError::from_shared)
                .inspect(|outcomes| self.count(outcomes)),
            Err(_) => Err(ApiError::internal(
                "write",
                "the thread that writes gave the work up",
            )),
        }
    }
}

/// A request whose articles are not written yet, until dropped.
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

impl Ending {
    /// Waits until what is queued is committed.
    pub fn finish(self) {
        // The thread may be gone already.
        let _not_there = self.queue.send(Message::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that writes has panicked");
        }
    }
}

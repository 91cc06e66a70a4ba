//! Writes articles for requests: one thread applies the changes of all requests, within a memory
//! budget. Permissions are checked in `http::auth`.

mod budget;
mod changes;
mod thread;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{JoinHandle, available_parallelism};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{Semaphore, oneshot};

use budget::Budget;
pub use budget::Share;
pub use changes::{Change, Outcome};
use thread::{Message, Work, WriterThread};

use super::pool::{Waiting, on_blocking_thread};
use super::{ApiError, Memory, Metrics, OpenIndex};

/// Number of requests that may wait for the writer. More requests indicate an overloaded machine.
const QUEUE_REQUESTS: usize = 1_024;

/// Number of bodies of the maximum size that fit into the memory budget.
const BODIES_AT_A_TIME: usize = 4;

/// Requests wait this part of the write timeout while a job holds the index. The rest is for
/// receiving the body and for writing.
const BUSY_PARTS: u32 = 3;

/// The queue of the writer thread.
pub struct WriteQueue {
    queue: SyncSender<Message>,
    /// Number of requests in the queue; the channel does not report it.
    queued: AtomicUsize,
    budget: Budget,
    /// Limits how many bodies are read at the same time, so that searches find free cores.
    readers: Arc<Semaphore>,
    /// Maximum size of a body, in bytes.
    pub max_body_bytes: usize,
    metrics: Arc<Metrics>,
}

/// The handle that ends the writer thread.
pub struct WriterHandle {
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
}

impl WriteQueue {
    /// Starts the writer thread. Returns its queue, and the handle that ends it.
    pub fn start(
        index: Arc<OpenIndex>,
        max_body_bytes: usize,
        write_timeout: Duration,
        memory: Memory,
        metrics: Arc<Metrics>,
    ) -> anyhow::Result<(Self, WriterHandle)> {
        let (queue, messages) = sync_channel(QUEUE_REQUESTS);
        let writer = WriterThread {
            index,
            messages,
            writer: None,
            busy_timeout: write_timeout / BUSY_PARTS,
            metrics: Arc::clone(&metrics),
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .context("cannot start the writer thread")?;
        let write_queue = Self {
            queue: queue.clone(),
            queued: AtomicUsize::new(0),
            budget: Budget::new(max_body_bytes, BODIES_AT_A_TIME, memory),
            readers: Arc::new(Semaphore::new(half_of_the_cores())),
            max_body_bytes,
            metrics,
        };
        Ok((write_queue, WriterHandle { queue, thread }))
    }

    /// Returns how many requests wait until their changes are written.
    pub fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// Returns an empty share of the memory budget.
    pub fn share(&self) -> Share {
        self.budget.share()
    }

    /// Runs `read`, which reads a received body, on a blocking thread. It may wait until other bodies
    /// are read.
    pub async fn read_body<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = Arc::clone(&self.readers).acquire_owned().await;
        let permit = permit.map_err(|closed| ApiError::internal("read a body", closed))?;
        on_blocking_thread("read a body", move || {
            // Reading goes on if the request is cancelled, and keeps its permit until it ends.
            let _permit = permit;
            read()
        })
        .await
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
        let _queued = Waiting::begin(&self.queued);
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
        let outcomes = answered
            .await
            .map_err(|_| ApiError::internal("write", "the writer thread dropped the request"))?
            .map_err(ApiError::from_shared)?;
        for outcome in outcomes.iter().filter(|one| **one != Outcome::Absent) {
            self.metrics.ingested(outcome.name(), 1);
        }
        Ok(outcomes)
    }
}

fn half_of_the_cores() -> usize {
    (available_parallelism().map_or(1, usize::from) / 2).max(1)
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

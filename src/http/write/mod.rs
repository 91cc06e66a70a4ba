//! Writing over HTTP: bodies are read in bounded memory, and one thread writes for all requests. Who may write is
//! decided in `auth`.

mod body;
mod budget;
mod changes;
mod lines;
pub mod routes;
mod thread;

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use anyhow::Context;
use fihrist_index::Error;
use tokio::sync::oneshot;

use super::error::ApiError;
use super::open_index::OpenIndex;
use budget::{Budget, Share};
pub use changes::{Change, Outcome};
use thread::{Message, WriterThread};

/// Requests that wait for the writer; more than may run at a time on any machine that is not overrun.
const QUEUE_REQUESTS: usize = 1_024;

/// Bodies of the largest size that are worked on at a time.
const BODIES_AT_A_TIME: usize = 4;

/// The way to the thread that writes.
pub struct Writing {
    queue: SyncSender<Message>,
    budget: Budget,
    max_body_bytes: usize,
}

/// What a request wants to be written.
struct Work {
    changes: Vec<Change>,
    /// Whether the answer waits until searches see it.
    refreshes: bool,
    /// Keeps its share of the memory until it is done.
    _share: Share,
    answer: oneshot::Sender<Result<Vec<Outcome>, Arc<Error>>>,
}

/// Ends the thread that writes.
pub struct Ending {
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
}

impl Writing {
    /// Starts the thread that writes to the index; the way to it, and the way to end it.
    pub fn start(index: OpenIndex, max_body_bytes: usize) -> anyhow::Result<(Self, Ending)> {
        let (queue, messages) = sync_channel(QUEUE_REQUESTS);
        let writer = WriterThread::new(index, messages);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .context("cannot start the thread that writes")?;
        let budget = Budget::new(max_body_bytes.saturating_mul(BODIES_AT_A_TIME));
        Ok((Self { queue: queue.clone(), budget, max_body_bytes }, Ending { queue, thread }))
    }

    /// Makes the changes durable, all or none of them; `refreshes` if searches are to see them as well.
    async fn write(&self, changes: Vec<Change>, refreshes: bool, share: Share) -> Result<Vec<Outcome>, ApiError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let work = Work { changes, refreshes, _share: share, answer };
        self.queue.try_send(Message::Work(work)).map_err(|error| match error {
            TrySendError::Full(_) => ApiError::Busy,
            TrySendError::Disconnected(_) => ApiError::internal("write", "the thread that writes has ended"),
        })?;
        match answered.await {
            Ok(outcome) => outcome.map_err(ApiError::from_shared),
            Err(_) => Err(ApiError::internal("write", "the thread that writes gave the work up")),
        }
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

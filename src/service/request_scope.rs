//! What one request may take: memory, bytes of its answer, and the quota of its client. All calls
//! of the engine for a request share one scope. A request without a scope has no limits.

use std::sync::Arc;

use fihrist_index::AnswerLimit;
use parking_lot::Mutex;

use super::Result;
use super::limits::limits;
use super::memory::{Charge, Memory};

tokio::task_local! {
    static CURRENT: RequestScope;
}

/// Counts further work of a request towards the quota of its client, or fails.
pub type Quota = Box<dyn Fn(u32) -> Result<()> + Send + Sync>;

/// The scope of one request. Clones share it.
#[derive(Clone)]
pub struct RequestScope(Arc<State>);

struct State {
    answer: AnswerLimit,
    charge: Option<Mutex<Charge>>,
    quota: Option<Quota>,
}

impl RequestScope {
    /// Returns the scope of a request that has just arrived.
    pub fn new(memory: &Memory, quota: Option<Quota>) -> Self {
        Self(Arc::new(State {
            answer: AnswerLimit::new(limits().answer_bytes),
            charge: Some(Mutex::new(memory.charge())),
            quota,
        }))
    }

    /// Runs a part of the request in this scope.
    pub async fn run<T>(&self, part: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), part).await
    }

    /// Returns the scope of the request that runs in this task.
    pub fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_else(|_| {
            Self(Arc::new(State {
                answer: AnswerLimit::default(),
                charge: None,
                quota: None,
            }))
        })
    }

    /// Returns the limit of the answer, which all calls of the request share.
    pub fn answer(&self) -> AnswerLimit {
        self.0.answer.clone()
    }

    /// Counts further requests towards the quota of the client: a request of several searches, or
    /// of a costly one, counts as several. Fails if the quota does not allow them.
    pub fn count_more(&self, requests: usize) -> Result<()> {
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        match &self.0.quota {
            Some(quota) if requests > 0 => quota(requests),
            Some(_) | None => Ok(()),
        }
    }

    /// Adds to the memory that the request takes. Fails if the memory of the server does not allow
    /// it.
    pub fn grow(&self, bytes: usize) -> Result<()> {
        match &self.0.charge {
            Some(charge) => charge.lock().grow(bytes),
            None => Ok(()),
        }
    }

    /// Reserves memory for a call, until the request and its calls end. Calls of one request follow
    /// each other, so they share the memory. Fails if the memory of the server does not allow it.
    pub fn reserve(&self, bytes: usize) -> Result<()> {
        match &self.0.charge {
            Some(charge) => charge.lock().raise_to(bytes),
            None => Ok(()),
        }
    }
}

//! Limits the memory of requests that write: of each request, of all of them together, and of the
//! server. The unit is bytes.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::service::memory::{Charge, Memory};
use crate::service::{ApiError, Result};

/// A request may take this many times the maximum size of a body: the body as received, its longest
/// line, and the changes that were read from it.
const BODY_FACTOR: usize = 3;

/// The memory budget that all request bodies share.
#[derive(Clone)]
pub struct Budget {
    all: Arc<Semaphore>,
    max_share: usize,
    memory: Memory,
}

/// The bytes of the budget that one request uses. Clones share it; dropping the last one returns
/// the bytes.
#[derive(Clone)]
pub struct Share(Arc<Mutex<Taken>>);

struct Taken {
    permit: OwnedSemaphorePermit,
    charge: Charge,
    max_bytes: usize,
}

impl Budget {
    /// Creates a budget for a number of bodies of the maximum size.
    pub fn new(max_body_bytes: usize, bodies: usize, memory: Memory) -> Self {
        let bytes = max_body_bytes.saturating_mul(bodies);
        Self {
            all: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            max_share: max_body_bytes.saturating_mul(BODY_FACTOR),
            memory,
        }
    }

    /// Returns an empty share.
    pub fn share(&self) -> Share {
        let permit = Arc::clone(&self.all).try_acquire_many_owned(0);
        Share(Arc::new(Mutex::new(Taken {
            permit: permit
                .expect("the semaphore is never closed, and no bytes are always available"),
            charge: self.memory.charge(),
            max_bytes: self.max_share,
        })))
    }
}

impl Share {
    /// Returns a share of a large budget of its own.
    #[cfg(test)]
    pub fn unlimited() -> Self {
        Budget::new(1 << 30, 1, Memory::new(None)).share()
    }

    /// Takes more bytes. Fails with [`ApiError::TooManyArticles`] if one request may not take as
    /// many, and with [`ApiError::Busy`] if they are not available now. It never waits, because two
    /// shares that wait for each other would deadlock.
    pub fn grow(&self, bytes: usize) -> Result<()> {
        let mut taken = self.0.lock();
        if bytes > taken.max_bytes.saturating_sub(taken.permit.num_permits()) {
            return Err(ApiError::TooManyArticles);
        }
        let count = u32::try_from(bytes).map_err(|_| ApiError::TooManyArticles)?;
        let more = Arc::clone(taken.permit.semaphore()).try_acquire_many_owned(count);
        let more = more.map_err(|_| ApiError::Busy)?;
        taken.charge.grow(bytes)?;
        taken.permit.merge(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_end_where_the_budget_does() {
        let budget = Budget::new(3, 4, Memory::new(None));
        let (one, other) = (budget.share(), budget.share());
        let is_busy = |share: &Share, bytes| matches!(share.grow(bytes), Err(ApiError::Busy));
        assert!(one.grow(4).is_ok() && other.grow(7).is_ok() && is_busy(&one, 2));
        assert!(one.clone().grow(1).is_ok() && is_busy(&other, 1));
        drop(one);
        assert!(other.grow(2).is_ok());
        assert!(matches!(other.grow(1), Err(ApiError::TooManyArticles)));
    }

    #[test]
    fn the_memory_of_the_server_limits_shares() {
        let memory = Memory::new(Some(1));
        let share = Budget::new(5, 2, memory.clone()).share();
        assert!(matches!(share.grow(2), Err(ApiError::Busy)));
        assert_eq!((memory.charged(), memory.refused()), (0, 1));
    }
}

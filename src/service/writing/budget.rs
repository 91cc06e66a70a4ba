//! Limits the memory that all request bodies use together. The unit is bytes.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The memory budget that all request bodies share.
#[derive(Clone)]
pub struct Budget(Arc<Semaphore>);

/// The bytes of the budget that one body uses. Dropping the share returns them.
pub struct Share(OwnedSemaphorePermit);

impl Budget {
    /// Creates a budget of this many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// Returns an empty share.
    pub fn share(&self) -> Share {
        let permit = Arc::clone(&self.0).try_acquire_many_owned(0);
        Share(permit.expect("the semaphore is never closed, and no bytes are always available"))
    }
}

impl Share {
    /// Takes more bytes; returns false if they are not available. It never waits, because two
    /// shares that wait for each other would deadlock.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let Ok(count) = u32::try_from(bytes) else {
            return false;
        };
        let more = Arc::clone(self.0.semaphore()).try_acquire_many_owned(count);
        more.map(|more| self.0.merge(more)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_end_where_the_budget_does() {
        let budget = Budget::new(10);
        let mut one = budget.share();
        let mut other = budget.share();
        assert!(one.grow(4) && other.grow(5) && !one.grow(2) && one.grow(1) && !other.grow(1));
        drop(one);
        assert!(other.grow(5) && !other.grow(1));
    }
}

//! A limit on the text that waits between threads, so that memory stays bounded for articles of any
//! length.

use parking_lot::{Condvar, Mutex};

/// A limit on the bytes that all reservations hold together.
///
/// Invariant: reservations never exceed the limit, except for a single article that is longer than
/// the limit.
pub struct Budget {
    limit_bytes: usize,
    used_bytes: Mutex<usize>,
    freed: Condvar,
}

impl Budget {
    /// Creates a budget of `limit_bytes`.
    pub const fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            used_bytes: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// Waits until `bytes` fit in the limit, then reserves them. Dropping the reservation releases
    /// them.
    pub fn reserve(&self, bytes: usize) -> Reservation<'_> {
        let mut used = self.used_bytes.lock();
        while *used > 0 && *used + bytes > self.limit_bytes {
            self.freed.wait(&mut used);
        }
        *used += bytes;
        Reservation {
            budget: self,
            bytes,
        }
    }
}

/// Reserved bytes of a [`Budget`], released on drop.
pub struct Reservation<'a> {
    budget: &'a Budget,
    bytes: usize,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        *self.budget.used_bytes.lock() -= self.bytes;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_waits_for_room_and_an_oversize_one_goes_alone() {
        let budget = Budget::new(10);
        let first = budget.reserve(8);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| drop(budget.reserve(100)));
            assert!(!second.is_finished());
            drop(first);
            second.join().unwrap();
        });
        assert_eq!(*budget.used_bytes.lock(), 0);
    }
}

//! The order of refreshes: only one runs at a time, so that no older view replaces a newer one.
//! Searches do not wait for refreshes.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::error::Result;

/// The order of the refreshes of an index.
#[derive(Default)]
pub struct RefreshOrder {
    /// The number of refreshes that have begun.
    begun: AtomicU64,
    /// The number of the last refresh that succeeded. It is locked while a refresh runs.
    succeeded: Mutex<u64>,
}

impl RefreshOrder {
    /// Runs `refresh` when no other refresh runs. If a refresh has begun after this call and
    /// succeeds while this call waits, `refresh` is not needed: the other one has seen all commits
    /// from before this call.
    pub fn run(&self, refresh: impl FnOnce() -> Result<()>) -> Result<()> {
        let begun_before = self.begun.load(Ordering::SeqCst);
        let mut succeeded = self.succeeded.lock();
        if *succeeded > begun_before {
            return Ok(());
        }
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        refresh()?;
        *succeeded = number;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread::{scope, sleep};
    use std::time::Duration;

    use super::*;
    use crate::error::Error;

    /// Starts calls while a first refresh runs. Returns how many of them ran a refresh of their own,
    /// which succeeds if `succeeds`.
    fn own_refreshes(calls: usize, succeeds: bool) -> u64 {
        let order = RefreshOrder::default();
        let (running, own) = (AtomicU64::new(0), AtomicU64::new(0));
        let alone = |work: &dyn Fn()| {
            let others = running.fetch_add(1, Ordering::SeqCst);
            assert_eq!(others, 0, "two refreshes ran at a time");
            work();
            running.fetch_sub(1, Ordering::SeqCst);
        };
        let (begin, begun) = channel();
        scope(|scope| {
            let (order, alone, own) = (&order, &alone, &own);
            scope.spawn(move || {
                let first = || {
                    alone(&|| {
                        begin.send(()).expect("a receiver");
                        sleep(Duration::from_millis(200));
                    });
                    Ok(())
                };
                order.run(first).expect("refreshed");
            });
            begun.recv().expect("the first refresh began");
            for _ in 0..calls {
                scope.spawn(move || {
                    let outcome = order.run(|| {
                        alone(&|| {
                            own.fetch_add(1, Ordering::SeqCst);
                        });
                        succeeds.then_some(()).ok_or(Error::TimedOut)
                    });
                    assert_eq!(outcome.is_ok(), succeeds);
                });
            }
        });
        own.into_inner()
    }

    #[test]
    fn a_refresh_that_waits_sees_what_was_committed_before_it() {
        // The first refresh may have read the index before the commit, so another one must run.
        assert_eq!(own_refreshes(1, true), 1);
        assert_ne!(own_refreshes(4, true), 0);
        // A refresh that failed has shown nothing to the others.
        assert_eq!(own_refreshes(3, false), 3);
    }
}

//! How long a caller waits for an answer. Whatever may take long asks now and then and stops when nobody waits any more; what
//! it has found by then is worth nothing. It interrupts nothing by itself.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use fihrist_index::{ErrorKind, Deadline};
//!
//! let patience = Deadline::until(Instant::now() + Duration::from_secs(60));
//! assert!(patience.check().is_ok());
//! patience.give_up();
//! assert_eq!(patience.check().map_err(|error| error.kind()), Err(ErrorKind::Cancelled));
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::error::{Error, Result};

/// Steps of a loop between two looks at the clock, which cost as much as a few of them.
const STEPS: u32 = 1_024;

/// The patience of one caller; clones share it. By default it never ends.
///
/// Invariant: once it has ended, it stays so.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Option<Arc<State>>);

#[derive(Debug)]
struct State {
    ends_at: Instant,
    is_cancelled: AtomicBool,
}

impl Deadline {
    /// One that ends at `ends_at`, or when somebody [gives up](Self::cancel).
    pub fn until(ends_at: Instant) -> Self {
        Self(Some(Arc::new(State {
            ends_at,
            is_cancelled: AtomicBool::new(false),
        })))
    }

    /// Ends it, for all who share it. The default one does not end.
    pub fn cancel(&self) {
        if let Some(state) = &self.0 {
            state.is_cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Does work that stops by itself when nobody waits any more, and fails if it was so. What work failed at because it was
    /// stopped, and what it found by then, is of no account.
    pub fn bound<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.check()?;
        let outcome = work();
        self.check()?;
        outcome
    }

    /// Whether nobody waits any more.
    pub fn has_ended(&self) -> bool {
        self.check().is_err()
    }

    /// Fails with [`Error::Cancelled`] or [`Error::TimedOut`] if nobody waits any more.
    pub fn check(&self) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(state) if state.is_cancelled.load(Ordering::Relaxed) => Err(Error::Cancelled),
            Some(state) if Instant::now() >= state.ends_at => Err(Error::TimedOut),
            Some(_) => Ok(()),
        }
    }
}

/// Asks a [`Deadline`] at the first and then at every so many steps of a loop.
#[derive(Debug, Clone)]
pub struct DeadlineChecker {
    deadline: Deadline,
    steps_left: u32,
    has_ended: bool,
}

impl DeadlineChecker {
    /// A loop that begins.
    pub fn new(deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            steps_left: 0,
            has_ended: false,
        }
    }

    /// Makes a step; whether nobody waits any more.
    #[inline]
    pub fn step(&mut self) -> bool {
        self.steps(1)
    }

    /// Makes a longer step, which counts for so many short ones; whether nobody waits any more.
    #[inline]
    pub fn steps(&mut self, count: u32) -> bool {
        match self.steps_left.checked_sub(count) {
            Some(left) => self.steps_left = left,
            None => {
                self.steps_left = STEPS;
                self.has_ended = self.deadline.has_ended();
            }
        }
        self.has_ended
    }

    /// Whether nobody waited any more at the last look.
    #[inline]
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::ErrorKind;

    fn kind(deadline: &Deadline) -> Option<ErrorKind> {
        deadline.check().err().map(|error| error.kind())
    }

    #[test]
    fn ends_at_its_deadline_or_when_somebody_gives_up() {
        let endless = Deadline::default();
        endless.cancel();
        assert_eq!(kind(&endless), None);
        assert_eq!(
            kind(&Deadline::until(Instant::now())),
            Some(ErrorKind::TimedOut)
        );
        let deadline = Deadline::until(Instant::now() + Duration::from_secs(600));
        let shared = deadline.clone();
        assert_eq!(kind(&deadline), None);
        shared.cancel();
        assert_eq!(kind(&deadline), Some(ErrorKind::Cancelled));
    }

    #[test]
    fn a_loop_ends_within_so_many_steps() {
        let deadline = Deadline::until(Instant::now() + Duration::from_secs(600));
        let mut checker = DeadlineChecker::new(&deadline);
        assert!(!checker.step());
        deadline.cancel();
        let more = (0..2 * STEPS).take_while(|_| !checker.step()).count();
        assert!(more <= STEPS as usize && checker.has_ended(), "{more}");
        assert!(
            DeadlineChecker::new(&deadline).step(),
            "the first step looks"
        );
        assert!(checker.steps(u32::MAX), "it stays so");
    }
}

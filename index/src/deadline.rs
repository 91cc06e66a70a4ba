//! The deadline of a caller. Work that may take long checks it from time to time. It stops if the
//! deadline has passed or the caller has cancelled, and its result is discarded. A deadline by
//! itself interrupts nothing.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use fihrist_index::{Deadline, ErrorKind};
//!
//! let deadline = Deadline::until(Instant::now() + Duration::from_secs(60));
//! assert!(deadline.check().is_ok());
//! deadline.cancel();
//! assert_eq!(deadline.check().map_err(|error| error.kind()), Err(ErrorKind::Cancelled));
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::error::{Error, Result};

/// The number of steps of a loop between two checks. A check reads the clock, which costs as much
/// as a few steps.
const STEPS_BETWEEN_CHECKS: u32 = 1_024;

/// The deadline of one caller. Clones share it, so cancelling one cancels all. The default deadline
/// never passes.
///
/// Invariant: once a deadline has passed or was cancelled, it remains so.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Option<Arc<State>>);

#[derive(Debug)]
struct State {
    ends_at: Instant,
    is_cancelled: AtomicBool,
}

impl Deadline {
    /// Returns a deadline at this time. A caller can also [cancel](Self::cancel) it.
    pub fn until(ends_at: Instant) -> Self {
        Self(Some(Arc::new(State {
            ends_at,
            is_cancelled: AtomicBool::new(false),
        })))
    }

    /// Cancels the work that checks this deadline or a clone of it. The default deadline cannot be
    /// cancelled.
    pub fn cancel(&self) {
        if let Some(state) = &self.0 {
            state.is_cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Runs `work`, which checks the deadline itself. If the deadline has passed when it returns,
    /// its result or error is discarded, and this fails as [`check`](Self::check) does.
    pub fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.check()?;
        let outcome = work();
        self.check()?;
        outcome
    }

    /// Returns whether the deadline has passed or was cancelled.
    pub fn has_ended(&self) -> bool {
        self.check().is_err()
    }

    /// Fails with [`Error::Cancelled`] if the deadline was cancelled, and with [`Error::TimedOut`]
    /// if it has passed.
    pub fn check(&self) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(state) if state.is_cancelled.load(Ordering::Relaxed) => Err(Error::Cancelled),
            Some(state) if Instant::now() >= state.ends_at => Err(Error::TimedOut),
            Some(_) => Ok(()),
        }
    }
}

/// Checks a [`Deadline`] at the first step of a loop and then once in 1,024 steps.
#[derive(Debug)]
pub struct DeadlineChecker {
    deadline: Deadline,
    steps_left: u32,
    has_ended: bool,
}

impl DeadlineChecker {
    /// Returns a checker for one loop.
    pub fn new(deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            steps_left: 0,
            has_ended: false,
        }
    }

    /// Counts one step. Returns whether the loop must stop.
    #[inline]
    pub fn step(&mut self) -> bool {
        self.steps(1)
    }

    /// Counts a step that costs as much as `count` steps. Returns whether the loop must stop.
    #[inline]
    pub fn steps(&mut self, count: u32) -> bool {
        match self.steps_left.checked_sub(count) {
            Some(left) => self.steps_left = left,
            None => {
                self.steps_left = STEPS_BETWEEN_CHECKS;
                self.has_ended = self.deadline.has_ended();
            }
        }
        self.has_ended
    }

    /// Returns whether the loop had to stop at the last check.
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
    fn ends_when_it_passes_or_is_cancelled() {
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
    fn a_loop_ends_at_the_next_check() {
        let deadline = Deadline::until(Instant::now() + Duration::from_secs(600));
        let mut checker = DeadlineChecker::new(&deadline);
        assert!(!checker.step());
        deadline.cancel();
        let more = (0..2 * STEPS_BETWEEN_CHECKS)
            .take_while(|_| !checker.step())
            .count();
        assert!(
            more <= STEPS_BETWEEN_CHECKS as usize && checker.has_ended(),
            "{more}"
        );
        assert!(
            DeadlineChecker::new(&deadline).step(),
            "the first step checks"
        );
        assert!(checker.steps(u32::MAX), "it stays so");
    }
}

//! A moment of waiting for whoever else is writing to the index: a running server that was sent articles lets go of it
//! seconds after. Another job takes longer, and is then named.

use std::thread::sleep;
use std::time::{Duration, Instant};

use fihrist_index::{ErrorKind, Result};

/// More than a server keeps the index without a request.
const PATIENCE: Duration = Duration::from_secs(4);
const RETRY: Duration = Duration::from_millis(50);

/// Attempts what needs the index alone, again and again for a moment.
pub fn patiently<T>(mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::Busy && started.elapsed() < PATIENCE => {
                sleep(RETRY)
            }
            outcome => return outcome,
        }
    }
}

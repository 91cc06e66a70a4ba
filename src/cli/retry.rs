//! Retries while another process holds the index for writing. A running server releases the index
//! seconds after it received articles. A longer job is named in the error.

use std::thread::sleep;
use std::time::{Duration, Instant};

use fihrist_index::{ErrorKind, Result};

/// Time limit of all attempts: longer than a server keeps the index open after its last request.
const TIME_LIMIT: Duration = Duration::from_secs(4);
const RETRY: Duration = Duration::from_millis(50);

/// Retries an action that needs exclusive access to the index, for a limited time.
pub fn while_busy<T>(mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::Busy && started.elapsed() < TIME_LIMIT => {
                sleep(RETRY)
            }
            outcome => return outcome,
        }
    }
}

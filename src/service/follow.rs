//! Keeps the open index up to date: opens it when it appears, and follows commits and new
//! generations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::{Metrics, OpenIndex};
use crate::remedy::explain_engine;

/// Time between two checks for new commits. A check costs almost nothing.
const PERIOD: Duration = Duration::from_millis(500);

/// Follows the index on a separate thread until the returned sender is dropped. Reading a commit
/// allocates much memory, and the allocator keeps a reserve for each thread that does so.
pub fn start(index: Arc<OpenIndex>, metrics: Arc<Metrics>) -> anyhow::Result<Sender<()>> {
    let (sender, receiver) = channel();
    let mut last_failure = None;
    let follow = move || {
        while receiver.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
            // Frees samples that were aggregated. Otherwise memory would grow if no client reads
            // the metrics.
            metrics.handle.run_upkeep();
            step(&index, &mut last_failure);
        }
    };
    thread::Builder::new()
        .name("follow".to_owned())
        .spawn(follow)
        .context("cannot start the thread that opens new commits of the index")?;
    Ok(sender)
}

/// Brings the index up to date once. A failure is logged when it starts or changes, not at every
/// check.
fn step(index: &OpenIndex, last_failure: &mut Option<String>) {
    let failure = match catch_unwind(AssertUnwindSafe(|| index.catch_up())) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(explain_engine(&error)),
        // The log already contains the panic.
        Err(_) => Some("a panic".to_owned()),
    };
    if let Some(failure) = &failure
        && last_failure.as_ref() != Some(failure)
    {
        tracing::error!(
            cause = failure,
            "cannot open the newest commit of the index"
        );
    }
    index.set_failing(failure.is_some());
    *last_failure = failure;
}

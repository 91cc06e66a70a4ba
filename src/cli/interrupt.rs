//! Ctrl-C during a job: the first signal asks the job to stop, the second ends the process.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The exit code of an interrupted job.
const FAILED: i32 = 2;

/// While this value exists, the first SIGINT or SIGTERM sets a flag, and the second ends the
/// process.
pub struct Interrupt {
    /// Runs the task that waits for signals. The engine is synchronous and has no runtime.
    _runtime: Runtime,
}

impl Interrupt {
    /// Starts waiting for signals, which set `flag`.
    pub fn sets(flag: Arc<AtomicBool>) -> anyhow::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot wait for signals")?;
        let (mut interrupt, mut terminate) = {
            let _entered = runtime.enter();
            let listen = |kind: SignalKind| signal(kind).context("cannot wait for signals");
            (
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
            )
        };
        runtime.spawn(async move {
            either(&mut interrupt, &mut terminate).await;
            flag.store(true, Ordering::Relaxed);
            either(&mut interrupt, &mut terminate).await;
            // Committed articles are kept; articles since the last commit are lost.
            process::exit(FAILED);
        });
        Ok(Self { _runtime: runtime })
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => (),
        _ = other.recv() => (),
    }
}

//! Ctrl-C during a job: the first signal asks the job to stop, the second ends the process. It knows nothing of the job.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The exit code of a job that was not let to end.
const FAILED: i32 = 2;

/// While it lives, the first SIGINT or SIGTERM sets a flag, and the second ends the process.
pub struct Interrupt {
    /// The thread that waits for signals: the engine is synchronous and has none.
    _runtime: Runtime,
}

impl Interrupt {
    /// Waits for signals on behalf of whoever looks at `flag`.
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
            // What is committed survives that; the rest is what the user gives up.
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

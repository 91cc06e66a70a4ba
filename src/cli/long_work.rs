//! What commands need for long work: a progress bar, Ctrl-C, and retries while another process
//! writes to the index.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use fihrist_index::progress::{Phase, Progress, ProgressUpdate};
use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::service;

/// A progress bar on standard error that restarts with each phase.
pub struct Bar {
    bar: ProgressBar,
    phase: Mutex<Option<Phase>>,
}

/// Runs `work` with a progress bar, and removes the bar at the end. The bar is not shown if
/// standard error is not a terminal.
pub fn with_bar<T>(work: impl FnOnce(&Bar) -> T) -> T {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {msg}  {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = Bar {
        bar: ProgressBar::new(0).with_style(style),
        phase: Mutex::new(None),
    };
    bar.bar.enable_steady_tick(Duration::from_millis(200));
    let outcome = work(&bar);
    bar.bar.finish_and_clear();
    outcome
}

impl Bar {
    /// Shows that only the final phase is left, which has no measurable progress.
    pub fn finishing(&self) {
        self.bar.set_message("finishing");
    }
}

impl Progress for Bar {
    fn advanced(&self, now: ProgressUpdate) {
        let before = self.phase.lock().replace(now.phase);
        if before != Some(now.phase) {
            self.bar.reset();
        }
        self.bar.set_length(now.total.max(now.done));
        self.bar.set_position(now.done);
        let megabytes = |what: &str| {
            format!(
                "{what}: {} of {} MB",
                now.done / 1_000_000,
                now.total / 1_000_000
            )
        };
        let rate = now.articles as f64 / self.bar.elapsed().as_secs_f64().max(1e-3);
        let articles =
            |what: &str| format!("{what}: {} articles, {rate:.0} a second", now.articles);
        self.bar.set_message(match now.phase {
            Phase::CountingWords => articles("learning words"),
            Phase::Indexing => articles("indexing"),
            Phase::Previewing => articles("reading"),
            Phase::RecountingWords => articles("rebuilding: learning words"),
            Phase::LearningGraph => articles("relating words"),
            Phase::Rebuilding => articles("rebuilding"),
            Phase::Checking => megabytes("checking"),
            Phase::CheckingArticles => articles("checking articles"),
            Phase::Packing => megabytes("packing"),
            Phase::Unpacking => megabytes("unpacking"),
        });
    }
}

/// While this value exists, the first SIGINT or SIGTERM sets a flag, and the second ends the
/// process.
pub struct Interrupt {
    /// Whether a signal has arrived: the work should stop.
    pub flag: Arc<AtomicBool>,
    /// Runs the task that waits for signals. The engine is synchronous and has no runtime.
    _runtime: Runtime,
}

impl Interrupt {
    /// Starts to wait for signals.
    pub fn start() -> anyhow::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        let runtime = wait_for_signals(Arc::clone(&flag)).context("cannot wait for signals")?;
        Ok(Self {
            flag,
            _runtime: runtime,
        })
    }
}

fn wait_for_signals(flag: Arc<AtomicBool>) -> io::Result<Runtime> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let entered = runtime.enter();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    drop(entered);
    runtime.spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
            if flag.swap(true, Ordering::Relaxed) {
                // Committed articles are kept; articles since the last commit are lost.
                process::exit(2);
            }
        }
    });
    Ok(runtime)
}

/// Time limit of all attempts: longer than a server keeps the index open after its last request.
const TIME_LIMIT: Duration = Duration::from_secs(4);
const RETRY: Duration = Duration::from_millis(50);

/// Retries an action while another process holds the index for writing, for a limited time. A
/// running server releases the index seconds after it received articles. A longer job is named in
/// the error.
pub fn while_busy<T>(
    attempt: impl FnMut() -> fihrist_index::Result<T>,
) -> fihrist_index::Result<T> {
    service::while_busy(TIME_LIMIT, RETRY, attempt)
}

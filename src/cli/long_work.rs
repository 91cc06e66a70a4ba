//! What commands need for long work: a progress bar, Ctrl-C, and the wait while another process
//! writes to the index.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use fihrist_index::progress::{Phase, Progress, ProgressUpdate};
use fihrist_index::{Error, Location, LockWait, in_turn};
use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::duration;
use crate::file_limit;

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
    file_limit::fail_instead_of_ending()?;
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

/// How long a command waits while another process writes to the index.
#[derive(Clone, Copy, clap::Args)]
pub struct WaitArgs {
    /// How long to wait while another process writes to the index: 10, 10s, 500ms, 1m
    // A running server gives way within seconds. A small job ends in this time, too.
    #[arg(long = "wait", env = "FIHRIST_WAIT", default_value = "60s", value_parser = duration, value_name = "TIME")]
    time_limit: Duration,
}

impl WaitArgs {
    /// Calls `attempt`, which opens the index for writing, when no other process writes. Says on
    /// standard error for whom it waits. Stops to wait when `cancel` is set.
    pub fn in_turn<T>(
        &self,
        location: &Location,
        cancel: &AtomicBool,
        attempt: impl FnMut() -> fihrist_index::Result<T>,
    ) -> fihrist_index::Result<T> {
        let on_wait = |busy: &Error| {
            eprintln!("fihrist: {busy}; waiting for up to {:?}", self.time_limit);
        };
        let wait = LockWait {
            time_limit: self.time_limit,
            cancel,
            on_wait: &on_wait,
        };
        in_turn(location, &wait, attempt)
    }
}

//! Shows the progress of long work on the terminal. It shows nothing if standard error is not a
//! terminal.

use parking_lot::Mutex;
use std::io::{IsTerminal, stderr};
use std::time::Duration;

use fihrist_index::progress::{Phase, Progress, ProgressUpdate};
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar that restarts with each phase.
pub struct Bar {
    bar: ProgressBar,
    phase: Mutex<Option<Phase>>,
}

impl Bar {
    pub fn new() -> Self {
        if !stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
                phase: Mutex::new(None),
            };
        }
        let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {msg}  {eta} left");
        let bar =
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            phase: Mutex::new(None),
        }
    }

    /// Shows that only the final phase is left, which has no measurable progress.
    pub fn finishing(&self) {
        self.bar.set_message("finishing");
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
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
            Phase::Packing => megabytes("packing"),
            Phase::Unpacking => megabytes("unpacking"),
        });
    }
}
